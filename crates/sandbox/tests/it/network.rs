//! The host on a loopback socket: what only the network shows.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use sandbox::host::{Host, serve};

use crate::service::{Service, encode};

/// A host for one test; the address is of loopback.
pub fn start(change: impl FnOnce(&mut sandbox::Config) + Send + 'static) -> String {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let service = Service::with(change);
        let config = service.archive.config().clone();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap().to_string()).unwrap();
            // The folder stays as long as the service does.
            let host = Host::start(sandbox::Archive::open(config).unwrap());
            let _ = tokio::time::timeout(Duration::from_secs(60), serve(host, listener)).await;
        });
        drop(service);
    });
    receiver.recv().unwrap()
}

/// One exchange; head and body as text.
pub fn exchange(address: &str, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    (head.to_ascii_lowercase(), body.to_owned())
}

pub fn post(address: &str, path: &str, form: &str) -> (String, String) {
    exchange(
        address,
        &format!(
            "POST /tap-server/tap/{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        ),
    )
}

pub fn get(address: &str, path: &str) -> (String, String) {
    exchange(address, &format!("GET /tap-server/tap/{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"))
}

#[test]
fn a_job_runs_by_itself_and_wait_tells_of_it() {
    let address = start(|_| {});
    let query = encode("SELECT source_id FROM gaiadr3.gaia_source");
    let (head, _) = post(&address, "async", &format!("LANG=ADQL&FORMAT=csv&QUERY={query}"));
    assert!(head.starts_with("http/1.1 303"), "{head}");
    assert!(head.contains("access-control-allow-origin: *"), "{head}");
    let location = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().to_owned();
    let id = location.rsplit('/').next().unwrap().replace("-o", "-O");
    assert!(location.starts_with(&format!("http://{address}/tap-server/tap/async/")), "{location}");
    let begun = Instant::now();
    let (waiting, other, job) = (address.clone(), address.clone(), id.clone());
    let waiter = std::thread::spawn(move || get(&waiting, &format!("async/{job}?WAIT=20&PHASE=PENDING")));
    std::thread::sleep(Duration::from_millis(200));
    post(&other, &format!("async/{id}/phase"), "PHASE=RUN");
    let (_, document) = waiter.join().unwrap();
    assert!(!document.contains("<uws:phase>PENDING"), "{document}");
    assert!(begun.elapsed() < Duration::from_secs(15), "it did not wait for the end of its time");
    while get(&address, &format!("async/{id}/phase")).1 != "COMPLETED" {
        assert!(begun.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(20));
    }
    let (head, body) = get(&address, &format!("async/{id}/results/result"));
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    assert!(body.lines().count() > crate::service::SOURCES, "{}", body.lines().count());
}

#[test]
fn a_reader_of_events_is_answered_when_there_is_one() {
    let address = start(|_| {});
    let login = "username=demo&password=demo";
    let (head, _) = exchange(
        &address,
        &format!(
            "POST /tap-server/login HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{login}",
            login.len()
        ),
    );
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: session=")).unwrap();
    let cookie = cookie.split(';').next().unwrap().to_ascii_uppercase();
    let event = |query: &str| {
        format!(
            "GET /tap-server/tap/event{query} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nCookie: SESSION={cookie}\r\n\r\n"
        )
    };
    assert!(exchange(&address, &event("")).1.contains("\n300="), "the login itself");
    let begun = Instant::now();
    let (waiting, request) = (address.clone(), event(""));
    let waiter = std::thread::spawn(move || exchange(&waiting, &request));
    std::thread::sleep(Duration::from_millis(200));
    assert!(!waiter.is_finished(), "there is nothing to tell");
    let form = "LANG=ADQL&QUERY=SELECT+1";
    exchange(
        &address,
        &format!(
            "POST /tap-server/tap/async HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nCookie: SESSION={cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        ),
    );
    let (_, text) = waiter.join().unwrap();
    assert!(text.starts_with("-1=demo#1\n100="), "{text}");
    assert!(begun.elapsed() < Duration::from_secs(15), "it did not wait for the end of its time");
}

#[test]
fn preflights_heads_and_limits() {
    let address = start(|config| config.upload_limit = 1_000);
    let (head, body) = exchange(
        &address,
        &format!(
            "OPTIONS /tap-server/tap/sync HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nOrigin: http://x.test\r\n\r\n"
        ),
    );
    assert!(
        head.starts_with("http/1.1 204") && head.contains("access-control-allow-methods: get, head, post, delete"),
        "{head}"
    );
    assert!(body.is_empty());
    let (head, body) = exchange(
        &address,
        &format!("HEAD /tap-server/tap/availability HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"),
    );
    assert!(head.starts_with("http/1.1 200") && body.is_empty(), "{head}");
    let (head, body) = post(&address, "sync", &format!("QUERY={}", "x".repeat(2_000)));
    assert!(head.starts_with("http/1.1 413"), "{head}");
    assert!(body.contains("Upload limit exceeded") && body.contains("<b>Message: </b>"), "{body}");
    // Ten gigabytes are declared and none is sent: the answer does not wait for them.
    let declared = format!(
        "POST /tap-server/tap/sync HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: 10000000000\r\n\r\n"
    );
    let (head, body) = exchange(&address, &declared);
    assert!(head.starts_with("http/1.1 413") && body.contains("Upload limit exceeded"), "{head}{body}");
}
