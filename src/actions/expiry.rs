//! The end of a session that nobody asked for. Archives say nothing: they go on answering, as to somebody who is not signed in.

use leptos::{prelude::*, task::spawn_local};
use tap::{
    events::parse_events,
    session::{Expiry, Identity, gateway_logout},
};
use workbench::protocol::{Failure, TableId};

use super::{ActionError, Actions, tabs::Word};
use crate::{archives::Archive, state::session::Ended};

impl Actions {
    /// Looks whether an error in an answer from `url` tells that a session has ended.
    pub(super) fn mind_expiry(&self, url: &str, error: &tap::Error) {
        if Expiry::told_by(error) == Expiry::No {
            return;
        }
        let base = self.base();
        let within =
            |archive: &&Archive| url.strip_prefix(&archive.root(&base)).is_some_and(|rest| rest.starts_with('/'));
        let archive = self.state.archives.with_untracked(|archives| archives.iter().find(within).cloned());
        if let Some(archive) = archive {
            self.doubt_session(&archive, Expiry::told_by(error));
        }
    }

    /// The same for a result that the worker could not get.
    pub(super) fn mind_failure(&self, table: TableId, failure: &Failure) {
        let archive = self.state.results.tables.with_untracked(|tables| {
            tables.iter().find(|result| result.id == table).and_then(|result| self.state.archive_by_id(&result.archive))
        });
        if let Some(archive) = archive.filter(|_| failure.status >= 400) {
            let error = tap::Error::from_response(failure.status, None, None, failure.message.as_bytes());
            self.doubt_session(&archive, Expiry::told_by(&error));
        }
    }

    fn doubt_session(&self, archive: &Archive, expiry: Expiry) {
        let Some(user) = self.user_at(&archive.id) else { return };
        let (actions, archive) = (*self, archive.clone());
        match expiry {
            Expiry::No => {}
            Expiry::Yes => self.session_ended(&archive, &user),
            Expiry::Perhaps => spawn_local(async move {
                if actions.identity(&archive).await == Identity::Anonymous {
                    actions.session_ended(&archive, &user);
                }
            }),
        }
    }

    /// Who the archive takes us for.
    async fn identity(&self, archive: &Archive) -> Identity {
        let answer = self.send(&self.service(archive).events(None)).await;
        match answer.and_then(|response| Ok(parse_events(&response.body)?)) {
            Ok(events) => Identity::of_events(&events),
            Err(ActionError::Tap(error)) if Expiry::told_by(&error) == Expiry::Yes => Identity::Anonymous,
            Err(_) => Identity::Unknown,
        }
    }

    /// Says that the archive has ended a session, and clears away what is left of it at the gateway.
    pub(super) fn session_ended(&self, archive: &Archive, user: &str) {
        if !self.note_end(&archive.id, user) {
            return;
        }
        self.tell_tabs(&Word::Ended { archive: archive.id.clone() });
        let request = gateway_logout(&archive.root(&self.base()));
        let (actions, session) = (*self, self.state.session);
        // Nobody signs in before the old cookies are gone.
        session.sending.set(true);
        spawn_local(async move {
            // What cannot be cleared away is without effect: the archive does not know it any more.
            let _ = actions.send(&request).await;
            session.sending.set(false);
        });
    }

    /// Another tab noticed the end of a session.
    pub(super) fn session_ended_elsewhere(&self, archive: &str) {
        if let Some(user) = self.user_at(archive) {
            self.note_end(archive, &user);
        }
    }

    /// Takes back what was said about the end of a session.
    pub fn dismiss_ended(&self) {
        self.state.session.ended.set(None);
    }

    /// `false`: this user was not signed in, the end is known, or it is the user who ends it.
    fn note_end(&self, archive: &str, user: &str) -> bool {
        let session = self.state.session;
        if session.sending.get_untracked() {
            return false;
        }
        let mut was = false;
        session.sessions.update(|sessions| {
            for known in sessions.iter_mut().filter(|known| known.archive == archive) {
                was |= known.user.take_if(|name| name == user).is_some();
            }
        });
        if was {
            session.ended.set(Some(Ended { archive: archive.to_owned(), user: user.to_owned() }));
            session.name.set(user.to_owned());
            if self.state.archive.get_untracked().as_deref() == Some(archive) {
                self.session_changed();
            }
        }
        was
    }

    fn user_at(&self, archive: &str) -> Option<String> {
        let sessions = self.state.session.sessions;
        sessions.with_untracked(|sessions| sessions.iter().find(|session| session.archive == archive)?.user.clone())
    }
}
