//! The archive on a network: requests read and answers sent by hyper, queries on threads that may block, jobs on threads of
//! their own. Nothing here is in a build for the page.

pub mod dns;
mod faults;
mod outside;

use std::convert::Infallible;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore, mpsc};

use crate::archive::{Answer, Archive, Arrival, Base};
use crate::fault::Fault;
use crate::faults::prepare;
use crate::response::{self, Chunks};
use crate::{Error, Time};

use outside::Outside;

/// Chunks that may wait for a slow reader.
const BUFFERED: usize = 4;

/// What the service calls itself.
const SERVER: &str = concat!("Parallax-sandbox/", env!("CARGO_PKG_VERSION"));

/// How often expired jobs are looked for.
const SWEEP: Duration = Duration::from_secs(10);

/// A body that is sent as it is made.
pub type Body = BoxBody<Bytes, Error>;

/// An archive that serves.
pub struct Host {
    archive: Arc<Archive>,
    outside: Option<Arc<Outside>>,
    changed: Arc<Notify>,
    worker: Arc<Worker>,
    /// Passwords are checked one after the other, in the order in which they came; whoever waits holds no thread.
    signing_in: Semaphore,
    threads: Vec<JoinHandle<()>>,
}

/// What wakes the threads that run jobs.
#[derive(Default)]
struct Worker {
    due: Mutex<Due>,
    wake: Condvar,
}

#[derive(Default)]
struct Due {
    changes: u64,
    stop: bool,
}

impl Host {
    /// Starts the threads that run jobs. Jobs that ask other services need it to be called within a runtime.
    pub fn start(archive: Archive) -> Arc<Host> {
        let archive = Arc::new(archive);
        let outside = Outside::new(archive.config()).map(Arc::new);
        if let (Some(outside), Ok(runtime)) = (&outside, Handle::try_current()) {
            archive.on_fetch(outside::fetcher(Arc::clone(outside), runtime));
        }
        let changed = Arc::new(Notify::new());
        let worker = Arc::new(Worker::default());
        let (notify, wake) = (Arc::clone(&changed), Arc::clone(&worker));
        archive.on_change(move || {
            notify.notify_waiters();
            wake.due.lock().unwrap_or_else(PoisonError::into_inner).changes += 1;
            wake.wake.notify_all();
        });
        let count = std::thread::available_parallelism().map_or(1, |threads| threads.get().clamp(1, 4));
        let threads = (0..count).map(|_| {
            let (archive, worker) = (Arc::clone(&archive), Arc::clone(&worker));
            std::thread::spawn(move || work(&archive, &worker))
        });
        let threads = threads.collect();
        Arc::new(Host { archive, outside, changed, worker, signing_in: Semaphore::new(1), threads })
    }

    /// Answers a request whose path is the archive's own. `base` is the public address that stands before that path.
    pub async fn call<B>(&self, request: Request<B>, base: &str) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes>,
        B::Error: fmt::Display,
    {
        let head_only = *request.method() == Method::HEAD;
        let mut response = self.answer(request, base).await;
        allow_all_origins(response.headers_mut());
        response.headers_mut().insert(header::SERVER, HeaderValue::from_static(SERVER));
        if head_only {
            *response.body_mut() = empty();
        }
        response
    }

    async fn answer<B>(&self, request: Request<B>, base: &str) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes>,
        B::Error: fmt::Display,
    {
        if *request.method() == Method::OPTIONS {
            let mut response = Response::new(empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            return response;
        }
        let action = format!("{} {}", request.method(), request.uri().path());
        let (mut head, body) = request.into_parts();
        if !base.is_empty() {
            head.extensions.insert(Base(base.trim_end_matches('/').to_owned()));
        }
        head.extensions.insert(Arrival(Time::now()));
        if let Err(fault) = prepare(&self.archive, &mut head) {
            return refuse(&fault, &action);
        }
        let body = match faults::upload(&head, body) {
            Ok(body) => read(body, self.archive.config().upload_limit).await,
            Err(broken) => return broken.await,
        };
        let body = match body {
            Ok(body) => body,
            Err(fault) => return refuse(&fault, &action),
        };
        let _turn = match head.uri.path().ends_with("/login") {
            true => self.signing_in.acquire().await.ok(),
            false => None,
        };
        let request = Request::from_parts(head, body);
        loop {
            // Asked for before the answer is made, so that no change between the two is missed.
            let changed = self.changed.notified();
            let (archive, copy) = (Arc::clone(&self.archive), request.clone());
            let answer = tokio::task::spawn_blocking(move || archive.handle(copy, Time::now())).await;
            match answer {
                Ok(Answer::Ready(head, chunks)) => {
                    return faults::carry(Response::from_parts(head, stream(chunks))).await;
                }
                Ok(Answer::Wait(until)) => {
                    let _ = tokio::time::timeout(until.since(Time::now()), changed).await;
                }
                Ok(Answer::Fetch(request)) => return self.fetch(request).await,
                Err(error) => {
                    let message = format!("The request could not be handled: {error}");
                    return refuse(&Fault::new(StatusCode::INTERNAL_SERVER_ERROR, message), &action);
                }
            }
        }
    }
}

impl Host {
    /// The answer of another service to a synchronous query.
    async fn fetch(&self, request: Request<Bytes>) -> Response<Body> {
        let config = self.archive.config();
        let answer = match &self.outside {
            Some(outside) => outside.fetch(request, config.sync_time).await,
            None => Err(Fault::forbidden(format!("There is no way to '{}' from here.", request.uri()))),
        };
        answer.unwrap_or_else(|fault| whole(response::refused_query(&fault, "sync", config.strict)))
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.worker.due.lock().unwrap_or_else(PoisonError::into_inner).stop = true;
        self.worker.wake.notify_all();
        // The archive and its temporary files go with the last thread that has it.
        for thread in self.threads.drain(..) {
            while !thread.is_finished() {
                // Again and again, because a job may begin at just this moment.
                self.archive.interrupt();
                std::thread::sleep(Duration::from_millis(5));
            }
            let _ = thread.join();
        }
    }
}

/// Accepts connections for ever. The public address is taken from each request's `Host`.
pub async fn serve(host: Arc<Host>, listener: TcpListener) -> std::io::Result<()> {
    loop {
        let (stream, _) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(_) => {
                // Out of file descriptors, mostly: wait for some to come back.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let host = Arc::clone(&host);
        tokio::spawn(async move {
            let reset = Arc::new(AtomicBool::new(false));
            let told = Arc::clone(&reset);
            let service = service_fn(move |request| {
                let (host, told) = (Arc::clone(&host), Arc::clone(&told));
                async move {
                    let response = host.call(request, "").await;
                    told.store(faults::is_reset(&response), Ordering::Relaxed);
                    Ok::<_, Infallible>(response)
                }
            });
            let builder = hyper::server::conn::http1::Builder::new();
            let mut connection = builder.serve_connection(TokioIo::new(stream), service);
            // A connection that breaks is the client's business.
            let _ = (&mut connection).await;
            if reset.load(Ordering::Relaxed) {
                let _ = connection.into_parts().io.inner().set_zero_linger();
            }
        });
    }
}

/// Runs jobs until the host is gone.
fn work(archive: &Archive, worker: &Worker) {
    let mut seen = 0;
    loop {
        let stop = || worker.due.lock().unwrap_or_else(PoisonError::into_inner).stop;
        while !stop() && archive.work(Time::now(), Duration::ZERO) {}
        let due = worker.due.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = |due: &mut Due| !due.stop && due.changes == seen;
        let (due, _) = worker.wake.wait_timeout_while(due, SWEEP, idle).unwrap_or_else(PoisonError::into_inner);
        if due.stop {
            return;
        }
        seen = due.changes;
    }
}

/// The whole body, if it is not too large.
async fn read<B>(body: B, limit: usize) -> Result<Bytes, Fault>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: fmt::Display,
{
    let too_large = || Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "Upload limit exceeded");
    // What is declared too large is not waited for.
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large());
    }
    let mut body = std::pin::pin!(body);
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Fault::bad(format!("The request broke off: {error}")))?;
        if let Ok(data) = frame.into_data() {
            if whole.len() + data.len() > limit {
                return Err(too_large());
            }
            whole.extend_from_slice(&data);
        }
    }
    Ok(whole.freeze())
}

/// A body of chunks; they are made on a thread that may block, no faster than they are read.
fn stream(mut chunks: Chunks) -> Body {
    let (sender, receiver) = mpsc::channel::<Result<Bytes, Error>>(BUFFERED);
    tokio::task::spawn_blocking(move || {
        for chunk in &mut chunks {
            let failed = chunk.is_err();
            // Whoever read has gone away, or the body ends in an error: nothing more is to be made.
            if sender.blocking_send(chunk).is_err() || failed {
                return;
            }
        }
    });
    let frames = futures_util::stream::unfold(receiver, |mut receiver| async move {
        let chunk = receiver.recv().await?;
        Some((chunk.map(Frame::data), receiver))
    });
    BodyExt::boxed(StreamBody::new(frames))
}

fn refuse(fault: &Fault, action: &str) -> Response<Body> {
    whole(response::refusal(fault, action))
}

/// A short answer in one piece.
fn whole(answer: Answer) -> Response<Body> {
    match answer {
        Answer::Ready(head, chunks) => {
            let body: Vec<u8> = chunks.filter_map(Result::ok).flatten().collect();
            Response::from_parts(head, full(body))
        }
        Answer::Wait(_) | Answer::Fetch(_) => Response::new(empty()),
    }
}

fn full(body: impl Into<Bytes>) -> Body {
    Full::new(body.into()).map_err(|never| match never {}).boxed()
}

fn empty() -> Body {
    full(Bytes::new())
}

/// Pages from anywhere may use the sandbox, as nobody: browsers send no cookies along where every origin is allowed.
fn allow_all_origins(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST, DELETE, OPTIONS"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
        (
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            "Content-Disposition, Content-Encoding, Content-Length, Location, Retry-After",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
