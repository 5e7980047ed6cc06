//! Shown commands: what they say, and that shell, curl and Python understand them as they are meant.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    process::{Command, Stdio},
    slice, thread,
};

use tap::{
    Phase, Query, Request, Service, Timestamp, Upload,
    command::{self, Setting, python, shell},
    jobs::{JobsFilter, JobsOf},
    request::{JobListFilter, TablesFilter, job},
    session,
};

use crate::tap_plus::{datalink_requests, other_requests, session_requests, share_requests, table_requests};

const ROOT: &str = "https://portal.example/gw/gaia";

fn setting<'a>() -> Setting<'a> {
    Setting {
        root: ROOT,
        public_url: "https://gea.esac.esa.int",
        tap: "/tap-server/tap",
        data: Some("/data-server"),
        user: None,
        save_as: None,
    }
}

fn service() -> Service {
    Service::new(&format!("{ROOT}/tap-server/tap"), Some(&format!("{ROOT}/data-server")))
}

fn query_requests(service: &Service) -> Vec<Request> {
    let query = Query {
        adql: "SELECT TOP 5 *\nFROM gaiadr3.gaia_source\nWHERE designation LIKE 'Gaia%' -- it's $HOME `x` \"y\" \\ é"
            .into(),
        format: Some("csv".into()),
        maxrec: Some(10),
        job_name: Some("my job".into()),
        ..Query::default()
    };
    let least = Query { adql: "select 1".into(), ..Query::default() };
    let upload = |table: &str| Upload {
        table: table.into(),
        file_name: format!("{table}.vot"),
        content_type: "application/x-votable+xml".into(),
        bytes: b"<VOTABLE/>".to_vec(),
    };
    let joined = Query { uploads: vec![upload("mine")], format: Some("votable".into()), ..query.clone() };
    let several = Query { uploads: vec![upload("mine"), upload("yours")], ..least.clone() };
    let url = format!("{}/async/1O", service.tap);
    let moment = Timestamp::from_millis(1_700_000_000_000);
    let filter = JobsFilter {
        limit: Some(10),
        order: vec![("CREATION_TIME".into(), true)],
        phase: Some(Phase::Error),
        started: (Some(moment), None),
        ..JobsFilter::default()
    };
    vec![
        service.sync(&query),
        service.sync(&least),
        service.sync(&joined),
        service.sync(&several),
        service.create_job(&Query { maxrec: Some(0), ..joined }, true),
        service.create_job(&least, false),
        service.tables(&TablesFilter::default()),
        service.tables(&TablesFilter { only_tables: true, share_accessible: true, ..TablesFilter::default() }),
        service.tables(&TablesFilter { tables: vec!["gaiadr3.gaia_source".into()], ..TablesFilter::default() }),
        service.capabilities(),
        service.availability(),
        service.job_list(&JobListFilter { phases: vec![Phase::Completed], after: Some(moment), last: Some(3) }),
        service.jobs(JobsOf::Async, &filter),
        service.delete_jobs(&["1O", "2O"]),
        job::document(&url, None),
        job::document(&url, Some(30)),
        job::phase(&url),
        job::run(&url),
        job::abort(&url),
        job::delete(&url),
        job::delete_by_post(&url),
        job::result(&url, "result"),
        job::error(&url),
        job::set_execution_duration(&url, 60),
        job::set_destruction(&url, "2026-03-08T10:00:00Z"),
        Request::get(format!("{ROOT}/other/place?opaque")),
    ]
}

fn every_request() -> Vec<Request> {
    let service = service();
    let mut out = query_requests(&service);
    out.extend(session_requests(&service));
    out.push(session::gateway_login(ROOT, "joe", "p&ss wörd"));
    out.push(session::gateway_logout(ROOT));
    out.extend(share_requests(&service));
    out.extend(table_requests(&service));
    out.extend(other_requests(&service));
    out.extend(datalink_requests(&service));
    out
}

fn curl(request: &Request, setting: &Setting<'_>) -> String {
    command::curl(slice::from_ref(request), setting)
}

fn astroquery(request: &Request, setting: &Setting<'_>) -> Result<String, &'static str> {
    command::astroquery(slice::from_ref(request), setting)
}

fn pyvo(request: &Request, setting: &Setting<'_>) -> Result<String, &'static str> {
    command::pyvo(slice::from_ref(request), setting)
}

fn shown(requests: &[Request], show: impl Fn(&Request) -> String) -> String {
    let one = |request: &Request| format!("## {} {}\n{}\n\n", request.method.as_str(), request.url, show(request));
    requests.iter().map(one).collect()
}

fn script(found: Result<String, &'static str>) -> String {
    found.unwrap_or_else(|reason| format!("-- {reason}"))
}

#[test]
fn commands_of_curl() {
    let out = shown(&every_request(), |request| curl(request, &setting()));
    assert!(!out.contains("ss w") && !out.contains("wörd"), "no password is shown");
    assert!(
        !out.lines().any(|line| !line.starts_with('#') && line.contains("portal.example")),
        "only public addresses"
    );
    insta::assert_snapshot!(out);
}

#[test]
fn commands_with_a_session() {
    let signed_in = Setting { user: Some("joe"), save_as: Some("my result.vot"), ..setting() };
    let requests = [service().groups(true), service().sync(&Query { adql: "select 1".into(), ..Query::default() })];
    let show = |request: &Request| {
        [curl(request, &signed_in), script(astroquery(request, &signed_in)), script(pyvo(request, &signed_in))]
            .join("\n\n")
    };
    insta::assert_snapshot!(shown(&requests, show));
}

/// Signs in once, and says which of them has no call.
#[test]
fn several_requests_are_one_script() {
    let signed_in = Setting { user: Some("joe"), ..setting() };
    let requests = [
        service().groups(true),
        service().tables(&TablesFilter::default()),
        service().job_list(&JobListFilter::default()),
    ];
    let all = [
        command::curl(&requests, &signed_in),
        script(command::astroquery(&requests, &signed_in)),
        script(command::pyvo(&requests, &signed_in)),
        script(command::pyvo(&requests[..1], &signed_in)),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn calls_of_astroquery() {
    insta::assert_snapshot!(shown(&every_request(), |request| script(astroquery(request, &setting()))));
}

#[test]
fn calls_of_pyvo() {
    insta::assert_snapshot!(shown(&every_request(), |request| script(pyvo(request, &setting()))));
}

#[test]
fn other_archives_have_other_beginnings() {
    let request = Service::new("gw/x/tap", None).sync(&Query { adql: "select 1".into(), ..Query::default() });
    let plain = Setting { root: "gw/x", public_url: "https://vo.example/", tap: "/tap", ..Setting::default() };
    let sandbox = Setting {
        root: "gw/x",
        public_url: "http://127.0.0.1:8080/sandbox",
        tap: "/tap-server/tap",
        data: Some("/data-server"),
        ..Setting::default()
    };
    let in_sandbox = Service::new("gw/x/tap-server/tap", None).tables(&TablesFilter::default());
    insta::assert_snapshot!(
        [
            script(astroquery(&request, &plain)),
            curl(&request, &plain),
            script(astroquery(&in_sandbox, &sandbox)),
            curl(&in_sandbox, &sandbox),
        ]
        .join("\n\n")
    );
}

/// Texts that a careless writer of commands trips over.
const HARD: [&str; 14] = [
    "",
    "plain",
    "it's",
    "$HOME `id` $(id) !! ~ * ? [a] {a,b} ; & | < > # \\",
    "\"double\" and 'single' and '\\''",
    "line\nend\n",
    "tab\tand blank ",
    "\r\u{1b}[31mred\u{7}",
    "é 日本 🌟 \u{202e}turned\u{200b}",
    "=x",
    "-n",
    "~",
    "\\u0041 \\n %s %%",
    "\"\"\"\n\"\"\"",
];

#[test]
fn the_shell_reads_what_was_meant() {
    for text in HARD {
        let output = Command::new("sh").args(["-c", &format!("printf %s {}", shell(text))]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), text, "{}", shell(text));
    }
    assert_eq!(shell("a\0b"), "'ab'");
}

#[test]
fn python_reads_what_was_meant() {
    let Some(python3) = program("python3") else { return };
    for text in HARD {
        let code = format!("import sys\nsys.stdout.buffer.write({}.encode())", python(text));
        let output = Command::new(&python3).args(["-c", &code]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), text, "{}", python(text));
    }
}

#[test]
fn scripts_are_python() {
    let Some(python3) = program("python3") else { return };
    let mut all = String::new();
    for request in every_request() {
        for user in [None, Some("j\"oe")] {
            let setting = Setting { user, ..setting() };
            for script in [astroquery(&request, &setting), pyvo(&request, &setting)].into_iter().flatten() {
                all.push_str(&script);
                all.push('\0');
            }
        }
    }
    let check = "import ast, sys\nscripts = sys.stdin.buffer.read().decode().split('\\0')\nfor s in scripts: ast.parse(s)\nprint(len(scripts))";
    let mut child =
        Command::new(python3).args(["-c", check]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(all.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), (all.matches('\0').count() + 1).to_string());
}

/// What a server hears of a request: method, path, and parameters decoded; names and types of files.
#[derive(Debug, PartialEq, Eq)]
struct Heard {
    method: String,
    path: String,
    parameters: Vec<(String, String)>,
    files: Vec<String>,
}

/// Runs each command with the curl of this machine against a server that writes down what it hears.
#[test]
fn curl_sends_what_the_page_sends() {
    if program("curl").is_none() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let public = format!("http://{}", listener.local_addr().unwrap());
    let mut requests = every_request();
    requests.retain(|request| !request.url.contains("/_log"));
    let commands: Vec<String> =
        requests.iter().map(|request| curl(request, &Setting { public_url: &public, ..setting() })).collect();
    let folder = std::env::temp_dir().join(format!("tap-command-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for file in ["mine.vot", "yours.vot", "a, \"b\";.csv"] {
        std::fs::write(folder.join(file), "<VOTABLE/>").unwrap();
    }
    let count = commands.len();
    let server =
        thread::spawn(move || -> Vec<Heard> { (0..count).map(|_| hear(&mut listener.accept().unwrap().0)).collect() });
    for command in commands {
        let before = "NO_PROXY='*' GAIA_PASSWORD='p&ss wörd'; export NO_PROXY";
        let command = format!("{before}; {command}");
        let output = Command::new("sh").args(["-c", &command]).current_dir(&folder).output().unwrap();
        assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
    }
    for (request, heard) in requests.iter().zip(server.join().unwrap()) {
        let path = request.url.replace(ROOT, "");
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        let body = request.body_bytes().unwrap_or_default();
        let expect = understand(request.method.as_str(), path, query, request.content_type().as_deref(), body);
        assert_eq!(heard, expect, "{}", request.url);
    }
    std::fs::remove_dir_all(folder).unwrap();
}

fn hear(stream: &mut std::net::TcpStream) -> Heard {
    let mut bytes = Vec::new();
    let mut chunk = [0; 65_536];
    let (head_end, length) = loop {
        let n = stream.read(&mut chunk).unwrap();
        assert!(n > 0, "the connection ended early");
        bytes.extend_from_slice(&chunk[..n]);
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let length =
            header(&String::from_utf8_lossy(&bytes[..end]), "content-length").map_or(0, |text| text.parse().unwrap());
        if bytes.len() >= end + 4 + length {
            break (end, length);
        }
    };
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let mut words = head.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let content_type = header(&head, "content-type");
    understand(method, path, query, content_type.as_deref(), &bytes[head_end + 4..head_end + 4 + length])
}

fn header(head: &str, name: &str) -> Option<String> {
    let found = head.lines().find_map(|line| line.split_once(':').filter(|(key, _)| key.eq_ignore_ascii_case(name)));
    found.map(|(_, value)| value.trim().to_owned())
}

fn understand(method: &str, path: &str, query: &str, content_type: Option<&str>, body: &[u8]) -> Heard {
    let mut heard = Heard { method: method.into(), path: path.into(), parameters: Vec::new(), files: Vec::new() };
    let mut add = |text: &str| {
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            heard.parameters.push((decoded(name), decoded(value)));
        }
    };
    add(query);
    let body = String::from_utf8_lossy(body);
    match content_type.and_then(|content_type| content_type.split_once("boundary=")) {
        None => add(&body),
        Some((_, boundary)) => {
            for part in body.split(&format!("--{boundary}")).skip(1).filter(|part| !part.starts_with("--")) {
                let (head, value) = part.split_once("\r\n\r\n").unwrap();
                let word =
                    |mark: &str| head.split_once(mark).map(|(_, rest)| rest.split('"').next().unwrap().to_owned());
                let name = word("; name=\"").unwrap();
                match word("filename=\"") {
                    // Where there is no file the page sends none, and curl an empty one.
                    Some(file) if matches!(file.as_str(), "" | "none") => heard.files.push(name),
                    Some(file) => heard.files.push(format!("{name} {file} {}", header(head, "content-type").unwrap())),
                    None => heard.parameters.push((name, value.strip_suffix("\r\n").unwrap().to_owned())),
                }
            }
        }
    }
    heard
}

fn decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let hex: String = bytes.by_ref().take(2).map(char::from).collect();
                out.push(u8::from_str_radix(&hex, 16).unwrap());
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8(out).unwrap()
}

/// A program of this machine, if it runs here.
fn program(name: &str) -> Option<String> {
    let status = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success()).then(|| name.to_owned())
}
