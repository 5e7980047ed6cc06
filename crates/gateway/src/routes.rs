//! What each address of the gateway means.
//!
//! `/` the page; `/archives.json` the archives; `/gw/{id}/{path}` an archive, for the page; `/gw/_ping` whether this is the
//! gateway; `/_session` who is signed in where; `/sandbox/{path}` the sandbox, for programs on this machine.

use std::{
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::Arc,
};

use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use crate::{
    Config, Error, Inside,
    answer::{self, Body, Refusal},
    assets::Site,
    caller::{self, Names},
    cookies::Jar,
    headers,
    limits::{Counter, Limited, Progress, seconds},
    proxy::{Clients, Errand},
    session, target,
};

/// Everything that answers requests; shared by all connections.
pub struct Gateway {
    /// The operator's settings.
    pub config: Config,
    site: Site,
    names: Names,
    clients: Clients,
    inside: Option<Arc<dyn Inside>>,
    streams: Arc<Counter>,
}

impl Gateway {
    /// A gateway that serves the page in the folder `site` and listens at `listen`.
    pub fn new(
        config: Config,
        site: &Path,
        inside: Option<Arc<dyn Inside>>,
        listen: SocketAddr,
    ) -> Result<Arc<Gateway>, Error> {
        Ok(Arc::new(Gateway {
            site: Site::open(site, &config)?,
            names: Names::new(&config.server, listen.ip()),
            clients: Clients::new(&config)?,
            inside,
            streams: Counter::new(config.limits.streams, config.limits.streams_per_ip),
            config,
        }))
    }

    /// Answers one request of `peer`. The future and the body that it gives are dropped when the client leaves.
    pub async fn answer(&self, request: Request<Incoming>, peer: IpAddr) -> Response<Body> {
        let mut response = self.route(request, peer).await.unwrap_or_else(|refusal| refusal.response());
        headers::secure(response.headers_mut(), self.config.server.hsts);
        response
    }

    /// Requests to archives that are open now.
    pub fn open_streams(&self) -> usize {
        self.streams.open()
    }

    async fn route(&self, request: Request<Incoming>, peer: IpAddr) -> Result<Response<Body>, Refusal> {
        let own = self.names.origin(&request)?;
        let path = request.uri().path().to_owned();
        if let Some(rest) = path.strip_prefix("/gw/") {
            let carried = self.page_request(request, rest, &own, peer).await;
            return Ok(contained(carried.unwrap_or_else(|refusal| refusal.response())));
        }
        if let Some(rest) = path.strip_prefix("/sandbox").filter(|rest| rest.starts_with('/')) {
            caller::check_local(request.headers(), &own, peer)?;
            return self.foreign_request(request, rest, &own, peer).await.map(contained);
        }
        if path == "/_session" {
            return self.sessions(&request, &own);
        }
        if path == "/archives.json" {
            if !answer::is_reading(request.method()) {
                return Ok(answer::method_not_allowed("GET, HEAD"));
            }
            let mut response = Response::new(answer::full(self.config.archives_json(&own)));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            return Ok(response);
        }
        Ok(self.site.answer(request.method(), &path, request.headers()).await)
    }

    /// `/gw/{rest}`: a request of the page.
    async fn page_request(
        &self,
        request: Request<Incoming>,
        rest: &str,
        own: &str,
        peer: IpAddr,
    ) -> Result<Response<Body>, Refusal> {
        if !matches!(request.method().as_str(), "GET" | "HEAD" | "POST" | "DELETE") {
            return Ok(answer::method_not_allowed("GET, HEAD, POST, DELETE"));
        }
        caller::check_page(request.method(), request.headers(), own)?;
        if rest == "_ping" {
            return Ok(ping(request.uri().query().unwrap_or("")));
        }
        let (id, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let archive = self.config.archive(id).ok_or_else(|| {
            // The id is told only if it could be one; nothing that was sent comes back otherwise.
            let id = if id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') { id } else { "that name" };
            Refusal::new(StatusCode::NOT_FOUND, "unknown_archive", format!("no archive here is called {id}"))
        })?;
        let slot = self.streams.enter(peer).ok_or_else(|| self.busy().of(id))?;
        let secure = own.starts_with("https:");
        let errand = Errand {
            config: &self.config,
            clients: &self.clients,
            inside: self.inside.as_ref(),
            archive,
            own: &format!("{own}/gw/{id}"),
            secure,
            slot,
        };
        match (rest, request.method() == http::Method::POST) {
            ("/_login", true) => return session::login(&errand, request).await,
            ("/_logout", true) => return Ok(session::logout(&errand, request.headers()).await),
            ("/_login" | "/_logout", false) => return Ok(answer::method_not_allowed("POST")),
            _ => {}
        }
        errand.carry(request, rest).await
    }

    /// `/sandbox{rest}`: a request of another program, whose redirects are its own business.
    async fn foreign_request(
        &self,
        request: Request<Incoming>,
        rest: &str,
        own: &str,
        peer: IpAddr,
    ) -> Result<Response<Body>, Refusal> {
        let inside = self
            .inside
            .as_ref()
            .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "unknown_archive", "the sandbox is not mounted here"))?;
        let path = target::clean(rest).map_err(|_| {
            Refusal::new(StatusCode::BAD_REQUEST, "bad_path", "the path is not in its plain form").of("sandbox")
        })?;
        let slot = self.streams.enter(peer).ok_or_else(|| self.busy().of("sandbox"))?;
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        let limits = &self.config.limits;
        let (mut parts, body) = request.into_parts();
        parts.uri = format!("{}{query}", target::encode(&path)).parse().unwrap_or_default();
        let stall = seconds(limits.request_stall);
        let body = Limited::new(body, stall, limits.request_bytes, Progress::new(), None).boxed();
        headers::strip_hop(&mut parts.headers);
        let mut response = inside.call(Request::from_parts(parts, body), format!("{own}/sandbox")).await;
        headers::strip_hop(response.headers_mut());
        let stall = seconds(limits.stall);
        Ok(response.map(|body| Limited::new(body, stall, u64::MAX, Progress::new(), Some(slot)).boxed()))
    }

    /// Who is signed in to which archive, as far as the browser's cookies tell; their values it cannot read itself.
    fn sessions(&self, request: &Request<Incoming>, own: &str) -> Result<Response<Body>, Refusal> {
        if !answer::is_reading(request.method()) {
            return Ok(answer::method_not_allowed("GET, HEAD"));
        }
        caller::check_page(request.method(), request.headers(), own)?;
        let mut sessions = serde_json::Map::new();
        for archive in self.config.archives.iter().filter(|archive| archive.login) {
            let jar = Jar { archive: &archive.id, secure: own.starts_with("https:"), mount: "" };
            let who = jar.who(request.headers());
            let session = who.map(|(user, since)| serde_json::json!({ "user": user, "since": since }));
            sessions.insert(archive.id.clone(), session.into());
        }
        Ok(session::with_cookies(&sessions.into(), Vec::new()))
    }

    fn busy(&self) -> Refusal {
        let message = "too many requests are open at this gateway, or from this address; try again in a moment";
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message)
    }
}

/// Nothing that an archive sends may act as a document of ours.
fn contained(mut response: Response<Body>) -> Response<Body> {
    let policy = HeaderValue::from_static(headers::ARCHIVE_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// Shows that it is the gateway that answers and not, say, the login page of a network: the nonce comes back.
fn ping(query: &str) -> Response<Body> {
    let mut response = Response::new(answer::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let nonce = target::parameter(query, "nonce").filter(|nonce| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !nonce.is_empty() && nonce.len() <= 64 && nonce.bytes().all(plain)
    });
    if let Some(nonce) = nonce.and_then(|nonce| HeaderValue::try_from(nonce).ok()) {
        headers.insert("x-gx-ping", nonce);
    }
    response
}
