//! Jobs: made, started, aborted, deleted, and their results opened.

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use tap::{
    Job, Phase,
    request::{Query, job as request},
    uws,
};
use workbench::protocol::FailureKind;

use super::{ActionError, Actions, results::Origin};
use crate::{
    archives::Archive,
    dom,
    fetch::Response,
    state::{
        jobs::{JobKey, Listed, Record, Stage},
        query::{Problem, Running},
        schema::Loadable,
        storage,
    },
};

/// The format in which the page takes results.
pub(super) const VOTABLE: &str = "votable";
/// For so long after it was sent a job that is not listed may still come.
const IN_FLIGHT_MS: f64 = 30_000.0;
/// How soon it is looked for again.
const LOOK_AGAIN_MS: u32 = 2_000;

/// What is shown as a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobCommand {
    /// To start.
    Run,
    /// To stop.
    Abort,
    /// To delete.
    Delete,
    /// To get the result.
    Result,
    /// To look at it.
    Document,
}

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

    /// Opens the result of a job of the journal.
    pub fn open_record(&self, key: &str) {
        if let Some(record) = self.state.jobs.record(key) {
            self.open_result(&record);
            self.go_to_results();
        }
    }

    /// Shows the rows of the file that the archive wrote, below the editor.
    pub fn show_file(&self, key: &str) {
        self.state.query.file.set(None);
        if let Some(record) = self.state.jobs.record(key) {
            self.open_result(&record);
        }
    }

    /// Opens the result of a job that the service lists.
    pub fn open_job(&self, archive: &str, path: &str, job: &Job) {
        let Some(archive) = self.state.archive_by_id(archive) else { return };
        let title = job.job_name().map_or_else(|| format!("Job {}", job.id), str::to_owned);
        self.open(&archive, path, title, job.query().unwrap_or_default(), external_of(job));
        self.go_to_results();
    }

    /// Starts a job that is PENDING or HELD.
    pub fn run_job(&self, archive: &str, path: &str) {
        self.say_to_job(archive, path, "start", request::run);
    }

    /// Ends a job.
    pub fn abort(&self, archive: &str, path: &str) {
        self.say_to_job(archive, path, "abort", request::abort);
    }

    /// Sets when the archive will delete the job: a moment in ISO 8601, UTC.
    pub fn set_destruction(&self, archive: &str, path: &str, moment: &str) {
        let Some(moment) = tap::Timestamp::parse(moment) else {
            return self
                .notice(true, format!("“{moment}” is not a date and time; write it like 2027-01-31T12:00:00Z."));
        };
        let text = moment.to_string();
        self.say_to_job(archive, path, "set the destruction time of", move |url| request::set_destruction(url, &text));
    }

    /// Deletes a job at the service and its record here.
    pub fn delete_job(&self, archive_id: &str, path: &str) {
        let Some(archive) = self.state.archive_by_id(archive_id) else { return };
        let (actions, path) = (*self, path.to_owned());
        spawn_local(async move {
            let url = archive.job_url(&actions.base(), &path);
            match actions.ask(&request::delete(&url)).await {
                Ok(_) => {}
                // It was gone already: what the user wants is the case.
                Err(error) if matches!(error.status(), Some(404 | 410)) => {}
                Err(error) => {
                    return actions
                        .notice(true, format!("The job was not deleted. {}", error.sentence(&archive.title)));
                }
            }
            let key = actions.key_of(&archive.id, &path);
            if let Some(key) = key {
                actions.forget_record(&key);
            }
            actions.state.jobs.listed.update(|listed| {
                if let Loadable::Here(page) = listed {
                    page.jobs.retain(|listed| listed.path != path);
                }
            });
            if actions.state.jobs.selected.with_untracked(|selected| selected.as_ref().is_some_and(|s| s.1 == path)) {
                actions.select_job(None);
            }
            actions.notice(false, "The job and its result were deleted.");
        });
    }

    /// Shows a job, or none.
    pub fn select_job(&self, job: Option<(String, String)>) {
        let mut route = crate::routes::Route::to(crate::routes::View::Jobs);
        if let Some((archive, path)) = job {
            (route.archive, route.job) = (Some(archive), Some(path));
        }
        self.go(&route);
    }

    /// Asks for the document of the job that is shown.
    pub(super) fn load_selected_job(&self) {
        let Some((archive, path)) = self.state.jobs.selected.get_untracked() else { return };
        let Some(archive) = self.state.archive_by_id(&archive) else { return };
        self.state.jobs.document.set(Loadable::Loading);
        let actions = *self;
        spawn_local(async move {
            let answer = actions.job_document(&archive, &path).await;
            let shown =
                actions.state.jobs.selected.with_untracked(|selected| selected.as_ref().is_some_and(|s| s.1 == path));
            if shown {
                actions.state.jobs.document.set(match answer {
                    Ok(job) => Loadable::Here(job),
                    Err(error) => Loadable::Failed(error.sentence(&archive.title)),
                });
            }
        });
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
                    actions.poll_now(&key);
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

    pub(super) fn abort_job(&self, key: &str) {
        if let Some(record) = self.state.jobs.record(key)
            && let Some(path) = record.path
        {
            self.abort(&record.archive, &path);
        }
    }

    pub(super) async fn job_document(&self, archive: &Archive, path: &str) -> Result<Job, ActionError> {
        let url = archive.job_url(&self.base(), path);
        let response = self.ask(&request::document(&url, None)).await?;
        Ok(uws::parse_job(&response.body)?)
    }

    pub(super) fn key_of(&self, archive: &str, path: &str) -> Option<String> {
        self.state.jobs.journal.with_untracked(|journal| {
            let same = |record: &&Record| record.archive == archive && record.path.as_deref() == Some(path);
            journal.iter().find(same).map(|record| record.key.clone())
        })
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
                self.poll_now(key);
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

    fn open_result(&self, record: &Record) -> Option<u32> {
        let archive = self.state.archive_by_id(&record.archive)?;
        Some(self.open(&archive, record.path.as_ref()?, record.title(), &record.adql, record.external.as_deref()))
    }

    fn open(&self, archive: &Archive, path: &str, title: String, adql: &str, external: Option<&str>) -> u32 {
        let url = archive.job_url(&self.base(), path);
        let origin = Origin { title, archive: archive.id.clone(), adql: adql.to_owned(), job: Some(path.to_owned()) };
        let table = self.load(request::result(&url, "result"), origin);
        self.came_from(table, external);
        table
    }

    /// Where the file is that the archive wrote for a job.
    pub fn result_address(&self, archive: &str, path: &str) -> Option<String> {
        let archive = self.state.archive_by_id(archive)?;
        Some(request::result(&archive.job_url(&self.base(), path), "result").url)
    }

    /// Shows what is asked of a job: to start, to stop, to be deleted, or for its result.
    pub fn show_job_command(&self, archive: &str, path: &str, what: JobCommand) {
        let Some(archive) = self.state.archive_by_id(archive) else { return };
        let url = archive.job_url(&self.base(), path);
        let (title, request) = match what {
            JobCommand::Run => ("Start this job", request::run(&url)),
            JobCommand::Abort => ("Stop this job", request::abort(&url)),
            JobCommand::Delete => ("Delete this job", request::delete(&url)),
            JobCommand::Result => ("Get the result of this job", request::result(&url, "result")),
            JobCommand::Document => ("Look at this job", request::document(&url, None)),
        };
        self.show_command(title, &[request], None);
    }

    fn say_to_job(
        &self,
        archive: &str,
        path: &str,
        verb: &'static str,
        make: impl FnOnce(&str) -> tap::Request + 'static,
    ) {
        let Some(archive) = self.state.archive_by_id(archive) else { return };
        let (actions, path) = (*self, path.to_owned());
        spawn_local(async move {
            let url = archive.job_url(&actions.base(), &path);
            if let Err(error) = actions.ask(&make(&url)).await {
                actions.notice(true, format!("Could not {verb} the job. {}", error.sentence(&archive.title)));
            }
            if let Some(key) = actions.key_of(&archive.id, &path) {
                actions.poll_now(&key);
            }
            actions.load_selected_job();
            actions.list_jobs();
        });
    }
}

/// The service that the archive asks for a job.
fn external_of(job: &Job) -> Option<&str> {
    job.parameter("ext_tap_url").filter(|url| !url.is_empty())
}

/// The mark that was sent with the job, or, where the service keeps none, the same query at about the same time.
fn is_this(job: &Job, record: &Record) -> bool {
    if let Some(run_id) = job.run_id.as_deref().or_else(|| job.parameter("runid")).filter(|id| !id.is_empty()) {
        return run_id == record.key;
    }
    let near = job.creation.or(job.start).is_none_or(|time| (time.millis() as f64 - record.created).abs() < 600_000.0);
    near && job.query().is_some_and(|query| query.trim() == record.adql.trim())
}
