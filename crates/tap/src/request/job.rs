//! Requests to one job, addressed by the URL that the service gave for it (UWS 1.1 section 2.2).

use super::{Body, Form, Method, Request, escape_segment};
use crate::uws::Phase;

/// The URL or path that a job usually has below the base `tap` of its service. Services are free to choose another:
/// only for a job of which nothing but the id is known.
pub fn usual(tap: &str, id: &str) -> String {
    format!("{}/async/{}", tap.trim_end_matches('/'), escape_segment(id))
}

/// The job document. With `wait` the service may hold the answer for so many seconds until the phase
/// changes (UWS 1.1 section 2.2.1.1); services of UWS 1.0 answer at once.
pub fn document(url: &str, wait: Option<u32>) -> Request {
    match wait {
        None => Request::get(clean(url)),
        Some(seconds) => Request::get(format!("{}?WAIT={seconds}", clean(url))),
    }
}

/// The job document, to be held for `wait` seconds as long as the job is in `phase`.
pub fn document_while(url: &str, wait: u32, phase: &Phase) -> Request {
    Request::get(format!("{}?WAIT={wait}&PHASE={}", clean(url), escape_segment(phase.as_str())))
}

/// The phase alone, as plain text.
pub fn phase(url: &str) -> Request {
    Request::get(sub(url, "phase"))
}

/// Starts a job that is PENDING or HELD. Harmless when it runs already.
pub fn run(url: &str) -> Request {
    post(sub(url, "phase"), &[("PHASE", "RUN")])
}

/// Ends a job that has not ended.
pub fn abort(url: &str) -> Request {
    post(sub(url, "phase"), &[("PHASE", "ABORT")])
}

/// Destroys a job. The answer leads to the whole job list: do not follow it.
pub fn delete(url: &str) -> Request {
    Request { method: Method::Delete, url: clean(url).to_owned(), headers: Vec::new(), body: Body::None }
}

/// Destroys a job where DELETE does not get through (UWS 1.1 section 2.2.3.2).
pub fn delete_by_post(url: &str) -> Request {
    post(clean(url).to_owned(), &[("ACTION", "DELETE")])
}

/// Asks for another destruction time, in ISO 8601. The service may grant less.
pub fn set_destruction(url: &str, time: &str) -> Request {
    post(sub(url, "destruction"), &[("DESTRUCTION", time)])
}

/// Asks for another execution duration, in seconds; 0 is without limit.
pub fn set_execution_duration(url: &str, seconds: u64) -> Request {
    post(sub(url, "executionduration"), &[("EXECUTIONDURATION", &seconds.to_string())])
}

/// Sets one parameter of a job that is still PENDING.
pub fn set_parameter(url: &str, name: &str, value: &str) -> Request {
    post(sub(url, "parameters"), &[(name, value)])
}

/// The parameters, as a document.
pub fn parameters(url: &str) -> Request {
    Request::get(sub(url, "parameters"))
}

/// The list of results, as a document.
pub fn results(url: &str) -> Request {
    Request::get(sub(url, "results"))
}

/// The bytes of one result; TAP calls its only one `result`. Better is
/// [`crate::uws::result_place`], which heeds what the job document says.
pub fn result(url: &str, id: &str) -> Request {
    Request::get(format!("{}/results/{}", clean(url), escape_segment(id)))
}

/// The error in full, normally a VOTable.
pub fn error(url: &str) -> Request {
    Request::get(sub(url, "error"))
}

fn sub(url: &str, name: &str) -> String {
    format!("{}/{name}", clean(url))
}

/// A job's URL may come from an answer's address, with a query string or a slash at its end.
fn clean(url: &str) -> &str {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    url[..end].trim().trim_end_matches('/')
}

fn post(url: String, pairs: &[(&str, &str)]) -> Request {
    Request::post(url, &Form::of(pairs))
}
