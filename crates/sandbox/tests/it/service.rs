//! An archive of its own for each test, over one catalogue; and short ways to ask it.

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use sandbox::{Answer, Archive, Arrival, Base, Config, Time};

pub const SOURCES: usize = 3_000;
pub const BASE: &str = "http://archive.test/sandbox";
pub const TAP: &str = "http://archive.test/sandbox/tap-server/tap";

/// 2026-03-01T12:00:00Z.
const START: Time = Time(1_772_366_400_000);

pub struct Service {
    pub archive: Archive,
    pub now: Cell<Time>,
    folder: PathBuf,
}

/// A response with its whole body.
pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Response {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The lines of `Set-Cookie`.
    pub fn cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// What an error page says.
    pub fn message(&self) -> String {
        let text = self.text();
        assert!(text.contains("<title>SERVICE ERROR</title>"), "{text}");
        let message = text.split("<li><b>Message: </b>").nth(1).unwrap();
        message.split("</li>").next().unwrap().to_owned()
    }

    /// The body as a table, and the status that the document declares.
    pub fn table(&self) -> (table::Table, votable::Status) {
        let mut reader = votable::Reader::new();
        reader.push(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()));
        reader.finish().unwrap();
        let document = reader.document();
        (document.tables().next().unwrap().table.clone(), document.status())
    }

    /// The rows of a CSV body, without the line of names.
    pub fn csv(&self) -> Vec<Vec<String>> {
        let text = self.text();
        assert_eq!(self.status, 200, "{text}");
        text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
    }
}

impl Service {
    pub fn new() -> Service {
        Service::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Service {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("service-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let catalogue = catalogue();
        let link = folder.join(catalogue.file_name().unwrap());
        std::fs::hard_link(catalogue, link).unwrap();
        let mut config = Config { sources: SOURCES, data: Some(folder.clone()), ..Config::default() };
        change(&mut config);
        Service { archive: Archive::open(config).unwrap(), now: Cell::new(START), folder }
    }

    /// The same folder, opened anew, as after a restart.
    pub fn reopen(self) -> Service {
        self.reopen_with(|_| {})
    }

    /// The same folder, opened anew with another configuration.
    pub fn reopen_with(mut self, change: impl FnOnce(&mut Config)) -> Service {
        let mut config = self.archive.config().clone();
        change(&mut config);
        let now = self.now.clone();
        // The old one must not take the folder away.
        let folder = std::mem::take(&mut self.folder);
        drop(self);
        Service { archive: Archive::open(config).unwrap(), now, folder }
    }

    /// So much time goes by.
    pub fn pass(&self, duration: Duration) {
        self.now.set(self.now.get().after(duration));
    }

    pub fn work(&self) {
        self.archive.work(self.now.get(), Duration::from_secs(60));
    }

    pub fn ask(&self, request: Request<Bytes>) -> Answer {
        self.archive.handle(request, self.now.get())
    }

    pub fn send(&self, mut request: Request<Bytes>) -> Response {
        if request.extensions().get::<Base>().is_none() {
            request.extensions_mut().insert(Base(BASE.to_owned()));
        }
        match self.ask(request) {
            Answer::Ready(head, chunks) => {
                let body: Vec<u8> = chunks.flat_map(Result::unwrap).collect();
                Response { status: head.status.as_u16(), headers: head.headers, body: body.into() }
            }
            Answer::Wait(until) => panic!("it waits until {until}"),
            Answer::Fetch(_) => panic!("it asks somebody else"),
        }
    }

    /// Signs in with the TAP server, as a user whose password is the login.
    pub fn login(&self, user: &str) -> Client<'_> {
        self.login_at("/tap-server", user)
    }

    /// Signs in with one of the two servers.
    pub fn login_at(&self, context: &str, user: &str) -> Client<'_> {
        let response = self.send(post(&format!("{context}/login"), &[("username", user), ("password", user)]));
        assert_eq!(response.status, 200, "{}", response.text());
        let cookies = response.cookies().into_iter().map(|line| line.split(';').next().unwrap().to_owned());
        Client { service: self, cookies: cookies.collect::<Vec<_>>().join("; ") }
    }

    /// Whether a GET that came at `arrival` still waits.
    pub fn waits(&self, path: &str, arrival: Time) -> Option<Time> {
        self.waiting(get(&tap(path)), arrival)
    }

    fn waiting(&self, mut request: Request<Bytes>, arrival: Time) -> Option<Time> {
        request.extensions_mut().insert(Arrival(arrival));
        match self.ask(request) {
            Answer::Wait(until) => Some(until),
            _ => None,
        }
    }

    pub fn get(&self, path: &str) -> Response {
        self.send(get(&tap(path)))
    }

    pub fn delete(&self, path: &str) -> Response {
        self.send(delete(&tap(path)))
    }

    pub fn post(&self, path: &str, parameters: &[(&str, &str)]) -> Response {
        self.send(post(&tap(path), parameters))
    }

    /// A multipart request: parameters, then files (name of the part, content).
    pub fn multipart(&self, path: &str, parameters: &[(&str, &str)], files: &[(&str, &[u8])]) -> Response {
        self.send(multipart(&tap(path), parameters, files))
    }

    /// A synchronous query in this format.
    pub fn query(&self, query: &str, format: &str) -> Response {
        self.post("sync", &[("REQUEST", "doQuery"), ("LANG", "ADQL"), ("FORMAT", format), ("QUERY", query)])
    }

    /// The rows of a synchronous query, as text.
    pub fn rows(&self, query: &str) -> Vec<Vec<String>> {
        self.query(query, "csv").csv()
    }

    /// Makes a job; its identifier.
    pub fn submit(&self, query: &str, more: &[(&str, &str)]) -> String {
        let mut parameters = vec![("REQUEST", "doQuery"), ("LANG", "ADQL"), ("QUERY", query)];
        parameters.extend_from_slice(more);
        id(&self.post("async", &parameters))
    }

    pub fn phase(&self, id: &str) -> String {
        self.get(&format!("async/{id}/phase")).text()
    }

    /// The folder in which the archive keeps everything.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// Files of tables of users that lie in the folder.
    pub fn table_files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.join("tables")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// Files of jobs that lie in the folder.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.join("jobs")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| !name.starts_with("jobs.")).collect()
    }
}

/// Somebody who has signed in.
pub struct Client<'a> {
    pub service: &'a Service,
    /// What it sends as `Cookie`.
    pub cookies: String,
}

impl Client<'_> {
    pub fn send(&self, mut request: Request<Bytes>) -> Response {
        request.headers_mut().insert("cookie", self.cookies.parse().unwrap());
        self.service.send(request)
    }

    pub fn get(&self, path: &str) -> Response {
        self.send(get(&tap(path)))
    }

    pub fn delete(&self, path: &str) -> Response {
        self.send(delete(&tap(path)))
    }

    pub fn post(&self, path: &str, parameters: &[(&str, &str)]) -> Response {
        self.send(post(&tap(path), parameters))
    }

    /// A synchronous query in this format.
    pub fn query(&self, query: &str, format: &str) -> Response {
        self.post("sync", &[("REQUEST", "doQuery"), ("LANG", "ADQL"), ("FORMAT", format), ("QUERY", query)])
    }

    /// Makes a job; its identifier.
    pub fn submit(&self, query: &str, more: &[(&str, &str)]) -> String {
        let mut parameters = vec![("REQUEST", "doQuery"), ("LANG", "ADQL"), ("QUERY", query)];
        parameters.extend_from_slice(more);
        id(&self.post("async", &parameters))
    }

    /// Whether a GET that came at `arrival` still waits.
    pub fn waits(&self, path: &str, arrival: Time) -> Option<Time> {
        let mut request = get(&tap(path));
        request.headers_mut().insert("cookie", self.cookies.parse().unwrap());
        self.service.waiting(request, arrival)
    }
}

/// The path of a resource of the TAP service.
fn tap(path: &str) -> String {
    format!("/tap-server/tap/{path}")
}

pub fn get(path: &str) -> Request<Bytes> {
    Request::get(path).body(Bytes::new()).unwrap()
}

pub fn delete(path: &str) -> Request<Bytes> {
    Request::builder().method(Method::DELETE).uri(path).body(Bytes::new()).unwrap()
}

pub fn post(path: &str, parameters: &[(&str, &str)]) -> Request<Bytes> {
    let form: Vec<String> = parameters.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    request.body(form.join("&").into()).unwrap()
}

/// Parameters, then files (name of the part, content); clients send a file without content also without a name.
pub fn multipart(path: &str, parameters: &[(&str, &str)], files: &[(&str, &[u8])]) -> Request<Bytes> {
    let mut body = Vec::new();
    for (name, value) in parameters {
        body.extend(format!("--sep\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (name, content) in files {
        let file = if content.is_empty() { String::new() } else { format!("{name}.vot") };
        let head = format!("--sep\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n");
        body.extend(head.bytes());
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--sep--\r\n");
    Request::post(path).header("content-type", "multipart/form-data; boundary=sep").body(body.into()).unwrap()
}

impl Drop for Service {
    fn drop(&mut self) {
        if !self.folder.as_os_str().is_empty() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// The identifier in the redirect to a job.
pub fn id(response: &Response) -> String {
    assert_eq!(response.status, 303, "{}", response.text());
    let location = response.header("location");
    location.strip_prefix(&format!("{TAP}/async/")).unwrap_or_else(|| panic!("{location}")).to_owned()
}

pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The file of the catalogue, made once for all tests of this run.
fn catalogue() -> &'static PathBuf {
    static CATALOGUE: OnceLock<PathBuf> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        // What earlier runs left.
        for entry in std::fs::read_dir(&root).unwrap().flatten() {
            let name = entry.file_name().into_string().unwrap();
            let ours = name.starts_with("catalogue-") || name.starts_with("service-");
            let age = entry.metadata().and_then(|data| data.modified()).map(|time| time.elapsed().unwrap_or_default());
            if ours && age.is_ok_and(|age| age > Duration::from_secs(600)) {
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
        let folder = root.join(format!("catalogue-{}", std::process::id()));
        Archive::open(Config { sources: SOURCES, data: Some(folder.clone()), ..Config::default() }).unwrap();
        let mut entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        entries
            .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("catalogue-v")))
            .unwrap()
    })
}
