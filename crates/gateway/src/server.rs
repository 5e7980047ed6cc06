//! The accept loop: HTTP/1.1 connections with a clock on each of their silences.
//!
//! Written by hand because the usual one has no defense against slow clients (decision D8): a connection must send its
//! first byte, then its heads, within limits; its buffers are small; and the number of connections is capped.

use std::{convert::Infallible, future::Future, net::SocketAddr, sync::Arc, time::Duration};

use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    Gateway,
    limits::{Counter, Slot, seconds},
};

/// Buffer of a connection for either way, and the most that a head may have.
const BUFFER: usize = 64 * 1024;

/// Serves until `stop` is ready; then open requests have the time of grace to end.
pub async fn serve(listener: TcpListener, gateway: Arc<Gateway>, stop: impl Future<Output = ()>) {
    let limits = &gateway.config.limits;
    let counter = Counter::new(limits.connections, limits.connections_per_ip);
    let (ending, ended) = watch::channel(false);
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        // Ends of connections are collected as they come, or the set would grow for ever.
        while connections.try_join_next().is_some() {}
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => match counter.enter(peer.ip()) {
                Some(slot) => {
                    connections.spawn(connection(stream, peer, slot, Arc::clone(&gateway), ended.clone()));
                }
                None => refuse(&stream),
            },
            // Out of file descriptors, or a client that left at once: neither is a reason to end.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    let _ = ending.send(true);
    let _ =
        timeout(seconds(gateway.config.limits.grace), async { while connections.join_next().await.is_some() {} }).await;
    connections.shutdown().await;
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    _slot: Slot,
    gateway: Arc<Gateway>,
    mut ended: watch::Receiver<bool>,
) {
    let limits = &gateway.config.limits;
    // hyper's clock starts when hyper first reads; a connection that says nothing must not get that far.
    let mut byte = [0];
    let first = tokio::select! {
        first = timeout(seconds(limits.first_byte), stream.peek(&mut byte)) => first,
        () = told(&mut ended) => return,
    };
    if !matches!(first, Ok(Ok(1..))) {
        return;
    }
    // An answer's last, short piece should not wait for an acknowledgement.
    let _ = stream.set_nodelay(true);
    let answering = Arc::clone(&gateway);
    let service = service_fn(move |request: Request<Incoming>| {
        let gateway = Arc::clone(&answering);
        async move { Ok::<_, Infallible>(gateway.answer(request, peer.ip()).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(seconds(limits.header))
        .max_buf_size(BUFFER)
        .max_header_size(BUFFER)
        .keep_alive(true)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(served);
    tokio::select! {
        // A broken connection is the client's affair; what it asked for is dropped with it.
        _ = served.as_mut() => {}
        () = told(&mut ended) => {
            served.as_mut().graceful_shutdown();
            let _ = served.await;
        }
    }
}

/// Ready when the gateway is to end.
async fn told(ended: &mut watch::Receiver<bool>) {
    let _ = ended.wait_for(|ended| *ended).await;
}

/// Tells one client too many to come later, without waiting for it.
fn refuse(stream: &TcpStream) {
    let _ = stream.try_write(
        b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
}
