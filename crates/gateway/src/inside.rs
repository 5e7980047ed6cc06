//! The archive in this process, behind the smallest possible seam: a request in, an answer out.

use futures_util::future::BoxFuture;
use http::{Request, Response};

use crate::answer::Body;

/// An archive that needs no network.
///
/// The request's path is the archive's own (`/tap-server/tap/…`); `base` is the address under which clients reach the
/// archive (`http://127.0.0.1:8080/gw/sandbox` for the page, `…/sandbox` for other programs), for the links that it writes. The future is dropped when the client leaves.
pub trait Inside: Send + Sync {
    /// Answers one request.
    fn call(&self, request: Request<Body>, base: String) -> BoxFuture<'static, Response<Body>>;
}
