//! What the archive says of itself: schemas, tables and columns as they are opened; availability, limits, examples.

use std::collections::HashMap;

use leptos::{prelude::*, task::spawn_local};
use tap::{
    request::{Detail, TablesFilter},
    vosi::{self, Table},
};

use super::{ActionError, Actions};
use crate::{
    archives::Archive,
    routes::{Route, View},
    state::schema::Loadable,
};

impl Actions {
    /// Loads the schemas with their tables, once for each archive.
    pub fn load_schemas(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let state = self.state.schema;
        if !state.schemas.with_untracked(Loadable::wanted) {
            return;
        }
        state.archive.set(Some(archive.id.clone()));
        state.schemas.set(Loadable::Loading);
        self.ask_for_schemas(archive);
    }

    /// Asks for the schemas again, since tables came or went; what is shown stays until the answer is here.
    pub(super) fn refresh_schemas(&self) {
        if let Some(archive) = self.state.archive_untracked()
            && self.state.schema.schemas.with_untracked(|schemas| schemas.here().is_some())
        {
            self.ask_for_schemas(archive);
        }
    }

    fn ask_for_schemas(&self, archive: Archive) {
        let state = self.state.schema;
        let filter = if archive.capabilities.tap_plus {
            TablesFilter { only_tables: true, ..TablesFilter::default() }
        } else {
            TablesFilter { detail: Some(Detail::Min), ..TablesFilter::default() }
        };
        let (actions, asker) = (*self, self.asker());
        spawn_local(async move {
            let answer = actions.schemas(&archive, &filter).await;
            if actions.asker() != asker {
                return;
            }
            match answer {
                Ok(schemas) => {
                    actions.forget_private_columns(&schemas);
                    // Some services give the columns, asked or not.
                    actions.keep_tables(&schemas);
                    state.schemas.set(Loadable::Here(schemas));
                    if let Some(table) = state.selected.get_untracked() {
                        actions.load_table(&table);
                    }
                }
                Err(_) if state.schemas.with_untracked(|schemas| schemas.here().is_some()) => {}
                Err(error) => state.schemas.set(Loadable::Failed(error.sentence(&archive.title))),
            }
        });
    }

    /// Loads the columns of a table.
    pub fn load_table(&self, name: &str) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let tables = self.state.schema.tables;
        if tables.with_untracked(|tables| tables.get(name).is_some_and(|table| !table.wanted())) {
            return;
        }
        tables.update(|tables| drop(tables.insert(name.to_owned(), Loadable::Loading)));
        let (actions, name) = (*self, name.to_owned());
        spawn_local(async move {
            let answer = actions.table(&archive, &name).await;
            if actions.is_current(&archive) {
                let loaded = match answer {
                    Ok(Some(table)) => Loadable::Here(table),
                    Ok(None) => Loadable::Failed(format!("{} does not describe {name}.", archive.title)),
                    Err(error) => Loadable::Failed(error.sentence(&archive.title)),
                };
                tables.update(|tables| drop(tables.insert(name, loaded)));
            }
        });
    }

    /// Shows a table's columns in the schema view.
    pub fn select_table(&self, name: &str) {
        self.state.schema.selected.set(Some(name.to_owned()));
        self.load_table(name);
    }

    /// Goes to the schema view with this table.
    pub fn show_table(&self, name: &str) {
        self.go(&Route { table: Some(name.to_owned()), ..Route::to(View::Schema) });
    }

    /// Searches names and descriptions. The first search fetches the columns of all tables, so that it covers them.
    pub fn search_schema(&self, text: &str) {
        self.state.schema.search.set(text.to_owned());
        let whole = self.state.schema.whole;
        let Some(archive) = self.state.archive_untracked() else { return };
        if text.trim().len() < 2 || !whole.with_untracked(Loadable::wanted) {
            return;
        }
        whole.set(Loadable::Loading);
        let actions = *self;
        spawn_local(async move {
            let answer = actions.schemas(&archive, &TablesFilter::default()).await;
            if actions.is_current(&archive) {
                whole.set(match answer {
                    Ok(schemas) => {
                        actions.keep_tables(&schemas);
                        Loadable::Here(())
                    }
                    Err(error) => Loadable::Failed(error.sentence(&archive.title)),
                });
            }
        });
    }

    /// Asks whether the archive is up.
    pub fn load_availability(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let state = self.state.service.availability;
        state.set(Loadable::Loading);
        let actions = *self;
        spawn_local(async move {
            let answer = actions.vosi(&actions.service(&archive).availability(), vosi::parse_availability).await;
            if actions.is_current(&archive) {
                state.set(loaded(answer, &archive));
            }
        });
    }

    /// Asks what the archive can do and for its examples.
    pub(super) fn load_service(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let actions = *self;
        let state = self.state.service;
        state.capabilities.set(Loadable::Loading);
        state.examples.set(Loadable::Loading);
        self.load_availability();
        spawn_local(async move {
            let service = actions.service(&archive);
            let capabilities = actions.vosi(&service.capabilities(), vosi::parse_capabilities).await;
            let examples = actions.vosi(&service.examples(), vosi::parse_examples).await;
            if actions.is_current(&archive) {
                state.capabilities.set(loaded(capabilities, &archive));
                state.examples.set(loaded(examples, &archive));
            }
        });
    }

    /// Forgets what was known of the archive that was in use.
    pub(super) fn forget_metadata(&self) {
        let state = self.state.schema;
        state.schemas.set(Loadable::Absent);
        state.tables.set(HashMap::new());
        state.whole.set(Loadable::Absent);
        state.selected.set(None);
        self.load_schemas();
    }

    fn is_current(&self, archive: &Archive) -> bool {
        self.state.archive.try_get_untracked().flatten().as_deref() == Some(&archive.id)
    }

    /// The tables of users change; those of the catalogue do not.
    fn forget_private_columns(&self, schemas: &[vosi::Schema]) {
        let private = |name: &str| {
            let mut private = schemas.iter().filter(|schema| !schema.public);
            private.any(|schema| name.strip_prefix(&schema.name).is_some_and(|rest| rest.starts_with('.')))
        };
        self.state.schema.tables.update(|tables| tables.retain(|name, _| !private(name)));
    }

    fn keep_tables(&self, schemas: &[vosi::Schema]) {
        self.state.schema.tables.update(|tables| {
            for table in schemas.iter().flat_map(|schema| &schema.tables).filter(|table| !table.columns.is_empty()) {
                tables.insert(table.name.clone(), Loadable::Here(table.clone()));
            }
        });
    }

    async fn schemas(&self, archive: &Archive, filter: &TablesFilter) -> Result<Vec<vosi::Schema>, ActionError> {
        self.vosi(&self.service(archive).tables(filter), vosi::parse_tables).await
    }

    /// One table: by TAP+'s filter, or as VOSI 1.1 addresses it, or out of everything from a service that knows neither.
    async fn table(&self, archive: &Archive, name: &str) -> Result<Option<Table>, ActionError> {
        let service = self.service(archive);
        let requests = if archive.capabilities.tap_plus {
            vec![service.tables(&TablesFilter { tables: vec![name.to_owned()], ..TablesFilter::default() })]
        } else {
            vec![service.table(name), service.tables(&TablesFilter::default())]
        };
        let mut last = Ok(None);
        for request in requests {
            last = self.vosi(&request, vosi::parse_tables).await.map(|schemas| {
                let mut tables = schemas.into_iter().flat_map(|schema| schema.tables);
                tables.find(|table| table.name.eq_ignore_ascii_case(name) && !table.columns.is_empty())
            });
            if matches!(last, Ok(Some(_))) {
                break;
            }
        }
        last
    }

    pub(super) async fn vosi<T>(
        &self,
        request: &tap::Request,
        parse: fn(&[u8]) -> Result<T, tap::Error>,
    ) -> Result<T, ActionError> {
        let response = self.ask(request).await?;
        Ok(parse(&response.body)?)
    }
}

fn loaded<T>(answer: Result<T, ActionError>, archive: &Archive) -> Loadable<T> {
    match answer {
        Ok(value) => Loadable::Here(value),
        Err(error) => Loadable::Failed(error.sentence(&archive.title)),
    }
}
