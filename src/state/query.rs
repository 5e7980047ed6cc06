//! The query being written, and the one that runs.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use table::Field;
use workbench::protocol::TableId;

use super::jobs::JobKey;
use crate::routes::Run;

/// The query view's state.
#[derive(Clone, Copy)]
pub struct QueryState {
    /// The text of the editor.
    pub adql: RwSignal<String>,
    /// The text that a link, an example or a job's query took the place of.
    pub replaced: RwSignal<Option<String>>,
    /// Text to put at the cursor.
    pub insert: RwSignal<Option<String>>,
    /// The rest of the form.
    pub form: RwSignal<Form>,
    /// Files that go along.
    pub uploads: RwSignal<Vec<Upload>>,
    /// What is said about places in the text: by the service, or by our parser before sending.
    pub marks: RwSignal<Vec<Mark>>,
    /// The query whose result is awaited.
    pub running: RwSignal<Option<Running>>,
    /// A failure before there was a table: nothing was sent, or the job could not be made.
    pub failure: RwSignal<Option<Problem>>,
    /// What a link proposes to run; waits for one click.
    pub proposed: RwSignal<Option<Run>>,
    /// What is wrong with the link that was followed.
    pub link_problem: RwSignal<Option<String>>,
    /// The job whose file, written by the archive, is ready.
    pub file: RwSignal<Option<JobKey>>,
    /// Our parser rejects the text; waits for the user to mend it or to insist.
    pub doubt: RwSignal<Option<Doubt>>,
}

impl QueryState {
    pub(super) fn new() -> QueryState {
        QueryState {
            adql: RwSignal::default(),
            replaced: RwSignal::default(),
            insert: RwSignal::default(),
            form: RwSignal::default(),
            uploads: RwSignal::default(),
            marks: RwSignal::default(),
            running: RwSignal::default(),
            failure: RwSignal::default(),
            proposed: RwSignal::default(),
            link_problem: RwSignal::default(),
            doubt: RwSignal::default(),
            file: RwSignal::default(),
        }
    }
}

/// The form beside the editor; kept over a reload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    /// As a job, or at once.
    pub asynchronous: bool,
    /// Name of the [`workbench::export::Format`] in which results are saved.
    pub format: String,
    /// Whether the archive writes the file of a job in that format, instead of this page from the rows.
    pub by_archive: bool,
    /// Most rows wanted, as typed; empty: the archive's limit.
    pub limit: String,
    /// Name of the job.
    pub job_name: String,
    /// Description of the job.
    pub job_description: String,
}

impl Default for Form {
    fn default() -> Form {
        Form {
            asynchronous: false,
            format: "votable".into(),
            by_archive: false,
            limit: String::new(),
            job_name: String::new(),
            job_description: String::new(),
        }
    }
}

/// A file that goes along with the query as a table of `TAP_UPLOAD`.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Number of the file in this visit.
    pub file: u32,
    /// Name of the file.
    pub file_name: String,
    /// Name of the table in `TAP_UPLOAD`.
    pub table: String,
    /// How far it is.
    pub stage: Stage,
}

/// How far a file is.
#[derive(Clone, Debug)]
pub enum Stage {
    /// Being read and, if need be, converted.
    Reading,
    /// Ready to be sent.
    Ready {
        /// The VOTable.
        bytes: Arc<Vec<u8>>,
        /// Rows in it.
        rows: usize,
        /// Its columns.
        fields: Vec<Field>,
        /// Whether it is the file itself, or was converted.
        as_it_is: bool,
    },
    /// Not a table.
    Refused(String),
}

/// Something to say about a place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Bytes of the text.
    pub range: std::ops::Range<usize>,
    /// What is wrong there.
    pub message: String,
}

/// What runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// Sync: the table that is loading. Async: the table once it is.
    pub table: Option<TableId>,
    /// Async: the job.
    pub job: Option<JobKey>,
    /// When it was sent, in milliseconds since 1970.
    pub since: f64,
}

/// Why a query did not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What happened.
    pub title: String,
    /// What the service or the browser said.
    pub message: String,
    /// What was kept and what to do next.
    pub next: String,
}

/// Our parser's doubt about a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// How the user wanted to run it.
    pub run: Run,
    /// The first objection, with its place in words.
    pub message: String,
}
