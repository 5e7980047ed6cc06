//! What the forms for groups and shares have in common.

use tap::users::{User, find, parse_users};

use super::super::{ActionError, Actions};
use crate::{archives::Archive, state::sharing::Progress};
use leptos::prelude::*;

/// Said where nobody is signed in any more.
const SIGNED_OUT: &str = "Nothing was sent: you are signed out. What you wrote is kept in this form; \
                          sign in, and open it again.";

impl Actions {
    /// The archive and the user, and the form marked as busy. `None`: nobody is signed in, which the form then says.
    pub(super) fn begin(&self, progress: Progress) -> Option<(Archive, String)> {
        let member = self.member();
        progress.problem.set(member.is_none().then(|| SIGNED_OUT.to_owned()));
        progress.busy.set(member.is_some());
        member
    }

    /// The user of this name, if the archive knows one.
    pub(super) async fn look_up(&self, archive: &Archive, name: &str) -> Result<Option<User>, ActionError> {
        let response = self.ask(&self.service(archive).users(name)).await?;
        Ok(find(&parse_users(&response.body)?, name).cloned())
    }

    /// Sends changes one after the other. What stopped them: how many were made, and the error.
    pub(super) async fn change_all(&self, archive: &Archive, requests: &[tap::Request]) -> Result<(), String> {
        for (made, request) in requests.iter().enumerate() {
            if let Err(error) = self.change_sharing(request).await {
                let what = error.sentence(&archive.title);
                return Err(match made {
                    0 => format!("Nothing was changed. {what} What you wrote is kept; save it again."),
                    _ => format!(
                        "Of {} changes {made} were made. {what} The rest is kept here; save it again.",
                        requests.len()
                    ),
                });
            }
        }
        Ok(())
    }
}

/// What cannot stand in a title or description.
pub(super) fn refused_text(texts: [&str; 2]) -> Option<String> {
    (!texts.iter().all(|text| tap::share::text_ok(text))).then(|| {
        "The archive takes no semicolon (;) in titles and descriptions. Write it without, and save again.".into()
    })
}

/// `wanted` brought to what the archive has now: what others added or removed since `before` is so too.
/// Gives that, and what others did.
pub(super) fn rebased<T: Clone>(
    wanted: &[T],
    before: &[T],
    now: &[T],
    key: impl Fn(&T) -> String,
) -> (Vec<T>, Vec<String>) {
    let has = |list: &[T], thing: &T| list.iter().any(|other| key(other) == key(thing));
    let mut merged = wanted.to_vec();
    let mut news = Vec::new();
    for thing in now.iter().filter(|thing| !has(before, thing)) {
        news.push(format!("{} was added", key(thing)));
        if !has(wanted, thing) {
            merged.push(thing.clone());
        }
    }
    for thing in before.iter().filter(|thing| !has(now, thing)) {
        news.push(format!("{} was removed", key(thing)));
        merged.retain(|other| key(other) != key(thing));
    }
    (merged, news)
}

/// The sentence that asks to look again.
pub(super) fn changed_meanwhile(what: &str, news: &[String]) -> String {
    let news = if news.is_empty() { "its title or description is another now".to_owned() } else { news.join(", ") };
    format!(
        "{what} was changed meanwhile: {news}. Nothing was sent. Your own changes are kept on top of it; look, and save again."
    )
}

#[cfg(test)]
mod tests {
    use super::rebased;

    #[test]
    fn the_changes_of_two_people_stand_together() {
        let list = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let (merged, news) = rebased(&list("a c mine"), &list("a b c"), &list("a b theirs"), Clone::clone);
        assert_eq!(merged, list("a mine theirs"));
        assert_eq!(news, ["theirs was added", "c was removed"]);
        let (same, none) = rebased(&list("a x"), &list("a b"), &list("b a"), Clone::clone);
        assert_eq!((same, none.len()), (list("a x"), 0));
    }
}
