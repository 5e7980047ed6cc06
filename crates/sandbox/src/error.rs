//! What can go wrong inside the sandbox itself; what a client did wrong is a [`crate::fault::Fault`].

use std::path::{Path, PathBuf};

/// An error of the sandbox.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
    /// A file could not be made, read or removed.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A result does not fit its format.
    #[error("format: {0}")]
    Format(String),
    /// An account of the configuration cannot be.
    #[error("account: {0}")]
    Account(String),
    /// Another service failed while it answered.
    #[error("the other service: {0}")]
    External(String),
    /// What is stored of a job or a table could not be read.
    #[error("stored description: {0}")]
    Stored(#[from] serde_json::Error),
}

impl Error {
    pub(crate) fn file(path: &Path, cause: std::io::Error) -> Error {
        Error::File { path: path.to_owned(), cause }
    }
}
