//! A push tokenizer for XML 1.0: tags, pieces of text, references. Comments and processing instructions are dropped, the
//! document type declaration is passed over and nothing of it is ever expanded.
//!
//! Chunks may be cut anywhere. Text comes in pieces as it arrives; only a tag that crosses a cut is copied. No byte is
//! looked at twice, so that a tag or a cell of many chunks costs what its bytes cost. Quick-xml then reads the tag.

use memchr::{memchr, memchr2, memchr3};

pub(crate) mod tag;
pub(crate) mod text;

/// Longest name in a reference such as `&eacute;`; what is longer is a lone ampersand.
const REFERENCE: usize = 64;

/// A piece of the document.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// Literal text, also from CDATA; its neighbors may belong to the same text.
    Text(&'a [u8]),
    /// Brackets in CDATA, which may have come with an earlier chunk.
    Brackets(&'static [u8]),
    /// The name between `&` and `;`.
    Reference(&'a [u8]),
    /// An ampersand that begins no reference, with what followed.
    Ampersand(&'a [u8]),
    /// A start tag without its brackets; `empty` if it is also the end.
    Start { content: &'a [u8], empty: bool },
    /// The name in an end tag.
    End(&'a [u8]),
    /// The beginning of the document type declaration, from the name on.
    Doctype(&'a [u8]),
}

/// The state between two chunks.
#[derive(Clone, Debug)]
pub(crate) struct Tokenizer {
    state: State,
    /// What came of a tag or reference before the cut.
    carry: Vec<u8>,
    longest_tag: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Text,
    Reference,
    /// After `<`.
    Open,
    /// In a tag; the quote that is open, or 0.
    Tag(u8),
    /// After `<!`, until it is clear what begins.
    Declaration,
    /// In a comment, after so many hyphens.
    Comment(u8),
    /// In a processing instruction; whether the last byte was `?`.
    Instruction(bool),
    /// In CDATA, after so many brackets that were not passed on.
    Cdata(u8),
    /// In a document type declaration.
    Doctype {
        quote: u8,
        subset: bool,
        matched: u8,
        comment: bool,
    },
}

impl Tokenizer {
    /// A tokenizer that refuses tags above `longest_tag` bytes.
    pub(crate) fn new(longest_tag: usize) -> Tokenizer {
        Tokenizer { state: State::Text, carry: Vec::new(), longest_tag }
    }

    /// Whether the next byte is text or begins markup: nothing is half read.
    pub(crate) fn is_between(&self) -> bool {
        self.state == State::Text
    }

    /// What the document ends in, if it ends now.
    pub(crate) fn inside(&self) -> Option<&'static str> {
        match self.state {
            State::Text => None,
            State::Reference => Some("a reference"),
            State::Open | State::Tag(_) | State::Declaration => Some("a tag"),
            State::Comment(_) => Some("a comment"),
            State::Instruction(_) => Some("a processing instruction"),
            State::Cdata(_) => Some("a CDATA section"),
            State::Doctype { .. } => Some("the document type declaration"),
        }
    }

    /// The next token of `input` from `at` on, which moves; `None` when all is consumed. An error is its cause in words.
    pub(crate) fn next<'a>(&'a mut self, input: &'a [u8], at: &mut usize) -> Result<Option<Token<'a>>, &'static str> {
        while *at < input.len() {
            let rest = &input[*at..];
            match self.state {
                State::Text => match rest[0] {
                    b'<' => {
                        *at += 1;
                        self.carry.clear();
                        self.state = State::Open;
                    }
                    b'&' => {
                        *at += 1;
                        self.carry.clear();
                        self.state = State::Reference;
                    }
                    _ => {
                        let end = memchr2(b'<', b'&', rest).unwrap_or(rest.len());
                        *at += end;
                        return Ok(Some(Token::Text(&rest[..end])));
                    }
                },
                State::Reference => {
                    let byte = rest[0];
                    if byte == b';' && !self.carry.is_empty() {
                        *at += 1;
                        self.state = State::Text;
                        return Ok(Some(Token::Reference(&self.carry)));
                    }
                    let named = byte.is_ascii_alphanumeric() || b"#_-.:".contains(&byte) || byte >= 0x80;
                    if !named || self.carry.len() >= REFERENCE {
                        self.state = State::Text;
                        return Ok(Some(Token::Ampersand(&self.carry)));
                    }
                    self.carry.push(byte);
                    *at += 1;
                }
                State::Open => match rest[0] {
                    b'!' => {
                        *at += 1;
                        self.state = State::Declaration;
                    }
                    b'?' => {
                        *at += 1;
                        self.state = State::Instruction(false);
                    }
                    b'/' | b'_' | b':' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.state = State::Tag(0),
                    _ => return Err("a `<` that begins no tag"),
                },
                State::Tag(quote) => {
                    let found = match quote {
                        0 => end_of_tag_or_quote(rest),
                        quote => memchr(quote, rest),
                    };
                    let taken = found.map_or(rest.len(), |found| found + 1);
                    if self.carry.len() + taken > self.longest_tag {
                        *at += self.longest_tag - self.carry.len();
                        return Err("a tag is too long");
                    }
                    let Some(found) = found else {
                        self.carry.extend_from_slice(rest);
                        *at = input.len();
                        return Ok(None);
                    };
                    match rest[found] {
                        b'>' if quote == 0 => {
                            *at += taken;
                            self.state = State::Text;
                            if self.carry.is_empty() {
                                return tag(&rest[..found]).map(Some);
                            }
                            self.carry.extend_from_slice(&rest[..found]);
                            return tag(&self.carry).map(Some);
                        }
                        b'<' if quote == 0 => {
                            *at += found;
                            return Err("a `<` inside a tag");
                        }
                        byte => {
                            // A tag that holds quotes and lies in one chunk is found again from its beginning: see below.
                            if self.carry.is_empty()
                                && let Some(end) = end_of_whole_tag(rest, found)
                                && end < self.longest_tag
                            {
                                *at += end + 1;
                                self.state = State::Text;
                                return tag(&rest[..end]).map(Some);
                            }
                            self.carry.extend_from_slice(&rest[..taken]);
                            self.state = State::Tag(if quote == 0 { byte } else { 0 });
                            *at += taken;
                        }
                    }
                }
                State::Declaration => {
                    self.carry.push(rest[0]);
                    *at += 1;
                    let known: [(&[u8], State); 3] = [
                        (b"--", State::Comment(0)),
                        (b"[CDATA[", State::Cdata(0)),
                        (b"DOCTYPE", State::Doctype { quote: 0, subset: false, matched: 0, comment: false }),
                    ];
                    if let Some((_, state)) = known.iter().find(|(name, _)| *name == self.carry) {
                        self.state = *state;
                        self.carry.clear();
                    } else if !known.iter().any(|(name, _)| name.starts_with(&self.carry)) {
                        if self.carry.eq_ignore_ascii_case(b"DOCTYPE") {
                            self.state = known[2].1;
                            self.carry.clear();
                        } else if !b"DOCTYPE".starts_with(self.carry.to_ascii_uppercase().as_slice()) {
                            return Err("an unknown declaration after `<!`");
                        }
                    }
                }
                State::Comment(hyphens) => {
                    *at += match (hyphens, rest[0]) {
                        (2, b'>') => {
                            self.state = State::Text;
                            1
                        }
                        (_, b'-') => {
                            self.state = State::Comment((hyphens + 1).min(2));
                            1
                        }
                        _ => {
                            self.state = State::Comment(0);
                            memchr(b'-', rest).unwrap_or(rest.len())
                        }
                    };
                }
                State::Instruction(asked) => {
                    if asked && rest[0] == b'>' {
                        self.state = State::Text;
                        *at += 1;
                    } else {
                        let found = memchr(b'?', rest);
                        *at += found.map_or(rest.len(), |found| found + 1);
                        self.state = State::Instruction(found.is_some());
                    }
                }
                State::Cdata(held) => match (held, rest[0]) {
                    (0, b']') => {
                        self.state = State::Cdata(1);
                        *at += 1;
                    }
                    (0, _) => {
                        let end = memchr(b']', rest).unwrap_or(rest.len());
                        *at += end;
                        return Ok(Some(Token::Text(&rest[..end])));
                    }
                    (1, b']') => {
                        self.state = State::Cdata(2);
                        *at += 1;
                    }
                    (2, b'>') => {
                        self.state = State::Text;
                        *at += 1;
                    }
                    (2, b']') => {
                        *at += 1;
                        return Ok(Some(Token::Brackets(b"]")));
                    }
                    (held, _) => {
                        self.state = State::Cdata(0);
                        return Ok(Some(Token::Brackets(&b"]]"[..held.into()])));
                    }
                },
                State::Doctype { quote, subset, matched, comment } => {
                    let byte = rest[0];
                    *at += 1;
                    if self.carry.len() < 256 {
                        self.carry.push(byte);
                    }
                    if let Some(state) = doctype(byte, quote, subset, matched, comment) {
                        self.state = state;
                    } else {
                        self.state = State::Text;
                        return Ok(Some(Token::Doctype(&self.carry)));
                    }
                }
            }
        }
        Ok(None)
    }
}

/// The end of the tag, or the first quote or stray `<` before it.
fn end_of_tag_or_quote(rest: &[u8]) -> Option<usize> {
    let found = memchr3(b'>', b'"', b'\'', rest);
    memchr(b'<', &rest[..found.unwrap_or(rest.len())]).or(found)
}

/// The end of a tag whose first quote stands at `quote`, if all of it is here.
fn end_of_whole_tag(rest: &[u8], mut quote: usize) -> Option<usize> {
    loop {
        quote += 1 + memchr(rest[quote], &rest[quote + 1..])? + 1;
        quote += end_of_tag_or_quote(&rest[quote..])?;
        match rest[quote] {
            b'>' => return Some(quote),
            b'<' => return None,
            _ => {}
        }
    }
}

fn tag(content: &[u8]) -> Result<Token<'_>, &'static str> {
    if let Some(name) = content.strip_prefix(b"/") {
        return Ok(Token::End(name.trim_ascii_end()));
    }
    match content.strip_suffix(b"/") {
        Some(content) => Ok(Token::Start { content, empty: true }),
        None => Ok(Token::Start { content, empty: false }),
    }
}

/// One byte of a document type declaration; `None` at its end. Quotes, comments and the internal subset hide a `>`.
fn doctype(byte: u8, quote: u8, subset: bool, matched: u8, comment: bool) -> Option<State> {
    let state = |quote, subset, matched, comment| Some(State::Doctype { quote, subset, matched, comment });
    if comment {
        return match (matched, byte) {
            (2, b'>') => state(0, subset, 0, false),
            (_, b'-') => state(0, subset, (matched + 1).min(2), true),
            _ => state(0, subset, 0, true),
        };
    }
    if quote != 0 {
        return state(if byte == quote { 0 } else { quote }, subset, 0, false);
    }
    let opening = b"<!--";
    match byte {
        byte if byte == opening[usize::from(matched)] && matched == 3 => state(0, subset, 0, true),
        byte if byte == opening[usize::from(matched)] => state(0, subset, matched + 1, false),
        b'"' | b'\'' => state(byte, subset, 0, false),
        b'[' => state(0, true, 0, false),
        b']' => state(0, false, 0, false),
        b'>' if !subset => None,
        _ => state(0, subset, u8::from(byte == b'<'), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens with neighboring texts joined, read in steps of `step` bytes.
    fn tokens(document: &str, step: usize) -> Vec<String> {
        let mut tokenizer = Tokenizer::new(1000);
        let mut found: Vec<String> = Vec::new();
        let mut text = String::new();
        for chunk in document.as_bytes().chunks(step) {
            let mut at = 0;
            while let Some(token) = tokenizer.next(chunk, &mut at).unwrap() {
                let word = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let other = match token {
                    Token::Text(piece) | Token::Brackets(piece) => {
                        text += &word(piece);
                        continue;
                    }
                    Token::Reference(name) => format!("&{};", word(name)),
                    Token::Ampersand(rest) => format!("&{}", word(rest)),
                    Token::Start { content, empty } => format!("<{}{}>", word(content), if empty { "|" } else { "" }),
                    Token::End(name) => format!("</{}>", word(name)),
                    Token::Doctype(name) => format!("!{}", word(name).trim()),
                };
                found.extend(Some(std::mem::take(&mut text)).filter(|text| !text.is_empty()));
                found.push(other);
            }
        }
        found.extend(Some(text).filter(|text| !text.is_empty()));
        found
    }

    #[test]
    fn every_cut_gives_the_same_tokens() {
        let document = "<?xml version='1.0'?><!-- > -- <a> --><!DOCTYPE a [<!ENTITY b \"]>\"> <!-- ' ]> -->]>\
                        <a b='>' c=\"'/>\"  ><b/>t&amp;u &#65; & x<![CDATA[<]]]>]]]]></a >\n";
        let whole = tokens(document, 10_000);
        assert_eq!(
            whole,
            [
                "!a [<!ENTITY b \"]>\"> <!-- ' ]> -->]>",
                "<a b='>' c=\"'/>\"  >",
                "<b|>",
                "t",
                "&amp;",
                "u ",
                "&#65;",
                " ",
                "&",
                " x<]]]]]>",
                "</a>",
                "\n"
            ]
        );
        for step in 1..20 {
            assert_eq!(tokens(document, step), whole, "steps of {step}");
        }
    }
}
