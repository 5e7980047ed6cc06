//! The bytes of a BINARY or BINARY2 STREAM to rows (VOTable 1.5, sections 5.3 and 5.4).
//!
//! Bytes come in pieces of any size. A row is read cell by cell, and a cell that is not all there is not looked at again
//! before it is, so that a cell of many pieces costs what its bytes cost.

use table::{Column, Data, Datatype};

use crate::tabledata::{Cells, Odd, is_nan_pair};

pub(crate) mod base64;

/// The state of a stream between two pieces.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stream {
    /// BINARY2: a null mask stands before each row.
    masked: bool,
    pub(crate) base64: base64::Decoder,
    /// Decoded bytes; those before `at` are read.
    pub(crate) bytes: Vec<u8>,
    at: usize,
    /// The mask of the row that is being read.
    mask: Vec<u8>,
    /// Whether the mask of this row was read.
    has_mask: bool,
    /// The next column of the row.
    column: usize,
    /// Complete rows.
    pub(crate) rows: usize,
    /// Fewer bytes than this need not be looked at.
    want: usize,
}

/// Why the rest of a stream cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// What is wrong.
    Data(String),
    /// A cell is larger than allowed.
    TooLarge,
}

impl Stream {
    pub(crate) fn new(masked: bool) -> Stream {
        Stream { masked, ..Stream::default() }
    }

    /// Reads as many cells as there are bytes for. `odd` is called with the column of each odd cell.
    pub(crate) fn read(
        &mut self,
        columns: &mut [Column],
        cells: &[Cells],
        largest: usize,
        mut odd: impl FnMut(usize, Odd),
    ) -> Result<(), Broken> {
        // Rows of no bytes would never end.
        if columns.is_empty()
            || columns.len() != cells.len()
            || !self.masked && cells.iter().all(|cells| cells.count == Some(0))
        {
            self.bytes.clear();
            return Ok(());
        }
        while self.bytes.len() - self.at >= self.want {
            let rest = &self.bytes[self.at..];
            if self.masked && !self.has_mask {
                let length = columns.len().div_ceil(8);
                let Some(mask) = rest.get(..length) else {
                    self.want = length;
                    break;
                };
                if rest.is_empty() {
                    break;
                }
                self.mask.clear();
                self.mask.extend_from_slice(mask);
                self.has_mask = true;
                self.at += length;
                self.want = 0;
                continue;
            }
            if rest.is_empty() && self.column == 0 && !self.has_mask {
                break;
            }
            let column = self.column;
            let null = self.masked && self.mask[column / 8] & (0x80 >> (column % 8)) != 0;
            match cell_length(&cells[column], rest, largest)? {
                Length::Wait(want) => {
                    self.want = want;
                    break;
                }
                Length::Here { count, begin, end } => {
                    let pushed = match null {
                        true => {
                            columns[column].end_row(false);
                            Ok(())
                        }
                        false => push_cell(&mut columns[column], &cells[column], count, &rest[begin..end], self.masked),
                    };
                    if let Err(what) = pushed {
                        odd(column, what);
                    }
                    self.at += end;
                    self.want = 0;
                }
            }
            self.column += 1;
            if self.column == columns.len() {
                self.column = 0;
                self.has_mask = false;
                self.rows += 1;
            }
        }
        // What is read goes away once a piece; a cell that waits lies at the beginning then and is not moved again.
        self.bytes.drain(..self.at);
        self.at = 0;
        Ok(())
    }

    /// Whether the stream stops inside a row.
    pub(crate) fn is_inside_row(&self) -> bool {
        self.column > 0 || self.has_mask || !self.bytes.is_empty()
    }
}

enum Length {
    /// So many bytes are needed.
    Wait(usize),
    /// `count` elements lie between `begin` and `end`.
    Here { count: usize, begin: usize, end: usize },
}

fn cell_length(cells: &Cells, rest: &[u8], largest: usize) -> Result<Length, Broken> {
    let (count, begin) = match cells.count {
        Some(count) => (count, 0),
        None => {
            let Some(&length) = rest.first_chunk::<4>() else { return Ok(Length::Wait(4)) };
            let length = i32::from_be_bytes(length);
            let count = usize::try_from(length)
                .map_err(|_| Broken::Data(format!("a variable-length cell has the length {length}")))?;
            (count, 4)
        }
    };
    let size = match cells.datatype {
        Datatype::Bit => count.div_ceil(8),
        Datatype::Boolean | Datatype::UnsignedByte | Datatype::Char => count,
        Datatype::Short | Datatype::UnicodeChar => count.saturating_mul(2),
        Datatype::Int | Datatype::Float => count.saturating_mul(4),
        Datatype::Long | Datatype::Double | Datatype::FloatComplex => count.saturating_mul(8),
        Datatype::DoubleComplex => count.saturating_mul(16),
    };
    if size > largest {
        return Err(Broken::TooLarge);
    }
    let end = begin + size;
    Ok(if rest.len() < end { Length::Wait(end) } else { Length::Here { count, begin, end } })
}

fn push_cell(column: &mut Column, cells: &Cells, count: usize, bytes: &[u8], masked: bool) -> Result<(), Odd> {
    let before = column.data().len();
    let mut odd = None;
    match column.data_mut() {
        Data::Boolean(vector) if cells.datatype == Datatype::Bit && cells.scalar => {
            // A lone bit should be the highest; some writers set another.
            vector.extend(bytes.iter().map(|byte| u8::from(*byte != 0)));
        }
        Data::Boolean(vector) if cells.datatype == Datatype::Bit => {
            vector.extend((0..count).map(|at| bytes[at / 8] >> (7 - at % 8) & 1));
        }
        Data::Boolean(vector) => vector.extend(bytes.iter().map(|byte| match byte {
            b'T' | b't' | b'1' => 1,
            b'F' | b'f' | b'0' => 0,
            b'?' | b' ' | 0 => 2,
            _ => {
                odd = Some(Odd::Unreadable);
                2
            }
        })),
        Data::UnsignedByte(vector) => vector.extend_from_slice(bytes),
        Data::Short(vector) => vector.extend(bytes.as_chunks().0.iter().map(|bytes| i16::from_be_bytes(*bytes))),
        Data::Int(vector) => vector.extend(bytes.as_chunks().0.iter().map(|bytes| i32::from_be_bytes(*bytes))),
        Data::Long(vector) => vector.extend(bytes.as_chunks().0.iter().map(|bytes| i64::from_be_bytes(*bytes))),
        Data::Float(vector) => vector.extend(bytes.as_chunks().0.iter().map(|bytes| f32::from_be_bytes(*bytes))),
        Data::Double(vector) => vector.extend(bytes.as_chunks().0.iter().map(|bytes| f64::from_be_bytes(*bytes))),
        Data::FloatComplex(vector) => {
            let parts = bytes.as_chunks::<4>().0.as_chunks::<2>().0;
            vector.extend(parts.iter().map(|pair| pair.map(f32::from_be_bytes)));
        }
        Data::DoubleComplex(vector) => {
            let parts = bytes.as_chunks::<8>().0.as_chunks::<2>().0;
            vector.extend(parts.iter().map(|pair| pair.map(f64::from_be_bytes)));
        }
        Data::Text(buffer) => {
            if push_characters(buffer, cells, bytes) {
                odd = Some(Odd::NotText);
            }
        }
    }
    // Without a mask an empty cell of varying length is the only way to write a null.
    let null = match column.data() {
        _ if count == 0 && !cells.scalar => !masked,
        Data::Text(_) => false,
        _ if !cells.scalar => false,
        Data::Boolean(vector) => vector[before] == 2,
        Data::UnsignedByte(vector) => cells.is_null_integer(vector[before].into()),
        Data::Short(vector) => cells.is_null_integer(vector[before].into()),
        Data::Int(vector) => cells.is_null_integer(vector[before].into()),
        Data::Long(vector) => cells.is_null_integer(vector[before]),
        Data::Float(vector) => cells.is_null_float32(vector[before]),
        Data::Double(vector) => cells.is_null_float(vector[before]),
        Data::FloatComplex(_) | Data::DoubleComplex(_) => is_nan_pair(column, before),
    };
    if null {
        column.rewind();
    }
    column.end_row(!null);
    odd.map_or(Ok(()), Err)
}

/// Appends the characters of a cell; whether some were none. A string ends at NUL; in an array of strings, which stays one
/// text with strings of the same width, blanks fill up.
fn push_characters(buffer: &mut String, cells: &Cells, bytes: &[u8]) -> bool {
    let mut damaged = false;
    let width = cells.width.map(|width| if cells.datatype == Datatype::UnicodeChar { 2 * width } else { width });
    let Some(width) = width.filter(|width| *width > 0 && *width < bytes.len()) else {
        return push_string(buffer, cells.datatype, bytes);
    };
    let begin = buffer.len();
    for string in bytes.chunks(width) {
        let before = buffer.len();
        damaged |= push_string(buffer, cells.datatype, string);
        let missing = cells.width.unwrap_or(0).saturating_sub(buffer[before..].chars().count());
        buffer.extend(std::iter::repeat_n(' ', missing));
    }
    let end = begin + buffer[begin..].trim_end_matches(' ').len();
    buffer.truncate(end);
    damaged
}

fn push_string(buffer: &mut String, datatype: Datatype, bytes: &[u8]) -> bool {
    if datatype == Datatype::UnicodeChar {
        let units = bytes.as_chunks().0.iter().map(|bytes| u16::from_be_bytes(*bytes)).take_while(|unit| *unit != 0);
        let mut damaged = false;
        buffer.extend(char::decode_utf16(units).map(|character| {
            character.unwrap_or_else(|_| {
                damaged = true;
                char::REPLACEMENT_CHARACTER
            })
        }));
        return damaged;
    }
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    match std::str::from_utf8(&bytes[..end]) {
        Ok(text) => {
            buffer.push_str(text);
            false
        }
        Err(_) => {
            // Whoever wrote this meant one byte a character.
            buffer.extend(bytes[..end].iter().map(|byte| char::from(*byte)));
            true
        }
    }
}
