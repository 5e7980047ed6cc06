//! Arithmetic over the columns of a table, as the axes of pictures and the conditions of selections need it:
//! `phot_g_mean_mag + 5 * log10(parallax) - 10`, `ruwe < 1.4 and bp_rp is not null`.
//!
//! Names and functions are those of ADQL 2.1 (sections 2.1.3 and 2.3; angles in radians), with `^`, and the functions
//! `least`, `greatest`, `coalesce` and `ln` besides. A text is parsed once, bound to the columns of a table, and then evaluated
//! block by block in 64-bit floats. No value (null, NaN) propagates; conditions are 1, 0 or no value, as in SQL.

mod bind;
mod lexer;
mod nearest;
mod parser;
mod program;

use serde::{Deserialize, Serialize};

pub(crate) use program::holds;
pub use program::{BLOCK, Program, Scratch};

/// Bytes of the longest text that is parsed.
pub const LONGEST: usize = 1000;

/// What is wrong with an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// First byte.
    pub start: usize,
    /// Byte after the last; the same as `start` at the end of the text.
    pub end: usize,
    /// What is wrong, in plain words.
    pub message: String,
    /// What could replace these bytes.
    pub suggestion: Option<String>,
}

impl Error {
    fn new(range: std::ops::Range<usize>, message: impl Into<String>) -> Error {
        Error { start: range.start, end: range.end, message: message.into(), suggestion: None }
    }

    /// The same error with a replacement that is probably meant; the message gains "Did you mean …?".
    fn suggesting(mut self, suggestion: Option<String>) -> Error {
        if let Some(text) = &suggestion {
            self.message.push_str(&format!(" Did you mean {text}?"));
        }
        self.suggestion = suggestion;
        self
    }
}

/// A text that was understood; which columns there are is not yet asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    text: String,
    root: parser::Node,
}

impl Expression {
    /// Reads a text.
    pub fn parse(text: &str) -> Result<Expression, Error> {
        if text.len() > LONGEST {
            return Err(Error::new(0..text.len(), format!("An expression has at most {LONGEST} bytes.")));
        }
        let root = parser::parse(text)?;
        Ok(Expression { text: text.split_whitespace().collect::<Vec<_>>().join(" "), root })
    }

    /// Finds the columns. `fields` are those of the table that [`Program::evaluate`] will be given, in its order.
    pub fn bind(&self, fields: &[&table::Field]) -> Result<Program, Error> {
        bind::bind(&self.text, &self.root, fields)
    }
}

/// Parses and binds in one go.
pub fn compile(text: &str, fields: &[&table::Field]) -> Result<Program, Error> {
    Expression::parse(text)?.bind(fields)
}

/// A column's name as an expression: as it is, or in quotation marks where it would be read as something else.
pub fn quoted(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit())
        && !lexer::is_word(name);
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use table::{Column, Datatype, Field, Table};

    use super::*;

    /// Three rows: numbers, a null, an identifier, text.
    fn table() -> Table {
        let mut g = Field::new("phot_g_mean_mag", Datatype::Float);
        g.unit = Some("mag".into());
        let mut parallax = Field::new("parallax", Datatype::Double);
        parallax.unit = Some("mas".into());
        let mut id = Field::new("source_id", Datatype::Long);
        id.ucd = Some("meta.id;meta.main".into());
        let flag = Field::new("phot_variable_flag", Datatype::Char);
        let known = Field::new("known", Datatype::Boolean);
        let odd = Field::new("B-V", Datatype::Double);
        let mut table = Table::new(vec![g, parallax, id, flag, known, odd]);
        for row in 0..3 {
            table.columns[0].push_double([10.0, 12.5, 15.0][row]);
            if row == 1 {
                table.columns[1].push_null()
            } else {
                table.columns[1].push_double([10.0, 0.0, -1.0][row])
            }
            table.columns[2].push_integer(6_917_528_997_577_384_320 + row as i64);
            table.columns[3].push_text(["VARIABLE", "NOT_AVAILABLE", "VARIABLE"][row]);
            table.columns[4].push_boolean(row == 0);
            table.columns[5].push_double(row as f64);
        }
        table
    }

    fn fields(table: &Table) -> Vec<&Field> {
        table.columns.iter().map(Column::field).collect()
    }

    fn values(text: &str) -> Vec<f64> {
        let table = table();
        let program = compile(text, &fields(&table)).unwrap_or_else(|error| panic!("{text}: {error}"));
        let mut out = vec![0.0; 3];
        program.evaluate(&table, 0, &mut out, &mut Scratch::default());
        out
    }

    fn error(text: &str) -> Error {
        let table = table();
        compile(text, &fields(&table)).unwrap_err()
    }

    #[test]
    fn operators_bind_as_in_school() {
        for (text, value) in [
            ("1 + 2 * 3", 7.0),
            ("(1 + 2) * 3", 9.0),
            ("2 ^ 3 ^ 2", 512.0),
            ("-2 ^ 2", -4.0),
            ("2 ^ -1", 0.5),
            ("10 - 4 - 3", 3.0),
            ("8 / 4 / 2", 1.0),
            ("1.5e3 + .5", 1500.5),
            ("- - 3", 3.0),
            ("1 < 2 and not 2 < 1", 1.0),
            ("1 = 2 or 3 <> 4", 1.0),
            ("5 between 1 and 5 and 1 = 1", 1.0),
            ("5 not between 1 and 5", 0.0),
        ] {
            assert_eq!(values(text)[0], value, "{text}");
        }
    }

    #[test]
    fn functions_are_those_of_adql() {
        for (text, value) in [
            ("log10(1000)", 3.0),
            ("LOG(exp(2))", 2.0),
            ("ln(1)", 0.0),
            ("sqrt(2) * sqrt(2)", 2.0),
            ("degrees(atan2(1, 1))", 45.0),
            ("sin(radians(30))", 0.5),
            ("cos(pi())", -1.0),
            ("degrees(acos(0.5)) + degrees(asin(0.5)) + degrees(atan(1))", 135.0),
            ("tan(radians(45))", 1.0),
            ("power(2, 10) + pow(3, 3)", 1051.0),
            ("mod(-7, 3)", -1.0),
            ("least(3, 1, 2) + 10 * greatest(3, 1, 2)", 31.0),
            ("floor(-1.5) + ceiling(1.2) + round(2.6) + truncate(-2.6) + sign(-4)", 0.0),
            ("abs(-3)", 3.0),
        ] {
            assert!((values(text)[0] - value).abs() < 1e-12, "{text}: {}", values(text)[0]);
        }
        assert!(values("sqrt(-1)")[0].is_nan() && values("log10(-1)")[0].is_nan());
    }

    #[test]
    fn no_value_propagates_as_in_sql() {
        let magnitude = values("phot_g_mean_mag + 5 * log10(parallax) - 10");
        assert_eq!(magnitude[0], 5.0);
        assert!(magnitude[1].is_nan() && magnitude[2].is_nan(), "null, and the logarithm of a negative parallax");
        assert_eq!(values("parallax is null"), [0.0, 1.0, 0.0]);
        assert_eq!(values("PARALLAX IS NOT NULL"), [1.0, 0.0, 1.0]);
        assert_eq!(values("coalesce(parallax, 7)"), [10.0, 7.0, -1.0]);
        let unknown = values("parallax > 0");
        assert!(unknown[0] == 1.0 && unknown[1].is_nan() && unknown[2] == 0.0);
        assert_eq!(values("parallax > 0 and 1 = 2"), [0.0; 3], "false wins over unknown");
        assert_eq!(values("parallax > 0 or 1 = 1"), [1.0; 3], "true wins over unknown");
        assert!(values("not parallax > 0")[1].is_nan());
    }

    #[test]
    fn columns_are_found_by_name_and_quoted_name() {
        assert_eq!(values("\"B-V\" * 2"), [0.0, 2.0, 4.0]);
        assert_eq!(values("Known + 1"), [2.0, 1.0, 1.0]);
        assert_eq!(values("phot_variable_flag = 'VARIABLE'"), [1.0, 0.0, 1.0]);
        assert_eq!(values("'VARIABLE' <> phot_variable_flag"), [0.0, 1.0, 0.0]);
        assert_eq!(
            (quoted("bp_rp"), quoted("B-V"), quoted("and")),
            ("bp_rp".into(), "\"B-V\"".into(), "\"and\"".into())
        );
    }

    #[test]
    fn identifiers_compare_exactly_and_are_noted_where_they_are_rounded() {
        assert_eq!(values("source_id = 6917528997577384321"), [0.0, 1.0, 0.0]);
        assert_eq!(values("6917528997577384321 < source_id"), [0.0, 0.0, 1.0]);
        let table = table();
        let program = compile("source_id / 2", &fields(&table)).unwrap();
        assert_eq!(program.notes.len(), 1, "{:?}", program.notes);
        assert!(compile("source_id = 5", &fields(&table)).unwrap().notes.is_empty());
    }

    #[test]
    fn a_result_is_named_and_has_a_unit_where_it_follows() {
        let table = table();
        let said = |text: &str| {
            let program = compile(text, &fields(&table)).unwrap();
            (program.label, program.unit.unwrap_or_default())
        };
        let pair = |label: &str, unit: &str| (label.to_owned(), unit.to_owned());
        assert_eq!(said(" PARALLAX "), pair("parallax", "mas"));
        assert_eq!(said("phot_g_mean_mag +  5*log10(parallax)"), pair("phot_g_mean_mag + 5*log10(parallax)", "mag"));
        assert_eq!(said("parallax - parallax").1, "mas");
        assert_eq!(said("parallax + phot_g_mean_mag").1, "", "no unit follows");
        assert_eq!(
            (said("parallax / 1000").1, said("degrees(1)").1, said("-parallax").1),
            ("".into(), "deg".into(), "mas".into())
        );
    }

    #[test]
    fn mistakes_are_told_with_their_place_and_a_hint() {
        let place = |text: &str| {
            let error = error(text);
            (text[error.start..error.end].to_owned(), error.suggestion)
        };
        assert_eq!(place("1 + paralax"), ("paralax".into(), Some("parallax".into())));
        assert_eq!(place("b_v"), ("b_v".into(), Some("\"B-V\"".into())));
        assert_eq!(place("teff"), ("teff".into(), None));
        assert_eq!(place("\"b-v"), ("\"b-v".into(), None));
        assert_eq!(place("log20(1)"), ("log20".into(), Some("log10".into())));
        assert_eq!(place("1 +"), (String::new(), None));
        assert_eq!(place("(1 + 2"), (String::new(), None));
        assert_eq!(place("1 2"), ("2".into(), None));
        assert_eq!(place("sqrt(1, 2)"), ("sqrt".into(), None));
        assert_eq!(place("1 + phot_variable_flag"), ("phot_variable_flag".into(), None));
        assert_eq!(place("parallax = 'x'"), ("'x'".into(), None));
        assert_eq!(place("1 # 2"), ("#".into(), None));
        assert_eq!(place(""), (String::new(), None));
        assert!(error("1 + paralax").message.ends_with("Did you mean parallax?"));
    }

    #[test]
    fn hostile_texts_are_refused_and_not_followed() {
        for text in ["(".repeat(999), "-".repeat(999), "not ".repeat(249), "1^".repeat(499), "sin(".repeat(249)] {
            assert!(Expression::parse(&text).is_err(), "{}", &text[..2]);
        }
        assert!(Expression::parse(&"1+".repeat(3000)).is_err(), "too long");
        assert_eq!(values(&vec!["1"; 500].join("+"))[0], 500.0);
        let doubled = (0..40).fold("1".to_owned(), |inner, _| format!("({inner})between 0and 1"));
        assert_eq!(values(&doubled)[0], 1.0);
    }

    #[test]
    fn no_text_stops_the_worker() {
        let words = [
            "1",
            "2.5e3",
            "parallax",
            "source_id",
            "\"B-V\"",
            "'x'",
            "known",
            "phot_variable_flag",
            "(",
            "(",
            ")",
            ")",
            ",",
            "+",
            "-",
            "*",
            "/",
            "^",
            "<",
            "=",
            ">=",
            "and",
            "or",
            "not",
            "is",
            "null",
            "between",
            "abs(",
            "least(",
            "pi()",
            "é",
            "1e",
            ".",
        ];
        let table = table();
        let fields = fields(&table);
        let (mut state, mut understood) = (1u64, 0);
        for _ in 0..40_000 {
            let mut text = String::new();
            for _ in 0..1 + state % 7 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text += words[(state >> 33) as usize % words.len()];
                text.push(' ');
            }
            match compile(&text, &fields) {
                Ok(program) => {
                    program.evaluate(&table, 0, &mut [0.0; 3], &mut Scratch::default());
                    understood += 1;
                }
                Err(error) => assert!(text.get(error.start..error.end).is_some(), "{text}"),
            }
        }
        assert!(understood > 1000, "{understood}");
    }

    #[test]
    fn blocks_give_the_same_as_rows() {
        let mut table = Table::new(vec![Field::new("x", Datatype::Int)]);
        (0..5000).for_each(|row| table.columns[0].push_integer(row));
        let program = compile("x * 2 + 1", &fields(&table)).unwrap();
        let mut out = vec![0.0; 5000];
        program.evaluate(&table, 0, &mut out, &mut Scratch::default());
        assert!(out.iter().enumerate().all(|(row, value)| *value == row as f64 * 2.0 + 1.0));
    }
}
