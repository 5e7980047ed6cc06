//! Tables of the user at the archive.

/// Tables of the user at the archive.
#[derive(Clone, Copy)]
pub struct UserTablesState {}

impl UserTablesState {
    pub(super) fn new() -> UserTablesState {
        UserTablesState {}
    }
}
