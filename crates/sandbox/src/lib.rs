//! An archive to try things on: TAP and TAP+ over a synthetic catalogue in SQLite.
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod catalogue;
mod error;

pub use error::Error;
