//! Other services, found and asked through the archive.

/// Other services, found and asked through the archive.
#[derive(Clone, Copy)]
pub struct ServicesState {}

impl ServicesState {
    pub(super) fn new() -> ServicesState {
        ServicesState {}
    }
}
