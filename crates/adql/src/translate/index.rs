//! Questions about positions that an R*Tree can answer first.
//!
//! Where `1 = CONTAINS(POINT(t.ra, t.dec), region)` or `DISTANCE(…) < r` must hold, the unit vector of the row lies in
//! the cube round a cap that holds the region. The condition `t.key IN (SELECT id FROM rtree WHERE …)` says so; SQLite then
//! looks the rows up instead of reading all, once for a constant region and once a row of the other table in a join.

use std::rc::Rc;

use super::{
    Translator,
    scope::Bound,
    value::{Prefilter, Question, Region, Value},
};
use crate::{geometry, tree::Comparison};

/// Longer expressions than this are not repeated in a condition of the index.
const MAX_LENGTH: usize = 500;

/// The cap in which a row must be: its center and radius as SQL.
struct Cap<'v> {
    center: Center<'v>,
    /// Half the side of the cube round the cap.
    half: String,
    /// Everything on which the cap depends.
    depends: Vec<&'v Value>,
}

enum Center<'v> {
    Position(&'v Value, &'v Value),
    Vector(geometry::Vector),
}

impl Translator<'_> {
    /// A condition that the comparison implies and an index answers.
    pub(super) fn prefilter(&self, operator: Comparison, left: &Value, right: &Value) -> Option<Prefilter> {
        // Always as `question operator value`.
        let (question, operator, value) = match (left.relation.as_deref(), right.relation.as_deref()) {
            (Some(question), _) => (question, operator, right),
            (None, Some(question)) => (question, operator.flipped(), left),
            (None, None) => return None,
        };
        match question {
            Question::Within { ra, dec, region } => {
                // Of 0 and 1, the comparison must leave only 1.
                let bound = value.number()?;
                let only_one = match operator {
                    Comparison::Equal => bound == 1.0,
                    Comparison::Greater => (0.0..1.0).contains(&bound),
                    Comparison::GreaterOrEqual => bound > 0.0 && bound <= 1.0,
                    Comparison::Unequal => bound == 0.0,
                    Comparison::Less | Comparison::LessOrEqual => false,
                };
                if !only_one {
                    return None;
                }
                let direct = self.cap(region).and_then(|cap| self.lookup(ra, dec, &cap));
                // Who is in the circle of whom is the same for both, so the center's table may be looked up instead.
                direct
                    .or_else(|| {
                        let (center, half, mut depends) = match region {
                            Region::Circle { ra, dec, radius } => ((ra, dec), chord(radius, "1.0"), vec![radius]),
                            Region::Box { ra, dec, width, height } => {
                                let half = format!("adql_chord(adql_box_radius({}, {}))", width.sql, height.sql);
                                ((ra, dec), half, vec![width, height])
                            }
                            _ => return None,
                        };
                        depends.extend([ra, dec]);
                        self.lookup(center.0, center.1, &Cap { center: Center::Position(ra, dec), half, depends })
                    })
                    .map(|(_, prefilter)| prefilter)
            }
            Question::Distance { first, second, scale } => {
                if !matches!(operator, Comparison::Less | Comparison::LessOrEqual | Comparison::Equal) {
                    return None;
                }
                let one_way = |from: &(Value, Value), to: &(Value, Value)| {
                    let half = chord(value, &format!("{scale:?}"));
                    let depends = vec![&to.0, &to.1, value];
                    let center = Center::Position(&to.0, &to.1);
                    self.lookup(&from.0, &from.1, &Cap { center, half, depends })
                };
                // Of two tables with an index, the one that joins later is looked up.
                let found = [one_way(first, second), one_way(second, first)];
                found.into_iter().flatten().max_by_key(|(number, _)| *number).map(|(_, prefilter)| prefilter)
            }
        }
    }

    fn cap<'v>(&self, region: &'v Region) -> Option<Cap<'v>> {
        Some(match region {
            Region::Point { .. } => return None,
            Region::Circle { ra, dec, radius } => {
                Cap { center: Center::Position(ra, dec), half: chord(radius, "1.0"), depends: vec![ra, dec, radius] }
            }
            Region::Box { ra, dec, width, height } => Cap {
                center: Center::Position(ra, dec),
                half: format!("adql_chord(adql_box_radius({}, {}))", width.sql, height.sql),
                depends: vec![ra, dec, width, height],
            },
            Region::Polygon(values) => {
                let numbers: Option<Vec<f64>> = values.iter().map(Value::number).collect();
                let (center, radius) = geometry::Shape::polygon(&numbers?).ok()?.cap();
                Cap { center: Center::Vector(center), half: format!("{:?}", geometry::chord(radius)), depends: vec![] }
            }
        })
    }

    /// Looks the rows of the table of (ra, dec) up that can be in the cap: number of the table and condition.
    fn lookup(&self, ra: &Value, dec: &Value, cap: &Cap<'_>) -> Option<(usize, Prefilter)> {
        let (number, ra) = ra.column.as_ref()?;
        let (other, dec) = dec.column.as_ref()?;
        if number != other {
            return None;
        }
        let table = self.bound(*number)?;
        let index = table.position_index.as_ref()?;
        if !index.ra.eq_ignore_ascii_case(ra) || !index.dec.eq_ignore_ascii_case(dec) {
            return None;
        }
        let usable = |value: &&Value| {
            !value.tables.contains(number)
                && !value.subquery
                && value.aggregate.is_none()
                && value.sql.len() <= MAX_LENGTH
        };
        if !cap.depends.iter().all(usable) {
            return None;
        }
        let conditions: Vec<String> = ["x", "y", "z"]
            .iter()
            .enumerate()
            .map(|(axis, name)| {
                let center = match &cap.center {
                    Center::Position(ra, dec) => format!("adql_unit({axis}, {}, {})", ra.sql, dec.sql),
                    Center::Vector(vector) => format!("({:?})", vector[axis]),
                };
                let half = &cap.half;
                format!("i.{name}1 >= {center} - {half} AND i.{name}0 <= {center} + {half}")
            })
            .collect();
        let sql = format!(
            "t{number}.{} IN (SELECT i.id FROM {} AS i WHERE {})",
            index.key,
            index.sql_name,
            conditions.join(" AND ")
        );
        let once = cap.depends.iter().all(|value| value.tables.is_empty());
        Some((*number, Prefilter { sql, once }))
    }

    /// A table of the innermost query; those of outer ones have been read when the condition is asked.
    fn bound(&self, number: usize) -> Option<Rc<Bound>> {
        self.scopes.last()?.tables.iter().find(|table| table.number == number).cloned()
    }
}

/// Half the side of the cube for a radius in degrees times `scale`.
fn chord(radius: &Value, scale: &str) -> String {
    if scale == "1.0" { format!("adql_chord({})", radius.sql) } else { format!("adql_chord({} / {scale})", radius.sql) }
}
