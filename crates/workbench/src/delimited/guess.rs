//! The type of a column, from all of its cells: the narrowest that loses nothing.

/// What all cells of a column can be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    /// Whole numbers of 64 bits.
    Integer,
    Double,
    Text,
}

/// What the cells seen so far leave possible.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guess {
    seen: bool,
    boolean: bool,
    integer: bool,
    double: bool,
}

impl Default for Guess {
    fn default() -> Guess {
        Guess { seen: false, boolean: true, integer: true, double: true }
    }
}

impl Guess {
    /// Takes a cell into account.
    pub(super) fn see(&mut self, text: &str) {
        // Bulk files of the archive write `null` where others write nothing; it decides nothing.
        if text.is_empty() || is_null(text) {
            return;
        }
        self.seen = true;
        self.boolean = self.boolean && boolean(text).is_some();
        self.double = self.double && double(text).is_some();
        self.integer = self.integer && integer(text).is_some();
    }

    /// The narrowest type.
    pub(super) fn kind(self) -> Kind {
        match self {
            Guess { seen: false, .. } => Kind::Text,
            Guess { boolean: true, .. } => Kind::Boolean,
            Guess { integer: true, .. } => Kind::Integer,
            Guess { double: true, .. } => Kind::Double,
            _ => Kind::Text,
        }
    }
}

/// Whether a cell is a number.
pub(super) fn is_number(text: &str) -> bool {
    integer(text).is_some() || double(text).is_some()
}

/// A whole number. Not `007`, which is a label: its zeros would be lost.
pub(super) fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let label = digits.len() > 1 && digits.starts_with('0');
    (plain && !label).then(|| text.parse().ok())?
}

/// A floating-point number. Not whole numbers that a double cannot tell from their neighbors.
pub(super) fn double(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    match digits.to_ascii_lowercase().as_str() {
        "nan" => return Some(f64::NAN),
        "inf" | "infinity" => return Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }),
        _ => {}
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-')) {
        return None;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let exact = integer(text)?.unsigned_abs() <= 1 << 53;
        return exact.then(|| text.parse().ok())?;
    }
    text.parse().ok()
}

/// A truth value in words; 0 and 1 are numbers.
pub(super) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

fn is_null(text: &str) -> bool {
    text.eq_ignore_ascii_case("null")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(cells: &[&str]) -> Kind {
        let mut guess = Guess::default();
        cells.iter().for_each(|cell| guess.see(cell));
        guess.kind()
    }

    #[test]
    fn columns_get_the_narrowest_type_that_loses_nothing() {
        assert_eq!(kind(&["6917528997577384321", "-5", "", "null"]), Kind::Integer);
        assert_eq!(kind(&["1", "2.5"]), Kind::Double);
        assert_eq!(kind(&["1e-9", "NaN", "-inf", "+.5"]), Kind::Double);
        assert_eq!(kind(&["6917528997577384321", "2.5"]), Kind::Text, "a double would lose the last digit");
        assert_eq!(kind(&["99999999999999999999"]), Kind::Text);
        assert_eq!(kind(&["007", "1"]), Kind::Text);
        assert_eq!(kind(&["true", "False"]), Kind::Boolean);
        assert_eq!(kind(&["true", "1"]), Kind::Text);
        assert_eq!(kind(&["", "null"]), Kind::Text);
        assert_eq!(kind(&["2016-01-01"]), Kind::Text);
        assert_eq!(kind(&["e5", "-", "."]), Kind::Text);
    }
}
