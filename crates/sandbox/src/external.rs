//! External TAP (TAP+): queries that another service answers, `REQUEST=external_tap` with its address in `EXT_TAP_URL`.
//!
//! Only services that the operator has named are asked, and this archive itself: its own address and [`NEIGHBOUR`] are answered
//! here, as if by a stranger's service, for which a user is nobody. A synchronous answer is passed on as it comes; that of a job
//! is stored like any other result.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::response::Parts;
use http::{Request, StatusCode, header};
use votable::Status;

use crate::archive::{Archive, Config};
use crate::fault::Fault;
use crate::jobs::{Job, JobResult};
use crate::parameters::{Parameters, percent_encode};
use crate::query::is_storable;
use crate::response::Chunks;
use crate::upload;

/// This archive under a second name, so that queries to another service can be tried without a network.
pub const NEIGHBOUR: &str = "http://neighbour.sandbox/tap-server/tap";

/// Asks another service and waits: the request, how long it may take with all of the answer, and what stops it.
pub type Fetcher = dyn Fn(Request<Bytes>, Duration, &AtomicBool) -> Result<(Parts, Chunks), Fault> + Send + Sync;

/// A service that may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    base: String,
    private: bool,
}

impl External {
    /// The TAP service at this address. `private` lets its name lead to addresses that are not public.
    pub fn new(base: &str, private: bool) -> Result<External, String> {
        let refused = |why: &str| Err(format!("'{base}' cannot be asked: {why}"));
        match normal(base).filter(|normal| normal.parse::<http::Uri>().is_ok()) {
            Some(normal) if normal != NEIGHBOUR => Ok(External { base: normal, private }),
            Some(_) => refused("this name means the sandbox itself"),
            None => refused("it must be an address such as https://host/path/tap, without user, query and fragment"),
        }
    }

    /// Its address, without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Whether its name may lead to addresses that are not public.
    pub fn allows_private(&self) -> bool {
        self.private
    }
}

/// An address in the form in which addresses are compared; `None` if it is not of the kind that is asked.
fn normal(address: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '@' | '?' | '#' | '\\' | '%' | '<' | '>' | '"');
    let (scheme, rest) = address.trim().split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let dots = path.split('/').any(|segment| segment == "." || segment == "..");
    if !matches!(scheme.as_str(), "http" | "https") || host.is_empty() || !rest.chars().all(plain) || dots {
        return None;
    }
    Some(format!("{scheme}://{}{}", host.to_ascii_lowercase(), path.trim_end_matches('/')))
}

/// Whether a request is for another service.
pub fn asked(parameters: &Parameters) -> bool {
    parameters.value("request").is_some_and(|request| request.eq_ignore_ascii_case("external_tap"))
}

/// The service that is to be asked; `None` if this one answers. `tap` is the address under which the client sees this one.
pub fn service<'a>(
    config: &'a Config,
    parameters: &Parameters,
    tap: Option<&str>,
) -> Result<Option<&'a External>, Fault> {
    if !asked(parameters) {
        return Ok(None);
    }
    let address =
        parameters.value("ext_tap_url").ok_or_else(|| Fault::bad("Not found required parameter 'EXT_TAP_URL'"))?;
    let wanted = normal(address);
    if is_own(wanted.as_deref(), tap) {
        return Ok(None);
    }
    let found = config.external.iter().find(|external| Some(&external.base) == wanted.as_ref());
    found.map(Some).ok_or_else(|| {
        let mut known = vec![NEIGHBOUR];
        known.extend(config.external.iter().map(External::base));
        Fault::forbidden(format!(
            "The service at '{address}' may not be asked from here. Those that may: {}.",
            known.join(", ")
        ))
    })
}

fn is_own(address: Option<&str>, tap: Option<&str>) -> bool {
    address.is_some_and(|address| address == NEIGHBOUR || tap.and_then(normal).as_deref() == Some(address))
}

/// A job does not know by which address its client sees this archive, so it keeps the one that always means it.
pub fn settle(job: &mut Job, tap: &str) {
    if job.parameter("ext_tap_url").is_some_and(|address| is_own(normal(address).as_deref(), Some(tap))) {
        job.set_parameter("ext_tap_url", NEIGHBOUR);
    }
}

/// The request to another service: the query and how it is to be answered, nothing of who asks. `format` stands for the one
/// that was asked for.
pub fn request(service: &External, parameters: &Parameters, format: Option<&str>) -> Result<Request<Bytes>, Fault> {
    if parameters.value("upload").is_some() {
        return Err(Fault::bad("Tables cannot be sent to another service: leave out UPLOAD."));
    }
    let mut form = String::from("REQUEST=doQuery");
    let language = parameters.value("lang").unwrap_or("ADQL");
    let given = |name: &'static str| (name, parameters.value(name));
    let formats = match format {
        Some(format) => [("FORMAT", Some(format)), ("RESPONSEFORMAT", Some(format))],
        None => [given("FORMAT"), given("RESPONSEFORMAT")],
    };
    let rest = [("LANG", Some(language)), given("QUERY"), given("MAXREC")];
    for (name, value) in rest.into_iter().chain(formats) {
        if let Some(value) = value {
            form += &format!("&{name}={}", percent_encode(value));
        }
    }
    Request::post(format!("{}/sync", service.base))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form.into())
        .map_err(|error| Fault::bad(format!("'{}' cannot be asked: {error}", service.base)))
}

/// Runs a job that another service answers: at most `limit` rows, in at most `time`.
pub fn run(
    archive: &Archive,
    job: &Job,
    service: &External,
    limit: u64,
    time: Duration,
    abort: &Arc<AtomicBool>,
) -> Result<JobResult, Fault> {
    let fetch = archive.fetcher.get().ok_or_else(|| {
        Fault::new(StatusCode::SERVICE_UNAVAILABLE, "From here no other service can be reached: there is no network.")
    })?;
    let request = request(service, &Parameters::from_pairs(&job.parameters), Some("votable"))?;
    let (head, chunks) = fetch(request, time, abort)?;
    let config = &archive.config;
    // No more than its owner has room for.
    let most = config.external_bytes.min(config.job_space.saturating_sub(archive.jobs.space_of(job.owner.as_deref())));
    let mut body = Vec::new();
    for chunk in chunks {
        body.extend_from_slice(&chunk?);
        if body.len() as u64 > most {
            return Err(too_large(most));
        }
        if abort.load(Ordering::Relaxed) {
            return Err(Fault::bad("The job was aborted."));
        }
    }
    store(archive, job, &head, &body, limit)
}

/// The answer of another service is larger than may be.
pub fn too_large(limit: u64) -> Fault {
    let limit = limit / (1024 * 1024);
    Fault::new(StatusCode::BAD_GATEWAY, format!("The answer of the other service is larger than {limit} MiB."))
}

/// Writes the answer of another service into the file of a job.
fn store(archive: &Archive, job: &Job, head: &Parts, body: &[u8], limit: u64) -> Result<JobResult, Fault> {
    let failed = |cause: String| Fault::new(StatusCode::BAD_GATEWAY, format!("The other service: {cause}"));
    let mut reader = votable::Reader::new();
    let read = reader.push(body).and_then(|()| reader.finish());
    let document = reader.into_document();
    let status = document.status();
    if let Status::Error(message) = &status {
        return Err(failed(message.trim().to_owned()));
    }
    if !head.status.is_success() {
        return Err(failed(format!("status {}: {}", head.status.as_u16(), words(body))));
    }
    read.map_err(|error| failed(format!("its answer is no VOTable ({error}): {}", words(body))))?;
    let table = &document.tables().next().ok_or_else(|| failed("its answer has no TABLE".to_owned()))?.table;
    if let Some(column) = table.columns.iter().find(|column| !is_storable(column.field())) {
        return Err(failed(format!("column '{}' holds complex numbers", column.field().name)));
    }
    let path = archive.jobs.file(&job.id);
    let rows = (table.rows() as u64).min(limit);
    let mut session = archive.database.connect()?;
    session.attach_file(&path, "result", true)?;
    upload::write(&session, "result.result", &table.columns, rows as usize)?;
    drop(session);
    Ok(JobResult {
        fields: table.columns.iter().map(|column| upload::plain(column.field())).collect(),
        rows,
        overflow: status == Status::Overflow || rows < table.rows() as u64,
        bytes: std::fs::metadata(&path).map_or(0, |file| file.len()),
    })
}

/// The first words of a page or text, without what stands in angle brackets.
fn words(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(4_000)]);
    let mut inside = false;
    let plain: String = text
        .chars()
        .filter(|&c| {
            inside = (inside || c == '<') && !(inside && c == '>');
            !inside && c != '>'
        })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().take(60).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_can_be_asked() {
        for (text, expected) in [
            ("https://TAP.example/tap/", Some("https://tap.example/tap")),
            (" HTTP://tap.example:8080/a/tap", Some("http://tap.example:8080/a/tap")),
            ("https://tap.example", Some("https://tap.example")),
            ("ftp://tap.example/tap", None),
            ("file:///etc/passwd", None),
            ("https://user@tap.example/tap", None),
            ("https://user:word@tap.example/tap", None),
            ("https://tap.example/tap?x=1", None),
            ("https://tap.example/tap#x", None),
            ("https://tap.example/a/../tap", None),
            ("https://tap.example/%2e%2e/tap", None),
            ("https://tap.example\\@evil.example/tap", None),
            ("https:///tap", None),
            ("tap.example/tap", None),
            ("https://tap.example/ta p", None),
        ] {
            assert_eq!(normal(text).as_deref(), expected, "{text}");
        }
        assert!(External::new(NEIGHBOUR, false).is_err());
        assert!(External::new("http://[::1/tap", true).is_err());
        assert_eq!(External::new("https://TAP.example/tap/", false).unwrap().base(), "https://tap.example/tap");
    }

    #[test]
    fn pages_become_words() {
        assert_eq!(words(b"<html><body>\n<h1>Down</h1> for <b>now</b></body></html>"), "Down for now");
    }
}
