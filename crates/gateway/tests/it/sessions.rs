//! Signing in to an archive through the gateway: to both of its programs or to none, in cookies that stay with the gateway.

use std::net::SocketAddr;

use gateway::answer::Body;
use http::Response;

use crate::harness::{Answer, Archive, Seen, answer, ask, entry, gateway, get};

const FORM: &str = "username=jo&password=s%26cret";

/// An archive with two programs, of which the second may not let anybody in.
async fn two_programs(second: u16) -> Archive {
    Archive::answering(move |seen| reply(seen, second)).await
}

fn reply(seen: &Seen, second: u16) -> Response<Body> {
    let right = seen.body == FORM;
    match seen.target.as_str() {
        "/tap-server/login" if right => answer(
            200,
            "set-cookie: JSESSIONID=x; Path=/tap-server\nset-cookie: SESSION=one; Path=/tap-server; Secure; HttpOnly",
            "ok",
        ),
        "/data-server/login" if right && second == 200 => {
            answer(200, "set-cookie: SESSION=two; Path=/data-server; HttpOnly", "ok")
        }
        "/data-server/login" if right => answer(second, "", "no"),
        "/tap-server/login" | "/data-server/login" => answer(401, "", "no"),
        "/tap-server/logout" | "/data-server/logout" => answer(200, "", "bye"),
        "/tap-server/tap/renew" => answer(200, "set-cookie: SESSION=three; Path=/tap-server", ""),
        _ => {
            let cookie = seen.headers.get("cookie").map_or("none", |value| value.to_str().unwrap());
            answer(200, "content-type: text/plain", cookie)
        }
    }
}

fn config(archive: &Archive, login: bool) -> String {
    let address = archive.address;
    format!(
        "[[archive]]\nid = \"two\"\ntitle = \"Two\"\npublic_url = \"http://{address}\"\ntap = \"/tap-server/tap\"\n\
         data = \"/data-server\"\nprefixes = [\"/tap-server\", \"/data-server\"]\nallow_private = true\nlogin = {login}\n"
    )
}

async fn post(gateway: SocketAddr, path: &str, cookies: &str, body: &str) -> Answer {
    ask(gateway, "POST", path, &format!("X-Gx: 1\nCookie: {cookies}"), body).await
}

async fn read(gateway: SocketAddr, path: &str, cookies: &str) -> String {
    ask(gateway, "GET", path, &format!("X-Gx: 1\nCookie: {cookies}"), "").await.text()
}

/// What a browser sends after an answer that set cookies.
fn cookies(answer: &Answer) -> String {
    let lines = answer.header("set-cookie").lines().filter(|line| !line.contains("Max-Age=0"));
    lines.map(|line| line.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn one_form_signs_in_to_both_programs() {
    let archive = two_programs(200).await;
    let gateway = gateway(&config(&archive, true)).await;
    let entered = post(gateway, "/gw/two/_login", "", FORM).await;
    assert_eq!(entered.status, 200, "{}", entered.text());
    assert_eq!(entered.json()["user"], "jo");
    assert!(!entered.text().contains("s&cret"));
    for line in entered.header("set-cookie").lines() {
        // Plain http on this machine: neither prefix nor Secure.
        assert!(line.starts_with("gx.two.") && line.contains("Path=/; HttpOnly; SameSite=Lax"), "{line}");
    }
    let cookies = cookies(&entered);
    assert_eq!(read(gateway, "/gw/two/tap-server/tap/x", &cookies).await, "JSESSIONID=x; SESSION=one");
    assert_eq!(read(gateway, "/gw/two/data-server/x", &format!("{cookies}; other=1")).await, "SESSION=two");
    let who: serde_json::Value = serde_json::from_str(&read(gateway, "/_session", &cookies).await).unwrap();
    assert_eq!((&who["two"]["user"], &who["sandbox"]), (&"jo".into(), &serde_json::Value::Null));
    assert!(!who.to_string().contains("one"), "{who}");

    let renewed = ask(gateway, "GET", "/gw/two/tap-server/tap/renew", "X-Gx: 1", "").await;
    assert!(renewed.header("set-cookie").contains(".SESSION=three;"), "{}", renewed.header("set-cookie"));

    let left = post(gateway, "/gw/two/_logout", &cookies, "").await;
    assert_eq!((left.status, left.header("clear-site-data")), (200, "\"cache\""));
    assert_eq!(left.json()["ended"], true);
    assert_eq!(left.header("set-cookie").lines().filter(|line| line.contains("Max-Age=0")).count(), 4);
    let asked = archive.asked();
    assert!(
        asked.contains(&"POST /tap-server/logout".to_owned()) && asked.contains(&"POST /data-server/logout".to_owned())
    );
}

#[tokio::test]
async fn who_is_refused_by_one_is_signed_in_to_none() {
    let archive = two_programs(401).await;
    let gateway = gateway(&config(&archive, true)).await;
    let refused = post(gateway, "/gw/two/_login", "", FORM).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (502, Some("login_partly")));
    assert_eq!(refused.header("set-cookie"), "");
    let last = archive.seen.lock().unwrap().last().unwrap().clone();
    assert_eq!(last.target, "/tap-server/logout");
    assert_eq!(last.headers["cookie"], "JSESSIONID=x; SESSION=one");

    let wrong = post(gateway, "/gw/two/_login", "", "username=jo&password=no").await;
    assert_eq!((wrong.status, wrong.json()["code"].as_str()), (401, Some("login_refused")));
    let broken = two_programs(503).await;
    let gateway = crate::harness::gateway(&config(&broken, true)).await;
    let down = post(gateway, "/gw/two/_login", "", FORM).await;
    assert_eq!((down.status, down.json()["code"].as_str()), (502, Some("login_unavailable")));
}

#[tokio::test]
async fn signing_in_is_off_unless_the_operator_wants_it() {
    let archive = two_programs(200).await;
    let gateway = gateway(&config(&archive, false)).await;
    let refused = post(gateway, "/gw/two/_login", "", FORM).await;
    assert_eq!((refused.status, refused.json()["code"].as_str()), (403, Some("login_off")));
    assert!(archive.asked().is_empty(), "no password leaves the gateway");
    assert_eq!(read(gateway, "/gw/two/tap-server/tap/x", "gx.two.2f.SESSION=1").await, "none");
    assert!(ask(gateway, "GET", "/gw/two/tap-server/tap/renew", "X-Gx: 1", "").await.header("set-cookie").is_empty());
    let listed = get(gateway, "/archives.json").await.json();
    assert_eq!((&listed[0]["login"], &listed[1]["login"]), (&true.into(), &serde_json::Value::Null));
}

#[tokio::test]
async fn nobody_else_signs_a_browser_in_or_out() {
    let archive = two_programs(200).await;
    let gateway = gateway(&config(&archive, true)).await;
    for path in ["/gw/two/_login", "/gw/two/_logout"] {
        for lines in ["Sec-Fetch-Site: cross-site\nX-Gx: 1", "Origin: http://evil.example", ""] {
            assert_eq!(ask(gateway, "POST", path, lines, FORM).await.status, 403, "{path} {lines}");
        }
        assert_eq!(get(gateway, path).await.status, 405);
    }
    assert_eq!(ask(gateway, "GET", "/_session", "Sec-Fetch-Site: cross-site", "").await.status, 403);
    assert_eq!(post(gateway, "/gw/two/_login", "", &"x".repeat(10_000)).await.status, 400);
    assert_eq!(post(gateway, "/gw/two/_login", "", "username=jo").await.status, 400);
    assert!(archive.asked().is_empty());
}

#[tokio::test]
async fn behind_tls_cookies_belong_to_the_host_alone() {
    let archive = two_programs(200).await;
    let text = format!("{}[server]\npublic_url = \"https://gaia.example.edu\"\n", config(&archive, true));
    let gateway = gateway(&text).await;
    let entered = post(gateway, "/gw/two/_login", "", FORM).await;
    for line in entered.header("set-cookie").lines() {
        assert!(line.starts_with("__Host-gx.two.") && line.contains("; Path=/; Secure; HttpOnly"), "{line}");
    }
    let cookies = cookies(&entered);
    assert_eq!(read(gateway, "/gw/two/data-server/x", &cookies).await, "SESSION=two");
}

#[tokio::test]
async fn a_plain_service_has_no_second_program() {
    let archive = Archive::answering(|seen| match seen.target.as_str() {
        "/login" => answer(200, "set-cookie: S=1; Path=/", ""),
        _ => answer(404, "", ""),
    })
    .await;
    let gateway = gateway(&format!("{}login = true\n", entry(archive.address))).await;
    assert_eq!(post(gateway, "/gw/local/_login", "", FORM).await.status, 200);
}
