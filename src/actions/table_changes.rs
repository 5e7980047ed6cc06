//! Changes of the user's tables: deleted, renamed, their columns edited.

use leptos::{prelude::*, task::spawn_local};
use tap::{
    user_tables::{ColumnEdit, names_to_delete, parse_upload, stored_name},
    vosi::Table,
};

use super::{ActionError, Actions};
use crate::{
    archives::Archive,
    state::{
        query::Problem,
        user_tables::{Edits, Names},
    },
};

impl Actions {
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
        let renamed = tap::name::table(&format!("{schema}.{name}"), true);
        let (actions, state) = (*self, self.state.user_tables);
        self.change_table(archive, request, format!("{} was not renamed", names.table), move || {
            state.names.set(None);
            // What was being said of columns is known by their old names.
            state.edits.update(|edits| drop(edits.take_if(|edits| edits.table == names.table)));
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
        let unsaved = |edits: &&Edits| edits.table != table.name && edits.changed().next().is_some();
        let other = self
            .state
            .user_tables
            .edits
            .with_untracked(|edits| edits.as_ref().filter(unsaved).map(|edits| edits.table.clone()));
        if let Some(other) = other {
            let text = format!("The columns of {other} have changes that are not saved. Save or discard them first.");
            return self.notice(true, text);
        }
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
        self.mind_quota(error);
        let message = error.sentence(&archive.title);
        self.state.user_tables.problem.set(Some(Problem { title, message, next: next.into() }));
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
