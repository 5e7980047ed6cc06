//! Schemas, tables and columns of the archive in use, as far as they were asked for.

use std::collections::HashMap;

use leptos::prelude::*;
use tap::vosi::{Schema, Table};

/// The metadata of one archive.
#[derive(Clone, Copy)]
pub struct SchemaState {
    /// Which archive this is about.
    pub archive: RwSignal<Option<String>>,
    /// Schemas with their tables; the tables without columns.
    pub schemas: RwSignal<Loadable<Vec<Schema>>>,
    /// Tables with columns, by qualified name.
    pub tables: RwSignal<HashMap<String, Loadable<Table>>>,
    /// Whether the columns of all tables are here, so that a search covers them.
    pub whole: RwSignal<Loadable<()>>,
    /// The table whose columns are shown.
    pub selected: RwSignal<Option<String>>,
    /// What is searched in names and descriptions.
    pub search: RwSignal<String>,
}

impl SchemaState {
    pub(super) fn new() -> SchemaState {
        SchemaState {
            archive: RwSignal::default(),
            schemas: RwSignal::default(),
            tables: RwSignal::default(),
            whole: RwSignal::default(),
            selected: RwSignal::default(),
            search: RwSignal::default(),
        }
    }
}

/// Something that is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Loadable<T> {
    /// Not asked for.
    #[default]
    Absent,
    /// On its way.
    Loading,
    /// Here.
    Here(T),
    /// Why it is not, in words for the reader.
    Failed(String),
}

impl<T> Loadable<T> {
    /// The value, if it is here.
    pub fn here(&self) -> Option<&T> {
        match self {
            Loadable::Here(value) => Some(value),
            _ => None,
        }
    }

    /// Neither here nor on its way.
    pub fn wanted(&self) -> bool {
        matches!(self, Loadable::Absent | Loadable::Failed(_))
    }
}
