//! DataLink: identifiers from wherever they are, links, products in as many requests as the archive wants, pictures.

mod links;
mod picture;
mod products;

pub use links::PAGE as LINKS_SHOWN;

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use tap::datalink::{Identifiers, parse_identifiers};
use workbench::{
    protocol::{Command, Event, TableId},
    select::Rows,
};

use super::Actions;
use crate::{
    archives::Archive,
    state::{datalink::Form, query::Problem, results::grouped, schema::Loadable, storage},
};

/// Identifiers that are taken from a column, at most: more are no list that one looks at.
const MOST_FILLED: usize = 50_000;

/// Where this tab keeps the identifiers, and the longest text that it keeps.
const KEPT: &str = "source-ids";
const LONGEST_KEPT: usize = 500_000;

/// Places of this view for questions to the worker; those of others are small numbers.
const FILL: u32 = 400;

impl Actions {
    /// The identifiers were typed or pasted.
    pub fn edit_source_ids(&self, text: &str) {
        let state = self.state.datalink;
        state.text.set(text.to_owned());
        // A list outlives a reload of the tab, unless it is so long that keeping it would be felt.
        storage::tab_set(KEPT, Some(text).filter(|text| !text.is_empty() && text.len() <= LONGEST_KEPT));
        state.ids.set(Arc::new(parse_identifiers(text)));
        state.problem.set(None);
    }

    /// After a reload: the identifiers that this tab had.
    pub(super) fn restore_source_ids(&self) {
        if let Some(text) = storage::tab_get(KEPT) {
            self.edit_source_ids(&text);
        }
    }

    /// Changes what is wanted.
    pub fn edit_datalink(&self, change: impl FnOnce(&mut Form)) {
        self.state.datalink.form.update(change);
        self.state.datalink.problem.set(None);
    }

    /// Forgets what another archive has of the sources; the form stays.
    pub(super) fn forget_datalink(&self) {
        self.forget_links();
        self.state.datalink.links.set(Loadable::Absent);
        self.forget_products();
    }

    /// Adds the identifiers in a column of a table in hand to those that are there.
    pub fn fill_source_ids(&self, table: TableId, column: usize, rows: Rows) {
        let actions = *self;
        spawn_local(async move {
            let ask = |ticket| Command::Texts { ticket, column, rows, most: MOST_FILLED };
            let Some((Event::Texts { texts, .. }, _)) = actions.ask_worker(table, FILL, None, ask).await else {
                return;
            };
            let texts = texts.open().unwrap_or_default();
            if texts.is_empty() {
                let what = if rows == Rows::Selected { "No row is selected" } else { "The column is empty" };
                return actions.notice(true, format!("{what}, so no identifier was added."));
            }
            let before = actions.state.datalink.text.get_untracked();
            let mut text = before.trim_end().to_owned();
            for id in &texts {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(id);
            }
            actions.edit_source_ids(&text);
            let more = if texts.len() == MOST_FILLED { "; there may be more in the column" } else { "" };
            actions.notice(false, format!("{} identifiers were added{more}.", grouped(texts.len())));
        });
    }

    /// The archive and the identifiers, if there are any that can be sent; otherwise it is said why not.
    fn asked_sources(&self) -> Option<(Archive, String, Arc<Identifiers>)> {
        let state = self.state.datalink;
        let problem = |title: &str, message: String, next: &str| {
            let next = format!("Nothing was sent; what you typed is kept. {next}");
            state.problem.set(Some(Problem { title: title.into(), message, next }));
            None
        };
        let Some(archive) = self.state.archive_untracked() else {
            return problem("No archive is chosen", "There is no archive to ask.".into(), "Choose one at the top.");
        };
        let Some(data) = self.service(&archive).data else {
            let message = format!("{} has no DataLink service that this page knows of.", archive.title);
            return problem("There is nobody to ask", message, "Choose another archive at the top.");
        };
        let ids = state.ids.get_untracked();
        if ids.ids.is_empty() {
            let message = match ids.refused.first() {
                Some(first) => format!("“{first}” is no identifier of a source."),
                None => "The list of identifiers is empty.".to_owned(),
            };
            return problem(
                "There is no source to ask for",
                message,
                "Type or paste identifiers such as 5937083312263887616, or take them from a result.",
            );
        }
        state.problem.set(None);
        Some((archive, data, ids))
    }
}

/// What the archive is not asked for when it is its default.
fn unless_first(value: &str, first: &str) -> Option<String> {
    (value != first && !value.is_empty()).then(|| value.to_owned())
}
