//! UWS: the job document, job lists and the addresses in them.
//!
//! UWS 1.0 and 1.1 section 2.1, and the dialects of the ESA archives (TAP+): order, case and prefixes
//! of elements do not matter here.

mod address;
mod parse;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::timestamp::Timestamp;
pub use address::{ResultPlace, job_path_in, job_url_from_location, result_place};
pub(crate) use address::{climbs, path_of_address};
pub use parse::{parse_job, parse_jobs, parse_parameters, parse_phase, parse_results};

/// The phase of a job (UWS 1.1 section 2.1.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Phase {
    /// Made, not started.
    Pending,
    /// Started, waiting for its turn.
    Queued,
    /// At work.
    Executing,
    /// Done; the results are there.
    Completed,
    /// Failed.
    Error,
    /// Ended by its owner.
    Aborted,
    /// The service cannot tell, or did not.
    #[default]
    Unknown,
    /// Could run but waits for another `PHASE=RUN`.
    Held,
    /// Stopped by the service, which will go on with it.
    Suspended,
    /// Over; the record is kept, the results are gone (UWS 1.1).
    Archived,
    /// A word that the standard does not have.
    Other(String),
}

impl Phase {
    /// The phase as UWS writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "PENDING",
            Self::Queued => "QUEUED",
            Self::Executing => "EXECUTING",
            Self::Completed => "COMPLETED",
            Self::Error => "ERROR",
            Self::Aborted => "ABORTED",
            Self::Unknown => "UNKNOWN",
            Self::Held => "HELD",
            Self::Suspended => "SUSPENDED",
            Self::Archived => "ARCHIVED",
            Self::Other(word) => word,
        }
    }

    /// Reads a phase in any case, with blanks and line ends round it. Empty text is `Unknown`.
    pub fn parse(text: &str) -> Self {
        let word = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\0');
        match word.to_ascii_uppercase().as_str() {
            "PENDING" => Self::Pending,
            "QUEUED" => Self::Queued,
            "EXECUTING" | "RUN" | "RUNNING" => Self::Executing,
            "COMPLETED" => Self::Completed,
            "ERROR" => Self::Error,
            "ABORTED" | "ABORT" => Self::Aborted,
            "UNKNOWN" | "" => Self::Unknown,
            "HELD" => Self::Held,
            "SUSPENDED" => Self::Suspended,
            "ARCHIVED" => Self::Archived,
            _ => Self::Other(word.to_owned()),
        }
    }

    /// Whether the job will never leave this phase by itself.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Error | Self::Aborted | Self::Archived)
    }
}

impl From<String> for Phase {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl From<Phase> for String {
    fn from(phase: Phase) -> Self {
        phase.as_str().to_owned()
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A job as its document describes it. What the document leaves out or calls nil is `None` or empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Job {
    /// The service's name for the job; opaque.
    pub id: String,
    /// RUNID as the client gave it.
    pub run_id: Option<String>,
    /// Whose job it is; ESA writes `anonymous` for nobody's.
    pub owner: Option<String>,
    /// Where the job stands.
    pub phase: Phase,
    /// When the service thinks it will be done.
    pub quote: Option<Timestamp>,
    /// When it was made (UWS 1.1, TAP+).
    pub creation: Option<Timestamp>,
    /// When it began to run.
    pub start: Option<Timestamp>,
    /// When it ended.
    pub end: Option<Timestamp>,
    /// When job and results will be deleted.
    pub destruction: Option<Timestamp>,
    /// How many seconds it may run; 0 is without limit.
    pub execution_duration: Option<u64>,
    /// Name of the job (TAP+).
    pub name: Option<String>,
    /// Path of the job at the service (TAP+).
    pub location_id: Option<String>,
    /// Parameters in the document's order; names as written. See [`Job::parameter`].
    pub parameters: Vec<(String, String)>,
    /// Results in the document's order.
    pub results: Vec<ResultRef>,
    /// Why the job failed.
    pub error: Option<ErrorSummary>,
}

impl Job {
    /// The first parameter of that name, in whatever case the service writes it.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The text of the query.
    pub fn query(&self) -> Option<&str> {
        self.parameter("query")
    }

    /// The output format asked for. Newer services heed `RESPONSEFORMAT` before `FORMAT`.
    pub fn format(&self) -> Option<&str> {
        self.parameter("responseformat").filter(|value| !value.is_empty()).or_else(|| self.parameter("format"))
    }

    /// The name that the user gave: element `name` or parameter `jobname` (TAP+).
    pub fn job_name(&self) -> Option<&str> {
        self.name.as_deref().or_else(|| self.parameter("jobname")).filter(|name| !name.trim().is_empty())
    }

    /// The result that TAP means: called `result`, else the first.
    pub fn result(&self) -> Option<&ResultRef> {
        self.results.iter().find(|result| result.id.eq_ignore_ascii_case("result")).or_else(|| self.results.first())
    }
}

/// One result of a job. The numbers are the service's and not always exact.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ResultRef {
    /// Its id; TAP calls its only result `result`.
    pub id: String,
    /// Its address as written; use [`result_place`].
    pub href: Option<String>,
    /// MIME type: `mime-type` of UWS 1.1 or `mime` of TAP+.
    pub mime: Option<String>,
    /// Bytes of the stored file, which may be compressed.
    pub size: Option<u64>,
    /// Rows (TAP+).
    pub rows: Option<u64>,
    /// Content encoding of the stored file (TAP+).
    pub encoding: Option<String>,
}

/// Why a job failed (UWS 1.1 section 2.1.7).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ErrorSummary {
    /// The message, without what the service leaked.
    pub message: String,
    /// `true` if the same job may succeed when tried again.
    pub transient: bool,
    /// Whether `/error` tells more.
    pub has_details: bool,
}

/// A list of jobs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobList {
    /// The jobs: whole from `/jobs/async` (TAP+), little more than id and phase from `/async`.
    pub jobs: Vec<JobRef>,
    /// Number of jobs that the service claims. Not to be trusted for paging.
    pub total: Option<u64>,
}

/// A job in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobRef {
    /// Its address as written, if the list has one; pass it to [`job_url_from_location`].
    pub href: Option<String>,
    /// Whether `job` is the whole document and not only a reference.
    pub whole: bool,
    /// What the list says about the job.
    pub job: Job,
}

impl JobRef {
    /// The URL of the job, seen from where the service's base `tap` was reached: what the list says, or else where a job
    /// of its id usually is. `None` if the list gives neither.
    pub fn url(&self, tap: &str) -> Option<String> {
        let said = self.href.as_deref().and_then(|href| job_url_from_location(tap, href).ok());
        said.or_else(|| (!self.job.id.is_empty()).then(|| crate::request::job::usual(tap, &self.job.id)))
    }
}
