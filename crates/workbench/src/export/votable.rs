//! VOTable, compressed on demand; the document itself is written by the crate `votable`.

use std::io::Write as _;
use std::ops::Range;

use ::votable::model::{Info, ServiceDescriptor};
use ::votable::writer::{Preamble, Serialization, Writer};
use flate2::{Compression, write::GzEncoder};
use table::Column;

pub(super) struct Votable {
    writer: Writer,
    preamble: Preamble,
    gzip: Option<GzEncoder<Vec<u8>>>,
    /// Plain bytes on their way into `gzip`.
    plain: Vec<u8>,
}

impl Votable {
    pub(super) fn new(serialization: Serialization, gzip: bool, preamble: Preamble) -> Votable {
        let gzip = gzip.then(|| GzEncoder::new(Vec::new(), Compression::fast()));
        Votable { writer: Writer::new(serialization), preamble, gzip, plain: Vec::new() }
    }

    pub(super) fn start(&mut self, out: &mut Vec<u8>) {
        match self.gzip {
            None => self.writer.start(&self.preamble, out),
            Some(_) => {
                self.writer.start(&self.preamble, &mut self.plain);
                self.deflate(out);
            }
        }
    }

    pub(super) fn rows(&mut self, columns: &[Column], rows: Range<usize>, out: &mut Vec<u8>) {
        match self.gzip {
            None => self.writer.rows(columns, rows, out),
            Some(_) => {
                self.writer.rows(columns, rows, &mut self.plain);
                self.deflate(out);
            }
        }
    }

    pub(super) fn finish(&mut self, trailing: &[Info], descriptors: &[ServiceDescriptor], out: &mut Vec<u8>) {
        if self.gzip.is_none() {
            return self.writer.finish(trailing, descriptors, out);
        }
        self.writer.finish(trailing, descriptors, &mut self.plain);
        self.deflate(out);
        // Writing to a Vec cannot fail.
        if let Some(Ok(rest)) = self.gzip.take().map(GzEncoder::finish) {
            out.extend_from_slice(&rest);
        }
    }

    fn deflate(&mut self, out: &mut Vec<u8>) {
        let Some(gzip) = &mut self.gzip else { return };
        // Writing to a Vec cannot fail.
        let _ = gzip.write_all(&self.plain);
        self.plain.clear();
        out.append(gzip.get_mut());
    }
}
