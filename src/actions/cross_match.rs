//! Cross-match: the form makes ADQL, which goes to the editor or runs as a job.

use leptos::prelude::*;
use tap::{request::Query, upload::upload_name_from};

use super::Actions;
use crate::{
    routes::Run,
    state::{cross_match::MatchForm, schema::Loadable},
};

impl Actions {
    /// Opens the form, for a table of the user if one is meant.
    pub fn open_cross_match(&self, table: Option<&str>) {
        self.edit_match(|form| {
            if let Some(table) = table {
                form.mine = table.to_owned();
            }
        });
        if self.state.user_tables.listed.with_untracked(Loadable::wanted) {
            self.load_user_tables();
        }
        self.load_schemas();
        // What failed is asked for anew.
        self.state.schema.tables.update(|tables| tables.retain(|_, table| !matches!(table, Loadable::Failed(_))));
        self.state.cross_match.open.set(true);
    }

    /// Changes the form.
    pub fn edit_match(&self, change: impl FnOnce(&mut MatchForm)) {
        let form = self.state.cross_match.form;
        let before = form.get_untracked();
        form.update(|form| {
            change(form);
            // Columns were chosen for the table that was there.
            if form.mine != before.mine {
                form.positions[0] = Default::default();
            }
            if form.other != before.other {
                form.positions[1] = Default::default();
            }
            if form.mine != before.mine && (form.result.is_empty() || form.result == proposed(&before)) {
                form.result = proposed(form);
            }
        });
    }

    /// Asks for the columns of the tables that the form names, unless they are known or could not be had.
    pub fn load_matched(&self) {
        let known = |name: &String| self.state.schema.tables.with_untracked(|tables| tables.contains_key(name));
        let named =
            self.state.cross_match.form.with_untracked(|form| [form.mine.clone(), form.other.trim().to_owned()]);
        named.iter().filter(|name| name.contains('.') && !known(name)).for_each(|name| self.load_table(name));
    }

    /// Puts the ADQL in the editor. `false`: something is missing.
    pub fn edit_cross_match(&self) -> bool {
        let adql = untrack(|| self.state.cross_match_adql());
        if let Ok(adql) = &adql {
            self.state.cross_match.open.set(false);
            self.edit(adql);
        }
        adql.is_ok()
    }

    /// Runs it as a job, which the query view waits for.
    pub fn run_cross_match(&self) {
        if self.state.query.running.with_untracked(Option::is_some) {
            let text = "Another query is running. Wait for it or cancel it in the query view; the form is kept.";
            return self.notice(true, text);
        }
        if self.edit_cross_match() {
            self.edit_form(|form| form.asynchronous = true);
            self.run_as(Run::Async, true);
        }
    }

    /// Shows the job.
    pub fn show_cross_match_command(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        match untrack(|| self.state.cross_match_adql()) {
            Ok(adql) => {
                let query = Query { adql, ..Query::default() };
                self.show_command("Cross-match", &[self.service(&archive).create_job(&query, true)], None);
            }
            Err(missing) => self.notice(true, missing),
        }
    }
}

/// A name for the pairs.
fn proposed(form: &MatchForm) -> String {
    let bare = form.mine.split_once('.').map_or(&*form.mine, |(_, name)| name);
    if bare.is_empty() { String::new() } else { upload_name_from(&format!("{bare}_pairs")) }
}
