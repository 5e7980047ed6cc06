//! A job: what UWS 1.1, section 2.1 says of it, and what the archive keeps beside.

use serde::{Deserialize, Serialize};
use table::Field;

use crate::Time;
use crate::upload::UploadedTable;

/// Phase of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Waits to be started by its owner.
    Pending,
    /// Waits for its turn.
    Queued,
    /// Runs.
    Executing,
    /// Has a result.
    Completed,
    /// Failed.
    Error,
    /// Was stopped by its owner.
    Aborted,
}

impl Phase {
    /// The word in documents.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Pending => "PENDING",
            Phase::Queued => "QUEUED",
            Phase::Executing => "EXECUTING",
            Phase::Completed => "COMPLETED",
            Phase::Error => "ERROR",
            Phase::Aborted => "ABORTED",
        }
    }

    /// Whether it can still change.
    pub fn is_active(self) -> bool {
        matches!(self, Phase::Pending | Phase::Queued | Phase::Executing)
    }
}

/// The result of a job; its rows are in the job's file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobResult {
    /// The columns; in the file they are called `c0`, `c1`, …
    pub fields: Vec<Field>,
    /// Number of rows.
    pub rows: u64,
    /// Whether there would have been more.
    pub overflow: bool,
}

/// A job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// Identifier, last part of its address.
    pub id: String,
    /// Order of creation.
    pub serial: u64,
    /// Phase.
    pub phase: Phase,
    /// When the phase changed last.
    pub changed: Time,
    /// When it was made.
    pub created: Time,
    /// When it began to run.
    pub started: Option<Time>,
    /// When it ended.
    pub ended: Option<Time>,
    /// When it and its result will be removed.
    pub destruction: Time,
    /// Seconds that it may run.
    pub duration: u64,
    /// The parameters as they were sent; names in lower case.
    pub parameters: Vec<(String, String)>,
    /// Tables that came with it, in a file of their own until it has run.
    pub uploads: Vec<UploadedTable>,
    /// Why a table that came with it could not be read: the job fails with it when it runs.
    pub upload_fault: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// What came of it.
    pub result: Option<JobResult>,
}

impl Job {
    /// The value of a parameter that is not empty.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(key, value)| key == name && !value.trim().is_empty());
        found.map(|(_, value)| value.trim())
    }

    /// The name that its owner gave it.
    pub fn name(&self) -> &str {
        self.parameter("jobname").unwrap_or_default()
    }

    /// Sets a parameter.
    pub fn set_parameter(&mut self, name: &str, value: &str) {
        let name = name.to_ascii_lowercase();
        match self.parameters.iter_mut().find(|(key, _)| *key == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.parameters.push((name, value.to_owned())),
        }
    }

    /// Goes to another phase.
    pub fn enter(&mut self, phase: Phase, now: Time) {
        self.phase = phase;
        self.changed = now;
    }
}
