//! Bytes of a Rust string and UTF-16 units of the same text in the browser.

use adql::lexer::{Token, TokenKind};

/// The class of each kind of token; the index is what [`encode`] writes.
pub const CLASSES: [&str; 7] =
    ["adql-keyword", "adql-function", "adql-string", "adql-number", "adql-comment", "adql-operator", "adql-error"];

/// Start, end (UTF-16) and class of every token that has a color.
pub fn encode(text: &str, tokens: &[Token]) -> Vec<u32> {
    let mut encoded = Vec::with_capacity(3 * tokens.len());
    let mut place = Place::new(text);
    for token in tokens {
        let class = match token.kind {
            TokenKind::Keyword => 0,
            TokenKind::Function => 1,
            TokenKind::String => 2,
            TokenKind::Number => 3,
            TokenKind::Comment => 4,
            TokenKind::Operator => 5,
            TokenKind::Error => 6,
            TokenKind::Identifier | TokenKind::Delimited | TokenKind::Whitespace => continue,
        };
        encoded.extend([place.at(token.range.start), place.at(token.range.end), class]);
    }
    encoded
}

/// Goes through a text once, from left to right.
pub struct Place<'a> {
    rest: &'a str,
    byte: usize,
    unit: u32,
}

impl<'a> Place<'a> {
    /// At the start of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { rest: text, byte: 0, unit: 0 }
    }

    /// The UTF-16 offset of `byte`, which is not before the last one asked for; a byte inside a character counts as its start.
    pub fn at(&mut self, byte: usize) -> u32 {
        while let Some(next) = self.rest.chars().next() {
            if self.byte + next.len_utf8() > byte {
                break;
            }
            self.byte += next.len_utf8();
            self.unit += if next.len_utf16() == 2 { 2 } else { 1 };
            self.rest = &self.rest[next.len_utf8()..];
        }
        self.unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_utf16_units() {
        let text = "'é😀' FROM";
        let from = text.find("FROM").unwrap();
        assert_eq!(Place::new(text).at(from), 6);
        assert_eq!(Place::new(text).at(from + 100), 10);
        assert_eq!(Place::new(text).at(2), 1, "inside é");
    }

    #[test]
    fn tokens_that_have_a_color_are_encoded() {
        let text = "SELECT 'ü' -- ü\n, 1";
        let encoded = encode(text, &adql::lexer::tokens(text));
        assert_eq!(encoded, [0, 6, 0, 7, 10, 2, 11, 15, 4, 16, 17, 5, 18, 19, 3]);
    }
}
