//! The sandbox's catalogue: a synthetic sky in a database file, made from a seed, the same on every machine.
//!
//! Nothing in it was observed. Its tables have the names and columns of the real ones, so that lessons and programs work.

mod astrophysical_parameters;
mod build;
mod cepheid;
mod clusters;
mod data_release_2;
pub mod definition;
mod evolution;
mod gaia_source;
pub mod healpix;
mod infrared;
mod parameters;
mod population;
mod random;
mod rr_lyrae;
mod sky;
mod source;
pub(crate) mod tap_schema;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

pub use definition::{ColumnInfo, TableInfo};
pub use gaia_source::SOLUTION_ID;
pub use random::Random;
pub use source::ZERO_POINTS;

use crate::Error;

/// Goes into the file's name: a new number whenever the same seed gives other rows.
const VERSION: u32 = 5;

/// A schema.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Name.
    pub name: &'static str,
    /// What it holds.
    pub description: &'static str,
}

/// A foreign key.
#[derive(Clone, Copy, Debug)]
pub struct ForeignKey {
    /// Identifier in `tap_schema.keys`.
    pub id: &'static str,
    /// Qualified name of the table that refers.
    pub from_table: &'static str,
    /// Its column.
    pub from_column: &'static str,
    /// Qualified name of the table that is referred to.
    pub target_table: &'static str,
    /// Its column.
    pub target_column: &'static str,
    /// What the reference means.
    pub description: &'static str,
}

/// The schemas, in the order in which they are shown.
pub const SCHEMAS: &[Schema] = &[
    Schema {
        name: "gaiadr3",
        description: "SYNTHETIC DATA, nothing here was observed. Tables in the shape of Gaia Data Release 3, filled by a \
                      random generator, to learn and to try programs on.",
    },
    Schema {
        name: "gaiadr2",
        description: "SYNTHETIC DATA, nothing here was observed. The same artificial sky in the shape of Gaia Data Release 2.",
    },
    Schema {
        name: "external",
        description: "SYNTHETIC DATA, nothing here was observed. Catalogues of other wavelengths, to practise cross-matches.",
    },
    Schema { name: "tap_schema", description: "The tables that describe all tables, as TAP 1.1 wants them." },
];

/// The foreign keys.
pub const FOREIGN_KEYS: &[ForeignKey] = &[
    ForeignKey {
        id: "ap_source",
        from_table: "gaiadr3.astrophysical_parameters",
        from_column: "source_id",
        target_table: "gaiadr3.gaia_source",
        target_column: "source_id",
        description: "The source whose parameters these are",
    },
    ForeignKey {
        id: "rrlyrae_source",
        from_table: "gaiadr3.vari_rrlyrae",
        from_column: "source_id",
        target_table: "gaiadr3.gaia_source",
        target_column: "source_id",
        description: "The source that varies",
    },
    ForeignKey {
        id: "cepheid_source",
        from_table: "gaiadr3.vari_cepheid",
        from_column: "source_id",
        target_table: "gaiadr3.gaia_source",
        target_column: "source_id",
        description: "The source that varies",
    },
    ForeignKey {
        id: "neighbourhood_dr3",
        from_table: "gaiadr3.dr2_neighbourhood",
        from_column: "dr3_source_id",
        target_table: "gaiadr3.gaia_source",
        target_column: "source_id",
        description: "The source in DR3",
    },
    ForeignKey {
        id: "neighbourhood_dr2",
        from_table: "gaiadr3.dr2_neighbourhood",
        from_column: "dr2_source_id",
        target_table: "gaiadr2.gaia_source",
        target_column: "source_id",
        description: "The source in DR2",
    },
    ForeignKey {
        id: "columns_table",
        from_table: "tap_schema.columns",
        from_column: "table_name",
        target_table: "tap_schema.tables",
        target_column: "table_name",
        description: "The table of the column",
    },
    ForeignKey {
        id: "tables_schema",
        from_table: "tap_schema.tables",
        from_column: "schema_name",
        target_table: "tap_schema.schemas",
        target_column: "schema_name",
        description: "The schema of the table",
    },
    ForeignKey {
        id: "keys_from",
        from_table: "tap_schema.keys",
        from_column: "from_table",
        target_table: "tap_schema.tables",
        target_column: "table_name",
        description: "The table that refers",
    },
    ForeignKey {
        id: "keys_target",
        from_table: "tap_schema.keys",
        from_column: "target_table",
        target_table: "tap_schema.tables",
        target_column: "table_name",
        description: "The table that is referred to",
    },
    ForeignKey {
        id: "key_columns_key",
        from_table: "tap_schema.key_columns",
        from_column: "key_id",
        target_table: "tap_schema.keys",
        target_column: "key_id",
        description: "The key of the columns",
    },
];

/// The catalogue in its file.
#[derive(Debug)]
pub struct Catalogue {
    path: PathBuf,
    tables: Vec<TableInfo>,
}

impl Catalogue {
    /// Opens the catalogue in `folder`, building it first if it is not there.
    pub fn open(folder: &Path, seed: u64, sources: usize) -> Result<Catalogue, Error> {
        let path = folder.join(format!("catalogue-v{VERSION}-seed{seed}-{sources}.sqlite"));
        if !path.exists() {
            // Another process may build the same: each writes a file of its own and renames it when it is whole.
            let partial = folder.join(format!("catalogue-{seed}-{sources}-{}.partial", std::process::id()));
            let _ = std::fs::remove_file(&partial);
            build::build(&partial, seed, sources)?;
            std::fs::rename(&partial, &path).map_err(|cause| Error::file(&path, cause))?;
        }
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut tables = build::tables();
        let mut count = connection.prepare("SELECT rows FROM \"about:rows\" WHERE table_name = ?1")?;
        for table in &mut tables {
            table.rows = count.query_row([table.qualified()], |row| row.get::<_, i64>(0))? as u64;
        }
        drop(count);
        Ok(Catalogue { path, tables })
    }

    /// Makes the catalogue readable in a connection, as database `catalogue`.
    pub fn attach(&self, connection: &Connection) -> Result<(), Error> {
        let uri = format!("file:{}?mode=ro&immutable=1", percent_path(&self.path));
        connection.execute("ATTACH DATABASE ?1 AS catalogue", [uri])?;
        // The pages are those of the file itself, shared by all connections.
        connection.execute_batch("PRAGMA catalogue.mmap_size = 274877906944; PRAGMA catalogue.cache_size = -2000")?;
        Ok(())
    }

    /// All tables, schema by schema.
    pub fn tables(&self) -> &[TableInfo] {
        &self.tables
    }

    /// A table by schema and name, compared without case.
    pub fn table(&self, schema: &str, name: &str) -> Option<&TableInfo> {
        self.tables.iter().find(|t| t.schema.eq_ignore_ascii_case(schema) && t.name.eq_ignore_ascii_case(name))
    }
}

/// A path as SQLite wants it in a URI.
pub(crate) fn percent_path(path: &Path) -> String {
    let mut out = String::new();
    for character in path.to_string_lossy().chars() {
        match character {
            '%' => out.push_str("%25"),
            '?' => out.push_str("%3f"),
            '#' => out.push_str("%23"),
            other => out.push(other),
        }
    }
    out
}
