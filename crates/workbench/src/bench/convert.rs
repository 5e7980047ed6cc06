//! A file of the user's becomes a VOTable that a service takes as an upload (TAP 1.1, section 2.5), or it is said why not.

use table::{Field, Table};
use votable::writer::Preamble;

use super::Out;
use crate::completeness::Verdict;
use crate::export::{Exporter, Format};
use crate::load::{ELSEWHERE, EndOfStream, Flow, Limits, Loader, Outcome};
use crate::protocol::{Event, FailureKind};
use crate::{Error, delimited};

/// Bytes that the columns of an upload may hold; services take less.
const MEMORY: usize = 512 << 20;

pub(super) fn convert(file: u32, name: &str, bytes: Vec<u8>) -> Out {
    match table(name, bytes) {
        Ok(Converted { rows, fields, as_it_is, bytes }) => {
            Out::Event(Event::Converted { file, rows, fields, as_it_is }, Some(bytes))
        }
        Err(reason) => Out::Event(Event::NotConverted { file, reason }, None),
    }
}

struct Converted {
    rows: usize,
    fields: Vec<Field>,
    as_it_is: bool,
    bytes: Vec<u8>,
}

fn table(name: &str, bytes: Vec<u8>) -> Result<Converted, String> {
    let (plain, was_compressed) = match inflate(&bytes).map_err(|error| error.to_string())? {
        Some(plain) => (plain, true),
        None => (bytes, false),
    };
    let mut loader = Loader::new(Limits::with_memory(MEMORY));
    let mut flow = Flow::More;
    for chunk in plain.chunks(1 << 20) {
        if flow == Flow::More {
            flow = loader.push(chunk);
        }
    }
    let outcome = loader.finish(EndOfStream::Clean);
    match outcome {
        Outcome::Table(verdict) if loader.document().is_some() => {
            if let Verdict::Partial(reason) = verdict {
                return Err(reason);
            }
            let table = loader.table().ok_or("the VOTable holds no table with columns")?;
            Ok(Converted { rows: table.rows(), fields: fields(table), as_it_is: !was_compressed, bytes: plain })
        }
        Outcome::Table(_) => {
            // Read again with names that the service takes; the first reading only told what the file is.
            drop(loader);
            let table = delimited::read(&plain, delimited::Options { safe_names: true, blanks: false })
                .map_err(|e| e.to_string())?;
            // TABLEDATA: every service reads it, and numbers keep all their digits in it.
            let bytes = votable(name, &table, Format::VotablePlain);
            Ok(Converted { rows: table.rows(), fields: fields(&table), as_it_is: false, bytes })
        }
        Outcome::Words(FailureKind::HtmlPage, _) => Err("this is a web page, not a table (line 1)".to_owned()),
        Outcome::Words(FailureKind::Query, _) => {
            Err("this VOTable holds a service's error message, not a table".to_owned())
        }
        Outcome::Words(..) => Err("line 1 holds words, not names of columns, and no line follows".to_owned()),
        Outcome::Failed(_, reason) => Err(match (reason.strip_suffix(ELSEWHERE), plain.trim_ascii().is_empty()) {
            (_, true) => Error::Empty.to_string(),
            (Some(what), _) => format!("this is {what}, not a table"),
            (None, _) => reason,
        }),
    }
}

/// The inflated file, if it is compressed.
fn inflate(bytes: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    if !bytes.starts_with(b"\x1f\x8b\x08") {
        return Ok(None);
    }
    crate::load::inflate(bytes, 2 * MEMORY).map(Some)
}

fn fields(table: &Table) -> Vec<Field> {
    table.columns.iter().map(|column| column.field().clone()).collect()
}

/// A table as a VOTable.
pub(super) fn votable(name: &str, table: &Table, format: Format) -> Vec<u8> {
    let preamble = Preamble {
        table_name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        fields: fields(table),
        nrows: Some(table.rows()),
        ..Preamble::default()
    };
    let mut exporter = Exporter::new(format, preamble);
    let mut out = Vec::new();
    exporter.start(&mut out);
    exporter.rows(&table.columns, 0..table.rows(), &mut out);
    // Only FITS can fail.
    let _ = exporter.finish(&[], &[], &mut out);
    out
}
