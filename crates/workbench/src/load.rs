//! Loading a result: chunks of an answer come in, a table grows; what it is, is found out from its bytes.
//!
//! Services send web pages with status 200, gzip without saying so and documents that stop in the middle. None of this is
//! believed to be whole because the stream ended well: the verdict comes from the format (see [`crate::completeness`]).

mod fits;
mod inflate;
mod json;
mod sniff;

use table::Table;
use votable::model::DataElement;
use votable::{Document, Status};

use self::inflate::Inflater;
use self::sniff::Kind;
use crate::completeness::{self, Verdict};
use crate::protocol::FailureKind;
use crate::{Error, delimited};

/// Chunks are worked on in pieces of this size, between which the limits are checked.
const PIECE: usize = 64 * 1024;

/// How much is kept of an answer that may turn out to be no table, to find the service's words in it.
pub const KEPT: usize = 1 << 20;

/// What is said behind the name of a thing that is no table.
pub(crate) const ELSEWHERE: &str = " came where a table was expected";

/// Warnings that are shown; the others are counted.
const WARNINGS: usize = 20;

/// How large a result may grow.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes that the columns may hold.
    pub memory: usize,
    /// Inflated bytes for each compressed one, once more than `ratio_from` were inflated. A bomb has a thousand.
    pub ratio: u64,
    /// Inflated bytes up to which any ratio is fine.
    pub ratio_from: u64,
}

impl Limits {
    /// The usual limits with columns of at most `memory` bytes.
    pub fn with_memory(memory: usize) -> Limits {
        Limits { memory, ratio: 200, ratio_from: 256 << 20 }
    }

    /// Plain bytes that may be read: text is a few times larger than its columns, never this much.
    fn plain(&self) -> u64 {
        (self.memory as u64).saturating_mul(16).max(64 << 20)
    }
}

/// How a stream ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndOfStream {
    /// Without an error. That alone says nothing of completeness.
    Clean,
    /// The connection broke, in the browser's words.
    Error(String),
    /// No byte for so many milliseconds.
    Stalled(u32),
    /// The user stopped it.
    Cancelled,
}

/// Whether more of the answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    More,
    /// Stop fetching: a limit is reached, or what comes is no table.
    Enough,
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A table, with rows or without.
    Table(Verdict),
    /// The service says something else, in a web page, in plain words or in a VOTable without a table: the beginning of its
    /// answer, inflated, to find the message in.
    Words(FailureKind, Vec<u8>),
    /// There is no table, for this reason.
    Failed(FailureKind, String),
}

/// Loads one result.
#[derive(Debug)]
pub struct Loader {
    limits: Limits,
    inflater: Option<Box<Inflater>>,
    stage: Stage,
    /// First plain bytes, until a table is certain.
    start: Vec<u8>,
    received: u64,
    plain: u64,
    /// Why nothing more is read.
    trouble: Option<String>,
    warnings: Vec<String>,
    finished: bool,
}

#[derive(Debug)]
enum Stage {
    /// The first bytes, too few to tell.
    Unknown(Vec<u8>),
    Votable(Box<votable::Reader>),
    Delimited(Box<delimited::Reader>),
    Html,
    Foreign(&'static str),
    Empty,
}

impl Loader {
    /// A loader that has read nothing.
    pub fn new(limits: Limits) -> Loader {
        Loader {
            limits,
            inflater: None,
            stage: Stage::Unknown(Vec::new()),
            start: Vec::new(),
            received: 0,
            plain: 0,
            trouble: None,
            warnings: Vec::new(),
            finished: false,
        }
    }

    /// Takes the next chunk, cut anywhere.
    pub fn push(&mut self, chunk: &[u8]) -> Flow {
        self.received += chunk.len() as u64;
        if self.inflater.is_some() {
            self.inflate(chunk);
        } else {
            self.read(chunk);
        }
        if self.wants_more() { Flow::More } else { Flow::Enough }
    }

    /// The end of the stream, however it came. What was read stays.
    pub fn finish(&mut self, end: EndOfStream) -> Outcome {
        self.finished = true;
        if let Stage::Unknown(head) = &mut self.stage {
            let head = std::mem::take(head);
            // What came before the trouble is read all the same.
            let trouble = self.trouble.take();
            self.decide(head);
            self.trouble = trouble.or(self.trouble.take());
        }
        if let (Some(inflater), None) = (&mut self.inflater, &self.trouble) {
            let cut = inflater.finish();
            if inflater.has_junk() {
                self.warnings.push("something stands behind the end of the gzip data; it was left out".to_owned());
            }
            if let Err(error) = cut {
                self.trouble = Some(error.to_string());
            }
        }
        let words = match &end {
            EndOfStream::Clean => None,
            EndOfStream::Error(message) => Some(format!("the connection broke: {message}")),
            EndOfStream::Stalled(ms) => Some(format!("no data came for {} s", ms.div_ceil(1000))),
            EndOfStream::Cancelled => Some("stopped by you".to_owned()),
        };
        // A broken connection explains cut data better than the data does.
        self.trouble = words.or(self.trouble.take());
        let outcome = self.outcome();
        match (outcome, end) {
            (table @ Outcome::Table(_), _) => table,
            (_, EndOfStream::Cancelled) => Outcome::Failed(FailureKind::Cancelled, "stopped by you".to_owned()),
            (Outcome::Failed(..), EndOfStream::Error(message)) => Outcome::Failed(FailureKind::Network, message),
            (Outcome::Failed(..), EndOfStream::Stalled(ms)) => {
                Outcome::Failed(FailureKind::Network, format!("no data came for {} s", ms.div_ceil(1000)))
            }
            (other, _) => other,
        }
    }

    /// The table, once its columns are known.
    pub fn table(&self) -> Option<&Table> {
        match &self.stage {
            Stage::Votable(reader) => {
                let element = reader.document().tables().find(|element| !element.table.columns.is_empty())?;
                // Before DATA more FIELDs may come.
                let known = element.data.is_some() || self.finished || reader.document().complete;
                known.then_some(&element.table)
            }
            Stage::Delimited(reader) => Some(reader.table()).filter(|table| !table.columns.is_empty()),
            _ => None,
        }
    }

    /// The document around the table, where there is one.
    pub fn document(&self) -> Option<&Document> {
        match &self.stage {
            Stage::Votable(reader) => Some(reader.document()),
            _ => None,
        }
    }

    /// Bytes received, before inflating.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Whether what came is a compressed file.
    pub fn is_compressed(&self) -> bool {
        self.inflater.is_some()
    }

    /// What had to be mended.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = self.warnings.clone();
        let mut more = 0;
        match &self.stage {
            Stage::Votable(reader) => {
                let document = reader.document();
                warnings.extend(document.warnings.iter().take(WARNINGS).map(ToString::to_string));
                more = document.warning_count.saturating_sub(WARNINGS);
                let tables = document.tables().filter(|element| !element.table.columns.is_empty()).count();
                if tables > 1 {
                    warnings.push(format!("the document holds {tables} tables; this is the first"));
                }
            }
            Stage::Delimited(reader) => {
                warnings.extend(reader.warnings().iter().take(WARNINGS).cloned());
                more = reader.warnings().len().saturating_sub(WARNINGS);
            }
            _ => {}
        }
        if more > 0 {
            warnings.push(format!("and {more} more"));
        }
        warnings
    }

    fn wants_more(&self) -> bool {
        match self.stage {
            Stage::Foreign(_) => false,
            Stage::Html => self.start.len() < KEPT && self.trouble.is_none(),
            _ => self.trouble.is_none(),
        }
    }

    fn inflate(&mut self, mut chunk: &[u8]) {
        while !chunk.is_empty() && self.wants_more() {
            let Some(mut inflater) = self.inflater.take() else { return };
            match inflater.step(&mut chunk) {
                Ok(plain) => self.plain_bytes(plain),
                Err(error) => self.trouble = Some(error.to_string()),
            }
            let (taken, given) = inflater.counts();
            if given > self.limits.ratio_from && given / taken.max(1) > self.limits.ratio {
                let reason =
                    format!("stopped: the data grew more than {} times when it was inflated", self.limits.ratio);
                self.trouble.get_or_insert(reason);
            }
            self.inflater = Some(inflater);
        }
    }

    /// Bytes as they came, of which the first tell what they are.
    fn read(&mut self, chunk: &[u8]) {
        if let Stage::Unknown(head) = &mut self.stage
            && self.plain == 0
        {
            // Three bytes tell gzip.
            let enough = head.len() + chunk.len() >= 3;
            if enough && head.len() < 3 {
                let mut first = std::mem::take(head);
                first.extend_from_slice(chunk);
                if sniff::sniff(&first) == Kind::Gzip {
                    self.inflater = Some(Box::new(Inflater::new()));
                    return self.inflate(&first);
                }
                return self.plain_bytes(&first);
            } else if !enough {
                return head.extend_from_slice(chunk);
            }
        }
        self.plain_bytes(chunk);
    }

    fn plain_bytes(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.plain += bytes.len() as u64;
        if let Stage::Unknown(head) = &mut self.stage {
            head.extend_from_slice(bytes);
            if head.len() >= sniff::ENOUGH {
                let head = std::mem::take(head);
                self.decide(head);
            }
            return;
        }
        self.feed(bytes);
    }

    /// Chooses the reader.
    fn decide(&mut self, head: Vec<u8>) {
        self.stage = match sniff::sniff(&head) {
            Kind::Votable => {
                let limits = votable::Limits { memory: self.limits.memory, ..votable::Limits::default() };
                Stage::Votable(Box::new(votable::Reader::with_limits(limits)))
            }
            Kind::Html => Stage::Html,
            Kind::Delimited => Stage::Delimited(Box::new(delimited::Reader::new(delimited::Options::default()))),
            Kind::Foreign(name) => Stage::Foreign(name),
            Kind::Gzip => Stage::Foreign("gzip data inside gzip data"),
            Kind::Empty if self.finished => Stage::Empty,
            // So far white space only.
            Kind::Empty => Stage::Unknown(Vec::new()),
        };
        self.feed(&head);
    }

    fn feed(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(PIECE) {
            if !self.wants_more() {
                return;
            }
            if self.start.len() < KEPT {
                let room = KEPT - self.start.len();
                self.start.extend_from_slice(&piece[..piece.len().min(room)]);
            }
            let result = match &mut self.stage {
                Stage::Votable(reader) => reader.push(piece).map_err(Error::from),
                Stage::Delimited(reader) => reader.push(piece),
                _ => Ok(()),
            };
            if let Err(error) = result {
                self.trouble = Some(self.reason(&error));
            }
            self.check_limits();
        }
    }

    fn check_limits(&mut self) {
        let held = match &self.stage {
            // The reader of VOTable has the limit itself.
            Stage::Delimited(reader) => reader.table().memory(),
            _ => 0,
        };
        if held > self.limits.memory || self.plain > self.limits.plain() {
            let reason = self.memory_reason();
            self.trouble.get_or_insert(reason);
        }
        // Rows prove that it is a table: nobody will look for words in it.
        if self.table().is_some_and(|table| table.rows() > 0) && !self.start.is_empty() {
            self.start = Vec::new();
        }
    }

    fn reason(&self, error: &Error) -> String {
        match error {
            Error::Votable(votable::Error::Limit { allowed, .. }) if *allowed == self.limits.memory => {
                self.memory_reason()
            }
            other => other.to_string(),
        }
    }

    fn memory_reason(&self) -> String {
        format!("stopped at the memory limit of {} MiB", self.limits.memory as f64 / f64::from(1 << 20))
    }

    fn outcome(&mut self) -> Outcome {
        let start = std::mem::take(&mut self.start);
        let stopped = self.trouble.is_some();
        match &mut self.stage {
            Stage::Unknown(_) | Stage::Empty => Outcome::Failed(
                FailureKind::NotATable,
                self.trouble.clone().unwrap_or_else(|| "the answer is empty".to_owned()),
            ),
            Stage::Foreign(name) => Outcome::Failed(FailureKind::NotATable, format!("{name}{ELSEWHERE}")),
            Stage::Html => Outcome::Words(FailureKind::HtmlPage, start),
            Stage::Votable(reader) => {
                let end = reader.finish();
                let document = reader.document();
                let failed = matches!(document.status(), Status::Error(_));
                let element = document.tables().find(|element| !element.table.columns.is_empty());
                match (element, end) {
                    (Some(element), _) if element.data == Some(DataElement::Elsewhere) => Outcome::Failed(
                        FailureKind::NotATable,
                        "the VOTable points to its rows elsewhere; they are not in the document".to_owned(),
                    ),
                    (Some(element), end) if !failed || element.table.rows() > 0 => {
                        let wrong = end.err();
                        if document.complete {
                            self.warnings.extend(self.trouble.clone());
                            self.warnings.extend(wrong.as_ref().map(ToString::to_string));
                        }
                        let rows = (element.table.rows(), element.nrows);
                        Outcome::Table(completeness::of_votable(document, rows, self.trouble.clone(), wrong.as_ref()))
                    }
                    _ if failed => Outcome::Words(FailureKind::Query, start),
                    (_, Err(votable::Error::NotVotable { what, .. })) if what.contains("HTML") => {
                        Outcome::Words(FailureKind::HtmlPage, start)
                    }
                    (_, Err(error)) => Outcome::Failed(FailureKind::NotATable, error.to_string()),
                    (_, Ok(())) => {
                        Outcome::Failed(FailureKind::NotATable, "the VOTable holds no table with columns".to_owned())
                    }
                }
            }
            Stage::Delimited(reader) => {
                let end = if stopped {
                    reader.settle();
                    Ok(())
                } else {
                    reader.finish()
                };
                let table = reader.table();
                let trouble = self.trouble.clone().or(end.err().map(|error| error.to_string()));
                // One line of words is a message, not a table with one column.
                let words = table.rows() == 0
                    && matches!(&table.columns[..], [column] if column.field().name.trim().contains(char::is_whitespace));
                match (table.columns.is_empty(), trouble) {
                    (true, trouble) => Outcome::Failed(
                        FailureKind::NotATable,
                        trouble.unwrap_or_else(|| "the answer is empty".to_owned()),
                    ),
                    _ if words => Outcome::Words(FailureKind::NotATable, start),
                    (false, trouble) => Outcome::Table(completeness::of_delimited(trouble)),
                }
            }
        }
    }
}

/// A file of a kind that cannot be read as it comes, FITS or JSON, as a table. `None`: it is of another kind.
pub(crate) fn read_whole(bytes: &[u8]) -> Option<Result<Table, String>> {
    match sniff::sniff(&bytes[..bytes.len().min(sniff::ENOUGH)]) {
        Kind::Foreign("a FITS file") => Some(fits::read(bytes)),
        Kind::Foreign("JSON") => Some(json::read(bytes)),
        _ => None,
    }
}

/// Inflates a whole gzip file, to at most `limit` bytes.
pub(crate) fn inflate(mut bytes: &[u8], limit: usize) -> Result<Vec<u8>, Error> {
    let mut inflater = Inflater::new();
    let mut plain = Vec::new();
    while !bytes.is_empty() {
        plain.extend_from_slice(inflater.step(&mut bytes)?);
        if plain.len() > limit {
            return Err(Error::TooLarge { limit });
        }
    }
    inflater.finish()?;
    Ok(plain)
}
