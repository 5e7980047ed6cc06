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
        // A tool that has calls for some of the requests shows them, and says in a comment which it has not.
        let all = |make: &dyn Fn(&tap::Request) -> Result<String, &'static str>| {
            let texts: Vec<Result<String, &str>> = requests.iter().map(make).collect();
            match texts.iter().find_map(|text| text.as_ref().err()) {
                Some(reason) if texts.iter().all(Result::is_err) => Err((*reason).to_owned()),
                _ => {
                    let words = texts.into_iter().map(|text| text.unwrap_or_else(|reason| format!("# {reason}")));
                    Ok(words.collect::<Vec<_>>().join("\n"))
                }
            }
        };
        self.state.command.set(Some(Shown {
            title: title.to_owned(),
            curl: requests.iter().map(|request| curl(request, &setting)).collect::<Vec<_>>().join("\n"),
            astroquery: all(&|request| astroquery(request, &setting)),
            pyvo: all(&|request| pyvo(request, &setting)),
        }));
    }

    /// Closes the dialog that shows commands.
    pub fn hide_command(&self) {
        self.state.command.set(None);
    }
}
