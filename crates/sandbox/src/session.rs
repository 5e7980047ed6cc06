//! Sessions (TAP+): signing in and out, and whom a cookie belongs to.
//!
//! The TAP server and the data server are two programs in the real archive, so each has sessions of its own. A session that
//! is over is over silently: its cookie then means nobody, as in the real archive.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{HeaderMap, Request, Response, StatusCode, header};

use crate::archive::Answer;
use crate::call::Call;
use crate::changes::Changes;
use crate::events::{Event, Events};
use crate::fault::Fault;
use crate::response::{self, Chunks};
use crate::{Time, accounts, entropy};

/// Sessions that a user may have at a time in one context; the one that was used longest ago goes.
const MOST_OF_A_USER: usize = 1_000;

/// One of the two programs of the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// `/tap-server`.
    Tap,
    /// `/data-server`.
    Data,
}

impl Context {
    /// Its path.
    pub fn path(self) -> &'static str {
        match self {
            Context::Tap => "/tap-server",
            Context::Data => "/data-server",
        }
    }
}

/// Who makes a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// The user, if signed in.
    pub user: Option<String>,
    /// Number of the session, if signed in. Never its cookie.
    pub session: Option<u64>,
}

impl Caller {
    /// The user's login, or `anonymous`.
    pub fn name(&self) -> &str {
        self.user.as_deref().unwrap_or("anonymous")
    }
}

#[derive(Debug)]
struct Session {
    context: Context,
    number: u64,
    user: String,
    used: Time,
    /// What happened since it was asked last: the latest time of each kind.
    events: BTreeMap<u16, Time>,
    /// When those that waited for events were last told to wait no longer.
    released: Option<Time>,
}

/// All sessions. They live as long as the process: after a restart everybody signs in again.
pub struct Sessions {
    /// The last number, and the sessions by the value of their cookie.
    open: Mutex<(u64, HashMap<String, Session>)>,
    changes: Arc<Changes>,
}

impl Sessions {
    /// No sessions yet.
    pub fn new(changes: Arc<Changes>) -> Sessions {
        Sessions { open: Mutex::default(), changes }
    }

    fn open(&self) -> MutexGuard<'_, (u64, HashMap<String, Session>)> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who a request comes from. Marks the session as used.
    pub fn caller(&self, headers: &HeaderMap, context: Context, cookie: &str, now: Time, idle: Duration) -> Caller {
        let mut open = self.open();
        for token in cookies(headers, cookie) {
            if let Some(session) = open.1.get_mut(token).filter(|session| session.context == context) {
                if session.used.after(idle) > now {
                    session.used = session.used.max(now);
                    return Caller { user: Some(session.user.clone()), session: Some(session.number) };
                }
                open.1.remove(token);
            }
        }
        Caller::default()
    }

    /// Opens a session; the value of its cookie and its number.
    fn start(&self, user: &str, context: Context, now: Time, idle: Duration) -> Result<(String, u64), Fault> {
        let token = entropy::hexadecimal::<16>()?;
        let mut open = self.open();
        open.1.retain(|_, session| session.used.after(idle) > now);
        let of_user = |session: &Session| session.user == user && session.context == context;
        if open.1.values().filter(|session| of_user(session)).count() >= MOST_OF_A_USER {
            let oldest = open.1.iter().filter(|(_, session)| of_user(session)).min_by_key(|(_, session)| session.used);
            if let Some(token) = oldest.map(|(token, _)| token.clone()) {
                open.1.remove(&token);
            }
        }
        open.0 += 1;
        let number = open.0;
        open.1.insert(
            token.clone(),
            Session { context, number, user: user.to_owned(), used: now, events: BTreeMap::new(), released: None },
        );
        Ok((token, number))
    }

    /// Ends the sessions of a request's cookies.
    fn end(&self, headers: &HeaderMap, context: Context, cookie: &str) {
        let mut open = self.open();
        for token in cookies(headers, cookie) {
            if open.1.get(token).is_some_and(|session| session.context == context) {
                open.1.remove(token);
            }
        }
    }

    /// Something happened that concerns a user: all sessions of theirs with the TAP server will tell it.
    pub fn raise(&self, user: &str, event: Event, now: Time) {
        let mut open = self.open();
        for session in open.1.values_mut().filter(|session| session.user == user && session.context == Context::Tap) {
            session.events.insert(event as u16, now);
        }
        drop(open);
        self.changes.tell();
    }

    /// Several things happened.
    pub fn raise_all(&self, events: &Events, now: Time) {
        events.iter().for_each(|(user, event)| self.raise(user, *event, now));
    }

    /// What happened since the session of this number was asked last; of one kind only, if `kind` is given. What is consumed is
    /// not told again.
    pub fn pending(&self, number: u64, kind: Option<i64>, consume: bool) -> Vec<(u16, Time)> {
        let mut open = self.open();
        let Some(session) = open.1.values_mut().find(|session| session.number == number) else { return Vec::new() };
        let asked = |event: u16| kind.is_none_or(|kind| kind == i64::from(event));
        let pending = session.events.iter().filter(|(event, _)| asked(**event)).map(|(event, time)| (*event, *time));
        let pending = pending.collect();
        if consume {
            session.events.retain(|event, _| !asked(*event));
        }
        pending
    }

    /// Tells what waits for events of this session to wait no longer.
    pub fn release(&self, number: u64, now: Time) {
        if let Some(session) = self.open().1.values_mut().find(|session| session.number == number) {
            session.released = Some(now);
        }
        self.changes.tell();
    }

    /// Whether a request that came at `arrival` need not wait any longer.
    pub fn is_released(&self, number: u64, arrival: Time) -> bool {
        let open = self.open();
        let session = open.1.values().find(|session| session.number == number);
        session.is_none_or(|session| session.released.is_some_and(|released| released >= arrival))
    }
}

/// The cookie that carries the session: the older servers had only the other one.
pub fn cookie_name(legacy: bool) -> &'static str {
    if legacy { "JSESSIONID" } else { "SESSION" }
}

/// The values of all cookies of this name.
fn cookies<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(key, _)| *key == name).map(|(_, value)| value.trim_matches('"'))
}

/// `POST login`: `username`, `password`.
pub fn login<B>(call: &Call<'_>, request: &Request<B>, context: Context) -> Result<Answer, Fault> {
    call.posting()?;
    let config = &call.archive.config;
    let (user, password) = (call.required("username")?, call.parameters.get("password").unwrap_or_default());
    if !accounts::verify(&call.archive.store, user, password)? {
        return Err(Fault::new(StatusCode::UNAUTHORIZED, "Login failed: wrong user name or password."));
    }
    let cookie = cookie_name(config.legacy);
    let sessions = &call.archive.sessions;
    sessions.end(request.headers(), context, cookie);
    let (token, _) = sessions.start(user, context, call.now, config.session_time)?;
    if context == Context::Tap {
        sessions.raise(user, Event::LoggedIn, call.now);
    }
    let mut head = text(StatusCode::OK);
    if config.legacy {
        head = head.header(header::SET_COOKIE, set_cookie("JSESSIONID", &token, call.base, context, ""));
    } else {
        // Two lines, the one that nothing hangs on first, as the archive sends them.
        let other = entropy::hexadecimal::<16>()?;
        head = head.header(header::SET_COOKIE, set_cookie("JSESSIONID", &other, call.base, context, ""));
        head = head.header(header::SET_COOKIE, set_cookie("SESSION", &token, call.base, context, "; SameSite=Lax"));
    }
    Ok(response::ready(head, Chunks::once(format!("OK: {user}\n"))))
}

/// `POST logout`. Who is not signed in is none the worse for it.
pub fn logout<B>(call: &Call<'_>, request: &Request<B>, context: Context) -> Result<Answer, Fault> {
    call.posting()?;
    call.archive.sessions.end(request.headers(), context, cookie_name(call.archive.config.legacy));
    if let (Some(user), Context::Tap) = (&call.caller.user, context) {
        call.archive.sessions.raise(user, Event::LoggedOut, call.now);
    }
    let mut head = text(StatusCode::OK);
    for name in ["JSESSIONID", "SESSION"] {
        let gone = set_cookie(name, "", call.base, context, "; Max-Age=0");
        head = head.header(header::SET_COOKIE, gone);
    }
    Ok(response::ready(head, Chunks::once("OK\n")))
}

fn text(status: StatusCode) -> http::response::Builder {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/plain; charset=UTF-8")
        .header(header::CACHE_CONTROL, "no-cache, no-store, max-age=0, must-revalidate")
        .header(header::PRAGMA, "no-cache")
        .header(header::EXPIRES, "0")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::X_XSS_PROTECTION, "0")
        .header(header::X_FRAME_OPTIONS, "SAMEORIGIN")
}

/// A cookie for one context. `Secure` only where the archive is reached by https: otherwise browsers would not keep it.
fn set_cookie(name: &str, value: &str, base: &str, context: Context, more: &str) -> String {
    let (scheme, rest) = base.split_once("://").unwrap_or(("http", base));
    let mount = rest.find('/').map_or("", |at| &rest[at..]).trim_end_matches('/');
    let secure = if scheme == "https" { "; Secure" } else { "" };
    format!("{name}={value}; Path={mount}{}{secure}; HttpOnly{more}", context.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_belong_to_one_context_under_the_mount() {
        assert_eq!(
            set_cookie("SESSION", "1", "http://127.0.0.1:8080/gw/sandbox", Context::Data, "; SameSite=Lax"),
            "SESSION=1; Path=/gw/sandbox/data-server; HttpOnly; SameSite=Lax"
        );
        assert_eq!(
            set_cookie("SESSION", "1", "https://archive.test", Context::Tap, ""),
            "SESSION=1; Path=/tap-server; Secure; HttpOnly"
        );
    }

    #[test]
    fn a_session_ends_when_it_is_not_used() {
        let (sessions, idle) = (Sessions::new(Arc::default()), Duration::from_secs(60));
        let (token, _) = sessions.start("demo", Context::Tap, Time(0), idle).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("other=1; SESSION={token}").parse().unwrap());
        let caller = |context, at| sessions.caller(&headers, context, "SESSION", Time(at), idle);
        assert_eq!(caller(Context::Tap, 50_000).name(), "demo");
        assert_eq!(caller(Context::Data, 50_000).name(), "anonymous");
        assert_eq!(caller(Context::Tap, 100_000).name(), "demo");
        assert_eq!(caller(Context::Tap, 160_000).name(), "anonymous");
        assert_eq!(caller(Context::Tap, 100_000).name(), "anonymous");
    }
}
