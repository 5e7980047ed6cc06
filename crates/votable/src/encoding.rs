//! Bytes of the document to UTF-8: byte order mark, UTF-16 either way, ISO 8859-1 and Windows-1252 as declared.
//!
//! UTF-8 passes through without a copy and without a check; whoever stores text checks it. XML 1.0, section 4.3.3 and appendix F.

use memchr::memmem;

/// How far the XML declaration is looked for.
const DECLARATION: usize = 1024;

/// Turns chunks into UTF-8.
#[derive(Clone, Debug)]
pub(crate) struct Decoder {
    state: State,
    /// Bytes of the beginning, or of a character that is cut.
    head: Vec<u8>,
    text: Vec<u8>,
    /// Name of the encoding, if one that we do not know was declared.
    pub(crate) unknown: Option<String>,
    /// Where in `text` something was not a character and became U+FFFD.
    damaged: Option<usize>,
}

/// Text of the document.
pub(crate) struct Decoded<'a> {
    pub(crate) text: &'a [u8],
    /// Where in it something was not a character.
    pub(crate) damaged: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Detect,
    Utf8,
    Latin1,
    Utf16 { big: bool },
}

impl Decoder {
    pub(crate) fn new() -> Decoder {
        Decoder { state: State::Detect, head: Vec::new(), text: Vec::new(), unknown: None, damaged: None }
    }

    /// Name of the encoding in use.
    pub(crate) fn name(&self) -> &'static str {
        match self.state {
            State::Detect | State::Utf8 => "UTF-8",
            State::Latin1 => "ISO-8859-1",
            State::Utf16 { big: true } => "UTF-16BE",
            State::Utf16 { big: false } => "UTF-16LE",
        }
    }

    /// Decodes a first part of `chunk`: how many bytes, and the text that they and earlier bytes make.
    pub(crate) fn decode<'a>(&'a mut self, chunk: &'a [u8]) -> (usize, Decoded<'a>) {
        self.damaged = None;
        match self.state {
            State::Detect => {
                let mut used = 0;
                while used < chunk.len() && self.state == State::Detect {
                    self.head.push(chunk[used]);
                    used += 1;
                    self.detect(false);
                }
                (used, self.beginning())
            }
            State::Utf8 => (chunk.len(), Decoded { text: chunk, damaged: None }),
            State::Latin1 => {
                self.text.clear();
                latin1(chunk, &mut self.text);
                (chunk.len(), self.decoded())
            }
            State::Utf16 { big } => {
                self.text.clear();
                self.utf16(chunk, big);
                (chunk.len(), self.decoded())
            }
        }
    }

    /// What is left at the end of the document.
    pub(crate) fn finish(&mut self) -> Decoded<'_> {
        self.damaged = None;
        if self.state == State::Detect {
            self.detect(true);
            return self.beginning();
        }
        self.text.clear();
        if !self.head.is_empty() {
            self.head.clear();
            self.damaged = Some(0);
            self.text.extend_from_slice("\u{fffd}".as_bytes());
        }
        self.decoded()
    }

    /// The text of the detected beginning; empty while nothing is decided.
    fn beginning(&mut self) -> Decoded<'_> {
        self.text.clear();
        if self.state != State::Detect {
            let head = std::mem::take(&mut self.head);
            match self.state {
                State::Utf16 { big } => self.utf16(&head, big),
                State::Latin1 => latin1(&head, &mut self.text),
                _ => self.text = head,
            }
        }
        self.decoded()
    }

    fn decoded(&self) -> Decoded<'_> {
        Decoded { text: &self.text, damaged: self.damaged }
    }

    fn detect(&mut self, all: bool) {
        let head = self.head.as_slice();
        let marks: [(&[u8], usize, State); 5] = [
            (b"\xef\xbb\xbf", 3, State::Utf8),
            (b"\xfe\xff", 2, State::Utf16 { big: true }),
            (b"\xff\xfe", 2, State::Utf16 { big: false }),
            (b"\0<\0", 0, State::Utf16 { big: true }),
            (b"<\0", 0, State::Utf16 { big: false }),
        ];
        if let Some((_, skip, state)) = marks.iter().find(|(mark, ..)| head.starts_with(mark)) {
            self.head.drain(..skip);
            self.state = *state;
            return;
        }
        let may_grow = |mark: &[u8]| mark.len() > head.len() && mark.starts_with(head);
        if !all && (marks.iter().any(|(mark, ..)| may_grow(mark)) || may_grow(b"<?xml")) {
            return;
        }
        if !head.starts_with(b"<?xml") {
            self.state = State::Utf8;
        } else if head.ends_with(b"?>") || all || head.len() >= DECLARATION {
            self.state = self.declared();
        }
    }

    fn declared(&mut self) -> State {
        let Some(name) = declared_encoding(&self.head) else { return State::Utf8 };
        match name.to_ascii_lowercase().as_str() {
            // A document that says UTF-16 in eight-bit characters is not in UTF-16.
            "utf-8" | "utf8" | "us-ascii" | "ascii" | "utf-16" | "utf16" => State::Utf8,
            "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "latin-1" | "l1" | "windows-1252" | "cp1252" => {
                State::Latin1
            }
            _ => {
                self.unknown = Some(name);
                State::Utf8
            }
        }
    }

    fn utf16(&mut self, chunk: &[u8], big: bool) {
        let mut bytes = std::mem::take(&mut self.head);
        bytes.extend_from_slice(chunk);
        let mut units = bytes.chunks_exact(2).map(|pair| match big {
            true => u16::from_be_bytes([pair[0], pair[1]]),
            false => u16::from_le_bytes([pair[0], pair[1]]),
        });
        // A high surrogate at the end waits for its other half.
        let mut kept = bytes.len() % 2;
        let last = units.next_back();
        if last.is_some_and(|unit| (0xd800..0xdc00).contains(&unit)) {
            kept += 2;
        }
        let whole = units.chain(last.filter(|_| kept < 2));
        for character in char::decode_utf16(whole) {
            let character = character.unwrap_or_else(|_| {
                self.damaged.get_or_insert(self.text.len());
                char::REPLACEMENT_CHARACTER
            });
            self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.head = bytes.split_off(bytes.len() - kept);
    }
}

/// The name in `encoding="…"` of an XML declaration.
fn declared_encoding(declaration: &[u8]) -> Option<String> {
    let at = memmem::find(declaration, b"encoding")?;
    let rest = declaration[at + 8..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (&quote, rest) = rest.split_first()?;
    let end = rest.iter().position(|byte| *byte == quote)?;
    Some(String::from_utf8_lossy(&rest[..end]).into_owned())
}

/// ISO 8859-1, with the letters that Windows-1252 has where ISO has controls: nobody means the controls.
fn latin1(chunk: &[u8], text: &mut Vec<u8>) {
    const WINDOWS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    for &byte in chunk {
        let character = match byte {
            0..=0x7f => {
                text.push(byte);
                continue;
            }
            0x80..=0x9f => WINDOWS[usize::from(byte - 0x80)],
            _ => char::from(byte),
        };
        text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8], step: usize) -> String {
        let mut decoder = Decoder::new();
        let mut text = Vec::new();
        for mut chunk in bytes.chunks(step) {
            while !chunk.is_empty() {
                let (used, piece) = decoder.decode(chunk);
                text.extend_from_slice(piece.text);
                chunk = &chunk[used..];
            }
        }
        text.extend_from_slice(decoder.finish().text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn encodings_in_pieces() {
        let text = "<?xml version='1.0'?><a>é日😀</a>";
        let mut utf8 = b"\xef\xbb\xbf".to_vec();
        utf8.extend_from_slice(text.as_bytes());
        let utf16 = |big: bool, mark: bool| -> Vec<u8> {
            let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
            units.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let documents = [
            utf8,
            text.as_bytes().to_vec(),
            utf16(true, true),
            utf16(true, false),
            utf16(false, true),
            utf16(false, false),
        ];
        for (at, document) in documents.iter().enumerate() {
            for step in [1, 2, 3, 7, 1000] {
                assert_eq!(decode(document, step), text, "document {at} in steps of {step}");
            }
        }
    }

    #[test]
    fn latin1_is_declared() {
        let document = b"<?xml version=\"1.0\" encoding = 'ISO-8859-1' ?><a>\xe9\x80</a>";
        for step in [1, 5, 1000] {
            assert!(decode(document, step).ends_with("<a>é€</a>"));
        }
    }
}
