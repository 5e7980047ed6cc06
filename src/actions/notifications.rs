//! The inbox and the notices for everybody.

use leptos::{prelude::*, task::spawn_local};
use tap::notifications::{Notification, parse_marked, parse_notifications};

use super::{ActionError, Actions, tabs::Word};
use crate::{
    archives::Archive,
    state::{notifications::Message, schema::Loadable, storage::Store},
};

/// Notifications kept in this browser for one user.
const KEPT: usize = 200;
/// Ids in one request: it is a GET, and addresses have an end.
const MARKED_AT_ONCE: usize = 50;
/// The code of the event that a notification went.
const REMOVED: u32 = 501;
/// What was put away of the notices for everybody.
const PUT_AWAY: &str = "notices put away";

impl Actions {
    /// Asks for notifications: those for everybody, and those of the user if somebody is signed in.
    pub fn load_notifications(&self) {
        let Some(archive) = self.state.archive_untracked().filter(|archive| archive.capabilities.tap_plus) else {
            return;
        };
        let state = self.state.notifications;
        let (actions, asker, user) = (*self, self.asker(), self.state.user_untracked());
        if user.is_some() {
            if state.inbox.with_untracked(|inbox| *inbox == Loadable::Loading) {
                return;
            }
            if state.inbox.with_untracked(|inbox| inbox.here().is_none()) {
                state.inbox.set(Loadable::Loading);
            }
        }
        spawn_local(async move {
            let answer = actions.notifications(&archive).await;
            if actions.asker() != asker {
                return;
            }
            match (answer, user) {
                (Ok((banners, own)), user) => {
                    state.put_away.set(actions.setting(PUT_AWAY).await);
                    state.banners.set(banners);
                    if let Some(user) = user {
                        actions.receive(&archive, &user, own).await;
                    }
                }
                (Err(error), Some(_)) => state.inbox.set(Loadable::Failed(error.sentence(&archive.title))),
                // Nobody asked for them.
                (Err(_), None) => {}
            }
        });
    }

    /// Marks notifications as read: at the archive, which forgets them, and here.
    pub fn mark_as_read(&self, ids: Vec<String>) {
        let Some((archive, user)) = self.member() else { return };
        if ids.is_empty() {
            return;
        }
        let state = self.state.notifications;
        state.marking.set(true);
        let (actions, asker) = (*self, self.asker());
        spawn_local(async move {
            let service = actions.service(&archive);
            for ids in ids.chunks(MARKED_AT_ONCE) {
                let answer = actions.ask(&service.mark_as_read(ids)).await;
                let marked = answer.and_then(|response| Ok(parse_marked(&response.body)?));
                if actions.asker() != asker {
                    break;
                }
                match marked {
                    // One that the archive does not know any more was read elsewhere.
                    Ok(_) => {
                        actions.change_inbox(&archive, &user, |inbox| {
                            inbox.iter_mut().filter(|message| ids.contains(&message.id)).for_each(|m| m.read = true);
                        });
                    }
                    Err(error) => {
                        let what = error.sentence(&archive.title);
                        actions.notice(
                            true,
                            format!("Not all could be marked as read. {what} They stay unread; try again."),
                        );
                        break;
                    }
                }
            }
            state.marking.set(false);
            actions.tell_tabs(&Word::Changed { archive: archive.id, codes: vec![REMOVED] });
        });
    }

    /// Forgets the notifications that were read; the archive has forgotten them already.
    pub fn forget_read(&self) {
        if let Some((archive, user)) = self.member() {
            self.change_inbox(&archive, &user, |inbox| inbox.retain(|message| !message.read));
        }
    }

    /// Shows all notifications, or only what is unread.
    pub fn show_unread_only(&self, only: bool) {
        self.state.notifications.unread_only.set(only);
    }

    /// Puts a notice for everybody away in this browser.
    pub fn put_away(&self, id: &str) {
        let put_away = self.state.notifications.put_away;
        put_away.update(|ids| {
            ids.push(id.to_owned());
            let surplus = ids.len().saturating_sub(KEPT);
            ids.drain(..surplus);
        });
        self.keep(PUT_AWAY.to_owned(), put_away.get_untracked());
    }

    /// Shows what the page sends for the inbox, and to mark what is unread.
    pub fn show_notifications_command(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let service = self.service(&archive);
        let unread: Vec<String> = self.state.notifications.inbox.with_untracked(|inbox| {
            let unread = inbox.here().into_iter().flatten().filter(|message| !message.read);
            unread.take(MARKED_AT_ONCE).map(|message| message.id.clone()).collect()
        });
        let mut requests = vec![service.notifications()];
        if !unread.is_empty() {
            requests.push(service.mark_as_read(&unread));
        }
        self.show_command("Reading notifications, and marking them as read,", &requests, None);
    }

    /// Forgets what was told to somebody else.
    pub(super) fn forget_notifications(&self) {
        let state = self.state.notifications;
        state.inbox.set(Loadable::Absent);
        state.banners.set(Vec::new());
    }

    async fn notifications(&self, archive: &Archive) -> Result<(Vec<Notification>, Vec<Notification>), ActionError> {
        let response = self.ask(&self.service(archive).notifications()).await?;
        Ok(parse_notifications(&response.body)?.into_iter().partition(Notification::is_banner))
    }

    /// Puts what the archive tells to what this browser has kept. The archive tells only what is unread.
    async fn receive(&self, archive: &Archive, user: &str, told: Vec<Notification>) {
        let state = self.state.notifications;
        let first = state.inbox.with_untracked(|inbox| inbox.here().is_none());
        let mut inbox = match state.inbox.get_untracked() {
            Loadable::Here(inbox) => inbox,
            _ => self.setting(&key(archive, user)).await,
        };
        inbox.iter_mut().for_each(|message: &mut Message| message.read = true);
        let mut new = Vec::new();
        for Notification { id, kind, subtype, text } in told {
            match inbox.iter_mut().find(|message| message.id == id) {
                Some(message) => message.read = false,
                None => {
                    let notification = Notification { id, kind, subtype, text };
                    let made = notification.made().map(|made| made.millis());
                    let Notification { id, text, .. } = notification;
                    new.push(text.clone());
                    inbox.push(Message { id, kind, text, made, read: false });
                }
            }
        }
        inbox.sort_unstable_by(|a, b| b.made.cmp(&a.made).then_with(|| b.id.cmp(&a.id)));
        inbox.truncate(KEPT);
        self.keep(key(archive, user), inbox.clone());
        state.inbox.set(Loadable::Here(inbox));
        match new.as_slice() {
            // What came before this visit is counted on the rail; only what comes meanwhile is said.
            _ if first => {}
            [] => {}
            [text] => self.notice(false, text.clone()),
            several => self.notice(false, format!("{} new notifications.", several.len())),
        }
    }

    fn change_inbox(&self, archive: &Archive, user: &str, change: impl FnOnce(&mut Vec<Message>)) {
        let inbox = self.state.notifications.inbox;
        inbox.update(|inbox| {
            if let Loadable::Here(inbox) = inbox {
                change(inbox);
            }
        });
        if let Loadable::Here(inbox) = inbox.get_untracked() {
            self.keep(key(archive, user), inbox);
        }
    }

    async fn setting<T: Default + serde::de::DeserializeOwned>(&self, key: &str) -> T {
        match self.storage() {
            Some(storage) => storage.get(Store::Settings, key).await.unwrap_or_default(),
            None => T::default(),
        }
    }

    fn keep(&self, key: String, value: impl serde::Serialize + 'static) {
        let actions = *self;
        spawn_local(async move {
            if let Some(storage) = actions.storage()
                && !storage.put(Store::Settings, &key, &value).await
            {
                actions.state.lasting.try_set(false);
            }
        });
    }
}

fn key(archive: &Archive, user: &str) -> String {
    format!("inbox {} {user}", archive.id)
}
