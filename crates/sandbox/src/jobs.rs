//! The jobs of the service (UWS 1.1): kept in a database, their results each in a file of its own, until their time is over.

pub mod document;
mod job;
pub mod list;
mod result;
pub mod routes;
mod run;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, params};
use table::Field;

pub use job::{Job, JobResult, Phase};

use crate::changes::Changes;
use crate::entropy;
use crate::events::Event;
use crate::fault::Fault;
use crate::session::Sessions;
use crate::{Error, Time};

/// Synchronous queries that are remembered, of all users together, and the bytes that their parameters may take.
const REMEMBERED: usize = 1_000;
const REMEMBERED_BYTES: usize = 20_000_000;

/// A job that the service has begun so often without coming to its end is not begun again.
const MOST_ATTEMPTS: u32 = 3;

/// All jobs.
pub struct Jobs {
    folder: PathBuf,
    state: Mutex<State>,
    sessions: Arc<Sessions>,
    changes: Arc<Changes>,
    /// The service ends: what runs is left to the next start.
    stopping: AtomicBool,
}

struct State {
    jobs: BTreeMap<String, Job>,
    /// Jobs that run, and how to stop them.
    running: HashMap<String, Arc<AtomicBool>>,
    /// The last synchronous queries. They have no result, so they do not outlive the process.
    sync: VecDeque<Job>,
    serial: u64,
    /// The last identifier that is a time: the next one is later, though its job may not be here yet.
    last_time: i64,
    store: Connection,
}

impl Jobs {
    /// The jobs that are kept in a folder.
    pub fn open(folder: &Path, sessions: Arc<Sessions>, changes: Arc<Changes>) -> Result<Jobs, Error> {
        let folder = folder.join("jobs");
        std::fs::create_dir_all(&folder).map_err(|cause| Error::file(&folder, cause))?;
        let store = Connection::open(folder.join("jobs.sqlite"))?;
        store.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
             CREATE TABLE IF NOT EXISTS job (id TEXT PRIMARY KEY, document TEXT NOT NULL)",
        )?;
        let mut jobs = BTreeMap::new();
        let mut statement = store.prepare("SELECT document FROM job")?;
        let documents = statement.query_map([], |row| row.get::<_, String>(0))?;
        for document in documents {
            let mut job: Job = serde_json::from_str(&document?)?;
            if job.phase == Phase::Executing {
                // The service was stopped meanwhile: it begins anew, unless it is what stops the service.
                let _ = std::fs::remove_file(folder.join(format!("{}.sqlite", job.id)));
                if job.attempts < MOST_ATTEMPTS {
                    job.phase = Phase::Queued;
                } else {
                    job.phase = Phase::Error;
                    job.error = Some("The service was stopped each time while the job ran.".to_owned());
                    job.ended = job.started;
                }
            }
            jobs.insert(job.id.clone(), job);
        }
        drop(statement);
        let serial = jobs.values().map(|job| job.serial).max().unwrap_or(0);
        let state = State { jobs, running: HashMap::new(), sync: VecDeque::new(), serial, last_time: 0, store };
        Ok(Jobs { folder, state: Mutex::new(state), sessions, changes, stopping: AtomicBool::new(false) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells of a change of a job.
    fn changed(&self, job: &Job, event: Event, now: Time) {
        match &job.owner {
            Some(owner) => self.sessions.raise(owner, event, now),
            None => self.changes.tell(),
        }
    }

    /// An identifier that no job has and nobody can guess, in the shape of the archive's newest ones (a UUID of version 1); or
    /// in that of its first, the time.
    pub fn new_id(&self, now: Time, legacy: bool) -> Result<String, Fault> {
        if !legacy {
            let id = entropy::hexadecimal::<16>()?.to_ascii_lowercase();
            return Ok(format!("{}-{}-11f1-a{}-{}-O", &id[..8], &id[8..12], &id[13..16], &id[16..28]));
        }
        let mut state = self.state();
        let mut time = now.0.max(state.last_time + 1);
        while state.jobs.contains_key(&format!("{time}O")) {
            time += 1;
        }
        state.last_time = time;
        Ok(format!("{time}O"))
    }

    /// Adds a job.
    pub fn insert(&self, mut job: Job) -> Result<(), Error> {
        let mut state = self.state();
        state.serial += 1;
        job.serial = state.serial;
        state.save(&job)?;
        state.jobs.insert(job.id.clone(), job.clone());
        drop(state);
        self.changed(&job, Event::JobCreated, job.created);
        Ok(())
    }

    /// Remembers a synchronous query that has been answered.
    pub fn remember(&self, mut job: Job) {
        let mut state = self.state();
        state.serial += 1;
        job.serial = state.serial;
        state.sync.push_back(job);
        let mut bytes: usize = state.sync.iter().map(Job::size).sum();
        while state.sync.len() > REMEMBERED || bytes > REMEMBERED_BYTES {
            let Some(oldest) = state.sync.pop_front() else { break };
            bytes -= oldest.size();
        }
    }

    /// A job, if its time is not over.
    pub fn get(&self, id: &str, now: Time) -> Option<Job> {
        self.state().jobs.get(id).filter(|job| !job.is_over(now)).cloned()
    }

    /// The jobs of a user (or those of nobody) whose time is not over, in the order of their creation.
    pub fn of(&self, user: Option<&str>, now: Time) -> Vec<Job> {
        let state = self.state();
        let jobs = state.jobs.values().filter(|job| job.owner.as_deref() == user && !job.is_over(now));
        let mut jobs: Vec<Job> = jobs.cloned().collect();
        jobs.sort_by_key(|job| job.serial);
        jobs
    }

    /// The synchronous queries of a user (or those of nobody) that are remembered, in order.
    pub fn remembered(&self, user: Option<&str>) -> Vec<Job> {
        self.state().sync.iter().filter(|job| job.owner.as_deref() == user).cloned().collect()
    }

    /// Bytes that the results of a user's jobs (or of those of nobody) take.
    pub fn space_of(&self, user: Option<&str>) -> u64 {
        let state = self.state();
        let results =
            state.jobs.values().filter(|job| job.owner.as_deref() == user).filter_map(|job| job.result.as_ref());
        results.map(|result| result.bytes).sum()
    }

    /// Bytes that the tables take that came with the jobs of a user (or with those of nobody) and still wait for them to run.
    pub fn uploads_of(&self, user: Option<&str>) -> u64 {
        let state = self.state();
        let jobs = state.jobs.values().filter(|job| job.owner.as_deref() == user && !job.uploads.is_empty());
        jobs.map(|job| std::fs::metadata(self.uploads_file(&job.id)).map_or(0, |file| file.len())).sum()
    }

    /// Number of jobs.
    pub fn len(&self) -> usize {
        self.state().jobs.len()
    }

    /// Changes a job; `None` if there is none. What `change` returns is returned.
    pub fn update<T>(&self, id: &str, now: Time, change: impl FnOnce(&mut Job) -> T) -> Result<Option<T>, Error> {
        let mut state = self.state();
        let Some(mut job) = state.jobs.get(id).cloned() else { return Ok(None) };
        let outcome = change(&mut job);
        state.save(&job)?;
        if !job.phase.is_active() {
            match state.running.get(id) {
                Some(abort) => abort.store(true, Ordering::Relaxed),
                // It will never read the tables that came with it.
                None => drop(std::fs::remove_file(self.uploads_file(id))),
            }
        }
        state.jobs.insert(id.to_owned(), job.clone());
        drop(state);
        self.changed(&job, Event::JobUpdated, now);
        Ok(Some(outcome))
    }

    /// Removes a job with all that belongs to it; false if there is none.
    pub fn remove(&self, id: &str, now: Time) -> Result<bool, Error> {
        let mut state = self.state();
        let Some(job) = state.jobs.remove(id) else { return Ok(false) };
        state.store.execute("DELETE FROM job WHERE id = ?1", [id])?;
        // A job that runs is told to stop; its files go when it has.
        match state.running.get(id) {
            Some(abort) => abort.store(true, Ordering::Relaxed),
            None => self.remove_files(id),
        }
        drop(state);
        self.changed(&job, Event::JobRemoved, now);
        if let (Some(owner), Some(_)) = (&job.owner, &job.result) {
            self.sessions.raise(owner, Event::FileQuotaUpdated, now);
        }
        Ok(true)
    }

    /// Forgets a synchronous query of a user (or of nobody); false if there is none.
    pub fn forget(&self, id: &str, user: Option<&str>) -> bool {
        let mut state = self.state();
        let before = state.sync.len();
        state.sync.retain(|job| job.id != id || job.owner.as_deref() != user);
        state.sync.len() < before
    }

    /// Removes the jobs whose time is over; their number.
    pub fn expire(&self, now: Time) -> usize {
        let over: Vec<String> =
            self.state().jobs.values().filter(|job| job.is_over(now)).map(|job| job.id.clone()).collect();
        over.iter().filter(|id| self.remove(id, now).is_ok_and(|found| found)).count()
    }

    /// Tells all jobs that run to stop, because the service does. They begin anew when it is started again.
    pub fn interrupt(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        for abort in self.state().running.values() {
            abort.store(true, Ordering::Relaxed);
        }
    }

    /// The job that has waited longest for its turn, now executing; and how it is told to stop.
    fn take_next(&self, now: Time) -> Result<Option<(Job, Arc<AtomicBool>)>, Error> {
        if self.stopping.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let mut state = self.state();
        let queued =
            state.jobs.values().filter(|job| job.phase == Phase::Queued && !state.running.contains_key(&job.id));
        let Some(mut job) = queued.min_by_key(|job| (job.changed, job.serial)).cloned() else { return Ok(None) };
        job.enter(Phase::Executing, now);
        job.started = Some(now);
        job.attempts += 1;
        state.save(&job)?;
        let abort = Arc::new(AtomicBool::new(false));
        state.running.insert(job.id.clone(), Arc::clone(&abort));
        state.jobs.insert(job.id.clone(), job.clone());
        drop(state);
        self.changed(&job, Event::JobUpdated, now);
        Ok(Some((job, abort)))
    }

    /// A job has ended: with a result, or with the reason why not. If it was aborted or removed meanwhile, nothing of it stays.
    fn finish(&self, id: &str, outcome: Result<JobResult, String>, now: Time) -> Result<(), Error> {
        let mut state = self.state();
        state.running.remove(id);
        let mut job = state.jobs.get(id).filter(|job| job.phase == Phase::Executing).cloned();
        if outcome.is_err() && job.is_some() && self.stopping.load(Ordering::Relaxed) {
            return Ok(());
        }
        if job.is_none() || outcome.is_err() {
            self.remove_files(id);
        } else {
            let _ = std::fs::remove_file(self.uploads_file(id));
        }
        if let Some(job) = &mut job {
            job.ended = Some(now);
            match outcome {
                Ok(result) => {
                    job.enter(Phase::Completed, now);
                    job.result = Some(result);
                }
                Err(message) => {
                    job.enter(Phase::Error, now);
                    job.error = Some(message);
                }
            }
            state.save(job)?;
            state.jobs.insert(id.to_owned(), job.clone());
        }
        drop(state);
        match job {
            Some(job) => {
                self.changed(&job, Event::JobUpdated, now);
                if let (Some(owner), Some(_)) = (&job.owner, &job.result) {
                    self.sessions.raise(owner, Event::FileQuotaUpdated, now);
                }
            }
            None => self.changes.tell(),
        }
        Ok(())
    }

    /// File and columns of the result of a finished job that this user may read, its identifier compared without case.
    pub fn result_file(&self, id: &str, user: Option<&str>) -> Option<(PathBuf, Vec<Field>)> {
        let state = self.state();
        let job = state.jobs.values().find(|job| job.id.eq_ignore_ascii_case(id) && job.is_readable_by(user))?;
        let result = job.result.as_ref()?;
        Some((self.file(&job.id), result.fields.clone()))
    }

    /// The database that holds the result of a job.
    pub fn file(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.sqlite"))
    }

    /// The database that holds the tables that came with a job.
    fn uploads_file(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.uploads.sqlite"))
    }

    fn remove_files(&self, id: &str) {
        let _ = std::fs::remove_file(self.file(id));
        let _ = std::fs::remove_file(self.uploads_file(id));
    }
}

impl State {
    fn save(&self, job: &Job) -> Result<(), Error> {
        let mut statement = self.store.prepare_cached("INSERT OR REPLACE INTO job VALUES (?1, ?2)")?;
        statement.execute(params![job.id, serde_json::to_string(job)?])?;
        Ok(())
    }
}
