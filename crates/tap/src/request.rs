//! Requests to a TAP service: the only place where addresses of an archive are made.
//!
//! TAP 1.1 section 2 (sync, async, VOSI resources), DALI 1.1 section 3 (parameters), and of TAP+ the
//! filters of `/tables`. Jobs are addressed by the URL that the service gave: see [`job`]. The modules of TAP+
//! say which resource and which parameters; how an address comes of it is decided here.

mod form;
pub mod job;

use std::fmt;

use crate::{timestamp::Timestamp, uws::Phase};

pub(crate) use form::{Form, Part, envelope, escape_segment, multipart, pairs_of, parts_of, percent_decoded};

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
#[derive(Clone, PartialEq, Eq)]
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

/// A body may hold a password, and logs are made with `Debug`: only sizes are shown.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Form(text) => write!(f, "Form({} bytes)", text.len()),
            Self::Multipart { bytes, .. } => write!(f, "Multipart({} bytes)", bytes.len()),
        }
    }
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

    pub(crate) fn post(url: String, form: &Form) -> Self {
        Self { method: Method::Post, url, headers: Vec::new(), body: Body::Form(form.encoded()) }
    }

    pub(crate) fn multipart(url: String, boundary: String, bytes: Vec<u8>) -> Self {
        Self { method: Method::Post, url, headers: Vec::new(), body: Body::Multipart { boundary, bytes } }
    }
}

/// A GET of the resource `path` below `base`.
pub(crate) fn get(base: &str, path: &str, form: &Form) -> Request {
    let query = form.encoded();
    let mark = if query.is_empty() { "" } else { "?" };
    Request::get(format!("{}/{path}{mark}{query}", base.trim_end_matches('/')))
}

/// A POST to the resource `path` below `base`.
pub(crate) fn post(base: &str, path: &str, form: &Form) -> Request {
    Request::post(address(base, path), form)
}

/// The address of the resource `path` below `base`.
pub(crate) fn address(base: &str, path: &str) -> String {
    format!("{}/{path}", base.trim_end_matches('/'))
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

impl Service {
    /// A service at `tap`; slashes at the end are dropped.
    pub fn new(tap: &str, data: Option<&str>) -> Self {
        let clean = |url: &str| url.trim().trim_end_matches('/').to_owned();
        Self { tap: clean(tap), data: data.map(clean) }
    }

    /// A synchronous query: the answer is the result. Always a POST: queries outgrow addresses.
    pub fn sync(&self, query: &Query) -> Request {
        self.query("sync", query, false, None)
    }

    /// Makes a job; the answer leads to it (303, or 201 through the gateway). With `run` it shall start
    /// at once, but some services need `PHASE=RUN` said again: the poller tells.
    pub fn create_job(&self, query: &Query, run: bool) -> Request {
        self.query("async", query, run, None)
    }

    /// The job list of UWS: references with phases only.
    pub fn job_list(&self, filter: &JobListFilter) -> Request {
        let mut form = Form::new();
        for phase in &filter.phases {
            form.add("PHASE", phase.as_str());
        }
        form.add_some("AFTER", filter.after.map(|after| after.to_string()));
        form.add_some("LAST", filter.last.map(|last| last.to_string()));
        get(&self.tap, "async", &form)
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
        form.add_flag("only_schemas", filter.only_schemas);
        form.add_flag("only_tables", filter.only_tables);
        form.add_flag("share_info", filter.share_info);
        form.add_flag("share_accessible", filter.share_accessible);
        form.add_some("detail", filter.detail.map(|detail| if detail == Detail::Min { "min" } else { "max" }));
        get(&self.tap, "tables", &form)
    }

    /// The metadata of one table as VOSI 1.1 addresses it: `/tables/{name}`.
    pub fn table(&self, name: &str) -> Request {
        Request::get(format!("{}/tables/{}", self.tap, escape_segment(name)))
    }

    /// What the service can do (VOSI, TAPRegExt).
    pub fn capabilities(&self) -> Request {
        get(&self.tap, "capabilities", &Form::new())
    }

    /// Whether the service is up (VOSI).
    pub fn availability(&self) -> Request {
        get(&self.tap, "availability", &Form::new())
    }

    /// Example queries (DALI 1.1 section 2.3).
    pub fn examples(&self) -> Request {
        get(&self.tap, "examples", &Form::new())
    }

    /// `FORMAT` and not `RESPONSEFORMAT`: TAP 1.1 keeps the old name valid, so every service knows it.
    pub(crate) fn query(&self, path: &str, query: &Query, run: bool, external: Option<&str>) -> Request {
        let mut form = Form::new();
        form.add("REQUEST", if external.is_some() { "external_tap" } else { "doQuery" });
        form.add_some("EXT_TAP_URL", external);
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
        let url = address(&self.tap, path);
        if query.uploads.is_empty() {
            return Request::post(url, &form);
        }
        let pairs: Vec<String> = query
            .uploads
            .iter()
            .enumerate()
            .map(|(n, upload)| format!("{},param:{}", upload.table, form::part_name(n)))
            .collect();
        form.add("UPLOAD", &pairs.join(";"));
        let (boundary, bytes) = multipart(&form, &query.uploads, form::part_name);
        Request::multipart(url, boundary, bytes)
    }

    /// What stands beside TAP in the same application (`Upload`, `TableTool`, `login`): the base without its last segment.
    pub(crate) fn server(&self) -> &str {
        self.tap.rfind('/').map_or("", |at| &self.tap[..at])
    }
}

fn non_empty(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.trim().is_empty())
}
