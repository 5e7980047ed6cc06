//! `POST /tap-server/TableTool` (TAP+): what a user says of the columns of their tables, and other names for them.

use http::StatusCode;

use crate::archive::Answer;
use crate::call::Call;
use crate::catalogue::ColumnInfo;
use crate::catalogue::definition::{DEC, FLUX, INDEXED, MAG, PK, RA};
use crate::fault::Fault;
use crate::response;
use crate::user_tables::{
    Draft, UserTable, check_column_name, check_name, own, position, position_column, set_position, without_schema,
};

/// The actions, as messages list them.
const ACTIONS: &str = "edit, radec, rename";

/// The kinds of column that a user can name.
const FLAGS: &[(&str, u16)] = &[("ra", RA), ("dec", DEC), ("flux", FLUX), ("mag", MAG), ("pk", PK)];

/// Most tables of one request.
const MOST_TABLES: usize = 100;

/// Answers a request. Whatever fails, fails with the same status, as in the real archive.
pub fn answer(call: &Call<'_>) -> Result<Answer, Fault> {
    call.posting()?;
    let failed = |fault: Fault| {
        let kept = fault.status == StatusCode::FORBIDDEN;
        Fault { status: if kept { fault.status } else { StatusCode::INTERNAL_SERVER_ERROR }, ..fault }
    };
    act(call).map_err(failed)?;
    Ok(response::text("OK"))
}

fn act(call: &Call<'_>) -> Result<(), Fault> {
    let user = call.user()?;
    let action = call.parameters.value("action").ok_or_else(|| Fault::bad("ACTION parameter not found."))?;
    match action.to_ascii_lowercase().as_str() {
        "radec" => set_radec(call, user),
        "edit" => edit(call, user),
        "rename" => rename(call, user),
        _ => Err(Fault::bad(format!(
            "Cannot find a suitable handler for action '{action}'. Available actions are: {ACTIONS}"
        ))),
    }
}

/// `TABLE_NAME`, `RA`, `DEC`: which columns are the position.
fn set_radec(call: &Call<'_>, user: &str) -> Result<(), Fault> {
    let old = own(call.archive, user, call.required("TABLE_NAME")?)?;
    let mut new = old.clone();
    let ra = position_column(&old.columns, call.required("RA")?)?;
    let dec = position_column(&old.columns, call.required("DEC")?)?;
    set_position(&mut new.columns, ra, dec)?;
    change(call, &old, new)
}

/// `NUMTABLES`, and for each table its name and what its columns are. Columns that are not listed stay as they are.
fn edit(call: &Call<'_>, user: &str) -> Result<(), Fault> {
    let mut changes = Vec::new();
    for number in 0..count(call, "NUMTABLES", MOST_TABLES)? {
        let prefix = format!("TABLE{number}");
        let old = own(call.archive, user, call.required(&prefix)?)?;
        let mut new = old.clone();
        for column in 0..count(call, &format!("{prefix}_NUMCOLS"), old.columns.len())? {
            let prefix = format!("{prefix}_COL{column}");
            let at = old.column(call.required(&prefix)?)?;
            edit_column(call, &prefix, &mut new.columns[at])?;
        }
        check_position(&new)?;
        changes.push((old, new));
    }
    // All of them are sound before the first is changed.
    changes.into_iter().try_for_each(|(old, new)| change(call, &old, new))
}

fn edit_column(call: &Call<'_>, prefix: &str, column: &mut ColumnInfo) -> Result<(), Fault> {
    let sent = |what: &str| call.parameters.get(&format!("{prefix}_{what}")).map(str::trim);
    // Clients in Python write None for nothing.
    let text = |value: &str| (!value.is_empty() && value != "None").then(|| value.to_owned());
    if let Some(ucd) = sent("UCD") {
        column.field.ucd = text(ucd);
    }
    if let Some(utype) = sent("UTYPE") {
        column.field.utype = text(utype);
    }
    if let Some(flags) = sent("FLAGS") {
        column.flags &= !(RA | DEC | FLUX | MAG | PK);
        if let Some(name) = text(flags) {
            let found = FLAGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name));
            let unknown =
                || Fault::bad(format!("Unknown flag '{name}'. Known flags are: Ra, Dec, Flux, Mag, PK, None."));
            column.flags |= found.ok_or_else(unknown)?.1;
        }
    }
    match sent("INDEXED").map(str::to_ascii_lowercase).as_deref() {
        Some("true" | "1" | "yes") => column.flags |= INDEXED,
        Some("false" | "0" | "no" | "none" | "") => column.flags &= !INDEXED,
        Some(other) => return Err(Fault::bad(format!("{prefix}_INDEXED must be True or False, not '{other}'."))),
        None => {}
    }
    Ok(())
}

/// Right ascension and declination are one column each, or none.
fn check_position(table: &UserTable) -> Result<(), Fault> {
    let flagged = |flag| table.columns.iter().filter(move |column| column.flags & flag != 0);
    match (flagged(RA).count(), flagged(DEC).count()) {
        (0, 0) => Ok(()),
        (1, 1) => {
            for column in flagged(RA | DEC) {
                position_column(&table.columns, &column.field.name)?;
            }
            Ok(())
        }
        _ => Err(Fault::bad(format!(
            "Table '{}': flags Ra and Dec must be set together, each on one column.",
            table.qualified()
        ))),
    }
}

/// `table_name`, `new_table_name`, `new_column_names=old:new,old2:new2`.
fn rename(call: &Call<'_>, user: &str) -> Result<(), Fault> {
    let old = own(call.archive, user, call.required("table_name")?)?;
    let mut new = old.clone();
    let (name, columns) = (call.parameters.value("new_table_name"), call.parameters.value("new_column_names"));
    if name.is_none() && columns.is_none() {
        return Err(Fault::bad("Nothing to rename: neither new_table_name nor new_column_names was sent."));
    }
    if let Some(name) = name.map(|name| without_schema(user, name)) {
        check_name(name)?;
        new.name = name.to_lowercase();
    }
    for pair in columns.unwrap_or_default().split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (from, to) = pair.split_once(':').ok_or_else(|| {
            Fault::bad(format!("new_column_names must be a list of old:new, separated by commas; '{pair}' is not."))
        })?;
        let to = to.trim();
        check_column_name(to)?;
        to.clone_into(&mut new.columns[old.column(from.trim())?].field.name);
    }
    for (at, column) in new.columns.iter().enumerate() {
        let name = &column.field.name;
        if new.columns[..at].iter().any(|other| other.field.name.eq_ignore_ascii_case(name)) {
            return Err(Fault::bad(format!("Two columns of table '{}' would be called '{name}'.", old.qualified())));
        }
    }
    call.archive.tables.replace(&old, new, None, call.now)
}

/// Puts a table in the place of what it was; its file is written anew only if its indices differ.
fn change(call: &Call<'_>, old: &UserTable, new: UserTable) -> Result<(), Fault> {
    let indexed = |table: &UserTable| table.columns.iter().map(|column| column.flags & INDEXED).collect::<Vec<_>>();
    let same = indexed(old) == indexed(&new) && position(&old.columns) == position(&new.columns);
    let finished = if same { None } else { Some(Draft::copy(call.archive, old)?.finish(&new.columns)?) };
    call.archive.tables.replace(old, new, finished, call.now)
}

/// A number of things that are listed, `most` at most.
fn count(call: &Call<'_>, name: &str, most: usize) -> Result<usize, Fault> {
    let value = call.required(name)?;
    let number = value.parse::<usize>().ok().filter(|number| *number <= most);
    number.ok_or_else(|| Fault::bad(format!("{name} must be a whole number from 0 to {most}, not '{value}'.")))
}
