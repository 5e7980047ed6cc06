//! From ADQL to rows: which tables a query may see, its translation, and the way of its values into columns.

use std::cell::RefCell;
use std::path::PathBuf;

use adql::translate::{self, PositionIndex, quote_name};
use adql::tree::TableName;
use http::StatusCode;
use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, Row};
use table::{Column, Data, Datatype, Field};

use crate::archive::Archive;
use crate::catalogue::TableInfo;
use crate::fault::Fault;
use crate::upload::UploadedTable;
use crate::{Error, functions};

/// What a query may read.
pub struct Scope<'a> {
    archive: &'a Archive,
    user: Option<&'a str>,
    uploads: &'a [UploadedTable],
    /// Results of jobs that the query reads: file and name under which to attach it.
    attach: RefCell<Vec<(PathBuf, String)>>,
}

/// A query that can be run.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// One SELECT.
    pub sql: String,
    /// The columns of the result.
    pub fields: Vec<Field>,
    /// Databases that must be attached: file and name.
    pub attach: Vec<(PathBuf, String)>,
}

/// Parses and translates a query of a user, or of nobody.
pub fn prepare(
    text: &str,
    archive: &Archive,
    user: Option<&str>,
    uploads: &[UploadedTable],
) -> Result<Prepared, Fault> {
    let parsed = adql::parse(text);
    if let Some(error) = parsed.errors.first() {
        return Err(Fault::in_query(text, error));
    }
    let tree = parsed.tree.ok_or_else(|| Fault::bad("Cannot parse query at line 1, column 1: there is no query."))?;
    let scope = Scope { archive, user, uploads, attach: RefCell::default() };
    let translated = adql::translate(&tree, &scope).map_err(|error| Fault::in_query(text, &error))?;
    Ok(Prepared {
        sql: translated.sql,
        fields: translated.columns.into_iter().map(|column| column.field).collect(),
        attach: scope.attach.into_inner(),
    })
}

impl Scope<'_> {
    /// Has a database file attached for the query; the name under which.
    fn attach(&self, path: PathBuf) -> String {
        let mut attach = self.attach.borrow_mut();
        let known = attach.iter().find(|(known, _)| *known == path).map(|(_, name)| name.clone());
        known.unwrap_or_else(|| {
            let alias = format!("file{}", attach.len());
            attach.push((path, alias.clone()));
            alias
        })
    }
}

impl translate::Catalogue for Scope<'_> {
    fn table(&self, name: &TableName) -> Option<translate::TableInfo> {
        let bare = &name.name.text;
        match name.schema.as_ref().map(|schema| schema.text.as_str()) {
            Some(schema) if schema.eq_ignore_ascii_case("tap_upload") => {
                let found = self.uploads.iter().find(|upload| upload.name.eq_ignore_ascii_case(bare))?;
                Some(in_columns_named(format!("uploads.{}", quote_name(&found.name)), &found.fields, "c"))
            }
            Some(schema) if schema.eq_ignore_ascii_case("job_upload") => {
                // The documentation of old wrote JOB in capitals, the newer one writes job in quotes.
                let legacy = self.archive.config.legacy && name.name.quoted;
                let prefix = |prefix: &&str| if legacy { *prefix == "JOB" } else { prefix.eq_ignore_ascii_case("job") };
                let id = bare.get(..3).filter(prefix).and_then(|_| bare.get(3..))?;
                let (path, fields) = self.archive.jobs.result_file(id, self.user)?;
                let alias = self.attach(path);
                Some(in_columns_named(format!("{alias}.result"), &fields, "c"))
            }
            Some(schema) => self.archive.database.catalogue().table(schema, bare).map(of_catalogue),
            // Without a schema a name means the one table that is called so.
            None => {
                let mut found = self
                    .archive
                    .database
                    .catalogue()
                    .tables()
                    .iter()
                    .filter(|table| table.name.eq_ignore_ascii_case(bare));
                found.next().filter(|_| found.next().is_none()).map(of_catalogue)
            }
        }
    }

    fn functions(&self) -> Vec<translate::FunctionInfo> {
        functions::described()
    }

    fn table_names(&self) -> Vec<String> {
        let uploads = self.uploads.iter().map(|upload| format!("tap_upload.{}", upload.name));
        self.archive.database.catalogue().tables().iter().map(TableInfo::qualified).chain(uploads).collect()
    }
}

/// A table of the catalogue as the translation wants it.
fn of_catalogue(table: &TableInfo) -> translate::TableInfo {
    let columns = table.columns.iter().map(|column| {
        let mut field = column.field.clone();
        if let (Some((ra, dec)), Some((coosys, _))) = (table.position, table.coosys)
            && (field.name == ra || field.name == dec)
        {
            field.reference = Some(coosys.to_owned());
        }
        translate::ColumnInfo { name: field.name.clone(), sql_name: quote_name(&field.name), field }
    });
    let position_index = table.position.zip(table.key()).map(|((ra, dec), key)| PositionIndex {
        ra: ra.to_owned(),
        dec: dec.to_owned(),
        sql_name: table.index_name(),
        key: quote_name(&key.field.name),
    });
    translate::TableInfo { sql_name: table.sql_name(), columns: columns.collect(), position_index }
}

/// A table whose columns are numbered in the database, because the names may be anything.
fn in_columns_named(sql_name: String, fields: &[Field], prefix: &str) -> translate::TableInfo {
    let columns = fields.iter().enumerate().map(|(at, field)| translate::ColumnInfo {
        name: field.name.clone(),
        sql_name: format!("{prefix}{at}"),
        field: field.clone(),
    });
    translate::TableInfo { sql_name, columns: columns.collect(), position_index: None }
}

/// Empty columns for a result.
pub fn columns(fields: &[Field]) -> Vec<Column> {
    fields.iter().cloned().map(Column::new).collect()
}

/// Appends a row of the database to columns; its size in bytes.
pub fn push_row(row: &Row<'_>, columns: &mut [Column]) -> Result<usize, Error> {
    let mut size = 8 * columns.len();
    for (at, column) in columns.iter_mut().enumerate() {
        match row.get_ref(at)? {
            ValueRef::Null => column.push_null(),
            ValueRef::Integer(value) => column.push_integer(value),
            ValueRef::Real(value) => column.push_double(value),
            ValueRef::Text(text) => {
                size += text.len();
                push_text(&String::from_utf8_lossy(text), column);
            }
            ValueRef::Blob(_) => column.push_null(),
        }
    }
    Ok(size)
}

/// Text into a text column; elements separated by blanks into an array.
fn push_text(text: &str, column: &mut Column) {
    if column.field().is_text() {
        return column.push_text(text);
    }
    fn elements<T: std::str::FromStr>(text: &str, into: &mut Vec<T>) -> bool {
        text.split_whitespace().all(|word| word.parse().map(|value| into.push(value)).is_ok())
    }
    let valid = match column.data_mut() {
        Data::Boolean(vector) => text.split_whitespace().all(|word| {
            vector.push(match word {
                "true" | "1" => 1,
                "false" | "0" => 0,
                _ => 2,
            });
            true
        }),
        Data::UnsignedByte(vector) => elements(text, vector),
        Data::Short(vector) => elements(text, vector),
        Data::Int(vector) => elements(text, vector),
        Data::Long(vector) => elements(text, vector),
        Data::Float(vector) => elements(text, vector),
        Data::Double(vector) => elements(text, vector),
        Data::FloatComplex(_) | Data::DoubleComplex(_) | Data::Text(_) => false,
    };
    if valid {
        column.end_row(true);
    } else {
        column.push_null();
    }
}

/// What a client learns of an error while a query ran.
pub fn failed(error: &rusqlite::Error, aborted: bool, limit: std::time::Duration) -> Fault {
    match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) if aborted => Fault::bad("The job was aborted."),
        Some(ErrorCode::OperationInterrupted) => Fault::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!(
                "The query took longer than the {} s that it may take. Submit it as an asynchronous job, or make it smaller.",
                limit.as_secs()
            ),
        ),
        _ => {
            // The database's own words are about SQL that the user never wrote.
            let cause = match error {
                rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
                other => other.to_string(),
            };
            Fault::bad(format!("Cannot execute query: {cause}"))
        }
    }
}

/// Whether a field holds text or numbers in a form that the archive can send: always, but for complex numbers.
pub fn is_storable(field: &Field) -> bool {
    !matches!(field.datatype, Datatype::FloatComplex | Datatype::DoubleComplex)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    /// How SQLite goes about a query.
    fn plan(archive: &Archive, query: &str) -> String {
        let prepared = prepare(query, archive, None, &[]).unwrap();
        let session = archive.database.connect().unwrap();
        let mut statement = session.prepare(&format!("EXPLAIN QUERY PLAN {}", prepared.sql)).unwrap();
        let steps = statement.query_map([], |row| row.get::<_, String>(3)).unwrap();
        steps.map(Result::unwrap).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn cones_use_the_index_over_the_sky() {
        let archive = Archive::open(Config { sources: 600, ..Config::default() }).unwrap();
        for condition in [
            "1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 56.75, 24.12, 1))",
            "CONTAINS(POINT(ra, dec), CIRCLE(56.75, 24.12, 1)) = 1 AND parallax > 5",
            "DISTANCE(ra, dec, 56.75, 24.12) < 1",
        ] {
            let plan = plan(&archive, &format!("SELECT source_id FROM gaiadr3.gaia_source WHERE {condition}"));
            assert!(plan.contains("VIRTUAL TABLE INDEX"), "{condition}: {plan}");
            assert!(
                !plan.lines().any(|step| step.starts_with("SCAN t") && !step.contains("VIRTUAL")),
                "{condition}: {plan}"
            );
        }
        let plan = plan(
            &archive,
            "SELECT g.source_id FROM gaiadr3.gaia_source AS g JOIN external.twomass_like AS t
             ON 1 = CONTAINS(POINT('ICRS', t.ra, t.dec), CIRCLE('ICRS', g.ra, g.dec, 0.0003))",
        );
        assert!(plan.contains("VIRTUAL TABLE INDEX"), "{plan}");
    }
}
