//! Answers of the gateway's own: its body type, and refusals as JSON that say which side failed and how.

use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Empty, Full, combinators::BoxBody};
use serde::Serialize;

/// The error of a body that ends early.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The body of every answer, and of every request to an archive.
pub type Body = BoxBody<Bytes, BoxError>;

/// A body that is there at once.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed()
}

/// No body.
pub fn empty() -> Body {
    Empty::new().map_err(|never| match never {}).boxed()
}

/// An answer with a short text, uncached.
pub fn text(status: StatusCode, text: &str) -> Response<Body> {
    let mut response = Response::new(full(text.to_owned()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A request that the gateway does not carry out, or that failed between it and the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    #[serde(skip)]
    status: StatusCode,
    /// One word for programs, also in `X-Gx-Error`.
    code: &'static str,
    /// A sentence for people.
    message: String,
    /// The archive, if one was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<String>,
    /// Where a redirect led that was not followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl Refusal {
    /// A refusal with its code and reason.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { status, code, message: message.into(), archive: None, url: None }
    }

    /// The word for programs.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The same, about this archive.
    pub fn of(mut self, archive: &str) -> Refusal {
        self.archive = Some(archive.to_owned());
        self
    }

    /// The same, about a redirect to this address.
    pub fn to(mut self, url: &str) -> Refusal {
        self.url = Some(url.to_owned());
        self
    }

    /// The answer that tells it.
    pub fn response(&self) -> Response<Body> {
        let mut response = Response::new(full(serde_json::to_vec(self).unwrap_or_default()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert("x-gx-error", HeaderValue::from_static(self.code));
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

/// The refusal of a method, with those that would be right.
pub fn method_not_allowed(allowed: &'static str) -> Response<Body> {
    let message = format!("only {allowed} are answered here");
    let mut response = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message).response();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

/// Whether a method only reads.
pub fn is_reading(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}
