//! Names of uploaded tables: what TAP 1.1 section 2.7.6 allows behind `TAP_UPLOAD.`

use std::fmt;

/// Why a name will not do for an uploaded table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameProblem {
    /// There is no name.
    Empty,
    /// It begins with this character, not with a letter.
    Start(char),
    /// It holds this character; only letters of ASCII, digits and `_` go without quotes.
    Character(char),
    /// It is a word of ADQL's own.
    Reserved,
    /// It is longer than the 63 characters that databases keep.
    TooLong,
}

impl NameProblem {
    /// Whether the name would do in double quotes. The `UPLOAD` parameter itself has no quotes, so
    /// many services take such names but no query finds them: better to propose another.
    pub const fn needs_quotes(self) -> bool {
        matches!(self, Self::Start(_) | Self::Character(_) | Self::Reserved)
    }
}

impl fmt::Display for NameProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the name is empty"),
            Self::Start(c) => write!(f, "the name begins with {c:?} instead of a letter and would need quotes"),
            Self::Character(c) => write!(f, "the name contains {c:?} and would need quotes"),
            Self::Reserved => f.write_str("the name is a reserved word of ADQL and would need quotes"),
            Self::TooLong => write!(f, "the name is longer than {MAX_LENGTH} characters"),
        }
    }
}

/// Tells whether `name` can stand in `UPLOAD=<name>,…` and, without quotes, in `TAP_UPLOAD.<name>`.
///
/// # Errors
/// The first reason why it cannot.
pub fn upload_name_ok(name: &str) -> Result<(), NameProblem> {
    let Some(first) = name.chars().next() else {
        return Err(NameProblem::Empty);
    };
    if let Some(bad) = name.chars().find(|c| !(c.is_ascii_alphanumeric() || *c == '_')) {
        return Err(NameProblem::Character(bad));
    }
    if !first.is_ascii_alphabetic() {
        return Err(NameProblem::Start(first));
    }
    if name.len() > MAX_LENGTH {
        return Err(NameProblem::TooLong);
    }
    let upper = name.to_ascii_uppercase();
    if RESERVED.split_ascii_whitespace().any(|word| word == upper) {
        return Err(NameProblem::Reserved);
    }
    Ok(())
}

/// A name that will do, made from the name of a file: `My stars (2).vot` becomes `my_stars_2`.
pub fn upload_name_from(file_name: &str) -> String {
    let file = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.split('.').find(|part| !part.is_empty()).unwrap_or_default();
    let mut name = String::new();
    for c in stem.chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    let name = name.trim_end_matches('_');
    let name = &name[..name.len().min(MAX_LENGTH - 2)];
    if upload_name_ok(name).is_ok() { name.to_owned() } else { format!("t_{name}").trim_end_matches('_').to_owned() }
}

/// The shortest of the limits of the databases behind TAP services (63 or 64 in most).
const MAX_LENGTH: usize = 63;

/// The reserved words of ADQL 2.1 (section 2.1.2), those of SQL92 that a parser is likely to trip over.
const RESERVED: &str = "ABS ACOS ALL AND ANY AREA AS ASC ASIN ATAN ATAN2 AVG BETWEEN BIGINT BOTH BOX BY CASE CAST CEILING CENTROID CHAR CHARACTER CHECK CIRCLE COALESCE COLUMN CONSTRAINT CONTAINS COORD1 COORD2 COORDSYS COS COT COUNT CREATE CROSS CURRENT DATE DEFAULT DEGREES DELETE DESC DISTANCE DISTINCT DOUBLE DROP ELSE END EXCEPT EXISTS EXP FALSE FETCH FLOAT FLOOR FOR FOREIGN FROM FULL FUNCTION GRANT GROUP HAVING ILIKE IN INDEX INNER INSERT INTEGER INTERSECT INTERSECTS INTO IN_UNIT IS JOIN KEY LEADING LEFT LIKE LOG LOG10 LOWER MAX MIN MOD NATURAL NOT NULL NUMERIC OFFSET ON OR ORDER OUTER PI POINT POLYGON POSITION POWER PRECISION PRIMARY PUBLIC RADIANS RAND REAL REFERENCES REGION RIGHT ROUND ROW ROWS SCHEMA SELECT SESSION SET SIGN SIN SIZE SMALLINT SOME SQRT SUBSTRING SUM TABLE TAN THEN TIME TIMESTAMP TO TOP TRAILING TRIM TRUE TRUNCATE UNION UNIQUE UPDATE UPPER USER USING VALUE VALUES VARCHAR VARYING VIEW WHEN WHERE WITH YEAR ZONE";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_reason() {
        assert_eq!(upload_name_ok("stars_2"), Ok(()));
        assert_eq!(upload_name_ok(""), Err(NameProblem::Empty));
        assert_eq!(upload_name_ok("2mass"), Err(NameProblem::Start('2')));
        assert_eq!(upload_name_ok("_x"), Err(NameProblem::Start('_')));
        assert_eq!(upload_name_ok("my stars"), Err(NameProblem::Character(' ')));
        assert_eq!(upload_name_ok("a,param:b"), Err(NameProblem::Character(',')));
        assert_eq!(upload_name_ok("étoiles"), Err(NameProblem::Character('é')));
        assert_eq!(upload_name_ok("Table"), Err(NameProblem::Reserved));
        assert_eq!(upload_name_ok(&"a".repeat(64)), Err(NameProblem::TooLong));
        assert!(!NameProblem::TooLong.needs_quotes());
    }

    #[test]
    fn proposals_always_do() {
        for (file, name) in [
            ("My stars (2).vot", "my_stars_2"),
            ("2mass.csv", "t_2mass"),
            ("C:\\data\\table.xml", "t_table"),
            ("", "t"),
            (".vot", "vot"),
            ("___", "t"),
            ("日本.vot", "t"),
        ] {
            assert_eq!(upload_name_from(file), name);
            assert_eq!(upload_name_ok(&upload_name_from(file)), Ok(()), "{file}");
        }
        assert_eq!(upload_name_ok(&upload_name_from(&"9".repeat(200))), Ok(()));
    }
}
