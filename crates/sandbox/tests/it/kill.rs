//! The process is killed at any moment: whatever it had answered is there when it is started again.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

/// A sandbox in a process of its own.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(folder: &Path) -> Process {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .args(["--listen", "127.0.0.1:0", "--sources", "600", "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
        Process { child, address }
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a request; the whole answer, or nothing if there was none.
fn ask(address: &str, method: &str, path: &str, cookie: &str, kind: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nCookie: {cookie}\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.contains("\r\n\r\n").then_some(answer)
}

const FORM: &str = "application/x-www-form-urlencoded";

fn sign_in(address: &str) -> Option<String> {
    let answer = ask(address, "POST", "/tap-server/login", "", FORM, "username=demo&password=demo")?;
    let line = answer.lines().find(|line| line.to_ascii_lowercase().starts_with("set-cookie: session="))?;
    Some(line.split(": ").nth(1)?.split(';').next()?.to_owned())
}

/// What was answered: identifiers of jobs, names of tables, identifiers of shared items.
#[derive(Default)]
struct Answered {
    jobs: Vec<String>,
    tables: Vec<String>,
    shares: Vec<String>,
}

/// Makes things until the process does not answer any more.
fn make(address: &str, round: usize, answered: &Mutex<Answered>) {
    let Some(cookie) = sign_in(address) else { return };
    for number in 0.. {
        let form = "REQUEST=doQuery&LANG=ADQL&PHASE=RUN&QUERY=SELECT+TOP+3+source_id+FROM+gaiadr3.gaia_source";
        let Some(answer) = ask(address, "POST", "/tap-server/tap/async", &cookie, FORM, form) else { return };
        let location = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap();
        answered.lock().unwrap().jobs.push(location.rsplit('/').next().unwrap().to_owned());

        let name = format!("t{round}_{number}");
        let part = |name: &str, more: &str, value: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
        };
        let body = part("TABLE_NAME", "", &name)
            + &part("FORMAT", "", "CSV")
            + &part("FILE", "; filename=\"f\"", "ra,dec\n1,2\n")
            + "--b--\r\n";
        let kind = "multipart/form-data; boundary=b";
        let Some(answer) = ask(address, "POST", "/tap-server/Upload", &cookie, kind, &body) else { return };
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answered.lock().unwrap().tables.push(name.clone());

        let form = format!(
            "action=CreateOrUpdateItem&resource_type=0&title=user_demo.{name}&description=d&items_list=student%7CUser%7CRead"
        );
        let Some(answer) = ask(address, "POST", "/tap-server/tap/share", &cookie, FORM, &form) else { return };
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answered.lock().unwrap().shares.push(answer.split('\'').nth(1).unwrap().to_owned());
    }
}

#[test]
fn what_was_answered_outlives_a_kill() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("service-kill-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let answered = Mutex::new(Answered::default());
    for (round, moment) in [700, 1_100, 1_500].into_iter().enumerate() {
        let mut process = Process::start(&folder);
        let address = process.address.clone();
        std::thread::scope(|scope| {
            scope.spawn(|| make(&address, round, &answered));
            std::thread::sleep(Duration::from_millis(moment));
            process.kill();
        });
    }
    let answered = answered.into_inner().unwrap();
    let counts = (answered.jobs.len(), answered.tables.len(), answered.shares.len());
    assert!(counts.0 >= 3 && counts.1 >= 3 && counts.2 >= 3, "too few to prove anything: {counts:?}");

    let process = Process::start(&folder);
    let cookie = sign_in(&process.address).unwrap();
    let get = |path: &str| ask(&process.address, "GET", path, &cookie, "text/plain", "").unwrap();
    for id in &answered.jobs {
        let mut phase = String::new();
        while ["", "QUEUED", "EXECUTING"].contains(&phase.as_str()) {
            let answer = get(&format!("/tap-server/tap/async/{id}/phase?WAIT=20"));
            phase = answer.split("\r\n\r\n").nth(1).unwrap().to_owned();
        }
        assert_eq!(phase, "COMPLETED", "job {id}");
        assert!(get(&format!("/tap-server/tap/async/{id}/results/result")).starts_with("HTTP/1.1 200"), "job {id}");
    }
    let (tables, shared) =
        (get("/tap-server/tap/tables?only_tables=true"), get("/tap-server/tap/share?action=GetSharedItems"));
    for name in &answered.tables {
        assert!(tables.contains(&format!("<name>user_demo.{name}</name>")), "table {name}");
        let rows = get(&format!("/tap-server/tap/sync?LANG=ADQL&FORMAT=csv&QUERY=SELECT+ra+FROM+user_demo.{name}"));
        assert!(rows.ends_with("ra\n1\n"), "table {name}: {rows}");
    }
    for id in &answered.shares {
        assert!(shared.contains(&format!("id=\"{id}\"")), "shared item {id}");
    }
    drop(process);
    std::fs::remove_dir_all(&folder).unwrap();
}
