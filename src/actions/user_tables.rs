//! Tables of the user at the archive: listed, looked at, renamed, edited, deleted.

use leptos::{prelude::*, task::spawn_local};
use tap::{
    request::TablesFilter,
    user_tables::{ColumnEdit, names_to_delete, parse_upload, stored_name},
    vosi::{self, Table},
};

use super::{ActionError, Actions};
use crate::{
    archives::Archive,
    routes::{Route, View},
    state::{
        query::Problem,
        schema::Loadable,
        user_tables::{Edits, Names, Wanted, own_name, tables},
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
    async fn user_table(&self, archive: &Archive, name: &str) -> Result<Option<Table>, ActionError> {
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

    /// Deletes a table; by `force` also if something depends on it.
    pub fn delete_table(&self, name: &str, force: bool) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let (actions, name, state) = (*self, name.to_owned(), self.state.user_tables);
        state.changing.set(true);
        state.problem.set(None);
        state.refused.set(None);
        spawn_local(async move {
            let deleted = actions.delete_by_either_name(&archive, &name, force).await;
            state.changing.set(false);
            match deleted {
                Ok(()) => {
                    actions.forget_table(&name);
                    actions.notice(false, format!("{name} was deleted."));
                    actions.show_user_table(None);
                    actions.load_user_tables();
                }
                Err(error) => {
                    let next = if error.answered() && !force {
                        state.refused.set(Some(name.clone()));
                        "If nobody needs what depends on it, delete it by force."
                    } else {
                        "Try again later."
                    };
                    actions.change_failed(&archive, format!("{name} was not deleted"), &error, next);
                }
            }
        });
    }

    async fn delete_by_either_name(&self, archive: &Archive, name: &str, force: bool) -> Result<(), ActionError> {
        let service = self.service(archive);
        let mut first = None;
        for name in names_to_delete(name) {
            let answer = self.ask(&service.delete_table(name, force)).await;
            match answer.and_then(|response| Ok(parse_upload(&service.tap, None, &response.body)?)) {
                Ok(_) => return Ok(()),
                Err(error) => {
                    let unknown = error.answered() && missing(&error);
                    let error = first.get_or_insert(error);
                    if !unknown {
                        return Err(error.clone());
                    }
                }
            }
        }
        first.map_or(Ok(()), Err)
    }

    /// Shows the deletion.
    pub fn show_delete_table_command(&self, name: &str, force: bool) {
        if let Some(archive) = self.state.archive_untracked() {
            self.show_command("Delete this table", &[self.service(&archive).delete_table(name, force)], None);
        }
    }

    /// Begins to give a table and its columns other names.
    pub fn begin_rename(&self, table: &Table) {
        let bare = table.name.split_once('.').map_or(&*table.name, |(_, name)| name).trim_matches('"').to_owned();
        let columns = table.columns.iter().map(|column| (column.name.clone(), column.name.clone())).collect();
        self.state.user_tables.names.set(Some(Names { table: table.name.clone(), name: bare, columns }));
    }

    /// Changes the names that are being typed.
    pub fn edit_names(&self, change: impl FnOnce(&mut Names)) {
        self.state.user_tables.names.update(|names| names.iter_mut().for_each(change_once(change)));
    }

    /// Forgets the names that were being typed.
    pub fn discard_names(&self) {
        self.state.user_tables.names.set(None);
    }

    /// Gives the table and its columns the names that were typed.
    pub fn rename_table(&self) {
        let (Some(archive), Some(names)) =
            (self.state.archive_untracked(), self.state.user_tables.names.get_untracked())
        else {
            return;
        };
        let Some((request, name)) = self.rename_request(&archive, &names) else { return };
        let schema = names.table.split_once('.').map_or("", |(schema, _)| schema);
        let renamed = format!("{schema}.{name}");
        let (actions, state) = (*self, self.state.user_tables);
        self.change_table(archive, request, format!("{} was not renamed", names.table), move || {
            state.names.set(None);
            // What was being said of columns is known by their old names.
            state.edits.set(None);
            actions.forget_table(&names.table);
            actions.notice(false, format!("{} is now {renamed}.", names.table));
            actions.load_user_tables();
            if renamed == names.table { actions.load_user_table() } else { actions.show_user_table(Some(&renamed)) }
        });
    }

    /// Shows the renaming.
    pub fn show_rename_command(&self) {
        if let (Some(archive), Some(names)) =
            (self.state.archive_untracked(), self.state.user_tables.names.get_untracked())
            && let Some((request, _)) = self.rename_request(&archive, &names)
        {
            self.show_command("Rename this table", &[request], None);
        }
    }

    fn rename_request(&self, archive: &Archive, names: &Names) -> Option<(tap::Request, String)> {
        let name = stored_name(&names.name).ok()?.name;
        Some((self.service(archive).rename_table(&names.table, &name, &names.changed()), name))
    }

    /// Begins to say what the columns of a table are, or goes on with it.
    pub fn begin_edits(&self, table: &Table) {
        self.state.user_tables.edits.update(|edits| {
            if edits.as_ref().is_none_or(|edits| edits.table != table.name) {
                *edits = Some(Edits::of(table));
            }
        });
    }

    /// Changes what is said of the columns.
    pub fn edit_columns(&self, change: impl FnOnce(&mut Edits)) {
        self.state.user_tables.edits.update(|edits| edits.iter_mut().for_each(change_once(change)));
    }

    /// Forgets the changes that are not saved.
    pub fn discard_edits(&self) {
        self.state.user_tables.edits.set(None);
    }

    /// Saves what was said of the columns. The archive wants all columns of the table: those that were not changed here go as it
    /// has them now, so that nobody else's change is undone.
    pub fn save_edits(&self) {
        let (Some(archive), Some(edits)) =
            (self.state.archive_untracked(), self.state.user_tables.edits.get_untracked())
        else {
            return;
        };
        let (actions, state) = (*self, self.state.user_tables);
        state.changing.set(true);
        spawn_local(async move {
            let title = format!("The columns of {} were not changed", edits.table);
            match actions.user_table(&archive, &edits.table).await {
                Ok(Some(table)) => {
                    let columns = merged(&table, &edits);
                    let request = actions.service(&archive).edit_columns(&edits.table, &columns);
                    actions.change_table(archive, request, title, move || {
                        state.edits.set(None);
                        actions.forget_table(&edits.table);
                        actions.notice(false, format!("The columns of {} were changed.", edits.table));
                        actions.load_user_table();
                    });
                }
                Ok(None) => {
                    state.changing.set(false);
                    state.problem.set(Some(Problem {
                        title,
                        message: format!("{} has no such table any more.", archive.title),
                        next: "It may have been renamed or deleted elsewhere. Refresh the list.".into(),
                    }));
                }
                Err(error) => {
                    state.changing.set(false);
                    actions.change_failed(&archive, title, &error, "Save again.");
                }
            }
        });
    }

    /// Shows the change of the columns.
    pub fn show_edit_command(&self) {
        if let (Some(archive), Some(edits)) =
            (self.state.archive_untracked(), self.state.user_tables.edits.get_untracked())
        {
            let request = self.service(&archive).edit_columns(&edits.table, &edits.columns);
            self.show_command("Change the columns of this table", &[request], None);
        }
    }

    /// Sends a change of a table, and calls `done` when the archive has made it.
    fn change_table(&self, archive: Archive, request: tap::Request, title: String, done: impl FnOnce() + 'static) {
        let (actions, asker, state) = (*self, self.asker(), self.state.user_tables);
        state.changing.set(true);
        state.problem.set(None);
        spawn_local(async move {
            let answer = actions.ask(&request).await;
            state.changing.set(false);
            if actions.asker() != asker {
                return;
            }
            match answer {
                Ok(_) => done(),
                Err(error) => actions.change_failed(&archive, title, &error, "What you entered is kept; try again."),
            }
        });
    }

    fn change_failed(&self, archive: &Archive, title: String, error: &ActionError, next: &str) {
        let message = error.sentence(&archive.title);
        self.state.user_tables.problem.set(Some(Problem { title, message, next: next.into() }));
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
    }

    /// Whether a table belongs to who is signed in; for reactive reads.
    pub fn is_own(&self, table: &str) -> bool {
        self.state.user().is_some_and(|user| own_name(table, &user).is_some())
    }
}

/// For the one form that there may be.
fn change_once<T>(change: impl FnOnce(&mut T)) -> impl FnMut(&mut T) {
    let mut change = Some(change);
    move |value| {
        if let Some(change) = change.take() {
            change(value);
        }
    }
}

/// The columns as the archive has them now, with the changes that were made here.
fn merged(table: &Table, edits: &Edits) -> Vec<ColumnEdit> {
    let changed = |column: ColumnEdit| edits.changed().find(|edit| edit.name == column.name).cloned().unwrap_or(column);
    table.columns.iter().map(ColumnEdit::from).map(changed).collect()
}

/// Whether an archive knows no table of this name.
fn missing(error: &ActionError) -> bool {
    let ActionError::Tap(error) = error else { return false };
    let words = error.service().map(|service| service.message.to_lowercase()).unwrap_or_default();
    ["not exist", "not found", "unknown table"].iter().any(|word| words.contains(word))
}
