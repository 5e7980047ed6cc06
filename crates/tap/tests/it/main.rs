//! Tests of the crate as its users see it. Documents of services are in `documents/`, all of our own making.

mod cut;
mod documents;
mod errors;
mod poll;
mod requests;
