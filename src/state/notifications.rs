//! Events and messages of the archive.

/// Events and messages of the archive.
#[derive(Clone, Copy)]
pub struct NotificationsState {}

impl NotificationsState {
    pub(super) fn new() -> NotificationsState {
        NotificationsState {}
    }
}
