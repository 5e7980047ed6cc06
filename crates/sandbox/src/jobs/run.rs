//! Running a job: its query, and the result into the job's file.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{Job, JobResult};
use crate::archive::Archive;
use crate::delivery;
use crate::fault::Fault;
use crate::parameters::Parameters;
use crate::stopwatch::Stopwatch;
use crate::{Time, database, query, sync};

impl Archive {
    /// Runs the job whose turn it is, to its end. False if there is none.
    pub(crate) fn run_next(&self, now: Time) -> bool {
        // A store that cannot be written is the host's trouble, not a reason to stop serving.
        let Ok(Some((job, abort))) = self.jobs.take_next(now) else { return false };
        let stopwatch = Stopwatch::start();
        // A job must not take the thread with it that runs all jobs.
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| run(self, &job, &abort)))
            .unwrap_or_else(|_| Err(Fault::bad("The service failed while the job ran.")))
            .map_err(|fault| fault.message);
        let _ = self.jobs.finish(&job.id, outcome, now.after(stopwatch.elapsed()));
        true
    }
}

fn run(archive: &Archive, job: &Job, abort: &Arc<AtomicBool>) -> Result<JobResult, Fault> {
    if let Some(message) = &job.upload_fault {
        return Err(Fault::bad(message.as_str()));
    }
    let parameters = Parameters::from_pairs(&job.parameters);
    let text = sync::check(&parameters)?;
    delivery::format(&parameters)?;
    let config = &archive.config;
    let limit = delivery::max_rows(&parameters)?.unwrap_or(config.async_rows).min(config.async_rows);
    let time = match job.duration {
        0 => config.async_time,
        seconds => Duration::from_secs(seconds).min(config.async_time),
    };
    let jobs = &archive.jobs;
    let prepared = query::prepare(text, archive.database.catalogue(), &job.uploads, &|id| jobs.result_file(id))?;
    let mut session = archive.database.connect()?;
    if !job.uploads.is_empty() {
        session.attach_file(&jobs.uploads_file(&job.id), "uploads", false)?;
    }
    for (path, name) in &prepared.attach {
        session.attach_file(path, name, false)?;
    }
    session.attach_file(&jobs.file(&job.id), "result", true)?;
    // Columns without a type keep each value as it came.
    let names: Vec<String> = (0..prepared.fields.len()).map(|at| format!("c{at}")).collect();
    session.execute_batch(&format!("CREATE TABLE result.result ({})", names.join(", ")))?;

    database::guard(&mut session, time, Arc::clone(abort))?;
    let failed = |error: rusqlite::Error| query::failed(&error, abort.load(Ordering::Relaxed), time);
    // With MAXREC=0 the query is still compiled, so that its mistakes are found.
    let most = if limit == 0 { 0 } else { limit + 1 };
    let sql = format!("INSERT INTO result.result SELECT * FROM ({}) LIMIT {most}", prepared.sql);
    let rows = session.execute(&sql, []).map_err(failed)? as u64;
    let overflow = rows > limit || limit == 0;
    if rows > limit {
        session.execute("DELETE FROM result.result WHERE rowid > ?1", [limit as i64]).map_err(failed)?;
    }
    Ok(JobResult { fields: prepared.fields, rows: rows.min(limit), overflow })
}
