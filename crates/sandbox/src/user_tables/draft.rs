//! The file of a table in the making: rows first, then indices. It is thrown away unless it becomes a table.

use std::path::PathBuf;

use adql::geometry;
use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, params};
use table::Column;

use super::{UserTable, UserTables, position};
use crate::archive::Archive;
use crate::catalogue::ColumnInfo;
use crate::catalogue::definition::INDEXED;
use crate::database::Session;
use crate::entropy;
use crate::fault::Fault;
use crate::upload::value;

/// Most columns of a table, the key excepted: SQLite takes 2000.
pub const MOST_COLUMNS: usize = 1_999;

/// A file in the making, attached to a connection as `made`.
pub struct Draft<'a> {
    session: Session<'a>,
    file: File,
    tables: &'a UserTables,
    owner: &'a str,
}

/// A file that is whole.
pub struct Finished {
    file: File,
    rows: u64,
    bytes: u64,
}

/// A file that goes with this value unless it is kept.
struct File {
    path: PathBuf,
    kept: bool,
}

impl Drop for File {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl<'a> Draft<'a> {
    /// A file for `columns` columns, the key included, without rows.
    pub fn create(archive: &'a Archive, owner: &'a str, columns: usize) -> Result<Draft<'a>, Fault> {
        if columns > MOST_COLUMNS + 1 {
            return Err(Fault::bad(format!(
                "{} columns are more than the {MOST_COLUMNS} that a table may have.",
                columns - 1
            )));
        }
        let draft = Draft::open(archive, owner, new_file(&archive.tables)?, 0)?;
        let names: String = (1..columns).map(|at| format!(", c{at}")).collect();
        draft.session.execute_batch(&format!("CREATE TABLE made.result (c0 INTEGER PRIMARY KEY{names})"))?;
        Ok(draft)
    }

    /// A copy of the file of a table, without its indices.
    pub fn copy(archive: &'a Archive, table: &'a UserTable) -> Result<Draft<'a>, Fault> {
        let file = new_file(&archive.tables)?;
        std::fs::copy(&table.file, &file.path).map_err(|cause| crate::Error::file(&table.file, cause))?;
        let draft = Draft::open(archive, &table.owner, file, table.bytes)?;
        let mut indices =
            draft.session.prepare("SELECT name FROM made.sqlite_schema WHERE type = 'index' AND name GLOB 'by_c*'")?;
        let names: Vec<String> = indices.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        drop(indices);
        for name in names {
            draft.session.execute_batch(&format!("DROP INDEX made.{name}"))?;
        }
        draft.session.execute_batch("DROP TABLE IF EXISTS made.sky")?;
        Ok(draft)
    }

    /// `freed`: bytes that become free when the file has taken the place of another.
    fn open(archive: &'a Archive, owner: &'a str, file: File, freed: u64) -> Result<Draft<'a>, Fault> {
        let tables = &*archive.tables;
        let used = tables.used(owner)?.saturating_sub(freed);
        if used >= tables.space {
            return Err(tables.full(owner, used));
        }
        let mut session = archive.database.connect()?;
        session.attach_file(&file.path, "made", true)?;
        let page = session.query_row("PRAGMA made.page_size", [], |row| row.get::<_, i64>(0))?.max(1) as u64;
        let pages = ((tables.space - used) / page).clamp(16, u64::from(u32::MAX - 1));
        session.execute_batch(&format!("PRAGMA made.max_page_count = {pages}"))?;
        Ok(Draft { session, file, tables, owner })
    }

    /// The connection, to fill `made.result` from what else is attached to it.
    pub fn session(&mut self) -> &mut Session<'a> {
        &mut self.session
    }

    /// Appends rows; the key counts them.
    pub fn fill(&self, columns: &[Column], rows: usize) -> Result<(), Fault> {
        let names: Vec<String> = (1..=columns.len()).map(|at| format!("c{at}")).collect();
        let places = vec!["?"; columns.len()].join(", ");
        let sql = format!("INSERT INTO made.result ({}) VALUES ({places})", names.join(", "));
        let write = || {
            self.session.execute_batch("BEGIN")?;
            let mut insert = self.session.prepare(&sql)?;
            for row in 0..rows {
                for (at, column) in columns.iter().enumerate() {
                    insert.raw_bind_parameter(at + 1, value(column.cell(row)))?;
                }
                insert.raw_execute()?;
            }
            drop(insert);
            self.session.execute_batch("COMMIT")
        };
        write().map_err(|error| self.fault(error))
    }

    /// Makes the indices that the flags of the columns ask for.
    pub fn finish(self, columns: &[ColumnInfo]) -> Result<Finished, Fault> {
        let indexed = (1..columns.len()).filter(|at| columns[*at].flags & INDEXED != 0);
        for at in indexed {
            let sql = format!("CREATE INDEX made.by_c{at} ON result (c{at})");
            self.session.execute_batch(&sql).map_err(|error| self.fault(error))?;
        }
        if let Some((ra, dec)) = position(columns) {
            self.index_positions(ra, dec).map_err(|error| self.fault(error))?;
        }
        let rows = self.session.query_row("SELECT count(*) FROM made.result", [], |row| row.get::<_, i64>(0))?;
        let Draft { session, file, .. } = self;
        drop(session);
        let bytes = std::fs::metadata(&file.path).map_err(|cause| crate::Error::file(&file.path, cause))?.len();
        Ok(Finished { file, rows: rows as u64, bytes })
    }

    /// The R*Tree over the unit vectors of the rows, as [`adql::translate::PositionIndex`] wants it.
    fn index_positions(&self, ra: usize, dec: usize) -> rusqlite::Result<()> {
        self.session.execute_batch("BEGIN; CREATE VIRTUAL TABLE made.sky USING rtree(id, x0, x1, y0, y1, z0, z1)")?;
        let mut select = self.session.prepare(&format!("SELECT c0, c{ra}, c{dec} FROM made.result"))?;
        let mut insert = self.session.prepare("INSERT INTO made.sky VALUES (?1, ?2, ?2, ?3, ?3, ?4, ?4)")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            if let (Some(ra), Some(dec)) = (number(row.get_ref(1)?), number(row.get_ref(2)?))
                && geometry::is_position(ra, dec)
            {
                let [x, y, z] = geometry::unit(ra, dec);
                insert.execute(params![row.get::<_, i64>(0)?, x, y, z])?;
            }
        }
        drop(rows);
        drop((select, insert));
        self.session.execute_batch("COMMIT")
    }

    /// What a failure to write means: mostly, that the owner's space is used up.
    pub fn fault(&self, error: rusqlite::Error) -> Fault {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => match self.tables.used(self.owner) {
                Ok(used) => self.tables.full(self.owner, used),
                Err(fault) => fault,
            },
            _ => error.into(),
        }
    }
}

impl Finished {
    /// Writes what is known of the file into the description of its table.
    pub(super) fn describe(&self, table: &mut UserTable) {
        (table.rows, table.bytes) = (self.rows, self.bytes);
        table.file.clone_from(&self.file.path);
    }

    /// Name of the file in its folder.
    pub(super) fn name(&self) -> String {
        self.file.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Number of rows.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// A table has the file now.
    pub(super) fn keep(mut self) {
        self.file.kept = true;
    }
}

/// A name that nobody can guess, so that no request can make two tables meet in one file.
fn new_file(tables: &UserTables) -> Result<File, Fault> {
    let name = format!("{}.sqlite", entropy::hexadecimal::<16>()?.to_ascii_lowercase());
    Ok(File { path: tables.folder.join(name), kept: false })
}

fn number(value: ValueRef<'_>) -> Option<f64> {
    match value {
        ValueRef::Integer(value) => Some(value as f64),
        ValueRef::Real(value) => Some(value),
        _ => None,
    }
}
