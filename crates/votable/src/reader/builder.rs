//! Tokens to elements: which element is open, what its text is for, and what is wrong.

use std::collections::HashMap;

use crate::binary::Stream;
use crate::error::{Error, Place, Warning};
use crate::model::{Document, Group, Info, Resource, TableElement};
use crate::tabledata::Cells;
use crate::xml::tag::{self, Tag, TagError};
use crate::xml::{Token, text};

use super::Limits;
use super::data::Row;
use super::element::{Element, classify};
use super::field::Draft;

/// An open element and where its name ends in `Builder::names`.
#[derive(Clone, Copy, Debug)]
struct Open {
    element: Element,
    name: usize,
}

/// A piece of text and the place of its first byte.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    pub(super) base: Place,
    pub(super) text: &'a [u8],
}

impl Here<'_> {
    /// The place of byte `at` of the piece.
    pub(super) fn place(&self, at: usize) -> Place {
        let lines = memchr::memchr_iter(b'\n', &self.text[..at]).count();
        Place { offset: self.base.offset + at as u64, line: self.base.line + lines as u64 }
    }
}

/// Builds the document.
#[derive(Clone, Debug)]
pub(super) struct Builder {
    pub(super) document: Document,
    pub(super) limits: Limits,
    /// The first thing that was wrong and did not stop the reading.
    pub(super) failure: Option<Error>,
    pub(super) is_html: bool,
    stack: Vec<Open>,
    /// Names of the open elements with their prefixes, one after the other.
    names: Vec<u8>,
    /// Where the open resource lies in the document.
    pub(super) path: Vec<usize>,
    pub(super) table_is_open: bool,
    /// The groups that are open.
    pub(super) groups: Vec<Group>,
    /// The FIELD or PARAM that is open.
    pub(super) draft: Option<Draft>,
    pub(super) info: Info,
    /// `VALUES null` by the ID of its VALUES.
    pub(super) nulls: HashMap<String, String>,
    /// Whether the document declares entities of its own, which are not expanded.
    has_entities: bool,
    /// The text of the open DESCRIPTION, INFO or cell.
    pub(super) text: Vec<u8>,
    after_cr: bool,
    /// Elements of metadata so far.
    metadata: usize,
    /// What the columns of the open table need.
    pub(super) cells: Vec<Cells>,
    pub(super) row: Row,
    /// Bytes that the columns of closed tables hold.
    pub(super) memory: usize,
    /// The open STREAM, unless its data is not for us or broken.
    pub(super) stream: Option<Stream>,
    pub(super) stream_place: Place,
}

impl Builder {
    pub(super) fn new(limits: Limits) -> Builder {
        Builder {
            document: Document::default(),
            limits,
            failure: None,
            is_html: false,
            stack: Vec::new(),
            names: Vec::new(),
            path: Vec::new(),
            table_is_open: false,
            groups: Vec::new(),
            draft: None,
            info: Info::default(),
            nulls: HashMap::new(),
            has_entities: false,
            text: Vec::new(),
            after_cr: false,
            metadata: 0,
            cells: Vec::new(),
            row: Row::default(),
            memory: 0,
            stream: None,
            stream_place: Place::default(),
        }
    }

    /// Takes a token that ends at `at`.
    pub(super) fn token(&mut self, token: Token<'_>, here: Here<'_>, at: usize) -> Result<(), Error> {
        if !matches!(token, Token::Text(_)) {
            self.after_cr = false;
        }
        match token {
            Token::Text(piece) => self.characters(piece, here, at, true),
            Token::Brackets(brackets) => self.characters(brackets, here, at, false),
            Token::Reference(name) => match text::reference(name) {
                Some(character) => self.characters(character.encode_utf8(&mut [0; 4]).as_bytes(), here, at, false),
                None => {
                    let name = String::from_utf8_lossy(name);
                    self.unknown_reference(&name, here.place(at));
                    self.characters(format!("&{name};").as_bytes(), here, at, false)
                }
            },
            Token::Ampersand(rest) => {
                self.warn("an ampersand that is not written as &amp;".to_owned(), here.place(at));
                self.characters(&[b"&", rest].concat(), here, at, false)
            }
            Token::Start { content, empty } => self.start_tag(content, empty, here, at),
            Token::End(name) => self.end_tag(name, here, at),
            Token::Doctype(declaration) => {
                let name = declaration.trim_ascii_start();
                self.is_html = self.stack.is_empty() && name.len() >= 4 && name[..4].eq_ignore_ascii_case(b"html");
                if declaration.contains(&b'[') {
                    self.has_entities = true;
                    let message = "the document type declaration is not read: its entities stay unknown";
                    self.warn(message.to_owned(), here.place(at));
                }
                Ok(())
            }
        }
    }

    fn start_tag(&mut self, content: &[u8], empty: bool, here: Here<'_>, at: usize) -> Result<(), Error> {
        let name_len = tag::name_len(content);
        let name = &content[..name_len];
        let local = tag::local(name);
        let Some(parent) = self.top() else { return self.root(content, name_len, empty, here, at) };
        if self.stack.len() >= self.limits.depth {
            return Err(limit("the depth of elements", self.limits.depth, here.place(at)));
        }
        let element = classify(parent, local);
        self.open(element, name);
        match element {
            Element::Row => self.start_row(),
            Element::Cell => self.text.clear(),
            Element::Other => self.start_other(parent, local, here.place(at)),
            _ => {
                self.metadata += 1;
                if self.metadata > self.limits.metadata {
                    return Err(limit("the number of elements", self.limits.metadata, here.place(at)));
                }
                let tag = self.attributes(content, name_len, here.place(at))?;
                self.start_element(element, parent, tag, here.place(at))?;
            }
        }
        if empty { self.close(element, here, at) } else { Ok(()) }
    }

    fn root(&mut self, content: &[u8], name_len: usize, empty: bool, here: Here<'_>, at: usize) -> Result<(), Error> {
        let name = &content[..name_len];
        let local = tag::local(name);
        if self.document.complete {
            self.fail(Error::AfterRoot { place: here.place(at) });
            return Ok(());
        }
        if local == b"VOTABLE" {
            let mut tag = self.attributes(content, name_len, here.place(at))?;
            self.document.version = tag.take_filled("version");
            self.document.id = tag.take_filled("ID");
            self.open(Element::Votable, name);
            return if empty { self.close(Element::Votable, here, at) } else { Ok(()) };
        }
        if [b"html".as_slice(), b"head", b"body", b"title"].iter().any(|html| local.eq_ignore_ascii_case(html)) {
            self.is_html = true;
            return Ok(());
        }
        let what = format!("an XML document with the root element {}", String::from_utf8_lossy(name));
        Err(Error::NotVotable { what, title: None })
    }

    fn end_tag(&mut self, name: &[u8], here: Here<'_>, at: usize) -> Result<(), Error> {
        let Some(open) = self.stack.last().copied() else {
            if self.document.complete {
                self.fail(Error::AfterRoot { place: here.place(at) });
                return Ok(());
            }
            return self.ill_formed("an end tag where nothing is open", here.place(at));
        };
        if self.name_of(self.stack.len() - 1) == name {
            return self.close(open.element, here, at);
        }
        // The document is ill-formed. If an outer element ends here, the inner ones end too; else the tag is passed over.
        let expected = String::from_utf8_lossy(self.name_of(self.stack.len() - 1)).into_owned();
        let cause = format!("</{}> where </{expected}> belongs", String::from_utf8_lossy(name));
        self.fail(Error::Xml { cause, place: here.place(at) });
        let Some(outer) = (0..self.stack.len()).rev().find(|level| self.name_of(*level) == name) else {
            return Ok(());
        };
        while self.stack.len() > outer {
            let Some(element) = self.top() else { break };
            if element == Element::Row || element == Element::Cell {
                self.drop_incomplete_row();
                self.pop();
            } else {
                self.close(element, here, at)?;
            }
        }
        Ok(())
    }

    fn characters(&mut self, piece: &[u8], here: Here<'_>, at: usize, literal: bool) -> Result<(), Error> {
        let most = match self.top() {
            Some(Element::Cell) => self.limits.cell,
            Some(Element::Description | Element::Info) => self.limits.text,
            Some(Element::Stream) => {
                // The place of a bad character is known only in text that stands there literally.
                let begin = if literal { at - piece.len() } else { at };
                self.stream_text(piece, here, begin);
                return Ok(());
            }
            Some(_) => return Ok(()),
            None => {
                let visible = piece.trim_ascii_start();
                if !visible.is_empty() {
                    let place = here.place(if literal { at - visible.len() } else { at });
                    match self.document.complete {
                        true => self.fail(Error::AfterRoot { place }),
                        false => self.ill_formed("text before the root element", place)?,
                    }
                }
                return Ok(());
            }
        };
        if self.text.len() + piece.len() > most {
            return Err(limit("the text of an element", most, here.place(at)));
        }
        if literal {
            text::append(piece, &mut self.after_cr, &mut self.text);
        } else {
            self.text.extend_from_slice(piece);
        }
        Ok(())
    }

    /// The attributes of a tag.
    fn attributes(&mut self, content: &[u8], name_len: usize, place: Place) -> Result<Tag, Error> {
        let content = String::from_utf8_lossy(content);
        if matches!(content, std::borrow::Cow::Owned(_)) {
            self.not_utf8("a tag", place);
        }
        match Tag::parse(&content, name_len.min(content.len()), self.limits.attributes) {
            Ok(tag) => {
                tag.unknown.iter().for_each(|name| self.unknown_reference(name, place));
                Ok(tag)
            }
            Err(TagError::TooManyAttributes) => Err(limit("the number of attributes", self.limits.attributes, place)),
            Err(TagError::Syntax(cause)) => Err(Error::Xml { cause, place }),
        }
    }

    /// The text of the element that ends, without white space around it.
    pub(super) fn take_text(&mut self, place: Place) -> Option<String> {
        let text = std::mem::take(&mut self.text);
        let text = String::from_utf8(text).unwrap_or_else(|error| {
            self.not_utf8("a text", place);
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        });
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Closes the innermost element.
    fn close(&mut self, element: Element, here: Here<'_>, at: usize) -> Result<(), Error> {
        match element {
            Element::Cell => self.end_cell(here, at),
            Element::Row => self.end_row(here, at)?,
            Element::Other => {}
            _ => self.end_element(element, here.place(at))?,
        }
        self.pop();
        Ok(())
    }

    pub(super) fn top(&self) -> Option<Element> {
        self.stack.last().map(|open| open.element)
    }

    /// The element around the innermost one.
    pub(super) fn parent(&self) -> Option<Element> {
        self.stack.iter().nth_back(1).map(|open| open.element)
    }

    pub(super) fn open(&mut self, element: Element, name: &[u8]) {
        self.names.extend_from_slice(name);
        self.stack.push(Open { element, name: self.names.len() });
    }

    pub(super) fn pop(&mut self) {
        self.stack.pop();
        self.names.truncate(self.stack.last().map_or(0, |open| open.name));
    }

    fn name_of(&self, level: usize) -> &[u8] {
        let begin = if level == 0 { 0 } else { self.stack[level - 1].name };
        &self.names[begin..self.stack[level].name]
    }

    /// Name of the innermost open element.
    pub(super) fn innermost(&self) -> Option<String> {
        let level = self.stack.len().checked_sub(1)?;
        Some(String::from_utf8_lossy(self.name_of(level)).into_owned())
    }

    /// The resource that is open.
    pub(super) fn resource(&mut self) -> Option<&mut Resource> {
        let (first, rest) = self.path.split_first()?;
        let mut resource = self.document.resources.get_mut(*first)?;
        for at in rest {
            resource = resource.resources.get_mut(*at)?;
        }
        Some(resource)
    }

    /// The table that is open.
    pub(super) fn table(&mut self) -> Option<&mut TableElement> {
        if self.table_is_open { self.resource()?.tables.last_mut() } else { None }
    }

    pub(super) fn warn(&mut self, message: String, place: Place) {
        self.document.warning_count += 1;
        if self.document.warnings.len() < self.limits.warnings {
            self.document.warnings.push(Warning { message, place });
        }
    }

    /// Remembers what is wrong and goes on; the first failure is the answer of `finish`.
    pub(super) fn fail(&mut self, error: Error) {
        self.failure.get_or_insert(error);
    }

    /// A name that XML does not define stays as it is written. Where the document defined it itself, its text is not what
    /// the author meant, and that is an error.
    fn unknown_reference(&mut self, name: &str, place: Place) {
        if self.has_entities {
            let cause = format!("the entity &{name}; of the document type declaration is not expanded");
            self.fail(Error::Xml { cause, place });
        }
        self.warn(format!("the reference &{name}; is not known and stays as it is"), place);
    }

    pub(super) fn not_utf8(&mut self, what: &str, place: Place) {
        let cause = format!("{what} holds bytes that are no characters");
        self.fail(Error::Encoding { encoding: "UTF-8".to_owned(), cause, place });
    }

    /// The document is ill-formed. Behind its root that is one more thing that does not belong there.
    pub(super) fn ill_formed(&mut self, cause: &str, place: Place) -> Result<(), Error> {
        Err(match self.document.complete {
            true => Error::AfterRoot { place },
            false => Error::Xml { cause: cause.to_owned(), place },
        })
    }
}

pub(super) fn limit(limit: &'static str, allowed: usize, place: Place) -> Error {
    Error::Limit { limit, allowed, place }
}
