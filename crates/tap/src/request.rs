//! Requests to a TAP service: the only place where addresses of an archive are made.
//!
//! TAP 1.1 section 2 (sync, async, VOSI resources), DALI 1.1 section 3 (parameters), and of TAP+ the
//! filters of `/tables` and `/jobs`. Jobs are addressed by the URL that the service gave: see [`job`].

mod form;
pub mod job;

use crate::{timestamp::Timestamp, uws::Phase};
use form::{Form, escape_segment, multipart};

/// A TAP service as the page reaches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Base of TAP without a slash at the end: absolute, or relative to the page.
    pub tap: String,
    /// Base of the data server (DataLink), where there is one.
    pub data: Option<String>,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// DELETE
    Delete,
}

impl Method {
    /// The method's name as HTTP writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    None,
    /// Parameters, already in `application/x-www-form-urlencoded`.
    Form(String),
    /// `multipart/form-data`, whole.
    Multipart {
        /// The boundary that the content type names.
        boundary: String,
        /// The body with all its parts.
        bytes: Vec<u8>,
    },
}

/// A request, ready to be sent by whoever can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// GET, POST or DELETE.
    pub method: Method,
    /// The address, with its query string.
    pub url: String,
    /// Headers beside `Content-Type`, which [`Request::content_type`] tells.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

impl Request {
    /// A GET of `url`.
    pub fn get(url: impl Into<String>) -> Self {
        Self { method: Method::Get, url: url.into(), headers: Vec::new(), body: Body::None }
    }

    /// The `Content-Type` that the body needs.
    pub fn content_type(&self) -> Option<String> {
        match &self.body {
            Body::None => None,
            Body::Form(_) => Some("application/x-www-form-urlencoded".to_owned()),
            Body::Multipart { boundary, .. } => Some(format!("multipart/form-data; boundary={boundary}")),
        }
    }

    /// The bytes of the body; `None` when there is none.
    pub fn body_bytes(&self) -> Option<&[u8]> {
        match &self.body {
            Body::None => None,
            Body::Form(text) => Some(text.as_bytes()),
            Body::Multipart { bytes, .. } => Some(bytes),
        }
    }

    fn post(url: String, form: Form) -> Self {
        Self { method: Method::Post, url, headers: Vec::new(), body: Body::Form(form.encoded()) }
    }
}

/// A query with all that TAP lets one say about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The text, sent as it is.
    pub adql: String,
    /// Name or MIME type of the output format; `None`: the service's default.
    pub format: Option<String>,
    /// Most rows wanted; 0 asks for the metadata alone.
    pub maxrec: Option<u64>,
    /// Label of the job (TAP+).
    pub job_name: Option<String>,
    /// Longer label of the job (TAP+).
    pub job_description: Option<String>,
    /// RUNID of DALI: a mark of the client's own, kept by the service.
    pub run_id: Option<String>,
    /// Tables that go along, `TAP_UPLOAD.<table>` in the query.
    pub uploads: Vec<Upload>,
}

/// A VOTable that is sent with a query (TAP 1.1 section 2.7.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Name in the schema `TAP_UPLOAD`; see [`crate::upload_name_ok`].
    pub table: String,
    /// Name of the file, for the service's logs only.
    pub file_name: String,
    /// MIME type of `bytes`, normally `application/x-votable+xml`.
    pub content_type: String,
    /// The document.
    pub bytes: Vec<u8>,
}

/// How much of the metadata to ask of `/tables`. All fields at their default ask for everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TablesFilter {
    /// Only these tables, by qualified name (TAP+; outranks all that follows but the share flags).
    pub tables: Vec<String>,
    /// Only these schemas (TAP+).
    pub schemas: Vec<String>,
    /// Schemas without tables (TAP+).
    pub only_schemas: bool,
    /// Tables without columns (TAP+).
    pub only_tables: bool,
    /// With the groups and users that a table is shared to (TAP+).
    pub share_info: bool,
    /// With tables that others share to this user (TAP+).
    pub share_accessible: bool,
    /// VOSI 1.1: how deep the answer goes.
    pub detail: Option<Detail>,
}

/// The `detail` parameter of VOSI 1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Tables without columns.
    Min,
    /// Everything.
    Max,
}

/// Filters of the job list of UWS 1.1 section 2.2.2.1.
/// Old archives of ESA make a new job of a list request with parameters: leave it empty there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobListFilter {
    /// Only jobs in one of these phases.
    pub phases: Vec<Phase>,
    /// Only jobs created after this moment.
    pub after: Option<Timestamp>,
    /// Only this many, the newest.
    pub last: Option<u32>,
}

/// Paging, order and filters of `/jobs/async` (TAP+).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobsFilter {
    /// First job wanted, from 0.
    pub offset: Option<u64>,
    /// How many jobs at most.
    pub limit: Option<u64>,
    /// Columns to sort by, most important first, with `true` for descending.
    pub order: Vec<(String, bool)>,
    /// Without parameters and results.
    pub metadata_only: bool,
    /// Only this job.
    pub job_id: Option<String>,
    /// Only jobs of this name.
    pub job_name: Option<String>,
    /// Only jobs in this phase.
    pub phase: Option<Phase>,
    /// Only jobs with this text in the query.
    pub query: Option<String>,
    /// Only jobs that started between these moments; each end may be open.
    pub started: (Option<Timestamp>, Option<Timestamp>),
    /// Only jobs that ended between these moments; each end may be open.
    pub ended: (Option<Timestamp>, Option<Timestamp>),
}

impl Service {
    /// A service at `tap`; slashes at the end are dropped.
    pub fn new(tap: &str, data: Option<&str>) -> Self {
        let clean = |url: &str| url.trim().trim_end_matches('/').to_owned();
        Self { tap: clean(tap), data: data.map(clean) }
    }

    /// A synchronous query: the answer is the result. Always a POST: queries outgrow addresses.
    pub fn sync(&self, query: &Query) -> Request {
        self.query("sync", query, false)
    }

    /// Makes a job; the answer leads to it (303, or 201 through the gateway). With `run` it shall start
    /// at once, but some services need `PHASE=RUN` said again: the poller tells.
    pub fn create_job(&self, query: &Query, run: bool) -> Request {
        self.query("async", query, run)
    }

    /// The job list of UWS: references with phases only.
    pub fn job_list(&self, filter: &JobListFilter) -> Request {
        let mut form = Form::new();
        for phase in &filter.phases {
            form.add("PHASE", phase.as_str());
        }
        form.add_some("AFTER", filter.after.map(|after| after.to_string()));
        form.add_some("LAST", filter.last.map(|last| last.to_string()));
        self.fetch("async", form)
    }

    /// Whole job documents, paged (TAP+).
    pub fn jobs_async(&self, filter: &JobsFilter) -> Request {
        let mut form = Form::new();
        form.add_some("offset", filter.offset.map(|n| n.to_string()));
        form.add_some("limit", filter.limit.map(|n| n.to_string()));
        if !filter.order.is_empty() {
            let order: Vec<String> = filter
                .order
                .iter()
                .map(|(column, down)| format!("{column}:{}", if *down { "DESC" } else { "ASC" }))
                .collect();
            form.add("order", &order.join(","));
        }
        if filter.metadata_only {
            form.add("metadata_only", "true");
        }
        form.add_some("jobid", filter.job_id.clone());
        form.add_some("jobname", filter.job_name.clone());
        form.add_some("phaseid", filter.phase.as_ref().map(|phase| phase.as_str().to_owned()));
        form.add_some("query", filter.query.clone());
        let millis = |moment: Option<Timestamp>| moment.map(|t| t.millis().to_string());
        form.add_some("start_time_init", millis(filter.started.0));
        form.add_some("start_time_limit", millis(filter.started.1));
        form.add_some("end_time_init", millis(filter.ended.0));
        form.add_some("end_time_limit", millis(filter.ended.1));
        self.fetch("jobs/async", form)
    }

    /// The metadata of schemas, tables and columns.
    pub fn tables(&self, filter: &TablesFilter) -> Request {
        let mut form = Form::new();
        if !filter.tables.is_empty() {
            form.add("tables", &filter.tables.join(","));
        }
        if !filter.schemas.is_empty() {
            form.add("schemas", &filter.schemas.join(","));
        }
        for (name, wanted) in [
            ("only_schemas", filter.only_schemas),
            ("only_tables", filter.only_tables),
            ("share_info", filter.share_info),
            ("share_accessible", filter.share_accessible),
        ] {
            if wanted {
                form.add(name, "true");
            }
        }
        form.add_some(
            "detail",
            filter.detail.map(|detail| if detail == Detail::Min { "min" } else { "max" }.to_owned()),
        );
        self.fetch("tables", form)
    }

    /// The metadata of one table as VOSI 1.1 addresses it: `/tables/{name}`.
    pub fn table(&self, name: &str) -> Request {
        Request::get(format!("{}/tables/{}", self.tap, escape_segment(name)))
    }

    /// What the service can do (VOSI, TAPRegExt).
    pub fn capabilities(&self) -> Request {
        self.fetch("capabilities", Form::new())
    }

    /// Whether the service is up (VOSI).
    pub fn availability(&self) -> Request {
        self.fetch("availability", Form::new())
    }

    /// Example queries (DALI 1.1 section 2.3).
    pub fn examples(&self) -> Request {
        self.fetch("examples", Form::new())
    }

    fn fetch(&self, path: &str, form: Form) -> Request {
        let query = form.encoded();
        let mark = if query.is_empty() { "" } else { "?" };
        Request::get(format!("{}/{path}{mark}{query}", self.tap))
    }

    /// `FORMAT` and not `RESPONSEFORMAT`: TAP 1.1 keeps the old name valid, so every service knows it.
    fn query(&self, path: &str, query: &Query, run: bool) -> Request {
        let mut form = Form::new();
        form.add("REQUEST", "doQuery");
        form.add("LANG", "ADQL");
        form.add_some("FORMAT", non_empty(&query.format));
        form.add_some("MAXREC", query.maxrec.map(|n| n.to_string()));
        form.add_some("RUNID", non_empty(&query.run_id));
        form.add_some("JOBNAME", non_empty(&query.job_name));
        form.add_some("JOBDESCRIPTION", non_empty(&query.job_description));
        if run {
            form.add("PHASE", "RUN");
        }
        form.add("QUERY", &query.adql);
        let url = format!("{}/{path}", self.tap);
        if query.uploads.is_empty() {
            return Request::post(url, form);
        }
        let pairs: Vec<String> = query
            .uploads
            .iter()
            .enumerate()
            .map(|(n, upload)| format!("{},param:{}", upload.table, form::part_name(n)))
            .collect();
        form.add("UPLOAD", &pairs.join(";"));
        let (boundary, bytes) = multipart(&form, &query.uploads);
        Request { method: Method::Post, url, headers: Vec::new(), body: Body::Multipart { boundary, bytes } }
    }
}

fn non_empty(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.trim().is_empty())
}
