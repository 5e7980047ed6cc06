//! The sandbox as its clients see it, in memory: requests through `handle`, jobs through `work`, time as the test says.

#![allow(clippy::unwrap_used)]

mod cross_match;
mod datalink;
mod documents;
mod errors;
mod events;
mod external;
mod faults;
mod formats;
mod functions;
mod glots;
mod hostile;
mod jobs;
mod kill;
mod metadata;
mod network;
mod notifications;
mod queries;
mod service;
mod sessions;
mod sharing;
mod table_tool;
mod transport;
mod traps;
mod uploads;
mod user;
mod user_tables;
