//! A file of the user's becomes a VOTable that a service takes as an upload (TAP 1.1, section 2.5), or it is said why not.

use table::{Column, Field, Table};
use votable::writer::Preamble;

use super::{Out, held::cells};
use crate::completeness::Verdict;
use crate::export::{Exporter, Format};
use crate::load::{ELSEWHERE, EndOfStream, Flow, Limits, Loader, Outcome};
use crate::protocol::{Event, FailureKind, Preview};
use crate::{Error, delimited};

/// Bytes that the columns of an upload may hold; services take less.
const MEMORY: usize = 512 << 20;

/// Rows that a person looks at before an upload.
const SHOWN: usize = 5;

pub(super) fn convert(file: u32, name: &str, bytes: Vec<u8>) -> Out {
    match table(name, bytes) {
        Ok(Converted { rows, fields, as_it_is, preview, bytes }) => {
            Out::Event(Event::Converted { file, rows, fields, as_it_is, preview }, Some(bytes))
        }
        Err(reason) => Out::Event(Event::NotConverted { file, reason }, None),
    }
}

struct Converted {
    rows: usize,
    fields: Vec<Field>,
    as_it_is: bool,
    preview: Preview,
    bytes: Vec<u8>,
}

impl Converted {
    fn new(table: &Table, as_it_is: bool, bytes: Vec<u8>) -> Converted {
        let cells = (0..table.rows().min(SHOWN)).map(|row| cells(table, row)).collect();
        let preview = Preview { cells, position: position(table) };
        Converted { rows: table.rows(), fields: fields(table), as_it_is, preview, bytes }
    }
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
            let converted = Converted::new(table, !was_compressed, Vec::new());
            Ok(Converted { bytes: plain, ..converted })
        }
        Outcome::Table(_) => {
            // Read again with names that the service takes; the first reading only told what the file is.
            drop(loader);
            let read =
                |text: &[u8], blanks: bool| delimited::read(text, delimited::Options { safe_names: true, blanks });
            let table = read(&plain, false).map_err(|error| error.to_string())?;
            // One column only: perhaps blanks separate several.
            let blanks = || read(delimited::from_header(&plain), true).ok().filter(|table| table.columns.len() > 1);
            let table = if table.columns.len() == 1 { blanks().unwrap_or(table) } else { table };
            // TABLEDATA: every service reads it, and numbers keep all their digits in it.
            Ok(Converted::new(&table, false, votable(name, &table, Format::VotablePlain)))
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

/// The columns that say by their UCD or their name that they are the position, best first: the main one, one of a usual name, any.
fn position(table: &Table) -> Option<(usize, usize)> {
    let find = |ucd: &str, names: &[&str]| {
        let numbers =
            || table.columns.iter().map(Column::field).enumerate().filter(|(_, field)| field.is_scalar_number());
        let has = |field: &Field, wanted: &str| {
            field.ucd.as_deref().is_some_and(|ucd| ucd.replace(' ', "").eq_ignore_ascii_case(wanted))
        };
        let main = numbers().find(|(_, field)| has(field, &format!("{ucd};meta.main")));
        let named = || names.iter().find_map(|name| numbers().find(|(_, field)| field.name.eq_ignore_ascii_case(name)));
        let any = || numbers().find(|(_, field)| has(field, ucd));
        main.or_else(named).or_else(any).map(|(at, _)| at)
    };
    let ra = ["ra", "ra_deg", "radeg", "raj2000", "ra_icrs", "ra_j2000", "_ra", "alpha", "right_ascension"];
    let dec = [
        "dec",
        "dec_deg",
        "decdeg",
        "dedeg",
        "dej2000",
        "de_icrs",
        "decj2000",
        "dec_j2000",
        "_de",
        "_dec",
        "delta",
        "declination",
    ];
    find("pos.eq.ra", &ra).zip(find("pos.eq.dec", &dec))
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
