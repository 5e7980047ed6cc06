//! `/event` (TAP+): what has changed in this session, one line `type=timestamp` for each type.
//!
//! Older archives answer at once. Newer ones hold the answer until something happens, and then forget the event, unless
//! `block=false` is said; so that is always said here, but for a wait that is wanted.

use crate::{
    error::{Error, error_in_ok_body},
    request::{Form, Request, Service, get},
    timestamp::Timestamp,
    xml,
};

/// What a change concerns, by the hundreds of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Jobs (100 created, 101 updated, 102 removed).
    Jobs,
    /// Shared items (210–212).
    SharedItems,
    /// Groups (220–222).
    Groups,
    /// Users with whom something is shared (230–232).
    SharedUsers,
    /// Signing in and out (300, 301).
    Session,
    /// Quotas (401 of the database, 402 of files).
    Quota,
    /// Notifications (500 created, 501 removed).
    Notifications,
    /// Tables (4000 created, 4001 updated, 4002 removed).
    Tables,
    /// Something that is not documented.
    Other,
}

/// A change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// The archive's number for this sort of change.
    pub code: u32,
    /// When it last happened.
    pub at: Timestamp,
}

impl Event {
    /// What it concerns.
    pub const fn topic(self) -> Topic {
        match self.code {
            100..=102 => Topic::Jobs,
            210..=212 => Topic::SharedItems,
            220..=222 => Topic::Groups,
            230..=232 => Topic::SharedUsers,
            300 | 301 => Topic::Session,
            401 | 402 => Topic::Quota,
            500 | 501 => Topic::Notifications,
            4000..=4002 => Topic::Tables,
            _ => Topic::Other,
        }
    }
}

/// The answer of `/event`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Events {
    /// Whose session it is, if the archive says so. Its line has the session's id too, which goes no further than here.
    pub user: Option<String>,
    /// The changes.
    pub events: Vec<Event>,
}

impl Events {
    /// What changed later than `moment`: an archive that does not forget tells the same again and again.
    pub fn since(&self, moment: Timestamp) -> impl Iterator<Item = Event> {
        self.events.iter().copied().filter(move |event| event.at > moment)
    }

    /// The time of the last change.
    pub fn last(&self) -> Option<Timestamp> {
        self.events.iter().map(|event| event.at).max()
    }
}

impl Service {
    /// The changes so far, of one type or of all. Answers at once and leaves everything as it is.
    pub fn events(&self, code: Option<u32>) -> Request {
        self.event("block", "false", code)
    }

    /// Waits for the next change, which is then told to nobody else of this session. To be ended by
    /// [`Service::release_events`], or by giving the request up.
    pub fn wait_for_events(&self, code: Option<u32>) -> Request {
        self.event("block", "true", code)
    }

    /// Lets those go who wait.
    pub fn release_events(&self) -> Request {
        self.event("close", "true", None)
    }

    fn event(&self, name: &str, value: &str, code: Option<u32>) -> Request {
        let mut form = Form::of(&[(name, value)]);
        form.add_some("id", code.map(|code| code.to_string()));
        get(&self.tap, "event", &form)
    }
}

/// Reads the lines of `/event`. Those of another shape (`OK`, an empty one) say nothing.
///
/// # Errors
/// `Service` if the answer is a page or another error.
pub fn parse_events(bytes: &[u8]) -> Result<Events, Error> {
    if let Some(error) = error_in_ok_body(None, bytes) {
        return Err(error);
    }
    let mut out = Events::default();
    for (code, value) in xml::decode(bytes).lines().filter_map(|line| line.split_once('=')) {
        let (code, value) = (code.trim(), value.trim());
        if code == "-1" {
            let user = value.rsplit_once('#').map_or(value, |(user, _)| user).trim();
            out.user = (!user.is_empty()).then(|| user.to_owned());
        } else if let (Ok(code), Ok(millis)) = (code.parse(), value.parse()) {
            out.events.push(Event { code, at: Timestamp::from_millis(millis) });
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_lines() {
        let text = b"-1=joe#A1B2C3\n100=1425480932331\r\n4001 = 1425480932400\n7=x\nOK\n\n999=5\n";
        let events = parse_events(text).unwrap();
        assert_eq!(events.user.as_deref(), Some("joe"));
        let topics: Vec<Topic> = events.events.iter().map(|event| event.topic()).collect();
        assert_eq!(topics, [Topic::Jobs, Topic::Tables, Topic::Other]);
        assert_eq!(events.last(), Some(Timestamp::from_millis(1_425_480_932_400)));
        let new: Vec<u32> = events.since(Timestamp::from_millis(1_425_480_932_331)).map(|event| event.code).collect();
        assert_eq!(new, [4001]);
        assert!(!format!("{events:?}").contains("A1B2C3"));
        assert_eq!(parse_events(b"").unwrap(), Events::default());
        assert_eq!(parse_events(b"-1=#X").unwrap().user, None);
        assert!(parse_events(b"<html></html>").is_err());
    }
}
