//! Requests to archives: `/gw/{archive-id}/{path}`, streamed both ways.
//!
//! Dropping the future or the body that it made ends the request at the archive; nothing is spawned, so a client that leaves
//! takes everything with it. A request with a body is sent once: if its answer is lost, the page must look whether the job
//! exists (decision D3).

use std::{error::Error as _, sync::Arc, time::Duration};

use futures_util::future::Either;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header, response::Parts};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use reqwest::{Client, Url};
use tokio::time::{Instant, sleep_until};

use crate::{
    Config, Error, Inside,
    answer::{self, Body, BoxError, Refusal},
    config::{Archive, Place},
    cookies::Jar,
    dns::{DnsError, Resolver},
    headers,
    limits::{Fault, Limited, Progress, Slot, seconds},
    redirect::{self, Blocked, Mapped},
    target,
};

/// Hops of a GET that are followed before it counts as a loop.
const MOST_HOPS: usize = 5;

/// The clients for the archives: one that contacts public addresses only, one that may contact private ones.
#[derive(Clone, Debug)]
pub struct Clients {
    public: Client,
    private: Client,
}

impl Clients {
    /// Clients that follow no redirect, keep no cookie, unpack nothing and know no proxy of the environment.
    pub fn new(config: &Config) -> Result<Clients, Error> {
        let client = |allow_private: bool| {
            Client::builder()
                .user_agent(concat!("Parallax/", env!("CARGO_PKG_VERSION")))
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .referer(false)
                .connect_timeout(seconds(config.limits.connect))
                .pool_idle_timeout(Duration::from_secs(15))
                .dns_resolver(Arc::new(Resolver { allow_private }))
                .build()
        };
        Ok(Clients { public: client(false)?, private: client(true)? })
    }
}

/// One request of a page to an archive, checked.
pub struct Errand<'a> {
    /// The configuration, for its limits.
    pub config: &'a Config,
    /// The HTTP clients.
    pub clients: &'a Clients,
    /// The sandbox, if it is mounted.
    pub inside: Option<&'a Arc<dyn Inside>>,
    /// The archive asked for.
    pub archive: &'a Archive,
    /// Where the page reaches the archive, `http://host:port/gw/{id}`: the sandbox names itself by it.
    pub own: &'a str,
    /// Whether browsers reach this gateway by https.
    pub secure: bool,
    /// Counts this request as open.
    pub slot: Slot,
}

impl Errand<'_> {
    /// The cookies of the archive, if one may sign in to it.
    pub fn jar(&self) -> Option<Jar<'_>> {
        let mount = match self.archive.place {
            Place::Upstream { .. } => "",
            Place::Inside => self.own.find("/gw/").map_or("", |at| &self.own[at..]),
        };
        self.archive.login.then_some(Jar { archive: &self.archive.id, secure: self.secure, mount })
    }

    /// The same headers, with the cookies for this place.
    fn with_session(&self, mut headers: HeaderMap, client: &HeaderMap, place: &Mapped) -> HeaderMap {
        if let Some(cookie) = self.jar().and_then(|jar| jar.up(client, &place.path)) {
            headers.insert(header::COOKIE, cookie);
        }
        headers
    }

    /// The cookies that the archive sets, as the browser is to keep them.
    fn keep_session(&self, archive: &HeaderMap, place: &Mapped, page: &mut HeaderMap) {
        for cookie in self.jar().map(|jar| jar.down(archive, &place.path)).unwrap_or_default() {
            page.append(header::SET_COOKIE, cookie);
        }
    }

    /// Carries the request to the archive and its answer back; `rest` is the path at the archive, undecoded.
    pub async fn carry(self, request: Request<Incoming>, rest: &str) -> Result<Response<Body>, Refusal> {
        let (client, incoming) = request.into_parts();
        let id = self.archive.id.as_str();
        let mut here = self.checked(&client.method, rest, client.uri.query())?;
        let limits = &self.config.limits;
        let length = client.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if length.is_some_and(|length: u64| length > limits.request_bytes) {
            return Err(self.refused_body(Fault::TooLarge));
        }
        let up = headers::up(&client.headers);
        let progress = Progress::new();
        let mut body = if incoming.is_end_stream() {
            None
        } else {
            let stall = seconds(limits.request_stall);
            Some(Limited::new(incoming, stall, limits.request_bytes, Arc::clone(&progress), None).boxed())
        };

        let mut hops = 0;
        loop {
            let headers = self.with_session(up.clone(), &client.headers, &here);
            let response = self.send(&client.method, &here, headers, body.take(), &progress).await?;
            let Some(location) = location(&response) else {
                return Ok(self.finish(response, &client.headers, &here, hops > 0));
            };
            if !answer::is_reading(&client.method) {
                let mut changed = self.changed(&client.method, response.status(), &here, &location)?;
                self.keep_session(response.headers(), &here, changed.headers_mut());
                return Ok(changed);
            }
            hops += 1;
            if hops > MOST_HOPS {
                let message = format!("{id} redirected more than {MOST_HOPS} times");
                return Err(bad_gateway("too_many_redirects", message).of(id).to(&location));
            }
            here = self.map(&here, &location).map_err(|blocked| self.blocked(&blocked, &location))?;
        }
    }

    /// The place that is asked for, if method and path are allowed.
    fn checked(&self, method: &Method, rest: &str, query: Option<&str>) -> Result<Mapped, Refusal> {
        let id = self.archive.id.as_str();
        let path = target::clean(rest).map_err(|_| {
            let message = "the path has dot segments, empty segments, encoded separators or control characters";
            Refusal::new(StatusCode::BAD_REQUEST, "bad_path", message).of(id)
        })?;
        if !target::within(&path, &self.archive.prefixes) {
            let message = format!("{path} is not among the paths of {id}: {}", self.archive.prefixes.join(", "));
            return Err(Refusal::new(StatusCode::FORBIDDEN, "path_not_allowed", message).of(id));
        }
        // A browser repeats a GET as it likes, and a link can cause one; neither may start or end a job. `PHASE` with the
        // name of a phase is the filter of a job list (UWS 1.1, section 2.2.2.1), and sync queries may carry PHASE=RUN.
        let asks = |name: &str, values: &[&str]| {
            let value = query.and_then(|query| target::parameter(query, name)).unwrap_or_default();
            values.iter().any(|known| value.trim().eq_ignore_ascii_case(known))
        };
        let changes = asks("PHASE", &["RUN", "ABORT", "SUSPEND", "ARCHIVE"]) || asks("ACTION", &["DELETE"]);
        if answer::is_reading(method) && changes && !path.ends_with("/sync") {
            let message = "a job is changed by POST or DELETE, not by GET";
            return Err(Refusal::new(StatusCode::FORBIDDEN, "get_changes_job", message).of(id));
        }
        Ok(Mapped { path: target::encode(&path), query: query.map(str::to_owned) })
    }

    /// Sends one request and waits for the head of its answer.
    pub async fn send(
        &self,
        method: &Method,
        place: &Mapped,
        headers: HeaderMap,
        body: Option<Body>,
        progress: &Progress,
    ) -> Result<Response<Body>, Refusal> {
        let id = self.archive.id.as_str();
        let call = match &self.archive.place {
            Place::Upstream { origin, allow_private } => {
                let client = if *allow_private { &self.clients.private } else { &self.clients.public };
                let mut request = reqwest::Request::new(method.clone(), place.at(origin));
                *request.headers_mut() = headers;
                *request.body_mut() = body.map(reqwest::Body::wrap);
                let sent = client.execute(request);
                Either::Left(async { sent.await.map(|response| Response::from(response).map(incoming)) })
            }
            Place::Inside => {
                let inside = self.inside.ok_or_else(|| {
                    Refusal::new(StatusCode::NOT_FOUND, "unknown_archive", "the sandbox is not mounted").of(id)
                })?;
                let mut request = Request::new(body.unwrap_or_else(answer::empty));
                *request.method_mut() = method.clone();
                *request.headers_mut() = headers;
                // A checked path and a query that came in an address are always an address.
                *request.uri_mut() = place.public("").trim_start_matches("/gw/").parse().unwrap_or_default();
                let answered = inside.call(request, self.own.to_owned());
                Either::Right(async { Ok(answered.await) })
            }
        };
        tokio::pin!(call);
        let limit = self.patience(method, place);
        loop {
            let deadline = progress.last() + limit;
            tokio::select! {
                answered = &mut call => {
                    if let Some(fault) = progress.fault() {
                        return Err(self.refused_body(fault));
                    }
                    return answered.map_err(|error| self.failed(&error));
                }
                () = sleep_until(deadline) => {
                    // While the body of the request still moves, the archive has nothing to answer to.
                    if progress.last() + limit <= Instant::now() {
                        let message = format!("{id} has not answered within {} s", limit.as_secs_f64());
                        return Err(Refusal::new(StatusCode::GATEWAY_TIMEOUT, "timeout", message).of(id));
                    }
                }
            }
        }
    }

    /// How long the archive may think: synchronous queries, uploads and lists of all tables are work, and UWS lets a client
    /// ask to be kept waiting (UWS 1.1, section 2.2.1.1).
    fn patience(&self, method: &Method, place: &Mapped) -> Duration {
        let limits = &self.config.limits;
        let works = !answer::is_reading(method) || place.path.ends_with("/sync") || place.path.ends_with("/tables");
        let asked = place.query.as_deref().and_then(|query| target::parameter(query, "WAIT"));
        let wait: f64 =
            asked.and_then(|wait| wait.parse().ok()).filter(|wait| (0.0..=3600.0).contains(wait)).unwrap_or(0.0);
        seconds(wait + if works { limits.sync_answer } else { limits.answer })
    }

    /// The answer for the page: allowed headers, and a body that passes through.
    fn finish(self, response: Response<Body>, client: &HeaderMap, place: &Mapped, followed: bool) -> Response<Body> {
        let (Parts { status, headers, .. }, body) = response.into_parts();
        let mut down = headers::down(&headers, client);
        if let Some(place) = HeaderValue::try_from(place.public(&self.archive.id)).ok().filter(|_| followed) {
            down.insert("x-gx-final", place);
        }
        self.keep_session(&headers, place, &mut down);
        let stall = seconds(self.config.limits.stall);
        let body = Limited::new(body, stall, u64::MAX, Progress::new(), Some(self.slot));
        let mut response = Response::new(body.boxed());
        *response.status_mut() = status;
        *response.headers_mut() = down;
        response
    }

    /// The answer to a POST or DELETE that the archive answered with a redirect.
    fn changed(
        &self,
        method: &Method,
        status: StatusCode,
        here: &Mapped,
        location: &str,
    ) -> Result<Response<Body>, Refusal> {
        let id = self.archive.id.as_str();
        if matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) {
            let message = format!("{id} wants the request at another address; the operator must enter that one");
            return Err(bad_gateway("redirect_blocked", message).of(id).to(location));
        }
        let mut response = Response::new(answer::empty());
        *response.status_mut() = StatusCode::CREATED;
        let headers = response.headers_mut();
        headers.insert("x-gx-upstream-status", HeaderValue::from(status.as_u16()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self.map(here, location) {
            Ok(place) => {
                if let Ok(value) = HeaderValue::try_from(place.public(id)) {
                    headers.insert(header::LOCATION, value);
                }
            }
            // What was to be deleted is deleted, wherever the list of what is left may stand.
            Err(_) if *method == Method::DELETE => {}
            Err(blocked) => return Err(self.blocked(&blocked, location)),
        }
        Ok(response)
    }

    fn map(&self, asked: &Mapped, location: &str) -> Result<Mapped, Blocked> {
        let own = Url::parse(self.own).map_err(|_| Blocked::Address)?;
        redirect::map(self.archive, asked, location, &own)
    }

    fn blocked(&self, blocked: &Blocked, location: &str) -> Refusal {
        let id = self.archive.id.as_str();
        let message = match blocked {
            Blocked::Host(host) => {
                format!(
                    "{id} redirects to {host}, which is not its own host; if it is, the operator lists it as `aliases`"
                )
            }
            Blocked::Path(path) => {
                format!(
                    "{id} redirects to {path}, which is outside its paths; if it is its own, the operator adds it to `prefixes`"
                )
            }
            Blocked::Address => format!("{id} redirects to something that is no http address"),
        };
        bad_gateway("redirect_blocked", message).of(id).to(location)
    }

    fn refused_body(&self, fault: Fault) -> Refusal {
        match fault {
            Fault::TooLarge => {
                let message = format!("at most {} bytes are carried in a request", self.config.limits.request_bytes);
                Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
            }
            Fault::Stalled => {
                let message = format!("the request was silent for {} s", self.config.limits.request_stall);
                Refusal::new(StatusCode::REQUEST_TIMEOUT, "client_stalled", message)
            }
        }
        .of(&self.archive.id)
    }

    /// Says where on the way to the archive it went wrong.
    fn failed(&self, error: &reqwest::Error) -> Refusal {
        let id = self.archive.id.as_str();
        let mut cause = error.source();
        let mut kind = None;
        let mut last = String::new();
        while let Some(error) = cause {
            last = error.to_string();
            if let Some(error) = error.downcast_ref::<DnsError>() {
                kind = Some(match error {
                    DnsError::Lookup(_) => "dns",
                    DnsError::Private => "dns_private",
                });
                break;
            }
            if error.downcast_ref::<std::io::Error>().is_some_and(is_tls) {
                kind = Some("tls");
            }
            cause = error.source();
        }
        if error.is_timeout() {
            let message = format!("{id} cannot be reached within {} s", self.config.limits.connect);
            return Refusal::new(StatusCode::GATEWAY_TIMEOUT, "timeout", message).of(id);
        }
        let (code, words) = match kind {
            Some(code @ ("dns" | "dns_private")) => (code, "its name has no usable address"),
            Some(code) if error.is_connect() => (code, "no secure connection"),
            _ if error.is_connect() => ("connect", "no connection"),
            _ => ("broken", "the connection broke before an answer came"),
        };
        bad_gateway(code, format!("{id} cannot be reached, {words}: {last}")).of(id)
    }
}

/// The `Location` of an answer that is a redirect.
fn location(response: &Response<Body>) -> Option<String> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    response.headers().get(header::LOCATION)?.to_str().ok().map(str::to_owned)
}

/// Whether a connection failed in its handshake: rustls reports that as invalid data, which a plain connection cannot have.
/// The connector wraps it in an error of its own, whose `source` leaves it out.
fn is_tls(error: &std::io::Error) -> bool {
    let inner = || error.get_ref().and_then(|inner| inner.downcast_ref::<std::io::Error>());
    error.kind() == std::io::ErrorKind::InvalidData || inner().is_some_and(is_tls)
}

fn incoming(body: reqwest::Body) -> Body {
    body.map_err(BoxError::from).boxed()
}

fn bad_gateway(code: &'static str, message: String) -> Refusal {
    Refusal::new(StatusCode::BAD_GATEWAY, code, message)
}
