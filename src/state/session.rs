//! Who is signed in, as the gateway tells. The session itself is a cookie that this page cannot read.

use leptos::prelude::*;
use tap::session::GatewaySession;

/// Sessions at the archives.
#[derive(Clone, Copy)]
pub struct SessionState {
    /// What the gateway holds, an entry for each archive at which one can sign in.
    pub sessions: RwSignal<Vec<GatewaySession>>,
    /// Whether the dialog for signing in is open.
    pub asking: RwSignal<bool>,
    /// The name in the dialog. The password is kept nowhere.
    pub name: RwSignal<String>,
    /// Whether user name and password are being sent.
    pub sending: RwSignal<bool>,
    /// Why signing in failed, in words.
    pub problem: RwSignal<Option<String>>,
    /// The session that an archive has ended, until somebody signs in there again.
    pub ended: RwSignal<Option<Ended>>,
}

/// A session that an archive has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Id of the archive.
    pub archive: String,
    /// Whose it was.
    pub user: String,
}

impl SessionState {
    pub(super) fn new() -> SessionState {
        SessionState {
            sessions: RwSignal::default(),
            asking: RwSignal::default(),
            name: RwSignal::default(),
            sending: RwSignal::default(),
            problem: RwSignal::default(),
            ended: RwSignal::default(),
        }
    }
}

pub(super) fn user_of(sessions: &[GatewaySession], archive: &str) -> Option<String> {
    sessions.iter().find(|session| session.archive == archive)?.user.clone()
}
