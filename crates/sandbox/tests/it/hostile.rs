//! Requests that mean harm: each gets a clear error in the archive's shape, nothing of another user is seen, and the service
//! goes on as before.

use std::io::Write as _;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::Request;

use crate::service::{Client, Response, Service, encode, multipart, post};

/// What nobody but `teacher` may see.
const SECRET: &str = "the_answers_of_the_exam";

/// Text that would end a string, a name, a statement, a document or a path.
const POISON: &[&str] = &[
    "' OR '1'='1",
    "'; DROP TABLE account; --",
    "\"; ATTACH DATABASE 'x' AS y; --",
    "x' UNION SELECT hash FROM account --",
    "%00",
    "\0",
    "../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "<script>alert(1)</script>",
    "]]><!ENTITY x SYSTEM \"file:///etc/passwd\">",
    "${jndi:ldap://127.0.0.1/x}",
    "99999999999999999999999999999999",
    "-1",
    "NaN",
    "\u{202e}\u{feff}\u{1f4a9}",
];

/// A service in which `teacher` has a job, and another user tries things.
struct Stage {
    service: Service,
    cookie: String,
    job: String,
}

impl Stage {
    fn new() -> Stage {
        let service = Service::with(|config| {
            config.upload_limit = 4 * 1024 * 1024;
            // A reader of events whose `block` is nonsense waits.
            config.event_time = std::time::Duration::ZERO;
        });
        let teacher = service.login("teacher");
        let query = format!("SELECT TOP 1 source_id AS {SECRET} FROM gaiadr3.gaia_source");
        let job = teacher.submit(&query, &[("PHASE", "RUN"), ("FORMAT", "csv")]);
        service.work();
        let own = teacher.get(&format!("async/{job}/results/result"));
        assert!(own.text().contains(SECRET), "{}", own.text());
        let cookie = service.login("student").cookies;
        Stage { service, cookie, job }
    }

    fn send(&self, method: &str, path: &str, kind: &str, body: impl Into<Bytes>) -> Response {
        let request = Request::builder().method(method).uri(path).header("content-type", kind);
        self.service.send(request.header("cookie", &self.cookie).body(body.into()).unwrap())
    }

    fn form(&self, path: &str, pairs: &[(&str, &str)]) -> Response {
        Client { service: &self.service, cookies: self.cookie.clone() }.send(post(path, pairs))
    }

    fn multipart(&self, path: &str, pairs: &[(&str, &str)], file: (&str, &[u8])) -> Response {
        Client { service: &self.service, cookies: self.cookie.clone() }.send(multipart(path, pairs, &[file]))
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
const SYNC: &str = "/tap-server/tap/sync";
const UPLOAD: &str = "/tap-server/Upload";

/// Refused, in words, in one of the archive's shapes; and never by a failure inside.
fn refused(what: &str, response: &Response) {
    let text = response.text();
    assert!((400..600).contains(&response.status), "{what}: {} {text:.300}", response.status);
    let shaped = text.contains("<INFO name=\"QUERY_STATUS\" value=\"ERROR\">")
        || text.contains("<li><b>Message: </b>")
        || text.starts_with("Code: -1, msg: ");
    assert!(shaped, "{what}: {text:.300}");
    harmless(what, response);
}

/// Whatever was answered, it shows nothing of somebody else and nothing of the inside.
fn harmless(what: &str, response: &Response) {
    let text = response.text();
    for word in [SECRET, "root:x:0", "panicked", ".rs:", "no such table", "CREATE TABLE", "near \""] {
        assert!(!text.contains(word), "{what} shows {word:?}: {text:.400}");
    }
    let hash = text.split(|c: char| !c.is_ascii_hexdigit()).find(|run| run.len() == 64);
    assert_eq!(hash, None, "{what} shows what looks like the hash of a password");
    let markup = ["html", "xml"].iter().any(|kind| response.header("content-type").contains(kind));
    assert!(!markup || !text.contains("<script>alert"), "{what} comes back as markup: {text:.400}");
}

/// Everything still works, and what is secret still is.
fn goes_on(stage: &Stage) {
    let rows = stage.service.rows("SELECT COUNT(*) AS n FROM gaiadr3.gaia_source");
    assert_eq!(rows, [["3000"]]);
    stage.service.login("teacher");
    assert_eq!(stage.send("GET", &format!("/tap-server/tap/async/{}", stage.job), FORM, "").status, 403);
}

/// Method, path, and the parameters with values that are as they should be.
type Resource = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

#[test]
fn poison_in_every_parameter_of_every_resource() {
    let stage = Stage::new();
    // The resources that take parameters, and their names; a request gets one poisoned, the rest as they should be.
    let resources: &[Resource] = &[
        (
            "POST",
            SYNC,
            &[
                ("REQUEST", "doQuery"),
                ("LANG", "ADQL"),
                ("QUERY", "SELECT 1"),
                ("FORMAT", "csv"),
                ("MAXREC", "1"),
                ("UPLOAD", ""),
            ],
        ),
        (
            "POST",
            "/tap-server/tap/async",
            &[("REQUEST", "doQuery"), ("QUERY", "SELECT 1"), ("PHASE", ""), ("JOBNAME", "x"), ("RUNID", "x")],
        ),
        ("GET", "/tap-server/tap/async", &[("PHASE", "COMPLETED"), ("LAST", "1"), ("AFTER", "2026-01-01")]),
        (
            "GET",
            "/tap-server/tap/tables",
            &[("tables", "x"), ("schemas", "x"), ("only_tables", "x"), ("share_info", "x")],
        ),
        (
            "GET",
            "/tap-server/tap/jobs/async",
            &[
                ("offset", "0"),
                ("limit", "1"),
                ("order", "jobid"),
                ("jobid", "x"),
                ("query", "x"),
                ("start_time_init", "0"),
            ],
        ),
        ("POST", "/tap-server/tap/deletejobs", &[("JOB_IDS", "x")]),
        (
            "POST",
            "/tap-server/tap/share",
            &[
                ("action", "CreateOrUpdateGroup"),
                ("title", "t"),
                ("description", "d"),
                ("users_list", "student"),
                ("group_id", ""),
            ],
        ),
        (
            "POST",
            "/tap-server/tap/share",
            &[
                ("action", "CreateOrUpdateItem"),
                ("resource_type", "0"),
                ("title", "user_student.x"),
                ("items_list", "a|Group|Read"),
                ("resource_id", ""),
            ],
        ),
        ("GET", "/tap-server/tap/share", &[("action", "GetGroups"), ("include_users", "true"), ("groups_list", "x")]),
        ("GET", "/tap-server/tap/users", &[("USER", "student")]),
        ("GET", "/tap-server/tap/event", &[("block", "false"), ("id", "100")]),
        ("GET", "/tap-server/tap/notification", &[("action", "GetNotifications"), ("notifications_id", "1")]),
        (
            "GET",
            "/tap-server/tap/glots",
            &[
                ("ACTION", "search_tables"),
                ("KEYWORD", "x"),
                ("MODE", "all"),
                ("FORMAT", "csv"),
                ("IVOID", "x"),
                ("TABLE_NAME", "x"),
            ],
        ),
        (
            "POST",
            UPLOAD,
            &[
                ("TABLE_NAME", "t"),
                ("TABLE_DESC", "d"),
                ("FORMAT", "CSV"),
                ("JOBID", "x"),
                ("RACOL", "ra"),
                ("DELETE", "FALSE"),
                ("URL", ""),
            ],
        ),
        ("POST", "/tap-server/TableTool", &[("ACTION", "radec"), ("TABLE_NAME", "t"), ("RA", "a"), ("DEC", "b")]),
        (
            "POST",
            "/tap-server/TableTool",
            &[("ACTION", "edit"), ("NUMTABLES", "1"), ("TABLE0", "t"), ("TABLE0_NUMCOLS", "1"), ("TABLE0_COL0", "a")],
        ),
        (
            "POST",
            "/tap-server/TableTool",
            &[("ACTION", "rename"), ("table_name", "t"), ("new_table_name", "u"), ("new_column_names", "a:b")],
        ),
        (
            "GET",
            "/data-server/datalink/links",
            &[("ID", "1"), ("RELEASE", "Gaia DR3"), ("LINKING_PARAMETER", "SOURCE_ID")],
        ),
        (
            "GET",
            "/data-server/data",
            &[
                ("ID", "1"),
                ("RETRIEVAL_TYPE", "RVS"),
                ("FORMAT", "CSV"),
                ("DATA_STRUCTURE", "RAW"),
                ("VALID_DATA", "TRUE"),
                ("RELEASE", "Gaia DR3"),
            ],
        ),
        ("POST", "/tap-server/login", &[("username", "x"), ("password", "x")]),
    ];
    let mut count = 0;
    for (method, path, pairs) in resources {
        for at in 0..pairs.len() {
            for poison in POISON {
                let form = pairs
                    .iter()
                    .enumerate()
                    .map(|(place, (key, value))| format!("{key}={}", encode(if place == at { poison } else { value })));
                let form = form.collect::<Vec<_>>().join("&");
                let what = format!("{method} {path} {}={poison:?}", pairs[at].0);
                let response = match *method {
                    "GET" => stage.send("GET", &format!("{path}?{form}"), FORM, ""),
                    _ => stage.send("POST", path, FORM, form),
                };
                // Not every poison is wrong everywhere: a name of a group may be anything. None may do harm.
                assert!(
                    response.status != 500
                        || response.text().contains("<b>Message: </b>")
                        || response.text().contains("Code: -1"),
                    "{what}: {:.300}",
                    response.text()
                );
                harmless(&what, &response);
                count += 1;
            }
        }
    }
    assert!(count > 1000, "{count}");
    stage.service.work();
    goes_on(&stage);
}

#[test]
fn paths_lead_nowhere_else() {
    let stage = Stage::new();
    for path in [
        "/tap-server/tap/async/../../../etc/passwd",
        "/tap-server/tap/async/..%2f..%2farchive.sqlite/results/result",
        "/tap-server/tap/async/%00/phase",
        "/tap-server/tap/async/jobs.sqlite/results/result",
        "/tap-server/tap/tables/..%2f..%2fx",
        "/tap-server/tap/tables/'%3B--.x",
        "/tap-server/%2e%2e/data-server",
        "/tap-server/tap/sync/../share",
        "/data-server/../tap-server",
        "/%2fetc/passwd",
    ] {
        let response = stage.send("GET", path, FORM, "");
        refused(path, &response);
        assert_eq!(response.status, 404, "{path}");
    }
    goes_on(&stage);
}

#[test]
fn nobody_reads_or_changes_a_job_of_somebody_else() {
    let stage = Stage::new();
    let job = format!("/tap-server/tap/async/{}", stage.job);
    for part in
        ["", "/phase", "/parameters", "/results", "/results/result", "/error", "/owner", "/destruction", "/quote"]
    {
        let response = stage.send("GET", &format!("{job}{part}"), FORM, "");
        refused(part, &response);
        assert_eq!(response.status, 403, "{part}");
    }
    for (part, form) in [
        ("", "ACTION=DELETE"),
        ("/phase", "PHASE=ABORT"),
        ("/parameters", "QUERY=SELECT+1"),
        ("/destruction", "DESTRUCTION=2026-01-01"),
    ] {
        assert_eq!(stage.send("POST", &format!("{job}{part}"), FORM, form).status, 403, "{part}");
    }
    assert_eq!(stage.send("DELETE", &job, FORM, "").status, 403);
    let removed = stage.form("/tap-server/tap/deletejobs", &[("JOB_IDS", &stage.job)]);
    assert!(!removed.text().contains("removed"), "{}", removed.text());
    for query in [
        format!("SELECT * FROM JOB_UPLOAD.\"job{}\"", stage.job),
        format!("SELECT * FROM job_upload.\"JOB{}\"", stage.job),
        "SELECT * FROM account".to_owned(),
        "SELECT * FROM main.sqlite_master".to_owned(),
        "SELECT * FROM \"catalogue\".\"gaiadr3.gaia_source\"".to_owned(),
        "SELECT * FROM pragma_database_list".to_owned(),
        "SELECT load_extension('x') FROM gaiadr3.gaia_source".to_owned(),
        "SELECT readfile('/etc/passwd') FROM gaiadr3.gaia_source".to_owned(),
        "SELECT 1; SELECT 2".to_owned(),
        "DELETE FROM gaiadr3.gaia_source".to_owned(),
        "ATTACH DATABASE 'x' AS y".to_owned(),
        "PRAGMA database_list".to_owned(),
    ] {
        refused(&query, &stage.form(SYNC, &[("LANG", "ADQL"), ("QUERY", &query)]));
    }
    let mine = stage.send("GET", "/tap-server/tap/jobs/async", FORM, "").text();
    assert!(!mine.contains(&stage.job) && !mine.contains(SECRET), "{mine}");
    goes_on(&stage);
}

#[test]
fn uploads_that_are_traps() {
    let stage = Stage::new();
    let laughs: String = (1..12).fold("<!DOCTYPE VOTABLE [<!ENTITY e0 \"ha\">".to_owned(), |text, n| {
        format!("{text}<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10))
    });
    let table = |cell: &str| {
        format!(
            "<VOTABLE version=\"1.4\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\"><RESOURCE><TABLE>\
             <FIELD name=\"a\" datatype=\"char\" arraysize=\"*\"/><DATA><TABLEDATA><TR><TD>{cell}</TD></TR>\
             </TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>"
        )
    };
    let entity = format!("<!DOCTYPE VOTABLE [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}", table("&x;"));
    let bomb = format!("{laughs}]>{}", table("&e11;"));
    let mut zeros = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..200 {
        zeros.write_all(&[b' '; 1 << 20]).unwrap();
    }
    let zeros = zeros.finish().unwrap();
    assert!(zeros.len() < 1 << 20, "it is to be small until it is unpacked");
    let deep = format!("<VOTABLE>{}", "<RESOURCE>".repeat(100_000));
    let wide = format!("<VOTABLE><RESOURCE><TABLE>{}", "<FIELD name=\"a\" datatype=\"int\"/>".repeat(60_000));
    let huge = table("x").replace("arraysize=\"*\"", "arraysize=\"99999999999999999999\"");
    let cases: &[(&str, &[u8])] = &[
        ("entities in entities", bomb.as_bytes()),
        ("an entity of a file", entity.as_bytes()),
        ("gzip that grows", &zeros),
        ("elements without end", deep.as_bytes()),
        ("columns without end", wide.as_bytes()),
        ("an array without end", huge.as_bytes()),
        ("a ZIP", b"PK\x03\x04\x14\x00\x08\x00\x08\x00"),
        ("truncated gzip", &zeros[..zeros.len() / 2]),
        ("no text", b"\0\0\0\0\0\0\0\0"),
        ("nothing", b""),
        ("HTML", b"<html><body>no table</body></html>"),
    ];
    for (what, body) in cases {
        let query = [("LANG", "ADQL"), ("QUERY", "SELECT * FROM tap_upload.t"), ("UPLOAD", "t,param:f")];
        let response = stage.multipart(SYNC, &query, ("f", body));
        if response.status == 200 {
            // The reader may pass over an entity or a size that it does not know; it may not read the file.
            let passed_over = what.contains("entit") || what.contains("array");
            assert!(passed_over, "{what}: {:.300}", response.text());
            assert!(response.body.len() < 100_000, "{what}: {} bytes", response.body.len());
            harmless(what, &response);
        } else {
            refused(what, &response);
        }
        for format in ["VOTable", "CSV", "ASCII"] {
            let response = stage.multipart(UPLOAD, &[("TABLE_NAME", "trap"), ("FORMAT", format)], ("FILE", body));
            harmless(&format!("{what} as a {format} table"), &response);
        }
    }
    goes_on(&stage);
}

#[test]
fn bodies_that_are_nonsense() {
    let stage = Stage::new();
    let parts = "multipart/form-data; boundary=b";
    for (kind, body) in [
        ("multipart/form-data", "--b\r\n\r\n\r\n--b--"),
        ("multipart/form-data; boundary=", "--\r\n"),
        ("multipart/form-data; boundary=\"", "x"),
        (parts, ""),
        (parts, "--b"),
        (parts, "--b\r\nContent-Disposition: form-data; name=\"QUERY\"\r\n\r\nSELECT 1"),
        (parts, "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"),
        (parts, "--b--b--b--b"),
        (parts, "--b\r\n\r\n--b\r\n\r\n--b--"),
        ("application/json", "{\"QUERY\": \"SELECT 1\"}"),
        ("\u{7f}", "%%%%"),
        (FORM, "%"),
        (FORM, "=&=&=&&&=="),
    ] {
        let kind = if kind.is_ascii() && !kind.contains('\u{7f}') { kind } else { "x" };
        refused(&format!("{kind} {body:?}"), &stage.send("POST", SYNC, kind, body));
    }
    let many: String = (0..1_000_000).map(|n| format!("t{n},param:f;")).collect();
    refused("a million names", &stage.form(SYNC, &[("QUERY", "SELECT 1"), ("UPLOAD", &many)]));
    let million: String = "a=b&".repeat(1_000_000);
    refused("a million parameters", &stage.send("POST", SYNC, FORM, million));
    refused("a large body", &stage.send("POST", SYNC, FORM, vec![b'x'; 5 * 1024 * 1024]));
    goes_on(&stage);
}

#[test]
fn queries_that_are_too_much() {
    let stage = Stage::new();
    let nested = format!("SELECT {}1{}", "(".repeat(50_000), ")".repeat(50_000));
    let long = format!("SELECT {} FROM gaiadr3.gaia_source", vec!["ra"; 5_000].join(" + "));
    let columns = format!(
        "SELECT {} FROM gaiadr3.gaia_source",
        (0..5_000).map(|n| format!("ra AS c{n}")).collect::<Vec<_>>().join(", ")
    );
    let unions = vec!["SELECT ra FROM gaiadr3.gaia_source"; 2_000].join(" UNION ");
    for (what, query) in [
        ("nested", nested.as_str()),
        ("long", &long),
        ("many columns", &columns),
        ("many unions", &unions),
        ("a number too large", "SELECT TOP 99999999999999999999999 ra FROM gaiadr3.gaia_source"),
        ("NUL", "SELECT ra\0 FROM gaiadr3.gaia_source"),
        ("an unfinished string", "SELECT 'x FROM gaiadr3.gaia_source"),
        ("an unfinished name", "SELECT \"x FROM gaiadr3.gaia_source"),
        ("an unfinished comment", "SELECT /* ra FROM gaiadr3.gaia_source"),
    ] {
        refused(what, &stage.form(SYNC, &[("LANG", "ADQL"), ("QUERY", query)]));
    }
    goes_on(&stage);
}

#[test]
fn a_query_ends_when_its_time_is_over() {
    let service = Service::with(|config| config.sync_time = std::time::Duration::from_millis(300));
    let query = "SELECT COUNT(*) FROM gaiadr3.gaia_source AS a, gaiadr3.gaia_source AS b, gaiadr3.gaia_source AS c";
    let begin = std::time::Instant::now();
    let response = service.query(query, "csv");
    assert!(response.text().contains("took longer"), "{}", response.text());
    assert!(begin.elapsed().as_secs() < 20);
}

#[test]
fn a_result_that_is_too_large_is_refused() {
    let service = Service::with(|config| config.sync_bytes = 10_000);
    let response = service.query("SELECT source_id, designation FROM gaiadr3.gaia_source", "csv");
    refused("too large", &response);
    assert!(response.text().contains("asynchronous"), "{}", response.text());
}

#[test]
fn a_job_cannot_take_more_space_than_there_is() {
    let service = Service::with(|config| config.job_space = 100_000);
    let id = service.submit("SELECT * FROM gaiadr3.gaia_source", &[("PHASE", "RUN")]);
    service.work();
    assert_eq!(service.phase(&id), "ERROR");
    let text = service.get(&format!("async/{id}")).text();
    assert!(text.contains("quota") || text.contains("full"), "{text}");
}
