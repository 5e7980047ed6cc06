//! Sessions (TAP+): signing in and out, who one is, and how to tell that a session has ended.
//!
//! TAP server and data server keep sessions of their own; whoever needs both signs in at both, and out of the first if
//! the second refuses. A gateway does that in one request (`_login`). The session itself is a cookie that no script sees.

use crate::{
    error::{Error, ErrorKind},
    events::Events,
    request::{Form, Request, Service, get, post},
    timestamp::Timestamp,
    uws::Job,
    xml,
};

/// Who makes the requests, as far as the archive tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// Nobody is signed in.
    Anonymous,
    /// This user.
    User(String),
    /// The answer does not tell.
    Unknown,
}

impl Identity {
    /// Whose job it is. A fresh job tells who made it.
    pub fn of_owner(job: &Job) -> Self {
        Self::named(job.owner.as_deref())
    }

    /// Whose events these are. Older archives do not say.
    pub fn of_events(events: &Events) -> Self {
        Self::named(events.user.as_deref())
    }

    fn named(name: Option<&str>) -> Self {
        match name.map(str::trim) {
            None | Some("") => Self::Unknown,
            Some(name) if name.eq_ignore_ascii_case("anonymous") => Self::Anonymous,
            Some(name) => Self::User(name.to_owned()),
        }
    }
}

/// Whether an error, met by somebody who was signed in, means that the archive has ended the session. It does so
/// without a word: requests go on as anonymous ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// The error has another reason.
    No,
    /// It may be: ask who one is.
    Perhaps,
    /// The archive took the request for an anonymous one.
    Yes,
}

impl Expiry {
    /// What `error` says about the session.
    pub fn told_by(error: &Error) -> Self {
        let Some(error) = error.service() else { return Self::No };
        let message = error.message.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
        let refused = matches!(error.kind, ErrorKind::Unauthorized | ErrorKind::Forbidden);
        // That the quota of anonymous users is exhausted is told to anonymous users.
        if says(&["not authenticated", "user 'anonymous'", "for user anonymous"])
            || (refused && says(&["anonymous", "session has expired", "session expired"]))
        {
            return Self::Yes;
        }
        if refused { Self::Perhaps } else { Self::No }
    }
}

impl Service {
    /// One request for each application of the archive, to be sent in this order: all must succeed.
    pub fn logins(&self, user: &str, password: &str) -> Vec<Request> {
        let form = Form::of(&[("username", user), ("password", password)]);
        self.applications().map(|base| post(base, "login", &form)).collect()
    }

    /// Signs out of each application.
    pub fn logouts(&self) -> Vec<Request> {
        self.applications().map(|base| post(base, "logout", &Form::new())).collect()
    }

    fn applications(&self) -> impl Iterator<Item = &str> {
        [Some(self.server()), self.data.as_deref()].into_iter().flatten()
    }
}

/// Signs in at all applications of the archive that a gateway shows at `root` (`…/gw/gaia`), or at none.
pub fn gateway_login(root: &str, user: &str, password: &str) -> Request {
    post(root, "_login", &Form::of(&[("username", user), ("password", password)]))
}

/// Signs out of all applications of the archive that a gateway shows at `root`.
pub fn gateway_logout(root: &str) -> Request {
    post(root, "_logout", &Form::new())
}

/// Which archives the gateway at `page` holds sessions of: see [`parse_sessions`].
pub fn gateway_sessions(page: &str) -> Request {
    get(page, "_session", &Form::new())
}

/// What a gateway knows of the session at one archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewaySession {
    /// The archive's id.
    pub archive: String,
    /// Who signed in, if somebody did. The archive may have ended the session all the same.
    pub user: Option<String>,
    /// Since when.
    pub since: Option<Timestamp>,
}

/// Reads the gateway's answer: for each archive `{"user": "…", "since": seconds}` or null.
///
/// # Errors
/// `Document` if it is no such object.
pub fn parse_sessions(bytes: &[u8]) -> Result<Vec<GatewaySession>, Error> {
    const WHAT: &str = "session list";
    let wrong = |reason: String| Error::document(WHAT, reason, None);
    let value: serde_json::Value =
        serde_json::from_str(&xml::decode(bytes)).map_err(|error| wrong(error.to_string()))?;
    let object = value.as_object().ok_or_else(|| wrong("it is not an object".to_owned()))?;
    let session = |(archive, value): (&String, &serde_json::Value)| GatewaySession {
        archive: archive.clone(),
        user: value.get("user").and_then(|user| user.as_str()).map(str::to_owned),
        since: value.get("since").and_then(serde_json::Value::as_i64).map(|s| Timestamp::from_millis(s * 1000)),
    };
    Ok(object.iter().map(session).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_session_is_noticed() {
        let expiry = |status, body: &str| Expiry::told_by(&Error::from_response(status, None, None, body.as_bytes()));
        for (status, body) in [
            (403, "User 'anonymous' is not authorized."),
            (403, "User 'anonymous' is not authorized to use 'share' capabilities"),
            (500, "User not authenticated"),
            (401, "anonymous access is not possible"),
            (500, "DB quota exceeded for user anonymous (Currently 10 GB, maximum allowed is 10 GB)."),
        ] {
            assert_eq!(expiry(status, body), Expiry::Yes, "{body}");
        }
        for (status, body) in [(401, ""), (403, "User 'joe' is not authorized."), (530, "User access denied")] {
            assert_eq!(expiry(status, body), Expiry::Perhaps, "{body}");
        }
        for (status, body) in [(404, "No such job"), (400, "Unknown column anonymous"), (500, "null")] {
            assert_eq!(expiry(status, body), Expiry::No, "{body}");
        }
        assert_eq!(Expiry::told_by(&Error::Truncated { what: "job" }), Expiry::No);
    }

    #[test]
    fn sessions_of_a_gateway() {
        let text = br#"{"gaia":{"user":"jo","since":1772359200},"dc":null,"x":1}"#;
        let sessions = parse_sessions(text).unwrap();
        let seen: Vec<_> = sessions.iter().map(|s| (s.archive.as_str(), s.user.is_some(), s.since.is_some())).collect();
        assert_eq!(seen.len(), 3);
        for one in [("gaia", true, true), ("dc", false, false), ("x", false, false)] {
            assert!(seen.contains(&one), "{one:?}");
        }
        for end in 0..text.len() {
            assert!(parse_sessions(&text[..end]).is_err(), "{end}");
        }
        assert!(parse_sessions(b"[]").is_err());
    }
}
