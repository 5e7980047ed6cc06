//! Rows as BINARY2 (VOTable 1.4, section 5.4): a null mask, then big-endian values; and the base64 that carries them.

use table::{Column, Data, Datatype};

/// Bytes in one line of base64: 48 make 64 characters.
const LINE: usize = 48;

/// Base64 in lines of 64 characters; what does not fill a line waits for the next row.
#[derive(Clone, Debug, Default)]
pub(super) struct Stream {
    pending: Vec<u8>,
}

impl Stream {
    pub(super) fn write(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) {
        if !self.pending.is_empty() {
            let (head, rest) = bytes.split_at(bytes.len().min(LINE - self.pending.len()));
            self.pending.extend_from_slice(head);
            if self.pending.len() < LINE {
                return;
            }
            encode_line(&self.pending, out);
            self.pending.clear();
            bytes = rest;
        }
        let lines = bytes.chunks_exact(LINE);
        self.pending.extend_from_slice(lines.remainder());
        lines.for_each(|line| encode_line(line, out));
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        if !self.pending.is_empty() {
            encode_line(&self.pending, out);
            self.pending.clear();
        }
    }
}

fn encode_line(bytes: &[u8], out: &mut Vec<u8>) {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let mut text = [18, 12, 6, 0].map(|shift| ALPHABET[(bits >> shift & 63) as usize]);
        text[group.len() + 1..].fill(b'=');
        out.extend_from_slice(&text);
    }
    out.push(b'\n');
}

pub(super) fn write_row(columns: &[Column], row: usize, out: &mut Vec<u8>) {
    let mask = out.len();
    out.resize(mask + columns.len().div_ceil(8), 0);
    for (at, column) in columns.iter().enumerate() {
        if column.is_null(row) {
            out[mask + at / 8] |= 0x80 >> (at % 8);
        }
    }
    columns.iter().for_each(|column| write_cell(column, row, out));
}

fn write_cell(column: &Column, row: usize, out: &mut Vec<u8>) {
    let range = column.range(row);
    let arraysize = &column.field().arraysize;
    let null = column.is_null(row);
    if let Data::Text(text) = column.data() {
        let text = if null { "" } else { &text[range] };
        return match column.field().datatype {
            Datatype::UnicodeChar => write_unicode(text, arraysize.count(), out),
            _ => write_chars(text, arraysize.count(), out),
        };
    }
    if arraysize.variable {
        let count = if null { 0 } else { range.len() };
        out.extend_from_slice(&(count as u32).to_be_bytes());
        if null {
            return;
        }
    }
    let filler = || column.field().null.as_deref().and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    match column.data() {
        Data::Boolean(vector) if column.field().datatype == Datatype::Bit && arraysize.is_scalar() => {
            // The standard's bit is the highest one; a widespread reader looks at bit 3. The rest is padding, so both are set.
            out.extend(vector[range].iter().map(|&bit| if bit == 1 { 0x88 } else { 0 }));
        }
        Data::Boolean(vector) if column.field().datatype == Datatype::Bit => {
            let pack =
                |bits: &[u8]| bits.iter().enumerate().fold(0, |byte, (at, &bit)| byte | u8::from(bit == 1) << (7 - at));
            out.extend(vector[range].chunks(8).map(pack));
        }
        Data::Boolean(vector) => out.extend(vector[range].iter().map(|&value| match value {
            0 => b'F',
            1 => b'T',
            _ => b'?',
        })),
        Data::UnsignedByte(_) if null => out.extend(range.map(|_| filler() as u8)),
        Data::Short(_) if null => range.for_each(|_| out.extend((filler() as i16).to_be_bytes())),
        Data::Int(_) if null => range.for_each(|_| out.extend((filler() as i32).to_be_bytes())),
        Data::Long(_) if null => range.for_each(|_| out.extend(filler().to_be_bytes())),
        Data::UnsignedByte(vector) => out.extend_from_slice(&vector[range]),
        Data::Short(vector) => vector[range].iter().for_each(|value| out.extend(value.to_be_bytes())),
        Data::Int(vector) => vector[range].iter().for_each(|value| out.extend(value.to_be_bytes())),
        Data::Long(vector) => vector[range].iter().for_each(|value| out.extend(value.to_be_bytes())),
        Data::Float(vector) => vector[range].iter().for_each(|value| out.extend(value.to_be_bytes())),
        Data::Double(vector) => vector[range].iter().for_each(|value| out.extend(value.to_be_bytes())),
        Data::FloatComplex(vector) => {
            vector[range].iter().flatten().for_each(|value| out.extend(value.to_be_bytes()));
        }
        Data::DoubleComplex(vector) => {
            vector[range].iter().flatten().for_each(|value| out.extend(value.to_be_bytes()));
        }
        Data::Text(_) => {}
    }
}

/// UTF-8; in a fixed cell cut at a character and filled up with NUL.
fn write_chars(text: &str, count: Option<usize>, out: &mut Vec<u8>) {
    match count {
        None => {
            out.extend_from_slice(&(text.len() as u32).to_be_bytes());
            out.extend_from_slice(text.as_bytes());
        }
        Some(count) => {
            let end = text.floor_char_boundary(count);
            out.extend_from_slice(&text.as_bytes()[..end]);
            out.resize(out.len() + count - end, 0);
        }
    }
}

/// UTF-16, big-endian, without a mark; in a fixed cell cut at a character and filled up with NUL.
fn write_unicode(text: &str, count: Option<usize>, out: &mut Vec<u8>) {
    let Some(count) = count else {
        out.extend_from_slice(&(text.encode_utf16().count() as u32).to_be_bytes());
        return text.encode_utf16().for_each(|unit| out.extend(unit.to_be_bytes()));
    };
    let mut left = count;
    for character in text.chars() {
        if character.len_utf16() > left {
            break;
        }
        left -= character.len_utf16();
        character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.extend(unit.to_be_bytes()));
    }
    out.resize(out.len() + 2 * left, 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_does_not_depend_on_blocks() {
        let bytes: Vec<u8> = (0..=255).collect();
        let mut whole = Vec::new();
        let mut stream = Stream::default();
        stream.write(&bytes, &mut whole);
        stream.finish(&mut whole);
        let mut pieces = Vec::new();
        let mut stream = Stream::default();
        bytes.chunks(7).for_each(|piece| stream.write(piece, &mut pieces));
        stream.finish(&mut pieces);
        assert_eq!(whole, pieces);
        assert!(whole.starts_with(b"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v\n"));
        assert!(whole.ends_with(b"/w==\n"));
    }
}
