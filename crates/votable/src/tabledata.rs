//! The text of a TABLEDATA cell to a value in its column (VOTable 1.5, sections 5.1 and 6).
//!
//! An empty cell is null. A cell that does not read as its datatype becomes null with a warning, since one bad cell must
//! not cost the table.

use table::{Column, Data, Datatype, Field};

/// What a cell needs to know of its column, worked out once.
#[derive(Clone, Debug)]
pub(crate) struct Cells {
    pub(crate) datatype: Datatype,
    /// Elements in each cell, if the same in all.
    pub(crate) count: Option<usize>,
    pub(crate) scalar: bool,
    /// The fixed part of the shape: characters of one string in an array of strings.
    pub(crate) width: Option<usize>,
    pub(crate) null: Option<Null>,
}

/// The number that stands for no value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Null {
    Integer(i64),
    Float(f64),
}

impl Cells {
    pub(crate) fn of(field: &Field) -> Cells {
        let null = field.null.as_deref().and_then(|text| match field.datatype {
            datatype if datatype.is_integer() => integer(text.trim().as_bytes(), bits(datatype)).map(Null::Integer),
            Datatype::Float | Datatype::Double => float(text.trim().as_bytes()).map(Null::Float),
            _ => None,
        });
        let dims = &field.arraysize.dims;
        let several = dims.len() + usize::from(field.arraysize.variable) > 1;
        Cells {
            datatype: field.datatype,
            count: field.arraysize.count(),
            scalar: field.arraysize.is_scalar(),
            width: dims.first().copied().filter(|_| several),
            null,
        }
    }

    /// A text as far as the arraysize reaches. A lone character is not cut: there the arraysize was forgotten.
    fn fitting<'a>(&self, text: &'a str) -> &'a str {
        match self.count {
            Some(count) if !self.scalar && text.len() > count => {
                let end = text.char_indices().nth(count).map_or(text.len(), |(end, _)| end);
                // Blanks are no loss.
                if text[end..].trim_end().is_empty() { text } else { &text[..end] }
            }
            _ => text,
        }
    }

    pub(crate) fn is_null_integer(&self, value: i64) -> bool {
        self.null == Some(Null::Integer(value))
    }

    pub(crate) fn is_null_float(&self, value: f64) -> bool {
        value.is_nan() || self.null == Some(Null::Float(value))
    }

    /// Compares in 32 bits: -99.9 in 32 bits and in 64 are different numbers.
    pub(crate) fn is_null_float32(&self, value: f32) -> bool {
        let Some(Null::Float(null)) = self.null else { return value.is_nan() };
        value.is_nan() || value == null as f32
    }
}

/// What was odd about a cell; the column has its row all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Odd {
    /// It does not read as its datatype and is null now.
    Unreadable,
    /// It is not valid text: what is not was replaced.
    NotText,
    /// A fixed array has another number of elements.
    Count,
    /// An array has commas between its elements, which are read as blanks.
    Commas,
    /// A text is longer than its fixed arraysize and was cut.
    Longer,
}

/// Appends one row to `column` from the text of its cell.
pub(crate) fn push_cell(column: &mut Column, cells: &Cells, text: &[u8]) -> Result<(), Odd> {
    if let Data::Text(buffer) = column.data_mut() {
        return match std::str::from_utf8(text) {
            Ok("") => {
                column.end_row(false);
                Ok(())
            }
            Ok(text) => {
                let whole = cells.fitting(text);
                buffer.push_str(whole);
                column.end_row(true);
                if whole.len() < text.len() { Err(Odd::Longer) } else { Ok(()) }
            }
            Err(_) => {
                buffer.push_str(&String::from_utf8_lossy(text));
                column.end_row(true);
                Err(Odd::NotText)
            }
        };
    }
    let text = text.trim_ascii();
    if text.is_empty() {
        column.end_row(false);
        return Ok(());
    }
    if cells.scalar { push_scalar(column, cells, text) } else { push_array(column, cells, text) }
}

fn push_scalar(column: &mut Column, cells: &Cells, text: &[u8]) -> Result<(), Odd> {
    // `Some(true)`: a value, `Some(false)`: null as it should be, `None`: unreadable.
    let valid = match column.data_mut() {
        Data::Boolean(vector) => boolean(text).map(|value| {
            vector.extend(value.map(u8::from));
            value.is_some()
        }),
        Data::UnsignedByte(vector) => push_integer(cells, text, 8, |value| vector.push(value as u8)),
        Data::Short(vector) => push_integer(cells, text, 16, |value| vector.push(value as i16)),
        Data::Int(vector) => push_integer(cells, text, 32, |value| vector.push(value as i32)),
        Data::Long(vector) => push_integer(cells, text, 64, |value| vector.push(value)),
        Data::Float(vector) => float32(text).map(|value| {
            let valid = !cells.is_null_float32(value);
            vector.extend(valid.then_some(value));
            valid
        }),
        Data::Double(vector) => float(text).map(|value| {
            let valid = !cells.is_null_float(value);
            vector.extend(valid.then_some(value));
            valid
        }),
        Data::FloatComplex(_) | Data::DoubleComplex(_) => return push_array(column, cells, text),
        Data::Text(_) => None,
    };
    column.end_row(valid == Some(true));
    if valid.is_some() { Ok(()) } else { Err(Odd::Unreadable) }
}

fn push_integer(cells: &Cells, text: &[u8], bits: u32, push: impl FnOnce(i64)) -> Option<bool> {
    let Some(value) = integer(text, bits) else {
        return float(text).is_some_and(f64::is_nan).then_some(false);
    };
    let valid = !cells.is_null_integer(value);
    if valid {
        push(value);
    }
    Some(valid)
}

fn push_array(column: &mut Column, cells: &Cells, text: &[u8]) -> Result<(), Odd> {
    let before = column.data().len();
    let separates = |byte: &u8| byte.is_ascii_whitespace() || *byte == b',';
    let mut words = text.split(separates).filter(|word| !word.is_empty());
    let read = match column.data_mut() {
        Data::Boolean(vector) if cells.datatype == Datatype::Bit => words.all(|word| {
            // Bits may stand together.
            word.iter().all(|digit| {
                vector.push(digit.wrapping_sub(b'0'));
                matches!(digit, b'0' | b'1')
            })
        }),
        Data::Boolean(vector) => words.all(|word| match boolean(word) {
            Some(value) => {
                vector.push(value.map_or(2, u8::from));
                true
            }
            None => false,
        }),
        Data::UnsignedByte(vector) => words.all(|word| push_all(integer(word, 8), |value| vector.push(value as u8))),
        Data::Short(vector) => words.all(|word| push_all(integer(word, 16), |value| vector.push(value as i16))),
        Data::Int(vector) => words.all(|word| push_all(integer(word, 32), |value| vector.push(value as i32))),
        Data::Long(vector) => words.all(|word| push_all(integer(word, 64), |value| vector.push(value))),
        Data::Float(vector) => words.all(|word| push_all(float32(word), |value| vector.push(value))),
        Data::Double(vector) => words.all(|word| push_all(float(word), |value| vector.push(value))),
        Data::FloatComplex(vector) => pairs(words, float32, |pair| vector.push(pair)),
        Data::DoubleComplex(vector) => pairs(words, float, |pair| vector.push(pair)),
        Data::Text(_) => false,
    };
    if !read {
        column.push_null();
        return Err(Odd::Unreadable);
    }
    let elements = column.data().len() - before;
    let null = cells.scalar && is_nan_pair(column, before);
    column.end_row(!null);
    if cells.count.is_some_and(|count| count != elements) {
        Err(Odd::Count)
    } else if text.contains(&b',') {
        Err(Odd::Commas)
    } else {
        Ok(())
    }
}

fn push_all<T>(value: Option<T>, push: impl FnOnce(T)) -> bool {
    value.map(push).is_some()
}

fn pairs<'a, T>(
    mut words: impl Iterator<Item = &'a [u8]>,
    parse: impl Fn(&[u8]) -> Option<T>,
    mut push: impl FnMut([T; 2]),
) -> bool {
    while let Some(real) = words.next() {
        let Some((real, imaginary)) = parse(real).zip(words.next().and_then(&parse)) else { return false };
        push([real, imaginary]);
    }
    true
}

/// Whether the complex number at `at` is no number in both parts, which is how a null is written.
pub(crate) fn is_nan_pair(column: &Column, at: usize) -> bool {
    match column.data() {
        Data::FloatComplex(vector) => vector.get(at).is_some_and(|pair| pair.iter().all(|part| part.is_nan())),
        Data::DoubleComplex(vector) => vector.get(at).is_some_and(|pair| pair.iter().all(|part| part.is_nan())),
        _ => false,
    }
}

/// Bits of an integer datatype.
pub(crate) fn bits(datatype: Datatype) -> u32 {
    match datatype {
        Datatype::UnsignedByte => 8,
        Datatype::Short => 16,
        Datatype::Int => 32,
        _ => 64,
    }
}

/// `Some(None)`: unknown, which is a legal value.
fn boolean(text: &[u8]) -> Option<Option<bool>> {
    match text {
        b"T" | b"t" | b"1" => Some(Some(true)),
        b"F" | b"f" | b"0" => Some(Some(false)),
        b"?" => Some(None),
        text if text.eq_ignore_ascii_case(b"true") => Some(Some(true)),
        text if text.eq_ignore_ascii_case(b"false") => Some(Some(false)),
        _ => None,
    }
}

/// A whole number that fits `bits`: decimal with a sign, or hexadecimal, which may also write the bits of a negative one.
/// Eight bits are unsigned.
pub(crate) fn integer(text: &[u8], bits: u32) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if let [b'0', b'x' | b'X', digits @ ..] = digits {
        let value = u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        let value = match bits {
            8 => i64::from(u8::try_from(value).ok()?),
            16 => i64::from(u16::try_from(value).ok()? as i16),
            32 => i64::from(u32::try_from(value).ok()? as i32),
            _ => value as i64,
        };
        return Some(if negative { value.checked_neg()? } else { value });
    }
    if digits.is_empty() {
        return None;
    }
    // Summed as a negative number, which reaches one further.
    let mut value: i64 = 0;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return whole(text, bits);
        }
        value = value.checked_mul(10)?.checked_sub(digit.into())?;
    }
    fits(if negative { value } else { value.checked_neg()? }, bits)
}

/// A whole number that is written like `3.0` or `1e3`. Not above 2^53, where digits would be lost.
fn whole(text: &[u8], bits: u32) -> Option<i64> {
    let value = float(text)?;
    if value.fract() != 0.0 || value.abs() > 9_007_199_254_740_992.0 {
        return None;
    }
    fits(value as i64, bits)
}

fn fits(value: i64, bits: u32) -> Option<i64> {
    let (least, greatest) = match bits {
        8 => (0, 255),
        16 => (i16::MIN.into(), i16::MAX.into()),
        32 => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    };
    (least..=greatest).contains(&value).then_some(value)
}

/// A number as VOTable, Java or Fortran writes it.
fn float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    text.parse().ok().or_else(|| fortran(text)?.parse().ok())
}

/// The same to 32 bits, rounded once.
fn float32(text: &[u8]) -> Option<f32> {
    let text = std::str::from_utf8(text).ok()?;
    text.parse().ok().or_else(|| fortran(text)?.parse().ok())
}

/// `1.5D-3` as `1.5E-3`.
fn fortran(text: &str) -> Option<String> {
    let begins_like_a_number = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    (begins_like_a_number && text.contains(['d', 'D'])).then(|| text.replace(['d', 'D'], "E"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_keep_to_their_range() {
        for (text, bits, value) in [
            ("0", 8, Some(0)),
            ("255", 8, Some(255)),
            ("256", 8, None),
            ("-1", 8, None),
            ("-32768", 16, Some(-32768)),
            ("+7", 16, Some(7)),
            ("0xFFFF", 16, Some(-1)),
            ("0x10000", 16, None),
            ("-9223372036854775808", 64, Some(i64::MIN)),
            ("9223372036854775807", 64, Some(i64::MAX)),
            ("9223372036854775808", 64, None),
            ("0x7fffffffffffffff", 64, Some(i64::MAX)),
            ("3.0", 32, Some(3)),
            ("3.5", 32, None),
            ("", 32, None),
            ("-", 32, None),
            ("1 2", 32, None),
        ] {
            assert_eq!(integer(text.as_bytes(), bits), value, "{text} in {bits} bits");
        }
    }

    #[test]
    fn floats_in_all_spellings() {
        for (text, value) in [
            ("1.5", 1.5),
            ("-2.5E-300", -2.5e-300),
            ("1.5D-3", 1.5e-3),
            ("+Inf", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
        ] {
            assert_eq!(float(text.as_bytes()), Some(value), "{text}");
        }
        assert!(float(b"NaN").is_some_and(f64::is_nan));
        assert_eq!(float(b"--"), None);
        assert_eq!(float32(b"0.1"), Some(0.1));
    }
}
