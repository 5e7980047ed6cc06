//! Requests to an archive: what goes up, what comes down, and that both stream.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::StreamExt as _;
use gateway::answer::{Body, BoxError};
use http::Response;
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::{sleep, timeout},
};

use crate::harness::{Archive, Seen, answer, ask, entry, gateway, get, post, raw};

#[tokio::test]
async fn a_service_on_this_machine_is_one_entry() {
    let archive = Archive::answering(|seen| match (seen.method.as_str(), seen.target.as_str()) {
        ("POST", "/tap/sync") => answer(200, "content-type: application/x-votable+xml", "<VOTABLE/>"),
        ("GET", "/tap/capabilities?x=a%20b&y=+") => answer(200, "content-type: text/xml", "<capabilities/>"),
        _ => answer(404, "", ""),
    })
    .await;
    let gateway = gateway(&entry(archive.address)).await;
    let listed = get(gateway, "/archives.json").await.json();
    assert_eq!(listed[1]["id"], "local");
    assert_eq!(listed[1]["tap"], "/tap");
    assert_eq!(listed[1]["public_url"], format!("http://{}", archive.address));

    let result = post(gateway, "/gw/local/tap/sync", "LANG=ADQL&QUERY=SELECT+1").await;
    assert_eq!((result.status, result.text().as_str()), (200, "<VOTABLE/>"));
    assert_eq!(result.header("content-type"), "application/x-votable+xml");
    let seen = archive.seen.lock().unwrap()[0].clone();
    assert_eq!(seen.body, "LANG=ADQL&QUERY=SELECT+1");
    assert_eq!(seen.headers["content-length"], "24");
    assert_eq!(seen.headers["host"], archive.address.to_string());

    assert_eq!(get(gateway, "/gw/local/tap/capabilities?x=a%20b&y=+").await.status, 200);
}

#[tokio::test]
async fn only_listed_headers_pass() {
    let archive = Archive::answering(|_| {
        let lines = "content-type: text/html; charset=utf-8\nset-cookie: JSESSIONID=1; Path=/\netag: \"7\"\n\
            www-authenticate: Basic realm=x\naccess-control-allow-origin: *\ncontent-security-policy: default-src *\n\
            content-disposition: inline; filename=\"r.html\"\nx-powered-by: y\nretry-after: 3";
        answer(401, lines, "<script>alert(1)</script>")
    })
    .await;
    let gateway = gateway(&entry(archive.address)).await;
    let lines = "X-Gx: 1\nCookie: a=b\nAuthorization: Basic x\nAccept: text/xml\nAccept-Encoding: gzip, br\n\
        X-Forwarded-For: 1.2.3.4\nOrigin: http://GATEWAY\nReferer: http://x/\nRange: bytes=0-9";
    let result = ask(gateway, "GET", "/gw/local/tap/x", &lines.replace("GATEWAY", &gateway.to_string()), "").await;
    let seen = archive.seen.lock().unwrap()[0].clone();
    let mut names: Vec<&str> = seen.headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "accept-encoding", "host", "range", "user-agent"]);
    assert_eq!(seen.headers["accept-encoding"], "identity");

    assert_eq!(result.status, 401);
    assert_eq!(result.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(result.header("x-gx-content-type"), "text/html; charset=utf-8");
    assert_eq!(result.header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(result.header("x-content-type-options"), "nosniff");
    assert_eq!(result.header("cross-origin-resource-policy"), "same-origin");
    assert_eq!(result.header("content-disposition"), "attachment; filename=\"r.html\"");
    assert_eq!(result.header("retry-after"), "3");
    assert_eq!(result.header("etag"), "\"7\"");
    assert_eq!(result.header("cache-control"), "no-store");
    for name in ["set-cookie", "www-authenticate", "access-control-allow-origin", "x-powered-by"] {
        assert_eq!(result.header(name), "", "{name}");
    }
}

#[tokio::test]
async fn paths_outside_and_attacks_reach_nobody() {
    let archive = Archive::answering(|_| answer(200, "", "reached")).await;
    let gateway = gateway(&entry(archive.address)).await;
    let check = async |path: &str, status: u16, code: &str| {
        let result = get(gateway, path).await;
        assert_eq!((result.status, result.header("x-gx-error")), (status, code), "{path}");
        assert_eq!(result.json()["code"], code, "{path}");
        assert_eq!(result.header("content-security-policy"), "sandbox; default-src 'none'", "{path}");
    };
    check("/gw/local/admin", 403, "path_not_allowed").await;
    check("/gw/local/tapx", 403, "path_not_allowed").await;
    check("/gw/local/TAP/sync", 403, "path_not_allowed").await;
    for path in [
        "/gw/local",
        "/gw/local/tap/../admin",
        "/gw/local/tap/%2e%2e/admin",
        "/gw/local/tap/%252e%252e/admin",
        "/gw/local/tap%2fsync",
        "/gw/local/tap%5c..%5cadmin",
        "/gw/local//evil.example/tap",
        "/gw/local/tap//x",
        "/gw/local/tap/%0d%0aX:1",
        "/gw/local/tap;a=b/sync",
        "/gw/local/tap/%zz",
        "/gw/local/tap/%00",
    ] {
        check(path, 400, "bad_path").await;
    }
    for path in ["/gw/other/tap/sync", "/gw/127.0.0.1/tap", "/gw/local:80/tap", "/gw/LOCAL/tap", "/gw//tap"] {
        check(path, 404, "unknown_archive").await;
    }
    check("/gw/local/tap/async/1/phase?PHASE=RUN", 403, "get_changes_job").await;
    check("/gw/local/tap/async/1?action=%44ELETE", 403, "get_changes_job").await;
    for method in ["PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND"] {
        let result = ask(gateway, method, "/gw/local/tap/sync", "X-Gx: 1", "").await;
        assert_eq!(result.status, 405, "{method}");
    }
    let result =
        raw(gateway, "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\nConnection: close\r\n\r\n").await;
    assert!((400..500).contains(&result.status), "{}", result.status);
    let result =
        raw(gateway, "GET http://evil.example/gw/local/tap HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            .await;
    assert_eq!(result.status, 400);
    assert_eq!(archive.asked(), [] as [&str; 0]);

    // The filter of a job list is no order, and a path with a dot in a name is no dot segment.
    assert_eq!(get(gateway, "/gw/local/tap/async?PHASE=COMPLETED").await.status, 200);
    assert_eq!(get(gateway, "/gw/local/tap/tables/public.t").await.status, 200);
}

#[tokio::test]
async fn requests_of_other_pages_reach_nobody() {
    let archive = Archive::answering(|_| answer(200, "", "reached")).await;
    let gateway = gateway(&entry(archive.address)).await;
    for lines in ["", "X-Gx: 1\nSec-Fetch-Site: cross-site", "X-Gx: 1\nOrigin: http://evil.example", "X-Gx: 0"] {
        let result = ask(gateway, "POST", "/gw/local/tap/async", lines, "PHASE=RUN").await;
        assert_eq!(result.status, 403, "{lines}");
    }
    let result =
        ask(gateway, "GET", "/gw/local/tap/sync", "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: no-cors", "").await;
    assert_eq!(result.header("x-gx-error"), "cross_site");
    let message = "GET /gw/local/tap/sync HTTP/1.1\r\nHost: rebound.example\r\nX-Gx: 1\r\nConnection: close\r\n\r\n";
    assert_eq!(raw(gateway, message).await.status, 421);
    assert_eq!(archive.asked(), [] as [&str; 0]);
}

#[tokio::test]
async fn smuggled_lengths_are_refused() {
    let archive = Archive::answering(|_| answer(200, "", "reached")).await;
    let gateway = gateway(&entry(archive.address)).await;
    for lines in ["Content-Length: 4\r\nContent-Length: 5", "Content-Length: x", "Transfer-Encoding: x"] {
        let message = format!(
            "POST /gw/local/tap/sync HTTP/1.1\r\nHost: {gateway}\r\nX-Gx: 1\r\nConnection: close\r\n{lines}\r\n\r\nabcd"
        );
        let status = raw(gateway, &message).await.status;
        assert_eq!(status, 400, "{lines}");
    }
    assert_eq!(archive.asked(), [] as [&str; 0]);
}

/// A body whose pieces come from a stream.
fn streamed(stream: impl futures_util::Stream<Item = Bytes> + Send + Sync + 'static) -> Body {
    BodyExt::boxed(StreamBody::new(stream.map(|bytes| Ok::<_, BoxError>(Frame::data(bytes)))))
}

#[tokio::test]
async fn the_first_bytes_come_before_the_last_are_written() {
    let go_on = Arc::new(Notify::new());
    let told = Arc::clone(&go_on);
    let address = Archive::serving(move |_| {
        let told = Arc::clone(&told);
        let first = futures_util::stream::once(async { Bytes::from_static(b"first ") });
        let second = futures_util::stream::once(async move {
            told.notified().await;
            Bytes::from_static(b"second")
        });
        Box::pin(async move { Response::new(streamed(first.chain(second))) })
    })
    .await;
    let gateway = gateway(&entry(address)).await;
    let mut stream = TcpStream::connect(gateway).await.unwrap();
    let head = format!("GET /gw/local/tap/x HTTP/1.1\r\nHost: {gateway}\r\nX-Gx: 1\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut text = String::new();
    while !text.contains("first ") {
        let mut piece = [0; 4096];
        let read = timeout(Duration::from_secs(5), stream.read(&mut piece)).await.expect("held back").unwrap();
        text.push_str(std::str::from_utf8(&piece[..read]).unwrap());
    }
    assert!(!text.contains("second"));
    go_on.notify_one();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.contains("second"));
}

#[tokio::test]
async fn a_request_body_goes_up_as_it_comes() {
    let first = Arc::new(Notify::new());
    let saw = Arc::clone(&first);
    let address = Archive::serving(move |request| {
        let saw = Arc::clone(&saw);
        Box::pin(async move {
            let mut body = request.into_body();
            let mut size = 0;
            while let Some(Ok(frame)) = body.frame().await {
                size += frame.data_ref().map_or(0, Bytes::len);
                saw.notify_one();
            }
            answer(200, "", &size.to_string())
        })
    })
    .await;
    let gateway = gateway(&entry(address)).await;
    let mut stream = TcpStream::connect(gateway).await.unwrap();
    let head = format!(
        "POST /gw/local/tap/sync HTTP/1.1\r\nHost: {gateway}\r\nX-Gx: 1\r\nContent-Length: 10\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(b"01234").await.unwrap();
    timeout(Duration::from_secs(5), first.notified()).await.expect("the body is held until its end");
    stream.write_all(b"56789").await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.ends_with("10"), "{text}");
}

#[tokio::test]
async fn a_reader_who_stops_stops_the_archive() {
    const PIECE: usize = 64 * 1024;
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent);
    let address = Archive::serving(move |_| {
        let counter = Arc::clone(&counter);
        let piece = Bytes::from(vec![b'x'; PIECE]);
        // A gigabyte, if somebody takes it.
        let pieces = futures_util::stream::iter(0..16_384).map(move |_| {
            counter.fetch_add(PIECE, Ordering::Relaxed);
            piece.clone()
        });
        Box::pin(async move { Response::new(streamed(pieces)) })
    })
    .await;
    let gateway = gateway(&entry(address)).await;
    let mut stream = TcpStream::connect(gateway).await.unwrap();
    let head = format!("GET /gw/local/tap/x HTTP/1.1\r\nHost: {gateway}\r\nX-Gx: 1\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.read_exact(&mut [0; 1000]).await.unwrap();
    // What the buffers of two connections take is settled when nothing has moved for a while.
    let mut last = usize::MAX;
    while last != sent.load(Ordering::Relaxed) {
        last = sent.load(Ordering::Relaxed);
        sleep(Duration::from_millis(300)).await;
    }
    assert!(last < 64 << 20, "{last} bytes were taken from the archive for a reader of 1000");
}

#[tokio::test]
async fn a_client_that_leaves_ends_the_request_at_the_archive() {
    struct Told(Arc<AtomicBool>);
    impl Drop for Told {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    // One leaves before the head of the answer, one within its body.
    for within_body in [false, true] {
        let dropped = Arc::new(AtomicBool::new(false));
        let tell = Arc::clone(&dropped);
        let address = Archive::serving(move |_| {
            let told = Told(Arc::clone(&tell));
            Box::pin(async move {
                if !within_body {
                    std::future::pending::<()>().await;
                }
                let pieces = futures_util::stream::unfold(told, |told| async {
                    sleep(Duration::from_millis(10)).await;
                    Some((Bytes::from_static(b"piece"), told))
                });
                Response::new(streamed(pieces))
            })
        })
        .await;
        let gateway = gateway(&entry(address)).await;
        let mut stream = TcpStream::connect(gateway).await.unwrap();
        let head = format!("GET /gw/local/tap/x HTTP/1.1\r\nHost: {gateway}\r\nX-Gx: 1\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        if within_body {
            stream.read_exact(&mut [0; 200]).await.unwrap();
        } else {
            sleep(Duration::from_millis(200)).await;
        }
        assert!(!dropped.load(Ordering::Relaxed));
        drop(stream);
        let gone = async {
            while !dropped.load(Ordering::Relaxed) {
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(Duration::from_secs(2), gone).await.expect("the archive goes on for nobody");
    }
}

#[tokio::test]
async fn failures_say_where() {
    let check = async |address: SocketAddr, url: &str, status: u16, code: &str| {
        let config = entry(address).replace(&format!("http://{address}/tap"), url);
        let config = format!("{config}[limits]\nconnect = 1\nanswer = 0.3\n");
        let result = get(gateway(&config).await, "/gw/local/tap/x").await;
        assert_eq!((result.status, result.header("x-gx-error")), (status, code), "{url}: {}", result.text());
        assert_eq!(result.json()["archive"], "local");
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    check(address, &format!("http://{address}/tap"), 504, "timeout").await;
    drop(listener);
    check(address, &format!("http://{address}/tap"), 502, "connect").await;

    let plain = Archive::answering(|_| answer(200, "", "")).await.address;
    check(plain, &format!("https://{plain}/tap"), 502, "tls").await;

    let broken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = broken.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = broken.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1000]).await;
        }
    });
    check(address, &format!("http://{address}/tap"), 502, "broken").await;
}

#[tokio::test]
async fn a_name_of_this_machine_is_not_contacted_without_leave() {
    let archive = Archive::answering(|_| answer(200, "", "reached")).await;
    let port = archive.address.port();
    let config = format!("[[archive]]\nid = \"local\"\ntitle = \"x\"\nurl = \"https://localhost:{port}/tap\"\n");
    let result = get(gateway(&config).await, "/gw/local/tap/x").await;
    assert_eq!((result.status, result.header("x-gx-error")), (502, "dns_private"));
}

#[tokio::test]
async fn a_cut_body_is_not_a_whole_one() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1000]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n").await;
        }
    });
    let gateway = gateway(&entry(address)).await;
    let mut stream = TcpStream::connect(gateway).await.unwrap();
    let head = format!("GET /gw/local/tap/x HTTP/1.1\r\nHost: {gateway}\r\nX-Gx: 1\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut bytes)).await.unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("abcde"), "{text}");
    assert!(!text.ends_with("0\r\n\r\n"), "the end of the body was made up: {text}");
}

#[tokio::test]
async fn a_download_keeps_what_a_file_needs() {
    let archive = Archive::answering(|_: &Seen| {
        let lines = "content-type: application/x-votable+xml\ncontent-encoding: gzip\n\
            content-disposition: attachment; filename=\"job.vot.gz\"\naccept-ranges: bytes\ncontent-range: bytes 0-3/9";
        answer(206, lines, "\u{1f}xyz")
    })
    .await;
    let gateway = gateway(&entry(archive.address)).await;
    let lines =
        "Sec-Fetch-Site: same-origin\nSec-Fetch-Mode: navigate\nSec-Fetch-Dest: document\nAccept-Encoding: gzip";
    let result = ask(gateway, "GET", "/gw/local/tap/async/1/results/result", lines, "").await;
    assert_eq!(result.status, 206);
    assert_eq!(archive.seen.lock().unwrap()[0].headers["accept-encoding"], "gzip");
    assert_eq!(result.header("content-encoding"), "gzip");
    assert_eq!(result.header("content-disposition"), "attachment; filename=\"job.vot.gz\"");
    assert_eq!(result.header("content-range"), "bytes 0-3/9");
    assert_eq!(result.header("content-length"), "4");

    let result = ask(gateway, "HEAD", "/gw/local/tap/async/1/results/result", "X-Gx: 1", "").await;
    assert_eq!((result.status, result.header("content-length"), result.body.len()), (206, "4", 0));
}
