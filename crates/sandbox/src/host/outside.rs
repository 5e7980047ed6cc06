//! Requests to other services, for external queries: only to those that the operator named, wherever they redirect to.
//!
//! A service is asked without cookies, credentials and anything else of the client. Where its name leads is looked at when the
//! connection is made ([`super::dns`]); an address in place of a name is looked at before.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use tokio::runtime::Handle;

use super::Body;
use super::dns::{self, Resolver};
use crate::external::{self, External, Fetcher};
use crate::fault::Fault;
use crate::response::Chunks;
use crate::{Config, Error};

/// Redirects that are followed before they count as a loop.
const MOST_HOPS: usize = 5;

/// How long it may take to connect.
const CONNECT: Duration = Duration::from_secs(10);

/// Headers of an answer that are passed on: what the body is.
const PASSED: [header::HeaderName; 3] = [header::CONTENT_TYPE, header::CONTENT_DISPOSITION, header::CONTENT_ENCODING];

/// The way to other services.
pub struct Outside {
    allowed: Vec<(Url, External)>,
    limit: u64,
    public: Client,
    private: Client,
}

impl Outside {
    /// A way to the services of the configuration; `None` if there are none.
    pub fn new(config: &Config) -> Option<Outside> {
        let allowed: Vec<_> = config
            .external
            .iter()
            .filter_map(|external| Some((Url::parse(external.base()).ok()?, external.clone())))
            .collect();
        let client = |allow_private: bool| {
            Client::builder()
                .user_agent(super::SERVER)
                .redirect(Policy::none())
                .no_proxy()
                .referer(false)
                .connect_timeout(CONNECT)
                .dns_resolver(Arc::new(Resolver { allow_private }))
                .build()
                .ok()
        };
        (!allowed.is_empty()).then_some(())?;
        Some(Outside { allowed, limit: config.external_bytes, public: client(false)?, private: client(true)? })
    }

    /// Sends a request; the answer must be there, to its last byte, after `time`.
    pub async fn fetch(&self, request: Request<Bytes>, time: Duration) -> Result<Response<Body>, Fault> {
        let until = Instant::now() + time;
        let (head, body) = request.into_parts();
        let mut url = Url::parse(&head.uri.to_string()).map_err(|_| refused(&head.uri.to_string()))?;
        let (mut method, mut body) = (head.method, Some(body));
        for _ in 0..=MOST_HOPS {
            let client = self.client(&url)?;
            let mut asking =
                client.request(method.clone(), url.clone()).timeout(until.saturating_duration_since(Instant::now()));
            if let Some(body) = &body {
                asking = asking.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body.clone());
            }
            let response = asking.send().await.map_err(|error| failed(&url, &error))?;
            let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
            let Some(location) = location.filter(|_| response.status().is_redirection()) else {
                return Ok(self.passed_on(response));
            };
            url = url.join(location).map_err(|_| refused(location))?;
            // 307 and 308 want the same request again; the others a GET (RFC 9110, section 15.4).
            if !matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) {
                (method, body) = (Method::GET, None);
            }
        }
        let message = format!("The other service redirected more than {MOST_HOPS} times.");
        Err(Fault::new(StatusCode::BAD_GATEWAY, message))
    }

    /// The client for an address, if it lies within a service that may be asked.
    fn client(&self, url: &Url) -> Result<&Client, Fault> {
        let within = |base: &Url| {
            let path = base.path().trim_end_matches('/');
            let rest = url.path().strip_prefix(path);
            base.origin() == url.origin() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let plain = url.username().is_empty() && url.password().is_none();
        let found = self.allowed.iter().find(|(base, _)| plain && within(base));
        let (_, external) = found.ok_or_else(|| refused(url.as_str()))?;
        if external.allows_private() {
            return Ok(&self.private);
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        if host.parse::<IpAddr>().is_ok_and(|address| !dns::is_global(address)) {
            return Err(Fault::forbidden(format!("'{url}' is a private address, which is not asked.")));
        }
        Ok(&self.public)
    }

    /// The answer as it comes, up to the limit.
    fn passed_on(&self, response: reqwest::Response) -> Response<Body> {
        let mut head = Response::builder().status(response.status());
        for name in &PASSED {
            if let Some(value) = response.headers().get(name) {
                head = head.header(name, value);
            }
        }
        let body =
            Limited::new(Response::from(response).into_body(), usize::try_from(self.limit).unwrap_or(usize::MAX));
        let limit = self.limit;
        let body = body.map_err(move |error| match error.is::<LengthLimitError>() {
            true => Error::External(external::too_large(limit).message),
            false => Error::External(words(&*error)),
        });
        head.body(body.boxed()).unwrap_or_else(|_| Response::new(super::empty()))
    }
}

/// The way for jobs, whose threads may wait.
pub fn fetcher(outside: Arc<Outside>, runtime: Handle) -> Box<Fetcher> {
    Box::new(move |request, time, abort| {
        let whole = async {
            let (head, body) = outside.fetch(request, time).await?.into_parts();
            Ok((head, Chunks::once(body.collect().await?.to_bytes())))
        };
        let aborted = async {
            while !abort.load(Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        runtime.block_on(async {
            tokio::select! {
                answer = whole => answer,
                () = aborted => Err(Fault::bad("The job was aborted.")),
            }
        })
    })
}

fn refused(address: &str) -> Fault {
    Fault::forbidden(format!("'{address}' is not within a service that may be asked."))
}

fn failed(url: &Url, error: &reqwest::Error) -> Fault {
    let status = if error.is_timeout() { StatusCode::GATEWAY_TIMEOUT } else { StatusCode::BAD_GATEWAY };
    Fault::new(status, format!("The service at '{url}' gives no answer: {}.", words(error)))
}

/// The last cause of an error, which says most.
fn words(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}
