//! What the page and the results worker say to each other.
//!
//! Messages are bytes (postcard, whose reader weighs a third of a JSON reader); bytes that belong to one (a request's body, a
//! finished export) travel beside it as a transferred buffer. Cells cross as text, so that no identifier ever becomes a float.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use table::{Field, sort::Direction};

use crate::completeness::Verdict;
use crate::cone;
use crate::picture::{Fault, Ground, Histogram, HistogramSpec, Picture, Plane, Spec};
use crate::select::{Choice, Combine, Rows};
use crate::series::{ChartSpec, Charts, Period, SearchSpec, Series};
use crate::statistics::Summary;
use crate::svg::Words;

/// A message as bytes. `None` cannot happen for the messages of this module.
pub fn encode<T: Serialize>(message: &T) -> Option<Vec<u8>> {
    postcard::to_allocvec(message).ok()
}

/// The message that [`encode`] wrote. `None`: the bytes are none; page and worker are not of one build.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// A value in an answer, still as bytes: only the view that shows it carries the code that reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Packed<T>(Vec<u8>, #[serde(skip)] PhantomData<T>);

impl<T: Serialize + DeserializeOwned> Packed<T> {
    /// The value as bytes.
    pub fn new(value: &T) -> Packed<T> {
        Packed(encode(value).unwrap_or_default(), PhantomData)
    }

    /// The value. `None` as for [`decode`].
    pub fn open(&self) -> Option<T> {
        decode(&self.0)
    }
}

/// Names a table in the worker; chosen by the page, never used twice in one visit.
pub type TableId = u32;

/// Which request an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The table.
    pub table: TableId,
    /// The place on the page where the answer is wanted. A newer request for the same place stops the older one.
    pub slot: u32,
    /// Comes back with the answer, so that the page can tell a late one.
    pub sequence: u32,
}

/// What becomes of a picture's points.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Output {
    /// Pixels for a canvas (see [`Picture`]).
    #[default]
    Pixels,
    /// The points as a PNG file.
    Png,
    /// The whole picture, with axes and words, as an SVG file.
    Svg(Words),
}

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
        /// Of all rows, or of the selected ones alone.
        rows: Rows,
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
        /// All rows, or the selected ones alone.
        rows: Rows,
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
    /// Read where a cone search is to look, and write its query.
    Cone {
        /// Comes back with the answer.
        sequence: u32,
        /// What was filled in.
        form: Box<cone::Form>,
    },
    /// Draw the rows.
    Draw {
        /// Comes back with the answer.
        ticket: Ticket,
        /// How.
        spec: Box<Spec>,
        /// As pixels or as a file.
        output: Output,
    },
    /// Count the values of an expression.
    Count {
        /// Comes back with the answer.
        ticket: Ticket,
        /// How.
        spec: Box<HistogramSpec>,
        /// Words for an SVG file, if one is wanted.
        svg: Option<Words>,
    },
    /// Say what a column holds.
    Describe {
        /// Comes back with the answer.
        ticket: Ticket,
        /// Index of the column.
        column: usize,
        /// All rows, or the selected ones alone.
        rows: Rows,
    },
    /// Change the selection. Requests are done one after the other; a new [`Combine::Replace`] stops those before it.
    Select {
        /// Comes back with the answer.
        ticket: Ticket,
        /// Which rows.
        choice: Choice,
        /// What becomes of the selection.
        how: Combine,
    },
    /// Change the selection by rows that stand below each other now. The answer is that of [`Command::Select`].
    SelectPlaces {
        /// Comes back with the answer.
        ticket: Ticket,
        /// The first place, in the order in force.
        start: usize,
        /// Number of places.
        count: usize,
        /// Among which rows.
        rows: Rows,
        /// What becomes of the selection.
        how: Combine,
    },
    /// Find the row whose point is nearest to a place in a picture.
    Nearest {
        /// Comes back with the answer.
        ticket: Ticket,
        /// The picture's plane, with its ranges.
        plane: Box<Plane>,
        /// Width and height of the picture in pixels.
        size: (u32, u32),
        /// The place, in the numbers of the axes.
        at: (f64, f64),
        /// Pixels up to which a point counts as near.
        tolerance: f64,
    },
    /// Read the table as a product of DataLink.
    Series {
        /// Comes back with the answer.
        ticket: Ticket,
        /// Which source it is of, where the table does not say.
        source: Option<String>,
    },
    /// Look for the period of a light curve.
    FindPeriod {
        /// Comes back with the answer.
        ticket: Ticket,
        /// The observations, and which periods.
        spec: Box<SearchSpec>,
    },
    /// Send the texts of a column; a null has none.
    Texts {
        /// Comes back with the answer.
        ticket: Ticket,
        /// Index of the column.
        column: usize,
        /// All rows, or the selected ones alone.
        rows: Rows,
        /// Texts, at most.
        most: usize,
    },
    /// Fetch products, one file or a ZIP of many, and keep the file as it comes. Progress and failure are told as of a table.
    Bundle {
        /// The bundle to make; numbered as tables are.
        bundle: TableId,
        /// Where it comes from. The request's body, if any, travels beside the message.
        source: Source,
        /// Stop before the file is larger than this many bytes.
        memory_limit: usize,
    },
    /// Make a table of a file of a bundle. What follows is told as if it were loaded.
    Open {
        /// The table to make.
        table: TableId,
        /// The bundle and the number of the file in it.
        of: InBundle,
        /// Stop before the columns hold more than this many bytes.
        memory_limit: usize,
    },
    /// Send a file of a bundle, or the bundle as it came.
    File {
        /// Comes back with the answer; its table is the bundle.
        ticket: Ticket,
        /// Number of the file; `None`: the bundle.
        file: Option<u32>,
    },
    /// Draw files of bundles as pictures of shapes.
    Chart {
        /// Comes back with the answer.
        ticket: Ticket,
        /// The files; those that hold no product of the first one's kind are left out.
        of: Vec<InBundle>,
        /// How.
        spec: Box<ChartSpec>,
        /// Number of the picture that is wanted as an SVG file, and what is under it.
        svg: Option<(usize, Ground)>,
    },
    /// Look for the period of a light curve in files of bundles.
    ChartPeriod {
        /// Comes back with the answer.
        ticket: Ticket,
        /// The files.
        of: Vec<InBundle>,
        /// The source and the band.
        curve: (String, String),
        /// The shortest and the longest period in days, as typed.
        range: (String, String),
    },
    /// Stop what was asked for a place on the page, if it is not yet done.
    Stop {
        /// The table.
        table: TableId,
        /// The place.
        slot: u32,
    },
    /// Forget the table and its memory.
    Drop {
        /// The table.
        table: TableId,
    },
}

/// A file of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InBundle {
    /// The bundle.
    pub bundle: TableId,
    /// Number of the file, from 0.
    pub file: u32,
}

/// A file of a bundle, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleFile {
    /// Its name in the bundle.
    pub name: String,
    /// Its bytes, inflated.
    pub size: u64,
    /// The sources that it holds, where its name does not say which one.
    pub sources: Vec<String>,
    /// Why it cannot be used: damage.
    pub trouble: Option<String>,
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
        /// The number of each row in the order of arrival, by which it can be selected.
        numbers: Packed<Vec<u32>>,
        /// Whether each row is selected.
        selected: Packed<Vec<bool>>,
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
        /// What a person looks at before sending it.
        preview: Preview,
    },
    /// What the ADQL parser has against a query; nothing, if it has none.
    Checked {
        /// As in the command.
        sequence: u32,
        /// In the order of the text.
        objections: Vec<Objection>,
    },
    /// The query of a cone search, or why there is none yet.
    Coned {
        /// As in the command.
        sequence: u32,
        /// The query, or the fault.
        answer: Result<cone::Ready, cone::Fault>,
    },
    /// Long work goes on.
    Working {
        /// As in the command.
        ticket: Ticket,
        /// The part that is done, from 0 to 1.
        part: f32,
    },
    /// A picture is ready; its pixels or the file travel beside the message.
    Drawn {
        /// As in the command.
        ticket: Ticket,
        /// Axes, counts and colors.
        picture: Packed<Picture>,
    },
    /// A histogram is ready; the file, if one was asked for, travels beside the message.
    Counted {
        /// As in the command.
        ticket: Ticket,
        /// Axes and bins.
        histogram: Packed<Histogram>,
    },
    /// What a column holds.
    Described {
        /// As in the command.
        ticket: Ticket,
        /// Index of the column.
        column: usize,
        /// In numbers.
        summary: Packed<Summary>,
    },
    /// The selection has changed.
    Selected {
        /// As in the command.
        ticket: Ticket,
        /// Selected rows.
        count: u64,
    },
    /// The nearest row; `None`: none is near.
    Nearest {
        /// As in the command.
        ticket: Ticket,
        /// The row.
        near: Packed<Option<NearRow>>,
    },
    /// What the table holds as a product; `None`: it is of no known kind.
    Series {
        /// As in the command.
        ticket: Ticket,
        /// Points to draw.
        series: Packed<Option<Series>>,
    },
    /// The best period; `None`: there are too few points, or the periods are no range.
    PeriodFound {
        /// As in the command.
        ticket: Ticket,
        /// The period, and the periodogram.
        period: Packed<Option<Period>>,
    },
    /// The texts of a column.
    Texts {
        /// As in the command.
        ticket: Ticket,
        /// In the order of arrival.
        texts: Packed<Vec<String>>,
    },
    /// A bundle is there.
    Bundled {
        /// As in the command.
        bundle: TableId,
        /// Its name, where the service gave one.
        name: Option<String>,
        /// Bytes of it as it came.
        bytes: u64,
        /// What is in it.
        files: Packed<Vec<BundleFile>>,
        /// Why more may be missing.
        trouble: Option<String>,
    },
    /// A file of a bundle; its bytes travel beside the message.
    File {
        /// As in the command.
        ticket: Ticket,
        /// Its name.
        name: String,
    },
    /// Pictures of shapes are ready; the SVG file, if one was asked for, travels beside the message.
    Charted {
        /// As in the command.
        ticket: Ticket,
        /// The pictures; or in words, why there are none.
        charts: Packed<Result<Charts, String>>,
    },
    /// The request for a period cannot be used, in words.
    NoPeriod {
        /// As in the command.
        ticket: Ticket,
        /// Why.
        reason: String,
    },
    /// The expressions of a request cannot be used.
    Faulty {
        /// As in the command.
        ticket: Ticket,
        /// Each mistake, with its place.
        faults: Packed<Vec<Fault>>,
    },
    /// Nothing comes of a request: it was stopped, or the table has no such column (yet).
    Stopped {
        /// As in the command.
        ticket: Ticket,
    },
    /// A file of the user's is no table.
    NotConverted {
        /// As in the command.
        file: u32,
        /// Why, with the line where one is to blame.
        reason: String,
    },
}

/// What a file of the user's holds, to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The first rows; `None` is null.
    pub cells: Vec<Vec<Option<String>>>,
    /// The columns that are likely to be right ascension and declination, by number.
    pub position: Option<(usize, usize)>,
}

/// A row that was pointed at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NearRow {
    /// Its place in the order of arrival.
    pub row: u64,
    /// Its place in the order in force.
    pub place: u64,
    /// Value of the expression along x, or the longitude.
    pub x: f64,
    /// Value of the expression along y, or the latitude.
    pub y: f64,
    /// Pixels between it and the place that was asked for.
    pub distance: f64,
    /// Its cells, as in a window.
    pub cells: Vec<Option<String>>,
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
    /// Before this moment, in milliseconds since 1970, the service does not want to be asked again.
    pub wait_until: Option<i64>,
}

impl Failure {
    /// A failure on this side of the connection: no service said anything.
    pub fn here(kind: FailureKind, message: impl Into<String>) -> Failure {
        Failure { kind, status: 0, message: message.into(), position: None, wait_until: None }
    }
}

/// Kinds of failure that the page words differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureKind {
    /// The service refused the query.
    Query,
    /// One has to sign in.
    SignIn,
    /// Not allowed to this user.
    Forbidden,
    /// More was sent than the service takes.
    TooLarge,
    /// A quota is used up.
    Quota,
    /// The service is asked too much, or is down for a while.
    Busy,
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
