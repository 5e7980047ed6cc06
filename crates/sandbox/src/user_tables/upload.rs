//! `POST /tap-server/Upload` (TAP+): makes a table of a user from a file, from the result of a job or from what lies at an
//! address of this archive; or removes one.

use http::StatusCode;
use table::{Field, Table};

use super::read::{self, Format};
use super::table::column;
use super::{Draft, Finished, UserTable, check_column_name, check_name, key_column, own};
use crate::archive::Answer;
use crate::call::Call;
use crate::catalogue::ColumnInfo;
use crate::catalogue::definition::{DEC, RA};
use crate::fault::{Fault, escape};
use crate::jobs::Job;
use crate::response;
use crate::upload::{fields, plain};

/// Answers a request to make or remove a table. Whatever fails, fails with the same status, as in the real archive.
pub fn answer(call: &Call<'_>) -> Result<Answer, Fault> {
    call.posting()?;
    let name = match (call.parameters.value("table_name"), call.parameters.value("jobid")) {
        (Some(name), _) if call.parameters.flag("delete") => name.to_owned(),
        (Some(name), _) => name.to_lowercase(),
        (None, Some(job)) => format!("t{job}"),
        (None, None) => String::new(),
    };
    let outcome = match call.caller.user.as_deref() {
        None => Err(Fault::bad("User 'anonymous' is not authorized.")),
        Some(user) if call.parameters.flag("delete") => remove(call, user, &name),
        Some(user) => create(call, user, &name),
    };
    outcome.map_err(|fault| {
        let status = match fault.status {
            kept @ (StatusCode::FORBIDDEN | StatusCode::PAYLOAD_TOO_LARGE) => kept,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Fault::new(status, format!("Cannot execute action: Upload table '{name}'. {}", fault.message))
    })
}

fn remove(call: &Call<'_>, user: &str, name: &str) -> Result<Answer, Fault> {
    if name.is_empty() {
        return Err(Fault::bad("Not found required parameter 'TABLE_NAME'"));
    }
    let table = own(call.archive, user, name)?;
    call.archive.tables.remove(&table, call.parameters.flag("force_removal"), call.now)?;
    Ok(response::document("text/html", format!("TABLE_NAME={}\nDELETE=TRUE\n", escape(name))))
}

fn create(call: &Call<'_>, user: &str, name: &str) -> Result<Answer, Fault> {
    let parameters = call.parameters;
    check_name(name)?;
    call.archive.tables.expect_free(user, name)?;
    let request = Request { call, user, name };
    let (columns, finished, size) = if let Some(id) = parameters.value("jobid") {
        request.make_from_job(&call.job(id)?)?
    } else if let Some(address) = parameters.value("url") {
        let body = call.archive.own_resource(address, call.base, call.now);
        request.make_from_file(&body.map_err(|fault| Fault::forbidden(fault.message))?)?
    } else {
        let file = parameters.file("FILE").filter(|file| !file.body.is_empty());
        let file = file.ok_or_else(|| Fault::bad("There is no table: neither FILE nor JOBID nor URL was sent."))?;
        request.make_from_file(&file.body)?
    };
    let (ra, dec) = position_names(&columns);
    let table = UserTable {
        owner: user.to_owned(),
        name: name.to_owned(),
        description: parameters.value("table_desc").unwrap_or_default().to_owned(),
        columns,
        rows: 0,
        bytes: 0,
        created: call.now,
        file: Default::default(),
    };
    let table = call.archive.tables.add(table, finished, call.now)?;
    let lines = [
        ("RACOL", ra.as_str()),
        ("DECCOL", dec.as_str()),
        ("TABLE_NAME", &table.name),
        ("FORMAT", parameters.value("format").unwrap_or("VOTable")),
        ("TABLE_DESC", &table.description),
        ("DELETE", "FALSE"),
    ];
    let mut body: String = lines.iter().map(|(key, value)| format!("{key}={}\n", escape(value))).collect();
    body += &format!("File size: {size}\n");
    Ok(response::document("text/html", body))
}

/// What makes a table: its columns, the file and the bytes that came.
type Made = (Vec<ColumnInfo>, Finished, usize);

struct Request<'a> {
    call: &'a Call<'a>,
    user: &'a str,
    name: &'a str,
}

impl Request<'_> {
    fn make_from_file(&self, body: &[u8]) -> Result<Made, Fault> {
        let format = Format::parse(self.call.parameters.value("format"))?;
        let limit = self.call.archive.config.upload_limit;
        let made = |table: &Table| {
            let columns = self.columns(fields(table)?)?;
            let draft = Draft::create(self.call.archive, self.user, columns.len())?;
            draft.fill(&table.columns, table.rows())?;
            let finished = draft.finish(&columns)?;
            Ok((columns, finished, body.len()))
        };
        read::read(body, format, limit, made)
    }

    fn make_from_job(&self, job: &Job) -> Result<Made, Fault> {
        let missing = || Fault::bad(format!("Job '{}' has no result: its phase is {}.", job.id, job.phase.word()));
        let result = job.result.as_ref().ok_or_else(missing)?;
        let columns = self.columns(result.fields.iter().map(plain).collect())?;
        let mut draft = Draft::create(self.call.archive, self.user, columns.len())?;
        draft.session().attach_file(&self.call.archive.jobs.file(&job.id), "source", false)?;
        let into: Vec<String> = (1..columns.len()).map(|at| format!("c{at}")).collect();
        let from: Vec<String> = (0..result.fields.len()).map(|at| format!("c{at}")).collect();
        let (into, from) = (into.join(", "), from.join(", "));
        let sql = format!("INSERT INTO made.result ({into}) SELECT {from} FROM source.result ORDER BY rowid");
        draft.session().execute_batch(&sql).map_err(|error| draft.fault(error))?;
        let finished = draft.finish(&columns)?;
        let size = usize::try_from(result.bytes).unwrap_or(usize::MAX);
        Ok((columns, finished, size))
    }

    /// The columns with the archive's key before them, and flags where positions are.
    fn columns(&self, fields: Vec<Field>) -> Result<Vec<ColumnInfo>, Fault> {
        let key = key_column(self.name);
        for field in &fields {
            check_column_name(&field.name)?;
            if field.name.eq_ignore_ascii_case(&key.field.name) {
                return Err(Fault::bad(format!(
                    "The archive adds a column '{}' of its own: give the column of that name another one, or the table.",
                    field.name
                )));
            }
        }
        let mut columns = vec![key];
        columns.extend(fields.into_iter().map(|field| ColumnInfo { field, flags: 0 }));
        let parameters = self.call.parameters;
        let position = match (parameters.value("racol"), parameters.value("deccol")) {
            (Some(ra), Some(dec)) => Some((position_column(&columns, ra)?, position_column(&columns, dec)?)),
            (None, None) => guess_position(&columns),
            _ => return Err(Fault::bad("RACOL and DECCOL must be given together.")),
        };
        if let Some((ra, dec)) = position {
            set_position(&mut columns, ra, dec)?;
        }
        Ok(columns)
    }
}

/// The column of this name, which must hold numbers.
pub(crate) fn position_column(columns: &[ColumnInfo], name: &str) -> Result<usize, Fault> {
    let at = column(columns, name).ok_or_else(|| Fault::bad(format!("There is no column '{name}'.")))?;
    if columns[at].field.is_scalar_number() {
        Ok(at)
    } else {
        Err(Fault::bad(format!("Column '{name}' does not hold numbers, so it cannot be a coordinate.")))
    }
}

/// Flags two columns as right ascension and declination, and no other.
pub(crate) fn set_position(columns: &mut [ColumnInfo], ra: usize, dec: usize) -> Result<(), Fault> {
    if ra == dec {
        return Err(Fault::bad("Right ascension and declination cannot be the same column."));
    }
    for (at, column) in columns.iter_mut().enumerate() {
        column.flags &= !(RA | DEC);
        column.flags |= if at == ra { RA } else { 0 } | if at == dec { DEC } else { 0 };
    }
    Ok(())
}

/// The columns that say by their UCD or their name that they are the position.
fn guess_position(columns: &[ColumnInfo]) -> Option<(usize, usize)> {
    let find = |ucd: &str, name: &str| {
        let numbers = || columns.iter().enumerate().filter(|(_, column)| column.field.is_scalar_number());
        let ucd_is = |column: &ColumnInfo, wanted: &str| {
            column.field.ucd.as_deref().is_some_and(|ucd| ucd.replace(' ', "").eq_ignore_ascii_case(wanted))
        };
        let main = numbers().find(|(_, column)| ucd_is(column, &format!("{ucd};meta.main")));
        let named = || numbers().find(|(_, column)| column.field.name.eq_ignore_ascii_case(name));
        let any = || numbers().find(|(_, column)| ucd_is(column, ucd));
        main.or_else(named).or_else(any).map(|(at, _)| at)
    };
    find("pos.eq.ra", "ra").zip(find("pos.eq.dec", "dec"))
}

/// Names of the columns that are flagged as the position, or nothing.
fn position_names(columns: &[ColumnInfo]) -> (String, String) {
    let name = |at: usize| columns[at].field.name.clone();
    super::position(columns).map_or_else(Default::default, |(ra, dec)| (name(ra), name(dec)))
}
