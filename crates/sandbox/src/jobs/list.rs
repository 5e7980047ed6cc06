//! Lists of jobs: the short one with the filters of UWS 1.1 (section 2.2.2.1), and TAP+'s full one, paged and sorted.

use std::cmp::Ordering;

use super::Job;
use super::document::{self, Style};
use crate::Time;
use crate::archive::Answer;
use crate::call::Call;
use crate::fault::Fault;
use crate::response;

/// `GET /async`: the caller's jobs.
pub fn short(call: &Call<'_>) -> Result<Answer, Fault> {
    let parameters = call.parameters;
    let mut jobs = call.archive.jobs.of(call.caller.user.as_deref(), call.now);
    let phases: Vec<&str> = parameters.all("phase").map(str::trim).filter(|phase| !phase.is_empty()).collect();
    if !phases.is_empty() {
        jobs.retain(|job| phases.iter().any(|phase| phase.eq_ignore_ascii_case(job.phase.word())));
    }
    if let Some(after) = parameters.value("after") {
        let after = Time::parse(after)
            .ok_or_else(|| Fault::bad(format!("AFTER must be a time of ISO 8601, not '{after}'.")))?;
        jobs.retain(|job| job.created > after);
    }
    if let Some(last) = parameters.value("last") {
        let last: usize = last
            .parse()
            .ok()
            .filter(|last| *last > 0)
            .ok_or_else(|| Fault::bad(format!("LAST must be a whole number from 1 on, not '{last}'.")))?;
        jobs.reverse();
        jobs.truncate(last);
    }
    Ok(response::xml(document::short_list(&jobs, call.style())))
}

/// `GET /jobs/async` and `GET /jobs/sync` (TAP+): some of the caller's jobs.
pub fn full(call: &Call<'_>, mut jobs: Vec<Job>) -> Result<Answer, Fault> {
    let parameters = call.parameters;
    let text = |name: &str| parameters.value(name).map(str::to_ascii_lowercase);
    let (id, name, phase, query) = (text("jobid"), text("jobname"), text("phaseid"), text("query"));
    let owner = text("ownerid");
    let session = parameters.value("session");
    let within = |time: Option<Time>, from: Option<i64>, to: Option<i64>| {
        from.is_none_or(|from| time.is_some_and(|time| time.0 >= from))
            && to.is_none_or(|to| time.is_some_and(|time| time.0 <= to))
    };
    let millis = |name: &str| match parameters.value(name) {
        None => Ok(None),
        Some(value) => value
            .parse::<i64>()
            .map(Some)
            .map_err(|_| Fault::bad(format!("'{name}' must be milliseconds, not '{value}'."))),
    };
    let (start_from, start_to) = (millis("start_time_init")?, millis("start_time_limit")?);
    let (end_from, end_to) = (millis("end_time_init")?, millis("end_time_limit")?);
    jobs.retain(|job| {
        id.as_ref().is_none_or(|id| job.id.to_ascii_lowercase().contains(id.as_str()))
            && name.as_ref().is_none_or(|name| job.name().to_ascii_lowercase().contains(name.as_str()))
            && phase.as_ref().is_none_or(|phase| job.phase.word().eq_ignore_ascii_case(phase))
            && owner.as_ref().is_none_or(|owner| owner == job.owner())
            && session.is_none_or(|session| job.session.is_some_and(|number| number.to_string() == session))
            && query.as_ref().is_none_or(|query| {
                job.parameter("query").unwrap_or_default().to_ascii_lowercase().contains(query.as_str())
            })
            && within(job.started, start_from, start_to)
            && within(job.ended, end_from, end_to)
    });
    for key in parameters.value("order").unwrap_or_default().split(',').rev().filter(|key| !key.trim().is_empty()) {
        sort(&mut jobs, key)?;
    }
    let total = jobs.len();
    let number = |name: &str| match parameters.value(name) {
        None => Ok(None),
        Some(value) => value
            .parse::<usize>()
            .map(Some)
            .map_err(|_| Fault::bad(format!("'{name}' must be a whole number, not '{value}'."))),
    };
    let (offset, limit) = (number("offset")?, number("limit")?);
    let page: Vec<Job> = jobs.into_iter().skip(offset.unwrap_or(0)).take(limit.unwrap_or(usize::MAX)).collect();
    let mut attributes = String::new();
    for (name, value) in [("offset", offset), ("limit", limit)] {
        if let Some(value) = value {
            attributes += &format!(" {name}=\"{value}\"");
        }
    }
    let style = Style { metadata_only: parameters.flag("metadata_only"), ..call.style() };
    Ok(response::xml(document::jobs(&page, total, &attributes, style)))
}

/// Sorts by `COLUMN:ASC` or `COLUMN:DESC`, keeping the order of equals.
fn sort(jobs: &mut [Job], key: &str) -> Result<(), Fault> {
    let (column, direction) = key.trim().split_once(':').unwrap_or((key.trim(), "ASC"));
    let compare: fn(&Job, &Job) -> Ordering = match column.trim().to_ascii_lowercase().replace('_', "").as_str() {
        "creationtime" => |a, b| (a.created, a.serial).cmp(&(b.created, b.serial)),
        "starttime" => |a, b| a.started.cmp(&b.started),
        "endtime" => |a, b| a.ended.cmp(&b.ended),
        "destruction" | "destructiontime" => |a, b| a.destruction.cmp(&b.destruction),
        "phase" | "phaseid" => |a, b| a.phase.word().cmp(b.phase.word()),
        "jobid" => |a, b| a.id.cmp(&b.id),
        "jobname" | "name" => |a, b| a.name().cmp(b.name()),
        "ownerid" => |a, b| a.owner().cmp(b.owner()),
        _ => return Err(Fault::bad(format!("Jobs cannot be sorted by '{column}'."))),
    };
    match direction.trim().to_ascii_uppercase().as_str() {
        "ASC" => jobs.sort_by(compare),
        "DESC" => jobs.sort_by(|a, b| compare(b, a)),
        other => return Err(Fault::bad(format!("'{other}' is neither ASC nor DESC."))),
    }
    Ok(())
}
