//! External TAP: in this process under the second name, and at servers that listen on loopback.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use sandbox::External;

use crate::network::{get, post, start};
use crate::service::{Service, TAP, encode};

const NEIGHBOUR: &str = "http://neighbour.sandbox/tap-server/tap";

fn external(url: &str, query: &str) -> Vec<(&'static str, String)> {
    let fixed = [("REQUEST", "external_tap"), ("LANG", "ADQL"), ("EXT_TAP_URL", url), ("QUERY", query)];
    fixed.map(|(name, value)| (name, value.to_owned())).to_vec()
}

fn form(parameters: &[(&str, String)]) -> String {
    parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

fn borrowed<'a>(parameters: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    parameters.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[test]
fn the_neighbour_answers_at_once() {
    let service = Service::new();
    let query = "SELECT TOP 7 source_id FROM gaiadr3.gaia_source ORDER BY source_id";
    for url in [NEIGHBOUR, "HTTP://Neighbour.Sandbox/tap-server/tap/", TAP] {
        let mut parameters = external(url, query);
        parameters.push(("FORMAT", "csv".to_owned()));
        let response = service.post("sync", &borrowed(&parameters));
        assert_eq!(response.csv(), service.rows(query), "{url}");
    }
    // Any other way to write an address of this machine or of a stranger is refused.
    for url in [
        "http://other.example/tap",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/tap",
        "http://2130706433/tap",
        "http://127.0.0.1/tap-server/tap",
        "http://localhost/tap-server/tap",
        "http://neighbour.sandbox@evil.example/tap-server/tap",
        "http://neighbour.sandbox.evil.example/tap-server/tap",
        "http://neighbour.sandbox/tap-server/tap/../../admin",
        "http://neighbour.sandbox/tap-server/tap?x=1",
        "file:///etc/passwd",
        "gopher://neighbour.sandbox/tap-server/tap",
        "neighbour.sandbox",
    ] {
        let response = service.post("sync", &borrowed(&external(url, query)));
        assert_eq!(response.status, 403, "{url}");
        let text = response.text();
        assert!(text.contains("QUERY_STATUS\" value=\"ERROR\"") && text.contains(NEIGHBOUR), "{url}: {text}");
        assert_eq!(service.post("async", &borrowed(&external(url, query))).status, 403, "{url}");
    }
    let missing = service.post("sync", &[("REQUEST", "external_tap"), ("QUERY", query)]);
    assert_eq!(missing.status, 400);
    assert!(missing.text().contains("Not found required parameter 'EXT_TAP_URL'"), "{}", missing.text());
}

#[test]
fn a_job_at_the_neighbour_is_a_job_like_any_other() {
    let service = Service::new();
    let query = "SELECT source_id, ra FROM gaiadr3.gaia_source";
    for url in [NEIGHBOUR, TAP] {
        let mut parameters = external(url, query);
        parameters.extend([("PHASE", "RUN".to_owned()), ("FORMAT", "csv".to_owned())]);
        let id = crate::service::id(&service.post("async", &borrowed(&parameters)));
        service.work();
        assert_eq!(service.phase(&id), "COMPLETED");
        assert_eq!(service.get(&format!("async/{id}/results/result")).csv().len(), crate::service::SOURCES);
    }
    // A job whose address is changed to another before it runs does not get there.
    let id = crate::service::id(&service.post("async", &borrowed(&external(NEIGHBOUR, query))));
    service.post(&format!("async/{id}/parameters"), &[("EXT_TAP_URL", "http://169.254.169.254/tap")]);
    service.post(&format!("async/{id}/phase"), &[("PHASE", "RUN")]);
    service.work();
    assert_eq!(service.phase(&id), "ERROR");
    assert!(service.get(&format!("async/{id}/error/details")).text().contains("may not be asked"));
}

#[test]
fn the_answer_of_another_server_is_passed_on_and_kept() {
    let other = start(|_| {});
    let url = format!("http://{other}/tap-server/tap");
    let allowed = url.clone();
    let address = start(move |config| config.external = vec![External::new(&allowed, true).unwrap()]);

    let query = "SELECT TOP 5 source_id, designation, parallax FROM gaiadr3.gaia_source ORDER BY source_id";
    let mut parameters = external(&url, query);
    parameters.push(("FORMAT", "csv".to_owned()));
    let (head, body) = post(&address, "sync", &form(&parameters));
    assert!(head.starts_with("http/1.1 200") && head.contains("content-type: text/csv"), "{head}");
    let direct = format!("LANG=ADQL&FORMAT=csv&QUERY={}", encode(query));
    let expected = post(&other, "sync", &direct).1;
    assert!(expected.contains("source_id"), "{expected}");
    assert_eq!(unchunked(&body), unchunked(&expected));
    // What the other service says against a query comes through as it is.
    let (head, body) = post(&address, "sync", &form(&external(&url, "SELECT nix FROM gaiadr3.gaia_source")));
    assert!(head.starts_with("http/1.1 400") && body.contains("nix"), "{head}{body}");

    let id = submit(&address, &url, query);
    assert_eq!(ended(&address, &id), "COMPLETED");
    let (_, kept) = get(&address, &format!("async/{id}/results/result"));
    assert_eq!(unchunked(&kept), unchunked(&expected));
    // The result can be queried as that of any job.
    let query = format!("SELECT COUNT(*) FROM job_upload.\"job{id}\"");
    let (_, count) = post(&address, "sync", &format!("LANG=ADQL&FORMAT=csv&QUERY={}", encode(&query)));
    assert_eq!(unchunked(&count).lines().nth(1), Some("5"), "{count}");

    let id = submit(&address, &url, "SELECT nix FROM gaiadr3.gaia_source");
    assert_eq!(ended(&address, &id), "ERROR");
    assert!(get(&address, &format!("async/{id}/error/details")).1.contains("nix"));
}

#[test]
fn nothing_of_the_client_goes_along() {
    let (address, requests) = fake(
        "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nSet-Cookie: SESSION=evil\r\nConnection: close\r\n\r\na\n1\n",
    );
    let url = format!("http://{address}/tap");
    let allowed = url.clone();
    let sandbox = start(move |config| config.external = vec![External::new(&allowed, true).unwrap()]);
    let body = form(&external(&url, "SELECT 1 AS a"));
    let (head, _) = crate::network::exchange(
        &sandbox,
        &format!(
            "POST /tap-server/tap/sync HTTP/1.1\r\nHost: {sandbox}\r\nConnection: close\r\nCookie: SESSION=secret\r\n\
             Authorization: Basic c2VjcmV0\r\nReferer: http://secret.test/\r\nX-Forwarded-For: 10.1.2.3\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    );
    assert!(head.starts_with("http/1.1 200") && !head.contains("set-cookie"), "{head}");
    let request = requests.recv_timeout(Duration::from_secs(5)).unwrap().to_ascii_lowercase();
    assert!(
        request.starts_with("post /tap/sync http/1.1") && request.contains("query=select%201%20as%20a"),
        "{request}"
    );
    for secret in ["cookie", "authorization", "referer", "forwarded", "secret", "external_tap", "ext_tap_url"] {
        assert!(!request.contains(secret), "{secret}: {request}");
    }
}

#[test]
fn redirects_stay_with_services_that_may_be_asked() {
    let (target, _) = fake("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nConnection: close\r\n\r\na\n42\n");
    for (location, words) in [
        (format!("http://{target}/tap/other"), "42"),
        ("other".to_owned(), "redirected more than 5 times"),
        (format!("http://{target}/admin"), "not within a service"),
        (format!("http://user:word@{target}/tap"), "not within a service"),
        ("http://169.254.169.254/latest".to_owned(), "not within a service"),
        ("http://[::1]/tap".to_owned(), "not within a service"),
        ("http://2130706433/tap".to_owned(), "not within a service"),
        ("file:///etc/passwd".to_owned(), "not within a service"),
    ] {
        let answer =
            format!("HTTP/1.1 303 See Other\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let (address, _) = fake(&answer);
        let url = format!("http://{address}/tap");
        let allowed = [url.clone(), format!("http://{target}/tap")];
        let sandbox = start(move |config| {
            config.external = allowed.iter().map(|url| External::new(url, true).unwrap()).collect();
        });
        let (head, body) = post(&sandbox, "sync", &form(&external(&url, "SELECT 1 AS a")));
        assert!(body.contains(words), "{location}: {head}{body}");
        assert_eq!(head.starts_with("http/1.1 200"), words == "42", "{location}: {head}");
    }
}

#[test]
fn private_places_are_not_asked_unless_the_operator_says_so() {
    let (address, requests) = fake("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nsecret");
    let port = address.rsplit(':').next().unwrap().to_owned();
    // By address, by a name that leads to loopback, and in the spellings that resolvers know.
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let url = format!("http://{host}:{port}/tap");
        let allowed = url.clone();
        let sandbox = start(move |config| config.external = vec![External::new(&allowed, false).unwrap()]);
        let (head, body) = post(&sandbox, "sync", &form(&external(&url, "SELECT 1 AS a")));
        assert!(head.starts_with("http/1.1 403") || head.starts_with("http/1.1 502"), "{host}: {head}");
        assert!(body.contains("private address") && !body.contains("secret"), "{host}: {body}");
        let id = submit(&sandbox, &url, "SELECT 1 AS a");
        assert_eq!(ended(&sandbox, &id), "ERROR");
    }
    assert!(requests.try_recv().is_err(), "somebody was asked");
}

#[test]
fn limits_hold_against_a_service_that_has_none() {
    let endless =
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nConnection: close\r\n\r\n{}", "x".repeat(100_000));
    let (large, _) = fake(&endless);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let quiet = silent.local_addr().unwrap().to_string();
    let urls = [format!("http://{large}/tap"), format!("http://{quiet}/tap")];
    let allowed = urls.clone();
    let sandbox = start(move |config| {
        config.external = allowed.iter().map(|url| External::new(url, true).unwrap()).collect();
        config.external_bytes = 10_000;
        config.sync_time = Duration::from_secs(1);
    });
    let (_, body) = post(&sandbox, "sync", &form(&external(&urls[0], "SELECT 1 AS a")));
    assert!(body.len() < 50_000, "{}", body.len());
    let id = submit(&sandbox, &urls[0], "SELECT 1 AS a");
    assert_eq!(ended(&sandbox, &id), "ERROR");
    let begun = Instant::now();
    let (head, body) = post(&sandbox, "sync", &form(&external(&urls[1], "SELECT 1 AS a")));
    assert!(head.starts_with("http/1.1 504") && body.contains("gives no answer"), "{head}{body}");
    assert!(begun.elapsed() < Duration::from_secs(10));
    // A job that waits for another service can be stopped.
    let id = submit(&sandbox, &urls[1], "SELECT 1 AS a");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(get(&sandbox, &format!("async/{id}/phase")).1, "EXECUTING");
    post(&sandbox, &format!("async/{id}/phase"), "PHASE=ABORT");
    assert_eq!(ended(&sandbox, &id), "ABORTED");
    drop(silent);
}

fn submit(sandbox: &str, url: &str, query: &str) -> String {
    let (head, body) = post(sandbox, "async", &format!("PHASE=RUN&FORMAT=csv&{}", form(&external(url, query))));
    let location = head.lines().find_map(|line| line.strip_prefix("location: "));
    let id = location.unwrap_or_else(|| panic!("{head}{body}")).rsplit('/').next().unwrap().to_owned();
    id.strip_suffix("-o").map_or(id.clone(), |start| format!("{start}-O"))
}

fn ended(sandbox: &str, id: &str) -> String {
    let begun = Instant::now();
    loop {
        let phase = get(sandbox, &format!("async/{id}/phase")).1;
        if !["QUEUED", "EXECUTING"].contains(&phase.as_str()) {
            return phase;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{phase}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A server that gives each request the same answer, and tells what it was asked.
fn fake(answer: &str) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, receiver) = mpsc::channel();
    let answer = answer.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = stream.read(&mut buffer) {
                request.extend_from_slice(&buffer[..count]);
            }
            let _ = sender.send(String::from_utf8_lossy(&request).into_owned());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (address, receiver)
}

/// A body without the lines of chunked transfer: short bodies come in one chunk.
fn unchunked(body: &str) -> String {
    let mut out = String::new();
    let mut rest = body;
    while let Some((size, after)) = rest.split_once("\r\n") {
        let Ok(size) = usize::from_str_radix(size, 16) else { return body.to_owned() };
        if size == 0 {
            return out;
        }
        out += &after[..size];
        rest = after[size..].trim_start_matches("\r\n");
    }
    body.to_owned()
}
