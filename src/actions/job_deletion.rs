//! Several jobs deleted at once: together where TAP+ can, else one by one.

use leptos::{prelude::*, task::spawn_local};
use tap::{
    jobs::{parse_delete_report, was_deleted},
    request::job as request,
};

use super::Actions;
use crate::{archives::Archive, state::jobs::Deletion};

impl Actions {
    /// Chooses a job for deletion, or leaves it.
    pub fn choose_job(&self, path: &str, chosen: bool) {
        self.state.jobs.chosen.update(|paths| {
            paths.retain(|known| known != path);
            if chosen {
                paths.push(path.to_owned());
            }
        });
    }

    /// Chooses just these jobs.
    pub fn choose_jobs(&self, paths: Vec<String>) {
        self.state.jobs.chosen.set(paths);
    }

    /// Deletes the chosen jobs at the archive with their results, and what this browser knows of them. TAP+ takes them all at
    /// once, other services one by one.
    pub fn delete_chosen(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let jobs = self.state.jobs;
        let paths = jobs.chosen.get_untracked();
        jobs.deletion.set(Some(Deletion { of: paths.len(), running: true, ..Deletion::default() }));
        let actions = *self;
        spawn_local(async move {
            match archive.capabilities.tap_plus {
                true => actions.delete_together(&archive, paths).await,
                false => actions.delete_in_turn(&archive, paths).await,
            }
            jobs.deletion.update(|deletion| deletion.iter_mut().for_each(|deletion| deletion.running = false));
            actions.list_jobs();
        });
    }

    /// Shows how the chosen jobs are deleted.
    pub fn show_delete_jobs_command(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let paths = self.state.jobs.chosen.get_untracked();
        let requests = match archive.capabilities.tap_plus {
            true => vec![self.service(&archive).delete_jobs(&paths.iter().map(|path| id_in(path)).collect::<Vec<_>>())],
            false => paths.iter().map(|path| request::delete(&archive.job_url(&self.base(), path))).collect(),
        };
        self.show_command("Delete these jobs", &requests, None);
    }

    /// Stops after the job that is being deleted.
    pub fn stop_deleting(&self) {
        self.state.jobs.deletion.update(|deletion| deletion.iter_mut().for_each(|deletion| deletion.stop = true));
    }

    /// Takes the report on a deletion away.
    pub fn close_report(&self) {
        self.state.jobs.deletion.set(None);
    }

    async fn delete_together(&self, archive: &Archive, paths: Vec<String>) {
        let ids: Vec<String> = paths.iter().map(|path| id_in(path)).collect();
        let answer = self.ask(&self.service(archive).delete_jobs(&ids)).await;
        let report = match answer.and_then(|answer| Ok(parse_delete_report(&answer.body)?)) {
            Ok(report) => report,
            Err(error) => {
                let refused = vec![error.sentence(&archive.title)];
                return self.deleted(|deletion| deletion.refused = refused);
            }
        };
        for (path, id) in paths.iter().zip(&ids) {
            // What the report does not tell is looked up.
            let gone = match was_deleted(&report, id) {
                Some(gone) => gone,
                None => self.is_gone(archive, path).await,
            };
            let said = || {
                let sentence = report.iter().find(|sentence| sentence.contains(id.as_str()));
                sentence.cloned().unwrap_or_else(|| format!("Job {id} is still there; the archive does not say why."))
            };
            self.note_deletion(archive, path, if gone { Ok(()) } else { Err(said()) });
        }
    }

    async fn delete_in_turn(&self, archive: &Archive, paths: Vec<String>) {
        for path in paths {
            if self
                .state
                .jobs
                .deletion
                .with_untracked(|deletion| deletion.as_ref().is_some_and(|deletion| deletion.stop))
            {
                return;
            }
            let url = archive.job_url(&self.base(), &path);
            let outcome = match self.ask(&request::delete(&url)).await {
                Err(error) if !matches!(error.status(), Some(404 | 410)) => {
                    Err(format!("Job {}: {}", id_in(&path), error.sentence(&archive.title)))
                }
                _ => Ok(()),
            };
            self.note_deletion(archive, &path, outcome);
        }
    }

    async fn is_gone(&self, archive: &Archive, path: &str) -> bool {
        let answer = self.ask(&request::phase(&archive.job_url(&self.base(), path))).await;
        answer.is_err_and(|error| matches!(error.status(), Some(404 | 410)))
    }

    fn note_deletion(&self, archive: &Archive, path: &str, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => {
                if let Some(key) = self.key_of(&archive.id, path) {
                    self.forget_record(&key);
                }
                self.choose_job(path, false);
                if self.state.jobs.selected.with_untracked(|one| one.as_ref().is_some_and(|one| one.1 == path)) {
                    self.select_job(None);
                }
                self.deleted(|deletion| deletion.done += 1);
            }
            Err(said) => self.deleted(|deletion| deletion.refused.push(said)),
        }
    }

    fn deleted(&self, change: impl FnOnce(&mut Deletion)) {
        self.state.jobs.deletion.update(|deletion| {
            if let Some(deletion) = deletion {
                change(deletion);
            }
        });
    }
}

/// The archive's id of a job: the last part of its path.
fn id_in(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}
