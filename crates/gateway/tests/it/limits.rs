//! Slow and greedy clients: every silence has an end, every count a cap.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::harness::{Archive, answer, entry, gateway, get, parse, post};

/// Sends a beginning and waits; gives what was answered, and after how long the connection was closed.
async fn closed_after(gateway: std::net::SocketAddr, beginning: &str) -> (Vec<u8>, Duration) {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(gateway).await.unwrap();
    stream.write_all(beginning.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let _ = timeout(Duration::from_secs(10), stream.read_to_end(&mut bytes)).await.expect("still open");
    (bytes, begun.elapsed())
}

#[tokio::test]
async fn slow_clients_are_closed() {
    let archive = Archive::answering(|_| answer(200, "", "whole")).await;
    let limits = "[limits]\nfirst_byte = 0.4\nheader = 0.4\nrequest_stall = 0.4\n";
    let gateway = gateway(&format!("{}{limits}", entry(archive.address))).await;
    let half_body =
        format!("POST /gw/local/tap/sync HTTP/1.1\r\nHost: {gateway}\r\nX-Gx: 1\r\nContent-Length: 9\r\n\r\nabc");
    let idle = format!("GET /archives.json HTTP/1.1\r\nHost: {gateway}\r\n\r\n");
    for beginning in ["", "G", "GET / HTTP/1.1\r\nHost: ", &half_body, &idle] {
        let (_, after) = closed_after(gateway, beginning).await;
        assert!(after >= Duration::from_millis(300) && after < Duration::from_secs(5), "{beginning:?}: {after:?}");
    }
    let (bytes, _) = closed_after(gateway, &half_body).await;
    assert_eq!(parse(&bytes).header("x-gx-error"), "client_stalled");
    assert_eq!(parse(&bytes).status, 408);
}

#[tokio::test]
async fn heads_and_bodies_have_a_size() {
    let archive = Archive::answering(|_| answer(200, "", "whole")).await;
    let gateway = gateway(&format!("{}[limits]\nrequest_bytes = 10\n", entry(archive.address))).await;
    let (bytes, _) = closed_after(
        gateway,
        &format!("GET / HTTP/1.1\r\nHost: {gateway}\r\nConnection: close\r\nX: {}\r\n\r\n", "x".repeat(100_000)),
    )
    .await;
    // The answer may be lost in the reset that follows an unread head.
    assert!(bytes.is_empty() || parse(&bytes).status == 431, "{}", String::from_utf8_lossy(&bytes));
    assert_eq!(post(gateway, "/gw/local/tap/sync", "0123456789").await.status, 200);
    let result = post(gateway, "/gw/local/tap/sync", "0123456789x").await;
    assert_eq!((result.status, result.header("x-gx-error")), (413, "too_large"));
    let chunked = format!(
        "POST /gw/local/tap/sync HTTP/1.1\r\nHost: {gateway}\r\nX-Gx: 1\r\nConnection: close\r\n\
         Transfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n8\r\n01234567\r\n0\r\n\r\n"
    );
    assert_eq!(parse(&closed_after(gateway, &chunked).await.0).status, 413);
    assert_eq!(archive.asked().iter().filter(|asked| asked.starts_with("POST")).count(), 1);
}

#[tokio::test]
async fn streams_have_a_cap_that_is_given_back() {
    let address = Archive::serving(|_| {
        Box::pin(async {
            sleep(Duration::from_millis(600)).await;
            answer(200, "", "whole")
        })
    })
    .await;
    let gateway = gateway(&format!("{}[limits]\nstreams_per_ip = 3\n", entry(address))).await;
    for _ in 0..2 {
        let answers = join_all((0..5).map(|_| get(gateway, "/gw/local/tap/x"))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 200, 503, 503]);
        let refused = answers.iter().find(|answer| answer.status == 503).unwrap();
        assert_eq!((refused.header("x-gx-error"), refused.header("retry-after")), ("busy", "5"));
    }
}

#[tokio::test]
async fn connections_have_a_cap() {
    let gateway = gateway("[limits]\nconnections_per_ip = 2\n").await;
    let held = [TcpStream::connect(gateway).await.unwrap(), TcpStream::connect(gateway).await.unwrap()];
    sleep(Duration::from_millis(100)).await;
    assert_eq!(get(gateway, "/").await.status, 503);
    drop(held);
    sleep(Duration::from_millis(100)).await;
    assert_eq!(get(gateway, "/").await.status, 200);
}

#[tokio::test]
async fn an_upload_may_take_longer_than_an_answer() {
    let archive = Archive::answering(|seen| answer(200, "", &seen.body.len().to_string())).await;
    let limits = "[limits]\nanswer = 0.3\nsync_answer = 0.3\n";
    let gateway = gateway(&format!("{}{limits}", entry(archive.address))).await;
    let mut stream = TcpStream::connect(gateway).await.unwrap();
    let head = "POST /gw/local/tap/sync HTTP/1.1\r\nX-Gx: 1\r\nContent-Length: 6\r\nConnection: close\r\n";
    stream.write_all(format!("{head}Host: {gateway}\r\n\r\n").as_bytes()).await.unwrap();
    for _ in 0..6 {
        stream.write_all(b"x").await.unwrap();
        sleep(Duration::from_millis(120)).await;
    }
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(parse(&bytes).text(), "6");
}
