//! Links and products of sources.

/// Links and products of sources.
#[derive(Clone, Copy)]
pub struct DatalinkState {}

impl DatalinkState {
    pub(super) fn new() -> DatalinkState {
        DatalinkState {}
    }
}
