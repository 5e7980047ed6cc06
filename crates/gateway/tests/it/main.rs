//! The gateway from outside: raw HTTP on free ports, against small archives that the tests write.

#![allow(clippy::unwrap_used)]

mod assets;
mod harness;
mod limits;
mod page;
mod process;
mod proxy;
mod redirects;
mod sandbox_mount;
mod sessions;
