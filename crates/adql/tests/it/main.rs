//! The crate as others use it: texts in, trees, errors and answers of SQLite out.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod archive;
mod errors;
mod hostile;
mod index;
mod queries;
mod results;
