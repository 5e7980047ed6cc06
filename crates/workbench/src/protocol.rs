//! What the page and the results worker say to each other.
//!
//! Messages are bytes (postcard, whose reader weighs a third of a JSON reader); bytes that belong to one (a request's body, a
//! finished export) travel beside it as a transferred buffer. Cells cross as text, so that no identifier ever becomes a float.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use table::{Field, sort::Direction};

use crate::completeness::Verdict;

/// A message as bytes. `None` cannot happen for the messages of this module.
pub fn encode<T: Serialize>(message: &T) -> Option<Vec<u8>> {
    postcard::to_allocvec(message).ok()
}

/// The message that [`encode`] wrote. `None`: the bytes are none; page and worker are not of one build.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// Names a table in the worker; chosen by the page, never used twice in one visit.
pub type TableId = u32;

/// From the page to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Fetch a result and decode it. The request's body, if any, travels beside the message.
    Load {
        /// The table to make.
        table: TableId,
        /// Where it comes from.
        source: Source,
        /// Stop before the columns hold more than this many bytes.
        memory_limit: usize,
    },
    /// Stop fetching; what has arrived stays.
    Cancel {
        /// The table being loaded.
        table: TableId,
    },
    /// Send the cells of these rows, in the order in force.
    Window {
        /// The table.
        table: TableId,
        /// Comes back with the answer, so that the page can tell a late one.
        sequence: u32,
        /// First row.
        start: usize,
        /// Number of rows.
        count: usize,
    },
    /// Order the rows; no key restores the order of arrival. While rows still arrive, they are ordered again at the end.
    Sort {
        /// The table.
        table: TableId,
        /// First key first.
        keys: Vec<SortKey>,
    },
    /// Write the table as a file.
    Export {
        /// The table.
        table: TableId,
        /// A name of [`crate::export::Format`].
        format: String,
        /// In the order shown, or in the order of arrival.
        as_shown: bool,
    },
    /// Turn a file of the user's (travels beside the message) into a VOTable for an upload.
    Convert {
        /// Comes back with the answer.
        file: u32,
        /// The file's name, for messages and for guessing its format.
        name: String,
    },
    /// Say what the ADQL parser has against a query.
    Check {
        /// Comes back with the answer.
        sequence: u32,
        /// The query.
        adql: String,
    },
    /// Forget the table and its memory.
    Drop {
        /// The table.
        table: TableId,
    },
}

/// A request whose answer is a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// `GET` or `POST`.
    pub method: String,
    /// Absolute URL.
    pub url: String,
    /// Header fields, among them the body's content type.
    pub headers: Vec<(String, String)>,
    /// Milliseconds without a byte after which the connection counts as dead.
    pub stall_ms: u32,
}

/// One column to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SortKey {
    /// Index of the column.
    pub column: usize,
    /// Which way.
    pub direction: Direction,
}

/// From the worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The worker listens.
    Ready,
    /// The columns are known.
    Head {
        /// The table.
        table: TableId,
        /// Its columns.
        fields: Vec<Field>,
        /// INFO name and value, in document order.
        infos: Vec<(String, String)>,
    },
    /// More has arrived; rows up to `rows` can be asked for.
    Progress {
        /// The table.
        table: TableId,
        /// Rows decoded.
        rows: usize,
        /// Bytes received, before inflating.
        bytes: u64,
        /// Bytes announced, where they mean the same bytes.
        total: Option<u64>,
    },
    /// Nothing more will arrive.
    End {
        /// The table.
        table: TableId,
        /// Rows decoded.
        rows: usize,
        /// Bytes received.
        bytes: u64,
        /// Whether that is all.
        verdict: Verdict,
        /// What the reader had to mend, in words.
        warnings: Vec<String>,
        /// INFO name and value, those after the table included.
        infos: Vec<(String, String)>,
    },
    /// There is no table: the service refused, or what came is none.
    Failed {
        /// The table that was to be.
        table: TableId,
        /// Why.
        failure: Failure,
    },
    /// Cells, as asked for.
    Window {
        /// The table.
        table: TableId,
        /// As in the command.
        sequence: u32,
        /// First row.
        start: usize,
        /// Row after row; `None` is null.
        cells: Vec<Vec<Option<String>>>,
    },
    /// The order asked for is in force.
    Sorted {
        /// The table.
        table: TableId,
        /// As in the command.
        keys: Vec<SortKey>,
    },
    /// A file is ready; its bytes travel beside the message. Without bytes: the table cannot be written in this format, or the file
    /// would be larger than memory allows.
    Exported {
        /// The table.
        table: TableId,
        /// As in the command.
        format: String,
        /// Its media type.
        mime: String,
        /// File name extension, without the dot.
        extension: String,
    },
    /// A file of the user's became a VOTable; its bytes travel beside the message.
    Converted {
        /// As in the command.
        file: u32,
        /// Rows in it.
        rows: usize,
        /// Its columns.
        fields: Vec<Field>,
        /// Whether it is what the user gave, unchanged.
        as_it_is: bool,
    },
    /// What the ADQL parser has against a query; nothing, if it has none.
    Checked {
        /// As in the command.
        sequence: u32,
        /// In the order of the text.
        objections: Vec<Objection>,
    },
    /// A file of the user's is no table.
    NotConverted {
        /// As in the command.
        file: u32,
        /// Why, with the line where one is to blame.
        reason: String,
    },
}

/// What the parser has against a place in a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Line, counted from 1.
    pub line: u32,
    /// Character in the line, counted from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
}

/// Why there is no table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of failure.
    pub kind: FailureKind,
    /// HTTP status, 0 where there was none.
    pub status: u16,
    /// In the service's words where it said something, redacted.
    pub message: String,
    /// Line and column in the query, counted from 1.
    pub position: Option<(u32, u32)>,
}

/// Kinds of failure that the page words differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureKind {
    /// The service refused the query.
    Query,
    /// A web page came where a table was expected.
    HtmlPage,
    /// The service or the gateway failed.
    Service,
    /// No connection, or it broke before the first row.
    Network,
    /// What came is no table.
    NotATable,
    /// The user stopped it before the columns were known.
    Cancelled,
}
