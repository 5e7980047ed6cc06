//! The sandbox in this process, mounted where an archive would be.
//!
//! The sandbox's host answers what arrives on a connection; so each request goes to it over a connection in memory, and a
//! dropped request closes that connection, as a client that leaves would do.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use gateway::{
    Error, Inside,
    answer::{Body, BoxError, Refusal},
    arguments::Arguments,
};
use http::{Request, Response, StatusCode};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::{body::Incoming, client, server, service::service_fn};
use hyper_util::rt::TokioIo;
use sandbox::{Archive, host::Host};
use tokio::{io::duplex, task::JoinSet};

/// Bytes on their way between the two ends of a connection in memory.
const PIPE: usize = 64 * 1024;

/// Opens the sandbox that the command line describes.
pub fn open(arguments: &Arguments) -> Result<Arc<dyn Inside>, Error> {
    let mut config = sandbox::Config::default();
    if let Some(sources) = arguments.sources {
        config.sources = sources;
    }
    config.data = arguments.data.clone();
    config.strict = arguments.strict;
    let archive = Archive::open(config).map_err(|error| Error::Sandbox(error.to_string()))?;
    Ok(Arc::new(Mount { host: Host::start(archive) }))
}

struct Mount {
    host: Arc<Host>,
}

impl Inside for Mount {
    fn call(&self, request: Request<Body>, base: String) -> BoxFuture<'static, Response<Body>> {
        let host = Arc::clone(&self.host);
        Box::pin(async move {
            call(host, request, base).await.unwrap_or_else(|error| {
                let message = format!("the sandbox broke off: {error}");
                Refusal::new(StatusCode::BAD_GATEWAY, "broken", message).of("sandbox").response()
            })
        })
    }
}

async fn call(host: Arc<Host>, request: Request<Body>, base: String) -> Result<Response<Body>, hyper::Error> {
    let (near, far) = duplex(PIPE);
    // Both ends run as tasks that are aborted with the set, which goes where the answer's body goes.
    let mut ends = JoinSet::new();
    let service = service_fn(move |request: Request<Incoming>| {
        let (host, base) = (Arc::clone(&host), base.clone());
        async move { Ok::<_, Infallible>(host.call(request, &base).await) }
    });
    let served = server::conn::http1::Builder::new().serve_connection(TokioIo::new(far), service);
    ends.spawn(async {
        let _ = served.await;
    });
    let (mut sender, connection) = client::conn::http1::handshake(TokioIo::new(near)).await?;
    ends.spawn(async {
        let _ = connection.await;
    });
    let response = sender.send_request(request).await?;
    Ok(response.map(|body| Answer { body, _ends: ends }.boxed()))
}

/// A body that keeps the connection which it comes from.
struct Answer {
    body: Incoming,
    _ends: JoinSet<()>,
}

impl http_body::Body for Answer {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.body).poll_frame(context).map_err(BoxError::from)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
