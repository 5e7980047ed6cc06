//! A table being shared: with groups and with single users, to read it or to change it too.

use leptos::{prelude::*, task::spawn_local};
use tap::{
    Service,
    share::{SharedItem, parse_shared_items},
    vosi::SharedTo,
};

use super::{super::Actions, form};
use crate::archives::Archive;

/// The archive's words for whom a table is shared with.
const GROUP: &str = "Group";
const USER: &str = "User";

impl Actions {
    /// Opens the form in which a table is shared, or shared no longer. `table` is its qualified name.
    pub fn ask_to_share(&self, table: &str) {
        let form = self.state.sharing.share;
        let same = form.table.with_untracked(|kept| normal(kept) == normal(table));
        form.open.set(true);
        // What was written for this table and not sent is still there.
        if same
            && form.before.with_untracked(Option::is_some)
            && self.member().is_some_and(|(archive, _)| !self.share_requests(&self.service(&archive)).is_empty())
        {
            return form.progress.problem.set(None);
        }
        form.table.set(table.to_owned());
        form.before.set(None);
        form.to.set(Vec::new());
        form.description.set(String::new());
        form.candidate.set(String::new());
        form.group.set(String::new());
        form.write.set(false);
        self.load_sharing();
        let Some((archive, _)) = self.begin(form.progress) else { return };
        let actions = *self;
        spawn_local(async move {
            let found = actions.share_now(&archive).await;
            form.progress.busy.set(false);
            match found {
                Ok(item) => {
                    form.description.set(item.description.clone());
                    form.to.set(item.shared_to.clone());
                    form.before.set(Some(item));
                }
                Err(problem) => form.progress.problem.set(Some(problem)),
            }
        });
    }

    /// Adds the group that is chosen in the form.
    pub fn share_with_group(&self) {
        let id = self.state.sharing.share.group.get_untracked();
        if !id.is_empty() {
            self.share_with(GROUP, id);
        }
    }

    /// Adds the user whose name is in the field, if there is one of that name.
    pub fn share_with_user(&self) {
        let form = self.state.sharing.share;
        let name = form.candidate.get_untracked().trim().to_owned();
        if name.is_empty() {
            return;
        }
        let problem = move |text: String| form.progress.problem.set(Some(text));
        let Some((archive, user)) = self.begin(form.progress) else { return };
        if name == user {
            form.progress.busy.set(false);
            return problem("The table is yours; you need no share of it.".into());
        }
        let actions = *self;
        spawn_local(async move {
            let found = actions.look_up(&archive, &name).await;
            form.progress.busy.set(false);
            match found {
                Ok(Some(user)) => {
                    actions.share_with(USER, user.id);
                    form.candidate.set(String::new());
                }
                Ok(None) => problem(format!("{} knows no user called {name}. Nobody was added.", archive.title)),
                Err(error) => problem(format!("Nobody was added. {}", error.sentence(&archive.title))),
            }
        });
    }

    /// Takes a group or user out of the list in the form.
    pub fn unshare(&self, to: &SharedTo) {
        self.state.sharing.share.to.update(|list| list.retain(|other| key(other) != key(to)));
    }

    /// Shares the table as the form says.
    pub fn save_share(&self) {
        let form = self.state.sharing.share;
        let Some((archive, _)) = self.begin(form.progress) else { return };
        let actions = *self;
        spawn_local(async move {
            let saved = actions.write_share(&archive).await;
            form.progress.busy.set(false);
            match saved {
                Ok(()) => {
                    let table = form.table.get_untracked();
                    let number = form.to.with_untracked(Vec::len);
                    actions.notice(
                        false,
                        match number {
                            0 => format!("{table} is shared with nobody."),
                            1 => format!(
                                "{table} is shared with {}.",
                                form.to.with_untracked(|to| actions.state.sharing.name_of(&to[0]))
                            ),
                            _ => format!("{table} is shared with {number} groups and users."),
                        },
                    );
                    form.open.set(false);
                    form.before.set(None);
                }
                Err(problem) => form.progress.problem.set(Some(problem)),
            }
            actions.load_sharing();
        });
    }

    /// Shows what saving the form would send.
    pub fn show_share_command(&self) {
        if let Some((archive, _)) = self.member() {
            let requests = self.share_requests(&self.service(&archive));
            self.show_command("Sharing this table", &requests, None);
        }
    }

    fn share_with(&self, kind: &str, id: String) {
        let form = self.state.sharing.share;
        let mode = if form.write.get_untracked() { "Write" } else { "Read" };
        let to = SharedTo { id, kind: kind.to_owned(), mode: mode.to_owned() };
        form.to.update(|list| match list.iter_mut().find(|other| other.kind == to.kind && other.id == to.id) {
            Some(known) => *known = to,
            None => list.push(to),
        });
    }

    async fn write_share(&self, archive: &Archive) -> Result<(), String> {
        let form = self.state.sharing.share;
        let description = form.description.get_untracked();
        if let Some(problem) = form::refused_text([&description, ""]) {
            return Err(problem);
        }
        let now = self.share_now(archive).await?;
        let before = form.before.get_untracked().unwrap_or_default();
        if now != before {
            let (to, news) = form::rebased(&form.to.get_untracked(), &before.shared_to, &now.shared_to, key);
            form.to.set(to);
            form.before.set(Some(now));
            return Err(form::changed_meanwhile("The share", &news));
        }
        self.change_all(archive, &self.share_requests(&self.service(archive))).await
    }

    /// The share of the table in the form as the archive has it; one without an id where there is none.
    async fn share_now(&self, archive: &Archive) -> Result<SharedItem, String> {
        let table = self.state.sharing.share.table.get_untracked();
        let answer = self.ask(&self.service(archive).shared_items(true)).await;
        let items = answer.and_then(|response| Ok(parse_shared_items(&response.body)?));
        let items = items.map_err(|error| {
            let what = error.sentence(&archive.title);
            format!("With whom the table is shared is not known. {what} Nothing was sent; close this and try again.")
        })?;
        let found = items.into_iter().find(|item| normal(&item.title) == normal(&table));
        Ok(found.unwrap_or_else(|| SharedItem { title: table, ..SharedItem::default() }))
    }

    /// What leads from the share as the archive has it to the one in the form.
    fn share_requests(&self, service: &Service) -> Vec<tap::Request> {
        let form = self.state.sharing.share;
        let before = form.before.get_untracked().unwrap_or_default();
        let (description, to) = (form.description.get_untracked().trim().to_owned(), form.to.get_untracked());
        if before.id.is_empty() {
            let request = || service.share_table(&form.table.get_untracked(), &description, &to);
            return if to.is_empty() { Vec::new() } else { vec![request()] };
        }
        if before.description == description && before.shared_to == to {
            return Vec::new();
        }
        vec![service.update_share(&SharedItem { description, shared_to: to, ..before })]
    }
}

/// The name of a table as it is compared: without quotes and case.
fn normal(name: &str) -> String {
    name.replace('"', "").to_ascii_lowercase()
}

/// What a share is told apart by: whom, and what they may do.
fn key(to: &SharedTo) -> String {
    format!("{} {} ({})", to.kind.to_lowercase(), to.id, to.mode.to_lowercase())
}
