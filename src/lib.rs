//! The page of Parallax: views show values and call actions, actions write state; fetch and the worker are the only ways out.
//!
//! The worker shares `failures` and `fetch` with the page, and nothing else.

#![cfg_attr(test, allow(clippy::unwrap_used))]

#[cfg(feature = "page")]
pub mod actions;
#[cfg(feature = "page")]
pub mod app;
#[cfg(feature = "page")]
pub mod archives;
#[cfg(feature = "page")]
pub mod components;
#[cfg(feature = "page")]
pub mod dom;
pub mod failures;
pub mod fetch;
#[cfg(feature = "page")]
pub mod routes;
#[cfg(feature = "page")]
pub mod state;
#[cfg(feature = "page")]
pub mod views;
#[cfg(feature = "page")]
pub mod worker_client;
