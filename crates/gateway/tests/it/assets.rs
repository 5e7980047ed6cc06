//! The built page: types, caching, compressed forms, policies, and nothing outside its folder.

use crate::harness::{ask, gateway_with, get, raw, site};

const HASHED: &str = "parallax-0123456789abcdef_bg.wasm";

fn files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("index.html", "<!doctype html><script type=module>init()</script>"),
        ("index.html.br", "brotli form"),
        ("index.html.gz", "gzip form"),
        (HASHED, "wasm"),
        ("worker-0123456789abcdef.js", "onmessage"),
        ("nested/index.html", "nested"),
        (".hidden", "secret"),
    ]
}

#[tokio::test]
async fn the_page_is_served_with_its_policy() {
    let gateway = gateway_with("", &site(&files()), None).await;
    for path in ["/", "/index.html", "/?x=1"] {
        let page = ask(gateway, "GET", path, "", "").await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        let policy = page.header("content-security-policy");
        // echo -n 'init()' | openssl dgst -sha256 -binary | base64
        assert!(
            policy
                .contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-w4ujnOpjBoH2vcasx+reJRUwYivG8Q3afx/XevGJod8='"),
            "{policy}"
        );
        for part in ["default-src 'none'", "frame-ancestors 'self'", "object-src 'none'", "form-action 'none'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert_eq!(page.header("cache-control"), "no-cache");
        assert_eq!(page.header("vary"), "Accept-Encoding");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(page.header("strict-transport-security"), "");
    }
    let worker = get(gateway, "/worker-0123456789abcdef.js").await;
    let policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
    assert_eq!(worker.header("content-security-policy"), policy);
    assert_eq!(get(gateway, "/nested/").await.text(), "nested");
    assert_eq!(get(gateway, "/nested").await.status, 404);
}

#[tokio::test]
async fn hashed_files_are_kept_and_others_are_asked_for() {
    let gateway = gateway_with("", &site(&files()), None).await;
    let wasm = get(gateway, &format!("/{HASHED}")).await;
    assert_eq!(wasm.header("content-type"), "application/wasm");
    assert_eq!(wasm.header("cache-control"), "public, max-age=31536000, immutable");
    let page = get(gateway, "/").await;
    let tag = page.header("etag");
    for list in [tag.to_owned(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let again = ask(gateway, "GET", "/", &format!("If-None-Match: {list}"), "").await;
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, tag), "{list}");
    }
    assert_eq!(ask(gateway, "GET", "/", "If-None-Match: \"x\"", "").await.status, 200);
    let head = ask(gateway, "HEAD", "/", "", "").await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), page.body.len().to_string());
    assert_eq!(ask(gateway, "POST", "/", "", "x").await.status, 405);
}

#[tokio::test]
async fn compressed_forms_go_to_those_who_take_them() {
    let gateway = gateway_with("", &site(&files()), None).await;
    let check = async |accept: &str, coding: &str, text: &str| {
        let page = ask(gateway, "GET", "/", &format!("Accept-Encoding: {accept}"), "").await;
        assert_eq!((page.header("content-encoding"), page.text().as_str()), (coding, text), "{accept}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        page.header("etag").to_owned()
    };
    let brotli = check("gzip, deflate, br", "br", "brotli form").await;
    let gzip = check("gzip;q=0.9", "gzip", "gzip form").await;
    let plain = check("br;q=0", "", files()[0].1).await;
    assert!(brotli != gzip && gzip != plain);
    assert!(
        ask(gateway, "GET", "/", "Accept-Encoding: br", "").await.header("content-security-policy").contains("sha256-")
    );
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let folder = site(&files());
    std::fs::write(folder.parent().unwrap().join("outside.txt"), "secret").unwrap();
    let gateway = gateway_with("", &folder, None).await;
    for path in [
        "/../outside.txt",
        "/..%2foutside.txt",
        "/%2e%2e/outside.txt",
        "/nested/../../outside.txt",
        "/..\\outside.txt",
        "/.hidden",
        "/%2ehidden",
        "//etc/passwd",
        "/%00",
        "/missing",
        "/nested/../index.html",
        "/%252e%252e/outside.txt",
    ] {
        let message = format!("GET {path} HTTP/1.1\r\nHost: {gateway}\r\nConnection: close\r\n\r\n");
        let result = raw(gateway, &message).await;
        assert!((400..500).contains(&result.status), "{path}: {}", result.status);
        assert!(!result.text().contains("secret"), "{path}");
        assert_eq!(result.header("x-content-type-options"), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn hsts_is_sent_behind_tls_only() {
    let config = "[server]\nhsts = true\npublic_url = \"https://gaia.example.edu\"\n";
    let gateway = gateway_with(config, &site(&files()), None).await;
    assert_eq!(get(gateway, "/").await.header("strict-transport-security"), "max-age=31536000");
    let listed = get(gateway, "/archives.json").await.json();
    assert_eq!(listed[0]["public_url"], "https://gaia.example.edu/sandbox");
}
