//! "Show the command": the very request that the page sends, as curl, astroquery and pyVO write it.

use leptos::prelude::*;
use tap::command::{Setting, astroquery, curl, pyvo};

use super::Actions;
use crate::state::command::Shown;

impl Actions {
    /// Shows requests as commands. `title` says what they do together.
    pub(super) fn show_command(&self, title: &str, requests: &[tap::Request], save_as: Option<&str>) {
        let Some(archive) = self.state.archive_untracked() else { return };
        let (root, user) = (archive.root(&self.base()), self.state.user_untracked());
        let setting = Setting {
            root: &root,
            public_url: &archive.public_url,
            tap: &archive.tap,
            data: archive.data.as_deref(),
            user: user.as_deref(),
            save_as,
        };
        self.state.command.set(Some(Shown {
            title: title.to_owned(),
            curl: curl(requests, &setting),
            astroquery: astroquery(requests, &setting),
            pyvo: pyvo(requests, &setting),
        }));
    }

    /// Closes the dialog that shows commands.
    pub fn hide_command(&self) {
        self.state.command.set(None);
    }
}
