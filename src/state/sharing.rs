//! Groups, shared tables, and the two forms that change them. The forms are here so that a change of view loses nothing.

use leptos::prelude::*;
use tap::{
    share::{Group, SharedItem},
    users::User,
    vosi::{SharedTo, Table},
};

use super::schema::Loadable;

/// Groups and shared tables of the user who is signed in.
#[derive(Clone, Copy)]
pub struct SharingState {
    /// The groups that the user owns or belongs to.
    pub groups: RwSignal<Loadable<Vec<Group>>>,
    /// The tables that the user shares.
    pub items: RwSignal<Loadable<Vec<SharedItem>>>,
    /// Names of the user's own tables, which can be shared.
    pub mine: RwSignal<Vec<String>>,
    /// The tables that others share with the user.
    pub with_me: RwSignal<Loadable<Vec<Table>>>,
    /// Which of the three is shown.
    pub tab: RwSignal<usize>,
    /// Whether it is asked if something shall be removed.
    pub removing: RwSignal<bool>,
    /// What that is.
    pub removal: RwSignal<Option<Removal>>,
    /// A table that is being shared.
    pub share: ShareForm,
    /// The group that is being written.
    pub group: GroupForm,
}

/// What would be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removal {
    /// A group, with all that is shared to it.
    Group(Group),
    /// The share of a table.
    Item(SharedItem),
}

/// How far a form is.
#[derive(Clone, Copy)]
pub struct Progress {
    /// Whether something is being asked or sent for it.
    pub busy: RwSignal<bool>,
    /// Why it could not be done, in words.
    pub problem: RwSignal<Option<String>>,
}

/// A group being made or changed.
#[derive(Clone, Copy)]
pub struct GroupForm {
    /// Whether the form is open.
    pub open: RwSignal<bool>,
    /// The group as the archive told it last; `None` for a new one.
    pub before: RwSignal<Option<Group>>,
    /// Title.
    pub title: RwSignal<String>,
    /// Description.
    pub description: RwSignal<String>,
    /// Members as they shall be.
    pub members: RwSignal<Vec<User>>,
    /// The name in the field for one more.
    pub candidate: RwSignal<String>,
    /// How far it is.
    pub progress: Progress,
}

/// A table being shared.
#[derive(Clone, Copy)]
pub struct ShareForm {
    /// Whether the form is open.
    pub open: RwSignal<bool>,
    /// The table's qualified name.
    pub table: RwSignal<String>,
    /// The share as the archive told it last, without an id if there was none; `None` while it is asked.
    pub before: RwSignal<Option<SharedItem>>,
    /// Description.
    pub description: RwSignal<String>,
    /// With whom it shall be shared.
    pub to: RwSignal<Vec<SharedTo>>,
    /// Id of the group in the field for one more.
    pub group: RwSignal<String>,
    /// The name in the field for one more user.
    pub candidate: RwSignal<String>,
    /// Whether the next one may change the table.
    pub write: RwSignal<bool>,
    /// How far it is.
    pub progress: Progress,
}

impl SharingState {
    pub(super) fn new() -> SharingState {
        let progress = || Progress { busy: RwSignal::default(), problem: RwSignal::default() };
        SharingState {
            groups: RwSignal::default(),
            items: RwSignal::default(),
            mine: RwSignal::default(),
            with_me: RwSignal::default(),
            tab: RwSignal::default(),
            removing: RwSignal::default(),
            removal: RwSignal::default(),
            share: ShareForm {
                open: RwSignal::default(),
                table: RwSignal::default(),
                before: RwSignal::default(),
                description: RwSignal::default(),
                to: RwSignal::default(),
                group: RwSignal::default(),
                candidate: RwSignal::default(),
                write: RwSignal::default(),
                progress: progress(),
            },
            group: GroupForm {
                open: RwSignal::default(),
                before: RwSignal::default(),
                title: RwSignal::default(),
                description: RwSignal::default(),
                members: RwSignal::default(),
                candidate: RwSignal::default(),
                progress: progress(),
            },
        }
    }

    /// What to call a target of a share: a group's title, a user's name.
    pub fn name_of(&self, to: &SharedTo) -> String {
        let title =
            |groups: &Vec<Group>| groups.iter().find(|group| group.id == to.id).map(|group| group.title.clone());
        let title = self.groups.with(|groups| groups.here().and_then(title));
        title.filter(|title| to.kind == "Group" && !title.is_empty()).unwrap_or_else(|| to.id.clone())
    }
}
