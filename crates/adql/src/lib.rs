//! ADQL 2.1 for editor and archive: tokens, a tree, and the SQL that SQLite runs.
//!
//! Follows the IVOA Recommendation "Astronomical Data Query Language" 2.1.
//! No I/O: text and a description of the catalogue come in, trees, errors with positions and SQL go out.

#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod error;
pub mod geometry;
pub mod lexer;
pub mod parser;
mod position;
pub mod sky;
pub mod translate;
pub mod tree;
pub mod units;

pub use error::Error;
pub use lexer::{Token, TokenKind, highlight};
pub use parser::{Parsed, parse};
pub use position::position;
pub use translate::{Catalogue, Translated, translate};
pub use tree::Query;
