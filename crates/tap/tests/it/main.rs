//! Tests of the crate as its users see it. Documents of services are in `documents/`, of our own making but for what the
//! archive's documentation shows of groups, shared items and GloTS.

#![expect(clippy::unwrap_used, reason = "a test may fail that way")]

mod command;
mod cut;
mod documents;
mod errors;
mod poll;
mod requests;
mod tap_plus;
