//! Faults on demand: what they do to an answer, and who gets them.

use std::io::Read as _;

use bytes::Bytes;
use http::Request;

use crate::service::{BASE, Response, Service, encode};

fn faulty() -> Service {
    Service::with(|config| config.faults = true)
}

/// A request with these faults in its header.
fn with(service: &Service, faults: &str, path: &str) -> Response {
    let request = Request::get(format!("/tap-server/tap/{path}")).header("X-Sandbox-Fault", faults);
    service.send(request.body(Bytes::new()).unwrap())
}

fn query(service: &Service, faults: &str, format: &str) -> Response {
    let adql = encode("SELECT TOP 500 source_id, ra FROM gaiadr3.gaia_source ORDER BY source_id");
    with(service, faults, &format!("sync?LANG=ADQL&FORMAT={format}&QUERY={adql}"))
}

fn arm(service: &Service, parameters: &[(&str, &str)]) -> Response {
    let form: Vec<String> = parameters.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
    service.send(Request::post("/fault/arm").body(form.join("&").into()).unwrap())
}

#[test]
fn without_the_switch_nothing_can_be_asked_for() {
    let service = Service::new();
    assert_eq!(with(&service, "status:503", "availability").status, 200);
    for path in ["/fault", "/fault/status:503/tap-server/tap/availability"] {
        assert_eq!(service.send(Request::get(path).body(Bytes::new()).unwrap()).status, 404, "{path}");
    }
    assert_eq!(arm(&service, &[("fault", "status:503")]).status, 404);
    assert_eq!(service.get("availability").status, 200);
}

#[test]
fn every_status_comes_in_the_archives_shape() {
    let service = faulty();
    for status in [400, 401, 403, 404, 405, 410, 413, 429, 500, 502, 503, 504, 507] {
        let page = with(&service, &format!("status:{status}"), "tables");
        assert_eq!(page.status, status);
        assert!(page.text().contains("<li><b>Message: </b>"), "{}", page.text());
        let document = query(&service, &format!("status:{status}"), "csv");
        assert_eq!(document.status, status);
        assert!(document.text().contains("<INFO name=\"QUERY_STATUS\" value=\"ERROR\">"), "{}", document.text());
    }
    let data = service.send(Request::get("/fault/status:500/data-server/data?ID=1").body(Bytes::new()).unwrap());
    assert_eq!((data.status, data.header("content-type")), (500, "text/plain"));
    assert!(data.text().starts_with("Code: -1, msg: "), "{}", data.text());
    let basic = with(&service, "status:401", "tables");
    assert_eq!(basic.header("www-authenticate"), "Basic realm=\"Authentication needed\"");
    for value in ["120", "-5", "99999999999"] {
        assert_eq!(with(&service, &format!("status:429,retry:{value}"), "tables").header("retry-after"), value);
    }
    // The tests' clock says noon of 2026-03-01, a Sunday.
    let dated = with(&service, "status:503,retry-date:90", "tables");
    assert_eq!(dated.header("retry-after"), "Sun, 01 Mar 2026 12:01:30 GMT");
    assert_eq!(with(&service, "date:-3600", "tables").header("date"), "Sun, 01 Mar 2026 11:00:00 GMT");
}

#[test]
fn pages_stand_in_for_answers() {
    let service = faulty();
    let page = query(&service, "html", "votable");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html;charset=UTF-8"));
    assert!(page.text().contains("maintenance"));
    let inside = query(&service, "error", "votable");
    assert!(inside.status == 200 && inside.text().contains("value=\"ERROR\""));
    let leak = with(&service, "leak", "tables");
    assert!(leak.status == 500 && leak.text().contains("session='") && leak.text().contains("\tat "));
    assert_eq!(query(&service, "type:text/plain", "csv").header("content-type"), "text/plain");
    let looped = with(&service, "loop", "tables?only_schemas=true");
    assert_eq!(
        (looped.status, looped.header("location")),
        (303, &*format!("{BASE}/tap-server/tap/tables?only_schemas=true"))
    );
    assert_eq!(with(&service, "redirect:javascript:alert(1)", "tables").header("location"), "javascript:alert(1)");
    for (kind, status, words) in
        [("tables", 500, "DB quota exceeded"), ("jobs", 500, "Job quota exceeded"), ("rows", 507, "more rows than")]
    {
        let refused = with(&service, &format!("quota:{kind}"), "async");
        assert!(refused.status == status && refused.text().contains(words), "{}", refused.text());
    }
    assert!(with(&service, "upload-refused:clash", "async").text().contains("already exists"));
    let links = with(&service, "links:errors", "sync?ID=Gaia+DR3+1,Gaia+DR3+2");
    let (table, _) = links.table();
    assert_eq!(
        (table.rows(), table.columns[3].display(1).to_string()),
        (2, "NotFoundFault: there is nothing for Gaia DR3 2".into())
    );
}

#[test]
fn results_are_broken_in_their_own_ways() {
    let service = faulty();
    let whole = query(&service, "", "votable");
    let (table, status) = whole.table();
    assert_eq!((table.rows(), status), (500, votable::Status::Ok));

    assert_eq!(query(&service, "overflow", "votable").table().1, votable::Status::Overflow);
    let (table, status) = query(&service, "error-after", "votable").table();
    assert!(table.rows() == 500 && matches!(status, votable::Status::Error(_)), "{status:?}");
    assert_eq!(query(&service, "base64-blank", "votable").table().0.rows(), 500);
    for fault in ["base64-cut:3", "base64-bad"] {
        let broken = query(&service, fault, "votable");
        let mut reader = votable::Reader::new();
        let read = reader.push(&broken.body).and_then(|()| reader.finish());
        let rows = reader.document().tables().next().map_or(0, |table| table.table.rows());
        assert!(read.is_err() || rows < 500, "{fault}: {rows}");
        assert!(broken.text().ends_with("</VOTABLE>\n"), "the document itself is whole");
    }
    assert!(query(&service, "nrows:77", "votable").text().contains("nrows=\"77\""));
    let half = query(&service, "half", "csv").text();
    assert!(half.ends_with('\n') && (200..300).contains(&half.lines().count()));
    let extremes = query(&service, "extremes", "csv").table().0;
    assert_eq!(extremes.columns[0].display(0).to_string(), i64::MAX.to_string());
    assert_eq!(query(&service, "columns:4000", "votable").table().0.columns.len(), 4_000);
    for fault in ["xml-bomb", "xxe", "deep:100000", "attributes:1000", "arraysize:1000000000"] {
        let hostile = query(&service, fault, "votable");
        let mut reader = votable::Reader::new();
        // Whatever the reader says: it must not grow, and not read the file.
        let _ = reader.push(&hostile.body).and_then(|()| reader.finish());
        assert!(!format!("{:?}", reader.document().status()).contains("root:"), "{fault}");
    }
}

#[test]
fn gzip_is_cut_miscounted_and_doubled() {
    let service = faulty();
    let plain = query(&service, "", "csv").body;
    let unpack = |body: &[u8]| {
        let mut out = Vec::new();
        flate2::read::MultiGzDecoder::new(body).read_to_end(&mut out).map(|_| out)
    };
    for (fault, declared, intact) in [
        ("gzip-cut:20", true, false),
        ("gzip-crc", true, false),
        ("gzip-file-cut:20", false, false),
        ("gzip-members", false, true),
        ("gzip-junk", false, false),
    ] {
        let answer = query(&service, fault, "csv");
        assert_eq!(answer.header("content-encoding") == "gzip", declared, "{fault}");
        assert!(answer.body.starts_with(&[0x1f, 0x8b]), "{fault}");
        assert_eq!(unpack(&answer.body).is_ok_and(|body| body == plain), intact, "{fault}");
    }
    // What was packed anyway is not packed twice.
    let cut = query(&service, "gzip-cut:20", "votable_gzip");
    assert!(unpack(&cut.body).is_err());
    let bomb = query(&service, "bomb:30", "csv");
    assert!(bomb.body.len() < 100_000 && unpack(&bomb.body).unwrap().len() == 30 << 20);
    let large = query(&service, "large:3", "csv");
    assert_eq!((large.body.len(), large.header("content-length")), (3 << 20, "3145728"));
    assert_eq!(query(&service, "endless:2", "csv").header("content-length"), "");
}

#[test]
fn jobs_show_any_phase_and_malformed_documents() {
    let service = faulty();
    let id = service.submit("SELECT TOP 1 ra FROM gaiadr3.gaia_source", &[("PHASE", "RUN")]);
    service.work();
    for phase in ["HELD", "SUSPENDED", "UNKNOWN", "ARCHIVED", "QUEUED"] {
        let fault = format!("phase:{phase}");
        assert!(
            with(&service, &fault, &format!("async/{id}")).text().contains(&format!("<uws:phase>{phase}</uws:phase>"))
        );
        assert!(with(&service, &fault, "async").text().contains(&format!("<uws:phase>{phase}</uws:phase>")));
        assert_eq!(with(&service, &fault, &format!("async/{id}/phase")).text(), phase);
    }
    let document = |fault: &str| with(&service, fault, &format!("async/{id}")).text();
    let whole = document("");
    assert!(!document("uws:no-phase").contains("<uws:phase>"));
    assert!(document("uws:prefix").contains("<job:phase>COMPLETED</job:phase>"));
    assert!(document("uws:namespace").contains("http://uws.example/v9"));
    assert!(document("uws:case").contains("<uws:phase>Completed</uws:phase>"));
    assert!(document("uws:bom").starts_with('\u{feff}'));
    assert!(document("uws:blanks").contains("<uws:phase>\r\n  COMPLETED \r\n</uws:phase>"));
    assert!(document("uws:1.1").contains("version=\"1.1\" xmlns:uws="));
    assert!(document("uws:cut").len() < whole.len());
    assert!(!document("results:none").contains("<uws:result "));
    assert_eq!(document("results:many").matches("<uws:result ").count(), 2);
    assert!(document("results:foreign").contains("href=\"http://other.example/tap-server/tap/async/"));
    assert_eq!(with(&service, "uws:blanks", &format!("async/{id}/phase")).text(), "\r\n  COMPLETED \r\n");

    let list = |fault: &str| with(&service, fault, "async").text();
    assert_eq!(list("").matches("<uws:jobref ").count(), 1);
    assert_eq!(list("duplicates").matches("<uws:jobref ").count(), 2);
    assert_eq!(list("empty-list").matches("<uws:jobref ").count(), 0);
    assert_eq!(with(&service, "duplicates", "jobs/async").text().matches("</uws:job>").count(), 2);
    let vanished = with(&service, "vanished", &format!("async/{id}"));
    assert!(vanished.status == 404 && vanished.text().contains(&format!("Job '{id}' does not exist.")));
    assert_eq!(with(&service, "gone", &format!("async/{id}")).status, 410);
    assert_eq!(service.phase(&id), "COMPLETED");
}

#[test]
fn a_lost_run_leaves_the_job_pending() {
    let service = faulty();
    let send = |path: &str, body: &str| {
        let request = Request::post(format!("/tap-server/tap/{path}")).header("X-Sandbox-Fault", "run-lost");
        service.send(
            request.header("content-type", "application/x-www-form-urlencoded").body(body.to_owned().into()).unwrap(),
        )
    };
    let query = encode("SELECT TOP 1 ra FROM gaiadr3.gaia_source");
    let id = crate::service::id(&send("async", &format!("LANG=ADQL&PHASE=RUN&QUERY={query}")));
    assert_eq!(service.phase(&id), "PENDING");
    let answer = send(&format!("async/{id}/phase"), "PHASE=RUN");
    assert_eq!((answer.status, service.phase(&id)), (303, "PENDING".to_owned()));
    service.post(&format!("async/{id}/phase"), &[("PHASE", "RUN")]);
    assert_eq!(service.phase(&id), "QUEUED");
}

#[test]
fn a_path_keeps_its_faults_in_the_addresses_that_it_gives() {
    let service = faulty();
    let ask = |path: &str| service.send(Request::get(path).body(Bytes::new()).unwrap());
    assert_eq!(ask("/fault/status:503,retry:7/tap-server/tap/tables").status, 503);
    let id = service.submit("SELECT TOP 1 ra FROM gaiadr3.gaia_source", &[]);
    let document = ask("/fault/phase:HELD/tap-server/tap/async").text();
    assert!(document.contains(&format!("{BASE}/fault/phase:HELD/tap-server/tap/async/{id}")), "{document}");
    let wrong = ask("/fault/nix/tap-server/tap/tables");
    assert!(wrong.status == 400 && wrong.text().contains("There is no fault 'nix'"));
    let list: serde_json::Value = serde_json::from_str(&ask("/fault").text()).unwrap();
    assert!(list.as_array().unwrap().len() > 45);
    // Each row that a server causes is served.
    let served = list.to_string();
    for row in (12..=21).chain(32..=48).chain([60]) {
        assert!(served.contains(&format!("F{row:02}")), "F{row:02}");
    }
}

#[test]
fn armed_faults_hold_for_so_many_requests_that_match() {
    let service = faulty();
    assert_eq!(arm(&service, &[("fault", "status:500"), ("path", "*/tables"), ("count", "2")]).status, 200);
    assert_eq!(service.get("availability").status, 200);
    assert_eq!(
        [service.get("tables").status, service.get("tables").status, service.get("tables").status],
        [500, 500, 200]
    );
    arm(&service, &[("fault", "vanished"), ("path", "*/async*"), ("method", "post")]);
    assert_eq!(service.get("async").status, 200);
    assert_eq!(service.post("async", &[("QUERY", "SELECT 1")]).status, 404);
    assert_eq!(service.post("async", &[("QUERY", "SELECT 1")]).status, 303);
    arm(&service, &[("fault", "status:500"), ("count", "1000")]);
    assert_eq!(service.get("tables").status, 500);
    service.send(Request::post("/fault/clear").body(Bytes::new()).unwrap());
    assert_eq!(service.get("tables").status, 200);
    assert_eq!(arm(&service, &[("fault", "nix")]).status, 400);
    assert_eq!(arm(&service, &[]).status, 400);
    assert_eq!(arm(&service, &[("fault", "html"), ("count", "many")]).status, 400);
}

#[test]
fn an_expired_session_counts_as_nobody() {
    let service = faulty();
    let login = Request::post("/tap-server/login").body("username=demo&password=demo".into()).unwrap();
    let signed_in = service.send(login);
    let mut cookies = signed_in.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let cookie = cookies.find(|cookie| cookie.starts_with("SESSION=")).unwrap().split(';').next().unwrap().to_owned();
    let ask = |faults: &str| {
        let request =
            Request::post("/tap-server/tap/async").header("cookie", &cookie).header("X-Sandbox-Fault", faults);
        let created = service.send(request.body("QUERY=SELECT+1".into()).unwrap());
        let id = crate::service::id(&created);
        let request = Request::get(format!("/tap-server/tap/async/{id}/owner")).header("cookie", &cookie);
        service.send(request.body(Bytes::new()).unwrap()).text()
    };
    assert_eq!((ask("").as_str(), ask("expired").as_str()), ("demo", "anonymous"));
}
