//! Groups and shared tables.

/// Groups and shared tables.
#[derive(Clone, Copy)]
pub struct SharingState {}

impl SharingState {
    pub(super) fn new() -> SharingState {
        SharingState {}
    }
}
