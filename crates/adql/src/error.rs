//! What is wrong with a query, and where: one kind of error for parser and translation.

use std::ops::Range;

/// A mistake in the text of a query.
///
/// Made for people: the message names what was found, `expected` what could stand there instead, and
/// `suggestion` a text that could replace `range`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// Bytes of the query that the error is about; empty at the end of the text.
    pub range: Range<usize>,
    /// What is wrong, in plain words.
    pub message: String,
    /// What could stand there instead, each a keyword, a symbol or a short description.
    pub expected: Vec<String>,
    /// A replacement for `range` that is probably meant ("did you mean").
    pub suggestion: Option<String>,
}

impl Error {
    /// An error about these bytes of the query.
    pub fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Error { range, message: message.into(), expected: Vec::new(), suggestion: None }
    }

    /// The same error with what was expected.
    #[must_use]
    pub fn expecting<S: Into<String>>(mut self, expected: impl IntoIterator<Item = S>) -> Self {
        self.expected = expected.into_iter().map(Into::into).collect();
        self
    }

    /// The same error with a text that could replace its range; the message gains "Did you mean …?".
    #[must_use]
    pub fn suggesting(mut self, suggestion: Option<String>) -> Self {
        if let Some(text) = &suggestion {
            self.message.push_str(&format!(" Did you mean {text}?"));
        }
        self.suggestion = suggestion;
        self
    }
}
