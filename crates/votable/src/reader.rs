//! The push reader: chunks of bytes in, a growing document out.
//!
//! Bytes become UTF-8 (`encoding`), UTF-8 becomes tokens (`xml`), tokens become elements and cells (`reader::builder`). Rows
//! of TABLEDATA in their usual spelling skip the tokens (`reader::data`); whatever else stands there goes the long way.

use crate::encoding::{Decoded, Decoder};
use crate::sniff::{self, HtmlPage};
use crate::xml::Tokenizer;
use crate::{Document, Error, Place};

mod builder;
mod data;
mod element;
mod field;
mod metadata;

use builder::{Builder, Here};

/// Chunks are worked on in pieces of this size, between which the memory is checked.
const PIECE: usize = 256 * 1024;

/// How large and deep a document may be.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Depth of elements.
    pub depth: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Bytes of one tag, and of the text of one element outside of the data.
    pub text: usize,
    /// Bytes of one cell.
    pub cell: usize,
    /// Columns of one table.
    pub columns: usize,
    /// Elements of one cell of a fixed arraysize.
    pub elements: usize,
    /// Elements of metadata in the whole document: RESOURCE, TABLE, FIELD, PARAM, INFO and so on.
    pub metadata: usize,
    /// Bytes that the columns of all tables may hold.
    pub memory: usize,
    /// Warnings that are kept; all are counted.
    pub warnings: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            depth: 64,
            attributes: 256,
            text: 16 << 20,
            cell: 256 << 20,
            columns: 4096,
            elements: 1 << 24,
            metadata: 1_000_000,
            memory: 2 << 30,
            warnings: 100,
        }
    }
}

/// Reads one document.
#[derive(Clone, Debug)]
pub struct Reader {
    decoder: Decoder,
    stage: Stage,
    tokenizer: Tokenizer,
    builder: Builder,
    /// The end of what was worked on.
    place: Place,
    error: Option<Error>,
    /// What was not a character, which does not stop the reading.
    damage: Option<Error>,
    finished: bool,
}

#[derive(Clone, Debug)]
enum Stage {
    /// Nothing but white space came; the first bytes of what is no XML.
    Beginning(Vec<u8>),
    Xml,
    Html(HtmlPage),
}

impl Default for Reader {
    fn default() -> Reader {
        Reader::new()
    }
}

impl Reader {
    /// A reader with the usual limits.
    pub fn new() -> Reader {
        Reader::with_limits(Limits::default())
    }

    /// A reader with limits of your own.
    pub fn with_limits(limits: Limits) -> Reader {
        Reader {
            decoder: Decoder::new(),
            stage: Stage::Beginning(Vec::new()),
            tokenizer: Tokenizer::new(limits.text),
            builder: Builder::new(limits),
            place: Place { offset: 0, line: 1 },
            error: None,
            damage: None,
            finished: false,
        }
    }

    /// Takes the next chunk, cut anywhere. After an error nothing more is read, and the same error comes again.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), Error> {
        for piece in chunk.chunks(PIECE) {
            let mut piece = piece;
            while !piece.is_empty() && self.error.is_none() {
                let (used, decoded) = self.decoder.decode(piece);
                piece = &piece[used..];
                let work = Work { tokenizer: &mut self.tokenizer, builder: &mut self.builder, place: &mut self.place };
                let damaged = work.damage(&decoded);
                if let Err(error) = work.text(&mut self.stage, decoded.text) {
                    self.error = Some(error);
                }
                self.report_encoding(damaged);
            }
        }
        self.error.clone().map_or(Ok(()), Err)
    }

    /// The end of the input. What was read stays readable, whatever the answer: an error says that the document is cut, ill-formed,
    /// no VOTable at all, or that some of its data could not be read.
    pub fn finish(&mut self) -> Result<(), Error> {
        if !self.finished {
            self.finished = true;
            if self.error.is_none() {
                let decoded = self.decoder.finish();
                let work = Work { tokenizer: &mut self.tokenizer, builder: &mut self.builder, place: &mut self.place };
                let damaged = work.damage(&decoded);
                let end = work.text(&mut self.stage, decoded.text).and_then(|()| self.end());
                self.error = end.err();
                self.report_encoding(damaged);
            }
            self.builder.drop_incomplete_row();
            if self.error.is_none() {
                self.error = self.builder.failure.clone().or(self.damage.clone());
            }
        }
        self.error.clone().map_or(Ok(()), Err)
    }

    /// The document as far as it was read. A row counts when it is complete: see [`table::Table::rows`].
    pub fn document(&self) -> &Document {
        &self.builder.document
    }

    /// The document, to keep.
    pub fn into_document(mut self) -> Document {
        self.builder.drop_incomplete_row();
        self.builder.document
    }

    fn end(&mut self) -> Result<(), Error> {
        match &self.stage {
            Stage::Beginning(head) if head.is_empty() => Err(Error::Empty),
            Stage::Beginning(head) => Err(Error::NotVotable { what: sniff::name(head), title: None }),
            Stage::Html(page) => Err(page.error()),
            Stage::Xml if self.builder.document.complete => Ok(()),
            Stage::Xml => {
                let inside = match (self.tokenizer.inside(), self.builder.innermost()) {
                    (Some(markup), Some(element)) => format!("{markup} in {element}"),
                    (Some(markup), None) => markup.to_owned(),
                    (None, Some(element)) => element,
                    (None, None) => "the prolog".to_owned(),
                };
                Err(Error::Truncated { inside, place: self.place })
            }
        }
    }

    fn report_encoding(&mut self, damaged: Option<Place>) {
        if let Some(name) = self.decoder.unknown.take() {
            self.builder.warn(format!("the encoding {name} is not known: read as UTF-8"), self.place);
        }
        if let Some(place) = damaged {
            let encoding = self.decoder.name().to_owned();
            let cause = "half a character".to_owned();
            self.damage.get_or_insert(Error::Encoding { encoding, cause, place });
        }
    }
}

/// The parts of a reader that work on text while the decoder lends it.
struct Work<'a> {
    tokenizer: &'a mut Tokenizer,
    builder: &'a mut Builder,
    place: &'a mut Place,
}

impl Work<'_> {
    /// Where in the text that comes next something was not a character.
    fn damage(&self, decoded: &Decoded<'_>) -> Option<Place> {
        decoded.damaged.map(|at| Here { base: *self.place, text: decoded.text }.place(at))
    }

    fn text(mut self, stage: &mut Stage, text: &[u8]) -> Result<(), Error> {
        let mut at = 0;
        let result = self.stages(stage, text, &mut at);
        *self.place = Here { base: *self.place, text }.place(if result.is_err() { at } else { text.len() });
        result
    }

    fn stages(&mut self, stage: &mut Stage, text: &[u8], at: &mut usize) -> Result<(), Error> {
        if let Stage::Beginning(head) = stage {
            if head.is_empty() {
                *at = text.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(text.len());
            }
            match text.get(*at) {
                None => return Ok(()),
                Some(b'<') if head.is_empty() => *stage = Stage::Xml,
                Some(_) => {
                    let room = sniff::ENOUGH - head.len();
                    head.extend(text[*at..].iter().take(room));
                    if head.len() < sniff::ENOUGH {
                        return Ok(());
                    }
                    return Err(Error::NotVotable { what: sniff::name(head), title: None });
                }
            }
        }
        if let Stage::Xml = stage {
            if self.xml(text, at)? {
                return Ok(());
            }
            *stage = Stage::Html(HtmlPage::default());
        }
        if let Stage::Html(page) = stage {
            return page.push(&text[*at..]).map_or(Ok(()), Err);
        }
        Ok(())
    }

    /// Works through the text; false if it turns out to be an HTML page.
    fn xml(&mut self, text: &[u8], at: &mut usize) -> Result<bool, Error> {
        let here = Here { base: *self.place, text };
        while *at < text.len() {
            if self.tokenizer.is_between() && self.builder.is_between_cells() {
                self.builder.rows(here, at)?;
            }
            match self.tokenizer.next(text, at) {
                Ok(None) => break,
                Ok(Some(token)) => self.builder.token(token, here, *at)?,
                Err(cause) => self.builder.ill_formed(cause, here.place(*at))?,
            }
            if self.builder.is_html {
                return Ok(false);
            }
        }
        self.builder.check_memory(here.place(text.len()))?;
        Ok(true)
    }
}
