//! Spherical polygons: great-circle sides, interior on the side of the smaller area, within one hemisphere.

use super::{DEGREE, Vector, angle, cross, dot, minus, norm, plus, position, scaled, unit};

/// A polygon with the plane on which its sides are straight lines.
///
/// The order of the vertices does not matter for what is inside: as at the archive, it is the smaller side.
#[derive(Clone, Debug, PartialEq)]
pub struct Polygon {
    /// Right ascension and declination of each vertex, degrees.
    pub corners: Vec<(f64, f64)>,
    vertices: Vec<Vector>,
    /// The same in the gnomonic projection about `frame[0]`.
    plane: Vec<(f64, f64)>,
    /// Center, east and north.
    frame: [Vector; 3],
    radius: f64,
}

impl Polygon {
    /// The polygon of these vertices (degrees); `Err` says why there is none.
    pub fn new(corners: Vec<(f64, f64)>) -> Result<Polygon, &'static str> {
        if corners.len() < 3 {
            return Err("a polygon has at least three vertices");
        }
        let vertices: Vec<Vector> = corners.iter().map(|&(ra, dec)| unit(ra, dec)).collect();
        let sum = vertices.iter().fold([0.0; 3], |sum, &vertex| plus(sum, vertex));
        const TOO_LARGE: &str = "a polygon must fit into one hemisphere";
        if norm(sum) < 1e-9 {
            return Err(TOO_LARGE);
        }
        let center = scaled(sum, 1.0 / norm(sum));
        let radius = vertices.iter().map(|&vertex| angle(center, vertex)).fold(0.0, f64::max);
        if radius > 89.9 {
            return Err(TOO_LARGE);
        }
        let (ra, dec) = position(center);
        let east = [-libm::sin(ra * DEGREE), libm::cos(ra * DEGREE), 0.0];
        let north = cross(unit(ra, dec), east);
        let frame = [unit(ra, dec), east, north];
        let mut polygon = Polygon { corners, vertices, plane: Vec::new(), frame, radius };
        polygon.plane = polygon.vertices.iter().map(|&vertex| polygon.flat(vertex)).collect();
        Ok(polygon)
    }

    /// The polygon of a BOX: see [`super::in_box`].
    pub fn from_box(ra: f64, dec: f64, width: f64, height: f64) -> Result<Polygon, &'static str> {
        let sizes = 0.0..180.0;
        if !(sizes.contains(&width) && sizes.contains(&height)) {
            return Err("the sides of a box are from 0 to less than 180 degrees");
        }
        let center = unit(ra, dec);
        let (sin, cos) = (libm::sin(ra * DEGREE), libm::cos(ra * DEGREE));
        let east = [-sin, cos, 0.0];
        let north = cross(center, east);
        let (x, y) = (libm::tan(width / 2.0 * DEGREE), libm::tan(height / 2.0 * DEGREE));
        let corner = |x: f64, y: f64| position(plus(center, plus(scaled(east, x), scaled(north, y))));
        // Counter-clockwise as seen from inside the sphere, which is what DALI asks for.
        Polygon::new(vec![corner(-x, -y), corner(x, -y), corner(x, y), corner(-x, y)])
    }

    fn flat(&self, vertex: Vector) -> (f64, f64) {
        let depth = dot(vertex, self.frame[0]);
        (dot(vertex, self.frame[1]) / depth, dot(vertex, self.frame[2]) / depth)
    }

    /// The vertices as unit vectors.
    pub fn vertices(&self) -> &[Vector] {
        &self.vertices
    }

    /// Center (unit vector) and radius (degrees) of a cap that holds the polygon.
    pub fn cap(&self) -> (Vector, f64) {
        (self.frame[0], self.radius)
    }

    /// Is this direction inside or on the boundary?
    pub fn has(&self, point: Vector) -> bool {
        if dot(point, self.frame[0]) <= 0.0 {
            return false;
        }
        let (x, y) = self.flat(point);
        let mut inside = false;
        for ((ax, ay), (bx, by)) in self.flat_edges() {
            let side = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
            let between = x >= ax.min(bx) && x <= ax.max(bx) && y >= ay.min(by) && y <= ay.max(by);
            if side == 0.0 && between {
                return true;
            }
            if (ay > y) != (by > y) && (side > 0.0) == (by > ay) {
                inside = !inside;
            }
        }
        inside
    }

    /// Sides as pairs of unit vectors.
    pub fn edges(&self) -> impl Iterator<Item = (Vector, Vector)> + '_ {
        let next = self.vertices.iter().skip(1).chain(self.vertices.first());
        self.vertices.iter().copied().zip(next.copied())
    }

    fn flat_edges(&self) -> impl Iterator<Item = ((f64, f64), (f64, f64))> + '_ {
        let next = self.plane.iter().skip(1).chain(self.plane.first());
        self.plane.iter().copied().zip(next.copied())
    }

    /// Area in square degrees.
    pub fn area(&self) -> f64 {
        let center = self.frame[0];
        let mut sum = 0.0;
        for (((ax, ay), (bx, by)), (a, b)) in self.flat_edges().zip(self.edges()) {
            let (da, db) = (dot(a, center), dot(b, center));
            // Excess of the triangle center, a, b; the determinant is taken in the plane, where little cancels.
            let determinant = (ax * by - bx * ay) * da * db;
            sum += 2.0 * libm::atan2(determinant, 1.0 + da + db + dot(a, b));
        }
        sum.abs() / (DEGREE * DEGREE)
    }

    /// Center of gravity of the surface, in degrees.
    pub fn centroid(&self) -> (f64, f64) {
        let mut sum = [0.0; 3];
        for (a, b) in self.edges() {
            // Green's theorem on the sphere: each side adds its normal times its length.
            let normal = cross(minus(a, b), plus(a, b));
            let size = norm(normal);
            if size > 0.0 {
                sum = plus(sum, scaled(normal, angle(a, b) / size));
            }
        }
        if norm(sum) == 0.0 {
            return position(self.frame[0]);
        }
        let sign = if dot(sum, self.frame[0]) < 0.0 { -1.0 } else { 1.0 };
        position(scaled(sum, sign))
    }

    /// Smallest angle between a direction and the boundary, in degrees.
    pub fn boundary_distance(&self, point: Vector) -> f64 {
        self.edges().map(|(a, b)| arc_distance(point, a, b)).fold(f64::INFINITY, f64::min)
    }
}

/// Smallest angle between a direction and the arc from `a` to `b`, in degrees.
fn arc_distance(point: Vector, a: Vector, b: Vector) -> f64 {
    let ends = angle(point, a).min(angle(point, b));
    let normal = cross(minus(a, b), plus(a, b));
    let size = norm(normal);
    if size == 0.0 {
        return ends;
    }
    let normal = scaled(normal, 1.0 / size);
    // The foot of the perpendicular lies on the arc if the point is on the inner side of both end planes.
    if dot(cross(normal, a), point) >= 0.0 && dot(cross(b, normal), point) >= 0.0 {
        return libm::asin(dot(normal, point).abs().min(1.0)) / DEGREE;
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polygon(corners: &[(f64, f64)]) -> Polygon {
        Polygon::new(corners.to_vec()).unwrap()
    }

    #[test]
    fn an_octant_is_an_eighth_of_the_sky() {
        let octant = polygon(&[(0.0, 0.0), (90.0, 0.0), (0.0, 90.0)]);
        let sky = 4.0 * std::f64::consts::PI / (DEGREE * DEGREE);
        assert!((octant.area() / sky - 0.125).abs() < 1e-14);
        let (ra, dec) = octant.centroid();
        assert!((ra - 45.0).abs() < 1e-9 && (dec - 35.264_389_682_754_654).abs() < 1e-9);
        assert!(octant.has(unit(45.0, 45.0)) && octant.has(unit(10.0, 1.0)));
        assert!(!octant.has(unit(45.0, -1.0)) && !octant.has(unit(225.0, -45.0)));
    }

    #[test]
    fn inside_across_0h_and_round_the_pole_in_either_order() {
        let mut corners = vec![(350.0, -5.0), (10.0, -5.0), (10.0, 5.0), (350.0, 5.0)];
        for _ in 0..2 {
            let polygon = polygon(&corners);
            assert!(polygon.has(unit(0.0, 0.0)) && polygon.has(unit(355.0, 4.0)) && polygon.has(unit(350.0, -5.0)));
            assert!(!polygon.has(unit(20.0, 0.0)) && !polygon.has(unit(180.0, 0.0)));
            corners.reverse();
        }
        let cap = polygon(&[(0.0, 80.0), (90.0, 80.0), (180.0, 80.0), (270.0, 80.0)]);
        assert!(cap.has(unit(77.0, 89.0)) && cap.has(unit(0.0, 90.0)) && !cap.has(unit(45.0, 80.0)));
    }

    #[test]
    fn small_areas_are_exact() {
        let size = 1.0 / 3600.0;
        let tiny = polygon(&[(10.0, 0.0), (10.0 + size, 0.0), (10.0 + size, size), (10.0, size)]);
        assert!((tiny.area() / (size * size) - 1.0).abs() < 1e-8, "{}", tiny.area() / (size * size));
        let square = Polygon::from_box(30.0, 60.0, 0.5, 0.25).unwrap();
        assert!((square.area() / 0.125 - 1.0).abs() < 1e-4);
    }

    #[test]
    fn what_is_no_polygon_is_refused() {
        assert!(Polygon::new(vec![(0.0, 0.0), (1.0, 1.0)]).is_err());
        assert!(Polygon::new(vec![(0.0, 0.0), (120.0, 0.0), (240.0, 0.0)]).is_err());
        assert!(Polygon::from_box(0.0, 0.0, 180.0, 1.0).is_err());
    }

    #[test]
    fn distance_to_a_side() {
        let polygon = polygon(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]);
        assert!((polygon.boundary_distance(unit(5.0, -2.0)) - 2.0).abs() < 1e-12);
        assert!((polygon.boundary_distance(unit(-3.0, 0.0)) - 3.0).abs() < 1e-12);
    }
}
