//! Pieces of the page that know values and callbacks, never the application's state.
