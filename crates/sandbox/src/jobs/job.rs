//! A job: what UWS 1.1, section 2.1 says of it, and what the archive keeps beside.

use serde::{Deserialize, Serialize};
use table::Field;

use crate::Time;
use crate::parameters::Parameters;
use crate::session::Caller;
use crate::upload::{self, UploadedTable};

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
    /// Size of the file, bytes.
    pub bytes: u64,
}

/// A job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// Identifier, last part of its address.
    pub id: String,
    /// Order of creation.
    pub serial: u64,
    /// The user who made it; nobody's jobs are everybody's.
    pub owner: Option<String>,
    /// Number of the session in which it was made.
    pub session: Option<u64>,
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
    /// When it and its result will be removed; without it they stay until their owner removes them.
    pub destruction: Option<Time>,
    /// Seconds that it may run.
    pub duration: u64,
    /// How often it was begun: more than once if the service was stopped meanwhile.
    pub attempts: u32,
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
    /// A job in its first phase.
    pub fn new(id: String, caller: &Caller, now: Time) -> Job {
        Job {
            id,
            serial: 0,
            owner: caller.user.clone(),
            session: caller.session,
            phase: Phase::Pending,
            changed: now,
            created: now,
            started: None,
            ended: None,
            destruction: None,
            duration: 0,
            attempts: 0,
            parameters: Vec::new(),
            uploads: Vec::new(),
            upload_fault: None,
            error: None,
            result: None,
        }
    }

    /// The login of its owner, or `anonymous`.
    pub fn owner(&self) -> &str {
        self.owner.as_deref().unwrap_or("anonymous")
    }

    /// Whether its time is over.
    pub fn is_over(&self, now: Time) -> bool {
        self.destruction.is_some_and(|destruction| destruction <= now)
    }

    /// Whether somebody may read it: its owner, and anybody who knows its identifier if it has none.
    pub fn is_readable_by(&self, user: Option<&str>) -> bool {
        self.owner.is_none() || self.owner.as_deref() == user
    }

    /// The value of a parameter that is not empty.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(key, value)| key == name && !value.trim().is_empty());
        found.map(|(_, value)| value.trim())
    }

    /// Bytes that its parameters take.
    pub fn size(&self) -> usize {
        self.parameters.iter().map(|(name, value)| name.len() + value.len()).sum()
    }

    /// The name that its owner gave it.
    pub fn name(&self) -> &str {
        self.parameter("jobname").unwrap_or_default()
    }

    /// Keeps the parameters of the request that makes it, the first of each name; neither PHASE nor the files.
    pub fn take_parameters(&mut self, parameters: &Parameters) {
        let files: Vec<&str> = upload::parts(parameters).collect();
        for (name, value) in parameters.iter() {
            let known = self.parameters.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
            if !name.eq_ignore_ascii_case("phase") && !files.contains(&name) && !known {
                self.set_parameter(name, value);
            }
        }
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
