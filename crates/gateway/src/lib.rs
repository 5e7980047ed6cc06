//! The gateway: serves the built page, carries its requests to the archives of an operator's list, mounts the sandbox.
//!
//! It is small and strict: the page names an archive by its id and never a host; headers pass by allow-lists both ways;
//! bodies stream both ways and are never held; a client that leaves ends the request at the archive.

#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod answer;
pub mod arguments;
pub mod assets;
pub mod caller;
pub mod config;
pub mod cookies;
pub mod headers;
mod html;
pub mod inside;
pub mod limits;
pub mod proxy;
pub mod redirect;
pub mod routes;
pub mod server;
mod session;
pub mod target;

mod error;

pub use config::Config;
pub use error::Error;
pub use inside::Inside;
pub use routes::Gateway;
pub use sandbox::host::dns;
