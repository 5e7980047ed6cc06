//! `/data-server/datalink/links`: which products there are of sources (DataLink 1.1, sections 2 and 3).
//!
//! The archive deviates from the standard: every product is `#this`, what does not exist has no row, not even one that says so,
//! and the version is 1.0. With `strict` it is as the standard wants it.

use std::collections::BTreeSet;

use http::{Method, Response, StatusCode, header};
use table::{Column, Datatype, Field};
use votable::model::{Info, Param, ServiceDescriptor};
use votable::writer::Preamble;
use workbench::export::{Exporter, Format};

use super::identifiers::{self, Identifiers, Release, Source};
use super::retrieval::{RETRIEVALS, Retrieval};
use super::subject::json;
use crate::Error;
use crate::archive::Answer;
use crate::call::Call;
use crate::database::Database;
use crate::fault::Fault;
use crate::query::columns;
use crate::response::{self, Chunks};

/// Media type of the document.
const KIND: &str = "application/x-votable+xml;content=datalink";

/// A column: name, type, unit, UCD.
type Definition = (&'static str, Datatype, &'static str, &'static str);

const COLUMNS: [Definition; 8] = [
    ("ID", Datatype::Char, "", "meta.id;meta.main"),
    ("access_url", Datatype::Char, "", "meta.ref.url"),
    ("service_def", Datatype::Char, "", "meta.ref"),
    ("error_message", Datatype::Char, "", "meta.code.error"),
    ("semantics", Datatype::Char, "", "meta.code"),
    ("description", Datatype::Char, "", "meta.note"),
    ("content_type", Datatype::Char, "", "meta.code.mime"),
    ("content_length", Datatype::Long, "byte", "phys.size;meta.file"),
];

/// What version 1.1 adds.
const NEWER_COLUMNS: [Definition; 4] = [
    ("content_qualifier", Datatype::Char, "", "meta.code"),
    ("local_semantics", Datatype::Char, "", "meta.code"),
    ("link_auth", Datatype::Char, "", "meta.code"),
    ("link_authorized", Datatype::Boolean, "", "meta.code"),
];

/// Answers a request for links. The answer is a VOTable, whatever happens.
pub fn links(call: &Call<'_>) -> Result<Answer, Fault> {
    if !call.reading() && *call.method != Method::POST {
        return Err(Fault::method_not_allowed(call.method));
    }
    Ok(document(call).unwrap_or_else(|fault| {
        let body = fault.votable(i32::from(fault.status.as_u16()), "datalink", call.archive.config.strict);
        response::with_status(fault.status, "application/x-votable+xml", body)
    }))
}

fn document(call: &Call<'_>) -> Result<Answer, Fault> {
    let strict = call.archive.config.strict;
    if let Some(format) = call.parameters.value("responseformat").filter(|_| strict) {
        let votable = format.eq_ignore_ascii_case("votable") || format.starts_with("application/x-votable+xml");
        if !votable {
            return Err(Fault::bad(format!("Unknown RESPONSEFORMAT '{format}': links are a VOTable.")));
        }
    }
    if !strict {
        call.required("ID")?;
    }
    let mut requested = identifiers::requested(call)?;
    if !strict && !requested.problems.is_empty() {
        return Err(requested.problems.remove(0).1);
    }
    let mut exporter = Exporter::new(Format::VotablePlain, preamble(call));
    let mut out = Vec::new();
    exporter.start(&mut out);
    let rows = rows(&requested, call)?;
    exporter.rows(&rows, 0..rows[0].len(), &mut out);
    let descriptors = if strict { vec![own_descriptor(call), data_descriptor(call)] } else { Vec::new() };
    exporter.finish(&[], &descriptors, &mut out).map_err(|cause| Error::Format(cause.to_string()))?;
    let head = Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, KIND)
        .header(header::CONTENT_LENGTH, out.len())
        .header(header::CACHE_CONTROL, "no-store");
    Ok(response::ready(head, Chunks::once(out)))
}

fn preamble(call: &Call<'_>) -> Preamble {
    let strict = call.archive.config.strict;
    let id = format!("{}ODL", call.now.0);
    let user = call.caller.user.as_deref().unwrap_or("anonymous");
    let version = if strict { "1.1" } else { "1.0" };
    Preamble {
        infos: vec![
            Info::new("standardID", format!("ivo://ivoa.net/std/DataLink#links-{version}")),
            Info::new("QUERY_STATUS", "OK"),
            Info::new("JOBID", id.as_str()).with_text(id.as_str()),
            Info::new("JOBNAME", "").with_text(format!("Datalink job for user {user}")),
        ],
        fields: fields(strict),
        ..Preamble::default()
    }
}

fn fields(strict: bool) -> Vec<Field> {
    let newer = NEWER_COLUMNS.iter().filter(|_| strict);
    let of = |(name, datatype, unit, ucd): &Definition| {
        let mut field = Field::new(*name, *datatype);
        field.unit = (!unit.is_empty()).then(|| (*unit).to_owned());
        field.ucd = Some((*ucd).to_owned());
        field
    };
    COLUMNS.iter().chain(newer).map(of).collect()
}

/// The rows: a product each, and strictly an error for each identifier without a source.
fn rows(requested: &Identifiers, call: &Call<'_>) -> Result<Vec<Column>, Fault> {
    let strict = call.archive.config.strict;
    let mut columns = columns(&fields(strict));
    let of = |release| {
        let sources = requested.sources.keys().filter(move |source| source.release == release);
        sources.map(|source| source.source_id).collect::<Vec<i64>>()
    };
    let flags = flags(&call.archive.database, &of(Release::Three))?;
    let mut known: BTreeSet<Source> = BTreeSet::new();
    for (source_id, flags) in &flags {
        let source = Source { release: Release::Three, source_id: *source_id };
        known.insert(source);
        let asked = requested.sources.get(&source).filter(|_| strict).cloned().unwrap_or_else(|| source.to_string());
        for (retrieval, _) in RETRIEVALS.iter().zip(flags).filter(|(_, has)| **has) {
            link(&asked, source, retrieval, call, &mut columns);
        }
    }
    if strict {
        known.extend(known_of_two(&call.archive.database, &of(Release::Two))?);
        for (source, asked) in requested.sources.iter().filter(|(source, _)| !known.contains(source)) {
            error(asked, &format!("NotFoundFault: there is no source {source}"), &mut columns);
        }
        for (asked, fault) in &requested.problems {
            error(asked, &format!("UsageFault: {}", fault.message), &mut columns);
        }
    }
    Ok(columns)
}

/// Appends a link.
fn link(asked: &str, source: Source, retrieval: &Retrieval, call: &Call<'_>, columns: &mut [Column]) {
    let strict = call.archive.config.strict;
    let address = format!(
        "{}/data-server/data?ID={}&RETRIEVAL_TYPE={}",
        call.base,
        source.to_string().replace(' ', "+"),
        retrieval.name
    );
    let description = format!("{}, source {source}", retrieval.title);
    let semantics = if strict { retrieval.semantics } else { "#this" };
    let text = [asked, &address, "", "", semantics, &description, "application/x-votable+xml"];
    push(&text, columns);
    columns[7].push_null();
    if strict {
        push(&[retrieval.qualifier, &format!("#{}", retrieval.name), "false"], &mut columns[8..]);
        columns[11].push_boolean(true);
    }
}

/// Appends an error.
fn error(asked: &str, message: &str, columns: &mut [Column]) {
    push(&[asked, "", "", message, "#this", "", ""], columns);
    columns[7].push_null();
    push(&["", "", ""], &mut columns[8..]);
    columns[11].push_null();
}

fn push(cells: &[&str], columns: &mut [Column]) {
    for (cell, column) in cells.iter().zip(columns) {
        if cell.is_empty() { column.push_null() } else { column.push_text(cell) }
    }
}

/// Which products the sources of DR3 have, in the order of [`RETRIEVALS`].
fn flags(database: &Database, sources: &[i64]) -> Result<Vec<(i64, [bool; RETRIEVALS.len()])>, Error> {
    let session = database.connect()?;
    let names: Vec<&str> = RETRIEVALS.iter().map(|retrieval| retrieval.flag).collect();
    let mut statement = session.prepare(&format!(
        "SELECT source_id, {} FROM catalogue.\"gaiadr3.gaia_source\"
         WHERE source_id IN (SELECT value FROM json_each(?1)) ORDER BY source_id",
        names.join(", ")
    ))?;
    let rows = statement.query_map([json(sources)], |row| {
        let mut flags = [false; RETRIEVALS.len()];
        for (at, flag) in flags.iter_mut().enumerate() {
            *flag = row.get(at + 1)?;
        }
        Ok((row.get(0)?, flags))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Which sources of DR2 there are. They have no products here.
fn known_of_two(database: &Database, sources: &[i64]) -> Result<Vec<Source>, Error> {
    let session = database.connect()?;
    let mut statement = session.prepare(
        "SELECT source_id FROM catalogue.\"gaiadr2.gaia_source\" WHERE source_id IN (SELECT value FROM json_each(?1))",
    )?;
    let rows =
        statement.query_map([json(sources)], |row| Ok(Source { release: Release::Two, source_id: row.get(0)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How {links} itself is called (DataLink 1.1, section 4.3).
fn own_descriptor(call: &Call<'_>) -> ServiceDescriptor {
    ServiceDescriptor {
        name: Some("links".to_owned()),
        utype: Some("adhoc:service".to_owned()),
        description: Some("The products that there are of sources".to_owned()),
        access_url: Some(format!("{}/data-server/datalink/links", call.base)),
        standard_id: Some("ivo://ivoa.net/std/DataLink#links-1.1".to_owned()),
        content_type: Some(KIND.to_owned()),
        input_params: vec![Param::text("ID", "")],
        ..ServiceDescriptor::default()
    }
}

/// How products are retrieved.
fn data_descriptor(call: &Call<'_>) -> ServiceDescriptor {
    let mut kind = Param::text("RETRIEVAL_TYPE", "ALL");
    let options = RETRIEVALS.iter().map(|retrieval| (None, retrieval.name.to_owned()));
    kind.values = Some(votable::model::Values {
        options: options.chain([(None, "ALL".to_owned())]).collect(),
        ..votable::model::Values::default()
    });
    ServiceDescriptor {
        name: Some("data".to_owned()),
        utype: Some("adhoc:service".to_owned()),
        description: Some("The products themselves".to_owned()),
        access_url: Some(format!("{}/data-server/data", call.base)),
        input_params: vec![Param::text("ID", ""), kind, Param::text("FORMAT", "votable")],
        ..ServiceDescriptor::default()
    }
}
