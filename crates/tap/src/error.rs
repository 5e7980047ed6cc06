//! What goes wrong between a service and this crate, in one type.
//!
//! Services report errors as VOTable, UWS error summary, HTML page, JSON or plain text, with any
//! status and also with 200. [`Error::from_response`] makes one [`ServiceError`] of all of them.

mod body;
mod position;
mod redact;

use std::ops::Range;

use crate::timestamp::Timestamp;
pub use body::error_in_ok_body;
pub use position::Position;
pub use redact::redact;

/// Errors of this crate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The service reported an error, in whatever form.
    #[error(transparent)]
    Service(Box<ServiceError>),
    /// A document cannot be read.
    #[error("not readable as {what}: {reason}")]
    Document {
        /// What the document should have been.
        what: &'static str,
        /// Why it is not.
        reason: String,
        /// Where, in bytes from the beginning of the decoded text.
        offset: Option<u64>,
    },
    /// A document ends in its middle.
    #[error("the {what} stops before its end")]
    Truncated {
        /// What the document should have been.
        what: &'static str,
    },
    /// An address that a service gave cannot be used.
    #[error("the address {url:?} cannot be used: {reason}")]
    Address {
        /// The address as given.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// An error that a service reported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ServiceError {
    /// HTTP status. For an error in the body of a good answer the status that the body names, else 200.
    pub status: u16,
    /// What sort of error.
    pub kind: ErrorKind,
    /// The service's own words without what it leaked; never empty.
    pub message: String,
    /// Where in the query, if the message says so.
    pub position: Option<Position>,
    /// The word in the query that the message complains of.
    pub token: Option<String>,
}

impl ServiceError {
    /// The bytes of `query` that this error is about.
    ///
    /// Position and word are used together: some parsers count a tab as eight columns, and some messages name a
    /// word without a position. A word alone is only believed if it is in the query exactly once.
    pub fn place_in(&self, query: &str) -> Option<Range<usize>> {
        let by_position = self.position.and_then(|position| position.in_query(query));
        let Some(token) = self.token.as_deref() else { return by_position };
        let words = position::occurrences(query, token);
        let Some(range) = by_position else {
            return if words.len() == 1 { words.into_iter().next() } else { None };
        };
        if words.iter().any(|word| word.start == range.start)
            || self.position.is_some_and(|position| position.end.is_some())
        {
            return Some(range);
        }
        let line = line_of(query, range.start);
        let on_line = words.into_iter().filter(|word| line.contains(&word.start));
        on_line.min_by_key(|word| word.start.abs_diff(range.start)).or(Some(range))
    }
}

fn line_of(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    start..text[at..].find('\n').map_or(text.len(), |end| at + end)
}

/// Sorts of errors, as far as status and body tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// The query is at fault.
    Query,
    /// The request is at fault, but not its query.
    BadRequest,
    /// A page says that the service is being maintained.
    Maintenance {
        /// The page's title.
        title: Option<String>,
    },
    /// A web page came where a document was expected.
    HtmlPage {
        /// The page's title.
        title: Option<String>,
    },
    /// One has to sign in (401).
    Unauthorized,
    /// Not allowed to this user (403, 530, 550).
    Forbidden,
    /// No such resource or job (404, 410).
    NotFound,
    /// The request or upload is too large (413).
    TooLarge,
    /// A quota is exhausted (507, or the message says so).
    Quota,
    /// Too many requests (429).
    TooMany {
        /// When to come back, if the service said.
        retry_after: Option<RetryAfter>,
    },
    /// Down or overloaded (502, 503, 504).
    Unavailable {
        /// When to come back, if the service said.
        retry_after: Option<RetryAfter>,
    },
    /// The service failed (500 and the rest of 5xx).
    Server,
    /// Any other status.
    Other,
}

/// The `Retry-After` header (RFC 9110 section 10.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// So many seconds from now. Negative values are read as 0.
    Seconds(u64),
    /// Not before this moment.
    At(Timestamp),
}

impl RetryAfter {
    /// Nobody is made to wait longer than ten minutes, whatever the header says.
    pub const LONGEST_MILLIS: i64 = 600_000;

    /// Reads seconds or an HTTP date; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let number = text.strip_prefix('-').unwrap_or(text);
        let whole = number.split('.').next().unwrap_or_default();
        if !whole.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            let seconds = if text.starts_with('-') { 0 } else { whole.parse().unwrap_or(u64::MAX) };
            return Some(Self::Seconds(seconds));
        }
        Timestamp::parse_http_date(text).map(Self::At)
    }

    /// Milliseconds to wait from `now`: never negative, never more than [`Self::LONGEST_MILLIS`].
    pub fn delay_millis(self, now: Timestamp) -> i64 {
        let millis = match self {
            Self::Seconds(seconds) => i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000),
            Self::At(moment) => moment.since(now),
        };
        millis.clamp(0, Self::LONGEST_MILLIS)
    }
}

impl Error {
    /// The error that an answer with a bad status tells, in any of the shapes services use.
    pub fn from_response(status: u16, content_type: Option<&str>, retry_after: Option<&str>, body: &[u8]) -> Self {
        body::from_response(status, content_type, retry_after.and_then(RetryAfter::parse), body)
    }

    /// The error of a job whose document carries `message` in its error summary.
    pub fn from_job_message(message: &str) -> Self {
        Self::Service(Box::new(body::query_error(200, message)))
    }

    /// The service's part, if the service reported this error.
    pub fn service(&self) -> Option<&ServiceError> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }

    pub(crate) fn document(what: &'static str, reason: impl Into<String>, offset: Option<u64>) -> Self {
        Self::Document { what, reason: reason.into(), offset }
    }
}

impl From<ServiceError> for Error {
    fn from(error: ServiceError) -> Self {
        Self::Service(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place<'a>(message: &str, query: &'a str) -> &'a str {
        body::query_error(400, message).place_in(query).map_or("nothing", |range| &query[range])
    }

    #[test]
    fn position_and_word_help_each_other() {
        assert_eq!(place("Encountered \"frm\" at line 1, column 17.", "select *\tfrm t"), "frm");
        assert_eq!(place("Encountered \"frm\" at line 1, column 10.", "select * frm frm"), "frm");
        assert_eq!(place("Unknown column \"PARALLX\"", "select parallx from t"), "parallx");
        assert_eq!(place("Unknown column \"a\"", "select a from a"), "nothing");
        assert_eq!(place("Unknown column \"par\"", "select parallax from t"), "nothing");
        assert_eq!(place("Encountered \"<EOF>\" at line 1, column 30.", "select * from"), "m");
        assert_eq!(place("Wrong [l.1 c.8 - l.1 c.11]: column \"x\"", "select abc from x"), "abc");
        assert_eq!(place("It failed", "select 1"), "nothing");
    }

    #[test]
    fn retry_after_is_tamed() {
        let now = Timestamp::parse("1994-11-06T08:49:00Z").unwrap();
        let delay = |text| RetryAfter::parse(text).map(|after| after.delay_millis(now));
        assert_eq!(delay("7"), Some(7000));
        assert_eq!(delay(" 1.5 "), Some(1000));
        assert_eq!(delay("-30"), Some(0));
        assert_eq!(delay("99999999999999999999999"), Some(600_000));
        assert_eq!(delay("86400"), Some(600_000));
        assert_eq!(delay("Sun, 06 Nov 1994 08:49:37 GMT"), Some(37_000));
        assert_eq!(delay("Sun, 06 Nov 1904 08:49:37 GMT"), Some(0));
        assert_eq!(delay("soon"), None);
        assert_eq!(delay(""), None);
    }
}
