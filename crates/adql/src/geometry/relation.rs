//! Containment and intersection of geometries (ADQL 2.1, sections 4.2.11 and 4.2.15).

use super::{Polygon, Shape, Vector, cross, distance, dot, unit};

/// Is the first geometry wholly within the second?
pub fn contains(inner: &Shape, outer: &Shape) -> bool {
    match (inner, outer) {
        (_, Shape::Point { .. }) => match inner {
            Shape::Point { .. } => intersects(inner, outer),
            Shape::Circle { ra, dec, radius } => {
                *radius == 0.0 && intersects(&Shape::Point { ra: *ra, dec: *dec }, outer)
            }
            Shape::Polygon(_) => false,
        },
        (Shape::Point { ra, dec }, _) => has(outer, *ra, *dec),
        (Shape::Circle { ra, dec, radius }, Shape::Circle { ra: a, dec: d, radius: outer }) => {
            *outer >= 180.0 || distance(*ra, *dec, *a, *d) + radius <= *outer
        }
        (Shape::Circle { ra, dec, radius }, Shape::Polygon(polygon)) => {
            let center = unit(*ra, *dec);
            polygon.has(center) && polygon.boundary_distance(center) >= *radius
        }
        (Shape::Polygon(polygon), Shape::Circle { radius, .. }) => {
            let inside = polygon.corners.iter().all(|&(ra, dec)| has(outer, ra, dec));
            // A cap of more than a hemisphere is not convex: a side may cut through its complement.
            inside && (*radius <= 90.0 || !intersects(inner, &complement(outer)))
        }
        (Shape::Polygon(inner), Shape::Polygon(outer)) => {
            inner.vertices().iter().all(|&vertex| outer.has(vertex)) && !properly_cross(inner, outer)
        }
    }
}

/// Have the two geometries a point in common?
pub fn intersects(first: &Shape, second: &Shape) -> bool {
    match (first, second) {
        (Shape::Point { ra, dec }, Shape::Point { ra: a, dec: d }) => distance(*ra, *dec, *a, *d) == 0.0,
        (Shape::Point { ra, dec }, area) | (area, Shape::Point { ra, dec }) => has(area, *ra, *dec),
        (Shape::Circle { ra, dec, radius }, Shape::Circle { ra: a, dec: d, radius: other }) => {
            distance(*ra, *dec, *a, *d) <= radius + other
        }
        (Shape::Circle { ra, dec, radius }, Shape::Polygon(polygon))
        | (Shape::Polygon(polygon), Shape::Circle { ra, dec, radius }) => {
            let center = unit(*ra, *dec);
            polygon.has(center) || polygon.boundary_distance(center) <= *radius
        }
        (Shape::Polygon(first), Shape::Polygon(second)) => {
            first.vertices().iter().any(|&vertex| second.has(vertex))
                || second.vertices().iter().any(|&vertex| first.has(vertex))
                || properly_cross(first, second)
        }
    }
}

fn has(area: &Shape, ra: f64, dec: f64) -> bool {
    match area {
        Shape::Point { ra: a, dec: d } => distance(ra, dec, *a, *d) == 0.0,
        Shape::Circle { ra: a, dec: d, radius } => super::in_circle(ra, dec, *a, *d, *radius),
        Shape::Polygon(polygon) => polygon.has(unit(ra, dec)),
    }
}

fn complement(circle: &Shape) -> Shape {
    match circle {
        Shape::Circle { ra, dec, radius } => Shape::Circle { ra: ra + 180.0, dec: -dec, radius: 180.0 - radius },
        other => other.clone(),
    }
}

/// Does a side of one polygon go through a side of the other, from one side to the other?
fn properly_cross(first: &Polygon, second: &Polygon) -> bool {
    first.edges().any(|(a, b)| second.edges().any(|(c, d)| arcs_cross(a, b, c, d)))
}

fn arcs_cross(a: Vector, b: Vector, c: Vector, d: Vector) -> bool {
    let (first, second) = (cross(a, b), cross(c, d));
    let (ac, ad) = (dot(first, c), dot(first, d));
    let (ca, cb) = (dot(second, a), dot(second, b));
    if ac * ad >= 0.0 || ca * cb >= 0.0 {
        return false;
    }
    // The great circles meet in two antipodal places; both arcs must pass the same one.
    let meeting = cross(first, second);
    let near = |a: Vector, b: Vector| dot(super::plus(a, b), meeting);
    near(a, b) * near(c, d) > 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations() {
        // (first, second, first within second, they meet)
        for (first, second, within, meet) in [
            ("10 10", "10 10", true, true),
            ("10 10", "10 11", false, false),
            ("370 10", "10 10", true, true),
            ("0 0", "359.5 0 1", true, true),
            ("0 0 1", "0 0 2", true, true),
            ("0 0 1", "1.5 0 2", false, true),
            ("0 0 1", "3 0 1.9", false, false),
            ("0 90 1", "123 89.5 2", true, true),
            ("0.5 0.5 0.1", "0 0 1 0 1 1 0 1", true, true),
            ("0.95 0.5 0.1", "0 0 1 0 1 1 0 1", false, true),
            ("2 0.5 0.1", "0 0 1 0 1 1 0 1", false, false),
            ("0 0 1 0 1 1 0 1", "0.5 0.5 1", true, true),
            ("0 0 1 0 1 1 0 1", "0.5 0.5 0.6", false, true),
            ("0.2 0.2 0.8 0.2 0.5 0.8", "0 0 1 0 1 1 0 1", true, true),
            ("0.2 0.2 1.8 0.2 0.5 0.8", "0 0 1 0 1 1 0 1", false, true),
            // A cross: no vertex in the other, and yet they meet.
            ("-2 -0.1 2 -0.1 2 0.1 -2 0.1", "-0.1 -2 0.1 -2 0.1 2 -0.1 2", false, true),
            ("-2 -0.1 2 -0.1 2 0.1 -2 0.1", "179.9 -2 180.1 -2 180.1 2 179.9 2", false, false),
            ("0 0 1 0 1 1", "0 0 0 180", false, false),
            ("0 0 1 0 1 1", "0 0 180", true, true),
        ] {
            let (Ok(a), Ok(b)) = (Shape::parse(first), Shape::parse(second)) else { continue };
            assert_eq!(contains(&a, &b), within, "{first} within {second}");
            assert_eq!(intersects(&a, &b), meet, "{first} meets {second}");
            assert_eq!(intersects(&b, &a), meet, "{second} meets {first}");
        }
    }
}
