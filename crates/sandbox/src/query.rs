//! From ADQL to rows: which tables a query may see, its translation, and the way of its values into columns.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::sync::Arc;

use adql::translate::{self, PositionIndex, quote_name};
use adql::tree::TableName;
use http::StatusCode;
use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, Row};
use table::{Column, Data, Datatype, Field};

use crate::archive::Archive;
use crate::catalogue::TableInfo;
use crate::database::Session;
use crate::fault::Fault;
use crate::upload::UploadedTable;
use crate::user_tables::{UserTable, describe};
use crate::{Error, functions};

/// What a query may read.
pub struct Scope<'a> {
    archive: &'a Archive,
    user: Option<&'a str>,
    uploads: &'a [UploadedTable],
    /// The tables of users that the user may read.
    tables: Vec<UserTable>,
    /// Tables of users and results of jobs that the query reads: file and name under which to attach it.
    attach: RefCell<Vec<(PathBuf, String)>>,
    /// Whether it reads what `tap_schema` says to this user only.
    describes: Cell<bool>,
}

/// Most files of users and jobs that a query may read: of the databases that a connection may have (see `.cargo/config.toml`),
/// the catalogue, the uploads, the result and TAP_SCHEMA take some.
const MOST_FILES: usize = 24;

/// A query that can be run.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// One SELECT.
    pub sql: String,
    /// The columns of the result.
    pub fields: Vec<Field>,
    /// Databases that must be attached: file and name.
    attach: Vec<(PathBuf, String)>,
    /// The tables of users that `tap_schema` is to describe.
    described: Vec<UserTable>,
}

impl Prepared {
    /// Makes a connection see what the query reads beside catalogue and uploads.
    pub fn attach(&self, session: &mut Session<'_>) -> Result<(), Fault> {
        for (path, name) in &self.attach {
            let gone = |_| Fault::missing("A table or a result that the query reads was removed meanwhile.");
            session.attach_file(path, name, false).map_err(gone)?;
        }
        if !self.described.is_empty() {
            session.attach_memory("described")?;
            describe::fill(session, &self.described)?;
        }
        Ok(())
    }
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
    let tables = match user {
        Some(user) => [archive.tables.of(user)?, archive.tables.shared_with(user)?].concat(),
        None => Vec::new(),
    };
    let scope = Scope { archive, user, uploads, tables, attach: RefCell::default(), describes: Cell::default() };
    let translated = adql::translate(&tree, &scope).map_err(|error| Fault::in_query(text, &error))?;
    let Scope { attach, describes, tables, .. } = scope;
    let attach = attach.into_inner();
    if attach.len() > MOST_FILES {
        return Err(Fault::bad(format!(
            "The query reads {} tables of users and results of jobs. It may read {MOST_FILES}.",
            attach.len()
        )));
    }
    Ok(Prepared {
        sql: translated.sql,
        fields: translated.columns.into_iter().map(|column| column.field).collect(),
        attach,
        described: if describes.get() { tables } else { Vec::new() },
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

impl Scope<'_> {
    /// A table of `tap_schema` as it is for a user who has tables; any other table as it is.
    fn described(&self, schema: &str, name: &str, table: translate::TableInfo) -> translate::TableInfo {
        let differs = schema.eq_ignore_ascii_case("tap_schema") && describe::TABLES.contains(&name);
        if !differs || self.tables.is_empty() {
            return table;
        }
        self.describes.set(true);
        translate::TableInfo { sql_name: format!("described.\"tap_schema.{name}\""), ..table }
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
            Some(schema) if self.tables.iter().any(|table| table.schema().eq_ignore_ascii_case(schema)) => {
                let mut tables = self.tables.iter().filter(|table| table.schema().eq_ignore_ascii_case(schema));
                let found = tables.find(|table| name.name.matches(&table.name))?;
                let alias = self.attach(found.file.clone());
                Some(of_user(found, &alias))
            }
            Some(schema) => {
                let found = of_catalogue(self.archive.database.catalogue().table(schema, bare)?);
                Some(self.described(schema, &bare.to_ascii_lowercase(), found))
            }
            // Without a schema a name means the one table that is called so.
            None => {
                let mut found = self
                    .archive
                    .database
                    .catalogue()
                    .tables()
                    .iter()
                    .filter(|table| table.name.eq_ignore_ascii_case(bare));
                let only = found.next().filter(|_| found.next().is_none())?;
                Some(self.described(only.schema, only.name, of_catalogue(only)))
            }
        }
    }

    fn functions(&self) -> &[translate::FunctionInfo] {
        functions::described()
    }

    fn table_names(&self) -> Vec<String> {
        let uploads = self.uploads.iter().map(|upload| format!("tap_upload.{}", upload.name));
        let own = self.tables.iter().map(UserTable::qualified);
        self.archive.database.catalogue().tables().iter().map(TableInfo::qualified).chain(own).chain(uploads).collect()
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
        translate::ColumnInfo { name: field.name.clone(), sql_name: quote_name(&field.name), field: Arc::new(field) }
    });
    let position_index = table.position.zip(table.key()).map(|((ra, dec), key)| PositionIndex {
        ra: ra.to_owned(),
        dec: dec.to_owned(),
        sql_name: table.index_name(),
        key: quote_name(&key.field.name),
    });
    translate::TableInfo { sql_name: table.sql_name(), columns: columns.collect(), position_index }
}

/// A table of a user, in the database `alias`.
fn of_user(table: &UserTable, alias: &str) -> translate::TableInfo {
    let info = in_columns_named(format!("{alias}.result"), &table.fields(), "c");
    let name = |at: usize| table.columns[at].field.name.clone();
    let position_index = table.position().map(|(ra, dec)| PositionIndex {
        ra: name(ra),
        dec: name(dec),
        sql_name: format!("{alias}.sky"),
        key: "c0".to_owned(),
    });
    translate::TableInfo { position_index, ..info }
}

/// A table whose columns are numbered in the database, because the names may be anything.
fn in_columns_named(sql_name: String, fields: &[Field], prefix: &str) -> translate::TableInfo {
    let columns = fields.iter().enumerate().map(|(at, field)| translate::ColumnInfo {
        name: field.name.clone(),
        sql_name: format!("{prefix}{at}"),
        field: Arc::new(field.clone()),
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
    use crate::catalogue::ColumnInfo;
    use crate::catalogue::definition::{DEC, INDEXED, RA};
    use crate::user_tables::{Draft, key_column};
    use crate::{Config, Time};

    /// How SQLite goes about a query.
    fn plan(archive: &Archive, user: Option<&str>, query: &str) -> String {
        let prepared = prepare(query, archive, user, &[]).unwrap();
        let mut session = archive.database.connect().unwrap();
        prepared.attach(&mut session).unwrap();
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
            let plan = plan(&archive, None, &format!("SELECT source_id FROM gaiadr3.gaia_source WHERE {condition}"));
            assert!(plan.contains("VIRTUAL TABLE INDEX"), "{condition}: {plan}");
            assert!(
                !plan.lines().any(|step| step.starts_with("SCAN t") && !step.contains("VIRTUAL")),
                "{condition}: {plan}"
            );
        }
        let plan = plan(
            &archive,
            None,
            "SELECT g.source_id FROM gaiadr3.gaia_source AS g JOIN external.twomass_like AS t
             ON 1 = CONTAINS(POINT('ICRS', t.ra, t.dec), CIRCLE('ICRS', g.ra, g.dec, 0.0003))",
        );
        assert!(plan.contains("VIRTUAL TABLE INDEX"), "{plan}");
    }

    #[test]
    fn cones_use_the_index_of_a_table_of_a_user() {
        let archive = Archive::open(Config { sources: 600, ..Config::default() }).unwrap();
        let column = |name: &str, flags| ColumnInfo { field: Field::new(name, Datatype::Double), flags };
        let columns = vec![key_column("t"), column("ra", RA), column("dec", DEC), column("x", INDEXED)];
        let table = UserTable {
            owner: "demo".to_owned(),
            name: "t".to_owned(),
            description: String::new(),
            columns: columns.clone(),
            rows: 0,
            bytes: 0,
            created: Time(0),
            file: PathBuf::new(),
        };
        let finished = Draft::create(&archive, "demo", 4).unwrap().finish(&columns).unwrap();
        archive.tables.add(table, finished, Time(0)).unwrap();
        let cone =
            "SELECT x FROM user_demo.t WHERE 1 = CONTAINS(POINT('ICRS', ra, dec), CIRCLE('ICRS', 56.75, 24.12, 1))";
        let plan_of_cone = plan(&archive, Some("demo"), cone);
        assert!(plan_of_cone.contains("VIRTUAL TABLE INDEX"), "{plan_of_cone}");
        let indexed = plan(&archive, Some("demo"), "SELECT ra FROM user_demo.t WHERE x = 1");
        assert!(indexed.contains("USING INDEX by_c3"), "{indexed}");
    }
}
