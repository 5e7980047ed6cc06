//! What the tabs of this page in one browser tell each other.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use super::Actions;

/// How tabs hear of each other.
pub(super) struct Channel {
    channel: BroadcastChannel,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

/// What one tab tells the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// The journal of jobs changed.
    Journal,
    /// Somebody signed in or out.
    Session,
    /// An archive has ended the session of the one who was signed in there.
    Ended { archive: String },
    /// Something changed at an archive for the one who is signed in there: the codes of the events.
    Changed { archive: String, codes: Vec<u32> },
}

impl Word {
    fn text(&self) -> String {
        match self {
            Word::Journal => "journal".into(),
            Word::Session => "session".into(),
            Word::Ended { archive } => format!("ended {archive}"),
            Word::Changed { archive, codes } => {
                let codes: Vec<String> = codes.iter().map(u32::to_string).collect();
                format!("changed {archive} {}", codes.join(","))
            }
        }
    }

    /// A tab of another version may say what this one does not know.
    fn parse(text: &str) -> Option<Word> {
        let mut words = text.split(' ');
        Some(match (words.next()?, words.next()) {
            ("journal", None) => Word::Journal,
            ("session", None) => Word::Session,
            ("ended", Some(archive)) => Word::Ended { archive: archive.to_owned() },
            ("changed", Some(archive)) => Word::Changed {
                archive: archive.to_owned(),
                codes: words.next()?.split(',').filter_map(|code| code.parse().ok()).collect(),
            },
            _ => return None,
        })
    }
}

impl Actions {
    /// Listens to the other tabs for as long as this one lives.
    pub(super) fn listen_to_tabs(&self) {
        let actions = *self;
        let Ok(channel) = BroadcastChannel::new("parallax") else { return };
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            if let Some(word) = message.data().as_string().as_deref().and_then(Word::parse) {
                spawn_local(async move { actions.heard(word).await });
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        self.channel.set_value(Some(Channel { channel, _listener: listener }));
    }

    pub(super) fn tell_tabs(&self, word: &Word) {
        self.channel.with_value(|channel| {
            if let Some(channel) = channel {
                let _ = channel.channel.post_message(&JsValue::from_str(&word.text()));
            }
        });
    }

    async fn heard(&self, word: Word) {
        match word {
            Word::Journal => self.read_journal().await,
            Word::Session => self.session_changed_elsewhere().await,
            Word::Ended { archive } => self.session_ended_elsewhere(&archive),
            Word::Changed { archive, codes } => self.changed(&archive, &codes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Word;

    #[test]
    fn words_read_back() {
        for word in [
            Word::Journal,
            Word::Session,
            Word::Ended { archive: "gaia".into() },
            Word::Changed { archive: "gaia".into(), codes: vec![100, 4001] },
        ] {
            assert_eq!(Word::parse(&word.text()), Some(word));
        }
        assert_eq!(Word::parse("ended"), None);
        assert_eq!(Word::parse("later x"), None);
    }
}
