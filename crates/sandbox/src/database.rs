//! Connections to the databases: the catalogue, read-only and shared, and what a query brings along.
//!
//! Each connection sees the catalogue as `catalogue`; uploads, results of other jobs and the result being made are attached
//! for the time of one query. SQL that comes from users runs under [`guard`], whatever the translation made of it.

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use crate::catalogue::{Catalogue, percent_path};
use crate::stopwatch::Stopwatch;
use crate::{Error, functions};

/// Largest value and longest statement, bytes.
const LONGEST_VALUE: i32 = 16 * 1024 * 1024;

/// Memory that all queries together may take, bytes; what does not fit is sorted on disk, or fails.
const MEMORY: u64 = 2 * 1024 * 1024 * 1024;

/// The catalogue and the connections to it that are not in use.
#[derive(Debug)]
pub struct Database {
    catalogue: Catalogue,
    idle: Mutex<Vec<Connection>>,
}

impl Database {
    /// Connections to this catalogue.
    pub fn new(catalogue: Catalogue) -> Database {
        Database { catalogue, idle: Mutex::default() }
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// A connection; it goes back when it is dropped.
    pub fn connect(&self) -> Result<Session<'_>, Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open()?,
        };
        Ok(Session { database: self, connection: Some(connection), attached: Vec::new() })
    }

    fn open(&self) -> Result<Connection, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_in_memory_with_flags(flags)?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE)?;
        connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, LONGEST_VALUE)?;
        connection.execute_batch(&format!("PRAGMA hard_heap_limit = {MEMORY}"))?;
        self.catalogue.attach(&connection)?;
        functions::register(&connection)?;
        Ok(connection)
    }
}

/// A connection in use.
pub struct Session<'a> {
    database: &'a Database,
    connection: Option<Connection>,
    attached: Vec<String>,
}

impl Session<'_> {
    /// Attaches a database file under a name until the session ends. A file that does not exist is made if `writable`.
    pub fn attach_file(&mut self, path: &Path, name: &str, writable: bool) -> Result<(), Error> {
        let mode = if writable { "rwc" } else { "ro" };
        self.attach(&format!("file:{}?mode={mode}", percent_path(path)), name)?;
        if writable {
            // A result that is not finished is thrown away, so nothing needs to be safe on the way.
            self.execute_batch(&format!("PRAGMA {name}.journal_mode = OFF; PRAGMA {name}.synchronous = OFF"))?;
        }
        Ok(())
    }

    /// Attaches an empty database in memory under a name until the session ends.
    pub fn attach_memory(&mut self, name: &str) -> Result<(), Error> {
        self.attach(":memory:", name)
    }

    fn attach(&mut self, uri: &str, name: &str) -> Result<(), Error> {
        self.execute(&format!("ATTACH DATABASE ?1 AS {name}"), [uri])?;
        self.attached.push(name.to_owned());
        Ok(())
    }
}

impl Deref for Session<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        // It is taken out only in `drop`.
        #[expect(clippy::expect_used, reason = "the connection leaves only when the session is dropped")]
        self.connection.as_ref().expect("the session is in use")
    }
}

impl DerefMut for Session<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        #[expect(clippy::expect_used, reason = "the connection leaves only when the session is dropped")]
        self.connection.as_mut().expect("the session is in use")
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let free = connection.authorizer(None::<fn(AuthContext<'_>) -> Authorization>).is_ok()
            && connection.progress_handler(0, None::<fn() -> bool>).is_ok()
            && self.attached.iter().all(|name| connection.execute_batch(&format!("DETACH DATABASE {name}")).is_ok());
        let mut idle = self.database.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if free && idle.len() < 8 {
            idle.push(connection);
        }
    }
}

/// Lets a connection only read, for at most `limit`, until `abort` is set. Ends with the session.
pub fn guard(connection: &mut Connection, limit: Duration, abort: Arc<AtomicBool>) -> Result<(), Error> {
    connection.authorizer(Some(|context: AuthContext<'_>| match context.action {
        AuthAction::Attach { .. }
        | AuthAction::Detach { .. }
        | AuthAction::Pragma { .. }
        | AuthAction::AlterTable { .. }
        | AuthAction::DropTable { .. }
        | AuthAction::DropIndex { .. }
        | AuthAction::DropVtable { .. } => Authorization::Deny,
        AuthAction::Function { function_name } if function_name.eq_ignore_ascii_case("load_extension") => {
            Authorization::Deny
        }
        _ => Authorization::Allow,
    }))?;
    let stopwatch = Stopwatch::start();
    connection.progress_handler(20_000, Some(move || abort.load(Ordering::Relaxed) || stopwatch.elapsed() > limit))?;
    Ok(())
}
