//! What can be wrong with a document, and where.

use std::fmt;

/// A place in the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Bytes before the place, counted in the document as UTF-8 (so in a UTF-16 document not the bytes of the file).
    pub offset: u64,
    /// Line, from 1; lines end with a line feed.
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, byte {}", self.line, self.offset)
    }
}

/// Why a document cannot be read to its end. What was read before stays readable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is nothing, or nothing but white space.
    #[error("the document is empty")]
    Empty,
    /// Something else than a VOTable came; `what` names it ("HTML page", "JSON", "FITS file" …), `title` is the title of an HTML page.
    #[error("not a VOTable but {what}{}", title.as_ref().map(|t| format!(": {t}")).unwrap_or_default())]
    NotVotable {
        /// What came, as a noun with its article.
        what: String,
        /// Title of an HTML page.
        title: Option<String>,
    },
    /// The document ends before its root element does.
    #[error("the document is cut: it ends inside {inside} ({place})")]
    Truncated {
        /// What was open: an element such as `TABLEDATA`, or "a comment".
        inside: String,
        /// The end of what came.
        place: Place,
    },
    /// The XML is ill-formed.
    #[error("ill-formed XML: {cause} ({place})")]
    Xml {
        /// What is wrong.
        cause: String,
        /// Where.
        place: Place,
    },
    /// Bytes that are not text in the document's encoding.
    #[error("not text in {encoding}: {cause} ({place})")]
    Encoding {
        /// The declared or detected encoding.
        encoding: String,
        /// What is wrong.
        cause: String,
        /// Where.
        place: Place,
    },
    /// The base64 text of a STREAM is not base64.
    #[error("bad base64 in STREAM: {cause} ({place})")]
    Base64 {
        /// What is wrong.
        cause: String,
        /// Where.
        place: Place,
    },
    /// The binary data of a STREAM does not fit its FIELDs.
    #[error("bad {serialization} data in row {row}: {cause} ({place})")]
    Binary {
        /// `BINARY` or `BINARY2`.
        serialization: &'static str,
        /// Row of the table, from 0.
        row: usize,
        /// What is wrong.
        cause: String,
        /// Where.
        place: Place,
    },
    /// Content after the root element.
    #[error("content after the end of the VOTable ({place})")]
    AfterRoot {
        /// Where.
        place: Place,
    },
    /// The document is larger or deeper than the limits allow.
    #[error("{limit} exceeds the limit of {allowed} ({place})")]
    Limit {
        /// What is too large.
        limit: &'static str,
        /// The limit.
        allowed: usize,
        /// Where.
        place: Place,
    },
}

/// Something that a validator would complain about and a reader gets over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What is wrong.
    pub message: String,
    /// Where it was met.
    pub place: Place,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.place)
    }
}
