//! The table of faults: what each is called, and which rows of the matrix of faults (section 7.1 of the study of reliability)
//! it serves. Rows that no server causes (F26, F27, F49 to F59, F61) are not here; F62 is every row of it.

use std::time::Duration;

use http::StatusCode;

use super::{answer, document, status, uws};

/// One thing that goes wrong.
#[derive(Clone, Debug)]
pub enum Effect {
    /// The session of the request is over.
    Expired,
    /// The request to run a job is lost.
    RunLost,
    /// Nothing is done with the request.
    Unheard,
    /// Another answer than the right one.
    Instead(answer::Instead),
    /// `Retry-After`, as it is.
    Retry(String),
    /// `Retry-After` as a date so many seconds from now.
    RetryDate(i64),
    /// `Content-Type`.
    Kind(String),
    /// `Date`, so many seconds from now.
    Date(i64),
    /// The body is changed.
    Body(fn(Vec<u8>, &str) -> Vec<u8>, String),
    /// The body is packed with gzip, and declared so if that is true, and then changed.
    Packed(bool, fn(Vec<u8>, usize) -> Vec<u8>, usize),
    /// The length of the body is declared, or is not.
    Length(bool),
    /// Something that only the host can do.
    Carried(Transport),
    /// Both.
    Both(Box<(Effect, Effect)>),
}

/// What the host does while it reads a request and sends its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Waits before the head.
    Delay(Duration),
    /// Never sends anything.
    Silence,
    /// Sends the head and so many bytes, and nothing more.
    Stall(usize),
    /// Breaks the connection after so many bytes of the body.
    Cut(usize),
    /// Sends byte by byte, with this pause before each.
    Slice(Duration),
    /// Resets the connection in place of an answer.
    Reset,
    /// Resets the connection after so many bytes of the request's body.
    ResetUpload(usize),
}

/// Extension of a response: what the host does when it sends it.
#[derive(Clone, Debug, Default)]
pub struct Transports(pub Vec<Transport>);

impl Effect {
    /// What of it the host does.
    pub fn transport(&self) -> Option<Transport> {
        match self {
            Effect::Carried(transport) => Some(*transport),
            Effect::Both(both) => both.0.transport().or_else(|| both.1.transport()),
            _ => None,
        }
    }
}

/// A row of the table.
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// What stands behind the colon: a kind of value or words to choose from.
    pub argument: &'static str,
    /// Rows of the matrix.
    pub rows: &'static str,
    /// What happens.
    pub what: &'static str,
    /// The effect of an argument.
    pub make: fn(&str) -> Option<Effect>,
}

const fn entry(
    name: &'static str,
    argument: &'static str,
    rows: &'static str,
    what: &'static str,
    make: fn(&str) -> Option<Effect>,
) -> Entry {
    Entry { name, argument, rows, what, make }
}

fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn millis(text: &str) -> Option<Duration> {
    number(text).map(Duration::from_millis)
}

fn carried(transport: Transport) -> Option<Effect> {
    Some(Effect::Carried(transport))
}

fn both(first: Effect, second: Effect) -> Option<Effect> {
    Some(Effect::Both(Box::new((first, second))))
}

fn instead(instead: answer::Instead) -> Option<Effect> {
    Some(Effect::Instead(instead))
}

fn document(body: Vec<u8>) -> Option<Effect> {
    instead(answer::Instead::Document(StatusCode::OK, "application/x-votable+xml", body.into()))
}

/// One of the words of a fault, for `change`.
fn word(words: &[&str], text: &str, change: fn(Vec<u8>, &str) -> Vec<u8>) -> Option<Effect> {
    words.contains(&text).then(|| Effect::Body(change, text.to_owned()))
}

/// All faults.
pub const TABLE: &[Entry] = &[
    entry("delay", "MS", "F01", "The answer begins later", |x| carried(Transport::Delay(millis(x)?))),
    entry("silence", "", "F01", "No answer ever", |_| carried(Transport::Silence)),
    entry("stall", "N", "F02", "Head and N bytes, then nothing", |x| carried(Transport::Stall(number(x)?))),
    entry("slice", "MS", "F03", "Single bytes, MS apart", |x| carried(Transport::Slice(millis(x)?))),
    entry("cut", "N", "F04", "The length is declared, the connection breaks after N bytes", |x| {
        both(Effect::Length(true), Effect::Carried(Transport::Cut(number(x)?)))
    }),
    entry("cut-chunked", "N", "F05", "No length is declared, the connection breaks after N bytes", |x| {
        both(Effect::Length(false), Effect::Carried(Transport::Cut(number(x)?)))
    }),
    entry("gzip-cut", "N", "F06", "Content-Encoding gzip, its last N bytes missing", |x| {
        Some(Effect::Packed(true, document::shortened, number(x)?))
    }),
    entry("gzip-crc", "", "F06", "Content-Encoding gzip with a wrong checksum", |_| {
        Some(Effect::Packed(true, document::miscounted, 0))
    }),
    entry("gzip-file-cut", "N", "F07", "A gzip file, not declared as encoding, its last N bytes missing", |x| {
        Some(Effect::Packed(false, document::shortened, number(x)?))
    }),
    entry("gzip-members", "", "F08", "A gzip file of two members", |_| {
        Some(Effect::Packed(false, document::two_members, 0))
    }),
    entry("gzip-junk", "", "F08", "A gzip file with junk behind its end", |_| {
        Some(Effect::Packed(false, document::with_junk, 0))
    }),
    entry("base64-cut", "N", "F09", "The base64 of a VOTable lacks its last N characters", |x| {
        number::<usize>(x).map(|_| Effect::Body(document::base64_cut, x.to_owned()))
    }),
    entry("base64-bad", "", "F09", "A character in the base64 that does not belong there", |_| {
        Some(Effect::Body(document::base64_bad, String::new()))
    }),
    entry("base64-blank", "", "F09", "Blanks and line ends within the base64", |_| {
        Some(Effect::Body(document::base64_blank, String::new()))
    }),
    entry("half", "", "F10", "The first half of the lines, and nothing that tells of the others", |_| {
        Some(Effect::Body(document::half_of_the_lines, String::new()))
    }),
    entry("type", "TYPE", "F11", "A wrong Content-Type", |x| (!x.is_empty()).then(|| Effect::Kind(x.to_owned()))),
    entry("html", "", "F12", "200 with a maintenance page", |_| instead(answer::Instead::Maintenance)),
    entry("error", "", "F13", "200 with a VOTable that says ERROR", |_| instead(answer::Instead::ErrorWithin)),
    entry("error-after", "", "F13", "A VOTable that says ERROR after its rows", |_| {
        Some(Effect::Body(document::error_after, String::new()))
    }),
    entry("overflow", "", "F14", "A VOTable that says OVERFLOW", |_| {
        Some(Effect::Body(document::overflow, String::new()))
    }),
    entry(
        "status",
        "CODE",
        "F15 F16 F17 F18 F19 F20 F21 F22",
        "An error with this status, in the archive's shape",
        |x| instead(answer::Instead::Status(status(x)?)),
    ),
    entry("retry", "VALUE", "F20 F22", "Retry-After with this value, be it absurd or negative", |x| {
        (!x.is_empty()).then(|| Effect::Retry(x.to_owned()))
    }),
    entry("retry-date", "SECONDS", "F20 F22", "Retry-After with the date in so many seconds", |x| {
        number(x).map(Effect::RetryDate)
    }),
    entry("leak", "", "F21", "500 with a stack trace and somebody's session", |_| instead(answer::Instead::Leak)),
    entry("reset", "", "F23 F24", "The connection is reset before the request is heard", |_| {
        both(Effect::Unheard, Effect::Carried(Transport::Reset))
    }),
    entry("reset-after", "", "F24 F25", "The request is carried out, then the connection is reset", |_| {
        carried(Transport::Reset)
    }),
    entry("loop", "", "F28", "303 to the address that was asked for", |_| instead(answer::Instead::Loop)),
    entry("redirect", "URL", "F28", "303 to this address", |x| instead(answer::Instead::Redirect(x.to_owned()))),
    entry("large", "MB", "F29", "So many megabytes of CSV, their length declared", |x| {
        instead(answer::Instead::Large(number(x)?, true))
    }),
    entry("endless", "MB", "F30", "So many megabytes of CSV, their length not declared", |x| {
        instead(answer::Instead::Large(number(x)?, false))
    }),
    entry("bomb", "MB", "F31", "So many megabytes of blanks in Content-Encoding gzip", |x| {
        instead(answer::Instead::Bomb(number(x).filter(|size| *size <= 4_096)?))
    }),
    entry("xml-bomb", "", "F32", "Entities that grow a billion times", |_| document(document::entities())),
    entry("xxe", "", "F32", "An entity that is a file of the reader", |_| document(document::foreign_entity())),
    entry("deep", "N", "F32", "Elements N deep", |x| document(document::deep(number(x)?)?)),
    entry("attributes", "N", "F32", "An element with N attributes", |x| document(document::attributes(number(x)?)?)),
    entry("columns", "N", "F33", "A table of N columns", |x| document(document::columns(number(x)?)?)),
    entry("arraysize", "N", "F33", "A column of arrays of N elements", |x| document(document::array_of(number(x)?))),
    entry("nrows", "N", "F33", "A VOTable that promises N rows", |x| {
        number::<u64>(x).map(|_| Effect::Body(document::promised, x.to_owned()))
    }),
    entry("extremes", "", "F34", "NaN, infinities, NULL and the largest whole numbers", |_| {
        document(document::extremes())
    }),
    entry("date", "SECONDS", "F35", "The clock of the server is so many seconds ahead", |x| {
        number(x).map(Effect::Date)
    }),
    entry("expired", "", "F36", "The session is over: the request counts as nobody's", |_| Some(Effect::Expired)),
    entry("vanished", "", "F18 F37", "404: the job does not exist", |_| instead(answer::Instead::Vanished)),
    entry("gone", "", "F37", "410", |_| instead(answer::Instead::Status(StatusCode::GONE))),
    entry("empty-list", "", "F37", "A list of jobs without jobs", |_| Some(Effect::Body(uws::emptied, String::new()))),
    entry("duplicates", "", "F38", "A list with each job twice", |_| Some(Effect::Body(uws::doubled, String::new()))),
    entry("uws", "no-phase|prefix|namespace|case|bom|blanks|cut|1.1", "F39", "A malformed job document", |x| {
        word(uws::KINDS, x, uws::malformed)
    }),
    entry("phase", "PHASE", "F40 F41 F42 F43 F46", "This phase in place of the true one", |x| {
        (!x.is_empty()).then(|| Effect::Body(uws::phase, x.to_owned()))
    }),
    entry("run-lost", "", "F44", "PHASE=RUN has no effect", |_| Some(Effect::RunLost)),
    entry("results", "none|many|foreign", "F45", "No result, several, or one on another host", |x| {
        word(&["none", "many", "foreign"], x, uws::results)
    }),
    entry("quota", "rows|tables|jobs", "F47", "A quota is used up", |x| {
        ["rows", "tables", "jobs"].contains(&x).then_some(())?;
        instead(answer::Instead::Quota(x.to_owned()))
    }),
    entry("upload-reset", "N", "F48", "The connection is reset after N bytes of the request", |x| {
        both(Effect::Unheard, Effect::Carried(Transport::ResetUpload(number(x)?)))
    }),
    entry("upload-lost", "", "F48", "200 for an upload that is not kept", |_| instead(answer::Instead::UploadLost)),
    entry("upload-refused", "clash|column", "F48", "The name of an uploaded table or of its column is refused", |x| {
        ["clash", "column"].contains(&x).then_some(())?;
        instead(answer::Instead::UploadRefused(x.to_owned()))
    }),
    entry("links", "errors|no-service", "F60", "DataLink rows with error messages, or without their service", |x| {
        ["errors", "no-service"].contains(&x).then_some(())?;
        instead(answer::Instead::Links(x.to_owned()))
    }),
];
