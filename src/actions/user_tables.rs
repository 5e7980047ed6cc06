//! Tables of the user at the archive: listed, looked at, queried.

use leptos::{prelude::*, task::spawn_local};
use tap::{
    request::TablesFilter,
    vosi::{self, Table},
};

use super::{ActionError, Actions};
use crate::{
    archives::Archive,
    routes::{Route, View},
    state::{
        schema::Loadable,
        user_tables::{Wanted, own_name, tables},
    },
};

impl Actions {
    /// Asks for the user's tables, as many as the list wants.
    pub fn load_user_tables(&self) {
        let Some((archive, request)) = self.list_request() else { return };
        let listed = self.state.user_tables.listed;
        if listed.with_untracked(|listed| listed.here().is_none()) {
            listed.set(Loadable::Loading);
        }
        let (actions, asker, wanted) = (*self, self.asker(), self.state.user_tables.wanted.get_untracked());
        spawn_local(async move {
            let answer = actions.vosi(&request, vosi::parse_tables).await;
            // Another choice may have been made meanwhile.
            if actions.asker() != asker || actions.state.user_tables.wanted.with_untracked(|now| *now != wanted) {
                return;
            }
            listed.set(match answer {
                Ok(mut schemas) => {
                    schemas.retain(|schema| wanted.keeps(schema));
                    Loadable::Here(schemas)
                }
                Err(error) => Loadable::Failed(error.sentence(&archive.title)),
            });
        });
    }

    /// Changes what is listed, and asks for it.
    pub fn want_tables(&self, change: impl FnOnce(&mut Wanted)) {
        self.state.user_tables.wanted.update(change);
        self.state.user_tables.listed.set(Loadable::Loading);
        self.load_user_tables();
    }

    /// Shows the request for the list.
    pub fn show_list_command(&self) {
        if let Some((_, request)) = self.list_request() {
            self.show_command("List these tables", &[request], None);
        }
    }

    fn list_request(&self) -> Option<(Archive, tap::Request)> {
        let (archive, user) = (self.state.archive_untracked()?, self.state.user_untracked()?);
        let filter = self.state.user_tables.wanted.with_untracked(|wanted| wanted.filter(&user));
        let request = self.service(&archive).tables(&filter);
        Some((archive, request))
    }

    /// Goes to a table of the list, or away from it.
    pub fn show_user_table(&self, name: Option<&str>) {
        self.go(&Route { table: name.map(str::to_owned), ..Route::to(View::UserTables) });
    }

    /// Shows a table with its columns. What was being changed in it stays as it is.
    pub(super) fn select_user_table(&self, name: Option<&str>) {
        let state = self.state.user_tables;
        if state.selected.with_untracked(|selected| selected.as_deref() != name) {
            state.table.set(Loadable::Absent);
            state.problem.set(None);
            state.refused.set(None);
        }
        state.selected.set(name.map(str::to_owned));
    }

    /// Asks for the columns of the table that is shown.
    pub fn load_user_table(&self) {
        let state = self.state.user_tables;
        let (Some(archive), Some(_)) = (self.state.archive_untracked(), self.state.user_untracked()) else { return };
        let Some(name) = state.selected.get_untracked() else { return };
        if state.table.with_untracked(|table| table.here().is_none()) {
            state.table.set(Loadable::Loading);
        }
        let (actions, asker) = (*self, self.asker());
        spawn_local(async move {
            let answer = actions.user_table(&archive, &name).await;
            let shown = state.selected.try_get_untracked().flatten();
            if actions.asker() == asker && shown.as_ref() == Some(&name) {
                state.table.set(match answer {
                    Ok(Some(table)) => Loadable::Here(table),
                    Ok(None) => {
                        Loadable::Failed(format!("{} has no table {name}, or does not show it to you.", archive.title))
                    }
                    Err(error) => Loadable::Failed(error.sentence(&archive.title)),
                });
            }
        });
    }

    /// One table with its columns and with whom it is shared.
    pub(super) async fn user_table(&self, archive: &Archive, name: &str) -> Result<Option<Table>, ActionError> {
        let tables = vec![name.to_owned()];
        let filter = TablesFilter { tables, share_info: true, share_accessible: true, ..TablesFilter::default() };
        let schemas = self.vosi(&self.service(archive).tables(&filter), vosi::parse_tables).await?;
        let plain = |name: &str| name.replace('"', "").to_lowercase();
        let found = self::tables(&schemas).find(|table| plain(&table.name) == plain(name));
        Ok(found.cloned())
    }

    /// Puts a query of a table in the editor, with every name as ADQL needs it.
    pub fn query_table(&self, table: &Table) {
        let column = |column: &vosi::Column| tap::name::identifier(&column.name, true);
        let columns: Vec<String> = table.columns.iter().map(column).collect();
        let what = if columns.is_empty() { "*".to_owned() } else { columns.join(", ") };
        self.edit(&format!("SELECT TOP 100 {what}\nFROM {}", tap::name::table(&table.name, true)));
    }

    /// Remembers what an error tells of the user's space.
    pub(super) fn mind_quota(&self, error: &ActionError) {
        if let ActionError::Tap(error) = error
            && let Some(service) = error.service().filter(|service| service.kind == tap::ErrorKind::Quota)
        {
            self.state.user_tables.quota.set(Some(service.message.clone()));
        }
    }

    /// Forgets the columns of a table that has changed, and the tree that named it.
    pub(super) fn forget_table(&self, name: &str) {
        self.state.schema.tables.update(|tables| drop(tables.remove(name)));
        self.state.schema.schemas.set(Loadable::Absent);
    }

    /// Forgets what was listed for another user. Forms stay.
    pub(super) fn forget_user_tables(&self) {
        let state = self.state.user_tables;
        state.listed.set(Loadable::Absent);
        state.table.set(Loadable::Absent);
        state.problem.set(None);
        state.refused.set(None);
        state.quota.set(None);
    }

    /// Whether a table belongs to who is signed in; for reactive reads.
    pub fn is_own(&self, table: &str) -> bool {
        self.state.user().is_some_and(|user| own_name(table, &user).is_some())
    }
}
