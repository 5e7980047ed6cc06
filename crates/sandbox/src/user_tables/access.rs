//! Who may read the table of a user beside its owner: the one place that asks.

use rusqlite::{Connection, Transaction};

use super::UserTable;
use crate::fault::Fault;

/// Somebody with whom a table is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// `Group` or `User`.
    pub kind: String,
    /// `Read` or `Write`.
    pub mode: String,
    /// Identifier of the group or the user.
    pub to: String,
}

/// Whether somebody may read a table.
pub fn readable_by(_connection: &Connection, table: &UserTable, user: Option<&str>) -> Result<bool, Fault> {
    Ok(user == Some(&table.owner))
}

/// Owner and name of the tables of others that a user may read.
pub fn shared_with(_connection: &Connection, _user: &str) -> Result<Vec<(String, String)>, Fault> {
    Ok(Vec::new())
}

/// With whom a table is shared.
pub fn shares_of(_connection: &Connection, _table: &UserTable) -> Result<Vec<Share>, Fault> {
    Ok(Vec::new())
}

/// A table goes, and with it what it was shared with.
pub fn removed(_transaction: &Transaction<'_>, _table: &UserTable) -> Result<(), Fault> {
    Ok(())
}

/// A table has another name from now on, and is shared with the same people.
pub fn renamed(_transaction: &Transaction<'_>, _old: &UserTable, _new: &UserTable) -> Result<(), Fault> {
    Ok(())
}
