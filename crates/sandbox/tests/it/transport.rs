//! Faults that only a connection can show, on loopback sockets.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::network::{exchange, get, start};

const PATH: &str = "/tap-server/tap/tables";

fn faulty() -> String {
    start(|config| config.faults = true)
}

/// What arrives, how the connection ends, and when.
fn ask(
    address: &str,
    faults: &str,
    more: &str,
    body: &str,
    patience: Duration,
) -> (String, Option<ErrorKind>, Duration) {
    let method = if body.is_empty() { "GET" } else { "POST" };
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(patience)).unwrap();
    let request = format!(
        "{method} {PATH} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nX-Sandbox-Fault: {faults}\r\n{more}\r\n{body}"
    );
    let _ = stream.write_all(request.as_bytes());
    let mut answer = Vec::new();
    let ended = stream.read_to_end(&mut answer).err().map(|error| error.kind());
    (String::from_utf8_lossy(&answer).into_owned(), ended, begun.elapsed())
}

fn split(answer: &str) -> (String, String) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    (head.to_ascii_lowercase(), body.to_owned())
}

const LONG: Duration = Duration::from_secs(20);

#[test]
fn answers_come_late_or_byte_by_byte() {
    let address = faulty();
    let (answer, _, time) = ask(&address, "delay:700", "", "", LONG);
    assert!(answer.starts_with("HTTP/1.1 200") && time >= Duration::from_millis(700), "{time:?}");
    let (answer, _, time) = ask(&address, "error,slice:2", "", "", LONG);
    let body = split(&answer).1;
    assert!(body.contains("</VOTABLE>") && time >= Duration::from_millis(2 * 300), "{time:?}");
}

#[test]
fn answers_stop_and_the_connection_stays() {
    let address = faulty();
    let (answer, ended, _) = ask(&address, "silence", "", "", Duration::from_secs(1));
    assert!(answer.is_empty() && matches!(ended, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut)), "{ended:?}");
    for bytes in [0, 500] {
        let (answer, ended, _) = ask(&address, &format!("stall:{bytes}"), "", "", Duration::from_secs(1));
        let (head, body) = split(&answer);
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert_eq!(body.len(), bytes);
        assert!(matches!(ended, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut)), "{ended:?}");
    }
}

#[test]
fn answers_are_cut() {
    let address = faulty();
    let (answer, _, _) = ask(&address, "cut:300", "", "", LONG);
    let (head, body) = split(&answer);
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    assert!(length.parse::<usize>().unwrap() > 300 && body.len() == 300, "{head} {}", body.len());
    let (answer, _, _) = ask(&address, "cut-chunked:300", "", "", LONG);
    let (head, body) = split(&answer);
    assert!(head.contains("transfer-encoding: chunked") && !head.contains("\ncontent-length"), "{head}");
    assert!(body.len() >= 300 && !body.ends_with("0\r\n\r\n"), "the last chunk is missing");
}

#[test]
fn connections_are_reset_before_and_after_the_work_is_done() {
    let address = faulty();
    let jobs = || get(&address, "async").1.matches("<uws:jobref ").count();
    let create = |faults: &str| {
        let form = "LANG=ADQL&QUERY=SELECT+1+AS+a";
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        let request = format!(
            "POST /tap-server/tap/async HTTP/1.1\r\nHost: {address}\r\nX-Sandbox-Fault: {faults}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer).err().map(|error| error.kind());
        assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
        assert_eq!(ended, Some(ErrorKind::ConnectionReset), "{faults}");
    };
    create("reset");
    assert_eq!(jobs(), 0);
    create("reset-after");
    assert_eq!(jobs(), 1);
}

#[test]
fn uploads_break_before_they_are_whole() {
    let address = faulty();
    let body = "x".repeat(400_000);
    let length = format!("Content-Length: {}\r\n", body.len());
    let (answer, _, time) = ask(&address, "upload-reset:100000", &length, &body, LONG);
    assert!(answer.is_empty() && time < Duration::from_secs(10), "{answer}");
    // The next request is served as if nothing had been.
    let (head, _) = exchange(&address, &format!("GET {PATH} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"));
    assert!(head.starts_with("http/1.1 200"), "{head}");
}

#[test]
fn loops_go_round_for_ever() {
    let address = faulty();
    let mut path = "/fault/loop/tap-server/tap/tables".to_owned();
    for _ in 0..5 {
        let (head, _) =
            exchange(&address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"));
        let location = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap();
        path = location.strip_prefix(&format!("http://{address}")).unwrap().to_owned();
        assert_eq!(path, "/fault/loop/tap-server/tap/tables");
    }
}
