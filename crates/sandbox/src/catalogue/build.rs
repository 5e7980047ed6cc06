//! Writing the catalogue into its database: one pass over the sources in the order of their identifiers, so that every
//! B-tree grows at its end, then the indices.

use std::path::Path;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, Transaction, params};
use table::Datatype;

use super::cepheid::{self, Cepheid};
use super::data_release_2::{self as dr2, OldSource, Pair};
use super::definition::{Definition, INDEXED, PK, TableInfo, Value};
use super::infrared::{self, Entry};
use super::rr_lyrae::{self, RrLyrae};
use super::source::{Source, places};
use super::{astrophysical_parameters, gaia_source, sky, tap_schema};
use crate::Error;

const DR3: &str = "Gaia/Gaia DR3";

/// All tables, without the number of their rows.
pub fn tables() -> Vec<TableInfo> {
    let mut tables = vec![
        described(
            ("gaiadr3", "gaia_source", DR3),
            "SYNTHETIC DATA. Positions, parallaxes, proper motions, magnitudes and more of all sources: the main table of the release",
            gaia_source::COLUMNS,
        ),
        described(
            ("gaiadr3", "astrophysical_parameters", DR3),
            "SYNTHETIC DATA. Temperatures, gravities, metallicities, distances and masses of the brighter sources",
            astrophysical_parameters::COLUMNS,
        ),
        described(
            ("gaiadr3", "vari_rrlyrae", "Gaia/Gaia DR3/Variability"),
            "SYNTHETIC DATA. Periods and light curve parameters of RR Lyrae stars",
            rr_lyrae::COLUMNS,
        ),
        described(
            ("gaiadr3", "vari_cepheid", "Gaia/Gaia DR3/Variability"),
            "SYNTHETIC DATA. Periods and light curve parameters of Cepheids",
            cepheid::COLUMNS,
        ),
        described(
            ("gaiadr3", "dr2_neighbourhood", "Gaia/Gaia DR3/Cross-matches"),
            "SYNTHETIC DATA. Which sources of DR2 lie near which sources of DR3",
            dr2::NEIGHBOURHOOD_COLUMNS,
        ),
        described(
            ("gaiadr2", "gaia_source", "Gaia/Gaia DR2"),
            "SYNTHETIC DATA. The main table of the older release: the same sky, measured for a shorter time",
            dr2::SOURCE_COLUMNS,
        ),
        described(
            ("external", "twomass_like", "Other/External catalogues"),
            "SYNTHETIC DATA. Near-infrared magnitudes of the brighter stars, in the manner of a ground-based survey",
            infrared::COLUMNS,
        ),
    ];
    for table in &mut tables {
        table.coosys = match table.schema {
            "gaiadr3" => Some(("GAIADR3", "J2016.0")),
            "gaiadr2" => Some(("GAIADR2", "J2015.5")),
            _ => Some(("TWOMASSLIKE", "J1999.5")),
        };
        if table.columns.iter().any(|column| column.field.name == "ra") {
            table.position = Some(("ra", "dec"));
        }
    }
    tables.extend(tap_schema::tables());
    tables
}

fn described<S>(
    (schema, name, hierarchy): (&'static str, &'static str, &'static str),
    description: &'static str,
    columns: &[Definition<S>],
) -> TableInfo {
    let columns = columns.iter().map(Definition::info).collect();
    TableInfo { schema, name, description, hierarchy, columns, rows: 0, position: None, coosys: None }
}

/// Builds the whole catalogue into a new file.
pub fn build(path: &Path, seed: u64, sources: usize) -> Result<(), Error> {
    let mut connection = Connection::open(path)?;
    // The file is thrown away if the building does not come to its end, so nothing needs to be safe on the way.
    connection.execute_batch(
        "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY",
    )?;
    let tables = tables();
    let transaction = connection.transaction()?;
    create(&transaction, &tables)?;
    fill(&transaction, &tables, seed, sources)?;
    tap_schema::fill(&transaction, &tables)?;
    index(&transaction, &tables)?;
    transaction.execute_batch("CREATE TABLE \"about:rows\" (table_name TEXT PRIMARY KEY, rows INTEGER)")?;
    for table in &tables {
        let sql = format!("INSERT INTO \"about:rows\" SELECT ?1, count(*) FROM \"{}\"", table.qualified());
        transaction.execute(&sql, [table.qualified()])?;
    }
    transaction.commit()?;
    // The planner learns which index selects best.
    connection.execute_batch("PRAGMA analysis_limit = 400; ANALYZE")?;
    Ok(())
}

fn create(transaction: &Transaction<'_>, tables: &[TableInfo]) -> Result<(), Error> {
    for table in tables.iter().filter(|table| !tap_schema::is_standard(table)) {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| {
                let affinity = match column.field.datatype {
                    Datatype::Char => "TEXT",
                    Datatype::Float | Datatype::Double => "REAL",
                    _ => "INTEGER",
                };
                let key = if column.flags & PK != 0 { " PRIMARY KEY" } else { "" };
                format!("\"{}\" {affinity}{key}", column.field.name)
            })
            .collect();
        transaction.execute_batch(&format!("CREATE TABLE \"{}\" ({})", table.qualified(), columns.join(", ")))?;
        if table.position.is_some() {
            transaction.execute_batch(&format!(
                "CREATE VIRTUAL TABLE \"{}:sky\" USING rtree(id, x0, x1, y0, y1, z0, z1)",
                table.qualified()
            ))?;
        }
    }
    Ok(())
}

fn fill(transaction: &Transaction<'_>, tables: &[TableInfo], seed: u64, sources: usize) -> Result<(), Error> {
    let mut writers = tables[..7].iter().map(|table| Writer::new(transaction, table)).collect::<Result<Vec<_>, _>>()?;
    let [main, parameters, variables, cepheids, neighbourhood, older, infrared] = &mut writers[..] else {
        unreachable!("seven tables were prepared");
    };
    let mut entries = 0;
    for place in places(seed, sources) {
        let source = Source::new(seed, place, sources);
        main.write(gaia_source::COLUMNS, &source)?;
        main.position(source.source_id, source.position)?;
        if astrophysical_parameters::has_row(&source) {
            parameters.write(astrophysical_parameters::COLUMNS, &source)?;
        }
        if let Some(star) = RrLyrae::of(&source) {
            variables.write(rr_lyrae::COLUMNS, &star)?;
        }
        if let Some(star) = Cepheid::of(&source) {
            cepheids.write(cepheid::COLUMNS, &star)?;
        }
        if let Some(old) = OldSource::of(&source) {
            older.write(dr2::SOURCE_COLUMNS, &old)?;
            older.position(old.source_id, old.position)?;
            let pair = Pair {
                old: old.source_id,
                new: source.source_id,
                distance: old.separation,
                magnitude_difference: Some(old.magnitude_difference),
                propagated: source.solved,
            };
            neighbourhood.write(dr2::NEIGHBOURHOOD_COLUMNS, &pair)?;
        }
        if let Some(entry) = Entry::of(&source, entries + 1) {
            entries += 1;
            infrared.write(infrared::COLUMNS, &entry)?;
            infrared.position(entry.number, entry.position)?;
        }
    }
    Ok(())
}

/// Indices on the columns that are flagged as indexed; positions and keys have theirs already.
fn index(transaction: &Transaction<'_>, tables: &[TableInfo]) -> Result<(), Error> {
    for table in tables {
        for column in &table.columns {
            let name = &column.field.name;
            let covered = table.position.is_some_and(|(ra, dec)| name == ra || name == dec);
            if column.flags & INDEXED != 0 && column.flags & PK == 0 && !covered {
                let table = table.qualified();
                transaction.execute_batch(&format!("CREATE INDEX \"{table}:{name}\" ON \"{table}\" (\"{name}\")"))?;
            }
        }
    }
    Ok(())
}

/// The prepared statements that fill one table.
struct Writer<'a> {
    rows: Statement<'a>,
    sky: Option<Statement<'a>>,
}

impl<'a> Writer<'a> {
    fn new(transaction: &'a Transaction<'_>, table: &TableInfo) -> Result<Writer<'a>, Error> {
        let name = table.qualified();
        let places = vec!["?"; table.columns.len()].join(", ");
        let rows = transaction.prepare(&format!("INSERT INTO \"{name}\" VALUES ({places})"))?;
        let sky = format!("INSERT INTO \"{name}:sky\" VALUES (?1, ?2, ?2, ?3, ?3, ?4, ?4)");
        let sky = table.position.map(|_| transaction.prepare(&sky)).transpose()?;
        Ok(Writer { rows, sky })
    }

    fn write<S>(&mut self, columns: &[Definition<S>], of: &S) -> Result<(), Error> {
        for (at, column) in columns.iter().enumerate() {
            self.rows.raw_bind_parameter(at + 1, column.cell(of))?;
        }
        self.rows.raw_execute()?;
        Ok(())
    }

    fn position(&mut self, key: i64, (ra, dec): (f64, f64)) -> Result<(), Error> {
        let [x, y, z] = sky::unit(ra, dec);
        if let Some(sky) = &mut self.sky {
            sky.execute(params![key, x, y, z])?;
        }
        Ok(())
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Integer(value) => ValueRef::Integer(*value),
            Value::Real(value) => ValueRef::Real(*value),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}
