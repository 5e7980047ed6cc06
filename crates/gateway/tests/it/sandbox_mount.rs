//! An archive in the same process: by `/gw/sandbox` for the page, by `/sandbox` for other programs.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gateway::{
    Inside,
    answer::{Body, full},
};
use http::{Request, Response, header};
use http_body_util::BodyExt as _;

use crate::harness::{Answer, ask, gateway_with, get, post, site};

/// Answers with what it was asked; a path that ends in `/go` redirects to a job.
struct Echo;

impl Inside for Echo {
    fn call(&self, request: Request<Body>, base: String) -> BoxFuture<'static, Response<Body>> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            let cookie = parts.headers.get(header::COOKIE).is_some();
            let text = format!("{} {} {} {base} cookie={cookie}", parts.method, parts.uri, body.len());
            let mut response = Response::builder().header(header::SET_COOKIE, "SESSION=1");
            if parts.uri.path().ends_with("/go") {
                response = response.status(303).header(header::LOCATION, format!("{base}/tap-server/tap/async/1"));
            }
            response.body(full(text)).unwrap()
        })
    }
}

async fn mounted() -> std::net::SocketAddr {
    gateway_with("", &site(&[("index.html", "page")]), Some(Arc::new(Echo))).await
}

async fn foreign(gateway: std::net::SocketAddr, method: &str, path: &str, lines: &str) -> Answer {
    ask(gateway, method, path, lines, "").await
}

#[tokio::test]
async fn the_page_reaches_it_as_any_archive() {
    let gateway = mounted().await;
    let result = ask(gateway, "POST", "/gw/sandbox/tap-server/tap/sync?x=1", "X-Gx: 1\nCookie: a=b", "abc").await;
    // Cookies that are not the gateway's own do not pass.
    let expected = format!("POST /tap-server/tap/sync?x=1 3 http://{gateway}/gw/sandbox cookie=false");
    assert_eq!((result.status, result.text()), (200, expected));
    assert!(result.header("set-cookie").starts_with("gx.sandbox."), "{}", result.header("set-cookie"));
    assert_eq!(get(gateway, "/gw/sandbox/other").await.status, 403);
    let created = post(gateway, "/gw/sandbox/tap-server/tap/go", "PHASE=RUN").await;
    assert_eq!((created.status, created.header("location")), (201, "/gw/sandbox/tap-server/tap/async/1"));
    let followed = get(gateway, "/gw/sandbox/tap-server/tap/go").await;
    assert_eq!(followed.header("x-gx-final"), "/gw/sandbox/tap-server/tap/async/1");
    assert!(followed.text().starts_with("GET /tap-server/tap/async/1 0 "), "{}", followed.text());
}

#[tokio::test]
async fn other_programs_see_it_as_it_is() {
    let gateway = mounted().await;
    let result = foreign(gateway, "GET", "/sandbox/tap-server/tap/go?a=%20", "Cookie: a=b").await;
    assert_eq!(result.status, 303);
    assert_eq!(result.header("location"), format!("http://{gateway}/sandbox/tap-server/tap/async/1"));
    assert_eq!(result.header("set-cookie"), "SESSION=1");
    let expected = format!("GET /tap-server/tap/go?a=%20 0 http://{gateway}/sandbox cookie=true");
    assert_eq!(result.text(), expected);
    assert_eq!(result.header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(foreign(gateway, "GET", "/sandbox/../x", "").await.status, 400);
    for lines in ["X-Forwarded-For: 192.0.2.1", "Origin: http://evil.example", "Sec-Fetch-Site: cross-site"] {
        assert_eq!(foreign(gateway, "POST", "/sandbox/tap-server/tap/async", lines).await.status, 403, "{lines}");
    }
}

#[tokio::test]
async fn without_one_it_is_not_there() {
    let config =
        "[sandbox]\nenabled = false\n[[archive]]\nid = \"a\"\ntitle = \"A\"\nurl = \"https://a.example/tap\"\n";
    let gateway = gateway_with(config, &site(&[("index.html", "page")]), None).await;
    assert_eq!(get(gateway, "/gw/sandbox/tap-server/tap").await.status, 404);
    assert_eq!(foreign(gateway, "GET", "/sandbox/tap-server/tap", "").await.status, 404);
}
