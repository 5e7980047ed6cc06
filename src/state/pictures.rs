//! Pictures, statistics and selection of the shown table.

/// Pictures, statistics and selection of the shown table.
#[derive(Clone, Copy)]
pub struct PicturesState {}

impl PicturesState {
    pub(super) fn new() -> PicturesState {
        PicturesState {}
    }
}
