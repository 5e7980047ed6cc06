//! An archive to try things on: TAP and TAP+ over a synthetic catalogue in SQLite.
//!
//! Sans-IO but for its database files: [`Archive::handle`] takes a request and the time and gives an answer, and
//! [`Archive::work`] runs jobs. [`host`] puts it on a network.

#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod accounts;
mod archive;
mod availability;
mod call;
mod capabilities;
pub mod catalogue;
mod changes;
mod cross_match;
mod database;
mod datalink;
mod delivery;
mod entropy;
mod error;
mod events;
mod examples;
mod external;
pub mod fault;
pub mod faults;
mod functions;
mod glots;
mod home;
#[cfg(not(target_arch = "wasm32"))]
pub mod host;
mod jobs;
pub mod measure;
mod metadata;
mod notifications;
mod parameters;
mod query;
mod response;
mod routes;
mod session;
mod share;
mod stopwatch;
mod store;
mod sync;
mod table_tool;
mod time;
mod upload;
mod user_tables;
mod users;

pub use accounts::{Account, demo_accounts};
pub use archive::{Answer, Archive, Arrival, Base, Config};
pub use error::Error;
pub use external::{External, Fetcher, NEIGHBOUR};
pub use response::Chunks;
pub use time::Time;
