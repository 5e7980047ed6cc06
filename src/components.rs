//! Pieces of the page that know values and callbacks, never the application's state.

pub mod adql_editor;
pub mod announcer;
pub mod asking;
pub mod clipboard;
pub mod confirm;
pub mod css;
pub mod data_grid;
pub mod dialog;
pub mod empty_state;
pub mod error_panel;
pub mod field;
pub mod focus;
pub mod frame;
pub mod icon;
pub mod later;
pub mod menu;
pub mod number;
pub mod phase_badge;
pub mod progress;
pub mod schema_tree;
pub mod series_plot;
pub mod size;
pub mod split;
pub mod tabs;
pub mod toast;
pub mod verdict_badge;
