//! Base64 in pieces (RFC 4648, section 4), with white space anywhere.

/// Four characters of six bits, and how far we are in them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decoder {
    group: [u8; 4],
    filled: usize,
    padding: usize,
    /// A padded group was decoded: nothing may follow.
    ended: bool,
}

/// What is wrong, and at which byte of the piece.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bad {
    pub(crate) at: usize,
    pub(crate) cause: String,
}

const INVALID: u32 = 1 << 31;

/// What each character contributes at each of the four places of a group.
static TABLES: [[u32; 256]; 4] = [table(18), table(12), table(6), table(0)];

const fn table(shift: u32) -> [u32; 256] {
    let mut table = [INVALID; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0;
    while value < 64 {
        table[alphabet[value] as usize] = (value as u32) << shift;
        value += 1;
    }
    table
}

impl Decoder {
    /// Decodes a piece and appends the bytes. On an error all bytes before it have been appended.
    pub(crate) fn decode(&mut self, text: &[u8], bytes: &mut Vec<u8>) -> Result<(), Bad> {
        bytes.reserve(text.len() / 4 * 3 + 3);
        let mut at = 0;
        while at < text.len() {
            if self.filled == 0 && self.padding == 0 && !self.ended {
                at += whole_groups(&text[at..], bytes);
                if at == text.len() {
                    break;
                }
            }
            self.character(text[at], bytes).map_err(|cause| Bad { at, cause })?;
            at += 1;
        }
        Ok(())
    }

    /// The end of the text: a group without its padding is taken as if it had it, and the answer is then true.
    pub(crate) fn finish(&mut self, bytes: &mut Vec<u8>) -> Result<bool, String> {
        match (self.filled, self.padding) {
            (0, 0) => Ok(false),
            (1, _) => Err("the text ends after a single character of a group".to_owned()),
            (filled, _) => {
                let bits = self.bits();
                bytes.extend_from_slice(&bits.to_be_bytes()[1..filled]);
                self.filled = 0;
                Ok(true)
            }
        }
    }

    fn character(&mut self, byte: u8, bytes: &mut Vec<u8>) -> Result<(), String> {
        let value = TABLES[3][usize::from(byte)];
        if value != INVALID {
            if self.ended || self.padding > 0 {
                return Err("characters after the padding `=`".to_owned());
            }
            self.group[self.filled] = byte;
            self.filled += 1;
            if self.filled == 4 {
                bytes.extend_from_slice(&self.bits().to_be_bytes()[1..]);
                self.filled = 0;
            }
            return Ok(());
        }
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => Ok(()),
            b'=' if self.ended => Err("too much padding".to_owned()),
            b'=' => {
                if self.filled < 2 {
                    return Err("padding `=` where a character belongs".to_owned());
                }
                self.padding += 1;
                if self.filled + self.padding == 4 {
                    bytes.extend_from_slice(&self.bits().to_be_bytes()[1..self.filled]);
                    *self = Decoder { ended: true, ..Decoder::default() };
                }
                Ok(())
            }
            byte if byte.is_ascii_graphic() => Err(format!("the character `{}`", char::from(byte))),
            byte => Err(format!("the byte 0x{byte:02x}")),
        }
    }

    /// The bits of the group so far, the rest zero.
    fn bits(&self) -> u32 {
        let filled = self.group[..self.filled].iter().zip(&TABLES);
        filled.fold(0, |bits, (byte, table)| bits | table[usize::from(*byte)])
    }
}

/// Decodes groups until one holds something else than four characters of the alphabet. How many bytes were consumed.
fn whole_groups(text: &[u8], bytes: &mut Vec<u8>) -> usize {
    let mut at = 0;
    loop {
        let [a, b, c, d] = match text.get(at..at + 4) {
            Some(&[a, b, c, d]) => [a, b, c, d].map(usize::from),
            _ => return at,
        };
        let bits = TABLES[0][a] | TABLES[1][b] | TABLES[2][c] | TABLES[3][d];
        if bits & INVALID == 0 {
            bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
            at += 4;
        } else if matches!(text[at], b'\n' | b'\r' | b' ') {
            // Lines of 64 characters end between groups.
            at += 1;
        } else {
            return at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str, step: usize) -> Result<Vec<u8>, String> {
        let mut decoder = Decoder::default();
        let mut bytes = Vec::new();
        for piece in text.as_bytes().chunks(step) {
            decoder.decode(piece, &mut bytes).map_err(|bad| bad.cause)?;
        }
        decoder.finish(&mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn pieces_and_white_space_do_not_matter() {
        for step in 1..12 {
            for (text, bytes) in [
                ("", "".as_bytes()),
                ("Zg==", b"f"),
                ("Zm8=", b"fo"),
                ("Zm9v", b"foo"),
                (" Z\r\nm\t9vY mE= \n", b"fooba"),
                ("Zm9vYg", b"foob"),
                ("//79/v+A", b"\xff\xfe\xfd\xfe\xff\x80"),
            ] {
                assert_eq!(decode(text, step).as_deref(), Ok(bytes), "{text} in steps of {step}");
            }
        }
    }

    #[test]
    fn errors_are_named() {
        for step in [1, 3, 100] {
            for (text, cause) in [
                ("Zg==Zg==", "characters after the padding `=`"),
                ("Zg=v", "characters after the padding `=`"),
                ("Zg===", "too much padding"),
                ("Z===", "padding `=` where a character belongs"),
                ("Zm9v-", "the character `-`"),
                ("Zm9vé", "the byte 0xc3"),
                ("Zm9vZ", "the text ends after a single character of a group"),
            ] {
                assert_eq!(decode(text, step), Err(cause.to_owned()), "{text} in steps of {step}");
            }
        }
    }
}
