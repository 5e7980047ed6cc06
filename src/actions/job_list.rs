//! The archive's list of jobs: page by page, filtered and ordered; several deleted at once; names and notifications.

use leptos::{prelude::*, task::spawn_local};
use tap::{
    Timestamp,
    jobs::{JobsFilter, JobsOf},
    request::{JobListFilter, job as request},
    uws::{self, Phase},
};

use super::{ActionError, Actions};
use crate::{
    archives::Archive,
    dom,
    state::{
        jobs::{Listed, Order, Page, Record, Stage, Wanted},
        schema::Loadable,
    },
};

/// Jobs on a page.
pub const PAGE: u64 = 50;
/// Jobs among which one is looked for whose creation was not answered.
const NEWEST: u64 = 200;
/// A day less a millisecond: from its beginning to its end.
const DAY_MS: i64 = 86_399_999;

impl Actions {
    /// Wants other jobs: the list starts at its beginning.
    pub fn want_jobs(&self, change: impl FnOnce(&mut Wanted)) {
        self.state.jobs.wanted.update(|wanted| {
            change(wanted);
            wanted.page = 0;
        });
        self.ask_for_page();
    }

    /// Goes to another page of the list.
    pub fn turn_jobs(&self, page: u64) {
        self.state.jobs.wanted.update(|wanted| wanted.page = page);
        self.ask_for_page();
    }

    fn ask_for_page(&self) {
        self.state.jobs.chosen.set(Vec::new());
        self.list_jobs();
    }

    /// Asks the archive for its list of jobs.
    pub fn list_jobs(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let jobs = self.state.jobs;
        let wanted = jobs.wanted.get_untracked();
        if jobs.asking.with_untracked(|asking| asking.as_ref() == Some(&wanted)) {
            return;
        }
        jobs.asking.set(Some(wanted.clone()));
        if jobs.listed.with_untracked(|listed| listed.here().is_none()) {
            jobs.listed.set(Loadable::Loading);
        }
        let (actions, asker) = (*self, self.asker());
        spawn_local(async move {
            let answer = actions.page(&archive, &wanted).await;
            // Meanwhile something else may be wanted.
            if jobs.asking.with_untracked(|asking| asking.as_ref() != Some(&wanted)) {
                return;
            }
            jobs.asking.set(None);
            if actions.asker() != asker {
                // Or by somebody else: at the beginning of a visit it is known late who is signed in.
                return actions.list_jobs();
            }
            jobs.listed.set(match answer {
                Ok(page) => Loadable::Here(page),
                Err(error) => Loadable::Failed(error.sentence(&archive.title)),
            });
        });
    }

    /// Shows how the list is asked for.
    pub fn show_jobs_command(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let wanted = self.state.jobs.wanted.get_untracked();
        self.show_command("List these jobs", &[self.page_request(&archive, &wanted)], None);
    }

    /// Changes the address of the job to open.
    pub fn edit_address(&self, text: String) {
        self.state.jobs.address_problem.set(None);
        self.state.jobs.address.set(text);
    }

    /// Opens the job of an address or an id that somebody has from elsewhere.
    pub fn open_address(&self) {
        let jobs = self.state.jobs;
        let text = jobs.address.get_untracked().trim().to_owned();
        let Some(archive) = self.state.archive_untracked() else { return };
        let place = match text.as_str() {
            "" => return,
            id if !id.contains('/') => Some((archive.id, request::usual(&archive.tap, id))),
            url => self.state.archives.with_untracked(|archives| {
                // What is only a path belongs to the archive in use.
                let first = archives.iter().filter(|known| known.id == archive.id);
                let mut all = first.chain(archives.iter());
                all.find_map(|known| Some((known.id.clone(), known.job_at(&self.base(), url)?)))
            }),
        };
        let problem = "This is neither the id of a job nor the address of one at an archive that this page knows.";
        jobs.address_problem.set(place.is_none().then(|| problem.to_owned()));
        if place.is_some() {
            self.select_job(place);
        }
    }

    /// Names a job. The protocol has names only for jobs that have not started; later ones are kept in this browser.
    pub fn rename_job(&self, archive: &str, path: &str, name: &str) {
        let (actions, place, name) = (*self, (archive.to_owned(), path.to_owned()), name.trim().to_owned());
        spawn_local(async move {
            let Some(mut record) = actions.adopted(&place.0, &place.1).await else { return };
            record.name.clone_from(&name);
            let pending = record.phase() == Some(&Phase::Pending);
            actions.write_record(&record).await;
            let Some(archive) = actions.state.archive_by_id(&place.0).filter(|archive| archive.capabilities.tap_plus)
            else {
                return;
            };
            if pending {
                let url = archive.job_url(&actions.base(), &place.1);
                if let Err(error) = actions.ask(&request::set_parameter(&url, "JOBNAME", &name)).await {
                    let sentence = error.sentence(&archive.title);
                    actions.notice(true, format!("The name is kept in this browser alone. {sentence}"));
                }
            }
        });
    }

    /// Tells when a job ends, by a notification of the browser if it may: it is asked now and not before.
    pub fn notify_of(&self, archive: &str, path: &str, wanted: bool) {
        let (actions, place) = (*self, (archive.to_owned(), path.to_owned()));
        spawn_local(async move {
            if let Some(mut record) = actions.adopted(&place.0, &place.1).await {
                record.notify = wanted;
                actions.write_record(&record).await;
            }
            if wanted {
                let may = dom::may_notify().await;
                actions.state.jobs.notifies.set(Some(may));
            }
        });
    }

    /// Tells that a job has ended, if that is wanted.
    pub(super) async fn tell_end(&self, key: &str) {
        let ended = |record: &Record| record.notify && record.phase().is_some_and(Phase::is_final);
        let Some(record) = self.state.jobs.record(key).filter(ended) else { return };
        self.change_record(key, |record| record.notify = false).await;
        let phase = record.phase().map_or("", Phase::as_str).to_lowercase();
        let text = format!("The job “{}” is {phase}.", record.title());
        if !dom::notify("Parallax", &text) {
            self.notice(phase != "completed", text);
        }
    }

    /// Forgets the jobs that an archive listed.
    pub(super) fn forget_jobs(&self) {
        let jobs = self.state.jobs;
        jobs.listed.set(Loadable::Absent);
        jobs.asking.set(None);
        jobs.document.set(Loadable::Absent);
        jobs.chosen.set(Vec::new());
        jobs.deletion.set(None);
        jobs.wanted.update(|wanted| wanted.page = 0);
    }

    /// The newest jobs, with the documents that a bare list lacks.
    pub(super) async fn newest(&self, archive: &Archive) -> Result<Vec<Listed>, ActionError> {
        let service = self.service(archive);
        let request = if archive.capabilities.tap_plus {
            let order = vec![(Order::Created.column().to_owned(), true)];
            service.jobs(JobsOf::Async, &JobsFilter { limit: Some(NEWEST), order, ..JobsFilter::default() })
        } else {
            service.job_list(&JobListFilter::default())
        };
        let list = uws::parse_jobs(&self.ask(&request).await?.body)?;
        let mut jobs = Vec::new();
        for entry in list.jobs {
            let Some(path) = entry.url(&service.tap).and_then(|url| archive.job_path(&url)) else { continue };
            let job = if entry.whole { entry.job } else { self.job_document(archive, &path).await? };
            jobs.push(Listed { path, job });
        }
        Ok(jobs)
    }

    async fn page(&self, archive: &Archive, wanted: &Wanted) -> Result<Page, ActionError> {
        let answer = self.ask(&self.page_request(archive, wanted)).await?;
        let list = uws::parse_jobs(&answer.body)?;
        let tap = self.service(archive).tap;
        let mut jobs: Vec<Listed> = list
            .jobs
            .into_iter()
            .filter_map(|entry| {
                let path = entry.url(&tap).and_then(|url| archive.job_path(&url))?;
                Some(Listed { path, job: entry.job })
            })
            .collect();
        let mut total = list.total;
        if !archive.capabilities.tap_plus {
            // UWS has no pages: the whole list came.
            total = Some(jobs.len() as u64);
            jobs.drain(..jobs.len().min((wanted.page * PAGE) as usize));
        }
        let more = jobs.len() as u64 > PAGE;
        jobs.truncate(PAGE as usize);
        let seen = wanted.page * PAGE + jobs.len() as u64;
        // Some archives count only what they sent.
        let total =
            total.filter(|total| *total >= seen && (!more || *total > seen + 1 || !archive.capabilities.tap_plus));
        Ok(Page { jobs, total, more })
    }

    /// One job more than a page shows: so it is known whether there is another page.
    fn page_request(&self, archive: &Archive, wanted: &Wanted) -> tap::Request {
        let service = self.service(archive);
        let (from, to) = (day(&wanted.from, 0), day(&wanted.to, DAY_MS));
        let phase = Some(wanted.phase.as_str()).filter(|phase| !phase.is_empty()).map(Phase::parse);
        if !archive.capabilities.tap_plus {
            let filter = JobListFilter { phases: phase.into_iter().collect(), after: from, last: None };
            return service.job_list(&filter);
        }
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let filter = JobsFilter {
            offset: Some(wanted.page * PAGE),
            limit: Some(PAGE + 1),
            order: vec![(wanted.order.column().to_owned(), wanted.descending)],
            job_name: some(&wanted.name),
            phase,
            query: some(&wanted.query),
            started: (from, to),
            ..JobsFilter::default()
        };
        service.jobs(wanted.list, &filter)
    }

    /// The record of a job in the journal; of a job that was made elsewhere a new one.
    async fn adopted(&self, archive: &str, path: &str) -> Option<Record> {
        if let Some(key) = self.key_of(archive, path) {
            return self.state.jobs.record(&key);
        }
        let archive = self.state.archive_by_id(archive)?;
        let job = match self.job_document(&archive, path).await {
            Ok(job) => job,
            Err(error) => {
                self.notice(
                    true,
                    format!("The job cannot be noted in this browser. {}", error.sentence(&archive.title)),
                );
                return None;
            }
        };
        Some(Record {
            key: dom::new_key(),
            archive: archive.id,
            path: Some(path.to_owned()),
            adql: job.query().unwrap_or_default().to_owned(),
            name: job.job_name().unwrap_or_default().to_owned(),
            description: job.parameter("jobdescription").unwrap_or_default().to_owned(),
            maxrec: job.parameter("maxrec").and_then(|rows| rows.parse().ok()),
            uploads: Vec::new(),
            created: job.creation.or(job.start).map_or_else(dom::now, |time| time.millis() as f64),
            stage: Stage::Created,
            external: job.parameter("ext_tap_url").map(str::to_owned),
            format: None,
            job: Some(job),
            note: None,
            adopted: true,
            notify: false,
        })
    }
}

/// The beginning of a day written `YYYY-MM-DD`, and so many milliseconds.
fn day(text: &str, later: i64) -> Option<Timestamp> {
    Some(Timestamp::parse(&format!("{}T00:00:00Z", text.trim()))?.plus_millis(later))
}
