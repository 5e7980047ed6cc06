//! What people see: one file for each view. Views show state and call actions; they never fetch, parse or store.

pub mod about;
pub mod archive_chooser;
pub mod banners;
pub mod clock;
pub mod command;
pub mod cross_match;
pub mod datalink;
pub mod jobs;
pub mod notifications;
pub mod query;
pub mod results;
pub mod schema;
pub mod services;
pub mod session;
pub mod sharing;
pub mod theme_switch;
pub mod user_tables;
