//! The sandbox as its clients see it, in memory: requests through `handle`, jobs through `work`, time as the test says.

#![allow(clippy::unwrap_used)]

mod documents;
mod errors;
mod formats;
mod hostile;
mod jobs;
mod metadata;
mod network;
mod queries;
mod service;
mod uploads;
