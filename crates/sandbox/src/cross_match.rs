//! Cross-match (TAP+): `SELECT crossmatch_positional('schema', 'table', 'schema', 'table', arcsec, 'result') FROM dual`, an
//! asynchronous query that makes a table of the pairs of sources that lie near each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use adql::translate::quote_name;
use adql::tree::{Body, Call, Expression, Item, Kind};
use table::{Datatype, Field};

use crate::archive::Archive;
use crate::catalogue::ColumnInfo;
use crate::fault::Fault;
use crate::jobs::{Job, JobResult};
use crate::user_tables::{self, Draft, UserTable, check_name, key_column};
use crate::{Time, database, query};

/// What the function is called.
const FUNCTION: &str = "crossmatch_positional";

/// Radii that may be asked for, arcseconds.
const RADII: std::ops::RangeInclusive<f64> = 0.1..=10.0;

/// What a query asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Schema and name of both tables.
    tables: [(String, String); 2],
    /// Greatest separation, arcseconds.
    radius: f64,
    /// Name of the table to make.
    result: String,
}

/// The cross-match that a query is, if it is one. A query that cannot be read is none: others say what is wrong with it.
pub fn request(query: &str) -> Result<Option<Request>, Fault> {
    // Most queries need not be read twice.
    if !query.to_ascii_lowercase().contains(FUNCTION) {
        return Ok(None);
    }
    let parsed = adql::parse(query);
    let body = match (&parsed.tree, parsed.errors.is_empty()) {
        (Some(tree), true) => &tree.body,
        _ => return Ok(None),
    };
    let Body::Select(select) = body else { return Ok(None) };
    let [Item::Expression { expression: Expression { kind: Kind::Call(call), .. }, .. }] = &select.items[..] else {
        return Ok(None);
    };
    if !matches!(&call.name[..], [name] if name.text.eq_ignore_ascii_case(FUNCTION)) {
        return Ok(None);
    }
    read(call).map(Some)
}

fn read(call: &Call) -> Result<Request, Fault> {
    let usage = || {
        Fault::bad(format!(
            "A cross-match is written {FUNCTION}('schema', 'table', 'schema', 'table', radius in arcsec, 'name of the result')."
        ))
    };
    let [schema_a, table_a, schema_b, table_b, radius, result] = &call.arguments[..] else { return Err(usage()) };
    let text = |expression: &Expression| match &expression.kind {
        Kind::String(text) => Ok(text.trim().to_owned()),
        _ => Err(usage()),
    };
    let Kind::Number(number) = &radius.kind else { return Err(usage()) };
    let radius = number.parse::<f64>().map_err(|_| usage())?;
    if !RADII.contains(&radius) {
        return Err(Fault::bad(format!(
            "The radius of a cross-match must be {} to {} arcsec, not {number}.",
            RADII.start(),
            RADII.end()
        )));
    }
    let result = text(result)?.to_lowercase();
    check_name(&result)?;
    Ok(Request { tables: [(text(schema_a)?, text(table_a)?), (text(schema_b)?, text(table_b)?)], radius, result })
}

/// Has a job that is a cross-match say so, as the archive does.
pub fn mark(job: &mut Job) {
    let is_one = job.parameter("query").is_some_and(|query| matches!(request(query), Ok(Some(_))));
    if is_one {
        job.set_parameter("jobtype", "XMATCH");
    }
}

/// A table to match.
struct Side {
    schema: String,
    table: String,
    ra: String,
    dec: String,
    id: Field,
}

impl Side {
    fn find(archive: &Archive, user: &str, (schema, name): &(String, String)) -> Result<Side, Fault> {
        let unplaced = || {
            Fault::bad(format!(
                "Table '{schema}.{name}' cannot be matched: say first which of its columns are right ascension and declination \
                 (flags Ra and Dec)."
            ))
        };
        if let Some(table) = user_tables::find(archive, Some(user), schema, name.trim_matches('"')) {
            let (ra, dec) = table.position().ok_or_else(unplaced)?;
            let column = |at: usize| table.columns[at].field.clone();
            let (ra, dec, id) = (column(ra).name, column(dec).name, column(table.key()));
            return Ok(Side { schema: table.schema(), table: table.name, ra, dec, id });
        }
        let found = archive.database.catalogue().table(schema, name);
        let table = found.ok_or_else(|| Fault::missing(format!("There is no table '{schema}.{name}'.")))?;
        let ((ra, dec), key) = table.position.zip(table.key()).ok_or_else(unplaced)?;
        Ok(Side {
            schema: table.schema.to_owned(),
            table: table.name.to_owned(),
            ra: ra.to_owned(),
            dec: dec.to_owned(),
            id: key.field.clone(),
        })
    }

    fn from(&self, alias: &str) -> String {
        format!("{}.{} AS {alias}", quote_name(&self.schema), quote_name(&self.table))
    }

    fn position(&self, alias: &str) -> String {
        format!("{alias}.{}, {alias}.{}", quote_name(&self.ra), quote_name(&self.dec))
    }

    /// The column of the result that says which source of this table it is.
    fn column(&self, taken: Option<&str>) -> ColumnInfo {
        let mut name = format!("{}_{}", self.table, self.id.name);
        if taken.is_some_and(|taken| taken.eq_ignore_ascii_case(&name)) {
            name += "_2";
        }
        let description = format!("{} of {}.{}", self.id.name, self.schema, self.table);
        let field = Field { name, description: Some(description), ..self.id.clone() };
        ColumnInfo { field, flags: 0 }
    }
}

/// Makes the table of pairs; the result of the job is their number.
pub fn run(
    archive: &Archive,
    job: &Job,
    request: &Request,
    time: Duration,
    abort: &Arc<AtomicBool>,
    now: Time,
) -> Result<JobResult, Fault> {
    let Some(user) = job.owner.as_deref() else {
        return Err(Fault::bad(
            "User 'anonymous' is not authorized. A cross-match makes a table of a user: sign in first.",
        ));
    };
    let [a, b] = [Side::find(archive, user, &request.tables[0])?, Side::find(archive, user, &request.tables[1])?];
    let description =
        format!("Pairs of {}.{} and {}.{} within {} arcsec", a.schema, a.table, b.schema, b.table, request.radius);
    if let Some(table) = archive.tables.get(user, &request.result)?
        && (job.attempts > 1 && table.created >= job.created && table.description == description)
    {
        // The job made it before the service was stopped.
        return counted(archive, job, table.rows);
    }
    archive.tables.expect_free(user, &request.result)?;
    let columns = columns(&a, &b, &request.result);
    let separation = format!("DISTANCE({}, {})", a.position("a"), b.position("b"));
    let query = format!(
        "SELECT a.{} AS id_a, b.{} AS id_b, {separation} AS separation FROM {} JOIN {} ON {separation} <= {:?}",
        quote_name(&a.id.name),
        quote_name(&b.id.name),
        a.from("a"),
        b.from("b"),
        request.radius / 3_600.0
    );
    let prepared = query::prepare(&query, archive, Some(user), &[])?;
    let mut draft = Draft::create(archive, user, columns.len())?;
    prepared.attach(draft.session())?;
    database::guard(draft.session(), time, Arc::clone(abort))?;
    let sql = format!("INSERT INTO made.result (c1, c2, c3) SELECT * FROM ({})", prepared.sql);
    if let Err(error) = draft.session().execute(&sql, []) {
        let full = error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull);
        return Err(if full { draft.fault(error) } else { query::failed(&error, abort.load(Ordering::Relaxed), time) });
    }
    let finished = draft.finish(&columns)?;
    let pairs = finished.rows();
    let table = UserTable {
        owner: user.to_owned(),
        name: request.result.clone(),
        description,
        columns,
        rows: pairs,
        bytes: 0,
        created: now,
        file: Default::default(),
    };
    archive.tables.add(table, finished, now)?;
    counted(archive, job, pairs)
}

fn columns(a: &Side, b: &Side, result: &str) -> Vec<ColumnInfo> {
    let first = a.column(None);
    let second = b.column(Some(&first.field.name));
    let mut separation = Field::new("separation", Datatype::Double);
    separation.unit = Some("deg".to_owned());
    separation.ucd = Some("pos.angDistance".to_owned());
    separation.description = Some("Separation of the two on the sky".to_owned());
    vec![key_column(result), first, second, ColumnInfo { field: separation, flags: 0 }]
}

/// The result of the job itself: the number of pairs.
fn counted(archive: &Archive, job: &Job, pairs: u64) -> Result<JobResult, Fault> {
    let path = archive.jobs.file(&job.id);
    let mut session = archive.database.connect()?;
    session.attach_file(&path, "result", true)?;
    session.execute_batch("CREATE TABLE result.result (c0)")?;
    session.execute("INSERT INTO result.result VALUES (?1)", [pairs as i64])?;
    drop(session);
    let mut field = Field::new(FUNCTION, Datatype::Long);
    field.description = Some("Number of pairs in the table that was made".to_owned());
    let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
    Ok(JobResult { fields: vec![field], rows: 1, overflow: false, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cross_match_is_known_by_its_tree() {
        let query = "SELECT Crossmatch_Positional('gaiadr3','gaia_source', 'user_demo', 't', 1.5, 'Pairs') FROM dual;";
        let found = request(query).unwrap().unwrap();
        assert_eq!((found.radius, found.result.as_str()), (1.5, "pairs"));
        assert_eq!(found.tables[1], ("user_demo".to_owned(), "t".to_owned()));
        for other in [
            "SELECT 'crossmatch_positional(1)' FROM gaiadr3.gaia_source",
            "SELECT 1 /* crossmatch_positional('a','b','c','d',1,'r') */",
            "SELECT crossmatch_positional('a' FROM dual",
        ] {
            assert_eq!(request(other).unwrap(), None, "{other}");
        }
        for (arguments, words) in [
            ("'a','b','c','d',0.05,'r'", "0.1 to 10 arcsec"),
            ("'a','b','c','d',11,'r'", "0.1 to 10 arcsec"),
            ("'a','b','c','d',-1,'r'", "is written"),
            ("'a','b','c','d',1", "is written"),
            ("'a','b','c',d,1,'r'", "is written"),
            ("'a','b','c','d',1,'user_x.r'", "dot"),
        ] {
            let fault = request(&format!("SELECT crossmatch_positional({arguments}) FROM dual")).unwrap_err();
            assert!(fault.message.contains(words), "{arguments}: {}", fault.message);
        }
    }
}
