//! Signing in and out, by way of the gateway: the password goes there and nowhere else, and the session is a cookie of its.

use leptos::{prelude::*, task::spawn_local};
use tap::session::{gateway_login, gateway_logout, gateway_sessions, parse_sessions};

use super::{ActionError, Actions, tabs::Word};
use crate::{archives::Archive, dom};

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

    /// The archive in use if it has TAP+ and somebody is signed in there, with the name.
    pub(super) fn member(&self) -> Option<(Archive, String)> {
        let archive = self.state.archive_untracked().filter(|archive| archive.capabilities.tap_plus)?;
        Some((archive, self.state.user_untracked()?))
    }

    /// Opens the dialog for signing in.
    pub fn ask_to_sign_in(&self) {
        self.state.session.problem.set(None);
        self.state.session.asking.set(true);
    }

    /// Signs in at the archive in use, in all its applications or in none.
    pub fn sign_in(&self, password: &str) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let session = self.state.session;
        let name = session.name.get_untracked().trim().to_owned();
        if name.is_empty() || password.is_empty() {
            return session.problem.set(Some("Nothing was sent: the user name or the password is empty.".into()));
        }
        session.sending.set(true);
        session.problem.set(None);
        let request = gateway_login(&archive.root(&self.base()), &name, password);
        let actions = *self;
        spawn_local(async move {
            let sent = actions.send(&request).await;
            session.sending.set(false);
            match sent {
                Ok(_) => {
                    session.asking.set(false);
                    // What somebody else wrote is nobody's business.
                    let ended = session.ended.try_update(Option::take).flatten();
                    if ended.is_some_and(|ended| ended.user != name) {
                        actions.drop_sharing_forms();
                    }
                    actions.load_sessions().await;
                    actions.tell_tabs(&Word::Session);
                    actions.session_changed();
                    actions.notice(false, format!("{name} is signed in at {}.", archive.title));
                }
                Err(error) => session.problem.set(Some(refused(&error, &archive.title))),
            }
        });
    }

    /// Shows how other tools sign in, with the name in the dialog; never with a password.
    pub fn show_sign_in_command(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let name = self.state.session.name.get_untracked();
        self.show_command("Signing in", &[gateway_login(&archive.root(&self.base()), name.trim(), "")], None);
    }

    /// Signs out of the archive in use.
    pub fn sign_out(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let request = gateway_logout(&archive.root(&self.base()));
        let (actions, sending) = (*self, self.state.session.sending);
        sending.set(true);
        spawn_local(async move {
            let sent = actions.send(&request).await;
            sending.set(false);
            if let Err(error) = sent {
                let what = error.sentence(&archive.title);
                return actions
                    .notice(true, format!("You are still signed in. {what} Sign out again, or close the browser."));
            }
            actions.drop_sharing_forms();
            actions.state.session.name.set(String::new());
            actions.load_sessions().await;
            actions.tell_tabs(&Word::Session);
            actions.session_changed();
        });
    }

    /// Asks the gateway which sessions it holds. Without an archive that takes logins nothing is asked.
    pub(super) async fn load_sessions(&self) {
        if !self.state.archives.with_untracked(|archives| archives.iter().any(|archive| archive.login)) {
            return;
        }
        let answer = self.send(&gateway_sessions(&self.base())).await;
        match answer.and_then(|response| Ok(parse_sessions(&response.body)?)) {
            Ok(sessions) => self.state.session.sessions.set(sessions),
            // Who is signed in is not known; what was known stands.
            Err(error) => leptos::logging::warn!("The gateway does not tell who is signed in: {error}"),
        }
    }

    /// Another tab signed in or out.
    pub(super) async fn session_changed_elsewhere(&self) {
        let before = self.asker();
        self.load_sessions().await;
        if self.asker() != before {
            if self.state.user_untracked().is_some() {
                self.state.session.ended.set(None);
                self.state.session.asking.set(false);
            }
            self.session_changed();
        }
    }

    /// What is shown was told to somebody else: it is asked for again.
    pub(super) fn session_changed(&self) {
        self.forget_of_archive();
        self.poll_all();
        self.load_view();
        self.load_notifications();
    }
}

/// Why signing in failed: what happened, that nothing is kept, what to do.
fn refused(error: &ActionError, archive: &str) -> String {
    match (error.status(), error) {
        (Some(401), _) => {
            format!(
                "{archive} did not accept this user name and password. Check both, also capitals, and type the password again."
            )
        }
        (Some(502 | 504), ActionError::Tap(error)) => {
            let said = error.service().map_or_else(|| error.to_string(), |service| service.message.clone());
            format!(
                "The TAP server and the data server of {archive} have a session each, and you are signed in to both or to neither. Now it is neither: {said}. Try again in a few minutes."
            )
        }
        (None, _) => format!(
            "No answer from {}, so you are not signed in: {error}. The password is not kept; type it again when the connection is back.",
            dom::host()
        ),
        _ => format!("You are not signed in. {} Try again in a few minutes.", error.sentence(archive)),
    }
}
