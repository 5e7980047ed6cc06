//! The jobs of the service (UWS 1.1): kept in a database, their results each in a file of its own, until their time is over.

pub mod document;
mod job;
pub mod list;
mod result;
pub mod routes;
mod run;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, params};
use table::Field;

pub use job::{Job, JobResult, Phase};

use crate::catalogue::Random;
use crate::{Error, Time};

/// All jobs.
pub struct Jobs {
    folder: PathBuf,
    seed: u64,
    state: Mutex<State>,
    notify: Mutex<Vec<Box<dyn Fn() + Send + Sync>>>,
}

struct State {
    jobs: BTreeMap<String, Job>,
    /// Jobs that run, and how to stop them.
    running: HashMap<String, Arc<AtomicBool>>,
    serial: u64,
    store: Connection,
}

impl Jobs {
    /// The jobs that are kept in a folder.
    pub fn open(folder: &Path, seed: u64) -> Result<Jobs, Error> {
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
                job.phase = Phase::Error;
                job.error = Some("The service was stopped while the job ran.".to_owned());
                job.ended = job.started;
            }
            jobs.insert(job.id.clone(), job);
        }
        drop(statement);
        let serial = jobs.values().map(|job| job.serial).max().unwrap_or(0);
        let state = State { jobs, running: HashMap::new(), serial, store };
        Ok(Jobs { folder, seed, state: Mutex::new(state), notify: Mutex::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has `notify` called after each change.
    pub fn on_change(&self, notify: Box<dyn Fn() + Send + Sync>) {
        self.notify.lock().unwrap_or_else(PoisonError::into_inner).push(notify);
    }

    fn changed(&self) {
        for notify in self.notify.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            notify();
        }
    }

    /// An identifier that no job has, in the shape of the archive's newest ones.
    pub fn new_id(&self, now: Time) -> String {
        let mut state = self.state();
        state.serial += 1;
        let mut random = Random::new(self.seed ^ now.0 as u64, state.serial);
        let (a, b) = (random.bits(), random.bits());
        format!(
            "{:08x}-{:04x}-11f0-{:04x}-{:012x}-O",
            a >> 32,
            a >> 16 & 0xffff,
            0x8000 | b >> 50,
            b & 0xffff_ffff_ffff
        )
    }

    /// Adds a job.
    pub fn insert(&self, mut job: Job) -> Result<(), Error> {
        let mut state = self.state();
        state.serial += 1;
        job.serial = state.serial;
        state.save(&job)?;
        state.jobs.insert(job.id.clone(), job);
        drop(state);
        self.changed();
        Ok(())
    }

    /// A job, if its time is not over.
    pub fn get(&self, id: &str, now: Time) -> Option<Job> {
        self.state().jobs.get(id).filter(|job| job.destruction > now).cloned()
    }

    /// All jobs whose time is not over, in the order of their creation.
    pub fn all(&self, now: Time) -> Vec<Job> {
        let mut jobs: Vec<Job> = self.state().jobs.values().filter(|job| job.destruction > now).cloned().collect();
        jobs.sort_by_key(|job| job.serial);
        jobs
    }

    /// Number of jobs.
    pub fn len(&self) -> usize {
        self.state().jobs.len()
    }

    /// Changes a job; `None` if there is none. What `change` returns is returned.
    pub fn update<T>(&self, id: &str, change: impl FnOnce(&mut Job) -> T) -> Result<Option<T>, Error> {
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
        state.jobs.insert(id.to_owned(), job);
        drop(state);
        self.changed();
        Ok(Some(outcome))
    }

    /// Removes a job with all that belongs to it; false if there is none.
    pub fn remove(&self, id: &str) -> Result<bool, Error> {
        let mut state = self.state();
        let found = state.jobs.remove(id).is_some();
        if found {
            state.store.execute("DELETE FROM job WHERE id = ?1", [id])?;
            // A job that runs is told to stop; its files go when it has.
            match state.running.get(id) {
                Some(abort) => abort.store(true, Ordering::Relaxed),
                None => self.remove_files(id),
            }
        }
        drop(state);
        self.changed();
        Ok(found)
    }

    /// Removes the jobs whose time is over; their number.
    pub fn expire(&self, now: Time) -> usize {
        let over: Vec<String> =
            self.state().jobs.values().filter(|job| job.destruction <= now).map(|job| job.id.clone()).collect();
        over.iter().filter(|id| self.remove(id).is_ok_and(|found| found)).count()
    }

    /// Tells all jobs that run to stop, because the service does. They count as failed.
    pub fn interrupt(&self) {
        for abort in self.state().running.values() {
            abort.store(true, Ordering::Relaxed);
        }
    }

    /// The job that has waited longest for its turn, now executing; and how it is told to stop.
    fn take_next(&self, now: Time) -> Result<Option<(Job, Arc<AtomicBool>)>, Error> {
        let mut state = self.state();
        let queued =
            state.jobs.values().filter(|job| job.phase == Phase::Queued && !state.running.contains_key(&job.id));
        let Some(mut job) = queued.min_by_key(|job| (job.changed, job.serial)).cloned() else { return Ok(None) };
        job.enter(Phase::Executing, now);
        job.started = Some(now);
        state.save(&job)?;
        let abort = Arc::new(AtomicBool::new(false));
        state.running.insert(job.id.clone(), Arc::clone(&abort));
        state.jobs.insert(job.id.clone(), job.clone());
        drop(state);
        self.changed();
        Ok(Some((job, abort)))
    }

    /// A job has ended: with a result, or with the reason why not. If it was aborted or removed meanwhile, nothing of it stays.
    fn finish(&self, id: &str, outcome: Result<JobResult, String>, now: Time) -> Result<(), Error> {
        let mut state = self.state();
        state.running.remove(id);
        let wanted = state.jobs.get(id).is_some_and(|job| job.phase == Phase::Executing);
        if !wanted || outcome.is_err() {
            self.remove_files(id);
        } else {
            let _ = std::fs::remove_file(self.uploads_file(id));
        }
        if let Some(mut job) = state.jobs.get(id).filter(|_| wanted).cloned() {
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
            state.save(&job)?;
            state.jobs.insert(id.to_owned(), job);
        }
        drop(state);
        self.changed();
        Ok(())
    }

    /// File and columns of the result of a finished job, its identifier compared without case.
    pub fn result_file(&self, id: &str) -> Option<(PathBuf, Vec<Field>)> {
        let state = self.state();
        let job = state.jobs.values().find(|job| job.id.eq_ignore_ascii_case(id))?;
        let result = job.result.as_ref()?;
        Some((self.file(&job.id), result.fields.clone()))
    }

    /// The database that holds the result of a job.
    fn file(&self, id: &str) -> PathBuf {
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
