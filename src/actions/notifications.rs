//! Events and messages of the archive.

use super::Actions;

impl Actions {
    /// Asks for messages.
    pub fn load_notifications(&self) {}
}
