//! The lenient front of all XML documents that a service sends: names without prefix, entities
//! resolved without expansion of anything, limits on depth and size.
//!
//! Large documents are walked with [`Walker`]; what lies below an interesting element is read as a
//! small [`Element`] tree.

use std::borrow::Cow;

use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};

use crate::error::Error;

const MAX_DEPTH: usize = 64;
const MAX_ATTRIBUTES: usize = 256;
const MAX_NAME: usize = 1024;
const MAX_TEXT: usize = 16 << 20;
const MAX_DOCUMENT: usize = 256 << 20;

/// An element with all that is below it. Names are local names.
#[derive(Debug, Default, Clone)]
pub(crate) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// All text that is directly in this element, in one piece.
    pub text: String,
    pub children: Vec<Element>,
    /// For each child, how much of `text` stands before it.
    pub text_before: Vec<usize>,
}

impl Element {
    /// Names are compared without case: some services differ in it from the standard.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.is(name))
    }

    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.is(name))
    }

    /// Trimmed text of the first child of that name; `None` if it is absent, nil or empty.
    pub fn child_text(&self, name: &str) -> Option<String> {
        let child = self.child(name)?;
        let text = child.text.trim();
        (!child.is_nil() && !text.is_empty()).then(|| text.to_owned())
    }

    /// Texts and children in the document's order.
    pub fn pieces(&self) -> impl Iterator<Item = Result<&str, &Element>> {
        let ends = self.text_before.iter().copied().chain([self.text.len()]);
        let mut start = 0;
        let texts = ends.map(move |end| {
            let piece = self.text.get(start..end).unwrap_or_default();
            start = end;
            piece
        });
        let children = self.children.iter().map(Some).chain([None]);
        texts.zip(children).flat_map(|(text, child)| [Some(Ok(text)), child.map(Err)]).flatten()
    }

    pub fn is_nil(&self) -> bool {
        self.attribute("nil").is_some_and(|value| matches!(value.trim(), "true" | "1"))
    }

    /// All text in this element and below, for pages and messages with markup.
    pub fn all_text(&self) -> String {
        let mut out = String::new();
        for piece in self.pieces() {
            match piece {
                Ok(text) => out.push_str(text),
                Err(child) => {
                    out.push(' ');
                    out.push_str(&child.all_text());
                    out.push(' ');
                }
            }
        }
        out
    }
}

/// What a [`Walker`] meets.
pub(crate) enum Step {
    /// A start tag; its content follows unless [`Walker::tree`] or [`Walker::skip`] takes it.
    Start(Element),
    /// The end of the innermost open element.
    End,
    /// The end of the document, with nothing open.
    Eof,
}

/// Walks through a document from start tag to start tag.
pub(crate) struct Walker<'a> {
    reader: Reader<&'a [u8]>,
    what: &'static str,
    depth: usize,
    /// An element `<a/>` is a start and an end.
    end_pending: bool,
    text: String,
}

impl<'a> Walker<'a> {
    pub fn new(text: &'a str, what: &'static str) -> Result<Self, Error> {
        if text.len() > MAX_DOCUMENT {
            return Err(Error::document(what, "it is larger than 256 MiB", None));
        }
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.trim_markup_names_in_closing_tags = true;
        Ok(Self { reader, what, depth: 0, end_pending: false, text: String::new() })
    }

    /// The text met since the last start or end tag.
    pub fn take_text(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// Goes on to the next tag.
    pub fn next(&mut self) -> Result<Step, Error> {
        if self.end_pending {
            self.end_pending = false;
            self.depth -= 1;
            return Ok(Step::End);
        }
        loop {
            match self.reader.read_event() {
                Err(error) => return Err(self.wrong(&error)),
                Ok(Event::Start(tag)) => return self.start(&tag, false),
                Ok(Event::Empty(tag)) => return self.start(&tag, true),
                Ok(Event::End(_)) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Step::End);
                }
                Ok(Event::Text(text)) => {
                    if self.depth > 0 {
                        self.text.push_str(&text.xml10_content());
                    }
                }
                Ok(Event::CData(text)) => self.text.push_str(&text.xml10_content()),
                Ok(Event::GeneralRef(reference)) => push_reference(&reference, &mut self.text),
                Ok(Event::Eof) if self.depth > 0 => return Err(Error::Truncated { what: self.what }),
                Ok(Event::Eof) => return Ok(Step::Eof),
                // A DTD declares entities that nobody here expands.
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            }
            if self.text.len() > MAX_TEXT {
                return Err(self.too_much("a text is longer than 16 MiB"));
            }
        }
    }

    /// Reads all that is below `element`, whose start tag was just met.
    pub fn tree(&mut self, mut element: Element) -> Result<Element, Error> {
        self.fill(&mut element)?;
        Ok(element)
    }

    /// Passes over all that is below the element whose start tag was just met.
    pub fn skip(&mut self) -> Result<(), Error> {
        let outside = self.depth - 1;
        while self.depth > outside {
            self.next()?;
            self.text.clear();
        }
        Ok(())
    }

    /// Recursion is bounded by `MAX_DEPTH`.
    fn fill(&mut self, element: &mut Element) -> Result<(), Error> {
        self.text.clear();
        loop {
            match self.next() {
                Ok(Step::Start(mut child)) => {
                    element.text.push_str(&self.take_text());
                    let result = self.fill(&mut child);
                    element.text_before.push(element.text.len());
                    element.children.push(child);
                    result?;
                }
                Ok(Step::End | Step::Eof) => {
                    element.text.push_str(&self.take_text());
                    return Ok(());
                }
                Err(error) => {
                    element.text.push_str(&self.take_text());
                    return Err(error);
                }
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<Step, Error> {
        self.depth += 1;
        self.end_pending = empty;
        if self.depth > MAX_DEPTH {
            return Err(self.too_much("elements are nested more than 64 deep"));
        }
        let name = local(tag.name().into_inner()).to_owned();
        if name.len() > MAX_NAME {
            return Err(self.too_much("a name is longer than 1 KiB"));
        }
        let mut attributes = Vec::new();
        for attribute in tag.html_attributes().with_checks(false) {
            // An attribute that cannot be read is left out; the element is worth more.
            let Ok(attribute) = attribute else { continue };
            if attributes.len() == MAX_ATTRIBUTES {
                return Err(self.too_much("an element has more than 256 attributes"));
            }
            let key = attribute.key.into_inner();
            if key != "xmlns" && !key.starts_with("xmlns:") {
                // `xsi:type` and `xlink:type` stand beside a `type` of the element's own and keep their prefix.
                let name = if key.ends_with(":type") { key } else { local(key) };
                attributes.push((name.to_owned(), unescape(&attribute.value).into_owned()));
            }
        }
        Ok(Step::Start(Element { name, attributes, ..Element::default() }))
    }

    fn wrong(&self, error: &quick_xml::Error) -> Error {
        let at = self.reader.error_position().max(self.reader.buffer_position());
        // An end of input inside a tag is what a cut connection leaves.
        if matches!(error, quick_xml::Error::Syntax(_)) {
            return Error::Truncated { what: self.what };
        }
        Error::document(self.what, error.to_string(), Some(at))
    }

    fn too_much(&self, reason: &str) -> Error {
        Error::document(self.what, reason, Some(self.reader.buffer_position()))
    }
}

/// A whole document as a tree.
///
/// A document that lacks only the end tag of its root counts as whole, since ESA's own samples do.
pub(crate) fn parse(text: &str, what: &'static str) -> Result<Element, Error> {
    let (root, error) = parse_partly(text, what);
    match (root, error) {
        (Some(root), None) => Ok(root),
        (_, Some(error)) => Err(error),
        (None, None) => Err(Error::document(what, "there is no XML in it", None)),
    }
}

/// As much of a document as can be read, and what stopped the reading.
pub(crate) fn parse_partly(text: &str, what: &'static str) -> (Option<Element>, Option<Error>) {
    let mut walker = match Walker::new(text, what) {
        Ok(walker) => walker,
        Err(error) => return (None, Some(error)),
    };
    match walker.next() {
        Ok(Step::Start(mut root)) => {
            let error = walker.fill(&mut root).err();
            let only_root_open =
                walker.depth == 1 && matches!(error, Some(Error::Truncated { .. })) && text.trim_end().ends_with('>');
            (Some(root), error.filter(|_| !only_root_open))
        }
        Ok(_) => (None, None),
        Err(error) => (None, Some(error)),
    }
}

/// Bytes as text: UTF-8 with or without mark, UTF-16 with mark, Latin-1 where the declaration says so.
/// What cannot be read becomes U+FFFD: a wrong letter in a description shall not cost the document.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes).into(),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes).into(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) if declares_latin1(bytes) => bytes.iter().map(|&byte| byte as char).collect::<String>().into(),
            Err(_) => String::from_utf8_lossy(bytes),
        },
    }
}

/// Resolves the five entities of XML and character references; other references stay as they are, visible.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let resolved = rest.find(';').filter(|end| *end <= 12).and_then(|end| Some((resolve(&rest[1..end])?, end)));
        match resolved {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out.into()
}

fn push_reference(reference: &BytesRef<'_>, out: &mut String) {
    let name: &str = reference;
    match resolve(name) {
        Some(c) => out.push(c),
        None => {
            out.push('&');
            out.push_str(name);
            out.push(';');
        }
    }
}

fn resolve(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| *c != '\0')
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn declares_latin1(bytes: &[u8]) -> bool {
    let head: String = bytes.iter().take(200).map(|&byte| byte.to_ascii_lowercase() as char).collect();
    ["iso-8859-1", "latin1", "latin-1", "windows-1252"].iter().any(|name| head.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(text: &str) -> Element {
        parse(text, "test").unwrap()
    }

    #[test]
    fn text_is_assembled_from_all_its_pieces() {
        let element = root("<a>x &lt; y <![CDATA[<b>&amp;]]> &#233;&#x41; &eacute; & z<!-- no --> end</a>");
        assert_eq!(element.text, "x < y <b>&amp; éA &eacute; & z end");
    }

    #[test]
    fn names_lose_their_prefix() {
        let element = root("<u:job xmlns:u='x' x:nil='true' a='1 &lt; 2' b=\"&quot;\"><v:phase/></u:job>");
        assert_eq!(element.name, "job");
        assert!(element.is_nil());
        assert_eq!(element.attribute("A"), Some("1 < 2"));
        assert_eq!(element.attribute("b"), Some("\""));
        assert!(element.child("PHASE").is_some());
        assert_eq!(root("<t xsi:type='vs:Table' type='view'/>").attribute("type"), Some("view"));
    }

    #[test]
    fn bombs_do_not_go_off() {
        let laughs = "<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;\"><!ENTITY d SYSTEM \"file:///etc/passwd\">]><a>&c;&d;</a>";
        assert_eq!(root(laughs).text, "&c;&d;");
        let deep = "<a>".repeat(100_000);
        assert!(matches!(parse(&deep, "test"), Err(Error::Document { .. })));
        let wide = format!("<a {}/>", (0..300).map(|n| format!("a{n}='' ")).collect::<String>());
        assert!(matches!(parse(&wide, "test"), Err(Error::Document { .. })));
    }

    #[test]
    fn only_the_last_end_tag_may_be_missing() {
        assert_eq!(root("<a><b>1</b>\n").children.len(), 1);
        assert!(matches!(parse("<a><b>1", "test"), Err(Error::Truncated { .. })));
        assert!(matches!(parse("<a><b>1</b><c", "test"), Err(Error::Truncated { .. })));
        assert!(matches!(parse("<a><b></a>", "test"), Err(Error::Document { .. })));
    }

    #[test]
    fn other_encodings_are_read() {
        assert_eq!(decode(b"\xEF\xBB\xBF<a/>"), "<a/>");
        assert_eq!(decode(b"\xFF\xFE<\0a\0/\0>\0"), "<a/>");
        assert_eq!(decode(b"\xFE\xFF\0<\0a\0/\0>"), "<a/>");
        assert_eq!(
            decode(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>"),
            "<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>"
        );
        assert_eq!(decode(b"<a>\xE9</a>"), "<a>\u{FFFD}</a>");
    }
}
