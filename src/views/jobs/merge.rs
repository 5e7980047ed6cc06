//! One list of two: the journal of this browser and the service's list. A job that is in both appears once.

use leptos::prelude::*;
use tap::{Job, Phase};

use crate::{
    archives::Archive,
    state::{
        State,
        jobs::{Listed, Record, Stage, excerpt},
        schema::Loadable,
    },
};

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Its key in the journal, if it is of this browser.
    pub key: Option<String>,
    /// Id of the archive.
    pub archive: String,
    /// Path at the archive, once known.
    pub path: Option<String>,
    /// Name, or the beginning of the query.
    pub title: String,
    /// Archive, name at the archive and the beginning of the query.
    pub excerpt: String,
    /// The query.
    pub adql: String,
    /// Phase, or how far the sending is.
    pub phase: String,
    /// When it was made.
    pub created: Option<Millis>,
    /// Something unusual.
    pub note: Option<String>,
    /// Whether its result can be opened.
    pub done: bool,
    /// Whether it is not known if the archive has it.
    pub unsure: bool,
}

/// Whole milliseconds since 1970: lines are compared, and floats do not compare.
pub type Millis = i64;

/// All jobs of the archive in use and of this browser, newest first.
pub fn merged(state: &State) -> Vec<Entry> {
    let archives = state.archives.get();
    let mut entries: Vec<Entry> =
        state.jobs.journal.with(|journal| journal.iter().map(|record| of_record(record, &archives)).collect());
    if let (Some(archive), Loadable::Here(jobs)) = (state.current_archive(), state.jobs.listed.get()) {
        for Listed { path, job } in jobs {
            if !entries.iter().any(|entry| entry.archive == archive.id && entry.path.as_ref() == Some(&path)) {
                entries.push(of_job(&job, &archive, path));
            }
        }
    }
    entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.created));
    entries
}

fn of_record(record: &Record, archives: &[Archive]) -> Entry {
    let phase = match record.stage {
        Stage::Intended => "Sending".to_owned(),
        Stage::Unsure => "Not sure".to_owned(),
        Stage::Refused => "Refused".to_owned(),
        Stage::Gone => "Gone".to_owned(),
        Stage::Created => record.phase().map_or("PENDING".to_owned(), |phase| phase.as_str().to_owned()),
    };
    let archive = archives
        .iter()
        .find(|archive| archive.id == record.archive)
        .map_or(record.archive.as_str(), |archive| &archive.title);
    Entry {
        key: Some(record.key.clone()),
        archive: record.archive.clone(),
        path: record.path.clone().filter(|_| record.stage == Stage::Created),
        title: record.title(),
        excerpt: format!("{archive} · {}", excerpt(&record.adql)),
        adql: record.adql.clone(),
        phase,
        created: Some(record.created as Millis),
        note: record.note.clone(),
        done: record.phase() == Some(&Phase::Completed),
        unsure: record.stage == Stage::Unsure,
    }
}

fn of_job(job: &Job, archive: &Archive, path: String) -> Entry {
    let adql = job.query().unwrap_or_default().to_owned();
    let name = job.job_name().or(job.name.as_deref()).filter(|name| !name.trim().is_empty());
    Entry {
        key: None,
        archive: archive.id.clone(),
        path: Some(path),
        title: name.map_or_else(|| format!("Job {}", job.id), str::to_owned),
        excerpt: format!("{} · {}", archive.title, excerpt(&adql)),
        adql,
        phase: job.phase.as_str().to_owned(),
        created: job.creation.or(job.start).map(|time| time.millis()),
        note: None,
        done: job.phase == Phase::Completed,
        unsure: false,
    }
}
