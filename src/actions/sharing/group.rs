//! A group being made or changed. Members come and go one by one, so that nobody else's change is undone.

use leptos::{prelude::*, task::spawn_local};
use tap::{
    Service,
    share::{Group, MemberChanges, parse_groups},
    users::User,
};

use super::{super::Actions, form};
use crate::{archives::Archive, state::sharing::Removal};

impl Actions {
    /// Opens the form for a group, or for a new one. What was written in it for the same group and not sent is still there.
    pub fn open_group_form(&self, group: Option<Group>) {
        let form = self.state.sharing.group;
        let same = form
            .before
            .with_untracked(|before| before.as_ref().map(|group| &group.id) == group.as_ref().map(|group| &group.id));
        let written =
            self.member().is_some_and(|(archive, _)| !self.group_requests(&self.service(&archive)).is_empty());
        if !same || (group.is_some() && !written) {
            self.fill_group_form(group);
        }
        form.progress.problem.set(None);
        form.open.set(true);
    }

    /// Adds the user whose name is in the field, if there is one of that name.
    pub fn add_member(&self) {
        let form = self.state.sharing.group;
        let name = form.candidate.get_untracked().trim().to_owned();
        let problem = move |text: String| form.progress.problem.set(Some(text));
        if name.is_empty() || form.members.with_untracked(|members| members.iter().any(|user| user.id == name)) {
            return form.candidate.set(String::new());
        }
        let Some((archive, user)) = self.begin(form.progress) else { return };
        let owner = form.before.with_untracked(|group| group.as_ref().map_or(user, |group| group.owner.clone()));
        if name == owner {
            form.progress.busy.set(false);
            return problem(format!("{name} owns the group and belongs to it anyway."));
        }
        let actions = *self;
        spawn_local(async move {
            let found = actions.look_up(&archive, &name).await;
            form.progress.busy.set(false);
            match found {
                Ok(Some(user)) => {
                    form.members.update(|members| members.push(user));
                    form.candidate.set(String::new());
                }
                Ok(None) => problem(format!("{} knows no user called {name}. Nobody was added.", archive.title)),
                Err(error) => problem(format!("Nobody was added. {}", error.sentence(&archive.title))),
            }
        });
    }

    /// Takes a user out of the list in the form.
    pub fn drop_member(&self, id: &str) {
        self.state.sharing.group.members.update(|members| members.retain(|user| user.id != id));
    }

    /// Makes the group, or changes it, as the form says.
    pub fn save_group(&self) {
        let form = self.state.sharing.group;
        let Some((archive, _)) = self.begin(form.progress) else { return };
        let actions = *self;
        spawn_local(async move {
            let saved = actions.write_group(&archive).await;
            form.progress.busy.set(false);
            match saved {
                Ok(()) => {
                    form.open.set(false);
                    actions.notice(false, format!("The group “{}” was saved.", form.title.get_untracked().trim()));
                    actions.fill_group_form(None);
                }
                Err(problem) => form.progress.problem.set(Some(problem)),
            }
            actions.load_sharing();
        });
    }

    /// Asks before the group in the form is deleted.
    pub fn ask_to_delete_group(&self, group: &Group) {
        self.ask_to_remove(Removal::Group(group.clone()));
    }

    /// Shows what saving the form would send.
    pub fn show_group_command(&self) {
        if let Some((archive, _)) = self.member() {
            let requests = self.group_requests(&self.service(&archive));
            self.show_command("Saving this group", &requests, None);
        }
    }

    /// Empties the forms, as for another user.
    pub(in super::super) fn drop_sharing_forms(&self) {
        self.fill_group_form(None);
        self.state.sharing.group.open.set(false);
        self.state.sharing.share.open.set(false);
        self.state.sharing.share.table.set(String::new());
    }

    fn fill_group_form(&self, group: Option<Group>) {
        let form = self.state.sharing.group;
        let Group { title, description, members, .. } = group.clone().unwrap_or_default();
        form.title.set(title);
        form.description.set(description);
        form.members.set(members);
        form.candidate.set(String::new());
        form.before.set(group);
    }

    async fn write_group(&self, archive: &Archive) -> Result<(), String> {
        let form = self.state.sharing.group;
        let (title, description) = (form.title.get_untracked(), form.description.get_untracked());
        if title.trim().is_empty() {
            return Err("The group needs a title. Nothing was sent.".into());
        }
        if let Some(problem) = form::refused_text([&title, &description]) {
            return Err(problem);
        }
        let service = self.service(archive);
        if let Some(before) = form.before.get_untracked() {
            let now = self.group_now(archive, &before.id).await?;
            if now != before {
                let wanted = form.members.get_untracked();
                let (members, news) =
                    form::rebased(&wanted, &before.members, &now.members, |user: &User| user.id.clone());
                form.members.set(members);
                form.before.set(Some(now));
                return Err(form::changed_meanwhile("The group", &news));
            }
        }
        let changed = self.change_all(archive, &self.group_requests(&service)).await;
        if changed.is_err()
            && let Some(before) = form.before.get_untracked()
            && let Ok(now) = self.group_now(archive, &before.id).await
        {
            // What was made is not sent a second time.
            form.before.set(Some(now));
        }
        changed
    }

    async fn group_now(&self, archive: &Archive, id: &str) -> Result<Group, String> {
        let answer = self.ask(&self.service(archive).group(id)).await;
        let groups = answer.and_then(|response| Ok(parse_groups(&response.body)?));
        let found = groups.map(|groups| groups.into_iter().find(|group| group.id == id));
        match found {
            Ok(Some(group)) => Ok(group),
            Ok(None) => Err("The group is no longer there. What you wrote is kept; copy it into a new group.".into()),
            Err(error) => Err(format!("Nothing was sent, what you wrote is kept. {}", error.sentence(&archive.title))),
        }
    }

    /// What leads from the group as the archive has it to the one in the form.
    fn group_requests(&self, service: &Service) -> Vec<tap::Request> {
        let form = self.state.sharing.group;
        let (title, description) = (form.title.get_untracked(), form.description.get_untracked());
        let (title, description) = (title.trim(), description.trim());
        let ids: Vec<String> = form.members.with_untracked(|members| members.iter().map(|m| m.id.clone()).collect());
        let Some(before) = form.before.get_untracked() else {
            return vec![service.create_group(title, description, &ids)];
        };
        let changes = MemberChanges::between(&before, &ids);
        let mut requests = Vec::new();
        if before.title != title || before.description != description {
            let group = Group { title: title.to_owned(), description: description.to_owned(), ..before.clone() };
            requests.push(service.update_group(&group));
        }
        requests.extend(changes.requests(service, &before.id));
        requests
    }
}
