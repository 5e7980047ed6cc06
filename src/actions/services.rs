//! Other services: found by the archive's search, and asked through the archive.

use leptos::{prelude::*, task::spawn_local};
use tap::{
    external::{host, service_url},
    glots::{self, FoundColumn, FoundTable, SearchIn, Spelling},
    name,
    request::Query,
};
use workbench::protocol::TableId;

use super::{ActionError, Actions, job_creation::VOTABLE, query::rows, results::Origin};
use crate::{
    archives::Archive,
    dom,
    routes::{Route, View},
    state::{
        jobs::excerpt,
        query::{Problem, Running},
        results::ResultTable,
        schema::Loadable,
        services::{Columns, External, Found},
    },
};

impl Actions {
    /// Looks for tables of all services that the archive knows of.
    pub fn search_services(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let services = self.state.services;
        let words = services.words.get_untracked();
        if words.trim().is_empty() {
            return;
        }
        services.found.set(Loadable::Loading);
        services.columns.set(Vec::new());
        let (actions, asker) = (*self, self.asker());
        spawn_local(async move {
            let answer = actions.found(&archive, &words).await;
            let wanted = services.words.with_untracked(|now| *now == words)
                || services.found.with_untracked(|found| *found == Loadable::Loading);
            if actions.asker() == asker && wanted {
                services.found.set(match answer {
                    Ok(tables) => Loadable::Here(Found { words, tables }),
                    Err(error) => Loadable::Failed(error.sentence(&archive.title)),
                });
            }
        });
    }

    /// Changes the words of the search and where they are looked for.
    pub fn edit_search(&self, words: Option<String>, place: Option<SearchIn>) {
        words.into_iter().for_each(|words| self.state.services.words.set(words));
        place.into_iter().for_each(|place| self.state.services.search_in.set(place));
    }

    /// Changes the form for another service.
    pub fn edit_external(&self, change: impl FnOnce(&mut External)) {
        self.state.services.form.update(change);
    }

    /// Shows how the search is asked for.
    pub fn show_search_command(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let services = self.state.services;
        let (words, place) = (services.words.get_untracked(), services.search_in.get_untracked());
        let request = self.service(&archive).glots_tables(&words, place, Spelling::default());
        self.show_command("Search for tables of other services", &[request], None);
    }

    /// Asks for the columns of a found table, once.
    pub fn load_found_columns(&self, table: &FoundTable) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let columns = self.state.services.columns;
        let (ivoid, name) = (table.ivoid.clone(), table.name.clone());
        if columns.with_untracked(|all| {
            all.iter().any(|one| one.ivoid == ivoid && one.table == name && !one.columns.wanted())
        }) {
            return;
        }
        let set = move |ivoid: &str, name: &str, loaded: Loadable<Vec<FoundColumn>>| {
            columns.update(|all| {
                all.retain(|one| one.ivoid != ivoid || one.table != name);
                all.push(Columns { ivoid: ivoid.to_owned(), table: name.to_owned(), columns: loaded });
            });
        };
        set(&ivoid, &name, Loadable::Loading);
        let (actions, asker) = (*self, self.asker());
        spawn_local(async move {
            let request = actions.service(&archive).glots_columns(&ivoid, &name);
            let answer = actions.ask(&request).await.and_then(|answer| Ok(glots::parse_columns(&answer.body)?));
            if actions.asker() == asker {
                set(
                    &ivoid,
                    &name,
                    match answer {
                        Ok(found) => Loadable::Here(found),
                        Err(error) => Loadable::Failed(error.sentence(&archive.title)),
                    },
                );
            }
        });
    }

    /// Shows how the columns of a table are asked for.
    pub fn show_columns_command(&self, table: &FoundTable) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let request = self.service(&archive).glots_columns(&table.ivoid, &table.name);
        self.show_command("List the columns of this table", &[request], None);
    }

    /// Prepares a query on a found table. What somebody wrote there is kept: it can be put back.
    pub fn query_found(&self, table: &FoundTable) {
        self.state.services.form.update(|form| form.service.clone_from(&table.access_url));
        self.replace_external(format!("SELECT TOP 100 *\nFROM {}", name::table(&table.name, false)));
        self.state.services.prepared.update(|times| *times += 1);
    }

    /// Puts the text back that another one took the place of; the two change places.
    pub fn put_back_external(&self) {
        if let Some(text) = self.state.services.replaced.get_untracked() {
            self.replace_external(text);
        }
    }

    fn replace_external(&self, text: String) {
        let services = self.state.services;
        let before = services.adql.get_untracked();
        if !before.trim().is_empty() && before != text {
            services.replaced.set(Some(before));
        }
        services.adql.set(text);
        services.failure.set(None);
    }

    /// Puts a query in the editor that it was written in: that of the archive, or that of another service.
    pub fn edit_for(&self, adql: &str, external: Option<&str>) {
        let Some(service) = external else { return self.edit(adql) };
        self.state.services.form.update(|form| form.service = service.to_owned());
        self.replace_external(adql.to_owned());
        self.go(&Route::to(View::ServiceSearch));
    }

    /// Sends the query to the other service, by way of the archive.
    pub fn run_external(&self) {
        let services = self.state.services;
        if services.running.with_untracked(Option::is_some) {
            return;
        }
        services.failure.set(None);
        let Some(archive) = self.state.archive_untracked() else { return };
        let (service, query) = match self.external_query() {
            Ok(query) => query,
            Err(problem) => return services.failure.set(Some(problem)),
        };
        if services.form.with_untracked(|form| form.asynchronous) {
            return self.make_job(&archive, query, Some(service));
        }
        let title = format!("{} · {}", host(&service), excerpt(&query.adql));
        let origin = Origin { title, archive: archive.id.clone(), adql: query.adql.clone(), job: None };
        let table = self.load(self.service(&archive).external_sync(&service, &query), origin);
        self.came_from(table, Some(&service));
        services.running.set(Some(Running { table: Some(table), job: None, since: dom::now() }));
    }

    /// Runs the query of a result that came from another service again, as a job.
    pub(super) fn run_external_as_job(&self, result: &ResultTable) {
        let service = self.state.services.service_of(result.id);
        self.edit_for(&result.adql, service.as_deref());
        self.state.services.form.update(|form| form.asynchronous = true);
        self.run_external();
    }

    /// Stops waiting for the other service: the transfer, and the job if there is one.
    pub fn cancel_external(&self) {
        let awaited = self.awaited(true);
        let Some(running) = awaited.running.get_untracked() else { return };
        match (running.table, running.job) {
            (Some(table), _) => self.cancel_load(table),
            (None, Some(key)) => {
                self.abort_job(&key);
                self.notice(false, "The job was told to stop. It stays in the list of jobs.");
            }
            (None, None) => {}
        }
        awaited.finish();
    }

    /// Shows how the query is sent.
    pub fn show_external_command(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        match self.external_query() {
            Ok((service, query)) => {
                let asynchronous = self.state.services.form.with_untracked(|form| form.asynchronous);
                let archive = self.service(&archive);
                let request = match asynchronous {
                    true => archive.external_job(&service, &query, true),
                    false => archive.external_sync(&service, &query),
                };
                self.show_command("Query another service through the archive", &[request], None);
            }
            Err(problem) => self.state.services.failure.set(Some(problem)),
        }
    }

    /// Remembers that a table came from another service.
    pub(super) fn came_from(&self, table: TableId, external: Option<&str>) {
        if let Some(service) = external {
            self.state.services.results.update(|results| results.push((table, service.to_owned())));
        }
    }

    /// Forgets what an archive found.
    pub(super) fn forget_services(&self) {
        self.state.services.found.set(Loadable::Absent);
        self.state.services.columns.set(Vec::new());
    }

    /// The archive's documentation spells the request in two ways: where the first is refused, the other may do.
    async fn found(&self, archive: &Archive, words: &str) -> Result<Vec<FoundTable>, ActionError> {
        let place = self.state.services.search_in.get_untracked();
        let service = self.service(archive);
        let mut answer = self.ask(&service.glots_tables(words, place, Spelling::Example)).await;
        if answer.as_ref().is_err_and(|error| matches!(error.status(), Some(400 | 500))) {
            answer = self.ask(&service.glots_tables(words, place, Spelling::Parameters)).await;
        }
        Ok(glots::parse_tables(&answer?.body)?)
    }

    /// The service and the query as the form describes them.
    fn external_query(&self) -> Result<(String, Query), Problem> {
        let problem = |title: &str, message: String, next: &str| Problem {
            title: title.into(),
            message,
            next: format!("Nothing was sent; what you wrote is kept. {next}"),
        };
        let services = self.state.services;
        let form = services.form.get_untracked();
        let service = service_url(&form.service).map_err(|error| {
            problem("This is no address of a service", format!("{error}."), "Write one such as https://host/path/tap.")
        })?;
        let adql = services.adql.get_untracked();
        if adql.trim().is_empty() {
            let message = "The query is empty.".into();
            return Err(problem("There is no query", message, "Write one, or choose a table of the search."));
        }
        let maxrec = rows(&form.limit).map_err(|_| {
            let message = format!("“{}” is not a number of rows.", form.limit);
            problem("The row limit is not a number", message, "Write it in digits, or leave it empty.")
        })?;
        let job_name = Some(form.job_name.trim().to_owned()).filter(|name| !name.is_empty());
        Ok((service, Query { adql, format: Some(VOTABLE.into()), maxrec, job_name, ..Query::default() }))
    }
}
