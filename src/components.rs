//! Pieces of the page that know values and callbacks, never the application's state.

pub mod announcer;
pub mod frame;
pub mod icon;
