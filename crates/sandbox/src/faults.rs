//! Faults on demand, for tests of clients: only where [`crate::Config::faults`] is set.
//!
//! A fault is written `name` or `name:argument`, several with commas between them: `delay:500,status:503,retry:2`. It is asked
//! for in three ways. The header `X-Sandbox-Fault` holds for its request. The path `/fault/<faults>/tap-server/tap/…` holds for
//! its request and for the addresses in its answer, so that a client to which this is the archive stays with the fault.
//! `POST /fault/arm` with `fault`, `path` (`*` stands for anything), `method` and `count` holds for the next requests of
//! anybody that match; `POST /fault/clear` disarms all, `GET /fault` lists what there is. What cannot be done by an answer (a
//! pause, a broken connection) goes with it as [`Transport`] for the host to do.

mod answer;
mod document;
mod effect;
mod uws;

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header, request};

pub use effect::{Transport, Transports};

use crate::archive::{self, Answer, Archive, Base};
use crate::fault::Fault;
use crate::parameters::{Parameters, percent_decode};
use crate::{Time, response};

use effect::{Effect, TABLE};

/// The header that asks for faults.
const HEADER: &str = "x-sandbox-fault";

/// Where paths with faults begin.
const PREFIX: &str = "/fault";

/// The faults of a request; an extension of it as soon as they are known.
#[derive(Clone, Debug, Default)]
pub struct Plan(Vec<Effect>);

/// Faults that wait for requests.
#[derive(Debug, Default)]
pub struct Faults {
    armed: Mutex<Vec<Armed>>,
}

#[derive(Debug)]
struct Armed {
    plan: Plan,
    path: String,
    method: Option<String>,
    left: u64,
}

impl Plan {
    /// Reads `name:argument,name:argument`.
    fn parse(text: &str) -> Result<Plan, Fault> {
        let effects = text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| {
            let (name, argument) = part.split_once(':').unwrap_or((part, ""));
            let entry = TABLE.iter().find(|entry| entry.name == name);
            entry.and_then(|entry| (entry.make)(argument)).ok_or_else(|| {
                Fault::bad(format!("There is no fault '{part}'. GET /fault lists all, with their arguments."))
            })
        });
        effects.collect::<Result<_, _>>().map(Plan)
    }

    /// What the host must do before it reads the body of the request.
    pub fn transports(&self) -> Transports {
        Transports(self.0.iter().filter_map(Effect::transport).collect())
    }
}

/// Finds the faults of a request before its body is read, and takes them out of its address.
pub fn prepare(archive: &Archive, head: &mut request::Parts) -> Result<(), Fault> {
    if !archive.config.faults || is_control(head.uri.path()) || head.extensions.get::<Plan>().is_some() {
        return Ok(());
    }
    let mut plan = Plan::default();
    if let Some(rest) = head.uri.path().strip_prefix("/fault/") {
        let (faults, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
        plan = Plan::parse(&percent_decode(faults))?;
        let base = head.extensions.get::<Base>().map_or_else(|| archive::address(&head.headers), |base| base.0.clone());
        let base = Base(format!("{base}{PREFIX}/{faults}"));
        let query = head.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        head.uri = format!("{path}{query}").parse().map_err(|_| Fault::no_such_resource(path))?;
        head.extensions.insert(base);
    }
    if let Some(faults) = head.headers.get(HEADER) {
        let faults = faults.to_str().map_err(|_| Fault::bad("X-Sandbox-Fault is no text."))?;
        plan.0.extend(Plan::parse(faults)?.0);
    }
    plan.0.extend(archive.faults.take(&head.method, head.uri.path()));
    head.extensions.insert(plan);
    Ok(())
}

/// Answers a request with the faults that are asked for.
pub fn handle(archive: &Archive, request: Request<Bytes>, now: Time) -> Answer {
    let action = format!("{} {}", request.method(), request.uri().path());
    let (mut head, body) = request.into_parts();
    if is_control(head.uri.path()) {
        let outcome = control(archive, &Request::from_parts(head, body));
        return outcome.unwrap_or_else(|fault| response::refusal(&fault, &action));
    }
    if let Err(fault) = prepare(archive, &mut head) {
        return response::refusal(&fault, &action);
    }
    let plan = head.extensions.get::<Plan>().cloned().unwrap_or_default();
    let mut request = Request::from_parts(head, body);
    for effect in &plan.0 {
        answer::before(effect, &mut request);
    }
    let asked = answer::Asked::of(&request, now);
    let instead = plan.0.iter().find_map(|effect| answer::instead(effect, &asked));
    let answered = instead.unwrap_or_else(|| archive.answer(request, now));
    match answered {
        Answer::Ready(head, chunks) => {
            let (mut head, chunks) = plan
                .0
                .iter()
                .fold((head, chunks), |(head, chunks), effect| answer::after(effect, head, chunks, &asked));
            head.extensions.insert(plan.transports());
            Answer::Ready(head, chunks)
        }
        other => other,
    }
}

fn is_control(path: &str) -> bool {
    matches!(path, "/fault" | "/fault/arm" | "/fault/clear")
}

/// Arms, disarms, lists.
fn control(archive: &Archive, request: &Request<Bytes>) -> Result<Answer, Fault> {
    let posted = *request.method() == Method::POST;
    let parameters = Parameters::read(request)?;
    let required =
        |name: &str| parameters.value(name).ok_or_else(|| Fault::bad(format!("Not found required parameter '{name}'")));
    match request.uri().path() {
        "/fault/arm" if posted => {
            let count = parameters.value("count").unwrap_or("1");
            archive.faults.arm(Armed {
                plan: Plan::parse(required("fault")?)?,
                path: parameters.value("path").unwrap_or("*").to_owned(),
                method: parameters.value("method").map(str::to_ascii_uppercase),
                left: count.parse().map_err(|_| Fault::bad(format!("'{count}' is no count of requests.")))?,
            });
            Ok(response::text("armed"))
        }
        "/fault/clear" if posted => {
            archive.faults.clear();
            Ok(response::text("clear"))
        }
        "/fault" => Ok(response::document("application/json", list())),
        _ => Err(Fault::method_not_allowed(request.method())),
    }
}

/// All faults: name, argument, rows of the matrix, what happens.
fn list() -> String {
    let rows = TABLE.iter().map(|entry| {
        serde_json::json!({ "name": entry.name, "argument": entry.argument, "rows": entry.rows, "what": entry.what })
    });
    serde_json::Value::from(rows.collect::<Vec<_>>()).to_string()
}

impl Faults {
    fn arm(&self, armed: Armed) {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner).push(armed);
    }

    fn clear(&self) {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The faults of all that are armed for this request; each counts it.
    fn take(&self, method: &Method, path: &str) -> Vec<Effect> {
        let mut armed = self.armed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut effects = Vec::new();
        for one in armed.iter_mut() {
            let same = one.method.as_deref().is_none_or(|name| name == method.as_str());
            if same && *method != Method::OPTIONS && matches(&one.path, path) && one.left > 0 {
                one.left -= 1;
                effects.extend(one.plan.0.iter().cloned());
            }
        }
        armed.retain(|one| one.left > 0);
        effects
    }
}

/// Whether a path fits a pattern in which `*` stands for any text.
fn matches(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// A header that may be anything that can be sent.
fn set(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// A status by its number.
fn status(text: &str) -> Option<StatusCode> {
    StatusCode::from_bytes(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_paths() {
        for (pattern, path, expected) in [
            ("*", "/tap-server/tap/sync", true),
            ("/tap-server/tap/sync", "/tap-server/tap/sync", true),
            ("/tap-server/tap/sync", "/tap-server/tap/sync2", false),
            ("/tap-server/tap/async/*/phase", "/tap-server/tap/async/1O/phase", true),
            ("/tap-server/tap/async/*/phase", "/tap-server/tap/async/1O", false),
            ("*/async*", "/tap-server/tap/async", true),
            ("*/a*b*/c", "/a1b2/c", true),
            ("", "/", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn every_row_of_the_table_can_be_asked_for() {
        for entry in TABLE {
            let argument = entry.argument.split('|').next().unwrap();
            let sample = match argument {
                "" => "",
                "MS" | "N" | "SECONDS" | "MB" => "3",
                "CODE" => "503",
                "VALUE" => "120",
                "TYPE" => "text/plain",
                "URL" => "http://other.example/",
                "PHASE" => "HELD",
                word => word,
            };
            assert!((entry.make)(sample).is_some(), "{}:{sample}", entry.name);
            assert!(!entry.rows.is_empty() && !entry.what.is_empty());
        }
        assert!(Plan::parse("status:503, retry:2,delay:1").is_ok_and(|plan| plan.0.len() == 3));
        for wrong in ["nix", "status:9999", "delay:soon", "uws:nix", "status"] {
            assert!(Plan::parse(wrong).is_err(), "{wrong}");
        }
    }
}
