//! Tests of the crate as its users see it. Documents of services are in `documents/`, all of our own making.

#![expect(clippy::unwrap_used, reason = "a test may fail that way")]

mod cut;
mod documents;
mod errors;
mod poll;
mod requests;
