//! All tables of users, as the store knows them: added, replaced and removed as a whole, within the space of their owners.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use super::{Finished, UserTable, schema_of};
use crate::events::Event;
use crate::fault::Fault;
use crate::session::Sessions;
use crate::share::access;
use crate::store::Store;
use crate::{Error, Time};

/// The tables of this part.
pub const TABLES: &str = "CREATE TABLE IF NOT EXISTS user_table (
    owner TEXT NOT NULL, name TEXT NOT NULL COLLATE NOCASE, description TEXT NOT NULL, columns TEXT NOT NULL,
    rows INTEGER NOT NULL, bytes INTEGER NOT NULL, created INTEGER NOT NULL, file TEXT NOT NULL, PRIMARY KEY (owner, name))";

/// Files that are no longer named stay for so long: a query may be about to open them.
const GRACE: Duration = Duration::from_secs(60);

/// All tables of all users.
pub struct UserTables {
    pub(super) folder: PathBuf,
    store: Arc<Store>,
    sessions: Arc<Sessions>,
    /// Bytes that each user may use.
    pub(super) space: u64,
    /// Files that no table has any more, and since when.
    obsolete: Mutex<Vec<(Time, PathBuf)>>,
}

impl UserTables {
    /// The tables that are kept in a folder. Removes files of tables that never came to be.
    pub fn open(folder: &Path, store: Arc<Store>, sessions: Arc<Sessions>, space: u64) -> Result<UserTables, Error> {
        let folder = folder.join("tables");
        std::fs::create_dir_all(&folder).map_err(|cause| Error::file(&folder, cause))?;
        let tables = UserTables { folder, store, sessions, space, obsolete: Mutex::default() };
        tables.remove_strays();
        Ok(tables)
    }

    fn remove_strays(&self) {
        let known = self.store.read(|connection| {
            let mut statement = connection.prepare("SELECT file FROM user_table")?;
            let files = statement.query_map([], |row| row.get::<_, String>(0))?;
            Ok(files.collect::<Result<HashSet<_>, _>>()?)
        });
        let Ok(known) = known else { return };
        for entry in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if !entry.file_name().to_str().is_some_and(|name| known.contains(name)) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    /// The table of a user of this name, compared without case.
    pub fn get(&self, owner: &str, name: &str) -> Result<Option<UserTable>, Fault> {
        let found = self.store.read(|connection| {
            let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE owner = ?1 AND name = ?2"))?;
            Ok(statement.query_row([owner, name], stored).optional()?)
        })?;
        found.map(|found| self.table(found)).transpose()
    }

    /// Fails if a user has a table of this name.
    pub fn expect_free(&self, owner: &str, name: &str) -> Result<(), Fault> {
        self.store.read(|connection| check_free(connection, owner, name))
    }

    /// The tables of a user, by name.
    pub fn of(&self, owner: &str) -> Result<Vec<UserTable>, Fault> {
        let found = self.store.read(|connection| {
            let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE owner = ?1 ORDER BY name"))?;
            let rows = statement.query_map([owner], stored)?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })?;
        found.into_iter().map(|found| self.table(found)).collect()
    }

    /// The tables of other users that a user may read.
    pub fn shared_with(&self, user: &str) -> Result<Vec<UserTable>, Fault> {
        let names = self.store.read(|connection| access::shared_with(connection, user))?;
        let names = names.iter().filter_map(|(name, _)| name.strip_prefix("user_")?.split_once('.'));
        let tables = names.map(|(owner, name)| self.get(owner, name));
        Ok(tables.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// Bytes that the tables of a user take.
    pub fn used(&self, owner: &str) -> Result<u64, Fault> {
        self.store.read(|connection| used(connection, owner))
    }

    /// Adds a table that has been written.
    pub fn add(&self, mut table: UserTable, finished: Finished, now: Time) -> Result<UserTable, Fault> {
        finished.describe(&mut table);
        table.created = now;
        self.store.write(|transaction| {
            check_free(transaction, &table.owner, &table.name)?;
            self.check_space(transaction, &table, 0)?;
            let sql = "INSERT INTO user_table VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            let columns = serde_json::to_string(&table.columns).map_err(Error::from)?;
            let (rows, bytes) = (table.rows as i64, table.bytes as i64);
            transaction.execute(
                sql,
                params![table.owner, table.name, table.description, columns, rows, bytes, now.0, finished.name()],
            )?;
            Ok(())
        })?;
        finished.keep();
        self.tell(&table.owner, Event::TableCreated, true, now);
        Ok(table)
    }

    /// Has `new` take the place of `old`, with the same file or with another that has been written.
    pub fn replace(
        &self,
        old: &UserTable,
        mut new: UserTable,
        finished: Option<Finished>,
        now: Time,
    ) -> Result<(), Fault> {
        if let Some(finished) = &finished {
            finished.describe(&mut new);
        }
        let file_name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let events = self.store.write(|transaction| {
            if !new.name.eq_ignore_ascii_case(&old.name) {
                check_free(transaction, &old.owner, &new.name)?;
            }
            self.check_space(transaction, &new, old.bytes)?;
            let sql =
                "UPDATE user_table SET name = ?1, description = ?2, columns = ?3, rows = ?4, bytes = ?5, file = ?6
                       WHERE owner = ?7 AND name = ?8 AND file = ?9 AND columns = ?10";
            let columns = |table: &UserTable| serde_json::to_string(&table.columns).map_err(Error::from);
            let values = params![
                new.name,
                new.description,
                columns(&new)?,
                new.rows as i64,
                new.bytes as i64,
                file_name(&new.file),
                old.owner,
                old.name,
                file_name(&old.file),
                columns(old)?,
            ];
            if transaction.execute(sql, values)? == 0 {
                let message =
                    format!("Table '{}' was changed by another request meanwhile. Try again.", old.qualified());
                return Err(Fault::new(StatusCode::CONFLICT, message));
            }
            if new.name == old.name {
                return Ok(Vec::new());
            }
            access::table_renamed(transaction, &old.qualified(), &new.qualified())
        })?;
        if let Some(finished) = finished {
            finished.keep();
            self.abandon(old, now);
        }
        self.sessions.raise_all(&events, now);
        self.tell(&old.owner, Event::TableUpdated, new.bytes != old.bytes, now);
        Ok(())
    }

    /// Removes a table. One that others may read is only removed by `force`.
    pub fn remove(&self, table: &UserTable, force: bool, now: Time) -> Result<(), Fault> {
        let events = self.store.write(|transaction| {
            let shares = access::shares_of(transaction, &table.qualified())?;
            if !shares.is_empty() && !force {
                let with: Vec<String> =
                    shares.iter().map(|share| format!("{} '{}'", share.kind.word(), share.share_to)).collect();
                return Err(Fault::bad(format!(
                    "Table '{}' is shared with {}. Stop sharing it first, or remove it with FORCE_REMOVAL=TRUE.",
                    table.qualified(),
                    with.join(", ")
                )));
            }
            transaction
                .execute("DELETE FROM user_table WHERE owner = ?1 AND name = ?2", [&table.owner, &table.name])?;
            access::table_removed(transaction, &table.qualified())
        })?;
        self.sessions.raise_all(&events, now);
        self.abandon(table, now);
        self.tell(&table.owner, Event::TableRemoved, true, now);
        Ok(())
    }

    /// Removes the files that nobody can be about to open any more.
    pub fn sweep(&self, now: Time) {
        let mut obsolete = self.obsolete.lock().unwrap_or_else(PoisonError::into_inner);
        obsolete.retain(|(since, path)| {
            let keep = since.after(GRACE) > now;
            if !keep {
                let _ = std::fs::remove_file(path);
            }
            keep
        });
    }

    fn abandon(&self, table: &UserTable, now: Time) {
        self.obsolete.lock().unwrap_or_else(PoisonError::into_inner).push((now, table.file.clone()));
        self.sweep(now);
    }

    fn tell(&self, owner: &str, event: Event, quota: bool, now: Time) {
        self.sessions.raise(owner, event, now);
        if quota {
            self.sessions.raise(owner, Event::DatabaseQuotaUpdated, now);
        }
    }

    /// A table must fit into the space of its owner, in which `freed` bytes become free.
    fn check_space(&self, transaction: &Transaction<'_>, table: &UserTable, freed: u64) -> Result<(), Fault> {
        let others = used(transaction, &table.owner)?.saturating_sub(freed);
        if others.saturating_add(table.bytes) > self.space { Err(self.full(&table.owner, others)) } else { Ok(()) }
    }

    /// What a user is told whose space is used up.
    pub(super) fn full(&self, owner: &str, used: u64) -> Fault {
        let message = format!(
            "DB quota exceeded for user {owner} (Currently {}, maximum allowed is {}). Remove tables that you no longer need.",
            size(used),
            size(self.space)
        );
        Fault::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// The table of a row of the store.
    fn table(&self, (mut table, columns): (UserTable, String)) -> Result<UserTable, Fault> {
        table.columns = serde_json::from_str(&columns).map_err(Error::from)?;
        table.file = self.folder.join(table.file);
        Ok(table)
    }
}

/// Whether a user has a table of this name.
pub(crate) fn exists(connection: &Connection, owner: &str, name: &str) -> Result<bool, Fault> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM user_table WHERE owner = ?1 AND name = ?2")?;
    Ok(statement.exists([owner, name])?)
}

/// There must be no table of this name.
fn check_free(connection: &Connection, owner: &str, name: &str) -> Result<(), Fault> {
    if exists(connection, owner, name)? {
        let message =
            format!("Table '{}.{name}' already exists. Remove it first, or choose another name.", schema_of(owner));
        return Err(Fault::bad(message));
    }
    Ok(())
}

const SELECT: &str = "SELECT owner, name, description, columns, rows, bytes, created, file FROM user_table";

/// A row of the store: a table without its columns, and they as they are written there.
fn stored(row: &Row<'_>) -> rusqlite::Result<(UserTable, String)> {
    let table = UserTable {
        owner: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        columns: Vec::new(),
        rows: row.get::<_, i64>(4)? as u64,
        bytes: row.get::<_, i64>(5)? as u64,
        created: Time(row.get(6)?),
        file: row.get::<_, String>(7)?.into(),
    };
    Ok((table, row.get(3)?))
}

fn used(connection: &Connection, owner: &str) -> Result<u64, Fault> {
    let mut statement = connection.prepare_cached("SELECT ifnull(sum(bytes), 0) FROM user_table WHERE owner = ?1")?;
    Ok(statement.query_row([owner], |row| row.get::<_, i64>(0))? as u64)
}

/// Bytes in the unit in which people count them.
fn size(bytes: u64) -> String {
    let (number, unit) = match bytes {
        0..1_000_000 => (bytes as f64 / 1e3, "kB"),
        1_000_000..1_000_000_000 => (bytes as f64 / 1e6, "MB"),
        _ => (bytes as f64 / 1e9, "GB"),
    };
    let text = format!("{number:.1}");
    format!("{} {unit}", text.strip_suffix(".0").unwrap_or(&text))
}
