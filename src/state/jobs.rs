//! Jobs: those that this browser made, kept in the journal before anything is sent, and those that the service lists.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tap::uws::{Job, Phase};

use super::schema::Loadable;

/// Names a job in the journal; made before the service knows of it. Sent as RUNID.
pub type JobKey = String;

/// The jobs view's state.
#[derive(Clone, Copy)]
pub struct JobsState {
    /// Jobs of this browser, newest first.
    pub journal: RwSignal<Vec<Record>>,
    /// Jobs of the archive in use, as it lists them.
    pub listed: RwSignal<Loadable<Vec<Listed>>>,
    /// The job that is shown: archive id and path.
    pub selected: RwSignal<Option<(String, String)>>,
    /// Document of the job that is shown, if it is not in the journal.
    pub document: RwSignal<Loadable<Job>>,
    /// Whether this tab asks the services for news.
    pub polling_here: RwSignal<bool>,
}

impl JobsState {
    pub(super) fn new() -> JobsState {
        JobsState {
            journal: RwSignal::default(),
            listed: RwSignal::default(),
            selected: RwSignal::default(),
            document: RwSignal::default(),
            polling_here: RwSignal::default(),
        }
    }

    /// The record of this key, without subscribing.
    pub fn record(&self, key: &str) -> Option<Record> {
        self.journal.with_untracked(|journal| journal.iter().find(|record| record.key == key).cloned())
    }
}

/// A job that the service lists.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its path at the archive.
    pub path: String,
    /// What the list tells of it.
    pub job: Job,
}

/// A job in the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its name here.
    pub key: JobKey,
    /// Id of the archive.
    pub archive: String,
    /// Its path at the archive, once known.
    pub path: Option<String>,
    /// The query.
    pub adql: String,
    /// Name that the user gave.
    pub name: String,
    /// Description that the user gave.
    pub description: String,
    /// Most rows wanted.
    pub maxrec: Option<u64>,
    /// Names of the uploaded tables; their contents are not kept.
    pub uploads: Vec<String>,
    /// When it was written down, in milliseconds since 1970.
    pub created: f64,
    /// How far it is.
    pub stage: Stage,
    /// What the service said last.
    pub job: Option<Job>,
    /// What could not be done last, in words.
    pub note: Option<String>,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Written down; being sent.
    Intended,
    /// It was sent, the answer was lost: the service may have it.
    Unsure,
    /// The service never had it.
    Refused,
    /// The service has it.
    Created,
    /// The service has it no longer.
    Gone,
}

impl Record {
    /// The phase that the service told last.
    pub fn phase(&self) -> Option<&Phase> {
        self.job.as_ref().map(|job| &job.phase)
    }

    /// Whether there may be news to ask for.
    pub fn open(&self) -> bool {
        self.stage == Stage::Created && self.phase().is_none_or(|phase| !phase.is_final())
    }

    /// What to call it.
    pub fn title(&self) -> String {
        if self.name.trim().is_empty() { excerpt(&self.adql) } else { self.name.trim().to_owned() }
    }
}

/// What to call a query that has no name: its first comment, or its beginning on one line.
pub fn excerpt(adql: &str) -> String {
    let comment = adql.trim_start().strip_prefix("--").and_then(|rest| rest.lines().next());
    let line = comment.unwrap_or(adql).split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(70) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
