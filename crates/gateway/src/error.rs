//! What keeps the gateway from starting; what goes wrong in a request is a `Refusal`.

use std::path::PathBuf;

/// A reason not to start, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line is not understood.
    #[error("{0}")]
    Usage(String),
    /// The configuration file is wrong at one place.
    #[error("configuration, line {line}, {key}: {message}")]
    Config {
        /// Line of the file, from 1.
        line: usize,
        /// The key, as `[section] key` or `[[archive]] key`.
        key: String,
        /// What is wrong and what would be right.
        message: String,
    },
    /// A file or folder cannot be read.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The HTTP client cannot be set up.
    #[error("cannot set up the HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    /// The sandbox cannot be opened.
    #[error("cannot open the sandbox: {0}")]
    Sandbox(String),
}
