//! Groups and shared tables: what there is, and what is removed. The forms are in the folder.

mod form;
mod group;
mod share;

use leptos::{prelude::*, task::spawn_local};
use tap::{
    request::TablesFilter,
    share::{parse_groups, parse_reply, parse_shared_items},
    vosi::{Schema, Table, parse_tables},
};

use super::{ActionError, Actions};
use crate::{
    archives::Archive,
    state::{schema::Loadable, sharing::Removal},
};

/// Rows that a first look at a table takes.
const FIRST_ROWS: u32 = 500;

impl Actions {
    /// Asks for groups and shared tables. What is shown stays until the new is here.
    pub fn load_sharing(&self) {
        let Some((archive, user)) = self.member() else { return };
        let (service, state) = (self.service(&archive), self.state.sharing);
        self.load_list(&archive, state.groups, service.groups(true), parse_groups);
        self.load_list(&archive, state.items, service.shared_items(true), parse_shared_items);
        let own = format!("user_{user}");
        self.load_list(&archive, state.with_me, service.tables(&of_others()), move |body| {
            let private = parse_tables(body)?.into_iter().filter(|schema| !schema.public);
            let (mine, of_others): (Vec<Schema>, Vec<Schema>) = private.partition(|schema| schema.name == own);
            let tables = |schemas: Vec<Schema>| schemas.into_iter().flat_map(|schema| schema.tables);
            state.mine.set(tables(mine).map(|table| table.name).collect());
            Ok(tables(of_others).collect::<Vec<Table>>())
        });
    }

    /// Puts a first query of a table in the editor.
    pub fn query_shared_table(&self, name: &str) {
        self.edit(&format!("SELECT TOP {FIRST_ROWS} *\nFROM {name}"));
    }

    /// Asks before something is removed.
    pub fn ask_to_remove(&self, removal: Removal) {
        let state = self.state.sharing;
        state.removal.set(Some(removal));
        state.removing.set(true);
    }

    /// Removes what was asked about.
    pub fn remove_shared(&self) {
        let (Some((archive, _)), Some(removal)) = (self.member(), self.state.sharing.removal.get_untracked()) else {
            return;
        };
        let actions = *self;
        spawn_local(async move {
            let (request, done) = actions.removal(&archive, &removal);
            match actions.change_sharing(&request).await {
                Ok(()) => actions.notice(false, done),
                Err(error) => {
                    let what = error.sentence(&archive.title);
                    actions.notice(true, format!("Nothing was removed. {what}"));
                }
            }
            actions.load_sharing();
        });
    }

    /// Shows what the removal that is asked about would send.
    pub fn show_removal_command(&self) {
        if let (Some((archive, _)), Some(removal)) = (self.member(), self.state.sharing.removal.get_untracked()) {
            let (request, _) = self.removal(&archive, &removal);
            self.show_command("Removing this", &[request], None);
        }
    }

    /// Shows what the page sends for the lists.
    pub fn show_sharing_command(&self) {
        if let Some((archive, _)) = self.member() {
            let service = self.service(&archive);
            let requests = [service.groups(true), service.shared_items(true), service.tables(&of_others())];
            self.show_command("Listing groups and shared tables", &requests, None);
        }
    }

    /// Forgets what was told to somebody else. What is being written stays.
    pub(super) fn forget_sharing(&self) {
        let state = self.state.sharing;
        state.groups.set(Loadable::Absent);
        state.items.set(Loadable::Absent);
        state.mine.set(Vec::new());
        state.with_me.set(Loadable::Absent);
    }

    fn removal(&self, archive: &Archive, removal: &Removal) -> (tap::Request, String) {
        let service = self.service(archive);
        match removal {
            Removal::Group(group) => {
                (service.remove_group(&group.id), format!("The group “{}” was deleted.", group.title))
            }
            Removal::Item(item) => (service.remove_share(&item.id), format!("{} is shared with nobody.", item.title)),
        }
    }

    /// Sends a change; its answer must say that it was done.
    async fn change_sharing(&self, request: &tap::Request) -> Result<(), ActionError> {
        let response = self.ask(request).await?;
        parse_reply(&response.body)?;
        Ok(())
    }

    fn load_list<T: Send + Sync + 'static>(
        &self,
        archive: &Archive,
        list: RwSignal<Loadable<T>>,
        request: tap::Request,
        read: impl FnOnce(&[u8]) -> Result<T, tap::Error> + 'static,
    ) {
        if list.with_untracked(|list| list.here().is_none()) {
            list.set(Loadable::Loading);
        }
        let (actions, asker, title) = (*self, self.asker(), archive.title.clone());
        spawn_local(async move {
            let answer = actions.ask(&request).await.and_then(|response| Ok(read(&response.body)?));
            if actions.asker() == asker {
                list.set(match answer {
                    Ok(value) => Loadable::Here(value),
                    Err(error) => Loadable::Failed(error.sentence(&title)),
                });
            }
        });
    }
}

fn of_others() -> TablesFilter {
    TablesFilter { only_tables: true, share_accessible: true, ..TablesFilter::default() }
}
