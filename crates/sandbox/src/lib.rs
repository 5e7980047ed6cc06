//! An archive to try things on: TAP and TAP+ over a synthetic catalogue in SQLite.
//!
//! Sans-IO but for its database files: [`Archive::handle`] takes a request and the time and gives an answer, and
//! [`Archive::work`] runs jobs. [`host`] puts it on a network.

#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod archive;
mod availability;
mod capabilities;
pub mod catalogue;
mod database;
mod delivery;
mod error;
mod examples;
pub mod fault;
mod functions;
mod home;
#[cfg(not(target_arch = "wasm32"))]
pub mod host;
mod jobs;
mod metadata;
mod parameters;
mod query;
mod response;
mod routes;
mod stopwatch;
mod sync;
mod time;
mod upload;

pub use archive::{Answer, Archive, Arrival, Base, Config};
pub use error::Error;
pub use response::Chunks;
pub use time::Time;
