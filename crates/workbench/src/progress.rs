//! Work that is done in steps, so that the worker hears its messages between them.

/// How far work has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress<T> {
    /// Not yet done; the part that is, from 0 to 1.
    More(f32),
    /// What came of it.
    Done(T),
}

impl<T> Progress<T> {
    /// The same progress with another result.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Progress<U> {
        match self {
            Progress::More(part) => Progress::More(part),
            Progress::Done(result) => Progress::Done(f(result)),
        }
    }
}

/// The part of `total` rows that is done.
pub(crate) fn part(done: usize, total: usize) -> f32 {
    if total == 0 { 1.0 } else { done as f32 / total as f32 }
}
