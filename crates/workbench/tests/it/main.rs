//! The workbench from outside: files written and read back, streams cut anywhere, conversations with the page.
#![allow(clippy::unwrap_used)]

mod export;
mod sample;
mod votable;
