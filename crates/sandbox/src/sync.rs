//! `/sync`: a query and its result in one exchange (TAP 1.1, section 2.1).

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bytes::Bytes;
use http::{Response, StatusCode};
use workbench::export::Exporter;

use crate::archive::Answer;
use crate::call::Call;
use crate::delivery::{self, About};
use crate::fault::Fault;
use crate::jobs::{Job, Phase};
use crate::parameters::Parameters;
use crate::query::{self, columns, push_row};
use crate::response::{self, Chunks};
use crate::{cross_match, database, external, upload};

/// Answers a synchronous query.
pub fn answer(call: &Call<'_>) -> Answer {
    run(call).unwrap_or_else(|fault| response::refused_query(&fault, "sync", call.archive.config.strict))
}

/// What a request for a query must say, synchronous or not: the text of the query.
pub fn check(parameters: &Parameters) -> Result<&str, Fault> {
    let request = parameters.value("request").unwrap_or("doQuery");
    if !request.eq_ignore_ascii_case("doQuery") && !external::asked(parameters) {
        return Err(Fault::bad(format!("Unknown REQUEST '{request}': this service knows doQuery and external_tap.")));
    }
    let language = parameters.value("lang").unwrap_or("ADQL");
    if !["adql", "adql-2.0", "adql-2.1"].contains(&language.to_ascii_lowercase().as_str()) {
        return Err(Fault::bad(format!(
            "Unknown query language '{language}': this service knows ADQL, ADQL-2.0, ADQL-2.1."
        )));
    }
    parameters.value("query").ok_or_else(|| Fault::bad("Not found required parameter 'QUERY'"))
}

/// Remembers the query for the caller's list, whatever becomes of it.
fn run(call: &Call<'_>) -> Result<Answer, Fault> {
    let mut job = Job::new(call.archive.jobs.new_id(call.now, call.archive.config.legacy)?, call.caller, call.now);
    job.take_parameters(call.parameters);
    let outcome = query(call, &job);
    (job.started, job.ended) = (Some(call.now), Some(call.now));
    job.enter(if outcome.is_ok() { Phase::Completed } else { Phase::Error }, call.now);
    job.error = outcome.as_ref().err().map(|fault| fault.message.clone());
    call.archive.jobs.remember(job);
    outcome
}

fn query(call: &Call<'_>, job: &Job) -> Result<Answer, Fault> {
    let Call { archive, parameters, base, now, .. } = *call;
    let text = check(parameters)?;
    if let Some(service) = external::service(&archive.config, parameters, Some(call.tap))? {
        return Ok(Answer::Fetch(external::request(service, parameters, None)?));
    }
    // To a neighbour everybody is nobody.
    let user = call.caller.user.as_deref().filter(|_| !external::asked(parameters));
    if cross_match::request(text)?.is_some() {
        return Err(Fault::bad(
            "A cross-match makes a table, so it runs as an asynchronous job only: send it to /async while signed in.",
        ));
    }
    let format = delivery::format(parameters)?;
    let asked = delivery::max_rows(parameters)?;
    let config = &archive.config;
    let limit = asked.unwrap_or(config.sync_rows).min(config.sync_rows);

    let mut session = archive.database.connect()?;
    let requested = upload::requested(parameters, &|uri| archive.own_resource(uri, base, now))?;
    if !requested.is_empty() {
        session.attach_memory("uploads")?;
    }
    let mut uploads = Vec::new();
    for request in &requested {
        uploads.push(upload::store(&session, request, config.upload_limit)?);
    }
    let prepared = query::prepare(text, archive, user, &uploads)?;
    prepared.attach(&mut session)?;
    let about = About {
        query: text.to_owned(),
        job_id: job.id.clone(),
        job_name: job.name().to_owned(),
        base: base.to_owned(),
    };
    let preamble = delivery::preamble(&prepared.fields, &about, archive.database.catalogue());
    let mut exporter = Exporter::new(format, preamble);
    let mut chunks: Vec<Bytes> = Vec::new();
    let mut out = Vec::new();
    exporter.start(&mut out);

    // The cap keeps the result small, so it is made whole before the first byte goes: an error while it is made is an error
    // response, not a broken document.
    database::guard(&mut session, config.sync_time, Arc::new(AtomicBool::new(false)))?;
    let failed = |error: rusqlite::Error| query::failed(&error, false, config.sync_time);
    let mut statement = session.prepare(&prepared.sql).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    let mut block = columns(&prepared.fields);
    let (mut taken, mut size) = (0, 0);
    let mut overflow = limit == 0;
    while let Some(row) = if limit == 0 { None } else { rows.next().map_err(failed)? } {
        if taken == limit {
            overflow = true;
            break;
        }
        size += push_row(row, &mut block)?;
        if size > config.sync_bytes {
            return Err(too_large(config.sync_bytes));
        }
        taken += 1;
        if block.first().is_some_and(|column| column.len() == 2_000) {
            exporter.rows(&block, 0..2_000, &mut out);
            block = columns(&prepared.fields);
            chunks.push(std::mem::take(&mut out).into());
        }
    }
    drop(rows);
    drop(statement);
    let rest = block.first().map_or(0, table::Column::len);
    exporter.rows(&block, 0..rest, &mut out);
    let trailing = if overflow { delivery::overflow() } else { Vec::new() };
    exporter
        .finish(&trailing, &delivery::descriptors(&prepared.fields, &about), &mut out)
        .map_err(|error| Fault::bad(error.to_string()))?;
    chunks.push(out.into());

    let mut head = Response::builder().status(StatusCode::OK);
    for (name, value) in delivery::headers(format, &about) {
        head = head.header(name, value);
    }
    let length: usize = chunks.iter().map(Bytes::len).sum();
    head = head.header(http::header::CONTENT_LENGTH, length);
    Ok(response::ready(head, Chunks::new(chunks.into_iter().map(Ok))))
}

fn too_large(limit: usize) -> Fault {
    let megabytes = limit / 1_000_000;
    let message =
        format!("The result is larger than {megabytes} MB. Submit the query as an asynchronous job, or select less.");
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, message)
}
