//! Job documents and lists of UWS 1.0, 1.1 and TAP+ read without regard to order, prefix and case.

use super::{ErrorSummary, Job, JobList, JobRef, Phase, ResultRef};
use crate::{
    error::{Error, error_in_ok_body, redact},
    timestamp::Timestamp,
    xml::{self, Element, Step, Walker},
};

const JOB: &str = "job document";
const LIST: &str = "job list";

/// Reads a job document.
///
/// # Errors
/// `Service` if the bytes are an error of the service (a page, a VOTable), `Truncated` or `Document` if they
/// are no whole job. A missing phase is no error: the job's phase is then `Unknown`.
pub fn parse_job(bytes: &[u8]) -> Result<Job, Error> {
    let root = parse_root(bytes, JOB)?;
    let element = if root.is("job") { Some(&root) } else { root.child("job") };
    let Some(element) = element else {
        return Err(wrong_root(JOB, &root));
    };
    let job = job_of(element);
    if job.id.is_empty() && element.child("phase").is_none() {
        return Err(Error::document(JOB, "it has neither an id nor a phase", None));
    }
    Ok(job)
}

/// Reads a job list: references (`/async`), whole jobs (`/jobs/async` of TAP+), or both.
///
/// # Errors
/// As [`parse_job`]. The list may be long, so it is not kept as a tree.
pub fn parse_jobs(bytes: &[u8]) -> Result<JobList, Error> {
    if let Some(error) = error_in_ok_body(None, head(bytes)) {
        return Err(error);
    }
    let text = xml::decode(bytes);
    let mut walker = Walker::new(&text, LIST)?;
    let mut list = JobList::default();
    let Step::Start(root) = walker.next()? else {
        return Err(Error::document(LIST, "there is no XML in it", None));
    };
    if !(root.is("jobs") || root.is("jobList")) {
        return Err(wrong_root(LIST, &root));
    }
    list.total = root.attribute("total").and_then(|total| total.trim().parse().ok());
    loop {
        match walker.next()? {
            Step::Start(element) => {
                let element = walker.tree(element)?;
                if element.is("jobref") {
                    list.jobs.push(reference_of(&element));
                } else if element.is("job") {
                    list.jobs.push(JobRef { href: href_of(&element), whole: true, job: job_of(&element) });
                }
            }
            Step::End | Step::Eof => return Ok(list),
        }
    }
}

/// Reads the answer of `/phase`: plain text in any case, with CRLF or a byte order mark. A service that
/// sends a small document instead is understood too.
///
/// # Errors
/// `Service` if it is a page or another error.
pub fn parse_phase(bytes: &[u8]) -> Result<Phase, Error> {
    if let Some(error) = error_in_ok_body(None, head(bytes)) {
        return Err(error);
    }
    let text = xml::decode(bytes);
    let text = text.trim();
    if text.starts_with('<') {
        let root = xml::parse(text, "phase")?;
        let word = if root.is("phase") { Some(root.text.clone()) } else { root.child_text("phase") };
        return word.map(|word| Phase::parse(&word)).ok_or_else(|| wrong_root("phase", &root));
    }
    // A phase is one word; a sentence is something else.
    if text.len() > 64 || text.contains(char::is_whitespace) {
        return Err(Error::document("phase", "it is not one word", None));
    }
    Ok(Phase::parse(text))
}

/// Reads the answer of `/parameters`.
///
/// # Errors
/// As [`parse_job`].
pub fn parse_parameters(bytes: &[u8]) -> Result<Vec<(String, String)>, Error> {
    let root = parse_root(bytes, "parameter list")?;
    match if root.is("parameters") { Some(&root) } else { root.child("parameters") } {
        Some(element) => Ok(parameters_of(element)),
        None => Err(wrong_root("parameter list", &root)),
    }
}

/// Reads the answer of `/results`.
///
/// # Errors
/// As [`parse_job`].
pub fn parse_results(bytes: &[u8]) -> Result<Vec<ResultRef>, Error> {
    let root = parse_root(bytes, "result list")?;
    match if root.is("results") { Some(&root) } else { root.child("results") } {
        Some(element) => Ok(results_of(element)),
        None => Err(wrong_root("result list", &root)),
    }
}

fn parse_root(bytes: &[u8], what: &'static str) -> Result<Element, Error> {
    if let Some(error) = error_in_ok_body(None, head(bytes)) {
        return Err(error);
    }
    xml::parse(&xml::decode(bytes), what)
}

/// Enough of a document to tell an error from it.
fn head(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(65_536)]
}

fn wrong_root(what: &'static str, root: &Element) -> Error {
    Error::document(what, format!("it is a document of type {}", root.name), None)
}

fn job_of(element: &Element) -> Job {
    let text = |name: &str| element.child_text(name);
    let time = |name: &str| text(name).and_then(|value| Timestamp::parse(&value));
    Job {
        id: text("jobId").or_else(|| element.attribute("id").map(str::to_owned)).unwrap_or_default(),
        run_id: text("runId"),
        owner: text("ownerId"),
        phase: text("phase").map_or(Phase::Unknown, |word| Phase::parse(&word)),
        quote: time("quote"),
        creation: time("creationTime"),
        start: time("startTime"),
        end: time("endTime"),
        destruction: time("destruction"),
        execution_duration: text("executionDuration").and_then(|value| seconds(&value)),
        name: text("name"),
        location_id: text("locationId"),
        parameters: element.child("parameters").map(parameters_of).unwrap_or_default(),
        results: element.child("results").map(results_of).unwrap_or_default(),
        error: element.child("errorSummary").and_then(error_of),
    }
}

fn parameters_of(element: &Element) -> Vec<(String, String)> {
    let named = |parameter: &Element| {
        Some((
            parameter.attribute("id").or_else(|| parameter.attribute("name"))?.trim().to_owned(),
            parameter.text.trim().to_owned(),
        ))
    };
    element.children_named("parameter").filter_map(named).collect()
}

fn results_of(element: &Element) -> Vec<ResultRef> {
    element
        .children_named("result")
        .map(|result| {
            let number = |name: &str| result.attribute(name).and_then(|value| value.trim().parse().ok());
            let word =
                |name: &str| result.attribute(name).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned);
            ResultRef {
                id: word("id").unwrap_or_default(),
                href: href_of(result),
                mime: word("mime-type").or_else(|| word("mime")),
                size: number("size"),
                rows: number("rows"),
                encoding: word("encoding"),
            }
        })
        .collect()
}

fn error_of(element: &Element) -> Option<ErrorSummary> {
    let message =
        element.child_text("message").or_else(|| Some(element.text.trim().to_owned()).filter(|text| !text.is_empty()));
    if element.is_nil() || (message.is_none() && element.attribute("type").is_none()) {
        return None;
    }
    let flag = |name: &str| element.attribute(name).map(|value| value.trim().to_ascii_lowercase());
    Some(ErrorSummary {
        message: redact(&message.unwrap_or_default()),
        transient: flag("type").as_deref() == Some("transient"),
        has_details: matches!(flag("hasDetail").or_else(|| flag("hasDetails")).as_deref(), Some("true" | "1")),
    })
}

fn reference_of(element: &Element) -> JobRef {
    let mut job = job_of(element);
    let href = href_of(element);
    if job.id.is_empty() {
        let path = href.as_deref().unwrap_or_default().trim_end_matches('/');
        job.id = path.rsplit('/').next().unwrap_or_default().to_owned();
    }
    JobRef { href, whole: false, job }
}

fn href_of(element: &Element) -> Option<String> {
    element.attribute("href").map(str::trim).filter(|href| !href.is_empty()).map(str::to_owned)
}

/// Some services write seconds with a fraction; `-1` means without limit there.
fn seconds(text: &str) -> Option<u64> {
    let whole = text.trim().split('.').next().unwrap_or_default();
    if whole == "-1" { Some(0) } else { whole.parse().ok() }
}
