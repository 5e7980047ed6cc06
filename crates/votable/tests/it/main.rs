//! What the crate promises, tried on whole documents.

#![allow(clippy::unwrap_used)]

mod corpus;
