//! The archive itself, without network and clock: a request and the time come in, an answer goes out.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};

use crate::accounts::{self, Account};
use crate::catalogue::Catalogue;
use crate::changes::Changes;
use crate::database::Database;
use crate::external::{External, Fetcher};
use crate::fault::Fault;
use crate::faults::{self, Faults};
use crate::jobs::Jobs;
use crate::response::{self, Chunks};
use crate::session::Sessions;
use crate::store::Store;
use crate::user_tables::{self, UserTables};
use crate::{Error, Time, notifications, routes, share};

/// How a sandbox is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Number of sources in the catalogue.
    pub sources: usize,
    /// Seed of the catalogue.
    pub seed: u64,
    /// Folder in which catalogue and jobs stay; without one they are in a temporary folder that is removed at the end.
    pub data: Option<PathBuf>,
    /// Keep to the standards where the real archive does not.
    pub strict: bool,
    /// Write as the archive did when its documentation was written (2014 to 2016): identifiers of jobs, time zones, addresses.
    pub legacy: bool,
    /// Who may sign in.
    pub accounts: Vec<Account>,
    /// After how long without a request a session is over.
    pub session_time: Duration,
    /// The longest that a request for events waits for one.
    pub event_time: Duration,
    /// A notice for everybody, as of a maintenance.
    pub banner: Option<String>,
    /// Most rows that a synchronous query gives.
    pub sync_rows: u64,
    /// Largest result of a synchronous query, bytes; it is made in memory.
    pub sync_bytes: usize,
    /// Most rows that a job of nobody gives.
    pub async_rows: u64,
    /// Most rows that a job of a user gives.
    pub user_rows: u64,
    /// Longest time of a synchronous query.
    pub sync_time: Duration,
    /// Longest time of a job of nobody.
    pub async_time: Duration,
    /// Longest time of a job of a user.
    pub user_time: Duration,
    /// How long a job of nobody and its result are kept; those of users stay until they remove them.
    pub retention: Duration,
    /// Largest body of a request, bytes.
    pub upload_limit: usize,
    /// Most jobs that are kept at a time.
    pub job_limit: usize,
    /// Space for the results of a user's jobs, bytes; and for those of all that belong to nobody.
    pub job_space: u64,
    /// Space for the tables that come with queries of nobody, bytes.
    pub upload_space: u64,
    /// Space for the tables of a user, bytes.
    pub table_space: u64,
    /// Services that may be asked for external queries, beside this one itself.
    pub external: Vec<External>,
    /// Largest answer of another service, bytes.
    pub external_bytes: u64,
    /// Let requests ask for faults, see [`crate::faults`].
    pub faults: bool,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            sources: 100_000,
            seed: 1,
            data: None,
            strict: false,
            legacy: false,
            accounts: accounts::demo_accounts(),
            session_time: Duration::from_secs(3_600),
            event_time: Duration::from_secs(60),
            banner: None,
            sync_rows: 2_000,
            sync_bytes: 100_000_000,
            async_rows: 3_000_000,
            user_rows: 20_000_000,
            sync_time: Duration::from_secs(60),
            async_time: Duration::from_secs(5_400),
            user_time: Duration::from_secs(7_200),
            retention: Duration::from_secs(3 * 86_400),
            upload_limit: 100 * 1024 * 1024,
            job_limit: 10_000,
            job_space: 20_000_000_000,
            upload_space: 10_000_000_000,
            table_space: 1_000_000_000,
            external: Vec::new(),
            external_bytes: 200 * 1024 * 1024,
            faults: false,
        }
    }
}

/// What comes of a request.
pub enum Answer {
    /// The response: its head, and its body in chunks that are made as they are taken.
    Ready(http::response::Parts, Chunks),
    /// Nothing yet: ask again with the same request when something has changed ([`Archive::on_change`]), at the latest at this
    /// time. The request should carry [`Arrival`].
    Wait(Time),
    /// The answer of another service is the answer. It is one of those in [`Config::external`]; the host looks where its name
    /// leads.
    Fetch(Request<Bytes>),
}

/// Extension of a request: the public address under which the archive is reached, without a slash at its end. Redirects and
/// addresses in documents begin with it. Without it, `http://` and the `Host` of the request.
#[derive(Clone, Debug)]
pub struct Base(pub String);

/// Extension of a request: when it came, for one that has waited.
#[derive(Clone, Copy, Debug)]
pub struct Arrival(pub Time);

/// A TAP+ service over a synthetic catalogue.
pub struct Archive {
    pub(crate) config: Config,
    pub(crate) database: Arc<Database>,
    pub(crate) store: Arc<Store>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) jobs: Arc<Jobs>,
    pub(crate) tables: Arc<UserTables>,
    changes: Arc<Changes>,
    pub(crate) fetcher: OnceLock<Box<Fetcher>>,
    pub(crate) faults: Faults,
    /// The folder is removed when the last owner goes.
    pub(crate) folder: Arc<Folder>,
}

impl Archive {
    /// Opens an archive; builds its catalogue if it is not there yet.
    pub fn open(config: Config) -> Result<Archive, Error> {
        let folder = Arc::new(Folder::open(config.data.as_deref())?);
        let catalogue = Catalogue::open(&folder.path, config.seed, config.sources)?;
        let parts = [accounts::TABLES, notifications::TABLES, share::TABLES, user_tables::TABLES];
        let store = Arc::new(Store::open(&folder.path, &parts)?);
        accounts::configure(&store, &config.accounts).map_err(|fault| Error::Account(fault.message))?;
        let changes = Arc::new(Changes::default());
        let sessions = Arc::new(Sessions::new(Arc::clone(&changes)));
        let jobs = Arc::new(Jobs::open(&folder.path, Arc::clone(&sessions), Arc::clone(&changes))?);
        let tables = UserTables::open(&folder.path, Arc::clone(&store), Arc::clone(&sessions), config.table_space)?;
        Ok(Archive {
            database: Arc::new(Database::new(catalogue)),
            store,
            sessions,
            jobs,
            tables: Arc::new(tables),
            changes,
            fetcher: OnceLock::new(),
            faults: Faults::default(),
            folder,
            config,
        })
    }

    /// Answers a request. The path is the archive's own: `/tap-server/tap/…`.
    pub fn handle(&self, request: Request<Bytes>, now: Time) -> Answer {
        if self.config.faults { faults::handle(self, request, now) } else { self.answer(request, now) }
    }

    /// Answers a request as it should be answered.
    pub(crate) fn answer(&self, request: Request<Bytes>, now: Time) -> Answer {
        let base = request.extensions().get::<Base>().map_or_else(|| address(request.headers()), |base| base.0.clone());
        let arrival = request.extensions().get::<Arrival>().map_or(now, |arrival| arrival.0);
        let action = format!("{} {}", request.method(), request.uri().path());
        routes::answer(self, &request, &base, arrival, now).unwrap_or_else(|fault| response::refusal(&fault, &action))
    }

    /// What lies at an address of this archive, as if a client had asked for it. Other services are not on any list of those
    /// that may be asked, so nothing else is fetched.
    pub(crate) fn own_resource(&self, uri: &str, base: &str, now: Time) -> Result<Bytes, Fault> {
        let refused = || {
            Fault::bad(format!(
                "Uploads from '{uri}' are not allowed: only files that come with the request (param:) and addresses of this service are."
            ))
        };
        let path = uri.strip_prefix(base).filter(|path| path.starts_with(routes::TAP)).ok_or_else(refused)?;
        if path.contains("/sync") || path.contains('?') {
            return Err(refused());
        }
        let request = Request::get(path).body(Bytes::new()).map_err(|_| refused())?;
        match self.answer(request, now) {
            Answer::Ready(head, chunks) if head.status == StatusCode::OK => {
                let mut body = Vec::new();
                for chunk in chunks {
                    body.extend_from_slice(&chunk?);
                    if body.len() > self.config.upload_limit {
                        return Err(Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "Upload limit exceeded"));
                    }
                }
                Ok(body.into())
            }
            _ => Err(Fault::bad(format!("There is nothing at '{uri}' that could be uploaded."))),
        }
    }

    /// Runs jobs that are due, and forgets those whose time is over. Works on until nothing is left to do or the budget is
    /// used up; a job that has begun is brought to its end. True if something was done.
    pub fn work(&self, now: Time, budget: Duration) -> bool {
        let stopwatch = crate::stopwatch::Stopwatch::start();
        let mut done = self.jobs.expire(now) > 0;
        // A store that cannot be written is the host's trouble, not a reason to stop serving.
        done |= notifications::expire(&self.store, &self.sessions, now).unwrap_or(false);
        self.tables.sweep(now);
        while self.run_next(now.after(stopwatch.elapsed())) {
            done = true;
            if stopwatch.elapsed() >= budget {
                break;
            }
        }
        done
    }

    /// Calls `notify` whenever a job changes: the moment to ask again for what waits, and to let [`Archive::work`] work.
    pub fn on_change(&self, notify: impl Fn() + Send + Sync + 'static) {
        self.changes.listen(Box::new(notify));
    }

    /// How jobs ask other services. Without it such jobs fail; only the first that is given counts.
    pub fn on_fetch(&self, fetch: Box<Fetcher>) {
        let _ = self.fetcher.set(fetch);
    }

    /// Stops the jobs that run, so that the service can end.
    pub fn interrupt(&self) {
        self.jobs.interrupt();
    }

    /// How the archive is set up.
    pub fn config(&self) -> &Config {
        &self.config
    }
}

/// The address that the client used, as far as the request tells.
pub(crate) fn address(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    format!("http://{}", host.unwrap_or("localhost"))
}

/// How the names of temporary folders begin; the number of the process follows.
const PREFIX: &str = "parallax-sandbox-";

/// Where the files lie.
#[derive(Debug)]
pub(crate) struct Folder {
    pub path: PathBuf,
    temporary: bool,
}

impl Folder {
    fn open(path: Option<&Path>) -> Result<Folder, Error> {
        let temporary = path.is_none();
        let path = match path {
            Some(path) => path.to_owned(),
            None => {
                Folder::sweep();
                Folder::unused()
            }
        };
        std::fs::create_dir_all(&path).map_err(|cause| Error::file(&path, cause))?;
        Ok(Folder { path, temporary })
    }

    /// Removes what processes left that were killed. Only where it can be seen which processes there are.
    fn sweep() {
        let (processes, temporary) = (Path::new("/proc"), std::env::temp_dir());
        if !processes.join("self").exists() {
            return;
        }
        for entry in std::fs::read_dir(temporary).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let rest = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
            let process = rest.and_then(|rest| rest.split('-').next()).and_then(|process| process.parse::<u32>().ok());
            if process.is_some_and(|process| !processes.join(process.to_string()).exists()) {
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }

    /// A folder of this process that no other archive in it has.
    fn unused() -> PathBuf {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        std::env::temp_dir().join(format!("{PREFIX}{}-{number}", std::process::id()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

impl Fault {
    /// The request has a path that the archive does not know.
    pub(crate) fn no_such_resource(path: &str) -> Fault {
        Fault::new(StatusCode::NOT_FOUND, format!("There is no resource '{path}'."))
    }
}
