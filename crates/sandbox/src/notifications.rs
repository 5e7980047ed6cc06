//! Notifications (TAP+): what a user has not read yet, one line each, and the notice that an operator has for everybody.
//!
//! One that is marked as read is removed, as in the archive, and so is one that is a month old. The notice for everybody stays
//! as long as the operator wants it. Texts are plain and have no line ends, so that a line is a notification.

use std::time::Duration;

use rusqlite::{Connection, Transaction, params};

use crate::Time;
use crate::archive::Answer;
use crate::call::Call;
use crate::events::Event;
use crate::fault::Fault;
use crate::response;
use crate::session::Sessions;
use crate::store::Store;

/// The tables of this part.
pub const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS notification (
        id TEXT PRIMARY KEY, user TEXT NOT NULL, type INTEGER NOT NULL, text TEXT NOT NULL, created INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS notification_user ON notification (user, created)";

/// How long one is kept that nobody reads.
const MONTH: Duration = Duration::from_secs(30 * 86_400);

/// Notifications that are kept for a user; the oldest goes first.
const MOST_OF_A_USER: u32 = 1_000;

/// The type and subtype of a notice for everybody.
const BANNER: &str = "-100,-1";

/// Answers `/notification`.
pub fn answer(call: &Call<'_>) -> Result<Answer, Fault> {
    match call.required("action")? {
        "GetNotifications" => list(call),
        "MarkNotificationsAsRead" => mark_as_read(call),
        other => Err(Fault::bad(format!(
            "Invalid required parameter 'action' value: {other}. Valid values are: GetNotifications, MarkNotificationsAsRead"
        ))),
    }
}

/// The notice for everybody, which needs no session, then the caller's own, the oldest first.
fn list(call: &Call<'_>) -> Result<Answer, Fault> {
    let banner = call.archive.config.banner.as_deref().map(plain).filter(|text| !text.is_empty());
    let mut lines: Vec<String> =
        banner.iter().map(|text| format!("{}[type: {BANNER}]={text}", banner_id(text))).collect();
    if let Some(user) = &call.caller.user {
        lines.extend(call.archive.store.read(|connection| own(connection, user, call.now))?);
    }
    Ok(response::text(lines.join("\n")))
}

fn own(connection: &Connection, user: &str, now: Time) -> Result<Vec<String>, Fault> {
    let sql = "SELECT id, type, text FROM notification WHERE user = ?1 AND created > ?2 ORDER BY created, id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![user, a_month_before(now)], |row| {
        let (id, kind, text): (String, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(format!("{id}[type: {kind},-1]={text}"))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// `notifications_id`: a list of identifiers. `OK` if all were notifications of the caller, `NOK` if there is one that was not.
fn mark_as_read(call: &Call<'_>) -> Result<Answer, Fault> {
    let user = call.user()?;
    let ids = call.required("notifications_id")?;
    let (mut removed, mut unknown) = (false, false);
    call.archive.store.write(|transaction| {
        let mut statement = transaction.prepare_cached("DELETE FROM notification WHERE id = ?1 AND user = ?2")?;
        for id in ids.split(',').map(str::trim).filter(|id| !id.is_empty()) {
            let found = statement.execute([id, user])? > 0;
            removed |= found;
            unknown |= !found;
        }
        Ok(())
    })?;
    if removed {
        call.archive.sessions.raise(user, Event::NotificationRemoved, call.now);
    }
    Ok(response::text(if unknown { "NOK" } else { "OK" }))
}

/// Makes a notification for a user. Its type is the number of the event that it is about. The caller raises
/// [`Event::NotificationCreated`] when the transaction is done.
pub fn notify(transaction: &Transaction<'_>, user: &str, about: Event, text: &str, now: Time) -> Result<(), Fault> {
    let mut number = now.0;
    let mut insert = transaction.prepare_cached("INSERT OR IGNORE INTO notification VALUES (?1, ?2, ?3, ?4, ?5)")?;
    while insert.execute(params![format!("{number}D"), user, about as u16, plain(text), now.0])? == 0 {
        number += 1;
    }
    let mut surplus = transaction.prepare_cached(
        "DELETE FROM notification WHERE user = ?1 AND id NOT IN
         (SELECT id FROM notification WHERE user = ?1 ORDER BY created DESC, id DESC LIMIT ?2)",
    )?;
    surplus.execute(params![user, MOST_OF_A_USER])?;
    Ok(())
}

/// Removes those whose time is over; true if there were any.
pub fn expire(store: &Store, sessions: &Sessions, now: Time) -> Result<bool, Fault> {
    let before = a_month_before(now);
    let users = |connection: &Connection| -> Result<Vec<String>, Fault> {
        let mut statement = connection.prepare_cached("SELECT DISTINCT user FROM notification WHERE created <= ?1")?;
        let users = statement.query_map([before], |row| row.get(0))?;
        Ok(users.collect::<Result<_, _>>()?)
    };
    // Nothing is written as long as there is nothing to remove: this is asked again and again.
    let users = store.read(users)?;
    if users.is_empty() {
        return Ok(false);
    }
    store.write(|transaction| {
        transaction.execute("DELETE FROM notification WHERE created <= ?1", [before])?;
        Ok(())
    })?;
    users.iter().for_each(|user| sessions.raise(user, Event::NotificationRemoved, now));
    Ok(true)
}

fn a_month_before(now: Time) -> i64 {
    now.0.saturating_sub(i64::try_from(MONTH.as_millis()).unwrap_or(i64::MAX))
}

/// An identifier in the shape of the others that is another one for another text, so that a client which hides what was read
/// shows the next notice.
fn banner_id(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("1{:012}D", hash % 1_000_000_000_000)
}

/// A text in one line.
fn plain(text: &str) -> String {
    let pieces = text.split(char::is_control).map(str::trim).filter(|piece| !piece.is_empty());
    pieces.collect::<Vec<_>>().join(" ")
}
