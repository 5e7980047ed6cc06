//! Geometry functions in all their forms: with and without coordinate system, points as two numbers or as a value.

use std::ops::Range;

use table::{ArraySize, Datatype, Field};

use super::{
    Outcome, Translator,
    call::{count, zero_or_one},
    expression::capital,
    quote_text,
    value::{Class, Literal, Question, Region, Value, name_of},
};
use crate::{
    Error,
    geometry::Shape,
    tree::{Call, Expression},
};

/// SQLite bounds the number of arguments; longer polygons travel as text.
const MAX_COORDINATES: usize = 100;

impl Translator<'_> {
    pub(super) fn geometry(&mut self, name: &str, call: &Call, range: &Range<usize>) -> Outcome<Value> {
        let arguments = call.arguments.as_slice();
        match name {
            "POINT" | "CIRCLE" | "BOX" => self.simple(name, arguments, range),
            "POLYGON" => self.polygon(arguments, range),
            "REGION" => self.region(call, range),
            "CONTAINS" | "INTERSECTS" => {
                count(call, range, 2..=2)?;
                let (first, second) = (self.shape(&arguments[0])?, self.shape(&arguments[1])?);
                Ok(relation(name, &first, &second))
            }
            "CENTROID" | "AREA" | "COORD1" | "COORD2" | "COORDSYS" => {
                count(call, range, 1..=1)?;
                let x = self.shape(&arguments[0])?;
                if name.starts_with("COORD") && name != "COORDSYS" && x.class() == Class::Area {
                    return Err(no_point(&x, &arguments[0]));
                }
                Ok(property(name, x))
            }
            _ => self.distance(call, range),
        }
    }

    /// POINT, CIRCLE and BOX: a fixed number of numbers.
    fn simple(&mut self, name: &str, arguments: &[Expression], range: &Range<usize>) -> Outcome<Value> {
        let (points, what) = match name {
            "POINT" => (..0, "two coordinates"),
            "CIRCLE" => (..1, "a center and a radius"),
            _ => (..1, "a center, a width and a height"),
        };
        let values = self.coordinates(arguments, points)?;
        match name {
            "POINT" => {
                let [ra, dec] = exactly(values, name, what, range)?;
                check(range, |n| Shape::point(n[0], n[1]), [&ra, &dec])?;
                Ok(point(ra, dec))
            }
            "CIRCLE" => {
                let [ra, dec, radius] = exactly(values, name, what, range)?;
                check(range, |n| Shape::circle(n[0], n[1], n[2]), [&ra, &dec, &radius])?;
                let sql = format!("adql_circle({}, {}, {})", ra.sql, dec.sql, radius.sql);
                let mut value = Value::new(sql, shape_field("circle")).of([&ra, &dec, &radius]);
                value.region = Some(Box::new(Region::Circle { ra, dec, radius }));
                Ok(value)
            }
            _ => {
                let [ra, dec, width, height] = exactly(values, name, what, range)?;
                let polygon = |n: &[f64]| {
                    Shape::point(n[0], n[1])?;
                    crate::geometry::Polygon::from_box(n[0], n[1], n[2], n[3]).map(Shape::Polygon)
                };
                check(range, polygon, [&ra, &dec, &width, &height])?;
                let sql = format!("adql_box({}, {}, {}, {})", ra.sql, dec.sql, width.sql, height.sql);
                let mut value = Value::new(sql, shape_field("polygon")).of([&ra, &dec, &width, &height]);
                value.region = Some(Box::new(Region::Box { ra, dec, width, height }));
                Ok(value)
            }
        }
    }

    /// DISTANCE(point, point) or DISTANCE(ra1, dec1, ra2, dec2).
    fn distance(&mut self, call: &Call, range: &Range<usize>) -> Outcome<Value> {
        let arguments = call.arguments.as_slice();
        let (first, second) = if arguments.len() == 4 {
            let mut values = self.coordinates(arguments, ..0)?;
            let second = values.split_off(2);
            let pair = |values: Vec<Value>| exactly(values, "DISTANCE", "two positions", range);
            let ([ra1, dec1], [ra2, dec2]) = (pair(values)?, pair(second)?);
            ((ra1, dec1), (ra2, dec2))
        } else if arguments.len() == 2 {
            (self.position(&arguments[0])?, self.position(&arguments[1])?)
        } else {
            let message = format!("DISTANCE takes two points or four coordinates; {} are given.", arguments.len());
            return Err(Error::new(range.clone(), message).expecting(["two points", "four coordinates"]));
        };
        let parts = [&first.0, &first.1, &second.0, &second.1];
        let sql: Vec<&str> = parts.iter().map(|part| part.sql.as_str()).collect();
        let mut field = Field::new("", Datatype::Double);
        field.unit = Some("deg".into());
        field.ucd = Some("pos.angDistance".into());
        let mut value = Value::new(format!("adql_distance({})", sql.join(", ")), field).of(parts);
        value.relation = Some(Box::new(Question::Distance { first, second, scale: 1.0 }));
        Ok(value)
    }

    fn polygon(&mut self, arguments: &[Expression], range: &Range<usize>) -> Outcome<Value> {
        let values = self.coordinates(arguments, ..usize::MAX)?;
        if values.len() < 6 || values.len() % 2 == 1 {
            let message = "POLYGON needs three or more vertices, each a point or two coordinates.";
            return Err(Error::new(range.clone(), message));
        }
        check(range, Shape::polygon, &values)?;
        let sql = if values.len() <= MAX_COORDINATES {
            format!("adql_polygon({})", joined(&values))
        } else {
            // Numbers as text, which is what the value of a polygon is anyhow.
            let texts: Vec<String> = values.iter().map(|value| format!("adql_text({})", value.sql)).collect();
            format!("adql_region({})", balanced(&texts))
        };
        let mut value = Value::new(sql, shape_field("polygon")).of(&values);
        value.region = Some(Box::new(Region::Polygon(values)));
        Ok(value)
    }

    /// REGION('CIRCLE ICRS 1 2 0.1').
    fn region(&mut self, call: &Call, range: &Range<usize>) -> Outcome<Value> {
        count(call, range, 1..=1)?;
        let argument = &call.arguments[0];
        let x = self.text(argument)?;
        let Some(text) = x.text() else {
            return Ok(Value::new(format!("adql_region({})", x.sql), shape_field("region")).of([&x]));
        };
        let shape = Shape::parse(text)
            .map_err(|problem| Error::new(argument.range.clone(), format!("This is no region: {problem}.")))?;
        let constant = |value: f64| {
            let mut constant = Value::new(format!("({value:?})"), Field::new("", Datatype::Double));
            constant.literal = Some(Literal::Number(value));
            constant
        };
        let (name, region) = match &shape {
            Shape::Point { ra, dec } => ("point", Region::Point { ra: constant(*ra), dec: constant(*dec) }),
            Shape::Circle { ra, dec, radius } => {
                ("circle", Region::Circle { ra: constant(*ra), dec: constant(*dec), radius: constant(*radius) })
            }
            Shape::Polygon(polygon) => {
                let numbers = polygon.corners.iter().flat_map(|&(ra, dec)| [constant(ra), constant(dec)]);
                ("polygon", Region::Polygon(numbers.collect()))
            }
        };
        let mut value = Value::new(quote_text(&shape.to_string()), shape_field(name));
        value.region = Some(Box::new(region));
        Ok(value)
    }

    /// An argument that is a geometry.
    fn shape(&mut self, argument: &Expression) -> Outcome<Value> {
        let value = self.expression(argument)?;
        if matches!(value.class(), Class::Point | Class::Area | Class::Null) {
            return Ok(value);
        }
        let message = format!("A geometry is needed here, but this is {}.", name_of(value.class()));
        Err(Error::new(argument.range.clone(), message).expecting(["POINT(…)", "CIRCLE(…)", "BOX(…)", "POLYGON(…)"]))
    }

    /// Both coordinates of an argument that is a point.
    fn position(&mut self, argument: &Expression) -> Outcome<(Value, Value)> {
        let value = self.expression(argument)?;
        if matches!(value.class(), Class::Point | Class::Null) {
            return Ok(apart(value));
        }
        Err(no_point(&value, argument))
    }

    /// The numbers of a geometry, without its coordinate system; a point counts as its two coordinates where `points`
    /// says so: nowhere, in first place or everywhere.
    fn coordinates(&mut self, arguments: &[Expression], points: std::ops::RangeTo<usize>) -> Outcome<Vec<Value>> {
        // Each argument is translated once, or nesting would double the work at each level.
        let mut values = Vec::new();
        for argument in arguments {
            values.push((self.expression(argument)?, argument));
        }
        if let Some((first, place)) = values.first()
            && Self::is_system(first, place)?
        {
            values.remove(0);
        }
        let mut numbers = Vec::new();
        for (at, (value, place)) in values.into_iter().enumerate() {
            if points.contains(&at) && value.class() == Class::Point {
                let (ra, dec) = apart(value);
                numbers.extend([ra, dec]);
            } else {
                numbers.push(Self::as_number(value, place)?.bare());
            }
        }
        Ok(numbers)
    }

    /// Is the first argument a coordinate system? Everything here is ICRS.
    fn is_system(first: &Value, place: &Expression) -> Outcome<bool> {
        if first.class() != Class::Text {
            return Ok(false);
        }
        let Some(text) = first.text() else {
            let message = "The coordinate system must be a text in quotes, such as 'ICRS'.";
            return Err(Error::new(place.range.clone(), message));
        };
        let frame = text.split_whitespace().next().unwrap_or_default();
        if frame.is_empty() || frame.eq_ignore_ascii_case("ICRS") || frame.eq_ignore_ascii_case("UNKNOWNFrame") {
            return Ok(true);
        }
        let message = format!("Positions are in ICRS; the coordinate system {frame} is not converted.");
        Err(Error::new(place.range.clone(), message).expecting(["'ICRS'"]))
    }
}

/// Checks numbers that are known now, so that mistakes are found before a row is read.
fn check<'v>(
    range: &Range<usize>,
    shape: impl Fn(&[f64]) -> Result<Shape, &'static str>,
    values: impl IntoIterator<Item = &'v Value>,
) -> Outcome<()> {
    let numbers: Option<Vec<f64>> = values.into_iter().map(Value::number).collect();
    match numbers.map(|numbers| shape(&numbers)) {
        Some(Err(problem)) => Err(Error::new(range.clone(), format!("{}.", capital(problem)))),
        _ => Ok(()),
    }
}

fn no_point(value: &Value, argument: &Expression) -> Error {
    let message = format!("A point is needed here, but this is {}.", name_of(value.class()));
    Error::new(argument.range.clone(), message).expecting(["POINT(…)"])
}

/// What a function of one geometry says about it.
fn property(name: &str, x: Value) -> Value {
    match name {
        "CENTROID" => match x.region.as_deref() {
            Some(Region::Point { ra, dec } | Region::Circle { ra, dec, .. } | Region::Box { ra, dec, .. }) => {
                point(ra.clone(), dec.clone())
            }
            _ => Value::new(format!("adql_centroid({})", x.sql), shape_field("point")).of([&x]),
        },
        "AREA" => {
            let mut field = Field::new("", Datatype::Double);
            field.unit = Some("deg**2".into());
            field.ucd = Some("phys.angArea".into());
            Value::new(format!("adql_area({})", x.sql), field).of([&x])
        }
        "COORDSYS" => {
            let sql = format!("iif({} IS NULL, NULL, 'ICRS')", x.sql);
            Value::new(sql, Field::new("", Datatype::Char)).of([&x])
        }
        _ => {
            let (ra, dec) = apart(x);
            let mut value = if name == "COORD1" { ra } else { dec };
            // As a value of its own it has the name of the function, not of a column.
            value.field.name = String::new();
            value.field.unit = value.field.unit.take().or(Some("deg".into()));
            value
        }
    }
}

fn exactly<const N: usize>(values: Vec<Value>, name: &str, what: &str, range: &Range<usize>) -> Outcome<[Value; N]> {
    let given = values.len();
    <[Value; N]>::try_from(values).map_err(|_| {
        let message = format!("{name} needs {what}: {N} numbers; {given} are given.");
        Error::new(range.clone(), message).expecting([what])
    })
}

fn point(ra: Value, dec: Value) -> Value {
    let mut value = Value::new(format!("adql_point({}, {})", ra.sql, dec.sql), shape_field("point")).of([&ra, &dec]);
    value.region = Some(Box::new(Region::Point { ra, dec }));
    value
}

/// The coordinates of a point.
fn apart(value: Value) -> (Value, Value) {
    if let Some(Region::Point { ra, dec }) = value.region.as_deref() {
        return (ra.clone(), dec.clone());
    }
    let coordinate = |function: &str, ucd: &str| {
        let mut field = Field::new("", Datatype::Double);
        field.unit = Some("deg".into());
        field.ucd = Some(ucd.into());
        Value::new(format!("{function}({})", value.sql), field).of([&value])
    };
    (coordinate("adql_coord1", "pos.eq.ra"), coordinate("adql_coord2", "pos.eq.dec"))
}

/// CONTAINS or INTERSECTS; with a point on one side they ask the same.
fn relation(name: &str, first: &Value, second: &Value) -> Value {
    let general = format!("adql_{}({}, {})", name.to_ascii_lowercase(), first.sql, second.sql);
    let mut value = Value::new(general, zero_or_one()).of([first, second]);
    let (point, region) = match (first.region.as_deref(), second.region.as_deref()) {
        (Some(Region::Point { ra, dec }), Some(region)) => ((ra, dec), region),
        (Some(region), Some(Region::Point { ra, dec })) if name == "INTERSECTS" => ((ra, dec), region),
        _ => return value,
    };
    let (ra, dec) = point;
    let numbers = match region {
        Region::Point { .. } => return value,
        Region::Circle { ra: a, dec: d, radius } => {
            format!("adql_in_circle({}, {}, {}, {}, {})", ra.sql, dec.sql, a.sql, d.sql, radius.sql)
        }
        Region::Box { ra: a, dec: d, width, height } => {
            format!("adql_in_box({}, {}, {}, {}, {}, {})", ra.sql, dec.sql, a.sql, d.sql, width.sql, height.sql)
        }
        Region::Polygon(values) if values.len() <= MAX_COORDINATES => {
            format!("adql_in_polygon({}, {}, {})", ra.sql, dec.sql, joined(values))
        }
        Region::Polygon(_) => value.sql.clone(),
    };
    value.sql = numbers;
    value.relation = Some(Box::new(Question::Within { ra: ra.clone(), dec: dec.clone(), region: region.clone() }));
    value
}

fn joined(values: &[Value]) -> String {
    let list: Vec<&str> = values.iter().map(|value| value.sql.as_str()).collect();
    list.join(", ")
}

/// Texts joined by blanks in a tree of low depth.
fn balanced(texts: &[String]) -> String {
    match texts {
        [] => "''".to_owned(),
        [one] => one.clone(),
        _ => {
            let (left, right) = texts.split_at(texts.len() / 2);
            format!("({} || ' ' || {})", balanced(left), balanced(right))
        }
    }
}

/// The field of a geometry: an array of doubles whose xtype says what they are (DALI 1.1, section 3.3).
fn shape_field(xtype: &str) -> Field {
    let mut field = Field::new("", Datatype::Double);
    field.arraysize = match xtype {
        "point" => ArraySize::fixed(2),
        "circle" => ArraySize::fixed(3),
        _ => ArraySize::VARIABLE,
    };
    field.xtype = Some(xtype.to_owned());
    field.unit = Some("deg".into());
    field
}
