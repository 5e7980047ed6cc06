//! The only caller of `fetch`, for page and results worker alike.
//!
//! Small documents come whole ([`send`]), results as a stream of chunks ([`stream`]). A connection that delivers nothing for a
//! while counts as dead by a timer of our own: browsers wait for hours, and name an aborted request each in their own way.
//! Files go out with progress ([`upload()`]).

mod upload;

pub use upload::upload;

use std::{cell::Cell, rc::Rc};

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array, global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader, Request, RequestCredentials, RequestInit, Url};
use workbench::protocol::Source;

/// Milliseconds without a byte after which a small document counts as lost.
const STALL_MS: u32 = 60_000;

/// Bytes of a small document. The metadata of the largest archive are a tenth of this.
const DOCUMENT: usize = 64 << 20;

/// Why nothing usable came back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// No connection, or it broke; the browser's words, which tell little.
    #[error("the connection failed ({0})")]
    Network(String),
    /// Aborted by [`Abort`].
    #[error("it was stopped")]
    Aborted,
    /// No byte for so many milliseconds.
    #[error("no data came for {} s", .0.div_ceil(1000))]
    Stalled(u32),
    /// A document of more bytes than are taken.
    #[error("the answer is larger than {} MiB", .0 >> 20)]
    TooLarge(usize),
}

/// The head of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// HTTP status.
    pub status: u16,
    /// The URL that answered, after redirects.
    pub url: String,
    headers: Vec<(String, String)>,
}

impl Head {
    /// A header that the browser lets us see.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    }
}

/// A small document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// The URL that answered, after redirects.
    pub url: String,
    /// The document.
    pub body: Vec<u8>,
    head: Head,
}

impl Response {
    /// A header that the browser lets us see.
    pub fn header(&self, name: &str) -> Option<String> {
        self.head.header(name)
    }
}

/// Stops what it was given to. Clones stop the same.
#[derive(Clone, Debug)]
pub struct Abort {
    controller: AbortController,
}

impl Abort {
    /// Something to give to [`send_with`] or [`stream`].
    pub fn new() -> Abort {
        // Every browser with WebAssembly has it.
        let controller = AbortController::new().unwrap_or_else(|_| Object::new().unchecked_into());
        Abort { controller }
    }

    /// Stops it, now.
    pub fn abort(&self) {
        self.controller.abort();
    }
}

impl Default for Abort {
    fn default() -> Abort {
        Abort::new()
    }
}

/// Sends a request and takes its answer whole, whatever its status.
pub async fn send(request: &tap::Request) -> Result<Response, FetchError> {
    send_with(request, &Abort::new()).await
}

/// The same, to be stopped by `abort`.
pub async fn send_with(request: &tap::Request, abort: &Abort) -> Result<Response, FetchError> {
    let mut headers = request.headers.clone();
    headers.extend(request.content_type().map(|value| ("Content-Type".to_owned(), value)));
    let source =
        Source { method: request.method.as_str().to_owned(), url: request.url.clone(), headers, stall_ms: STALL_MS };
    let (head, mut chunks) = stream(&source, request.body_bytes(), abort).await?;
    let mut body = Vec::new();
    while let Some(chunk) = chunks.next().await? {
        let start = body.len();
        if start + chunk.length() as usize > DOCUMENT {
            return Err(FetchError::TooLarge(DOCUMENT));
        }
        body.resize(start + chunk.length() as usize, 0);
        chunk.copy_to(&mut body[start..]);
    }
    Ok(Response { status: head.status, url: head.url.clone(), body, head })
}

/// Sends a request; its answer comes chunk by chunk. Dropping the chunks stops the request.
pub async fn stream(source: &Source, body: Option<&[u8]>, abort: &Abort) -> Result<(Head, Chunks), FetchError> {
    let mut watch = Watch::new(abort.clone(), source.stall_ms);
    watch.rearm();
    let answer = match request(source, body, abort).and_then(|request| call_fetch(&request)) {
        Ok(promise) => JsFuture::from(promise).await,
        Err(error) => Err(error),
    };
    let response =
        answer.and_then(|response| response.dyn_into::<web_sys::Response>()).map_err(|error| watch.error(&error))?;
    watch.rearm();
    let head = Head { status: response.status(), url: response.url(), headers: headers(&response) };
    let reader = response.body().map(|body| body.get_reader().unchecked_into());
    Ok((head, Chunks { reader, watch, ended: false }))
}

/// The body of an answer.
#[derive(Debug)]
pub struct Chunks {
    /// `None`: an answer without body.
    reader: Option<ReadableStreamDefaultReader>,
    watch: Watch,
    ended: bool,
}

impl Chunks {
    /// The next chunk; `None` at the end, which says nothing of completeness: cut answers end as well as whole ones.
    pub async fn next(&mut self) -> Result<Option<Uint8Array>, FetchError> {
        let Some(reader) = self.reader.as_ref().filter(|_| !self.ended) else { return Ok(None) };
        let result = JsFuture::from(reader.read()).await;
        self.watch.rearm();
        let result = match result {
            Ok(result) => result,
            Err(error) => {
                self.ended = true;
                return Err(self.watch.error(&error));
            }
        };
        let chunk = Reflect::get(&result, &"value".into()).ok().and_then(|value| value.dyn_into::<Uint8Array>().ok());
        self.ended = chunk.is_none();
        if self.ended {
            self.watch.disarm();
        }
        Ok(chunk)
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        if !self.ended {
            self.watch.abort.abort();
        }
    }
}

/// Aborts a request that delivers nothing, and remembers that it did.
#[derive(Debug)]
struct Watch {
    abort: Abort,
    stall_ms: u32,
    stalled: Rc<Cell<bool>>,
    timer: Option<Timeout>,
}

impl Watch {
    fn new(abort: Abort, stall_ms: u32) -> Watch {
        Watch { abort, stall_ms, stalled: Rc::default(), timer: None }
    }

    fn rearm(&mut self) {
        let (abort, stalled) = (self.abort.clone(), Rc::clone(&self.stalled));
        // The old timer is cleared where it is dropped.
        self.timer = Some(Timeout::new(self.stall_ms, move || {
            stalled.set(true);
            abort.abort();
        }));
    }

    fn disarm(&mut self) {
        self.timer = None;
    }

    /// What an error means. Our own flags tell: WebKit calls a timeout an abort, others call an abort a network error.
    fn error(&self, error: &JsValue) -> FetchError {
        if self.stalled.get() {
            FetchError::Stalled(self.stall_ms)
        } else if self.abort.controller.signal().aborted() {
            FetchError::Aborted
        } else {
            let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
            FetchError::Network(message.filter(|text| !text.is_empty()).unwrap_or_else(|| "no reason given".to_owned()))
        }
    }
}

fn request(source: &Source, body: Option<&[u8]>, abort: &Abort) -> Result<Request, JsValue> {
    let init = RequestInit::new();
    init.set_method(&source.method);
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_signal(Some(&abort.controller.signal()));
    // A phase from the cache would be a lie.
    Reflect::set(&init, &"cache".into(), &"no-store".into())?;
    if let Some(body) = body {
        init.set_body(&Uint8Array::from(body));
    }
    let request = Request::new_with_str_and_init(&source.url, &init)?;
    for (name, value) in &source.headers {
        if body.is_some() || !name.eq_ignore_ascii_case("content-type") {
            request.headers().set(name, value)?;
        }
    }
    if goes_through_gateway(&request.url()) {
        request.headers().set("X-Gx", "1")?;
    }
    Ok(request)
}

/// Whether a URL is the gateway's at the place that this page came from: under `gw/`, or its list of sessions. Others would have to allow our header first (CORS).
fn goes_through_gateway(url: &str) -> bool {
    let location = Reflect::get(&global(), &"location".into());
    let origin = location.and_then(|location| Reflect::get(&location, &"origin".into())).ok();
    let Ok(url) = Url::new(url) else { return false };
    origin.and_then(|origin| origin.as_string()).is_some_and(|origin| origin == url.origin())
        && (url.pathname().contains("/gw/") || url.pathname().ends_with("/_session"))
}

/// Page and worker have different global objects with the same function.
fn call_fetch(request: &Request) -> Result<Promise, JsValue> {
    let global = global();
    let fetch: Function = Reflect::get(&global, &"fetch".into())?.dyn_into()?;
    fetch.call1(&global, request)?.dyn_into()
}

fn headers(response: &web_sys::Response) -> Vec<(String, String)> {
    let Ok(Some(pairs)) = js_sys::try_iter(&response.headers()) else { return Vec::new() };
    let pair = |pair: JsValue| {
        let pair: Array = pair.dyn_into().ok()?;
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    pairs.filter_map(Result::ok).filter_map(pair).collect()
}
