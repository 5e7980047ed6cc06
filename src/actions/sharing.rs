//! Groups and shared tables.

use super::Actions;

impl Actions {
    /// Asks for groups and shared tables.
    pub fn load_sharing(&self) {}
}
