//! The program itself: its command line, its one line, its end.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use crate::harness::{ask, get, site};

const CONFIG: &str =
    "[sandbox]\nenabled = false\n[[archive]]\nid = \"a\"\ntitle = \"A\"\nurl = \"https://a.example/tap\"\n";

/// A gateway that ends with its test, also when that fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn gateway(arguments: &[&str]) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gateway"));
    Running(command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
}

#[tokio::test]
async fn it_says_where_it_listens_and_ends_when_told() {
    let folder = site(&[("index.html", "page"), ("gateway.toml", CONFIG)]);
    let config = folder.join("gateway.toml");
    for signal in ["-TERM", "-INT"] {
        let arguments =
            ["--listen", "127.0.0.1:0", "--site", folder.to_str().unwrap(), "--config", config.to_str().unwrap()];
        let mut child = gateway(&arguments);
        let address = address(&mut child);
        assert_eq!(get(address, "/").await.text(), "page");
        assert_eq!(get(address, "/archives.json").await.json()[0]["id"], "a");
        end(child, signal);
    }
}

#[tokio::test]
async fn the_sandbox_answers_the_page_and_other_programs() {
    let folder = site(&[("index.html", "page")]);
    let arguments = ["--listen", "127.0.0.1:0", "--site", folder.to_str().unwrap(), "--sources", "2000"];
    let mut child = gateway(&arguments);
    let address = address(&mut child);
    let query = "REQUEST=doQuery&LANG=ADQL&FORMAT=csv&QUERY=SELECT+TOP+3+source_id+FROM+gaiadr3.gaia_source";
    let page = post_form(address, "/gw/sandbox/tap-server/tap/sync", "X-Gx: 1", query).await;
    assert_eq!((page.status, page.text().lines().count()), (200, 4), "{}", page.text());
    let program = post_form(address, "/sandbox/tap-server/tap/sync", "", query).await;
    assert_eq!(program.text(), page.text());

    let created = post_form(address, "/gw/sandbox/tap-server/tap/async", "X-Gx: 1", query).await;
    assert_eq!(created.status, 201);
    let job = created.header("location").to_owned();
    assert!(job.starts_with("/gw/sandbox/tap-server/tap/async/"), "{job}");
    assert_eq!(get(address, &format!("{job}/phase")).await.text().trim(), "PENDING");
    assert_eq!(ask(address, "DELETE", &job, "X-Gx: 1", "").await.status, 201);
    assert_eq!(get(address, &format!("{job}/phase")).await.status, 404);

    let created = post_form(address, "/sandbox/tap-server/tap/async", "", query).await;
    assert_eq!(created.status, 303);
    let location = format!("http://{address}/sandbox/tap-server/tap/async/");
    assert!(created.header("location").starts_with(&location), "{}", created.header("location"));
    end(child, "-TERM");
}

#[tokio::test]
async fn the_sandbox_knows_the_operators_users_and_notice() {
    let users = "[[user]]\nlogin = \"ada\"\nname = \"Ada\"\npassword = \"secret\"\n";
    let folder = site(&[("index.html", "page"), ("users.toml", users)]);
    let file = folder.join("users.toml");
    let arguments = ["--listen", "127.0.0.1:0", "--site", folder.to_str().unwrap(), "--sources", "2000"];
    let more = ["--users", file.to_str().unwrap(), "--banner", "Down on Monday"];
    let mut child = gateway(&[&arguments[..], &more[..]].concat());
    let address = address(&mut child);
    for (form, status) in [
        ("username=ada&password=secret", 200),
        ("username=demo&password=demo", 200),
        ("username=ada&password=other", 401),
    ] {
        assert_eq!(post_form(address, "/sandbox/tap-server/login", "", form).await.status, status, "{form}");
    }
    let path = "/sandbox/tap-server/tap/notification?action=GetNotifications";
    let text = get(address, path).await.text();
    assert!(text.ends_with("[type: -100,-1]=Down on Monday"), "{text}");
    end(child, "-TERM");
}

async fn post_form(address: SocketAddr, path: &str, lines: &str, form: &str) -> crate::harness::Answer {
    ask(address, "POST", path, &format!("Content-Type: application/x-www-form-urlencoded\n{lines}"), form).await
}

/// The address in the one line of a gateway that has started.
fn address(child: &mut Running) -> SocketAddr {
    let mut line = String::new();
    BufReader::new(child.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    line.trim().strip_prefix("Parallax: http://").unwrap().strip_suffix('/').unwrap().parse().unwrap()
}

#[track_caller]
fn end(mut child: Running, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.0.id().to_string()]).status().unwrap().success());
    assert_eq!(child.0.wait().unwrap().code(), Some(0), "{signal}");
}

#[test]
fn it_says_why_it_does_not_start() {
    let folder = site(&[("index.html", "page"), ("bad.toml", "[[archive]]\nid = \"a b\"\ntitle = \"A\"\n")]);
    let (root, bad) = (folder.to_str().unwrap(), folder.join("bad.toml"));
    let check = |arguments: &[&str], words: &str| {
        let mut child = gateway(arguments);
        assert_eq!(child.0.wait().unwrap().code(), Some(1), "{arguments:?}");
        let mut text = String::new();
        child.0.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        assert!(text.contains(words), "{text}");
    };
    check(&[], "usage: gateway --listen");
    check(&["--listen", "127.0.0.1:0", "--site", root, "--config", bad.to_str().unwrap()], "line 2, [[archive]] id");
    check(&["--listen", "127.0.0.1:0", "--site", root, "--config", "missing.toml"], "missing.toml");
    check(&["--listen", "nowhere", "--site", root], "cannot listen on nowhere");
    let users = ["--listen", "127.0.0.1:0", "--site", root, "--users", bad.to_str().unwrap()];
    check(&users, "line 1: unknown field `archive`");
}

#[tokio::test]
async fn faults_are_asked_for_below_the_mount() {
    let folder = site(&[("index.html", "page")]);
    let arguments = ["--listen", "127.0.0.1:0", "--site", folder.to_str().unwrap(), "--sources", "2000", "--faults"];
    let mut child = gateway(&arguments);
    let address = address(&mut child);
    let tables = "/gw/sandbox/tap-server/tap/tables?only_schemas=true";
    assert_eq!(get(address, tables).await.status, 200);
    assert_eq!(get(address, "/gw/sandbox/fault/status:507/tap-server/tap/tables").await.status, 507);
    // A job made below a fault stays below it.
    let job =
        post_form(address, "/gw/sandbox/fault/phase:HELD/tap-server/tap/async", "X-Gx: 1", "QUERY=SELECT+1").await;
    let location = job.header("location").to_owned();
    assert!(location.starts_with("/gw/sandbox/fault/phase:HELD/tap-server/tap/async/"), "{location}");
    assert_eq!(get(address, &format!("{location}/phase")).await.text(), "HELD");
    // Armed from outside, seen by the page, as often as was said.
    for (path, lines) in [("/sandbox/fault/arm", ""), ("/gw/sandbox/fault/arm", "X-Gx: 1")] {
        let armed = post_form(address, path, lines, "fault=status:503,retry:7&path=*/tables&count=1").await;
        assert_eq!((armed.status, armed.text()), (200, "armed".to_owned()), "{path}");
        let refused = get(address, tables).await;
        assert_eq!((refused.status, refused.header("retry-after")), (503, "7"), "{path}");
        assert_eq!(get(address, tables).await.status, 200, "{path}");
    }
    // A connection that is reset is reset for the page too: no head arrives.
    let broken = tokio::task::spawn_blocking(move || {
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let path = "/gw/sandbox/fault/reset/tap-server/tap/tables";
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    });
    assert_eq!(broken.await.unwrap(), "");
    end(child, "-TERM");
}
