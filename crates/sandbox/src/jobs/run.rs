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
use crate::{Time, cross_match, database, external, query, sync};

impl Archive {
    /// Runs the job whose turn it is, to its end. False if there is none.
    pub(crate) fn run_next(&self, now: Time) -> bool {
        // A store that cannot be written is the host's trouble, not a reason to stop serving.
        let Ok(Some((job, abort))) = self.jobs.take_next(now) else { return false };
        let stopwatch = Stopwatch::start();
        // A job must not take the thread with it that runs all jobs.
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| run(self, &job, &abort, now)))
            .unwrap_or_else(|_| Err(Fault::bad("The service failed while the job ran.")))
            .map_err(|fault| fault.message);
        let _ = self.jobs.finish(&job.id, outcome, now.after(stopwatch.elapsed()));
        true
    }
}

fn run(archive: &Archive, job: &Job, abort: &Arc<AtomicBool>, now: Time) -> Result<JobResult, Fault> {
    if let Some(message) = &job.upload_fault {
        return Err(Fault::bad(message.as_str()));
    }
    let parameters = Parameters::from_pairs(&job.parameters);
    let text = sync::check(&parameters)?;
    delivery::format(&parameters)?;
    let config = &archive.config;
    let (most, longest) = match job.owner {
        Some(_) => (config.user_rows, config.user_time),
        None => (config.async_rows, config.async_time),
    };
    let limit = delivery::max_rows(&parameters)?.unwrap_or(most).min(most);
    let time = match job.duration {
        0 => longest,
        seconds => Duration::from_secs(seconds).min(longest),
    };
    if let Some(service) = external::service(config, &parameters, None)? {
        return external::run(archive, job, service, limit, time, abort);
    }
    let jobs = &archive.jobs;
    // To a neighbour everybody is nobody.
    let owner = job.owner.as_deref();
    let user = owner.filter(|_| !external::asked(&parameters));
    if let Some(request) = cross_match::request(text)? {
        return cross_match::run(archive, job, &request, time, abort, now);
    }
    let prepared = query::prepare(text, archive, user, &job.uploads)?;
    let mut session = archive.database.connect()?;
    if !job.uploads.is_empty() {
        session.attach_file(&jobs.uploads_file(&job.id), "uploads", false)?;
    }
    prepared.attach(&mut session)?;
    session.attach_file(&jobs.file(&job.id), "result", true)?;
    // The file may not become larger than what its owner has left.
    let left = config.job_space.saturating_sub(jobs.space_of(owner));
    let page = session.query_row("PRAGMA result.page_size", [], |row| row.get::<_, i64>(0))?.max(1) as u64;
    session.execute_batch(&format!(
        "PRAGMA result.max_page_count = {}",
        (left / page).clamp(16, u64::from(u32::MAX - 1))
    ))?;
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
    drop(session);
    let bytes = std::fs::metadata(jobs.file(&job.id)).map_or(0, |file| file.len());
    Ok(JobResult { fields: prepared.fields, rows: rows.min(limit), overflow, bytes })
}
