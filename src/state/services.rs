//! Other services, found and asked through the archive.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tap::glots::{FoundColumn, FoundTable, SearchIn};
use workbench::protocol::TableId;

use super::{
    query::{Problem, Running},
    schema::Loadable,
};

/// Other services, found and asked through the archive.
#[derive(Clone, Copy)]
pub struct ServicesState {
    /// Words of the search.
    pub words: RwSignal<String>,
    /// Where they are looked for.
    pub search_in: RwSignal<SearchIn>,
    /// What was found.
    pub found: RwSignal<Loadable<Found>>,
    /// Columns of found tables that were asked for.
    pub columns: RwSignal<Vec<Columns>>,
    /// The query for another service.
    pub adql: RwSignal<String>,
    /// The text that another one took the place of.
    pub replaced: RwSignal<Option<String>>,
    /// Text to put at its cursor.
    pub insert: RwSignal<Option<String>>,
    /// How often a query was prepared from the search.
    pub prepared: RwSignal<u32>,
    /// The rest of its form.
    pub form: RwSignal<External>,
    /// The query of another service whose result is awaited.
    pub running: RwSignal<Option<Running>>,
    /// Why it did not start, or failed.
    pub failure: RwSignal<Option<Problem>>,
    /// The tables in hand that came from other services, with the address of each.
    pub results: RwSignal<Vec<(TableId, String)>>,
}

impl ServicesState {
    pub(super) fn new() -> ServicesState {
        ServicesState {
            words: RwSignal::default(),
            search_in: RwSignal::default(),
            found: RwSignal::default(),
            columns: RwSignal::default(),
            adql: RwSignal::default(),
            replaced: RwSignal::default(),
            insert: RwSignal::default(),
            prepared: RwSignal::default(),
            form: RwSignal::default(),
            running: RwSignal::default(),
            failure: RwSignal::default(),
            results: RwSignal::default(),
        }
    }

    /// The service that a table in hand came from, if it was not the archive in use.
    pub fn service_of(&self, table: TableId) -> Option<String> {
        self.results.with_untracked(|results| results.iter().find(|(id, _)| *id == table).map(|(_, url)| url.clone()))
    }
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The words it was for.
    pub words: String,
    /// The tables.
    pub tables: Vec<FoundTable>,
}

/// The columns of a found table.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// Identifier of the service.
    pub ivoid: String,
    /// Name of the table.
    pub table: String,
    /// The columns.
    pub columns: Loadable<Vec<FoundColumn>>,
}

/// The form for a query to another service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct External {
    /// Address of the service, as typed.
    pub service: String,
    /// As a job, or at once.
    pub asynchronous: bool,
    /// Most rows wanted, as typed.
    pub limit: String,
    /// Name of the job.
    pub job_name: String,
}
