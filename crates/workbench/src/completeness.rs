//! Whether a result is all of it: decided from the format, never from "the stream ended".

use serde::{Deserialize, Serialize};
use votable::{Document, Status};

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

/// The verdict on a VOTable of `rows` rows. `trouble`: why reading stopped, if not because the document ended.
pub fn of_votable(document: &Document, rows: usize, trouble: Option<String>) -> Verdict {
    match (document.status(), document.complete) {
        (Status::Error(message), _) => Verdict::Partial(format!("the service reported an error: {message}")),
        (Status::Overflow, true) => Verdict::Overflow(rows),
        (_, true) => Verdict::Complete,
        (_, false) => Verdict::Partial(trouble.unwrap_or_else(|| "the document is cut".to_owned())),
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
        assert!(matches!(of_votable(&document, 3, None), Verdict::Partial(_)));
        document.complete = true;
        assert_eq!(of_votable(&document, 3, None), Verdict::Complete);
        let late = "the connection broke".to_owned();
        assert_eq!(of_votable(&document, 3, Some(late)), Verdict::Complete, "after the end nothing can be missing");
        assert_eq!(of_delimited(None).word(), "unknown");
    }
}
