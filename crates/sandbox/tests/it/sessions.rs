//! Signing in and out, whom a request comes from, whose a job is; and the archive's older ways.

use std::time::Duration;

use http::Method;
use sandbox::{Account, Base};

use crate::service::{BASE, Client, Service, delete, get, id, post};

const QUERY: &str = "SELECT TOP 3 ra FROM gaiadr3.gaia_source";

/// The owner of a job that a request with these cookies makes.
fn owner(service: &Service, cookies: &str) -> String {
    let client = Client { service, cookies: cookies.to_owned() };
    let id = client.submit(QUERY, &[]);
    client.get(&format!("async/{id}/owner")).text()
}

/// Signs out of one of the two servers; the cookies that are then taken back.
fn sign_out(client: &Client<'_>, context: &str) -> Vec<String> {
    let response = client.send(post(&format!("{context}/logout"), &[]));
    assert_eq!(response.status, 200);
    response.cookies().into_iter().map(str::to_owned).collect()
}

#[test]
fn cookies_have_the_attributes_that_were_recorded() {
    let service = Service::new();
    for (context, base, secure) in [
        ("/tap-server", BASE, ""),
        ("/data-server", BASE, ""),
        ("/tap-server", "https://archive.test/sandbox", "; Secure"),
    ] {
        let mut request = post(&format!("{context}/login"), &[("username", "demo"), ("password", "demo")]);
        request.extensions_mut().insert(Base(base.to_owned()));
        let response = service.send(request);
        assert_eq!((response.status, response.text()), (200, "OK: demo\n".to_owned()));
        assert_eq!(response.header("content-type"), "text/plain; charset=UTF-8");
        assert_eq!(response.header("cache-control"), "no-cache, no-store, max-age=0, must-revalidate");
        assert_eq!(response.header("x-frame-options"), "SAMEORIGIN");
        let cookies = response.cookies();
        let [other, session] = cookies[..] else { panic!("{cookies:?}") };
        let value = |line: &str| line.split(['=', ';']).nth(1).unwrap().to_owned();
        assert!(value(session).len() >= 20 && value(session) != value(other));
        let path = format!("Path=/sandbox{context}{secure}; HttpOnly");
        assert_eq!(other, format!("JSESSIONID={}; {path}", value(other)));
        assert_eq!(session, format!("SESSION={}; {path}; SameSite=Lax", value(session)));
    }
}

#[test]
fn the_session_cookie_alone_says_who_asks() {
    let service = Service::new();
    let client = service.login("demo");
    let (other, session) = client.cookies.split_once("; ").unwrap();
    assert!(other.starts_with("JSESSIONID=") && session.starts_with("SESSION="));
    assert_eq!(owner(&service, session), "demo");
    assert_eq!(owner(&service, &client.cookies), "demo");
    assert_eq!(owner(&service, other), "anonymous");
    let value = session.split_once('=').unwrap().1;
    for wrong in ["SESSION=1", "session=1", &format!("JSESSIONID={value}"), &format!("XSESSION={value}")] {
        assert_eq!(owner(&service, wrong), "anonymous", "{wrong}");
    }
    assert_eq!(
        owner(&service, &format!("a=b; SESSION=stale; {session}")),
        "demo",
        "another path may have one of this name"
    );
}

#[test]
fn the_two_servers_have_sessions_of_their_own() {
    let service = Service::new();
    let (tap, data) = (service.login("demo"), service.login_at("/data-server", "demo"));
    assert_eq!([owner(&service, &tap.cookies), owner(&service, &data.cookies)], ["demo", "anonymous"]);
    sign_out(&tap, "/data-server");
    assert_eq!(owner(&service, &tap.cookies), "demo", "a logout there is none here");
    let gone = sign_out(&tap, "/tap-server");
    assert_eq!(
        gone,
        ["JSESSIONID", "SESSION"].map(|name| format!("{name}=; Path=/sandbox/tap-server; HttpOnly; Max-Age=0"))
    );
    assert_eq!(owner(&service, &tap.cookies), "anonymous");
    assert_eq!(service.send(post("/tap-server/logout", &[])).status, 200, "nobody is none the worse for it");
}

#[test]
fn a_failed_login_is_no_login() {
    let service = Service::new();
    for (user, password) in
        [("demo", "wrong"), ("demo", ""), ("nobody", "nobody"), ("Demo", "demo"), ("anonymous", "anonymous")]
    {
        let response = service.send(post("/tap-server/login", &[("username", user), ("password", password)]));
        assert_eq!(response.status, 401, "{user}");
        assert!(response.message().contains("Login failed"), "{}", response.message());
        assert!(response.cookies().is_empty() && !response.headers.contains_key("www-authenticate"));
    }
    let long = "x".repeat(100_000);
    let response = service.send(post("/tap-server/login", &[("username", "demo"), ("password", &long)]));
    assert_eq!(response.status, 401);
    assert_eq!(service.send(post("/tap-server/login", &[("password", "demo")])).status, 400);
    assert_eq!(service.send(get("/tap-server/login?username=demo&password=demo")).status, 405);
    assert_eq!(service.send(delete("/tap-server/logout")).status, 405);
}

#[test]
fn an_expired_session_is_nobody_without_a_word() {
    let service = Service::with(|config| config.session_time = Duration::from_secs(600));
    let client = service.login("demo");
    let mine = client.submit(QUERY, &[]);
    let public = service.submit(QUERY, &[]);
    service.pass(Duration::from_secs(599));
    let list = client.get("async").text();
    assert!(list.contains(&mine) && !list.contains(&public), "{list}");
    service.pass(Duration::from_secs(599));
    assert_eq!(client.get(&format!("async/{mine}")).status, 200, "it was used meanwhile");
    service.pass(Duration::from_secs(600));
    let list = client.get("async");
    assert_eq!(list.status, 200);
    assert!(list.text().contains(&public) && !list.text().contains(&mine), "{}", list.text());
    assert_eq!(client.get(&format!("async/{mine}")).status, 403);
}

#[test]
fn a_job_is_its_owners_alone() {
    let service = Service::new();
    let (demo, teacher) = (service.login("demo"), service.login("teacher"));
    let job = demo.submit(QUERY, &[("PHASE", "RUN")]);
    service.work();
    let message = |user: &str| format!("User '{user}' is not authorized to use job '{job}'.");
    let parts = [
        "",
        "/phase",
        "/parameters",
        "/parameters/query",
        "/quote",
        "/owner",
        "/executionduration",
        "/destruction",
        "/results",
        "/results/result",
        "/error",
        "/error/details",
    ];
    for part in parts {
        let path = format!("async/{job}{part}");
        for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE] {
            let request = || {
                let mut request =
                    post(&format!("/tap-server/tap/{path}"), &[("PHASE", "ABORT"), ("DESTRUCTION", "2030-01-01")]);
                *request.method_mut() = method.clone();
                request
            };
            let response = teacher.send(request());
            assert_eq!((response.status, response.message()), (403, message("teacher")), "{method} {path}");
            let response = service.send(request());
            assert_eq!((response.status, response.message()), (403, message("anonymous")), "{method} {path}");
        }
    }
    assert_eq!(demo.get(&format!("async/{job}/phase")).text(), "COMPLETED");
    assert_eq!(demo.get(&format!("async/{job}/results/result")).table().0.rows(), 3);
    let own = format!("SELECT COUNT(*) AS n FROM job_upload.\"job{job}\"");
    assert_eq!(demo.query(&own, "csv").csv(), [["3"]]);
    for response in [teacher.query(&own, "csv"), service.query(&own, "csv")] {
        assert_eq!(response.status, 400);
        assert!(!response.text().contains("demo"), "{}", response.text());
    }
    for client in [&teacher, &Client { service: &service, cookies: "none=1".to_owned() }] {
        let report = client.post("deletejobs", &[("JOB_IDS", &format!("{job},1"))]);
        assert_eq!(report.status, 200);
        let text = report.text();
        assert!(
            text.contains(&format!("Job '{job}' is not yours")) && text.contains("Job '1' does not exist"),
            "{text}"
        );
    }
    assert_eq!(demo.get(&format!("async/{job}")).status, 200, "it is still there");
    assert!(demo.post("deletejobs", &[("JOB_IDS", &job)]).text().contains("removed"));
    assert_eq!(demo.get(&format!("async/{job}")).status, 404);
}

#[test]
fn a_job_of_nobody_is_read_by_whoever_knows_it() {
    let service = Service::new();
    let demo = service.login("demo");
    let job = service.submit(QUERY, &[("PHASE", "RUN")]);
    service.work();
    assert_eq!(demo.get(&format!("async/{job}/results/result")).table().0.rows(), 3);
    assert!(!demo.get("async").text().contains(&job), "but it is not in the user's list");
}

#[test]
fn lists_are_of_their_owner() {
    let service = Service::new();
    let (demo, teacher) = (service.login("demo"), service.login("teacher"));
    let jobs = [demo.submit(QUERY, &[]), teacher.submit(QUERY, &[]), service.submit(QUERY, &[])];
    for (client, text) in [(Some(&demo), "1 AS demos"), (Some(&teacher), "1 AS teachers"), (None, "1 AS nobodys")] {
        let query = format!("SELECT {text} FROM tap_schema.tables");
        let response = match client {
            Some(client) => client.query(&query, "csv"),
            None => service.query(&query, "csv"),
        };
        assert_eq!(response.status, 200, "{}", response.text());
    }
    let owners = ["demo", "teacher", "anonymous"];
    for (number, client) in [Some(&demo), Some(&teacher), None].into_iter().enumerate() {
        let read = |path: &str| match client {
            Some(client) => client.get(path).text(),
            None => service.get(path).text(),
        };
        for path in ["async", "jobs/async"] {
            let list = read(path);
            let listed: Vec<bool> = jobs.iter().map(|job| list.contains(job.as_str())).collect();
            let expected: Vec<bool> = (0..3).map(|other| other == number).collect();
            assert_eq!(listed, expected, "{path} {}", owners[number]);
        }
        let sync = read("jobs/sync");
        let words = ["AS demos", "AS teachers", "AS nobodys"];
        assert!(sync.contains("total=\"1\"") && sync.contains(words[number]), "{sync}");
        assert!(sync.contains(&format!("<uws:ownerId><![CDATA[{}]]></uws:ownerId>", owners[number])), "{sync}");
        for other in owners {
            let total = if other == owners[number] { "total=\"1\"" } else { "total=\"0\"" };
            assert!(read(&format!("jobs/async?ownerid={other}")).contains(total), "{other} for {}", owners[number]);
        }
    }
}

#[test]
fn jobs_of_users_are_kept_and_known_after_a_restart() {
    let service = Service::new();
    let demo = service.login("demo");
    let job = demo.submit(QUERY, &[("PHASE", "RUN")]);
    service.work();
    let cookies = demo.cookies.clone();
    let service = service.reopen();
    assert_eq!(owner(&service, &cookies), "anonymous", "sessions end with the process");
    service.pass(Duration::from_secs(30 * 86_400));
    service.work();
    let demo = service.login("demo");
    assert_eq!(demo.get(&format!("async/{job}/results/result")).table().0.rows(), 3);
    assert_eq!(service.get(&format!("async/{job}")).status, 403);
}

#[test]
fn the_configuration_says_who_may_sign_in() {
    let account = |login: &str, password: &str| Account {
        login: login.to_owned(),
        name: "Prof. Ada".to_owned(),
        password: password.to_owned(),
    };
    let service = Service::with(|config| config.accounts = vec![account("ada", "first"), account("eve", "eve")]);
    let login = |service: &Service, user: &str, password: &str| {
        service.send(post("/tap-server/login", &[("username", user), ("password", password)])).status
    };
    assert_eq!(login(&service, "ada", "first"), 200);
    assert_eq!(login(&service, "demo", "demo"), 401, "it is not in this configuration");
    let service = service.reopen_with(|config| config.accounts = vec![account("ada", "second")]);
    assert_eq!([login(&service, "ada", "first"), login(&service, "ada", "second")], [401, 200]);
    assert_eq!(login(&service, "eve", "eve"), 401, "she is not named any longer");
}

#[test]
fn the_older_archive_wrote_otherwise() {
    let service = Service::with(|config| config.legacy = true);
    let response = service.send(post("/tap-server/login", &[("username", "demo"), ("password", "demo")]));
    let cookies = response.cookies();
    assert!(matches!(cookies[..], [only] if only.starts_with("JSESSIONID=")), "{cookies:?}");
    assert_eq!(owner(&service, cookies[0].split(';').next().unwrap()), "demo");
    let job = service.submit(QUERY, &[("PHASE", "RUN")]);
    let (next, number) = (service.submit(QUERY, &[]), job.strip_suffix('O').unwrap());
    assert_eq!(number.len(), 13);
    assert_ne!(job, next, "two in one millisecond");
    service.work();
    let document = service.get(&format!("async/{job}")).text();
    for part in [
        "<uws:startTime>2026-03-01T14:00:00.000+0200</uws:startTime>",
        "<uws:destruction>2026-03-04T14:00:00.000+0200</uws:destruction>",
        "<uws:quote>-1</uws:quote>",
        &format!(
            "xlink:href=\"http%3A%2F%2Farchive.test%2Fsandbox%2Ftap-server%2Ftap%2Fasync%2F{job}%2Fresults%2Fresult\""
        ),
    ] {
        assert!(document.contains(part), "{part} in {document}");
    }
    assert_eq!(service.get(&format!("async/{job}/quote")).text(), "-1");
    let newest = Service::new();
    let job = id(&newest.post("async", &[("QUERY", QUERY)]));
    let parts: Vec<usize> = job.split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12, 1], "{job}");
    assert!(newest.get(&format!("async/{job}")).text().contains("<uws:quote xsi:nil=\"true\"/>"));
}
