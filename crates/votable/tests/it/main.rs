//! What the crate promises, tried on whole documents.

#![allow(clippy::unwrap_used)]

mod corpus;
mod documents;
mod hostile;
mod metadata;
mod roundtrip;
mod votlint;

use votable::{Document, Error, Reader};

/// Reads a document in chunks of `size` bytes.
fn read(document: &[u8], size: usize) -> (Document, Result<(), Error>) {
    read_chunks(document.chunks(size))
}

/// Reads a document in these chunks.
fn read_chunks<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> (Document, Result<(), Error>) {
    let mut reader = Reader::new();
    let pushed = chunks.into_iter().try_for_each(|chunk| reader.push(chunk));
    let finished = reader.finish();
    if let Err(error) = pushed {
        assert_eq!(finished, Err(error), "the end repeats the error");
    }
    (reader.into_document(), finished)
}

/// Numbers for tests that are the same each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}
