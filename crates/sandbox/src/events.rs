//! Events (TAP+): what a session is told that has happened since it asked last.
//!
//! `GET /event` waits until there is something to tell, as the newest archive does, and what it has told it does not tell
//! again. `block=false` looks without waiting and leaves everything as it was.

use crate::archive::Answer;
use crate::call::Call;
use crate::fault::Fault;
use crate::response;

/// Events, each with the user whom it concerns.
pub type Events = Vec<(String, Event)>;

/// What happened. The numbers are the archive's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Event {
    /// A job was made.
    JobCreated = 100,
    /// A job changed.
    JobUpdated = 101,
    /// A job was removed.
    JobRemoved = 102,
    /// Something was shared.
    SharedItemCreated = 210,
    /// Something that is shared changed.
    SharedItemUpdated = 211,
    /// Something is no longer shared.
    SharedItemRemoved = 212,
    /// A group was made.
    SharedGroupCreated = 220,
    /// A group changed.
    SharedGroupUpdated = 221,
    /// A group was removed.
    SharedGroupRemoved = 222,
    /// A user came into a group.
    SharedUserCreated = 230,
    /// A user of a group changed.
    SharedUserUpdated = 231,
    /// A user left a group.
    SharedUserRemoved = 232,
    /// The user signed in.
    LoggedIn = 300,
    /// The user signed out.
    LoggedOut = 301,
    /// The space that tables take changed.
    DatabaseQuotaUpdated = 401,
    /// The space that results of jobs take changed.
    FileQuotaUpdated = 402,
    /// There is a notification.
    NotificationCreated = 500,
    /// A notification went.
    NotificationRemoved = 501,
    /// A table was made.
    TableCreated = 4000,
    /// A table changed.
    TableUpdated = 4001,
    /// A table was removed.
    TableRemoved = 4002,
}

/// Answers `/event`: whose session it is, and what happened in it, `type=milliseconds`.
pub fn answer(call: &Call<'_>) -> Result<Answer, Fault> {
    let user = call.user()?;
    let number = call.caller.session.unwrap_or_default();
    let sessions = &call.archive.sessions;
    let kind = call.parameters.value("id").map(|id| {
        id.parse().map_err(|_| Fault::bad(format!("Invalid parameter 'id' value: {id}. Expected an integer value.")))
    });
    let kind: Option<i64> = kind.transpose()?;
    if call.parameters.flag("close") {
        sessions.release(number, call.now);
        return Ok(response::text("OK"));
    }
    let blocks = call.parameters.value("block").is_none_or(|block| !block.eq_ignore_ascii_case("false"));
    let pending = sessions.pending(number, kind, blocks);
    let until = call.arrival.after(call.archive.config.event_time);
    if blocks && pending.is_empty() && call.now < until && !sessions.is_released(number, call.arrival) {
        return Ok(Answer::Wait(until));
    }
    let mut text = format!("-1={user}#{number}");
    for (event, time) in pending {
        text += &format!("\n{event}={}", time.0);
    }
    Ok(response::text(text))
}
