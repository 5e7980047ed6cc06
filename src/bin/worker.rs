//! The results worker: a thin loop round `workbench::Workbench`. It fetches what the workbench asks for and sends its events to
//! the page; everything that can be decided without a browser is decided there.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    panic,
    rc::Rc,
};

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Date, Function, Reflect, Uint8Array, global};
use parallax::{
    failures,
    fetch::{self, Abort, FetchError, Head},
};
use tap::{ErrorKind, Timestamp};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use workbench::{
    Out, Refusal, ResponseHead, Workbench,
    completeness::Verdict,
    load::EndOfStream,
    protocol::{self, Event, Failure, Source, TableId},
};

/// Bytes that are decoded at a time.
const PIECE: u32 = 256 * 1024;

/// Milliseconds of decoding after which messages of the page get their turn.
const TURN: f64 = 30.0;

fn main() {
    panic::set_hook(Box::new(report_panic));
    let scope: DedicatedWorkerGlobalScope = global().unchecked_into();
    let worker = Rc::new(Worker {
        scope: scope.clone(),
        bench: RefCell::new(Workbench::new()),
        fetches: RefCell::new(HashMap::new()),
        working: Cell::new(false),
    });
    let receiver = Rc::clone(&worker);
    let on_message =
        Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| receiver.receive(&message.data()));
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The closure lives as long as the worker.
    on_message.forget();
    worker.post(&Event::Ready, None);
}

struct Worker {
    scope: DedicatedWorkerGlobalScope,
    bench: RefCell<Workbench>,
    fetches: RefCell<HashMap<TableId, Abort>>,
    /// Whether [`Worker::work`] runs.
    working: Cell<bool>,
}

impl Worker {
    /// A message of the page: a command's bytes, and perhaps a buffer that belongs to it.
    fn receive(self: &Rc<Self>, data: &JsValue) {
        let parts = Array::from(data);
        let buffer = parts.get(1);
        let attachment = (!buffer.is_undefined()).then(|| Uint8Array::new(&buffer).to_vec());
        match protocol::decode(&Uint8Array::new(&parts.get(0)).to_vec()) {
            Some(command) => {
                let out = self.bench.borrow_mut().handle(command, attachment);
                self.act(out);
                self.work();
            }
            // Page and worker come from one build; if they do not, the console is where a developer looks.
            None => report("a message that is no command"),
        }
    }

    /// Goes on with pictures and statistics until there are none; between the pieces the page is heard.
    fn work(self: &Rc<Self>) {
        if self.working.get() || !self.bench.borrow().is_busy() {
            return;
        }
        self.working.set(true);
        let worker = Rc::clone(self);
        spawn_local(async move {
            while worker.bench.borrow().is_busy() {
                // First the messages that wait: they may replace what was asked for.
                TimeoutFuture::new(0).await;
                let turn = worker.now();
                while worker.bench.borrow().is_busy() && worker.now() - turn < TURN {
                    let out = worker.bench.borrow_mut().work();
                    worker.act(out);
                }
            }
            worker.working.set(false);
        });
    }

    fn act(self: &Rc<Self>, out: Vec<Out>) {
        for out in out {
            match out {
                Out::Event(event, attachment) => self.post(&redacted(event), attachment.as_deref()),
                Out::Fetch { table, source, body } => {
                    let abort = Abort::new();
                    self.fetches.borrow_mut().insert(table, abort.clone());
                    let worker = Rc::clone(self);
                    spawn_local(async move { worker.fetch(table, source, body, abort).await });
                }
                Out::Abort { table } => {
                    if let Some(abort) = self.fetches.borrow_mut().remove(&table) {
                        abort.abort();
                    }
                }
                Out::Refused(refusal) => {
                    let table = refusal.table;
                    self.post(&Event::Failed { table, failure: failure(&refusal) }, None);
                }
            }
        }
    }

    async fn fetch(self: Rc<Self>, table: TableId, source: Source, body: Option<Vec<u8>>, abort: Abort) {
        let end = match self.follow(table, &source, body, &abort).await {
            Ok(()) => EndOfStream::Clean,
            Err(FetchError::Stalled(ms)) => EndOfStream::Stalled(ms),
            Err(FetchError::Aborted) => EndOfStream::Cancelled,
            Err(FetchError::Network(message)) => EndOfStream::Error(message),
            Err(error @ FetchError::TooLarge(_)) => EndOfStream::Error(error.to_string()),
        };
        self.fetches.borrow_mut().remove(&table);
        let out = self.bench.borrow_mut().on_end(table, end);
        self.act(out);
    }

    /// Hands the answer to the workbench, chunk by chunk.
    async fn follow(
        self: &Rc<Self>,
        table: TableId,
        source: &Source,
        body: Option<Vec<u8>>,
        abort: &Abort,
    ) -> Result<(), FetchError> {
        let (head, mut chunks) = fetch::stream(source, body.as_deref(), abort).await?;
        drop(body);
        let out = self.bench.borrow_mut().on_response_head(table, response_head(&head));
        self.act(out);
        let mut buffer = vec![0; PIECE as usize];
        let mut turn = self.now();
        while let Some(chunk) = chunks.next().await? {
            let mut start = 0;
            while start < chunk.length() {
                let end = (start + PIECE).min(chunk.length());
                let piece = &mut buffer[..(end - start) as usize];
                chunk.subarray(start, end).copy_to(piece);
                start = end;
                let now = self.now();
                let out = self.bench.borrow_mut().on_chunk(table, piece, now as u64);
                self.act(out);
                // Chunks that wait are read one after the other without a pause; a message would wait for the last one.
                if self.now() - turn > TURN {
                    TimeoutFuture::new(0).await;
                    turn = self.now();
                }
            }
        }
        Ok(())
    }

    /// Milliseconds since the worker began.
    fn now(&self) -> f64 {
        self.scope.performance().map_or(0.0, |performance| performance.now())
    }

    fn post(&self, event: &Event, attachment: Option<&[u8]>) {
        let Some(bytes) = protocol::encode(event) else { return };
        let message = Array::of1(&Uint8Array::from(bytes.as_slice()));
        let transfer = Array::new();
        if let Some(bytes) = attachment {
            let buffer = Uint8Array::from(bytes).buffer();
            message.push(&buffer);
            transfer.push(&buffer);
        }
        // Fails only for values that cannot be cloned; text and buffers can.
        let _ = self.scope.post_message_with_transfer(&message, &transfer);
    }
}

fn response_head(head: &Head) -> ResponseHead {
    ResponseHead {
        status: head.status,
        // The gateway changes the types that a browser might show as a page, and tells the one that came.
        content_type: head.header("x-gx-content-type").or_else(|| head.header("content-type")),
        retry_after: head.header("retry-after"),
        content_length: head.header("content-length").and_then(|length| length.trim().parse().ok()),
        file_name: head.header("content-disposition").and_then(|value| file_name(&value)),
        content_encoding: head.header("content-encoding"),
    }
}

/// The file name in a `Content-Disposition` (RFC 6266), in quotation marks or without.
fn file_name(disposition: &str) -> Option<String> {
    let (_, name) = disposition.split_once("filename=")?;
    let name = match name.trim_start().strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => name.split(';').next()?,
    };
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The service's words, found in whatever it sent instead of a table.
fn failure(refusal: &Refusal) -> Failure {
    let (content_type, retry_after) = (refusal.content_type.as_deref(), refusal.retry_after.as_deref());
    let error = tap::Error::from_response(refusal.status, content_type, retry_after, &refusal.body);
    let Some(service) = error.service() else {
        let message = tap::redact(&error.to_string());
        return Failure { kind: refusal.kind, status: refusal.status, message, position: None, wait_until: None };
    };
    let wait_until = match service.kind {
        ErrorKind::TooMany { retry_after } | ErrorKind::Unavailable { retry_after } => retry_after,
        _ => None,
    };
    let now = Timestamp::from_millis(Date::now() as i64);
    Failure {
        kind: failures::kind(service).unwrap_or(refusal.kind),
        status: refusal.status,
        message: service.message.clone(),
        position: service.position.as_ref().map(|position| (position.line, position.column)),
        wait_until: wait_until.map(|wait| now.millis() + wait.delay_millis(now)),
    }
}

/// A service may leak a session in the message that explains why rows are missing.
fn redacted(event: Event) -> Event {
    match event {
        Event::End { table, rows, bytes, verdict: Verdict::Partial(reason), warnings, infos } => {
            Event::End { table, rows, bytes, verdict: Verdict::Partial(tap::redact(&reason)), warnings, infos }
        }
        other => other,
    }
}

/// Makes the page's `onerror` hear of a panic: one in a task would otherwise end as a rejected promise that nobody sees.
fn report_panic(info: &panic::PanicHookInfo<'_>) {
    console_error_panic_hook::hook(info);
    report(&info.to_string());
}

fn report(message: &str) {
    let scope = global();
    let Ok(function) = Reflect::get(&scope, &"reportError".into()).and_then(|value| value.dyn_into::<Function>())
    else {
        return;
    };
    // There is nobody left to tell of a failure.
    let _ = function.call1(&scope, &js_sys::Error::new(message));
}
