//! Redirects of an archive: 201 for changes, followed inside for reading, blocked when they lead away.

use http::Method;

use crate::harness::{Archive, answer, ask, entry, gateway, get, post};

#[tokio::test]
async fn a_created_job_has_an_address_on_the_gateway() {
    let archive = Archive::answering(|seen| {
        let host = seen.headers["host"].to_str().unwrap();
        let location = match seen.target.as_str() {
            "/tap/async" => format!("http://{host}/tap/async/7?x=1"),
            "/tap/async/7/phase" => "/tap/async/7".to_owned(),
            "/tap/async/7" => "..".to_owned(),
            _ => format!("http://{}/__system__/tap/run/async/8", host.replace("127.0.0.1", "localhost")),
        };
        answer(303, &format!("location: {location}\ncontent-type: text/plain\nset-cookie: a=b"), "\n")
    })
    .await;
    let gateway = gateway(&entry(archive.address)).await;
    let check = async |method: &str, path: &str, location: &str| {
        let result = ask(gateway, method, path, "X-Gx: 1", "PHASE=RUN").await;
        assert_eq!(result.status, 201, "{path}");
        assert_eq!(result.header("location"), location, "{path}");
        assert_eq!(result.header("x-gx-upstream-status"), "303", "{path}");
        assert_eq!(result.header("set-cookie"), "");
    };
    check("POST", "/gw/local/tap/async", "/gw/local/tap/async/7?x=1").await;
    check("POST", "/gw/local/tap/async/7/phase", "/gw/local/tap/async/7").await;
    check("DELETE", "/gw/local/tap/async/7", "/gw/local/tap/").await;
    check("POST", "/gw/local/tap/dachs", "/gw/local/__system__/tap/run/async/8").await;
    // Nothing was followed: the list after a DELETE takes some archives many seconds.
    assert_eq!(archive.asked().len(), 4);
}

#[tokio::test]
async fn a_job_elsewhere_is_told_and_not_followed() {
    let archive = Archive::answering(|seen| match (&seen.method, seen.target.as_str()) {
        (&Method::POST, "/tap/moved") => answer(308, "location: /tap/here", ""),
        (_, "/tap/path") => answer(303, "location: /admin", ""),
        (_, "/tap/script") => answer(303, "location: javascript:alert(1)", ""),
        _ => answer(302, "location: http://evil.example/tap/async/1", ""),
    })
    .await;
    let gateway = gateway(&entry(archive.address)).await;
    for (path, url) in [
        ("async", "http://evil.example/tap/async/1"),
        ("moved", "/tap/here"),
        ("path", "/admin"),
        ("script", "javascript:alert(1)"),
    ] {
        let result = post(gateway, &format!("/gw/local/tap/{path}"), "a=b").await;
        assert_eq!((result.status, result.header("x-gx-error")), (502, "redirect_blocked"), "{path}");
        assert_eq!(result.json()["url"], url);
        assert_eq!(result.json()["archive"], "local");
        assert_eq!(result.header("location"), "");
    }
    assert_eq!(get(gateway, "/gw/local/tap/x").await.header("x-gx-error"), "redirect_blocked");
    // What was to be deleted is deleted; where the archive would go from there does not matter.
    let result = ask(gateway, "DELETE", "/gw/local/tap/async/1", "X-Gx: 1", "").await;
    assert_eq!((result.status, result.header("location")), (201, ""));
}

#[tokio::test]
async fn reading_is_followed_within_the_archive() {
    let archive = Archive::answering(|seen| match seen.target.as_str() {
        "/tap/async/1/error" => answer(303, "location: error/details", "\n"),
        "/tap/async/1/error/details" => answer(307, "location: /tap/x?y=1", "\n"),
        "/tap/x?y=1" => answer(200, "content-type: text/xml", "<VOTABLE/>"),
        other => answer(302, &format!("location: {other}x"), ""),
    })
    .await;
    let gateway = gateway(&entry(archive.address)).await;
    let result = get(gateway, "/gw/local/tap/async/1/error").await;
    assert_eq!((result.status, result.text().as_str()), (200, "<VOTABLE/>"));
    assert_eq!(result.header("x-gx-final"), "/gw/local/tap/x?y=1");
    assert_eq!(archive.asked().len(), 3);
    assert_eq!(get(gateway, "/gw/local/tap/x?y=1").await.header("x-gx-final"), "");

    let result = get(gateway, "/gw/local/tap/loop").await;
    assert_eq!((result.status, result.header("x-gx-error")), (502, "too_many_redirects"));
    assert_eq!(archive.asked().len(), 3 + 1 + 6);
}
