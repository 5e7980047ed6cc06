//! Groups and shared tables.

use super::Actions;

impl Actions {
    /// Asks with whom to share a table.
    pub fn ask_to_share(&self, _: &str) {}

    /// Asks for groups and shared tables.
    pub fn load_sharing(&self) {}
}
