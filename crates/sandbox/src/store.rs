//! What the archive remembers of its users: one database, in which each part has its own tables.
//!
//! It is in WAL mode, so what was written is there after the process was killed at any moment. Each change is one transaction:
//! done as a whole before it is answered, or not at all.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::Error;
use crate::fault::Fault;

/// The database.
#[derive(Debug)]
pub struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    /// Opens the database in a folder; `tables` are the statements that make what is not there yet.
    pub fn open(folder: &Path, tables: &[&str]) -> Result<Store, Error> {
        let connection = Connection::open(folder.join("archive.sqlite"))?;
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")?;
        for statements in tables {
            connection.execute_batch(statements)?;
        }
        Ok(Store { connection: Mutex::new(connection) })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, Fault> {
        read(&self.connection())
    }

    /// Changes something, wholly or, where `change` fails, not at all.
    pub fn write<T>(&self, change: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let outcome = change(&transaction)?;
        transaction.commit()?;
        Ok(outcome)
    }
}
