//! A crowd at the sandbox: many clients at once that search cones, run jobs, upload tables, read metadata and sign in.
//!
//! `load --address 127.0.0.1:PORT --pid PID [--clients N] [--seconds N]` checks every answer, and tells at the end how many
//! requests of each kind there were and how long they took, how much memory the service used after the warm-up and last, and
//! whether a job was lost. It ends with an error if one answer was wrong, one job was lost, or the memory grew.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

type Outcome<T> = Result<T, String>;

fn main() -> ExitCode {
    let options = Options::read(std::env::args().skip(1));
    let run = options.and_then(|options| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|cause| cause.to_string())?.block_on(crowd(options))
    });
    match run {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(cause) => {
            eprintln!("load: {cause}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Clone)]
struct Options {
    address: String,
    pid: u32,
    clients: usize,
    seconds: u64,
}

impl Options {
    fn read(mut words: impl Iterator<Item = String>) -> Outcome<Options> {
        let mut options = Options { address: String::new(), pid: 0, clients: 100, seconds: 60 };
        while let Some(name) = words.next() {
            let value = words.next().ok_or_else(|| format!("{name} needs a value"))?;
            let number = || value.parse::<u64>().map_err(|_| format!("{name} needs a number"));
            match name.as_str() {
                "--address" => options.address = value,
                "--pid" => options.pid = number()? as u32,
                "--clients" => options.clients = number()? as usize,
                "--seconds" => options.seconds = number()?,
                _ => return Err(format!("{name} is not known")),
            }
        }
        if options.address.is_empty() { Err("--address is missing".to_owned()) } else { Ok(options) }
    }
}

/// What all clients have seen.
#[derive(Default)]
struct Tally {
    times: BTreeMap<&'static str, Vec<Duration>>,
    errors: Vec<String>,
    jobs: usize,
    completed: usize,
}

async fn crowd(options: Options) -> Outcome<bool> {
    let tally = Arc::new(Mutex::new(Tally::default()));
    let begin = Instant::now();
    let end = begin + Duration::from_secs(options.seconds);
    let clients: Vec<_> = (0..options.clients)
        .map(|number| tokio::spawn(client(number as u64, options.address.clone(), end, Arc::clone(&tally))))
        .collect();
    // Whatever is kept for reuse is there after half of the time.
    tokio::time::sleep_until((begin + Duration::from_secs(options.seconds) / 2).into()).await;
    let first = resident(options.pid)?;
    for client in clients {
        client.await.map_err(|cause| cause.to_string())?;
    }
    let last = resident(options.pid)?;
    let tally = std::mem::take(&mut *tally.lock().map_err(|cause| cause.to_string())?);
    println!("{:<10} {:>8} {:>10} {:>10} {:>10}", "kind", "requests", "median ms", "95 % ms", "worst ms");
    for (kind, mut times) in tally.times {
        times.sort_unstable();
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        println!("{kind:<10} {:>8} {:>10.1} {:>10.1} {:>10.1}", times.len(), at(0.5), at(0.95), at(1.0));
    }
    let lost = tally.jobs - tally.completed;
    let (megabytes, flat) = (|bytes: u64| bytes as f64 / 1e6, last as f64 <= first as f64 * 1.1 + 8e6);
    println!("clients {}, seconds {}", options.clients, begin.elapsed().as_secs());
    println!("memory after the warm-up {:.1} MB, at the end {:.1} MB", megabytes(first), megabytes(last));
    println!("jobs {}, lost {lost}; errors {}", tally.jobs, tally.errors.len());
    tally.errors.iter().take(10).for_each(|error| println!("  {error}"));
    Ok(tally.errors.is_empty() && lost == 0 && flat)
}

/// Resident memory of a process without the pages of its files, bytes.
fn resident(pid: u32) -> Outcome<u64> {
    let path = format!("/proc/{pid}/status");
    let text = std::fs::read_to_string(&path).map_err(|cause| format!("{path}: {cause}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("RssAnon:")).ok_or("no RssAnon in /proc")?;
    let kilobytes = line.trim().trim_end_matches("kB").trim().parse::<u64>().map_err(|cause| cause.to_string())?;
    Ok(kilobytes * 1024)
}

async fn client(number: u64, address: String, end: Instant, tally: Arc<Mutex<Tally>>) {
    let mut client = Client { address, connection: None, random: number * 7_919 + 1, cookie: String::new() };
    let mut turn = number;
    while Instant::now() < end {
        let begin = Instant::now();
        let (kind, outcome) = match turn % 10 {
            0 | 3 | 5 | 7 | 8 => ("cone", client.cone().await),
            1 => ("tables", client.tables().await),
            2 => ("table", client.one_table().await),
            4 => ("upload", client.upload().await),
            6 => ("job", client.job(&tally).await),
            _ => ("session", client.session().await),
        };
        turn += 1;
        let Ok(mut tally) = tally.lock() else { return };
        match outcome {
            Ok(()) => tally.times.entry(kind).or_default().push(begin.elapsed()),
            Err(cause) => tally.errors.push(format!("{kind}: {cause}")),
        }
    }
}

struct Client {
    address: String,
    connection: Option<SendRequest<Full<Bytes>>>,
    random: u64,
    cookie: String,
}

struct Response {
    status: StatusCode,
    location: String,
    cookie: String,
    text: String,
}

impl Client {
    /// A number from 0 to 1, the next of a simple sequence (xorshift).
    fn number(&mut self) -> f64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 11) as f64 / (1_u64 << 53) as f64
    }

    async fn send(&mut self, method: &str, path: &str, kind: &str, body: String) -> Outcome<Response> {
        let words = |cause: hyper::Error| format!("{method} {path}: {cause}");
        if self.connection.as_ref().is_none_or(SendRequest::is_closed) {
            let stream = TcpStream::connect(&self.address).await.map_err(|cause| format!("connect: {cause}"))?;
            let (sender, connection) =
                hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(words)?;
            tokio::spawn(connection);
            self.connection = Some(sender);
        }
        let connection = self.connection.as_mut().ok_or("no connection")?;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, &self.address)
            .header(header::CONTENT_TYPE, kind)
            .header(header::COOKIE, &self.cookie)
            .body(Full::from(body))
            .map_err(|cause| cause.to_string())?;
        connection.ready().await.map_err(words)?;
        let response = connection.send_request(request).await.map_err(words)?;
        let head = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
        let (status, location) = (response.status(), head(header::LOCATION));
        let cookies = response.headers().get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        let cookie = cookies.filter_map(|line| line.split(';').next()).find(|pair| pair.starts_with("SESSION="));
        let cookie = cookie.unwrap_or_default().to_owned();
        let body = response.into_body().collect().await.map_err(words)?.to_bytes();
        Ok(Response { status, location, cookie, text: String::from_utf8_lossy(&body).into_owned() })
    }

    async fn get(&mut self, path: &str) -> Outcome<String> {
        let response = self.send("GET", path, "text/plain", String::new()).await?;
        expect(&response, StatusCode::OK)?;
        Ok(response.text)
    }

    async fn form(&mut self, path: &str, form: String) -> Outcome<Response> {
        self.send("POST", path, "application/x-www-form-urlencoded", form).await
    }

    async fn cone(&mut self) -> Outcome<()> {
        let (ra, dec, radius) = (360.0 * self.number(), 150.0 * self.number() - 75.0, 0.2 + self.number());
        let form = format!(
            "REQUEST=doQuery&LANG=ADQL&FORMAT=csv&QUERY=SELECT+source_id,ra,dec,DISTANCE(ra,dec,{ra},{dec})+AS+d+FROM+\
             gaiadr3.gaia_source+WHERE+DISTANCE(ra,dec,{ra},{dec})%3C{radius}"
        );
        let response = self.form("/tap-server/tap/sync", form).await?;
        expect(&response, StatusCode::OK)?;
        let mut lines = response.text.lines();
        let names = lines.next() == Some("source_id,ra,dec,d");
        let within =
            |line: &str| line.rsplit(',').next().and_then(|d| d.parse::<f64>().ok()).is_some_and(|d| d < radius);
        if names && lines.all(within) { Ok(()) } else { Err(format!("wrong rows: {:.200}", response.text)) }
    }

    async fn tables(&mut self) -> Outcome<()> {
        let text = self.get("/tap-server/tap/tables?only_tables=true").await?;
        contains(&text, "<name>gaiadr3.vari_rrlyrae</name>")
    }

    async fn one_table(&mut self) -> Outcome<()> {
        let text = self.get("/tap-server/tap/tables?tables=gaiadr3.gaia_source").await?;
        contains(&text, "<name>phot_g_mean_mag</name>")
    }

    async fn upload(&mut self) -> Outcome<()> {
        let table = "<VOTABLE version=\"1.4\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\"><RESOURCE><TABLE>\
                     <FIELD name=\"n\" datatype=\"int\"/><DATA><TABLEDATA><TR><TD>1</TD></TR><TR><TD>2</TD></TR>\
                     </TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>";
        let part = |name: &str, more: &str, value: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
        };
        let body = [
            part("REQUEST", "", "doQuery"),
            part("LANG", "", "ADQL"),
            part("FORMAT", "", "csv"),
            part("QUERY", "", "SELECT n * 10 AS m FROM tap_upload.mine ORDER BY n"),
            part("UPLOAD", "", "mine,param:file"),
            part("file", "; filename=\"mine.vot\"", table),
        ];
        let response = self
            .send("POST", "/tap-server/tap/sync", "multipart/form-data; boundary=x", body.concat() + "--x--\r\n")
            .await?;
        expect(&response, StatusCode::OK)?;
        if response.text.split_whitespace().eq(["m", "10", "20"]) { Ok(()) } else { Err(response.text) }
    }

    async fn job(&mut self, tally: &Mutex<Tally>) -> Outcome<()> {
        let form =
            "REQUEST=doQuery&LANG=ADQL&FORMAT=csv&PHASE=RUN&QUERY=SELECT+TOP+50+source_id+FROM+gaiadr3.gaia_source";
        let response = self.form("/tap-server/tap/async", form.to_owned()).await?;
        expect(&response, StatusCode::SEE_OTHER)?;
        tally.lock().map_err(|cause| cause.to_string())?.jobs += 1;
        let path = response.location.find("/tap-server").map(|at| response.location[at..].to_owned());
        let path = path.ok_or_else(|| format!("Location {}", response.location))?;
        let mut phase = String::new();
        while ["", "QUEUED", "EXECUTING"].contains(&phase.as_str()) {
            phase = self.get(&format!("{path}/phase?WAIT=20")).await?;
        }
        let text = self.get(&format!("{path}/results/result")).await?;
        if phase != "COMPLETED" || text.lines().count() != 51 {
            return Err(format!("{phase}: {text:.200}"));
        }
        expect(&self.send("DELETE", &path, "text/plain", String::new()).await?, StatusCode::SEE_OTHER)?;
        tally.lock().map_err(|cause| cause.to_string())?.completed += 1;
        Ok(())
    }

    /// Signs in or, now and then, out; looks at the jobs.
    async fn session(&mut self) -> Outcome<()> {
        if self.cookie.is_empty() {
            let response = self.form("/tap-server/login", "username=demo&password=demo".to_owned()).await?;
            expect(&response, StatusCode::OK)?;
            self.cookie = response.cookie;
        } else if self.number() < 0.1 {
            let response = self.form("/tap-server/logout", String::new()).await?;
            expect(&response, StatusCode::OK)?;
            self.cookie.clear();
        }
        let jobs = self.get("/tap-server/tap/jobs/async?limit=5&metadata_only=true").await?;
        contains(&jobs, "<uws:jobs")
    }
}

fn expect(response: &Response, status: StatusCode) -> Outcome<()> {
    if response.status == status { Ok(()) } else { Err(format!("{}: {:.300}", response.status, response.text)) }
}

fn contains(text: &str, words: &str) -> Outcome<()> {
    if text.contains(words) { Ok(()) } else { Err(format!("no {words} in {text:.200}")) }
}
