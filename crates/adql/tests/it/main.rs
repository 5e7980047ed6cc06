//! The crate as others use it: texts in, trees, errors and answers of SQLite out.

mod archive;
mod errors;
mod hostile;
mod index;
mod queries;
mod results;
