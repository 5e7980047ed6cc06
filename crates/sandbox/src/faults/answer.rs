//! Faults that an answer can show: in its place, in its head, in its body.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header, response::Parts};

use super::effect::Effect;
use super::{document, set};
use crate::Time;
use crate::archive::{self, Answer, Base};
use crate::fault::Fault;
use crate::parameters::Parameters;
use crate::response::{self, Chunks};

/// An answer that has nothing to do with the request.
#[derive(Clone, Debug)]
pub enum Instead {
    Status(StatusCode),
    Maintenance,
    ErrorWithin,
    Leak,
    Loop,
    Redirect(String),
    Large(u64, bool),
    Bomb(usize),
    Document(StatusCode, &'static str, Bytes),
    Vanished,
    Quota(String),
    UploadLost,
    UploadRefused(String),
    Links(String),
}

/// What of a request the faults must know.
pub struct Asked {
    path: String,
    address: String,
    ids: Vec<String>,
    now: Time,
}

impl Asked {
    pub fn of(request: &Request<Bytes>, now: Time) -> Asked {
        let base = request.extensions().get::<Base>().map(|base| base.0.clone());
        let base = base.unwrap_or_else(|| archive::address(request.headers()));
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        let ids = Parameters::read(request).map(|parameters| {
            parameters.all("id").flat_map(|ids| ids.split(',')).map(|id| id.trim().to_owned()).collect()
        });
        Asked {
            path: request.uri().path().to_owned(),
            address: format!("{base}{target}"),
            ids: ids.unwrap_or_default(),
            now,
        }
    }

    fn job(&self) -> &str {
        self.path.split("/async/").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default()
    }
}

/// Changes the request.
pub fn before(effect: &Effect, request: &mut Request<Bytes>) {
    match effect {
        Effect::Expired => {
            request.headers_mut().remove(header::COOKIE);
        }
        Effect::RunLost => run_lost(request),
        Effect::Both(both) => {
            before(&both.0, request);
            before(&both.1, request);
        }
        _ => {}
    }
}

/// Nobody knows a parameter `EPHAS`, so the request has no phase; one to the phase itself becomes one for the job.
fn run_lost(request: &mut Request<Bytes>) {
    let mut body = request.body().to_vec();
    let places: Vec<usize> = body
        .windows(6)
        .enumerate()
        .filter(|(_, window)| window[..5].eq_ignore_ascii_case(b"phase") && matches!(window[5], b'=' | b'"'))
        .map(|(at, _)| at)
        .collect();
    for at in places {
        body[at..at + 5].copy_from_slice(b"ephas");
    }
    *request.body_mut() = body.into();
    let path = request.uri().path();
    let Some(job) = path.strip_suffix("/phase").filter(|_| *request.method() == Method::POST) else { return };
    if let Ok(uri) = job.parse() {
        *request.uri_mut() = uri;
        *request.body_mut() = Bytes::new();
    }
}

/// The answer in place of the right one.
pub fn instead(effect: &Effect, asked: &Asked) -> Option<Answer> {
    match effect {
        Effect::Instead(instead) => Some(instead.answer(asked)),
        Effect::Unheard => Some(response::text("")),
        Effect::Both(both) => instead(&both.0, asked).or_else(|| instead(&both.1, asked)),
        _ => None,
    }
}

impl Instead {
    fn answer(&self, asked: &Asked) -> Answer {
        let refused = |fault: Fault| {
            if asked.path.starts_with("/data-server") {
                let text = format!("Code: -1, msg: {}\n", fault.message);
                response::with_status(fault.status, "text/plain", text)
            } else if asked.path.ends_with("/sync") {
                response::refused_query(&fault, "sync", false)
            } else {
                response::refusal(&fault, &asked.path)
            }
        };
        match self {
            Instead::Status(StatusCode::NO_CONTENT) => response::with_status(StatusCode::NO_CONTENT, "text/plain", ""),
            Instead::Status(status) => {
                let mut answer = refused(Fault::new(*status, words(*status)));
                if let (StatusCode::UNAUTHORIZED, Answer::Ready(head, _)) = (*status, &mut answer) {
                    let value = HeaderValue::from_static("Basic realm=\"Authentication needed\"");
                    head.headers.insert(header::WWW_AUTHENTICATE, value);
                }
                answer
            }
            Instead::Maintenance => response::document("text/html;charset=UTF-8", document::MAINTENANCE),
            Instead::ErrorWithin => {
                let fault = Fault::bad("Cannot parse query at line 1, column 8: this fault was asked for.");
                response::document("application/x-votable+xml", fault.votable(400, "sync", false))
            }
            Instead::Leak => response::with_status(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", document::LEAK),
            Instead::Loop => response::see_other(&asked.address),
            Instead::Redirect(to) => response::see_other(to),
            Instead::Large(megabytes, declared) => large(*megabytes, *declared),
            Instead::Bomb(megabytes) => {
                let head = Response::builder()
                    .header(header::CONTENT_TYPE, "application/x-votable+xml")
                    .header(header::CONTENT_ENCODING, "gzip");
                response::ready(head, Chunks::once(document::packed_blanks(*megabytes)))
            }
            Instead::Document(status, kind, body) => {
                let head = Response::builder().status(*status).header(header::CONTENT_TYPE, *kind);
                response::ready(head, Chunks::once(body.clone()))
            }
            Instead::Vanished => refused(Fault::missing(format!("Job '{}' does not exist.", asked.job()))),
            Instead::Quota(what) => {
                let message = match what.as_str() {
                    "tables" => {
                        "DB quota exceeded for user anonymous (Currently 10 GB, maximum allowed is 10 GB). Registered users \
                         have an increased quota, please log in."
                    }
                    "jobs" => "Job quota exceeded for user anonymous (Currently 100, maximum allowed is 100).",
                    _ => "The result has more rows than the quota of user anonymous allows (3000000).",
                };
                let status =
                    if what == "rows" { StatusCode::INSUFFICIENT_STORAGE } else { StatusCode::INTERNAL_SERVER_ERROR };
                refused(Fault::new(status, message))
            }
            Instead::UploadLost => response::document("text/html;charset=UTF-8", ""),
            Instead::UploadRefused(what) if what == "clash" => {
                refused(Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "Table already exists in the database."))
            }
            Instead::UploadRefused(_) => refused(Fault::bad("Invalid column name: 'select'.")),
            Instead::Links(kind) => {
                let text = document::links(&asked.ids, kind == "no-service");
                response::document("application/x-votable+xml;content=datalink", text)
            }
        }
    }
}

/// What the archive says with a status.
fn words(status: StatusCode) -> String {
    match status {
        StatusCode::BAD_REQUEST => "Cannot parse query at line 1, column 8: this fault was asked for.".to_owned(),
        StatusCode::UNAUTHORIZED => "Authentication needed".to_owned(),
        StatusCode::FORBIDDEN => "User 'anonymous' is not authorized.".to_owned(),
        StatusCode::PAYLOAD_TOO_LARGE => "Upload limit exceeded".to_owned(),
        // In earnest too, when the archive is out of order.
        StatusCode::INTERNAL_SERVER_ERROR => "null".to_owned(),
        other => other.canonical_reason().unwrap_or("This fault was asked for").to_owned(),
    }
}

fn large(megabytes: u64, declared: bool) -> Answer {
    let line = "4295806720,0.123456789,-12.3456789\n";
    let block = Bytes::from(line.repeat((1 << 20) / line.len() + 1).as_bytes()[..1 << 20].to_vec());
    let mut head = Response::builder().header(header::CONTENT_TYPE, "text/csv");
    if declared {
        head = head.header(header::CONTENT_LENGTH, megabytes << 20);
    }
    response::ready(head, Chunks::new((0..megabytes).map(move |_| Ok(block.clone()))))
}

/// Changes head and body of an answer.
pub fn after(effect: &Effect, mut head: Parts, chunks: Chunks, asked: &Asked) -> (Parts, Chunks) {
    let later = |seconds: i64| Time(asked.now.0 + seconds * 1000);
    match effect {
        Effect::Retry(value) => set(&mut head.headers, header::RETRY_AFTER, value),
        Effect::RetryDate(seconds) => set(&mut head.headers, header::RETRY_AFTER, &document::date(later(*seconds))),
        Effect::Date(seconds) => set(&mut head.headers, header::DATE, &document::date(later(*seconds))),
        Effect::Kind(kind) => set(&mut head.headers, header::CONTENT_TYPE, kind),
        Effect::Body(change, argument) => {
            let body = change(whole(chunks), argument);
            head.headers.remove(header::CONTENT_LENGTH);
            return (head, Chunks::once(body));
        }
        Effect::Packed(declared, change, argument) => {
            let body = whole(chunks);
            let packed = if body.starts_with(&[0x1f, 0x8b]) { body } else { document::packed(&body) };
            head.headers.remove(header::CONTENT_LENGTH);
            head.headers.remove(header::CONTENT_ENCODING);
            if *declared {
                head.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            return (head, Chunks::once(change(packed, *argument)));
        }
        Effect::Length(true) => {
            let body = whole(chunks);
            head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
            return (head, Chunks::once(body));
        }
        Effect::Length(false) => {
            head.headers.remove(header::CONTENT_LENGTH);
        }
        Effect::Both(both) => {
            let (head, chunks) = after(&both.0, head, chunks, asked);
            return after(&both.1, head, chunks, asked);
        }
        Effect::Expired | Effect::RunLost | Effect::Unheard | Effect::Instead(_) | Effect::Carried(_) => {}
    }
    (head, chunks)
}

/// All of a body; what is made on the way is small, because faults are for tests.
fn whole(chunks: Chunks) -> Vec<u8> {
    chunks.filter_map(Result::ok).flatten().collect()
}
