//! One list of two: the journal of this browser and the archive's list. A job that is in both appears once.

use std::cmp::Ordering;

use leptos::prelude::*;
use tap::{Job, Phase, external::host, jobs::JobsOf};

use crate::{
    archives::Archive,
    state::{
        State,
        jobs::{Listed, Order, Record, Stage, Wanted, excerpt},
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
    /// The service that the archive asks for it.
    pub external: Option<String>,
    /// Phase, or how far the sending is.
    pub phase: String,
    /// When it was made, started and ended.
    pub times: [Option<Millis>; 3],
    /// Rows and bytes of its result.
    pub size: (Option<u64>, Option<u64>),
    /// Something unusual.
    pub note: Option<String>,
    /// Whether its result can be opened.
    pub done: bool,
    /// Whether it may still run.
    pub open: bool,
    /// Whether it is not known if the archive has it.
    pub unsure: bool,
}

/// Whole milliseconds since 1970: lines are compared, and floats do not compare.
pub type Millis = i64;

/// The jobs of the page that is shown; on the first page with those of this browser that the archive does not list.
pub fn merged(state: &State) -> Vec<Entry> {
    let wanted = state.jobs.wanted.get();
    let here = state.current_archive();
    let listed = state.jobs.listed.get();
    let page = listed.here();
    let jobs = page.map(|page| page.jobs.as_slice()).unwrap_or_default();
    let on_page = |record: &Record| {
        here.as_ref().is_some_and(|archive| archive.id == record.archive)
            && jobs.iter().any(|listed| Some(&listed.path) == record.path.as_ref())
    };
    // What is older than the page stands on a later one.
    let oldest =
        page.filter(|page| page.more).and_then(|page| page.jobs.iter().filter_map(|one| created(&one.job)).min());
    let elsewhere = |record: &Record| {
        record.stage != Stage::Created || here.as_ref().is_none_or(|archive| archive.id != record.archive)
    };
    let mut entries = Vec::new();
    if wanted.list == JobsOf::Async {
        let archives = state.archives.get();
        state.jobs.journal.with(|journal| {
            let shown = journal.iter().filter_map(|record| {
                let entry = of_record(record, &archives);
                let first = wanted.page == 0
                    && matches(&entry, &wanted)
                    && (elsewhere(record) || oldest.is_none_or(|oldest| entry.times[0] > Some(oldest)));
                (first || on_page(record)).then_some(entry)
            });
            entries.extend(shown);
        });
    }
    if let Some(archive) = here {
        let tap_plus = archive.capabilities.tap_plus;
        for Listed { path, job } in jobs {
            if !entries.iter().any(|entry| entry.archive == archive.id && entry.path.as_ref() == Some(path)) {
                let entry = of_job(job, &archive, path.clone());
                if tap_plus || matches(&entry, &wanted) {
                    entries.push(entry);
                }
            }
        }
    }
    entries.sort_by(|a, b| {
        let order = compare(a, b, wanted.order);
        if wanted.descending { order.reverse() } else { order }
    });
    entries
}

fn compare(a: &Entry, b: &Entry, order: Order) -> Ordering {
    match order {
        Order::Created => a.times[0].cmp(&b.times[0]),
        Order::Started => a.times[1].cmp(&b.times[1]),
        Order::Ended => a.times[2].cmp(&b.times[2]),
        Order::Phase => a.phase.cmp(&b.phase),
        Order::Name => a.title.to_lowercase().cmp(&b.title.to_lowercase()),
    }
}

/// Whether a job is wanted, as far as this page can tell; the archive judges those that it lists itself.
fn matches(entry: &Entry, wanted: &Wanted) -> bool {
    let holds = |text: &str, part: &str| text.to_lowercase().contains(&part.trim().to_lowercase());
    let day = |text: &str| tap::Timestamp::parse(&format!("{text}T00:00:00Z")).map(tap::Timestamp::millis);
    let began = entry.times[1].or(entry.times[0]);
    (wanted.phase.is_empty() || entry.phase == wanted.phase)
        && holds(&entry.title, &wanted.name)
        && holds(&entry.adql, &wanted.query)
        && day(&wanted.from).is_none_or(|from| began.is_some_and(|began| began >= from))
        && day(&wanted.to).is_none_or(|to| began.is_some_and(|began| began < to + 86_400_000))
}

fn created(job: &Job) -> Option<Millis> {
    job.creation.or(job.start).map(tap::Timestamp::millis)
}

fn times(job: Option<&Job>, made: Option<Millis>) -> [Option<Millis>; 3] {
    let at = |time: fn(&Job) -> Option<tap::Timestamp>| job.and_then(time).map(tap::Timestamp::millis);
    [made, at(|job| job.start), at(|job| job.end)]
}

fn size(job: Option<&Job>) -> (Option<u64>, Option<u64>) {
    job.and_then(Job::result).map_or((None, None), |result| (result.rows, result.size))
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
    let way = record.external.as_deref().map(|url| format!("{archive} → {}", host(url)));
    Entry {
        key: Some(record.key.clone()),
        archive: record.archive.clone(),
        path: record.path.clone().filter(|_| record.stage == Stage::Created),
        title: record.title(),
        excerpt: format!("{} · {}", way.as_deref().unwrap_or(archive), excerpt(&record.adql)),
        adql: record.adql.clone(),
        external: record.external.clone(),
        phase,
        times: times(record.job.as_ref(), Some(record.created as Millis)),
        size: size(record.job.as_ref()),
        note: record.note.clone(),
        done: record.phase() == Some(&Phase::Completed),
        open: record.open(),
        unsure: record.stage == Stage::Unsure,
    }
}

fn of_job(job: &Job, archive: &Archive, path: String) -> Entry {
    let adql = job.query().unwrap_or_default().to_owned();
    let external = job.parameter("ext_tap_url").filter(|url| !url.is_empty()).map(str::to_owned);
    let way = external.as_deref().map(|url| format!("{} → {}", archive.title, host(url)));
    Entry {
        key: None,
        archive: archive.id.clone(),
        path: Some(path),
        title: job.job_name().map_or_else(|| format!("Job {}", job.id), str::to_owned),
        excerpt: format!("{} · {}", way.as_deref().unwrap_or(&archive.title), excerpt(&adql)),
        adql,
        external,
        phase: job.phase.as_str().to_owned(),
        times: times(Some(job), created(job)),
        size: size(Some(job)),
        note: None,
        done: job.phase == Phase::Completed,
        open: !job.phase.is_final(),
        unsure: false,
    }
}
