//! The words of an expression: numbers, names, texts and symbols, each with its bytes.

use std::ops::Range;

use super::Error;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A number with a point or an exponent, or one that 64 bits do not hold.
    Number(f64),
    /// Digits only.
    Integer(i64),
    /// A name as it stands.
    Name(String),
    /// A name in quotation marks.
    Quoted(String),
    /// Text in apostrophes.
    Text(String),
    /// An operator or a parenthesis.
    Symbol(&'static str),
    End,
}

/// Longer ones first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 17] = ["<=", ">=", "<>", "!=", "==", "**", "+", "-", "*", "/", "^", "(", ")", ",", "<", ">", "="];

/// Words that are no names.
const WORDS: [&str; 6] = ["and", "or", "not", "is", "null", "between"];

pub(super) fn is_word(name: &str) -> bool {
    WORDS.iter().any(|word| name.eq_ignore_ascii_case(word))
}

/// All tokens, the last of which is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Error> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, len) = match first {
            _ if first.is_whitespace() => {
                at += first.len_utf8();
                continue;
            }
            '0'..='9' | '.' => number(rest).ok_or_else(|| Error::new(at..at + 1, "This is no number."))?,
            '"' | '\'' => {
                let (content, len) = enclosed(rest, first).ok_or_else(|| {
                    let what = if first == '"' { "quotation mark" } else { "apostrophe" };
                    Error::new(at..text.len(), format!("The {what} is not closed."))
                })?;
                (if first == '"' { Token::Quoted(content) } else { Token::Text(content) }, len)
            }
            _ if first.is_alphabetic() || first == '_' => {
                let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                (Token::Name(rest[..len].to_owned()), len)
            }
            _ => match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
                Some(symbol) => (Token::Symbol(symbol), symbol.len()),
                None => {
                    let range = at..at + first.len_utf8();
                    return Err(Error::new(range, format!("{first} has no meaning here.")));
                }
            },
        };
        tokens.push((token, at..at + len));
        at += len;
    }
    tokens.push((Token::End, text.len()..text.len()));
    Ok(tokens)
}

fn number(rest: &str) -> Option<(Token, usize)> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut len = digits(0);
    if bytes.get(len) == Some(&b'.') {
        len += 1 + digits(len + 1);
    }
    if let Some(b'e' | b'E') = bytes.get(len) {
        let sign = usize::from(matches!(bytes.get(len + 1), Some(b'+' | b'-')));
        let exponent = digits((len + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            len += 1 + sign + exponent;
        }
    }
    let text = &rest[..len];
    let token = match text.parse() {
        Ok(integer) => Token::Integer(integer),
        Err(_) => Token::Number(text.parse().ok()?),
    };
    Some((token, len))
}

/// What stands between two marks, a doubled mark for the mark itself; and how many bytes that takes.
fn enclosed(rest: &str, mark: char) -> Option<(String, usize)> {
    let mut content = String::new();
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character != mark {
            content.push(character);
        } else if characters.next_if(|(_, next)| *next == mark).is_some() {
            content.push(mark);
        } else {
            return Some((content, at + 1));
        }
    }
    None
}
