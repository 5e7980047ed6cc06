//! A cone search from what a person fills in: a place on the sky by name or coordinates, or a list of them, and a radius.
//!
//! Done in the worker: reading positions and writing numbers is more code than the page should carry.

use adql::sky::{Position, known, number};
use serde::{Deserialize, Serialize};

/// What was filled in. Names of tables and columns come as the query needs them, with their quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// A name or coordinates, as typed.
    pub target: String,
    /// What a resolver said of the name: name and coordinates.
    pub resolved: Option<(String, String)>,
    /// The radius, as typed.
    pub radius: String,
    /// The unit of the radius.
    pub unit: Unit,
    /// The table to search.
    pub table: String,
    /// Its right ascension and declination.
    pub position: (String, String),
    /// The columns wanted; none: all.
    pub columns: Vec<String>,
    /// Most rows wanted, as typed.
    pub limit: String,
    /// A list of targets instead of one.
    pub list: Option<List>,
}

/// A table of targets that goes along with the query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Its name in `TAP_UPLOAD`.
    pub table: String,
    /// Its right ascension and declination.
    pub position: (String, String),
    /// Its columns.
    pub columns: Vec<String>,
}

/// The unit of a radius.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Degrees.
    #[default]
    Degrees,
    /// Minutes of arc.
    Minutes,
    /// Seconds of arc.
    Seconds,
}

impl Unit {
    /// All of them, the largest first.
    pub const ALL: [Unit; 3] = [Unit::Degrees, Unit::Minutes, Unit::Seconds];

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Unit::Degrees => "deg",
            Unit::Minutes => "arcmin",
            Unit::Seconds => "arcsec",
        }
    }

    fn per_degree(self) -> f64 {
        match self {
            Unit::Degrees => 1.0,
            Unit::Minutes => 60.0,
            Unit::Seconds => 3600.0,
        }
    }
}

/// A query, and where it looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// The query.
    pub adql: String,
    /// The place in words: its name, and its coordinates in two notations. Empty for a list.
    pub place: String,
}

/// Why there is no query yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// There is no target yet.
    NoTarget,
    /// The target is neither a known name nor a position. `name`: it may be a name that a resolver knows.
    Target {
        /// Whether a resolver may know it.
        name: bool,
        /// The sentence.
        message: String,
    },
    /// The radius.
    Radius(String),
    /// The number of rows.
    Limit(String),
}

/// The query for a form.
///
/// # Errors
/// The first thing that is missing or cannot be read.
pub fn query(form: &Form) -> Result<Ready, Fault> {
    let place = match form.list {
        Some(_) => None,
        None => Some(target(form)?),
    };
    let radius = radius(form)?;
    let top = top(&form.limit)?;
    let (table, (ra, dec)) = (&form.table, &form.position);
    let said = format!("{} {}", form.radius.trim(), form.unit.label());
    Ok(match (&form.list, place) {
        (Some(list), _) => Ready { adql: of_list(form, list, &top, radius, &said), place: String::new() },
        (None, Some((name, at))) => {
            let center = format!("{}, {}", number(at.ra), number(at.dec));
            let around = if name.is_empty() { at.decimal() } else { name.clone() };
            let columns = columns(&form.columns, "");
            let adql = format!(
                "-- {table} within {said} of {around}\n\
                 SELECT {top}{columns},\n  DISTANCE(POINT({ra}, {dec}), POINT({center})) AS separation\n\
                 FROM {table}\n\
                 WHERE 1 = CONTAINS(POINT({ra}, {dec}), CIRCLE({center}, {radius}))\n\
                 ORDER BY separation",
                radius = number(radius),
            );
            let name = if name.is_empty() { name } else { format!("{name}: ") };
            Ready { adql, place: format!("{name}{} ({})", at.decimal(), at.sexagesimal()) }
        }
        (None, None) => return Err(Fault::NoTarget),
    })
}

/// Each target with its neighbours. Its own columns are named `target_…`, since both tables have an `ra`.
fn of_list(form: &Form, list: &List, top: &str, radius: f64, said: &str) -> String {
    let plain = |name: &str| {
        name.trim_matches('"').chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect::<String>()
    };
    let own: String = list.columns.iter().map(|name| format!("t.{name} AS target_{}, ", plain(name))).collect();
    let (table, (ra, dec), (tra, tdec)) = (&form.table, &form.position, &list.position);
    let columns = columns(&form.columns, "c.");
    format!(
        "-- {table} within {said} of each target\n\
         SELECT {top}{own}\n  {columns},\n  DISTANCE(POINT(t.{tra}, t.{tdec}), POINT(c.{ra}, c.{dec})) AS separation\n\
         FROM TAP_UPLOAD.{} AS t\n\
         JOIN {table} AS c ON 1 = CONTAINS(POINT(c.{ra}, c.{dec}), CIRCLE(t.{tra}, t.{tdec}, {}))",
        list.table,
        number(radius),
    )
}

fn columns(names: &[String], prefix: &str) -> String {
    if names.is_empty() {
        return format!("{prefix}*");
    }
    names.iter().map(|name| format!("{prefix}{name}")).collect::<Vec<_>>().join(", ")
}

/// Name and place of the target; a place that was typed has no name.
fn target(form: &Form) -> Result<(String, Position), Fault> {
    let text = form.target.trim();
    if text.is_empty() {
        return Err(Fault::NoTarget);
    }
    if let Some(known) = known::find(text) {
        return Ok((known.name.to_owned(), known.position));
    }
    let resolved = form.resolved.as_ref().filter(|(name, _)| name == text);
    if let Some(position) = resolved.and_then(|(_, place)| Position::parse(place).ok()) {
        return Ok((text.to_owned(), position));
    }
    Position::parse(text).map(|position| (String::new(), position)).map_err(|error| {
        // Names begin with letters; coordinates do but rarely.
        let name = text.chars().next().is_some_and(char::is_alphabetic);
        let message = match name {
            true => format!("“{text}” is no object that this page knows, nor coordinates."),
            false => format!("“{text}” cannot be read: {error}."),
        };
        Fault::Target { name, message }
    })
}

fn radius(form: &Form) -> Result<f64, Fault> {
    let text = form.radius.trim();
    let fault = |why: &str| Err(Fault::Radius(format!("“{text}” {why}.")));
    let Ok(value) = text.parse::<f64>() else { return fault("is not a number; write one with a point, such as 0.5") };
    let degrees = value / form.unit.per_degree();
    if !(degrees > 0.0 && degrees <= 180.0) {
        return fault("is not between 0 and 180 degrees");
    }
    Ok(degrees)
}

fn top(limit: &str) -> Result<String, Fault> {
    let digits: String = limit.chars().filter(|c| !c.is_whitespace() && !",_'".contains(*c)).collect();
    match digits.parse::<u64>() {
        Ok(rows) => Ok(format!("TOP {rows} ")),
        Err(_) if digits.is_empty() => Ok(String::new()),
        Err(_) => Err(Fault::Limit(format!("“{}” is not a number of rows.", limit.trim()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        Form {
            target: "pleiades".into(),
            radius: "30".into(),
            unit: Unit::Minutes,
            table: "gaiadr3.gaia_source".into(),
            position: ("ra".into(), "dec".into()),
            columns: vec!["source_id".into(), "\"Bmag\"".into()],
            limit: "1,000".into(),
            ..Form::default()
        }
    }

    #[test]
    fn a_cone_is_a_query_that_reads_as_adql() {
        let Ready { adql, place } = query(&form()).unwrap();
        assert_eq!(
            adql,
            "-- gaiadr3.gaia_source within 30 arcmin of Pleiades\n\
             SELECT TOP 1000 source_id, \"Bmag\",\n  \
               DISTANCE(POINT(ra, dec), POINT(56.75, 24.12)) AS separation\n\
             FROM gaiadr3.gaia_source\n\
             WHERE 1 = CONTAINS(POINT(ra, dec), CIRCLE(56.75, 24.12, 0.5))\n\
             ORDER BY separation"
        );
        assert_eq!(place, "Pleiades: 56.75, +24.12 (03:47:00.0000 +24:07:12.000)");
        assert_eq!(crate::check::objections(&adql), []);
    }

    #[test]
    fn coordinates_and_resolved_names_are_places() {
        let at = |target: &str| query(&Form { target: target.into(), ..form() }).unwrap().place;
        assert_eq!(at("10 -0.5"), "10, -0.5 (00:40:00.0000 -00:30:00.000)");
        let resolved = Some(("Vega".to_owned(), "279.23473479 +38.78368896".to_owned()));
        let vega = query(&Form { target: "Vega".into(), resolved: resolved.clone(), ..form() }).unwrap();
        assert!(vega.adql.contains("CIRCLE(279.23473479, 38.78368896, 0.5)"), "{}", vega.adql);
        let other = query(&Form { target: "Altair".into(), resolved, ..form() });
        assert!(matches!(other, Err(Fault::Target { name: true, .. })));
    }

    #[test]
    fn a_list_is_joined() {
        let list = List {
            table: "mine".into(),
            position: ("ra".into(), "\"Dec\"".into()),
            columns: vec!["id".into(), "\"Dec\"".into()],
        };
        let Ready { adql, .. } = query(&Form { list: Some(list), target: String::new(), ..form() }).unwrap();
        assert!(adql.contains("t.id AS target_id, t.\"Dec\" AS target_Dec, "), "{adql}");
        assert!(adql.contains(
            "JOIN gaiadr3.gaia_source AS c ON 1 = CONTAINS(POINT(c.ra, c.dec), CIRCLE(t.ra, t.\"Dec\", 0.5))"
        ));
        assert_eq!(crate::check::objections(&adql), []);
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(query(&Form { target: " ".into(), ..form() }), Err(Fault::NoTarget));
        assert!(matches!(query(&Form { target: "1 2 3".into(), ..form() }), Err(Fault::Target { name: false, .. })));
        for radius in ["", "0", "-1", "x", "99999", "NaN", "inf"] {
            assert!(matches!(query(&Form { radius: radius.into(), ..form() }), Err(Fault::Radius(_))), "{radius}");
        }
        assert!(matches!(query(&Form { limit: "many".into(), ..form() }), Err(Fault::Limit(_))));
        assert!(!query(&Form { limit: String::new(), ..form() }).unwrap().adql.contains("TOP"));
    }
}
