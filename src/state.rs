//! What the page knows. Written by actions only; views read it.

pub mod command;
pub mod cone;
pub mod cross_match;
pub mod datalink;
pub mod jobs;
pub mod notifications;
pub mod pictures;
pub mod query;
pub mod results;
pub mod schema;
pub mod service;
pub mod services;
pub mod session;
pub mod sharing;
pub mod storage;
pub mod table_upload;
pub mod user_tables;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{archives::Archive, routes::Route};

/// Everything, handed to the views by context. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct State {
    /// The archives of this deployment; empty until they are loaded.
    pub archives: RwSignal<Vec<Archive>>,
    /// Id of the archive in use.
    pub archive: RwSignal<Option<String>>,
    /// Whether what was kept is here. Before, no view is shown: what is done in it would be overwritten.
    pub opened: RwSignal<bool>,
    /// Where the page is.
    pub route: RwSignal<Route>,
    /// Light, dark or as the system says.
    pub theme: RwSignal<Theme>,
    /// Whether settings and journal outlive this tab.
    pub lasting: RwSignal<bool>,
    /// Whether the browser says that it is online.
    pub online: RwSignal<bool>,
    /// Short messages that pass by.
    pub notices: RwSignal<Vec<Notice>>,
    /// Sizes of the panes, in percent.
    pub panes: RwSignal<Panes>,
    /// The query being written.
    pub query: query::QueryState,
    /// Schemas, tables and columns.
    pub schema: schema::SchemaState,
    /// Jobs.
    pub jobs: jobs::JobsState,
    /// Tables in hand.
    pub results: results::ResultsState,
    /// What the archive says of itself.
    pub service: service::ServiceState,
    /// Who is signed in.
    pub session: session::SessionState,
    /// Tables of the user at the archive.
    pub user_tables: user_tables::UserTablesState,
    /// The form of a cross-match.
    pub cross_match: cross_match::CrossMatchState,
    /// Groups and shared tables.
    pub sharing: sharing::SharingState,
    /// Events and messages of the archive.
    pub notifications: notifications::NotificationsState,
    /// Other services, found and asked through the archive.
    pub services: services::ServicesState,
    /// A cone search.
    pub cone: cone::ConeState,
    /// Links and products of sources.
    pub datalink: datalink::DatalinkState,
    /// Pictures, statistics and selection of the shown table.
    pub pictures: pictures::PicturesState,
    /// The command that is shown, if one is.
    pub command: RwSignal<Option<command::Shown>>,
}

impl State {
    /// An empty state.
    #[expect(clippy::new_without_default, reason = "signals need an owner, so a state is not made in passing")]
    pub fn new() -> State {
        State {
            archives: RwSignal::default(),
            archive: RwSignal::default(),
            opened: RwSignal::default(),
            route: RwSignal::default(),
            theme: RwSignal::default(),
            lasting: RwSignal::new(true),
            online: RwSignal::new(true),
            notices: RwSignal::default(),
            panes: RwSignal::default(),
            query: query::QueryState::new(),
            schema: schema::SchemaState::new(),
            jobs: jobs::JobsState::new(),
            results: results::ResultsState::new(),
            service: service::ServiceState::new(),
            session: session::SessionState::new(),
            user_tables: user_tables::UserTablesState::new(),
            cross_match: cross_match::CrossMatchState::new(),
            sharing: sharing::SharingState::new(),
            notifications: notifications::NotificationsState::new(),
            services: services::ServicesState::new(),
            cone: cone::ConeState::new(),
            datalink: datalink::DatalinkState::new(),
            pictures: pictures::PicturesState::new(),
            command: RwSignal::default(),
        }
    }

    /// The archive in use, for reactive reads.
    pub fn current_archive(&self) -> Option<Archive> {
        let id = self.archive.get()?;
        self.archives.with(|archives| archives.iter().find(|archive| archive.id == id).cloned())
    }

    /// The archive in use, without subscribing.
    pub fn archive_untracked(&self) -> Option<Archive> {
        self.archive_by_id(&self.archive.get_untracked()?)
    }

    /// Who is signed in at the archive in use, for reactive reads.
    pub fn user(&self) -> Option<String> {
        let id = self.archive.get()?;
        self.session.sessions.with(|sessions| session::user_of(sessions, &id))
    }

    /// The same without subscribing.
    pub fn user_untracked(&self) -> Option<String> {
        let id = self.archive.get_untracked()?;
        self.session.sessions.with_untracked(|sessions| session::user_of(sessions, &id))
    }

    /// What the archive in use allows, for reactive reads.
    pub fn limits(&self) -> tap::limits::Limits {
        let tap_plus = self.current_archive().is_some_and(|archive| archive.capabilities.tap_plus);
        self.service.capabilities.with(|said| tap::limits::Limits::of(said.here(), tap_plus))
    }

    /// The same without subscribing.
    pub fn limits_untracked(&self) -> tap::limits::Limits {
        untrack(|| self.limits())
    }

    /// An archive by its id, without subscribing.
    pub fn archive_by_id(&self, id: &str) -> Option<Archive> {
        self.archives.with_untracked(|archives| archives.iter().find(|archive| archive.id == id).cloned())
    }
}

/// Light, dark or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Sizes of the panes of the query view, in percent of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Panes {
    /// Width of the schema tree.
    pub schema: f64,
    /// Height of the editor.
    pub editor: f64,
}

impl Default for Panes {
    fn default() -> Panes {
        Panes { schema: 24.0, editor: 45.0 }
    }
}

/// A short message that passes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Number of the notice, so that it can be taken away.
    pub id: u64,
    /// Whether something went wrong.
    pub error: bool,
    /// What to say.
    pub text: String,
}
