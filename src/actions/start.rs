//! The beginning of a visit: archives, settings, journal, worker, address.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::Actions;
use crate::{
    archives::Archive,
    dom,
    routes::{Route, View},
    state::{jobs, storage, user_tables::Whose},
    worker_client::WorkerClient,
};

/// Name of the worker's script beside the page.
const WORKER: &str = "worker_loader.js";

/// How long a view waits for what was kept, and for who is signed in: a store or gateway that keeps silent keeps nobody waiting.
const SILENCE: Duration = Duration::from_secs(2);

/// What stands in the editor at the first visit: it runs on the sandbox and on the Gaia Archive alike.
pub const FIRST_QUERY: &str = "-- The brightest members of the Pleiades: close on the sky, and moving together
SELECT TOP 200 source_id, ra, dec, parallax, pmra, pmdec, phot_g_mean_mag, bp_rp
FROM gaiadr3.gaia_source
WHERE 1 = CONTAINS(POINT(ra, dec), CIRCLE(56.75, 24.12, 2.0))
  AND pmra BETWEEN 14 AND 26
  AND pmdec BETWEEN -51 AND -39
ORDER BY phot_g_mean_mag";

impl Actions {
    /// Brings the page to life.
    pub fn start(&self) {
        let actions = *self;
        self.start_worker();
        dom::on_window("hashchange", move |_| actions.follow_address());
        dom::on_window("online", move |_| actions.state.online.set(true));
        dom::on_window("offline", move |_| actions.state.online.set(false));
        self.state.online.set(dom::online());
        set_timeout(move || actions.state.opened.set(true), SILENCE);
        spawn_local(async move {
            let storage = storage::Storage::open().await;
            actions.state.lasting.set(storage.lasting());
            actions.storage.set_value(Some(storage));

            let settings = actions.load_settings().await;
            actions.state.theme.set(settings.theme);
            actions.state.panes.set(settings.panes);
            actions.state.query.form.set(settings.form);
            actions.state.query.adql.set(settings.adql.unwrap_or_else(|| FIRST_QUERY.into()));
            actions.state.query.replaced.set(settings.replaced);
            actions.state.services.form.set(settings.external);
            actions.state.services.adql.set(settings.external_adql);
            actions.state.datalink.form.set(settings.products);

            let archives = actions.load_archives().await;
            let chosen = settings.archive.filter(|id| archives.iter().any(|archive| archive.id == *id));
            let first = archives.first().map(|archive| archive.id.clone());
            actions.state.archives.set(archives);
            actions.state.archive.set(chosen.or(first));

            actions.keep_settings();
            actions.listen_to_tabs();
            actions.load_journal().await;
            actions.restore_source_ids();
            // Who is signed in decides what is asked for.
            actions.load_sessions().await;
            actions.follow_address();
            actions.state.opened.set(true);
            actions.load_service();
            actions.load_notifications();
            actions.start_polling();
            actions.resume_watch();
        });
    }

    /// Uses another archive. What was known of the last one is forgotten; the text stays.
    pub fn choose_archive(&self, id: &str) {
        if self.state.archive.get_untracked().as_deref() == Some(id) || self.state.archive_by_id(id).is_none() {
            return;
        }
        self.state.archive.set(Some(id.to_owned()));
        self.state.query.marks.set(Vec::new());
        self.forget_of_archive();
        self.forget_datalink();
        self.load_service();
        self.load_view();
        self.load_notifications();
    }

    /// Forgets what an archive told to the one who was signed in.
    pub(super) fn forget_of_archive(&self) {
        self.forget_sharing();
        self.forget_notifications();
        self.forget_user_tables();
        self.forget_jobs();
        self.forget_services();
        self.forget_metadata();
    }

    /// Asks for what the current view shows.
    pub(super) fn load_view(&self) {
        match self.state.route.with_untracked(|route| route.view) {
            View::Jobs => {
                self.list_jobs();
                self.load_selected_job();
            }
            View::Schema | View::Query => self.load_schemas(),
            View::UserTables => {
                // A long list is asked for again by hand only.
                if self.state.user_tables.listed.with_untracked(|listed| listed.here().is_none())
                    || self.state.user_tables.wanted.with_untracked(|wanted| wanted.whose == Whose::Mine)
                {
                    self.load_user_tables();
                }
                self.load_user_table();
            }
            View::Sharing => self.load_sharing(),
            View::Notifications => self.load_notifications(),
            View::About => self.load_availability(),
            View::Results | View::ServiceSearch | View::DataLink => {}
        }
    }

    /// Follows the fragment of the address: view, archive, text. A link never starts work by itself.
    pub fn follow_address(&self) {
        let query = self.state.query;
        query.link_problem.set(None);
        let route = match Route::parse(&dom::fragment()) {
            Ok(route) => route,
            Err(error) => {
                query.link_problem.set(Some(error.to_string()));
                Route::default()
            }
        };
        if let Some(id) = &route.archive {
            if self.state.archive_by_id(id).is_some() {
                self.choose_archive(id);
            } else {
                let known: Vec<String> =
                    self.state.archives.with_untracked(|a| a.iter().map(|a| a.id.clone()).collect());
                query.link_problem.set(Some(format!(
                    "This link asks for the archive “{id}”, which this deployment does not know. It knows: {}. The text of the link is in the editor; choose an archive above to run it there.",
                    known.join(", ")
                )));
            }
        }
        if let Some(service) = &route.service {
            self.state.services.form.update(|form| form.service.clone_from(service));
        }
        match &route.adql {
            Some(adql) if route.view == View::ServiceSearch => self.state.services.adql.set(adql.clone()),
            Some(adql) => {
                self.replace_text(adql);
                query.proposed.set(route.run);
            }
            None => {}
        }
        match (route.view, &route.table) {
            (View::UserTables, table) => self.select_user_table(table.as_deref()),
            (_, Some(table)) => self.select_table(table),
            _ => {}
        }
        if route.view == View::Jobs {
            let archive = self.state.archive.get_untracked().unwrap_or_default();
            self.state.jobs.selected.set(route.job.clone().map(|path| (archive, path)));
        }
        if let (View::DataLink, Some(ids)) = (route.view, &route.ids) {
            self.edit_source_ids(ids);
        }
        dom::set_title(&format!("{} · Parallax", route.view.label()));
        self.state.route.set(route);
        self.load_view();
    }

    /// Goes to a view.
    pub fn go(&self, route: &Route) {
        dom::go(&route.to_string());
    }

    fn start_worker(&self) {
        let actions = *self;
        let started = WorkerClient::start(
            &format!("{}{WORKER}", self.base()),
            move |event, bytes| actions.on_worker(event, bytes),
            move |error| actions.on_worker_death(&error),
        );
        match started {
            Ok(worker) => self.worker.set_value(Some(worker)),
            Err(error) => self.on_worker_death(&error),
        }
    }

    async fn load_archives(&self) -> Vec<Archive> {
        let request = tap::Request::get(format!("{}archives.json", self.base()));
        let read = match self.ask(&request).await {
            Ok(response) => serde_json::from_slice(&response.body).map_err(|error| error.to_string()),
            Err(error) => Err(error.sentence("This site")),
        };
        read.unwrap_or_else(|error| {
            self.state.query.link_problem.set(Some(format!(
                "The list of archives could not be read ({error}). Your text is kept; reload the page to try again."
            )));
            Vec::new()
        })
    }

    /// After a reload: goes on waiting for the jobs that this tab waited for.
    fn resume_watch(&self) {
        for awaited in [self.awaited(false), self.awaited(true)] {
            let Some(key) = awaited.remembered() else { continue };
            match self.state.jobs.record(&key) {
                Some(record) if !matches!(record.stage, jobs::Stage::Refused | jobs::Stage::Gone) => {
                    self.watch(&key);
                    // The reload came between sending and answer: the archive may have the job.
                    if record.stage == jobs::Stage::Intended {
                        self.look_for(&key);
                    }
                }
                _ => awaited.finish(),
            }
        }
    }
}
