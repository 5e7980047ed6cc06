//! An archive of closures, a gateway before it, and a client that writes HTTP by hand.

use std::{
    collections::HashMap,
    convert::Infallible,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use gateway::{
    Config, Gateway, Inside,
    answer::{Body, full},
    server,
};
use http::{HeaderMap, Method, Request, Response};
use http_body_util::BodyExt as _;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};

/// What an archive was asked.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: Method,
    pub target: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// An archive at a free port that remembers what it was asked.
pub struct Archive {
    pub address: SocketAddr,
    pub seen: Arc<Mutex<Vec<Seen>>>,
}

impl Archive {
    /// An archive that reads requests whole and answers by a function.
    pub async fn answering(answer: impl Fn(&Seen) -> Response<Body> + Send + Sync + 'static) -> Archive {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let asked = Arc::clone(&seen);
        let answer = Arc::new(answer);
        let address = Archive::serving(move |request| {
            let (asked, answer) = (Arc::clone(&asked), Arc::clone(&answer));
            Box::pin(async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
                let target = parts.uri.to_string();
                let one = Seen { method: parts.method, target, headers: parts.headers, body };
                let response = answer(&one);
                asked.lock().unwrap().push(one);
                response
            })
        })
        .await;
        Archive { address, seen }
    }

    /// An archive that answers by a future; dropped when the gateway leaves.
    pub async fn serving(
        answer: impl Fn(Request<Incoming>) -> BoxFuture<'static, Response<Body>> + Send + Sync + 'static,
    ) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let answer = Arc::clone(&answer);
                tokio::spawn(async move {
                    let service = service_fn(move |request| {
                        let answered = answer(request);
                        async move { Ok::<_, Infallible>(answered.await) }
                    });
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        address
    }

    pub fn asked(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|seen| format!("{} {}", seen.method, seen.target)).collect()
    }
}

/// An answer with this status, headers as `name: value` lines, and body.
pub fn answer(status: u16, lines: &str, body: &str) -> Response<Body> {
    let mut response = Response::builder().status(status);
    for line in lines.lines() {
        let (name, value) = line.trim().split_once(": ").unwrap();
        response = response.header(name, value);
    }
    response.body(full(body.to_owned())).unwrap()
}

/// The entry of a TAP service on this machine, as an operator writes it.
pub fn entry(address: SocketAddr) -> String {
    format!("[[archive]]\nid = \"local\"\ntitle = \"Local\"\nurl = \"http://{address}/tap\"\nallow_private = true\n")
}

/// A gateway with this configuration and an empty page.
pub async fn gateway(config: &str) -> SocketAddr {
    gateway_with(config, &site(&[("index.html", "<p>page</p>")]), None).await
}

/// A gateway with this configuration, page and inside archive.
pub async fn gateway_with(config: &str, site: &Path, inside: Option<Arc<dyn Inside>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let gateway = Gateway::new(Config::parse(config).unwrap(), site, inside, address).unwrap();
    tokio::spawn(server::serve(listener, gateway, std::future::pending()));
    address
}

/// A folder of its own with these files.
pub fn site(files: &[(&str, &str)]) -> PathBuf {
    static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("site-{}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    for (name, text) in files {
        let file = folder.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    folder
}

/// An answer as it came over the wire.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// GET of the page's own script.
pub async fn get(gateway: SocketAddr, path: &str) -> Answer {
    ask(gateway, "GET", path, "X-Gx: 1\nSec-Fetch-Dest: empty", "").await
}

/// POST of the page's own script.
pub async fn post(gateway: SocketAddr, path: &str, body: &str) -> Answer {
    ask(gateway, "POST", path, "X-Gx: 1\nSec-Fetch-Dest: empty", body).await
}

/// One request with these header lines, over a connection of its own.
pub async fn ask(gateway: SocketAddr, method: &str, path: &str, lines: &str, body: &str) -> Answer {
    let lines: String = lines.lines().map(|line| format!("{}\r\n", line.trim())).collect();
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {gateway}\r\nConnection: close\r\n{length}{lines}\r\n");
    raw(gateway, &format!("{head}{body}")).await
}

/// Sends bytes as they are and reads until the end.
pub async fn raw(gateway: SocketAddr, message: &str) -> Answer {
    let mut stream = TcpStream::connect(gateway).await.unwrap();
    stream.write_all(message.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    // A refused head may end in a reset after the answer.
    let _ = timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await.expect("no end of the answer");
    parse(&bytes)
}

/// Head and body of an answer, chunks joined.
pub fn parse(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("no head in the answer");
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let pairs = lines.map(|line| line.split_once(':').unwrap());
    // Several headers of one name are lines of one value.
    let mut headers: HashMap<String, String> = HashMap::new();
    for (name, value) in pairs {
        let line = headers.entry(name.to_lowercase()).or_default();
        if !line.is_empty() {
            line.push('\n');
        }
        line.push_str(value.trim());
    }
    let mut body = bytes[end + 4..].to_vec();
    if headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked") {
        body = joined(&body);
    }
    Answer { status, headers, body }
}

fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = chunks.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&chunks[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            break;
        }
        body.extend_from_slice(&chunks[end + 2..end + 2 + size]);
        chunks = &chunks[end + 2 + size + 2..];
    }
    body
}
