//! Whether a result is all of it: decided from the format, never from "the stream ended".

use serde::{Deserialize, Serialize};

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
