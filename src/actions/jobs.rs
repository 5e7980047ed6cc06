//! Jobs: made, started, aborted, deleted, and their results opened.

use leptos::{prelude::*, task::spawn_local};
use tap::{Job, request::job as request, uws};

use super::{ActionError, Actions, results::Origin};
use crate::{
    archives::Archive,
    state::{jobs::Record, schema::Loadable},
};

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

impl Actions {
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

    pub(super) fn open_result(&self, record: &Record) -> Option<u32> {
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
        self.show_command(title, &[request], (what == JobCommand::Result).then_some("result"));
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
