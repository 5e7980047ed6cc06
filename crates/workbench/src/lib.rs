//! Tables in hand: load, window, sort, export; and what page and worker say to each other.

#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod check;
pub mod completeness;
pub mod cone;
pub mod delimited;
pub mod export;
pub mod expression;
pub mod load;
pub mod picture;
pub mod progress;
pub mod protocol;

pub mod select;
pub mod series;
pub mod statistics;
pub mod svg;

mod bench;
mod error;
mod zip;

pub use bench::{Out, Refusal, ResponseHead, Workbench};
pub use error::Error;
