//! ADQL 2.1, section 2.1: the text of a query cut into tokens.
//!
//! Never fails: what is no token of ADQL becomes an error token, and every byte belongs to exactly one token.

mod words;

use std::ops::Range;

pub use words::{FUNCTIONS, is_function, is_keyword, is_reserved};

/// What a token is; enough to color it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word of the grammar: `SELECT`, `and`.
    Keyword,
    /// The name of a function of the standard, or any name directly before a parenthesis.
    Function,
    /// A regular identifier: `gaiadr3`, `phot_g_mean_mag`.
    Identifier,
    /// An identifier in double quotes, quotes included.
    Delimited,
    /// A number: `12`, `1.5e-3`, `0x1F`.
    Number,
    /// A string in single quotes, quotes included.
    String,
    /// An operator or a punctuation mark.
    Operator,
    /// `--` to the end of the line (and `/* … */`, which the parser rejects).
    Comment,
    /// Blanks and line ends.
    Whitespace,
    /// What is no token of ADQL: a strange character, a string that is not closed.
    Error,
}

/// A piece of the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes in the text.
    pub range: Range<usize>,
}

impl Token {
    /// The token's own text within the text it was cut from.
    pub fn text<'a>(&self, query: &'a str) -> &'a str {
        query.get(self.range.clone()).unwrap_or_default()
    }
}

/// All tokens of the text in order, whitespace and comments included; their ranges join up to the whole text.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let (kind, length) = first(&text[start..]);
        let mut kind = kind;
        if kind == TokenKind::Identifier {
            let word = &text[start..start + length];
            if is_keyword(word) {
                kind = TokenKind::Keyword;
            } else if text[start + length..].trim_start().starts_with('(') {
                kind = TokenKind::Function;
            }
        }
        tokens.push(Token { kind, range: start..start + length });
        start += length;
    }
    tokens
}

/// The tokens that an editor colors: all but whitespace. One pass over the text, no parsing.
pub fn highlight(text: &str) -> Vec<Token> {
    let mut tokens = tokens(text);
    tokens.retain(|token| token.kind != TokenKind::Whitespace);
    tokens
}

/// Kind and length in bytes of the token at the start of `rest`, which is not empty.
fn first(rest: &str) -> (TokenKind, usize) {
    let bytes = rest.as_bytes();
    let second = bytes.get(1).copied().unwrap_or(0);
    match bytes[0] {
        b' ' | b'\t' | b'\r' | b'\n' | 0x0c => {
            (TokenKind::Whitespace, run(bytes, |b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0x0c)))
        }
        b'-' if second == b'-' => (TokenKind::Comment, run(bytes, |b| b != b'\n')),
        b'/' if second == b'*' => match rest.find("*/") {
            Some(end) => (TokenKind::Comment, end + 2),
            None => (TokenKind::Error, rest.len()),
        },
        b'\'' => quoted(bytes, b'\'', TokenKind::String),
        b'"' => quoted(bytes, b'"', TokenKind::Delimited),
        b'0'..=b'9' => (TokenKind::Number, number(bytes)),
        b'.' if second.is_ascii_digit() => (TokenKind::Number, number(bytes)),
        b if b.is_ascii_alphabetic() || b == b'_' => {
            (TokenKind::Identifier, run(bytes, |b| b.is_ascii_alphanumeric() || b == b'_'))
        }
        b'<' if matches!(second, b'=' | b'>') => (TokenKind::Operator, 2),
        b'>' | b'!' | b'=' if second == b'=' => (TokenKind::Operator, 2),
        b'|' if second == b'|' => (TokenKind::Operator, 2),
        b'=' | b'<' | b'>' | b'+' | b'-' | b'*' | b'/' | b'%' | b'(' | b')' | b',' | b'.' | b';' | b'&' | b'|'
        | b'^' | b'~' => (TokenKind::Operator, 1),
        _ => (TokenKind::Error, rest.chars().next().map_or(1, char::len_utf8)),
    }
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|&b| !belongs(b)).unwrap_or(bytes.len())
}

/// A string or delimited identifier; a doubled quote stands for one quote.
fn quoted(bytes: &[u8], quote: u8, kind: TokenKind) -> (TokenKind, usize) {
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at] == quote {
            if bytes.get(at + 1) == Some(&quote) {
                at += 1;
            } else {
                return (kind, at + 1);
            }
        }
        at += 1;
    }
    // Not closed. The error ends with the line, so that the rest still has its colors.
    (TokenKind::Error, run(bytes, |b| b != b'\n'))
}

fn number(bytes: &[u8]) -> usize {
    let digits = |from: usize| from + run(&bytes[from..], |b| b.is_ascii_digit());
    if bytes[0] == b'0' && matches!(bytes.get(1), Some(b'x' | b'X')) {
        let end = 2 + run(&bytes[2..], |b| b.is_ascii_hexdigit());
        if end > 2 {
            return end;
        }
    }
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits((end + 1 + sign).min(bytes.len()));
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::{TokenKind::*, *};

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        tokens(text)
            .into_iter()
            .filter(|token| token.kind != Whitespace)
            .map(|token| (token.kind, &text[token.range]))
            .collect()
    }

    #[test]
    fn cuts_a_query() {
        assert_eq!(
            kinds("SELECT top 5 a.\"B \"\"q\" , count(*) -- c\nFROM x WHERE y<>'it''s'"),
            [
                (Keyword, "SELECT"),
                (Keyword, "top"),
                (Number, "5"),
                (Identifier, "a"),
                (Operator, "."),
                (Delimited, "\"B \"\"q\""),
                (Operator, ","),
                (Function, "count"),
                (Operator, "("),
                (Operator, "*"),
                (Operator, ")"),
                (Comment, "-- c"),
                (Keyword, "FROM"),
                (Identifier, "x"),
                (Keyword, "WHERE"),
                (Identifier, "y"),
                (Operator, "<>"),
                (String, "'it''s'"),
            ]
        );
    }

    #[test]
    fn numbers_end_where_they_should() {
        for (text, expect) in [
            ("1.5e-3x", "1.5e-3"),
            ("1e", "1"),
            ("1e+", "1"),
            (".5.", ".5"),
            ("0x1Fg", "0x1F"),
            ("0x", "0"),
            ("12.", "12."),
        ] {
            assert_eq!(kinds(text)[0], (Number, expect), "{text}");
        }
    }

    #[test]
    fn every_byte_belongs_to_one_token() {
        for text in ["", "'open\nSELECT", "\"", "é€ \u{a0}1", "/* no end", "a--", "1..2", "\0?#"] {
            let mut end = 0;
            for token in tokens(text) {
                assert_eq!(token.range.start, end, "{text:?}");
                assert!(token.range.end > end);
                assert!(text.is_char_boundary(token.range.end));
                end = token.range.end;
            }
            assert_eq!(end, text.len(), "{text:?}");
        }
        assert_eq!(kinds("'open\nSELECT")[1], (Keyword, "SELECT"));
    }
}
