//! One column of a binary table (FITS 4.0, section 7.3): its TFORM, its bytes, and the heap for what varies in size.

use table::{Cell, Column, Data, Datatype};

use super::header::{Header, ascii};

pub(super) struct BinaryColumn<'a> {
    column: &'a Column,
    element: Element,
    layout: Layout,
    /// TNULL: a number that no cell holds.
    null: Option<i64>,
}

/// The type of the elements, by the letter of TFORM.
#[derive(Clone, Copy, PartialEq)]
enum Element {
    Logical,
    Byte,
    Short,
    Int,
    Long,
    Float,
    Double,
    FloatComplex,
    DoubleComplex,
    Character,
}

#[derive(Clone, Copy)]
enum Layout {
    /// So many elements in each row.
    Fixed(usize),
    /// At most `most`, `total` in all rows, in the heap; 64-bit descriptors (`Q`) where 32 bits are too few.
    Heap { most: usize, total: usize, wide: bool },
}

impl<'a> BinaryColumn<'a> {
    pub(super) fn new(column: &'a Column) -> BinaryColumn<'a> {
        let mut element = Element::of(column.field().datatype);
        let layout = layout(column, element);
        let needs_null = column.nulls() > 0 && !matches!(layout, Layout::Heap { .. });
        let mut null = None;
        if needs_null && element.is_integer() {
            let wanted = column.field().null.as_deref().and_then(|text| text.trim().parse().ok());
            // Where every number of the type stands for itself, the next wider type has room for one more.
            null = free_number(column, element, wanted);
            while null.is_none() && element != Element::Long {
                element = element.wider();
                null = free_number(column, element, None);
            }
        }
        BinaryColumn { column, element, layout, null }
    }

    /// Bytes in a row.
    pub(super) fn width(&self) -> usize {
        match self.layout {
            Layout::Fixed(count) => count * self.element.size(),
            Layout::Heap { wide: false, .. } => 8,
            Layout::Heap { wide: true, .. } => 16,
        }
    }

    /// Bytes in the heap.
    pub(super) fn heap(&self) -> usize {
        match self.layout {
            Layout::Fixed(_) => 0,
            Layout::Heap { total, .. } => total * self.element.size(),
        }
    }

    /// Appends the cards of column `number`, counted from 1.
    pub(super) fn describe(&self, number: usize, header: &mut Header) {
        let field = self.column.field();
        let letter = self.element.letter();
        header.text(&format!("TTYPE{number}"), &field.name, "");
        let form = match self.layout {
            Layout::Fixed(1) if self.element != Element::Character => letter.to_string(),
            Layout::Fixed(count) => format!("{count}{letter}"),
            Layout::Heap { most, wide, .. } => format!("1{}{letter}({most})", if wide { 'Q' } else { 'P' }),
        };
        header.text(&format!("TFORM{number}"), &form, "");
        let dims = &field.arraysize.dims;
        if dims.len() > 1 && !field.arraysize.variable && self.element != Element::Character {
            let dims: Vec<String> = dims.iter().map(usize::to_string).collect();
            header.text(&format!("TDIM{number}"), &format!("({})", dims.join(",")), "");
        }
        if let Some(null) = self.null {
            header.number(&format!("TNULL{number}"), null, "");
        }
        let texts = [("TUNIT", &field.unit), ("TUCD", &field.ucd), ("TUTYP", &field.utype), ("TXTYP", &field.xtype)];
        for (keyword, text) in texts {
            if let Some(text) = text.as_deref().filter(|text| !text.trim().is_empty()) {
                header.text(&format!("{keyword}{number}"), text, "");
            }
        }
        if let Some(description) = &field.description {
            // One card, as the archive writes it.
            let line: String = ascii(description).chars().take(68).collect();
            let quotes = line.matches('\'').count();
            header.text(&format!("TCOMM{number}"), line[..line.len() - quotes.min(line.len())].trim_end(), "");
        }
    }

    /// Appends the bytes of a cell, and to `heap` those of an array of varying size.
    pub(super) fn write(&self, row: usize, out: &mut Vec<u8>, heap: &mut Vec<u8>) {
        match self.layout {
            Layout::Fixed(count) => self.elements(row, Some(count), out),
            Layout::Heap { wide, .. } => {
                let start = heap.len();
                if !self.column.is_null(row) {
                    self.elements(row, None, heap);
                }
                let count = (heap.len() - start) / self.element.size();
                if wide {
                    out.extend_from_slice(&(count as u64).to_be_bytes());
                    out.extend_from_slice(&(start as u64).to_be_bytes());
                } else {
                    out.extend_from_slice(&(count as u32).to_be_bytes());
                    out.extend_from_slice(&(start as u32).to_be_bytes());
                }
            }
        }
    }

    fn elements(&self, row: usize, count: Option<usize>, out: &mut Vec<u8>) {
        match self.column.cell(row) {
            Cell::Null => {
                for _ in 0..count.unwrap_or(0) {
                    self.element(Cell::Null, out);
                }
            }
            Cell::Text(text) => {
                let start = out.len();
                out.extend(text.chars().map(character));
                if let Some(count) = count {
                    out.resize(start + count, 0);
                }
            }
            Cell::Array(array) => array.iter().for_each(|cell| self.element(cell, out)),
            cell => self.element(cell, out),
        }
    }

    fn element(&self, cell: Cell<'_>, out: &mut Vec<u8>) {
        let integer = match cell {
            Cell::Integer(value) => value,
            _ => self.null.unwrap_or(0),
        };
        let double = match cell {
            Cell::Float(value) => f64::from(value),
            Cell::Double(value) => value,
            _ => f64::NAN,
        };
        let complex = match cell {
            Cell::Complex(parts) => parts,
            _ => [f64::NAN; 2],
        };
        match self.element {
            Element::Logical => out.push(match cell {
                Cell::Boolean(true) => b'T',
                Cell::Boolean(false) => b'F',
                _ => 0,
            }),
            Element::Character => out.push(0),
            // The numbers fit: the element was chosen for them.
            Element::Byte => out.push(integer as u8),
            Element::Short => out.extend_from_slice(&(integer as i16).to_be_bytes()),
            Element::Int => out.extend_from_slice(&(integer as i32).to_be_bytes()),
            Element::Long => out.extend_from_slice(&integer.to_be_bytes()),
            Element::Float => out.extend_from_slice(&(double as f32).to_be_bytes()),
            Element::Double => out.extend_from_slice(&double.to_be_bytes()),
            Element::FloatComplex => {
                complex.iter().for_each(|part| out.extend_from_slice(&(*part as f32).to_be_bytes()))
            }
            Element::DoubleComplex => complex.iter().for_each(|part| out.extend_from_slice(&part.to_be_bytes())),
        }
    }
}

impl Element {
    fn of(datatype: Datatype) -> Element {
        match datatype {
            Datatype::Boolean | Datatype::Bit => Element::Logical,
            Datatype::UnsignedByte => Element::Byte,
            Datatype::Short => Element::Short,
            Datatype::Int => Element::Int,
            Datatype::Long => Element::Long,
            Datatype::Float => Element::Float,
            Datatype::Double => Element::Double,
            Datatype::FloatComplex => Element::FloatComplex,
            Datatype::DoubleComplex => Element::DoubleComplex,
            Datatype::Char | Datatype::UnicodeChar => Element::Character,
        }
    }

    fn letter(self) -> char {
        match self {
            Element::Logical => 'L',
            Element::Byte => 'B',
            Element::Short => 'I',
            Element::Int => 'J',
            Element::Long => 'K',
            Element::Float => 'E',
            Element::Double => 'D',
            Element::FloatComplex => 'C',
            Element::DoubleComplex => 'M',
            Element::Character => 'A',
        }
    }

    fn size(self) -> usize {
        match self {
            Element::Logical | Element::Byte | Element::Character => 1,
            Element::Short => 2,
            Element::Int | Element::Float => 4,
            Element::Long | Element::Double | Element::FloatComplex => 8,
            Element::DoubleComplex => 16,
        }
    }

    fn is_integer(self) -> bool {
        matches!(self, Element::Byte | Element::Short | Element::Int | Element::Long)
    }

    fn wider(self) -> Element {
        match self {
            Element::Byte => Element::Short,
            Element::Short => Element::Int,
            _ => Element::Long,
        }
    }

    /// Least and greatest number of an integer type.
    fn bounds(self) -> (i64, i64) {
        match self {
            Element::Byte => (0, 255),
            Element::Short => (i16::MIN.into(), i16::MAX.into()),
            Element::Int => (i32::MIN.into(), i32::MAX.into()),
            _ => (i64::MIN, i64::MAX),
        }
    }
}

fn layout(column: &Column, element: Element) -> Layout {
    if let (Some(count), false) = (column.field().arraysize.count(), element == Element::Character) {
        return Layout::Fixed(count);
    }
    let text = element == Element::Character;
    let size = |row: usize| match column.cell(row) {
        Cell::Null => 0,
        Cell::Text(text) => text.chars().count(),
        Cell::Array(array) => array.len(),
        _ => 1,
    };
    let (mut most, mut total) = (0, 0);
    for row in 0..column.len() {
        let size = size(row);
        most = most.max(size);
        total += size;
    }
    // Text is of fixed width, as the archive writes it, unless one long cell would blow up all others.
    if text && (most * column.len() <= 4 * total + (1 << 20)) {
        return Layout::Fixed(most.max(1));
    }
    let wide = i32::try_from(total * element.size()).is_err();
    Layout::Heap { most, total, wide }
}

/// A number that no cell holds: the one `wanted`, or one at the end of the type's range.
fn free_number(column: &Column, element: Element, wanted: Option<i64>) -> Option<i64> {
    let (least, greatest) = element.bounds();
    // One number more than a type of 16 bits has, so that the search is exhaustive where it can fail.
    let mut taken = vec![false; 65_537];
    let mut wanted = wanted.filter(|number| (least..=greatest).contains(number));
    // Elements below nulls are looked at too: that can only cost a candidate.
    each_integer(column, |number| {
        let step = if element == Element::Byte { greatest.abs_diff(number) } else { number.abs_diff(least) };
        if let Some(taken) = usize::try_from(step).ok().and_then(|step| taken.get_mut(step)) {
            *taken = true;
        }
        wanted = wanted.filter(|wanted| *wanted != number);
    });
    let step = taken.iter().position(|taken| !taken)? as i64;
    let end = if element == Element::Byte { greatest - step } else { least.checked_add(step)? };
    wanted.or_else(|| (least..=greatest).contains(&end).then_some(end))
}

fn each_integer(column: &Column, mut visit: impl FnMut(i64)) {
    match column.data() {
        Data::UnsignedByte(vector) => vector.iter().for_each(|n| visit((*n).into())),
        Data::Short(vector) => vector.iter().for_each(|n| visit((*n).into())),
        Data::Int(vector) => vector.iter().for_each(|n| visit((*n).into())),
        Data::Long(vector) => vector.iter().for_each(|n| visit(*n)),
        _ => {}
    }
}

/// A character of a string column, which is ASCII.
fn character(c: char) -> u8 {
    if c.is_ascii() { c as u8 } else { b'?' }
}
