//! Jobs: those that this browser made, kept in the journal before anything is sent, and those that the service lists.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tap::{
    jobs::JobsOf,
    uws::{Job, Phase},
};

use super::schema::Loadable;

/// Names a job in the journal; made before the service knows of it. Sent as RUNID.
pub type JobKey = String;

/// The jobs view's state.
#[derive(Clone, Copy)]
pub struct JobsState {
    /// Jobs of this browser, newest first.
    pub journal: RwSignal<Vec<Record>>,
    /// Jobs of the archive in use, as it lists them.
    pub listed: RwSignal<Loadable<Page>>,
    /// What of the archive's list is wanted.
    pub wanted: RwSignal<Wanted>,
    /// What of it is being asked for.
    pub asking: RwSignal<Option<Wanted>>,
    /// Paths of the jobs that are chosen for deletion.
    pub chosen: RwSignal<Vec<String>>,
    /// How the deletion of several jobs goes, or went.
    pub deletion: RwSignal<Option<Deletion>>,
    /// Address or id of the job that somebody wants to open, as typed.
    pub address: RwSignal<String>,
    /// Why it cannot be opened.
    pub address_problem: RwSignal<Option<String>>,
    /// Whether the browser lets the page notify; `None` before it was asked.
    pub notifies: RwSignal<Option<bool>>,
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
            wanted: RwSignal::default(),
            asking: RwSignal::default(),
            chosen: RwSignal::default(),
            deletion: RwSignal::default(),
            address: RwSignal::default(),
            address_problem: RwSignal::default(),
            notifies: RwSignal::default(),
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

/// A page of the archive's list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The jobs on it.
    pub jobs: Vec<Listed>,
    /// How many jobs there are on all pages, if the archive says so.
    pub total: Option<u64>,
    /// Whether there is another page.
    pub more: bool,
}

/// What of the archive's list is wanted. The texts are as typed; empty ones do not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Jobs, or the history of synchronous queries.
    pub list: JobsOf,
    /// Number of the page, from 0.
    pub page: u64,
    /// What they are ordered by.
    pub order: Order,
    /// Whether the latest or largest comes first.
    pub descending: bool,
    /// A phase as UWS writes it.
    pub phase: String,
    /// A part of the name.
    pub name: String,
    /// A part of the query.
    pub query: String,
    /// First day on which they started, `YYYY-MM-DD`.
    pub from: String,
    /// Last day on which they started.
    pub to: String,
}

impl Default for Wanted {
    fn default() -> Wanted {
        Wanted {
            list: JobsOf::default(),
            page: 0,
            order: Order::default(),
            descending: true,
            phase: String::new(),
            name: String::new(),
            query: String::new(),
            from: String::new(),
            to: String::new(),
        }
    }
}

impl Wanted {
    /// Whether some jobs are left out.
    pub fn filters(&self) -> bool {
        [&self.phase, &self.name, &self.query, &self.from, &self.to].iter().any(|text| !text.trim().is_empty())
    }
}

/// What jobs are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// When they were made.
    #[default]
    Created,
    /// When they started.
    Started,
    /// When they ended.
    Ended,
    /// Their phase.
    Phase,
    /// Their name.
    Name,
}

impl Order {
    /// In the order of the menu.
    pub const ALL: [Order; 5] = [Order::Created, Order::Started, Order::Ended, Order::Phase, Order::Name];

    /// The column of the archive's list (TAP+).
    pub fn column(self) -> &'static str {
        match self {
            Order::Created => "CREATION_TIME",
            Order::Started => "START_TIME",
            Order::Ended => "END_TIME",
            Order::Phase => "PHASE_ID",
            Order::Name => "JOB_NAME",
        }
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Order::Created => "Created",
            Order::Started => "Started",
            Order::Ended => "Ended",
            Order::Phase => "Phase",
            Order::Name => "Name",
        }
    }
}

/// The deletion of several jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deletion {
    /// How many are to be deleted.
    pub of: usize,
    /// How many are gone.
    pub done: usize,
    /// Whether it still goes on.
    pub running: bool,
    /// Whether it shall stop after the job that it is at.
    pub stop: bool,
    /// What the archive said of those that it did not delete.
    pub refused: Vec<String>,
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
    /// The service that the archive asks for this job, if it does not answer itself.
    #[serde(default)]
    pub external: Option<String>,
    /// The format in which the archive writes the result, if the file itself is wanted.
    #[serde(default)]
    pub format: Option<String>,
    /// Whether it was made elsewhere: this page does not start it unasked.
    #[serde(default)]
    pub adopted: bool,
    /// Whether to tell when the job ends.
    #[serde(default)]
    pub notify: bool,
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
