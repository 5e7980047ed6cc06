//! Signing in and out, by way of the gateway: the password goes there and nowhere else, and the session is a cookie of its.

use leptos::{prelude::*, task::spawn_local};
use tap::session::{gateway_login, gateway_logout, gateway_sessions, parse_sessions};

use super::Actions;

/// For whom something is asked: an archive and a user. An answer that comes when these have changed is nobody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asker {
    archive: Option<String>,
    user: Option<String>,
}

impl Actions {
    /// For whom something is asked now.
    pub(super) fn asker(&self) -> Asker {
        Asker { archive: self.state.archive.try_get_untracked().flatten(), user: self.state.user_untracked() }
    }

    /// Opens the dialog for signing in.
    pub fn ask_to_sign_in(&self) {
        self.state.session.problem.set(None);
        self.state.session.asking.set(true);
    }

    /// Signs in at the archive in use, in all its applications or in none.
    pub fn sign_in(&self, user: &str, password: &str) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let session = self.state.session;
        session.sending.set(true);
        session.problem.set(None);
        let request = gateway_login(&archive.root(&self.base()), user.trim(), password);
        let actions = *self;
        spawn_local(async move {
            let sent = actions.ask(&request).await;
            session.sending.set(false);
            match sent {
                Ok(_) => {
                    session.asking.set(false);
                    actions.load_sessions().await;
                    actions.session_changed();
                }
                Err(error) => session.problem.set(Some(error.sentence(&archive.title))),
            }
        });
    }

    /// Signs out of the archive in use.
    pub fn sign_out(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let request = gateway_logout(&archive.root(&self.base()));
        let actions = *self;
        spawn_local(async move {
            if let Err(error) = actions.ask(&request).await {
                actions.notice(true, format!("You are still signed in. {}", error.sentence(&archive.title)));
            }
            actions.load_sessions().await;
            actions.session_changed();
        });
    }

    /// Asks the gateway which sessions it holds. Without an archive that takes logins nothing is asked.
    pub(super) async fn load_sessions(&self) {
        if !self.state.archives.with_untracked(|archives| archives.iter().any(|archive| archive.login)) {
            return;
        }
        let answer = self.ask(&gateway_sessions(&self.base())).await;
        match answer.and_then(|response| Ok(parse_sessions(&response.body)?)) {
            Ok(sessions) => self.state.session.sessions.set(sessions),
            // Who is signed in is not known; what was known stands.
            Err(error) => leptos::logging::warn!("The gateway does not tell who is signed in: {error}"),
        }
    }

    /// What is shown was told to somebody else: it is asked for again.
    fn session_changed(&self) {
        self.forget_of_archive();
        self.poll_all();
        self.load_view();
    }
}
