//! The workbench from outside: files written and read back, streams cut anywhere, conversations with the page.
#![allow(clippy::unwrap_used)]

mod conversation;
mod convert;
mod corpus;
mod delimited;
mod export;
mod load;
mod pictures;
mod products;
mod sample;
mod votable;
