//! The inbox: what the archive told the user, with what was read, kept in this browser; and its notices for everybody.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tap::notifications::Notification;

use super::schema::Loadable;

/// Notifications of the archive in use.
#[derive(Clone, Copy)]
pub struct NotificationsState {
    /// Those to the user who is signed in, newest first.
    pub inbox: RwSignal<Loadable<Vec<Message>>>,
    /// Those for everybody, such as of maintenance.
    pub banners: RwSignal<Vec<Notification>>,
    /// Ids of those for everybody that were put away in this browser.
    pub put_away: RwSignal<Vec<String>>,
    /// Whether only what is unread is shown.
    pub unread_only: RwSignal<bool>,
    /// Whether the archive is being told what was read.
    pub marking: RwSignal<bool>,
}

/// A notification to the user. The archive forgets it when it is told that it was read; this browser does not.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Message {
    /// The archive's id of it.
    pub id: String,
    /// The archive's type of it.
    pub kind: i32,
    /// What it says.
    pub text: String,
    /// When it was made, in milliseconds since 1970, if its id tells.
    pub made: Option<i64>,
    /// Whether it was read.
    pub read: bool,
}

impl NotificationsState {
    pub(super) fn new() -> NotificationsState {
        NotificationsState {
            inbox: RwSignal::default(),
            banners: RwSignal::default(),
            put_away: RwSignal::default(),
            unread_only: RwSignal::default(),
            marking: RwSignal::default(),
        }
    }

    /// How many are unread.
    pub fn unread(&self) -> usize {
        self.inbox.with(|inbox| inbox.here().map_or(0, |inbox| inbox.iter().filter(|message| !message.read).count()))
    }
}
