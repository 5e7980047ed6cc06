//! One column: its field, its values in one vector, where each cell begins, and which cells are null.
//!
//! Writing goes in two steps, so that a reader can be cut anywhere: append elements to [`Column::data_mut`], then close the
//! row with [`Column::end_row`]. What was appended and not closed is dropped by [`Column::rewind`].

use crate::{Array, Cell, Datatype, Field, Mask};

/// The elements of a column, cell after cell.
#[derive(Clone, Debug)]
pub enum Data {
    /// 0 false, 1 true, 2 unknown (inside arrays only). Also `bit`.
    Boolean(Vec<u8>),
    /// `unsignedByte`.
    UnsignedByte(Vec<u8>),
    /// `short`.
    Short(Vec<i16>),
    /// `int`.
    Int(Vec<i32>),
    /// `long`.
    Long(Vec<i64>),
    /// `float`; NaN is a value here, null by the mask.
    Float(Vec<f32>),
    /// `double`.
    Double(Vec<f64>),
    /// `floatComplex`: real, imaginary.
    FloatComplex(Vec<[f32; 2]>),
    /// `doubleComplex`: real, imaginary.
    DoubleComplex(Vec<[f64; 2]>),
    /// `char` and `unicodeChar`: UTF-8 of all cells, one after the other.
    Text(String),
}

impl Data {
    fn new(datatype: Datatype) -> Data {
        match datatype {
            Datatype::Boolean | Datatype::Bit => Data::Boolean(Vec::new()),
            Datatype::UnsignedByte => Data::UnsignedByte(Vec::new()),
            Datatype::Short => Data::Short(Vec::new()),
            Datatype::Int => Data::Int(Vec::new()),
            Datatype::Long => Data::Long(Vec::new()),
            Datatype::Float => Data::Float(Vec::new()),
            Datatype::Double => Data::Double(Vec::new()),
            Datatype::FloatComplex => Data::FloatComplex(Vec::new()),
            Datatype::DoubleComplex => Data::DoubleComplex(Vec::new()),
            Datatype::Char | Datatype::UnicodeChar => Data::Text(String::new()),
        }
    }

    /// Number of elements; bytes for text.
    pub fn len(&self) -> usize {
        each!(self, vector => vector.len())
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn truncate(&mut self, len: usize) {
        each!(self, vector => vector.truncate(len))
    }

    /// Appends `n` elements that stand for no value: zero, NaN, unknown.
    fn push_fill(&mut self, n: usize) {
        match self {
            Data::Boolean(vector) => vector.extend(std::iter::repeat_n(2, n)),
            Data::UnsignedByte(vector) => vector.extend(std::iter::repeat_n(0, n)),
            Data::Short(vector) => vector.extend(std::iter::repeat_n(0, n)),
            Data::Int(vector) => vector.extend(std::iter::repeat_n(0, n)),
            Data::Long(vector) => vector.extend(std::iter::repeat_n(0, n)),
            Data::Float(vector) => vector.extend(std::iter::repeat_n(f32::NAN, n)),
            Data::Double(vector) => vector.extend(std::iter::repeat_n(f64::NAN, n)),
            Data::FloatComplex(vector) => vector.extend(std::iter::repeat_n([f32::NAN; 2], n)),
            Data::DoubleComplex(vector) => vector.extend(std::iter::repeat_n([f64::NAN; 2], n)),
            Data::Text(_) => {}
        }
    }

    fn memory(&self) -> usize {
        match self {
            Data::Boolean(vector) | Data::UnsignedByte(vector) => vector.capacity(),
            Data::Short(vector) => vector.capacity() * 2,
            Data::Int(vector) => vector.capacity() * 4,
            Data::Float(vector) => vector.capacity() * 4,
            Data::Long(vector) => vector.capacity() * 8,
            Data::Double(vector) => vector.capacity() * 8,
            Data::FloatComplex(vector) => vector.capacity() * 8,
            Data::DoubleComplex(vector) => vector.capacity() * 16,
            Data::Text(text) => text.capacity(),
        }
    }
}

/// The same expression for whatever vector is inside.
macro_rules! each {
    ($data:expr, $vector:ident => $body:expr) => {
        match $data {
            Data::Boolean($vector) => $body,
            Data::UnsignedByte($vector) => $body,
            Data::Short($vector) => $body,
            Data::Int($vector) => $body,
            Data::Long($vector) => $body,
            Data::Float($vector) => $body,
            Data::Double($vector) => $body,
            Data::FloatComplex($vector) => $body,
            Data::DoubleComplex($vector) => $body,
            Data::Text($vector) => $body,
        }
    };
}
use each;

/// A column and its cells.
#[derive(Clone, Debug)]
pub struct Column {
    field: Field,
    data: Data,
    /// Where each cell ends, in elements; only for text and arrays of varying size.
    ends: Vec<usize>,
    mask: Mask,
    rows: usize,
    /// Elements in each cell, if the same in all.
    count: Option<usize>,
}

impl Column {
    /// An empty column.
    pub fn new(field: Field) -> Column {
        let count = if field.is_text() { None } else { field.arraysize.count() };
        Column { data: Data::new(field.datatype), ends: Vec::new(), mask: Mask::default(), rows: 0, count, field }
    }

    /// What the column is.
    pub fn field(&self) -> &Field {
        &self.field
    }

    /// What the column is, to complete its metadata; its datatype and arraysize must stay.
    pub fn field_mut(&mut self) -> &mut Field {
        &mut self.field
    }

    /// Number of closed rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// All elements, cell after cell.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The elements, to append those of the next row. Close it with [`Column::end_row`].
    pub fn data_mut(&mut self) -> &mut Data {
        &mut self.data
    }

    /// Closes the row whose elements were appended. A null row gets its elements filled up, a fixed cell with too few or too
    /// many elements is brought to its size, so that columns never go out of step.
    pub fn end_row(&mut self, valid: bool) {
        match self.count {
            Some(count) => {
                let want = (self.rows + 1) * count;
                let have = self.data.len();
                self.data.truncate(want);
                self.data.push_fill(want.saturating_sub(have));
            }
            None => self.ends.push(self.data.len()),
        }
        if !valid {
            self.mask.set_null(self.rows);
        }
        self.rows += 1;
    }

    /// Drops elements that were appended and not closed.
    pub fn rewind(&mut self) {
        self.data.truncate(self.begin(self.rows));
    }

    /// Keeps the first `rows` rows.
    pub fn truncate(&mut self, rows: usize) {
        if rows < self.rows {
            self.data.truncate(self.begin(rows));
            self.ends.truncate(rows);
            self.mask.truncate(rows);
            self.rows = rows;
        }
    }

    /// Appends a null.
    pub fn push_null(&mut self) {
        self.rewind();
        self.end_row(false);
    }

    /// Appends text to a text column, a null to any other.
    pub fn push_text(&mut self, text: &str) {
        let Data::Text(buffer) = &mut self.data else { return self.push_null() };
        buffer.push_str(text);
        self.end_row(true);
    }

    /// Appends a truth value to a boolean column; to any other as 0 or 1.
    pub fn push_boolean(&mut self, value: bool) {
        match &mut self.data {
            Data::Boolean(vector) => {
                vector.push(u8::from(value));
                self.end_row(true);
            }
            _ => self.push_integer(i64::from(value)),
        }
    }

    /// Appends a whole number as the column's type; null where it does not fit.
    pub fn push_integer(&mut self, value: i64) {
        let fits = match &mut self.data {
            Data::Boolean(vector) => u8::try_from(value).ok().filter(|v| *v < 2).map(|v| vector.push(v)),
            Data::UnsignedByte(vector) => u8::try_from(value).ok().map(|v| vector.push(v)),
            Data::Short(vector) => i16::try_from(value).ok().map(|v| vector.push(v)),
            Data::Int(vector) => i32::try_from(value).ok().map(|v| vector.push(v)),
            Data::Long(vector) => {
                let _: () = vector.push(value);
                Some(())
            }
            Data::Float(vector) => {
                let _: () = vector.push(value as f32);
                Some(())
            }
            Data::Double(vector) => {
                let _: () = vector.push(value as f64);
                Some(())
            }
            Data::FloatComplex(vector) => {
                let _: () = vector.push([value as f32, 0.0]);
                Some(())
            }
            Data::DoubleComplex(vector) => {
                let _: () = vector.push([value as f64, 0.0]);
                Some(())
            }
            Data::Text(buffer) => {
                let _: () = buffer.push_str(&value.to_string());
                Some(())
            }
        };
        self.end_row(fits.is_some());
    }

    /// Appends a floating-point number as the column's type; NaN is null, as is what a whole-number column cannot hold exactly.
    pub fn push_double(&mut self, value: f64) {
        if value.is_nan() {
            return self.push_null();
        }
        match &mut self.data {
            Data::Float(vector) => vector.push(value as f32),
            Data::Double(vector) => vector.push(value),
            Data::FloatComplex(vector) => vector.push([value as f32, 0.0]),
            Data::DoubleComplex(vector) => vector.push([value, 0.0]),
            Data::Text(buffer) => buffer.push_str(&format!("{value:?}")),
            _ if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0 => {
                return self.push_integer(value as i64);
            }
            _ => return self.push_null(),
        }
        self.end_row(true);
    }

    /// Appends row `row` of `other`, a column of the same datatype and arraysize.
    pub fn push_from(&mut self, other: &Column, row: usize) {
        let range = other.range(row);
        match (&mut self.data, &other.data) {
            (Data::Boolean(to), Data::Boolean(from)) => to.extend_from_slice(&from[range]),
            (Data::UnsignedByte(to), Data::UnsignedByte(from)) => to.extend_from_slice(&from[range]),
            (Data::Short(to), Data::Short(from)) => to.extend_from_slice(&from[range]),
            (Data::Int(to), Data::Int(from)) => to.extend_from_slice(&from[range]),
            (Data::Long(to), Data::Long(from)) => to.extend_from_slice(&from[range]),
            (Data::Float(to), Data::Float(from)) => to.extend_from_slice(&from[range]),
            (Data::Double(to), Data::Double(from)) => to.extend_from_slice(&from[range]),
            (Data::FloatComplex(to), Data::FloatComplex(from)) => to.extend_from_slice(&from[range]),
            (Data::DoubleComplex(to), Data::DoubleComplex(from)) => to.extend_from_slice(&from[range]),
            (Data::Text(to), Data::Text(from)) => to.push_str(&from[range]),
            _ => return self.push_null(),
        }
        self.end_row(!other.is_null(row));
    }

    /// Whether the cell holds no value.
    pub fn is_null(&self, row: usize) -> bool {
        self.mask.is_null(row)
    }

    /// How many cells hold no value.
    pub fn nulls(&self) -> usize {
        self.mask.nulls()
    }

    /// Which cells hold no value.
    pub fn mask(&self) -> &Mask {
        &self.mask
    }

    /// Where the elements of a cell lie in [`Column::data`].
    pub fn range(&self, row: usize) -> std::ops::Range<usize> {
        match self.count {
            Some(count) => row * count..(row + 1) * count,
            None => self.begin(row)..self.ends[row],
        }
    }

    /// The cell of a row below [`Column::len`].
    pub fn cell(&self, row: usize) -> Cell<'_> {
        if self.is_null(row) {
            return Cell::Null;
        }
        let range = self.range(row);
        if let Data::Text(text) = &self.data {
            return Cell::Text(&text[range]);
        }
        if self.field.arraysize.is_scalar() {
            return Array::new(&self.data, range.clone()).get(0);
        }
        Cell::Array(Array::new(&self.data, range))
    }

    /// The cell as a number, for plots and statistics; `None` for null, NaN, text and arrays. Not for identifiers.
    pub fn number(&self, row: usize) -> Option<f64> {
        match self.cell(row) {
            Cell::Integer(value) => Some(value as f64),
            Cell::Float(value) => Some(f64::from(value)),
            Cell::Double(value) => Some(value),
            Cell::Boolean(value) => Some(f64::from(u8::from(value))),
            _ => None,
        }
        .filter(|value| !value.is_nan())
    }

    /// Bytes of memory held.
    pub fn memory(&self) -> usize {
        self.data.memory() + self.ends.capacity() * size_of::<usize>() + self.mask.memory()
    }

    fn begin(&self, row: usize) -> usize {
        match self.count {
            Some(count) => row * count,
            None if row == 0 => 0,
            None => self.ends[row - 1],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ArraySize;

    #[test]
    fn scalars_keep_every_digit() {
        let mut column = Column::new(Field::new("source_id", Datatype::Long));
        column.push_integer(6_917_528_997_577_384_321);
        column.push_null();
        assert_eq!(column.cell(0), Cell::Integer(6_917_528_997_577_384_321));
        assert_eq!(column.cell(1), Cell::Null);
        assert_eq!((column.len(), column.nulls()), (2, 1));
    }

    #[test]
    fn text_lies_in_one_buffer() {
        let mut column = Column::new(Field::new("name", Datatype::Char));
        column.push_text("Gaia DR3 1");
        column.push_text("");
        column.push_null();
        column.push_text("é");
        assert_eq!(column.cell(0), Cell::Text("Gaia DR3 1"));
        assert_eq!(column.cell(1), Cell::Text(""));
        assert_eq!(column.cell(2), Cell::Null);
        assert_eq!(column.cell(3), Cell::Text("é"));
        assert!(matches!(column.data(), Data::Text(text) if text == "Gaia DR3 1é"));
    }

    #[test]
    fn what_was_not_closed_is_dropped() {
        let mut field = Field::new("flux", Datatype::Float);
        field.arraysize = ArraySize::VARIABLE;
        let mut column = Column::new(field);
        if let Data::Float(vector) = column.data_mut() {
            vector.extend([1.0, 2.0]);
        }
        column.end_row(true);
        if let Data::Float(vector) = column.data_mut() {
            vector.push(3.0);
        }
        column.rewind();
        assert_eq!(column.data().len(), 2);
        column.push_null();
        assert_eq!(column.range(1), 2..2);
        column.truncate(1);
        assert_eq!(column.len(), 1);
    }

    #[test]
    fn fixed_cells_keep_their_size() {
        let mut field = Field::new("position", Datatype::Double);
        field.arraysize = ArraySize::fixed(3);
        let mut column = Column::new(field);
        for elements in [vec![1.0], vec![1.0, 2.0, 3.0, 4.0], vec![]] {
            if let Data::Double(vector) = column.data_mut() {
                vector.extend(elements);
            }
            column.end_row(true);
        }
        assert_eq!((column.len(), column.data().len()), (3, 9));
    }

    #[test]
    fn numbers_that_do_not_fit_are_null() {
        let mut column = Column::new(Field::new("n", Datatype::Short));
        column.push_integer(40_000);
        column.push_double(7.0);
        column.push_double(7.5);
        assert_eq!([0, 1, 2].map(|row| column.cell(row)), [Cell::Null, Cell::Integer(7), Cell::Null]);
    }
}
