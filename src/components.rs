//! Pieces of the page that know values and callbacks, never the application's state.

pub mod adql_editor;
pub mod announcer;
pub mod focus;
pub mod frame;
pub mod data_grid;
pub mod icon;
pub mod size;
