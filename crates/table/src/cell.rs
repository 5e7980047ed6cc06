//! One cell, borrowed from its column, and how it reads as text.

use std::fmt::{self, Write as _};
use std::ops::Range;

use crate::{Column, Data};

/// The value of one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number, exact.
    Integer(i64),
    /// 32-bit floating point, printed with the digits that 32 bits have.
    Float(f32),
    /// 64-bit floating point.
    Double(f64),
    /// Real and imaginary part; `floatComplex` widened.
    Complex([f64; 2]),
    /// Text.
    Text(&'a str),
    /// Several elements of one type.
    Array(Array<'a>),
}

/// The elements of an array cell.
#[derive(Clone, Debug)]
pub struct Array<'a> {
    data: &'a Data,
    range: (usize, usize),
}

impl Copy for Array<'_> {}

impl PartialEq for Array<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other.iter()).all(|(a, b)| a == b)
    }
}

impl<'a> Array<'a> {
    pub(crate) fn new(data: &'a Data, range: Range<usize>) -> Array<'a> {
        Array { data, range: (range.start, range.end) }
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.range.1 - self.range.0
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at `at`, a number below [`Array::len`]; unknown booleans are null.
    pub fn get(&self, at: usize) -> Cell<'a> {
        let at = self.range.0 + at;
        match self.data {
            Data::Boolean(vector) if vector[at] > 1 => Cell::Null,
            Data::Boolean(vector) => Cell::Boolean(vector[at] == 1),
            Data::UnsignedByte(vector) => Cell::Integer(vector[at].into()),
            Data::Short(vector) => Cell::Integer(vector[at].into()),
            Data::Int(vector) => Cell::Integer(vector[at].into()),
            Data::Long(vector) => Cell::Integer(vector[at]),
            Data::Float(vector) => Cell::Float(vector[at]),
            Data::Double(vector) => Cell::Double(vector[at]),
            Data::FloatComplex(vector) => Cell::Complex(vector[at].map(f64::from)),
            Data::DoubleComplex(vector) => Cell::Complex(vector[at]),
            Data::Text(text) => Cell::Text(&text[self.range.0..self.range.1]),
        }
    }

    /// The elements in order.
    pub fn iter(&self) -> impl Iterator<Item = Cell<'a>> + use<'a> {
        let array = *self;
        (0..array.len()).map(move |at| array.get(at))
    }
}

/// Prints a cell: nothing for null, shortest exact digits for numbers, elements of arrays with single blanks between.
/// Made by [`Column::display`].
pub struct Display<'a>(Cell<'a>);

impl fmt::Display for Display<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Cell::Null => Ok(()),
            Cell::Boolean(value) => write!(f, "{value}"),
            Cell::Integer(value) => write!(f, "{value}"),
            // `{:?}` gives the shortest digits that read back the same, with an exponent where plain digits would be long.
            Cell::Float(value) => write!(f, "{value:?}"),
            Cell::Double(value) => write!(f, "{value:?}"),
            Cell::Complex([real, imaginary]) => write!(f, "{real:?} {imaginary:?}"),
            Cell::Text(text) => f.write_str(text),
            Cell::Array(array) => {
                for (at, element) in array.iter().enumerate() {
                    if at > 0 {
                        f.write_char(' ')?;
                    }
                    Display(element).fmt(f)?;
                }
                Ok(())
            }
        }
    }
}

impl Column {
    /// The cell of `row` as text.
    pub fn display(&self, row: usize) -> Display<'_> {
        Display(self.cell(row))
    }

    /// Appends the cell of `row` as text; nothing for null.
    pub fn write_text(&self, row: usize, out: &mut String) {
        // Writing to a String cannot fail.
        let _ = write!(out, "{}", self.display(row));
    }
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display(*self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use crate::{ArraySize, Column, Data, Datatype, Field};

    #[test]
    fn cells_read_as_text() {
        let mut column = Column::new(Field::new("x", Datatype::Double));
        for value in [0.1, 1e-9, 123_456.5, 1e300, f64::INFINITY] {
            column.push_double(value);
        }
        let texts: Vec<String> = (0..5).map(|row| column.display(row).to_string()).collect();
        assert_eq!(texts, ["0.1", "1e-9", "123456.5", "1e300", "inf"]);
    }

    #[test]
    fn arrays_read_as_text() {
        let mut field = Field::new("x", Datatype::Float);
        field.arraysize = ArraySize::fixed(2);
        let mut column = Column::new(field);
        if let Data::Float(vector) = column.data_mut() {
            vector.extend([0.1, 2.0]);
        }
        column.end_row(true);
        assert_eq!(column.display(0).to_string(), "0.1 2.0");
    }
}
