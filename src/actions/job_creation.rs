//! Jobs on their way: made, looked for when the answer was lost, and waited for.

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use tap::{
    Job, Phase,
    request::{Query, job as request},
    uws,
};
use workbench::protocol::FailureKind;

use super::{ActionError, Actions};
use crate::{
    archives::Archive,
    dom,
    fetch::Response,
    state::{
        jobs::{JobKey, Listed, Record, Stage},
        query::{Problem, Running},
        storage,
    },
};

/// The format in which the page takes results.
pub(super) const VOTABLE: &str = "votable";
/// For so long after it was sent a job that is not listed may still come.
const IN_FLIGHT_MS: f64 = 30_000.0;
/// How soon it is looked for again.
const LOOK_AGAIN_MS: u32 = 2_000;

/// Where a query is awaited: below the editor, or below the form for another service.
#[derive(Clone, Copy)]
pub(super) struct Awaited {
    pub running: RwSignal<Option<Running>>,
    pub failure: RwSignal<Option<Problem>>,
    /// Under this name the tab remembers the job over a reload.
    tab: &'static str,
}

impl Awaited {
    /// Nothing is awaited any more.
    pub fn finish(&self) {
        self.running.set(None);
        storage::tab_set(self.tab, None);
    }

    pub fn is_for(&self, key: &str) -> bool {
        self.running.with_untracked(|running| running.as_ref().is_some_and(|r| r.job.as_deref() == Some(key)))
    }

    /// The job that this tab waited for before it was reloaded.
    pub fn remembered(&self) -> Option<JobKey> {
        storage::tab_get(self.tab)
    }
}

impl Actions {
    /// Where the result of a query is awaited, by whether another service answers it.
    pub(super) fn awaited(&self, external: bool) -> Awaited {
        let (query, services) = (self.state.query, self.state.services);
        match external {
            false => Awaited { running: query.running, failure: query.failure, tab: "watch" },
            true => Awaited { running: services.running, failure: services.failure, tab: "watch-service" },
        }
    }

    /// Makes a job and waits for it. The journal knows of it before the service does.
    pub(super) fn create_job(&self, archive: &Archive, query: Query) {
        self.make_job(archive, query, None);
    }

    /// The same; a query for the service at `external` is sent on to it by the archive.
    pub(super) fn make_job(&self, archive: &Archive, mut query: Query, external: Option<String>) {
        let key = dom::new_key();
        query.run_id = Some(key.clone());
        let record = Record {
            key: key.clone(),
            archive: archive.id.clone(),
            path: None,
            adql: query.adql.clone(),
            name: query.job_name.clone().unwrap_or_default(),
            description: query.job_description.clone().unwrap_or_default(),
            maxrec: query.maxrec,
            uploads: query.uploads.iter().map(|upload| upload.table.clone()).collect(),
            created: dom::now(),
            stage: Stage::Intended,
            job: None,
            note: None,
            external,
            format: query.format.clone().filter(|format| format != VOTABLE),
            adopted: false,
            notify: false,
        };
        let awaited = self.awaited(record.external.is_some());
        awaited.running.set(Some(Running { table: None, job: Some(key.clone()), since: record.created }));
        storage::tab_set(awaited.tab, Some(&key));
        let (actions, archive) = (*self, archive.clone());
        spawn_local(async move {
            actions.write_record(&record).await;
            let service = actions.service(&archive);
            let request = match &record.external {
                Some(external) => service.external_job(external, &query, true),
                None => service.create_job(&query, true),
            };
            match actions.ask(&request).await {
                Ok(response) => actions.created(&archive, &key, &response).await,
                Err(error) if error.answered() => actions.refused(&archive, &key, &error).await,
                // Nothing came back: the service may have the job. It is not sent again.
                Err(error) => {
                    let note =
                        format!("{} The job may have been accepted; looking for it.", error.sentence(&archive.title));
                    actions
                        .change_record(&key, |record| (record.stage, record.note) = (Stage::Unsure, Some(note)))
                        .await;
                    actions.look_for(&key);
                }
            }
        });
    }

    /// Waits for a job of the journal, as after a reload.
    pub(super) fn watch(&self, key: &str) {
        let Some(record) = self.state.jobs.record(key) else { return };
        let awaited = self.awaited(record.external.is_some());
        storage::tab_set(awaited.tab, Some(key));
        awaited.running.set(Some(Running { table: None, job: Some(key.to_owned()), since: record.created }));
        self.check_watch();
    }

    /// Looks whether the jobs that are waited for have ended, and shows their results or errors.
    pub(super) fn check_watch(&self) {
        for awaited in [self.awaited(false), self.awaited(true)] {
            let running = awaited.running.get_untracked();
            if let Some(Running { job: Some(key), table: None, .. }) = running
                && let Some(record) = self.state.jobs.record(&key)
            {
                self.check_job(awaited, record);
            }
        }
    }

    fn check_job(&self, awaited: Awaited, record: Record) {
        match record.phase() {
            _ if matches!(record.stage, Stage::Refused | Stage::Gone) => awaited.finish(),
            // The file is what was asked for; it is there to be saved.
            Some(Phase::Completed) if record.format.is_some() && record.external.is_none() => {
                self.state.query.file.set(Some(record.key));
                awaited.finish();
            }
            Some(Phase::Completed) => {
                if let Some(table) = self.open_result(&record) {
                    awaited.running.update(|running| {
                        if let Some(running) = running {
                            running.table = Some(table);
                        }
                    });
                }
            }
            Some(phase) if phase.is_final() => {
                let summary = record.job.as_ref().and_then(|job| job.error.as_ref());
                let message =
                    summary.map_or_else(|| format!("The phase is {}.", phase.as_str()), |error| error.message.clone());
                let title = match phase {
                    Phase::Aborted => "The job was aborted",
                    Phase::Archived => "The archive has removed the job's results",
                    _ => "The job failed",
                };
                if let Some(error) = tap::Error::from_job_message(&message).service() {
                    self.mark_service_error(&record.adql, error);
                }
                awaited.failure.set(Some(Problem {
                    title: title.into(),
                    message: tap::redact(&message),
                    next: "The job is in the list of jobs. Change the query, if it is at fault, and run it again."
                        .into(),
                }));
                awaited.finish();
            }
            _ => {}
        }
    }

    /// Searches the service for a job whose creation was not answered: by the mark that was sent with it.
    pub fn look_for(&self, key: &str) {
        let Some(record) = self.state.jobs.record(key) else { return };
        let Some(archive) = self.state.archive_by_id(&record.archive) else { return };
        let (actions, key) = (*self, key.to_owned());
        spawn_local(async move {
            let awaited = actions.awaited(record.external.is_some());
            match actions.newest(&archive).await.map(|jobs| jobs.into_iter().find(|one| is_this(&one.job, &record))) {
                Ok(Some(Listed { path, job })) => {
                    actions
                        .change_record(&key, |record| {
                            (record.path, record.stage, record.note) = (Some(path), Stage::Created, None);
                            record.job = Some(job);
                        })
                        .await;
                }
                // What was sent a moment ago may still be on its way into the list.
                Ok(None) if dom::now() - record.created < IN_FLIGHT_MS => {
                    actions.change_record(&key, |record| record.stage = Stage::Unsure).await;
                    TimeoutFuture::new(LOOK_AGAIN_MS).await;
                    actions.look_for(&key);
                }
                Ok(None) => {
                    let note = "The archive does not list this job: it was not accepted. Run the query again.";
                    actions
                        .change_record(&key, |record| (record.stage, record.note) = (Stage::Refused, Some(note.into())))
                        .await;
                    awaited.failure.set(Some(Problem {
                        title: "The job was not accepted".into(),
                        message: "The connection broke while the job was sent, and the archive does not list it."
                            .into(),
                        next: "Run it again.".into(),
                    }));
                    actions.check_watch();
                }
                Err(error) => {
                    let note = format!(
                        "{} Whether it has the job is not known; look again later.",
                        error.sentence(&archive.title)
                    );
                    actions
                        .change_record(&key, |record| (record.stage, record.note) = (Stage::Unsure, Some(note)))
                        .await;
                    if awaited.is_for(&key) {
                        awaited.failure.set(Some(Problem {
                            title: "It is not known whether the job was accepted".into(),
                            message: error.sentence(&archive.title),
                            next: "The job is noted in the list of jobs; use “Look again” there before you run the query a second time.".into(),
                        }));
                        awaited.finish();
                    }
                }
            }
        });
    }

    async fn created(&self, archive: &Archive, key: &str, response: &Response) {
        let tap = self.service(archive).tap;
        let location = response.header("location").unwrap_or_else(|| response.url.clone());
        let job = uws::parse_job(&response.body).ok();
        let path = uws::job_url_from_location(&tap, &location)
            .ok()
            .and_then(|url| archive.job_path(&url))
            .or_else(|| job.as_ref().filter(|job| !job.id.is_empty()).map(|job| request::usual(&archive.tap, &job.id)));
        match path {
            Some(path) => {
                self.change_record(key, |record| {
                    (record.path, record.stage, record.job) = (Some(path), Stage::Created, job);
                })
                .await;
            }
            None => self.look_for(key),
        }
    }

    async fn refused(&self, archive: &Archive, key: &str, error: &ActionError) {
        let mut sentence = error.sentence(&archive.title);
        match error.kind() {
            FailureKind::TooLarge => sentence = format!("{}. {}", sentence.trim_end_matches('.'), self.sizes()),
            FailureKind::SignIn => self.ask_to_sign_in(),
            _ => {}
        }
        let note = sentence.clone();
        self.change_record(key, |record| (record.stage, record.note) = (Stage::Refused, Some(note))).await;
        let record = self.state.jobs.record(key);
        if let (ActionError::Tap(error), Some(record)) = (error, &record)
            && let Some(error) = error.service()
        {
            self.mark_service_error(&record.adql, error);
        }
        self.awaited(record.is_some_and(|record| record.external.is_some())).failure.set(Some(Problem {
            title: "The job was refused".into(),
            message: sentence,
            next: error.next().into(),
        }));
        self.check_watch();
    }
}

/// The mark that was sent with the job, or, where the service keeps none, the same query at about the same time.
fn is_this(job: &Job, record: &Record) -> bool {
    if let Some(run_id) = job.run_id.as_deref().or_else(|| job.parameter("runid")).filter(|id| !id.is_empty()) {
        return run_id == record.key;
    }
    let near = job.creation.or(job.start).is_none_or(|time| (time.millis() as f64 - record.created).abs() < 600_000.0);
    near && job.query().is_some_and(|query| query.trim() == record.adql.trim())
}
