//! A small archive in SQLite, with the catalogue that describes it.

use std::sync::{Arc, LazyLock};

use adql::{
    Error, Translated,
    translate::{
        Argument, ArgumentKind, Catalogue, ColumnInfo, FUNCTIONS, FunctionInfo, PositionIndex, TableInfo,
        functions::SqlValue, quote_name,
    },
    tree::TableName,
};
use rusqlite::{Connection, functions::FunctionFlags, types::ValueRef};
use table::{Datatype, Field};

/// Name, datatype, unit, UCD.
type Columns = &'static [(&'static str, Datatype, &'static str, &'static str)];

const SOURCE: Columns = &[
    ("source_id", Datatype::Long, "", "meta.id;meta.main"),
    ("designation", Datatype::Char, "", "meta.id"),
    ("random_index", Datatype::Long, "", "meta.code"),
    ("ra", Datatype::Double, "deg", "pos.eq.ra;meta.main"),
    ("ra_error", Datatype::Float, "mas", "stat.error;pos.eq.ra"),
    ("dec", Datatype::Double, "deg", "pos.eq.dec;meta.main"),
    ("dec_error", Datatype::Float, "mas", "stat.error;pos.eq.dec"),
    ("parallax", Datatype::Double, "mas", "pos.parallax.trig"),
    ("parallax_error", Datatype::Float, "mas", "stat.error;pos.parallax.trig"),
    ("parallax_over_error", Datatype::Float, "", "stat.snr;pos.parallax.trig"),
    ("pm", Datatype::Float, "mas.yr**-1", "pos.pm;pos.eq"),
    ("pmra", Datatype::Double, "mas.yr**-1", "pos.pm;pos.eq.ra"),
    ("pmdec", Datatype::Double, "mas.yr**-1", "pos.pm;pos.eq.dec"),
    ("ruwe", Datatype::Float, "", "stat.error"),
    ("phot_g_n_obs", Datatype::Short, "", "meta.number"),
    ("phot_g_mean_flux", Datatype::Double, "'electron'.s**-1", "phot.flux;em.opt"),
    ("phot_g_mean_mag", Datatype::Float, "mag", "phot.mag;em.opt"),
    ("phot_bp_mean_mag", Datatype::Float, "mag", "phot.mag;em.opt.B"),
    ("phot_rp_mean_mag", Datatype::Float, "mag", "phot.mag;em.opt.R"),
    ("bp_rp", Datatype::Float, "mag", "phot.color"),
    ("radial_velocity", Datatype::Float, "km.s**-1", "spect.dopplerVeloc.opt"),
    ("phot_variable_flag", Datatype::Char, "", "meta.code;src.var"),
    ("l", Datatype::Double, "deg", "pos.galactic.lon"),
    ("b", Datatype::Double, "deg", "pos.galactic.lat"),
    ("non_single_star", Datatype::Short, "", "meta.code"),
    ("has_xp_continuous", Datatype::Boolean, "", "meta.code"),
    ("has_rvs", Datatype::Boolean, "", "meta.code"),
    ("teff_gspphot", Datatype::Float, "K", "phys.temperature.effective"),
];

const NEIGHBOURHOOD: Columns = &[
    ("dr2_source_id", Datatype::Long, "", "meta.id"),
    ("dr3_source_id", Datatype::Long, "", "meta.id"),
    ("angular_distance", Datatype::Float, "mas", "pos.angDistance"),
    ("magnitude_difference", Datatype::Float, "mag", "phot.mag"),
    ("proper_motion_propagation", Datatype::Boolean, "", "meta.code"),
];

const RRLYRAE: Columns = &[
    ("source_id", Datatype::Long, "", "meta.id"),
    ("pf", Datatype::Double, "d", "src.var;time.period"),
    ("p1_o", Datatype::Double, "d", "src.var;time.period"),
    ("best_classification", Datatype::Char, "", "src.class"),
    ("metallicity", Datatype::Float, "dex", "phys.abund.Fe"),
];

const UPLOAD: Columns = &[
    ("name", Datatype::Char, "", "meta.id"),
    ("ra", Datatype::Double, "deg", "pos.eq.ra"),
    ("dec", Datatype::Double, "deg", "pos.eq.dec"),
    ("Mixed Case", Datatype::Int, "", ""),
];

const TAP_TABLES: Columns = &[
    ("schema_name", Datatype::Char, "", ""),
    ("table_name", Datatype::Char, "", ""),
    ("size", Datatype::Long, "", ""),
];

/// Full name in ADQL, columns, whether positions are indexed.
const TABLES: &[(&str, &str, Columns, bool)] = &[
    ("gaiadr3", "gaia_source", SOURCE, true),
    ("gaiadr2", "gaia_source", SOURCE, true),
    ("gaiadr3", "dr2_neighbourhood", NEIGHBOURHOOD, false),
    ("gaiadr3", "vari_rrlyrae", RRLYRAE, false),
    ("tap_upload", "mine", UPLOAD, false),
    ("job_upload", "job1404139480755A", UPLOAD, false),
    ("user_joe", "Table1", UPLOAD, false),
    ("tap_schema", "tables", TAP_TABLES, false),
];

/// The catalogue without data.
pub struct Gaia;

impl Catalogue for Gaia {
    fn table(&self, name: &TableName) -> Option<TableInfo> {
        let schema = name.schema.as_ref()?;
        let (s, t, columns, indexed) =
            TABLES.iter().find(|(s, t, ..)| schema.matches(s) && name.name.matches(t)).copied()?;
        let columns = columns
            .iter()
            .map(|(name, datatype, unit, ucd)| {
                let mut field = Field::new(*name, *datatype);
                field.unit = Some((*unit).to_owned()).filter(|unit| !unit.is_empty());
                field.ucd = Some((*ucd).to_owned()).filter(|ucd| !ucd.is_empty());
                field.description = Some(format!("the {name}"));
                ColumnInfo { name: (*name).to_owned(), sql_name: quote_name(name), field: Arc::new(field) }
            })
            .collect();
        let position_index = indexed.then(|| PositionIndex {
            ra: "ra".into(),
            dec: "dec".into(),
            sql_name: quote_name(&format!("{s}.{t}.index")),
            key: "\"source_id\"".into(),
        });
        Some(TableInfo { sql_name: quote_name(&format!("{s}.{t}")), columns, position_index })
    }

    fn functions(&self) -> &[FunctionInfo] {
        static FUNCTIONS: LazyLock<Vec<FunctionInfo>> = LazyLock::new(own_functions);
        &FUNCTIONS
    }

    fn table_names(&self) -> Vec<String> {
        TABLES.iter().map(|(s, t, ..)| format!("{s}.{t}")).collect()
    }
}

fn own_functions() -> Vec<FunctionInfo> {
    let mut returns = Field::new("healpix", Datatype::Long);
    returns.ucd = Some("pos.healpix".into());
    let argument = |name: &str| Argument { name: name.into(), kind: ArgumentKind::Integer };
    let mut stddev = Field::new("stddev", Datatype::Double);
    stddev.ucd = Some("stat.stdev".into());
    vec![
        FunctionInfo {
            name: "gaia_healpix_index".into(),
            sql_name: "udf_healpix".into(),
            arguments: vec![argument("order"), argument("source_id")],
            optional: 0,
            aggregate: false,
            returns,
        },
        FunctionInfo {
            name: "esdc.spread".into(),
            sql_name: "max".into(),
            arguments: vec![Argument { name: "x".into(), kind: ArgumentKind::Number }],
            optional: 0,
            aggregate: true,
            returns: stddev,
        },
    ]
}

/// Parses and translates, or gives the first error.
pub fn translated(text: &str) -> Result<Translated, Error> {
    let parsed = adql::parse(text);
    if let Some(error) = parsed.errors.into_iter().next() {
        return Err(error);
    }
    adql::translate(&parsed.tree.unwrap(), &Gaia)
}

/// A database with the functions and `sources` rows in each source table.
pub fn database(sources: usize) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for function in FUNCTIONS {
        connection
            .create_scalar_function(function.name, function.arguments, flags, move |context| {
                let arguments: Vec<SqlValue> = (0..context.len())
                    .map(|at| match context.get_raw(at) {
                        ValueRef::Integer(value) => SqlValue::Integer(value),
                        ValueRef::Real(value) => SqlValue::Real(value),
                        ValueRef::Text(text) => SqlValue::Text(String::from_utf8_lossy(text)),
                        ValueRef::Null | ValueRef::Blob(_) => SqlValue::Null,
                    })
                    .collect();
                let result =
                    function.call(&arguments).map_err(|message| rusqlite::Error::UserFunctionError(message.into()))?;
                Ok(match result {
                    SqlValue::Null => rusqlite::types::Value::Null,
                    SqlValue::Integer(value) => value.into(),
                    SqlValue::Real(value) => value.into(),
                    SqlValue::Text(text) => text.into_owned().into(),
                })
            })
            .unwrap();
    }
    connection
        .create_scalar_function("udf_healpix", 2, flags, |context| {
            let (order, source): (i64, i64) = (context.get(0)?, context.get(1)?);
            Ok(source >> (35 + 2 * (12 - order)))
        })
        .unwrap();
    for (schema, name, columns, indexed) in TABLES {
        let list: Vec<String> = columns
            .iter()
            .map(|(column, datatype, ..)| {
                let kind = match datatype {
                    _ if *column == "source_id" => "INTEGER PRIMARY KEY",
                    Datatype::Char => "TEXT",
                    Datatype::Float | Datatype::Double => "REAL",
                    _ => "INTEGER",
                };
                format!("{} {kind}", quote_name(column))
            })
            .collect();
        let table = quote_name(&format!("{schema}.{name}"));
        connection.execute_batch(&format!("CREATE TABLE {table} ({})", list.join(", "))).unwrap();
        if *indexed {
            let index = quote_name(&format!("{schema}.{name}.index"));
            connection
                .execute_batch(&format!("CREATE VIRTUAL TABLE {index} USING rtree(id, x0, x1, y0, y1, z0, z1)"))
                .unwrap();
            fill(&connection, &table, &index, sources);
        }
    }
    connection
        .execute_batch(
            "INSERT INTO \"gaiadr3.dr2_neighbourhood\" SELECT source_id, source_id, 0.5, 0.1, 1 FROM \"gaiadr3.gaia_source\";
             INSERT INTO \"gaiadr3.vari_rrlyrae\" SELECT source_id, 0.5, NULL, 'RRab', -1.5 FROM \"gaiadr3.gaia_source\" WHERE source_id % 10 = 0;
             INSERT INTO \"tap_upload.mine\" VALUES ('pole', 12, 89.9, 1), ('wrap', 0.01, 0, 2), ('field', 180, -30, 3), ('none', NULL, NULL, 4);
             INSERT INTO \"job_upload.job1404139480755A\" SELECT * FROM \"tap_upload.mine\";
             INSERT INTO \"user_joe.Table1\" SELECT * FROM \"tap_upload.mine\";
             INSERT INTO \"tap_schema.tables\" VALUES ('gaiadr3', 'gaiadr3.gaia_source', 7), ('tap_schema', 'tap_schema.tables', 1);",
        )
        .unwrap();
    connection
}

/// Positions over the sphere, thick at the poles, at 0h and about (180, -30).
fn fill(connection: &Connection, table: &str, index: &str, sources: usize) {
    let mut seed = 42u64;
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 11) as f64 / (1u64 << 53) as f64
    };
    connection.execute_batch("BEGIN").unwrap();
    for id in 1..=sources as i64 {
        let (ra, dec) = match id % 5 {
            0 => (random() * 360.0, 90.0 - random() * 2.0),
            1 => (random() * 360.0, -90.0 + random() * 2.0),
            2 => ((359.0 + random() * 2.0) % 360.0, random() * 2.0 - 1.0),
            3 => (179.0 + random() * 2.0, -31.0 + random() * 2.0),
            _ => (random() * 360.0, (random() * 2.0 - 1.0_f64).asin().to_degrees()),
        };
        let magnitude = 5.0 + 15.0 * random();
        connection
            .prepare_cached(&format!(
                "INSERT INTO {table} (source_id, designation, random_index, ra, dec, parallax, parallax_over_error, phot_g_mean_mag,
                 bp_rp, phot_variable_flag, has_rvs, ruwe, radial_velocity, pmra, pmdec, l, b)
                 VALUES (?1, 'Gaia DR3 ' || ?1, ?1 - 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1.0, ?10, 3.0, 4.0, ?2, ?3)"
            ))
            .unwrap()
            .execute(rusqlite::params![
                id,
                ra,
                dec,
                10.0 * random() - 1.0,
                20.0 * random(),
                magnitude,
                3.0 * random(),
                if id % 7 == 0 { "VARIABLE" } else { "NOT_AVAILABLE" },
                id % 3 == 0,
                (id % 4 == 0).then_some(id as f64),
            ])
            .unwrap();
        let [x, y, z] = adql::geometry::unit(ra, dec);
        connection
            .prepare_cached(&format!("INSERT INTO {index} VALUES (?1, ?2, ?2, ?3, ?3, ?4, ?4)"))
            .unwrap()
            .execute((id, x, y, z))
            .unwrap();
    }
    connection.execute_batch("COMMIT").unwrap();
}

/// The rows of a query as text, cells joined by `|`, NULL as `-`.
pub fn rows(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{error}\n{sql}"));
    let width = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    let mut list = Vec::new();
    while let Some(row) = rows.next().unwrap_or_else(|error| panic!("{error}\n{sql}")) {
        let cells: Vec<String> = (0..width)
            .map(|at| match row.get_ref(at).unwrap() {
                ValueRef::Null => "-".to_owned(),
                ValueRef::Integer(value) => value.to_string(),
                ValueRef::Real(value) => format!("{value}"),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                ValueRef::Blob(_) => "blob".to_owned(),
            })
            .collect();
        list.push(cells.join("|"));
    }
    list
}
