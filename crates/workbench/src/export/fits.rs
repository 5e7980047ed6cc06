//! FITS: an empty primary HDU and one binary table (FITS 4.0, sections 4 and 7.3), as the archive's own writer lays it out.
//!
//! The header states the number of rows and the width of strings, so the rows are kept, in columns, until the end.

mod column;
mod header;

use std::ops::Range;

use ::votable::model::Info;
use ::votable::writer::Preamble;
use table::Column;

use self::column::BinaryColumn;
use self::header::Header;
use crate::Error;

/// Everything in FITS comes in blocks of this many bytes.
const BLOCK: usize = 2880;

pub(super) struct Fits {
    preamble: Preamble,
    kept: Vec<Column>,
}

impl Fits {
    pub(super) fn new(preamble: Preamble) -> Fits {
        let kept = preamble.fields.iter().cloned().map(Column::new).collect();
        Fits { preamble, kept }
    }

    pub(super) fn rows(&mut self, columns: &[Column], rows: Range<usize>) {
        for (kept, column) in self.kept.iter_mut().zip(columns) {
            for row in rows.clone() {
                kept.push_from(column, row);
            }
        }
    }

    pub(super) fn finish(&mut self, trailing: &[Info], out: &mut Vec<u8>) -> Result<(), Error> {
        if self.kept.len() > 999 {
            return Err(Error::TooManyColumns(self.kept.len()));
        }
        let rows = self.kept.iter().map(Column::len).min().unwrap_or(0);
        let columns: Vec<BinaryColumn<'_>> = self.kept.iter().map(BinaryColumn::new).collect();

        primary(out);
        let width: usize = columns.iter().map(BinaryColumn::width).sum();
        let heap: usize = columns.iter().map(BinaryColumn::heap).sum();
        let mut header = Header::default();
        header.text("XTENSION", "BINTABLE", "binary table");
        header.number("BITPIX", 8, "8-bit bytes");
        header.number("NAXIS", 2, "");
        header.number("NAXIS1", width, "bytes in a row");
        header.number("NAXIS2", rows, "rows");
        header.number("PCOUNT", heap, "bytes of arrays behind the rows");
        header.number("GCOUNT", 1, "");
        header.number("TFIELDS", columns.len(), "columns");
        for (at, column) in columns.iter().enumerate() {
            column.describe(at + 1, &mut header);
        }
        self.describe(trailing, &mut header);
        header.finish(out);

        let start = out.len();
        out.reserve(width * rows + heap);
        let mut behind = Vec::with_capacity(heap);
        for row in 0..rows {
            for column in &columns {
                column.write(row, out, &mut behind);
            }
        }
        out.append(&mut behind);
        pad(out, start, 0);
        Ok(())
    }

    /// What is said of the table as a whole.
    fn describe(&self, trailing: &[Info], header: &mut Header) {
        if let Some(name) = &self.preamble.table_name {
            header.text("EXTNAME", name, "");
        }
        for info in self.preamble.infos.iter().chain(trailing) {
            header.named_text(&info.name, &info.value);
        }
        for param in &self.preamble.params {
            header.named_text(&param.field.name, &param.value);
        }
        if let Some(description) = &self.preamble.table_description {
            header.comment(description);
        }
    }
}

/// The HDU that must come first and holds nothing here.
fn primary(out: &mut Vec<u8>) {
    let mut header = Header::default();
    header.logical("SIMPLE", true, "conforms to FITS");
    header.number("BITPIX", 8, "");
    header.number("NAXIS", 0, "no data here");
    header.logical("EXTEND", true, "a table follows");
    header.comment("Dummy header; see the following table extension");
    header.finish(out);
}

fn pad(out: &mut Vec<u8>, start: usize, with: u8) {
    let over = (out.len() - start) % BLOCK;
    if over > 0 {
        out.extend(std::iter::repeat_n(with, BLOCK - over));
    }
}
