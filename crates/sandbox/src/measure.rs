//! How much the archive adds to the time that its database needs.

use std::time::Duration;

use bytes::Bytes;
use http::Request;

use crate::archive::{Answer, Archive};
use crate::query::{self, columns, push_row};
use crate::stopwatch::Stopwatch;
use crate::{Error, Time};

/// A cone of 1° round the Pleiades.
const CONE: &str = "SELECT source_id, ra, dec, parallax, pmra, pmdec, phot_g_mean_mag, bp_rp FROM gaiadr3.gaia_source \
                    WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 56.75, 24.12, 1))";

/// The same search in two ways, in one process.
#[derive(Clone, Copy, Debug)]
pub struct Cone {
    /// Median time from the request to the last byte of its answer.
    pub handler: Duration,
    /// Median time of the translated SQL through rusqlite, each row read into columns.
    pub sql: Duration,
    /// Rows found.
    pub rows: usize,
}

/// Searches a cone so many times in both ways, in turns.
pub fn cone(archive: &Archive, times: usize) -> Result<Cone, Error> {
    let failed = |fault: crate::fault::Fault| Error::Format(fault.message);
    let body = format!("REQUEST=doQuery&LANG=ADQL&QUERY={}", CONE.replace(' ', "+"));
    let (mut handler, mut sql, mut rows) = (Vec::new(), Vec::new(), 0);
    for _ in 0..times.max(1) {
        let request = Request::post("/tap-server/tap/sync").body(Bytes::from(body.clone()));
        let request = request.map_err(|cause| Error::Format(cause.to_string()))?;
        let stopwatch = Stopwatch::start();
        if let Answer::Ready(_, chunks) = archive.handle(request, Time(0)) {
            for chunk in chunks {
                chunk?;
            }
        }
        handler.push(stopwatch.elapsed());

        let prepared = query::prepare(CONE, archive, None, &[]).map_err(failed)?;
        let session = archive.database.connect()?;
        let stopwatch = Stopwatch::start();
        let mut statement = session.prepare(&prepared.sql)?;
        let mut found = statement.query([])?;
        let mut block = columns(&prepared.fields);
        while let Some(row) = found.next()? {
            push_row(row, &mut block)?;
        }
        sql.push(stopwatch.elapsed());
        rows = block.first().map_or(0, table::Column::len);
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times.get(times.len() / 2).copied().unwrap_or_default()
    };
    Ok(Cone { handler: median(&mut handler), sql: median(&mut sql), rows })
}
