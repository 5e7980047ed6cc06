//! TAP_SCHEMA with the tables of a user in it, for the time of one query.

use adql::translate::quote_text;
use rusqlite::Connection;

use super::UserTable;
use crate::Error;
use crate::catalogue::tap_schema::{Description, describe};

/// The tables of `tap_schema` that say more to a user than to everybody.
pub const TABLES: &[&str] = &["schemas", "tables", "columns"];

/// What the description of a user's schema is.
pub fn schema_description(login: &str) -> String {
    format!("Tables of user {login}")
}

/// Fills the database `described` of a connection with TAP_SCHEMA as it is for everybody, and with the tables of users.
pub fn fill(connection: &Connection, tables: &[UserTable]) -> Result<(), Error> {
    connection.execute_batch("BEGIN")?;
    for name in TABLES {
        let name = format!("\"tap_schema.{name}\"");
        connection.execute_batch(&format!("CREATE TABLE described.{name} AS SELECT * FROM catalogue.{name}"))?;
    }
    let count = |name: &str| -> Result<usize, Error> {
        let sql = format!("SELECT count(*) FROM described.\"tap_schema.{name}\"");
        Ok(connection.query_row(&sql, [], |row| row.get::<_, i64>(0))? as usize)
    };
    let (mut schemas, first) = (count("schemas")?, count("tables")?);
    let mut last = None;
    for (at, table) in tables.iter().enumerate() {
        let schema = table.schema();
        if last != Some(&table.owner) {
            let (name, description) = (quote_text(&schema), quote_text(&schema_description(&table.owner)));
            connection.execute_batch(&format!(
                "INSERT INTO described.\"tap_schema.schemas\" VALUES ({name}, {description}, NULL, {schemas})"
            ))?;
            schemas += 1;
            last = Some(&table.owner);
        }
        let name = table.delimited();
        let columns = table.described_columns();
        let description =
            Description { schema: &schema, name: &name, description: &table.description, columns: &columns };
        describe(connection, "described", &description, false, first + at)?;
    }
    connection.execute_batch("COMMIT")?;
    Ok(())
}
