//! Whether a result is all of it: decided from the format, never from "the stream ended".

use serde::{Deserialize, Serialize};
use votable::{Document, Error, Status};

/// The one verdict that page, exports and messages show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// The format's end mark was read and nothing says that rows are missing.
    Complete,
    /// The service says that it cut the result at this many rows.
    Overflow(usize),
    /// Rows are missing, for this reason.
    Partial(String),
    /// The format has no end mark that could prove it; the reason names it.
    Unknown(String),
}

impl Verdict {
    /// One lower-case word: `complete`, `overflow`, `partial`, `unknown`.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Complete => "complete",
            Verdict::Overflow(_) => "overflow",
            Verdict::Partial(_) => "partial",
            Verdict::Unknown(_) => "unknown",
        }
    }
}

/// The verdict on a VOTable whose table has `rows` rows and announced so many (`nrows`).
///
/// `broken`: why the connection ended before its time; behind the end of the document nothing can be missing. `wrong`: what the
/// reader could not read; behind the end, or in characters only, it leaves all rows there.
pub fn of_votable(
    document: &Document,
    (rows, announced): (usize, Option<u64>),
    broken: Option<String>,
    wrong: Option<&Error>,
) -> Verdict {
    let missing = wrong.filter(|error| !matches!(error, Error::AfterRoot { .. } | Error::Encoding { .. }));
    let fewer = announced.filter(|announced| *announced > rows as u64);
    match (document.status(), document.complete) {
        (Status::Error(message), _) => Verdict::Partial(format!("the service reported an error: {message}")),
        (_, false) => {
            let reason = broken.or(wrong.map(ToString::to_string));
            Verdict::Partial(reason.unwrap_or_else(|| "the document is cut".to_owned()))
        }
        (_, true) if let Some(error) = missing => Verdict::Partial(error.to_string()),
        (_, true) if let Some(fewer) = fewer => Verdict::Partial(format!("the table announces {fewer} rows")),
        (Status::Overflow, true) => Verdict::Overflow(rows),
        (_, true) => Verdict::Complete,
    }
}

/// The verdict on a file without end mark.
pub fn of_delimited(trouble: Option<String>) -> Verdict {
    match trouble {
        Some(reason) => Verdict::Partial(reason),
        None => Verdict::Unknown("CSV has no end mark".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_document_proves_that_it_is_whole() {
        let mut document = Document::default();
        assert!(matches!(of_votable(&document, (3, None), None, None), Verdict::Partial(_)));
        document.complete = true;
        assert_eq!(of_votable(&document, (3, Some(3)), None, None), Verdict::Complete);
        let late = Some("the connection broke".to_owned());
        assert_eq!(
            of_votable(&document, (3, None), late, None),
            Verdict::Complete,
            "after the end nothing can be missing"
        );
        let place = votable::Place::default();
        let behind = Error::AfterRoot { place };
        assert_eq!(of_votable(&document, (3, None), None, Some(&behind)), Verdict::Complete);
        let inside = Error::Base64 { cause: "a star".into(), place };
        assert_eq!(of_votable(&document, (3, None), None, Some(&inside)).word(), "partial");
        assert_eq!(
            of_votable(&document, (3, Some(4)), None, None).word(),
            "partial",
            "the document knows of another row"
        );
        assert_eq!(of_delimited(None).word(), "unknown");
    }
}
