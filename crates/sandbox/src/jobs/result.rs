//! The result of a job on its way out: read from its file in blocks, written in the format of the job.

use std::path::Path;

use bytes::Bytes;
use http::{Response, StatusCode};
use rusqlite::{Connection, OpenFlags};
use table::Field;
use workbench::export::Exporter;

use super::{Job, JobResult};
use crate::Error;
use crate::archive::{Answer, Archive};
use crate::delivery::{self, About};
use crate::fault::Fault;
use crate::parameters::Parameters;
use crate::query::{columns, push_row};
use crate::response::{self, Chunks};

/// Rows in a block.
const BLOCK: usize = 4_000;

/// The response with the result of a job.
pub fn answer(archive: &Archive, job: &Job, result: &JobResult, base: &str) -> Result<Answer, Fault> {
    let format = delivery::format(&Parameters::from_pairs(&job.parameters))?;
    let about = About {
        query: job.parameter("query").unwrap_or_default().to_owned(),
        job_id: job.id.clone(),
        job_name: job.name().to_owned(),
        base: base.to_owned(),
    };
    let mut preamble = delivery::preamble(&result.fields, &about, archive.database.catalogue());
    preamble.nrows = usize::try_from(result.rows).ok();
    let trailing = if result.overflow { delivery::overflow() } else { Vec::new() };
    let descriptors = delivery::descriptors(&result.fields, &about);
    let mut rows = Rows::open(&archive.jobs.file(&job.id), result.fields.clone())?;
    let folder = std::sync::Arc::clone(&archive.folder);
    let mut exporter = Some(Exporter::new(format, preamble));
    let mut begun = false;
    let chunks = std::iter::from_fn(move || {
        // The folder must stay as long as somebody reads from it.
        let _ = &folder;
        let mut out = Vec::new();
        let writer = exporter.as_mut()?;
        if !begun {
            writer.start(&mut out);
            begun = true;
        }
        // FITS gives nothing before its end, and an empty chunk would be taken for the end of the body.
        loop {
            match rows.next_block() {
                Ok(Some(block)) => writer.rows(&block, 0..block.first().map_or(0, table::Column::len), &mut out),
                Ok(None) => {
                    let finished = writer.finish(&trailing, &descriptors, &mut out);
                    exporter = None;
                    return Some(match finished {
                        Ok(()) => Ok(Bytes::from(out)),
                        Err(cause) => Err(Error::Format(cause.to_string())),
                    });
                }
                Err(error) => {
                    exporter = None;
                    return Some(Err(error));
                }
            }
            if !out.is_empty() {
                return Some(Ok(Bytes::from(out)));
            }
        }
    });
    let mut head = Response::builder().status(StatusCode::OK);
    for (name, value) in delivery::headers(format, &about) {
        head = head.header(name, value);
    }
    Ok(response::ready(head, Chunks::new(chunks)))
}

/// The rows of a result, block by block.
struct Rows {
    connection: Connection,
    fields: Vec<Field>,
    sql: String,
    last: i64,
}

impl Rows {
    fn open(path: &Path, fields: Vec<Field>) -> Result<Rows, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        let names: Vec<String> = (0..fields.len()).map(|at| format!("c{at}")).collect();
        let sql =
            format!("SELECT {}, rowid FROM result WHERE rowid > ?1 ORDER BY rowid LIMIT {BLOCK}", names.join(", "));
        Ok(Rows { connection, fields, sql, last: 0 })
    }

    fn next_block(&mut self) -> Result<Option<Vec<table::Column>>, Error> {
        let mut statement = self.connection.prepare_cached(&self.sql)?;
        let mut rows = statement.query([self.last])?;
        let mut block = columns(&self.fields);
        let mut last = None;
        while let Some(row) = rows.next()? {
            push_row(row, &mut block)?;
            last = Some(row.get(self.fields.len())?);
        }
        drop(rows);
        drop(statement);
        Ok(last.map(|last| {
            self.last = last;
            block
        }))
    }
}
