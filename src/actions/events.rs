//! Events: what has changed at the archive for a user who is signed in, on this page or elsewhere.
//!
//! The tab that asks for news of jobs asks for these too and tells the others. It asks with `block=false`: a request that waits
//! would hold one of the browser's few connections and a place at the gateway for each user, and would take the events away
//! from other programs of the same session. An answer tells old events again; what was not in the one before is new.

use leptos::{prelude::*, task::spawn_local};
use tap::{
    ErrorKind, Timestamp,
    events::{Event, Topic, parse_events},
    session::{Expiry, Identity},
};

use super::{ActionError, Actions, tabs::Word};
use crate::{archives::Archive, dom, routes::View, state::schema::Loadable};

/// How soon it is asked again after something happened.
const SOON_MS: f64 = 4_000.0;
/// The longest pause while nothing happens. Whether this tab is hidden does not matter: the user may look at another one.
const LONG_MS: f64 = 20_000.0;
/// The longest pause while the archive does not answer.
const LONGEST_MS: f64 = 120_000.0;

/// One session that is listened for.
pub(super) struct Ear {
    archive: String,
    user: String,
    /// What the last answer told. Before the first nothing is known: what it tells may have come after the views were loaded.
    known: Vec<Event>,
    /// When it is asked next, and the pause that led there.
    at: f64,
    pause: f64,
    asking: bool,
}

impl Ear {
    /// Sets when it is asked next: later each time, since nothing happened.
    fn wait(&mut self, longest: f64, least: f64) {
        self.pause = (self.pause * 1.3).min(longest).max(least);
        self.at = dom::now() + self.pause;
    }
}

impl Actions {
    /// Asks for events where it is time to. Called in one tab only, again and again.
    pub(super) fn listen(&self) {
        if !self.state.online.get_untracked() || self.state.session.sending.get_untracked() {
            return;
        }
        let mut sessions: Vec<(Archive, String)> = Vec::new();
        for session in self.state.session.sessions.get_untracked() {
            if let (Some(archive), Some(user)) = (self.state.archive_by_id(&session.archive), session.user)
                && archive.capabilities.tap_plus
            {
                sessions.push((archive, user));
            }
        }
        let now = dom::now();
        for (archive, user) in &sessions {
            let due = self.ears.try_update_value(|ears| {
                ears.retain(|ear| {
                    sessions.iter().any(|(archive, user)| ear.archive == archive.id && ear.user == *user)
                });
                if !ears.iter().any(|ear| ear.archive == archive.id) {
                    let (archive, user) = (archive.id.clone(), user.clone());
                    ears.push(Ear { archive, user, known: Vec::new(), at: now, pause: SOON_MS, asking: false });
                }
                let due = ears.iter_mut().find(|ear| ear.archive == archive.id && ear.at <= now && !ear.asking);
                due.map(|ear| ear.asking = true).is_some()
            });
            if due == Some(true) {
                let (actions, archive, user) = (*self, archive.clone(), user.clone());
                spawn_local(async move { actions.hear(&archive, &user).await });
            }
        }
        if sessions.is_empty() {
            self.ears.update_value(Vec::clear);
        }
    }

    /// Asks once, and does what the answer asks for.
    async fn hear(&self, archive: &Archive, user: &str) {
        let answer = self.send(&self.service(archive).events(None)).await;
        let told = answer.and_then(|response| Ok(parse_events(&response.body)?));
        let ear = |change: &mut dyn FnMut(&mut Ear)| {
            self.ears.update_value(|ears| {
                if let Some(ear) = ears.iter_mut().find(|ear| ear.archive == archive.id && ear.user == user) {
                    ear.asking = false;
                    change(ear);
                }
            });
        };
        match told {
            Ok(events) if Identity::of_events(&events) == Identity::Anonymous => self.session_ended(archive, user),
            Ok(events) => {
                let mut codes = Vec::new();
                ear(&mut |ear| {
                    let known = std::mem::replace(&mut ear.known, events.events.clone());
                    codes.extend(events.events.iter().filter(|event| !known.contains(event)).map(|event| event.code));
                    if !codes.is_empty() {
                        ear.pause = SOON_MS / 1.3;
                    }
                    ear.wait(LONG_MS, 0.0);
                });
                if !codes.is_empty() {
                    self.tell_tabs(&Word::Changed { archive: archive.id.clone(), codes: codes.clone() });
                    self.changed(&archive.id, &codes);
                }
            }
            Err(ActionError::Tap(error)) if Expiry::told_by(&error) == Expiry::Yes => self.session_ended(archive, user),
            Err(error) => {
                let least = match &error {
                    ActionError::Tap(error) => error.service().map_or(0, |service| match service.kind {
                        // An archive without events: nothing will come.
                        ErrorKind::NotFound => i64::MAX,
                        ErrorKind::TooMany { retry_after: Some(after) }
                        | ErrorKind::Unavailable { retry_after: Some(after) } => {
                            after.delay_millis(Timestamp::from_millis(dom::now() as i64))
                        }
                        _ => 0,
                    }),
                    ActionError::Fetch(_) => 0,
                };
                ear(&mut |ear| ear.wait(LONGEST_MS, least as f64));
            }
        }
    }

    /// Asks again for what events say has changed, where it is shown or was.
    pub(super) fn changed(&self, archive: &str, codes: &[u32]) {
        if self.state.archive.get_untracked().as_deref() != Some(archive) {
            return;
        }
        let topics: Vec<Topic> =
            codes.iter().map(|code| Event { code: *code, at: Timestamp::from_millis(0) }.topic()).collect();
        let about = |some: &[Topic]| topics.iter().any(|topic| some.contains(topic));
        let view = self.state.route.with_untracked(|route| route.view);
        if about(&[Topic::Jobs]) {
            self.poll_all();
            if self.state.jobs.listed.with_untracked(|listed| *listed != Loadable::Absent) {
                self.list_jobs();
            }
        }
        if about(&[Topic::SharedItems, Topic::Groups, Topic::SharedUsers])
            && self.state.sharing.groups.with_untracked(|groups| *groups != Loadable::Absent)
        {
            self.load_sharing();
        }
        if about(&[Topic::Tables, Topic::SharedItems, Topic::Quota]) {
            self.refresh_schemas();
            if view == View::UserTables {
                self.load_user_tables();
                self.load_user_table();
            } else {
                self.state.user_tables.listed.set(Loadable::Absent);
            }
        }
        if about(&[Topic::Notifications]) {
            self.load_notifications();
        }
    }

    /// Shows what the page sends to hear of events.
    pub fn show_events_command(&self) {
        if let Some((archive, _)) = self.member() {
            self.show_command("Listening for events", &[self.service(&archive).events(None)], None);
        }
    }
}
