//! What people see: one file for each view. Views show state and call actions; they never fetch, parse or store.

pub mod about;
pub mod archive_chooser;
pub mod banners;
pub mod clock;
pub mod jobs;
pub mod query;
pub mod results;
pub mod schema;
pub mod theme_switch;
