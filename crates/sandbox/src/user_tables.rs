//! Tables of users (TAP+): each in the schema of its owner, `user_<login>`, and in a database file of its own.
//!
//! A file does not change once it is there. What touches the rows or their indices writes a new file, and the store names that
//! one from then on: whoever reads is never in the way of whoever writes, and after a kill there is the old table or the new
//! one. In a file the rows are in the table `result`, with columns `c0`, `c1`, …, as in the file of a job; `c0` is the key that
//! the archive adds.

pub(crate) mod describe;
mod draft;
mod kept;
mod names;
mod read;
mod table;
mod upload;

pub(crate) use draft::{Draft, Finished};
pub(crate) use kept::{TABLES, UserTables, exists};
pub(crate) use names::{check_column_name, check_name};
pub(crate) use table::{UserTable, key_column, position};
pub(crate) use upload::{answer as upload, position_column, set_position};

use crate::archive::Archive;
use crate::fault::Fault;
use crate::share::access;

pub use crate::share::access::schema_of;

/// A table by its name as it was sent, with or without the schema of the user, in quotes or not.
pub(crate) fn own(archive: &Archive, user: &str, written: &str) -> Result<UserTable, Fault> {
    let (schema, name) = match written.split_once('.') {
        Some((schema, name)) => (Some(schema.trim().trim_matches('"')), name),
        None => (None, written),
    };
    let name = name.trim().trim_matches('"');
    if let Some(schema) = schema.filter(|schema| !schema.eq_ignore_ascii_case(&schema_of(user))) {
        let message =
            format!("User '{user}' may change tables of schema '{}' only, not of '{schema}'.", schema_of(user));
        return Err(Fault::forbidden(message));
    }
    let missing = || Fault::missing(format!("Table '{}.{name}' does not exist.", schema_of(user)));
    archive.tables.get(user, name)?.ok_or_else(missing)
}

/// A name for a table of the user, whose own schema may stand before it: astroquery writes it there when the table keeps its
/// name and only columns get others.
pub(crate) fn without_schema<'a>(user: &str, written: &'a str) -> &'a str {
    let own = written.split_once('.').filter(|(schema, _)| schema.eq_ignore_ascii_case(&schema_of(user)));
    own.map_or(written, |(_, name)| name)
}

/// The table of this name that a user may read.
pub(crate) fn find(archive: &Archive, user: Option<&str>, schema: &str, name: &str) -> Option<UserTable> {
    let owner = schema.get(..5).filter(|start| start.eq_ignore_ascii_case("user_")).and_then(|_| schema.get(5..))?;
    let table = archive.tables.get(&owner.to_ascii_lowercase(), name).ok().flatten()?;
    let user = user?;
    let readable = archive.store.read(|connection| access::readable_by(connection, &table.schema(), &table.name, user));
    readable.is_ok_and(|readable| readable).then_some(table)
}
