//! Many files as one: a ZIP that is written as it is taken, so that it is never whole in memory.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use zip::ZipWriter;
use zip::write::{SimpleFileOptions, StreamWriter};

use super::files::{Files, Piece};
use crate::Error;

/// Bytes of a chunk, at least.
const CHUNK: usize = 64 * 1024;

/// What the ZIP has written and nobody has taken yet.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn with<T>(&self, change: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.with(|written| written.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The chunks of a ZIP with these files.
pub struct Bundle {
    files: Files,
    zip: Option<ZipWriter<StreamWriter<Written>>>,
    written: Written,
}

impl Bundle {
    /// A ZIP of files.
    pub fn new(files: Files) -> Bundle {
        let written = Written::default();
        Bundle { files, zip: Some(ZipWriter::new_stream(written.clone())), written }
    }

    /// Adds the next piece; at the end the directory. False when there is nothing more.
    fn add(&mut self) -> Result<bool, Error> {
        let Some(zip) = &mut self.zip else { return Ok(false) };
        let failed = |cause: &dyn std::fmt::Display| Error::Format(format!("ZIP: {cause}"));
        match self.files.next().transpose()? {
            Some(Piece::Begin(name)) => {
                zip.start_file(name, SimpleFileOptions::default()).map_err(|cause| failed(&cause))?;
            }
            Some(Piece::Bytes(bytes)) => zip.write_all(&bytes).map_err(|cause| failed(&cause))?,
            None => {
                if let Some(zip) = self.zip.take() {
                    zip.finish().map_err(|cause| failed(&cause))?;
                }
            }
        }
        Ok(true)
    }
}

impl Iterator for Bundle {
    type Item = Result<Bytes, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.written.with(|written| written.len()) < CHUNK {
            match self.add() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    self.zip = None;
                    return Some(Err(error));
                }
            }
        }
        let chunk = self.written.with(std::mem::take);
        (!chunk.is_empty()).then(|| Ok(chunk.into()))
    }
}
