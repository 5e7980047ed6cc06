//! The first binary table of a FITS file (FITS 4.0, section 7.3), read from a whole file: products of DataLink are small.

use std::collections::HashMap;

use table::{ArraySize, Column, Data, Datatype, Field, Table};

const BLOCK: usize = 2880;
const CARD: usize = 80;

/// The table, or why there is none.
pub(crate) fn read(bytes: &[u8]) -> Result<Table, String> {
    let mut at = 0;
    loop {
        let header = Header::read(bytes, &mut at).ok_or("the FITS file holds no binary table")?;
        if header.text("XTENSION") == Some("BINTABLE") {
            return header
                .table(bytes, at)
                .ok_or("the binary table of the FITS file is cut or not understood".to_owned());
        }
        at = at
            .checked_add(header.size().ok_or("a header of the FITS file is damaged")?)
            .ok_or("the FITS file is damaged")?;
    }
}

struct Header(HashMap<String, String>);

impl Header {
    /// The header that begins at a place, which moves to the data behind it.
    fn read(bytes: &[u8], at: &mut usize) -> Option<Header> {
        let mut values: HashMap<String, String> = HashMap::new();
        let mut last = String::new();
        for number in 0.. {
            let card = bytes.get(*at + number * CARD..*at + (number + 1) * CARD)?;
            let card = String::from_utf8_lossy(card);
            let (keyword, rest) = card.split_at_checked(8)?;
            match keyword.trim_end() {
                "END" => {
                    *at += ((number + 1) * CARD).next_multiple_of(BLOCK);
                    return Some(Header(values));
                }
                // Long text goes on where the one before ends with an ampersand.
                "CONTINUE" => {
                    if let Some(value) = values.get_mut(&last)
                        && value.ends_with('&')
                    {
                        value.pop();
                        value.push_str(&quoted(rest.trim_start()));
                    }
                }
                keyword => {
                    let Some(value) = rest.strip_prefix("= ").map(str::trim) else { continue };
                    let value = match value.starts_with('\'') {
                        true => quoted(value),
                        false => value.split('/').next().unwrap_or_default().trim().to_owned(),
                    };
                    last = keyword.to_owned();
                    values.insert(last.clone(), value);
                }
            }
        }
        None
    }

    fn text(&self, keyword: &str) -> Option<&str> {
        self.0.get(keyword).map(|value| value.trim_end()).filter(|value| !value.is_empty())
    }

    fn number(&self, keyword: &str) -> Option<usize> {
        self.text(keyword)?.parse().ok()
    }

    /// Bytes of the data, with their padding.
    fn size(&self) -> Option<usize> {
        let mut elements: usize = if self.number("NAXIS")? == 0 { 0 } else { 1 };
        for axis in 1..=self.number("NAXIS")?.min(999) {
            elements = elements.checked_mul(self.number(&format!("NAXIS{axis}"))?)?;
        }
        let width = self.text("BITPIX")?.trim_start_matches('-').parse::<usize>().ok()? / 8;
        let elements = elements.checked_add(self.number("PCOUNT").unwrap_or(0))?;
        elements.checked_mul(width)?.checked_mul(self.number("GCOUNT").unwrap_or(1))?.checked_next_multiple_of(BLOCK)
    }

    fn table(&self, bytes: &[u8], at: usize) -> Option<Table> {
        let (width, rows) = (self.number("NAXIS1")?, self.number("NAXIS2")?);
        let data = bytes.get(at..)?;
        let body = data.get(..width.checked_mul(rows)?)?;
        let heap = data.get(self.number("THEAP").unwrap_or(body.len())..)?;
        let forms =
            (1..=self.number("TFIELDS")?.min(999)).map(|number| self.form(number)).collect::<Option<Vec<_>>>()?;
        let mut table = Table::new(forms.iter().map(|form| form.field.clone()).collect());
        table.name = self.text("EXTNAME").map(str::to_owned);
        for row in 0..rows {
            let mut cell = row * width;
            for (form, column) in forms.iter().zip(&mut table.columns) {
                form.read(body.get(cell..cell + form.width())?, heap, column)?;
                cell += form.width();
            }
        }
        Some(table)
    }

    /// What stands in a column.
    fn form(&self, number: usize) -> Option<Form> {
        let get = |keyword: &str| self.text(&format!("{keyword}{number}"));
        // Scaled numbers would be read as others than they are.
        if get("TSCAL").is_some() || get("TZERO").is_some() {
            return None;
        }
        let form = get("TFORM")?.trim();
        let digits = form.bytes().take_while(u8::is_ascii_digit).count();
        let count: usize = if digits == 0 { 1 } else { form[..digits].parse().ok()? };
        let mut letters = form[digits..].chars();
        let first = letters.next()?;
        let (heap, letter) = if matches!(first, 'P' | 'Q') { (Some(first), letters.next()?) } else { (None, first) };
        let (datatype, size) = match letter {
            'L' => (Datatype::Boolean, 1),
            'B' => (Datatype::UnsignedByte, 1),
            'I' => (Datatype::Short, 2),
            'J' => (Datatype::Int, 4),
            'K' => (Datatype::Long, 8),
            'E' => (Datatype::Float, 4),
            'D' => (Datatype::Double, 8),
            'A' => (Datatype::Char, 1),
            _ => return None,
        };
        let mut field = Field::new(get("TTYPE").unwrap_or_default(), datatype);
        field.arraysize = match heap {
            Some(_) => ArraySize::VARIABLE,
            None if datatype.is_text() => ArraySize::VARIABLE,
            None if count == 1 => ArraySize::SCALAR,
            None => ArraySize::fixed(count),
        };
        field.unit = get("TUNIT").map(str::to_owned);
        field.ucd = get("TUCD").map(str::to_owned);
        field.description = get("TCOMM").map(str::to_owned);
        let null = get("TNULL").and_then(|text| text.trim().parse().ok());
        Some(Form { field, count, heap, size, null })
    }
}

/// The text between quotation marks; a doubled one stands for itself.
fn quoted(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value.strip_prefix('\'').unwrap_or_default().chars();
    while let Some(character) = rest.next() {
        if character != '\'' {
            out.push(character);
        } else if rest.next() == Some('\'') {
            out.push('\'');
        } else {
            break;
        }
    }
    out.truncate(out.trim_end().len());
    out
}

struct Form {
    field: Field,
    count: usize,
    /// `P` or `Q`: the cell says where its elements are in the heap.
    heap: Option<char>,
    size: usize,
    null: Option<i64>,
}

impl Form {
    fn width(&self) -> usize {
        match self.heap {
            Some('Q') => 16 * self.count.min(1),
            Some(_) => 8 * self.count.min(1),
            None => self.count.saturating_mul(self.size),
        }
    }

    fn read(&self, cell: &[u8], heap: &[u8], column: &mut Column) -> Option<()> {
        let bytes = match self.heap.filter(|_| !cell.is_empty()) {
            Some(letter) => {
                let half = if letter == 'Q' { 8 } else { 4 };
                let number = |part: &[u8]| part.iter().fold(0usize, |number, byte| number << 8 | usize::from(*byte));
                let (count, start) = (number(&cell[..half]), number(&cell[half..]));
                heap.get(start..start.checked_add(count.checked_mul(self.size)?)?)?
            }
            None => cell,
        };
        let mut valid = true;
        match column.data_mut() {
            Data::Boolean(data) => {
                valid = self.count != 1 || bytes != [0];
                data.extend(bytes.iter().map(|byte| match byte {
                    b'T' => 1,
                    b'F' => 0,
                    _ => 2u8,
                }));
            }
            Data::UnsignedByte(data) => data.extend(bytes),
            Data::Short(data) => data.extend(bytes.chunks_exact(2).map(|b| i16::from_be_bytes([b[0], b[1]]))),
            Data::Int(data) => data.extend(bytes.as_chunks().0.iter().map(|b| i32::from_be_bytes(*b))),
            Data::Long(data) => data.extend(bytes.as_chunks().0.iter().map(|b| i64::from_be_bytes(*b))),
            Data::Float(data) => data.extend(bytes.as_chunks().0.iter().map(|b| f32::from_be_bytes(*b))),
            Data::Double(data) => data.extend(bytes.as_chunks().0.iter().map(|b| f64::from_be_bytes(*b))),
            Data::Text(data) => {
                let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
                data.push_str(String::from_utf8_lossy(&bytes[..end]).trim_end());
                valid = end > 0;
            }
            Data::FloatComplex(_) | Data::DoubleComplex(_) => return None,
        }
        column.end_row(valid);
        let row = column.len() - 1;
        let null = self.field.arraysize.is_scalar()
            && match column.cell(row) {
                table::Cell::Integer(value) => Some(value) == self.null,
                table::Cell::Float(value) => value.is_nan(),
                table::Cell::Double(value) => value.is_nan(),
                _ => false,
            };
        if null {
            column.truncate(row);
            column.push_null();
        }
        Some(())
    }
}
