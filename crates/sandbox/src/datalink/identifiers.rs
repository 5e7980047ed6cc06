//! Which sources a request means: identifiers, designations, ranges of both, lists of all these, columns of tables and of
//! results of jobs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use adql::translate::quote_name;
use rusqlite::types::ValueRef;

use super::MOST_SOURCES;
use crate::call::Call;
use crate::database;
use crate::fault::Fault;
use crate::query;

/// A release with sources of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// Gaia DR2.
    Two,
    /// Gaia DR3.
    Three,
}

impl Release {
    /// The release that a RELEASE names.
    fn parse(text: &str) -> Option<Release> {
        let words: Vec<String> = text.split_whitespace().map(str::to_ascii_uppercase).collect();
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["GAIA", "DR2"] => Some(Release::Two),
            ["GAIA", "DR3"] => Some(Release::Three),
            _ => None,
        }
    }

    /// Its main table in the database.
    fn table(self) -> &'static str {
        match self {
            Release::Two => "catalogue.\"gaiadr2.gaia_source\"",
            Release::Three => "catalogue.\"gaiadr3.gaia_source\"",
        }
    }
}

/// A source by its name in a release. Printed, it is the designation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The release.
    pub release: Release,
    /// The identifier.
    pub source_id: i64,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let release = if self.release == Release::Two { "DR2" } else { "DR3" };
        write!(f, "Gaia {release} {}", self.source_id)
    }
}

/// What a request asks for.
#[derive(Debug, Default)]
pub struct Identifiers {
    /// The sources in order, each with the text by which it was asked for first. They need not exist, unless a range holds
    /// them.
    pub sources: BTreeMap<Source, String>,
    /// What was no identifier, and why.
    pub problems: Vec<(String, Fault)>,
}

/// Most ranges and columns of one request: each is a query of its own.
const MOST_QUERIES: usize = 20;
/// Longest reference, bytes; designations and names of columns are far shorter.
const LONGEST: usize = 400;

/// The sources of all ID parameters of a request.
pub fn requested(call: &Call<'_>) -> Result<Identifiers, Fault> {
    linking_parameter(call)?;
    let release = match call.parameters.value("release") {
        Some(asked) => Release::parse(asked).ok_or_else(|| {
            Fault::bad(format!("Unknown RELEASE '{asked}'. This archive has 'Gaia DR2' and 'Gaia DR3'."))
        })?,
        None => Release::Three,
    };
    let mut found = Identifiers::default();
    let mut queries = 0;
    for value in call.parameters.all("id") {
        for item in split(value, ',').into_iter().map(str::trim).filter(|item| !item.is_empty()) {
            if item.len() > LONGEST {
                return Err(Fault::bad(format!("An ID has at most {LONGEST} characters.")));
            }
            if let Some(source) = source(item, release) {
                found.sources.entry(source).or_insert_with(|| item.to_owned());
            } else if queries == MOST_QUERIES {
                return Err(Fault::bad(format!("A request may have {MOST_QUERIES} ranges and columns at most.")));
            } else {
                queries += 1;
                if let Err(fault) = several(item, release, call, &mut found) {
                    found.problems.push((item.to_owned(), fault));
                }
            }
            if found.sources.len() > MOST_SOURCES {
                return Err(too_many());
            }
        }
    }
    Ok(found)
}

/// Products of DR3 hang on sources; those on transits and images belong to other releases.
fn linking_parameter(call: &Call<'_>) -> Result<(), Fault> {
    match call.parameters.value("linking_parameter") {
        None => Ok(()),
        Some(asked) if asked.eq_ignore_ascii_case("SOURCE_ID") => Ok(()),
        Some(asked) if ["TRANSIT_ID", "IMAGE_ID"].iter().any(|name| name.eq_ignore_ascii_case(asked)) => {
            Err(Fault::bad(format!(
                "LINKING_PARAMETER '{asked}' finds nothing in Gaia DR2 and DR3: their products are linked by SOURCE_ID."
            )))
        }
        Some(asked) => Err(Fault::bad(format!(
            "Unknown LINKING_PARAMETER '{asked}'. Known are SOURCE_ID, TRANSIT_ID and IMAGE_ID."
        ))),
    }
}

/// The sources of a reference that means several: a range, or a column of a table or of the result of a job.
fn several(reference: &str, release: Release, call: &Call<'_>, found: &mut Identifiers) -> Result<(), Fault> {
    if let Some(rest) = reference.get(..4).filter(|prefix| prefix.eq_ignore_ascii_case("job:")).map(|_| &reference[4..])
    {
        let (job, column) = rest.rsplit_once('.').ok_or_else(|| unknown(reference))?;
        let prefix = if call.archive.config.legacy { "JOB" } else { "job" };
        let table = format!("job_upload.{}", quote_name(&format!("{prefix}{job}")));
        return column_values(reference, &table, column, release, call, found);
    }
    let range = reference.split_once('-');
    if let Some((first, last)) = range.and_then(|(a, b)| Some((source(a, release)?, source(b, release)?))) {
        return range_of(reference, first, last, call, found);
    }
    match split(reference, '.')[..] {
        [schema, table, column] => {
            let table = format!("{}.{}", name(schema, reference)?, name(table, reference)?);
            column_values(reference, &table, column, release, call, found)
        }
        _ => Err(unknown(reference)),
    }
}

/// An identifier, or a designation.
fn source(text: &str, release: Release) -> Option<Source> {
    let text = text.trim();
    let number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
    match text.rsplit_once(char::is_whitespace) {
        None => Some(Source { release, source_id: number(text)? }),
        Some((release, digits)) => Some(Source { release: Release::parse(release)?, source_id: number(digits)? }),
    }
}

/// The sources from one to another, both included. They are counted before they are taken.
fn range_of(
    reference: &str,
    first: Source,
    last: Source,
    call: &Call<'_>,
    found: &mut Identifiers,
) -> Result<(), Fault> {
    if first.release != last.release {
        return Err(Fault::bad(format!("The range '{reference}' begins in one release and ends in another.")));
    }
    if first.source_id > last.source_id {
        return Err(Fault::bad(format!("The range '{reference}' ends before it begins.")));
    }
    let session = call.archive.database.connect()?;
    let condition = format!("FROM {} WHERE source_id BETWEEN ?1 AND ?2", first.release.table());
    let bounds = [first.source_id, last.source_id];
    // A count stops where the limit is passed.
    let count = format!("SELECT count(*) FROM (SELECT 1 {condition} LIMIT {})", MOST_SOURCES + 1);
    let count: i64 = session.query_row(&count, bounds, |row| row.get(0))?;
    if count as usize > MOST_SOURCES {
        return Err(too_many());
    }
    let mut statement = session.prepare(&format!("SELECT source_id {condition}"))?;
    for source_id in statement.query_map(bounds, |row| row.get(0))? {
        let source = Source { release: first.release, source_id: source_id? };
        found.sources.entry(source).or_insert_with(|| source.to_string());
    }
    Ok(())
}

/// The values of a column as identifiers: read like any query of the caller, so that nobody sees more than by a query.
fn column_values(
    reference: &str,
    table: &str,
    column: &str,
    release: Release,
    call: &Call<'_>,
    found: &mut Identifiers,
) -> Result<(), Fault> {
    let archive = call.archive;
    let text = format!("SELECT DISTINCT TOP {} {} FROM {table}", MOST_SOURCES + 1, name(column, reference)?);
    let prepared = query::prepare(&text, archive, call.caller.user.as_deref(), &[])
        .map_err(|_| Fault::bad(format!("There is no column '{reference}' that you may read.")))?;
    let mut session = archive.database.connect()?;
    prepared.attach(&mut session)?;
    database::guard(&mut session, archive.config.sync_time, Arc::new(AtomicBool::new(false)))?;
    let failed = |error: rusqlite::Error| query::failed(&error, false, archive.config.sync_time);
    let mut statement = session.prepare(&prepared.sql).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let value = match row.get_ref(0)? {
            ValueRef::Null => continue,
            ValueRef::Integer(value) => value.to_string(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            ValueRef::Real(_) | ValueRef::Blob(_) => String::new(),
        };
        let source = source(&value, release).ok_or_else(|| {
            Fault::bad(format!("The column '{reference}' holds other things than source identifiers and designations."))
        })?;
        found.sources.entry(source).or_insert(value);
        if found.sources.len() > MOST_SOURCES {
            return Err(too_many());
        }
    }
    Ok(())
}

/// A name as it is written in a query: plain, or in double quotes.
fn name(text: &str, reference: &str) -> Result<String, Fault> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Ok(quote_name(&inner.replace("\"\"", "\"")));
    }
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { Ok(text.to_owned()) } else { Err(unknown(reference)) }
}

/// The parts of a text between separators that are not in double quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
    .collect()
}

fn unknown(reference: &str) -> Fault {
    Fault::bad(format!(
        "'{reference}' is no ID: give source identifiers, designations such as 'Gaia DR3 4295806720', ranges of them \
         (4295806720-34361129088), a column of a job (job:<jobid>.<column>) or of a table (<schema>.<table>.<column>)."
    ))
}

fn too_many() -> Fault {
    Fault::bad(format!("The request is for more than {MOST_SOURCES} sources. Split it into smaller ones."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_and_designations_are_the_same() {
        let of = |text: &str| source(text, Release::Three).map(|source| source.to_string());
        assert_eq!(of("4295806720"), Some("Gaia DR3 4295806720".to_owned()));
        assert_eq!(of(" gaia dr2  4295806720 "), Some("Gaia DR2 4295806720".to_owned()));
        for wrong in ["", "-5", "1.5", "Gaia DR1 5", "Gaia DR3", "99999999999999999999", "a b", "5 6", "+5"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn quotes_hide_separators() {
        assert_eq!(split("a.\"b.c\".d", '.'), ["a", "\"b.c\"", "d"]);
        assert!(name("source_id; DROP", "x").is_err());
        assert_eq!(name("\"a\"\"b\"", "x").unwrap(), "\"a\"\"b\"");
    }
}
