//! Tables of the user at the archive.

use super::Actions;

impl Actions {
    /// Asks for the user's tables.
    pub fn load_user_tables(&self) {}
}
