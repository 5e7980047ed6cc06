//! Numbers, texts and truth values that are written in the query.

use table::{Datatype, Field};

use super::{
    quote_text,
    value::{Literal, NULL_XTYPE, Value},
};

/// Is this text a number, as PostgreSQL reads it where a number belongs?
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    if ["nan", "inf", "infinity"].iter().any(|word| digits.eq_ignore_ascii_case(word)) {
        return text.len() - digits.len() <= 1;
    }
    text.len() - digits.len() <= 1
        && digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && text.parse::<f64>().is_ok()
}

/// A number as written in a query, in the spelling of SQLite.
pub(super) fn number(text: &str) -> Value {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.trim_start_matches('+')),
    };
    let hexadecimal = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let integer = match hexadecimal {
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(|bits| bits.cast_signed()),
        None => digits.parse::<i64>().ok(),
    };
    let sign = if negative { -1.0 } else { 1.0 };
    let (sql, datatype, number) = match integer {
        Some(integer) => {
            let datatype = if i32::try_from(integer).is_ok() { Datatype::Int } else { Datatype::Long };
            // The lowest integer has no positive counterpart.
            let sql = if integer == i64::MIN { "(-9223372036854775807 - 1)".to_owned() } else { integer.to_string() };
            (sql, datatype, integer as f64)
        }
        None => {
            let number = digits.parse::<f64>().unwrap_or(f64::INFINITY);
            // 9e999 is how SQLite writes infinity, and NaN, which is as large for PostgreSQL, is stored nowhere.
            let sql = if number.is_finite() { format!("{number:?}") } else { "9e999".to_owned() };
            (sql, Datatype::Double, number)
        }
    };
    let sql =
        if negative || sql.starts_with('-') { format!("({}{sql})", if negative { "-" } else { "" }) } else { sql };
    let mut value = Value::new(sql, Field::new("", datatype));
    value.literal = Some(Literal::Number(sign * number));
    value
}

pub(super) fn text_literal(text: &str) -> Value {
    let mut value = Value::new(quote_text(text), Field::new("", Datatype::Char));
    if !text.is_ascii() {
        value.field.datatype = Datatype::UnicodeChar;
    }
    value.literal = Some(Literal::Text(text.to_owned()));
    value
}

/// The texts that PostgreSQL takes for truth values.
pub(super) fn truth_value(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "t" | "true" | "y" | "yes" | "on" | "1" => Some(true),
        "f" | "false" | "n" | "no" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// NULL.
pub(super) fn null() -> Value {
    let mut field = Field::new("", Datatype::Char);
    field.xtype = Some(NULL_XTYPE.to_owned());
    let mut value = Value::new("NULL", field);
    value.literal = Some(Literal::Null);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_the_spelling_of_sqlite() {
        for (text, sql, datatype) in [
            ("12", "12", Datatype::Int),
            ("-12", "(-12)", Datatype::Int),
            ("3000000000", "3000000000", Datatype::Long),
            ("9223372036854775807", "9223372036854775807", Datatype::Long),
            ("9223372036854775808", "9.223372036854775808e18", Datatype::Double),
            (".5", "0.5", Datatype::Double),
            ("1.", "1.0", Datatype::Double),
            ("1e3", "1000.0", Datatype::Double),
            ("1e999", "9e999", Datatype::Double),
            ("NaN", "9e999", Datatype::Double),
            ("-Infinity", "(-9e999)", Datatype::Double),
            ("0xFF", "255", Datatype::Int),
            ("0xFFFFFFFFFFFFFFFF", "(-1)", Datatype::Int),
        ] {
            let value = number(text);
            let (found, wanted) = (value.sql.parse::<f64>(), sql.parse::<f64>());
            assert!(value.sql == sql || (found.is_ok() && found == wanted), "{text}: {}", value.sql);
            assert_eq!(value.field.datatype, datatype, "{text}");
        }
        for text in ["", "-", "--1", "1x", "e5", "infinit", "0x"] {
            assert!(!is_number(text), "{text}");
        }
    }
}
