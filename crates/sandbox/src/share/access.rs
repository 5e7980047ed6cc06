//! Who may read which table of which user, for the parts that have the tables; and what becomes of shares when a table goes.

use rusqlite::{Connection, Transaction};

use crate::events::{Event, Events};
use crate::fault::Fault;

/// Whom something is shared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All who belong to a group.
    Group,
    /// One user.
    User,
}

impl Kind {
    /// The word in requests and documents.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Group => "Group",
            Kind::User => "User",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Kind, Fault> {
        match word {
            "Group" => Ok(Kind::Group),
            "User" => Ok(Kind::User),
            _ => Err(Fault::bad(format!(
                "Invalid required parameter 'share_type' value: {word}. Valid values are: Group, and User"
            ))),
        }
    }
}

/// What they may do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Query it.
    Read,
    /// Query and change it.
    Write,
}

impl Mode {
    /// The word in requests and documents.
    pub fn word(self) -> &'static str {
        match self {
            Mode::Read => "Read",
            Mode::Write => "Write",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Mode, Fault> {
        match word {
            "Read" => Ok(Mode::Read),
            "Write" => Ok(Mode::Write),
            _ => Err(Fault::bad(format!(
                "Invalid required parameter 'share_mode' value: {word}. Valid values are: Read and Write"
            ))),
        }
    }
}

/// A share of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The group or user with whom.
    pub share_to: String,
    /// Which of both it is.
    pub kind: Kind,
    /// What they may do.
    pub mode: Mode,
}

/// The schema of a user's tables.
pub fn schema_of(user: &str) -> String {
    format!("user_{user}")
}

/// The name of a table as it is compared: without quotes and case.
pub fn normal(qualified: &str) -> String {
    qualified.replace('"', "").to_ascii_lowercase()
}

/// The same in SQL, of the title of an item.
const NORMAL_TITLE: &str = "lower(replace(title, '\"', ''))";

/// Whether a user may read a table of a user's schema: their own, and what is shared with them.
pub fn readable_by(connection: &Connection, schema: &str, table: &str, user: &str) -> Result<bool, Fault> {
    if schema.eq_ignore_ascii_case(&schema_of(user)) {
        return Ok(true);
    }
    let sql =
        format!("SELECT 1 FROM shared_item JOIN share_reader ON item = id WHERE {NORMAL_TITLE} = ?1 AND user = ?2");
    Ok(connection.prepare_cached(&sql)?.exists([&normal(&format!("{schema}.{table}")), user])?)
}

/// The tables of others that are shared with a user, qualified, and what they may do with each.
pub fn shared_with(connection: &Connection, user: &str) -> Result<Vec<(String, Mode)>, Fault> {
    // Of two shares of a table the wider counts, and `Write` comes behind `Read`.
    let sql = format!(
        "SELECT {NORMAL_TITLE} AS name, MAX(mode) FROM shared_item JOIN share_reader ON item = id
         WHERE user = ?1 AND owner <> ?1 AND title IS NOT NULL GROUP BY name ORDER BY name"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([user], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    rows.map(|row| row.map_err(Fault::from).and_then(|(table, mode)| Ok((table, Mode::parse(&mode)?)))).collect()
}

/// With whom a table is shared.
pub fn shares_of(connection: &Connection, qualified: &str) -> Result<Vec<Shared>, Fault> {
    let condition = format!("item IN (SELECT id FROM shared_item WHERE {NORMAL_TITLE} = ?1)");
    relations(connection, &condition, &normal(qualified))
}

/// The shares that fulfil a condition on `?1`, each once and with its wider mode.
pub(super) fn relations(connection: &Connection, condition: &str, value: &str) -> Result<Vec<Shared>, Fault> {
    let sql = format!("SELECT share_to, kind, MAX(mode) FROM shared_to WHERE {condition} GROUP BY 1, 2 ORDER BY 2, 1");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([value])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, mode): (String, String) = (row.get(1)?, row.get(2)?);
        found.push(Shared { share_to: row.get(0)?, kind: Kind::parse(&kind)?, mode: Mode::parse(&mode)? });
    }
    Ok(found)
}

/// A table is gone, and with it its shares. The events are to be raised when the transaction is done.
pub fn table_removed(transaction: &Transaction<'_>, qualified: &str) -> Result<Events, Fault> {
    let events = concerned(transaction, qualified, Event::SharedItemRemoved)?;
    transaction.execute(&format!("DELETE FROM shared_item WHERE {NORMAL_TITLE} = ?1"), [normal(qualified)])?;
    Ok(events)
}

/// A table has another name, under which it stays shared. The events are to be raised when the transaction is done.
pub fn table_renamed(transaction: &Transaction<'_>, old: &str, new: &str) -> Result<Events, Fault> {
    let events = concerned(transaction, old, Event::SharedItemUpdated)?;
    let sql = format!("UPDATE shared_item SET title = ?2 WHERE {NORMAL_TITLE} = ?1");
    transaction.execute(&sql, [&normal(old), new])?;
    Ok(events)
}

/// An event for those who share a table, and for those who may read it thereby.
fn concerned(connection: &Connection, qualified: &str, event: Event) -> Result<Events, Fault> {
    let sql = format!(
        "SELECT owner FROM shared_item WHERE {NORMAL_TITLE} = ?1
         UNION SELECT user FROM shared_item JOIN share_reader ON item = id WHERE {NORMAL_TITLE} = ?1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let users = statement.query_map([normal(qualified)], |row| Ok((row.get(0)?, event)))?;
    Ok(users.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `demo` shares `user_demo.Stars` with `student` to read it, and with the group `g` of `teacher` to write it.
    fn shared() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
        connection.execute_batch(crate::share::TABLES).unwrap();
        connection
            .execute_batch(
                "INSERT INTO share_group VALUES ('g', 'teacher', 'class', NULL);
                 INSERT INTO share_member VALUES ('g', 'student'), ('g', 'demo');
                 INSERT INTO shared_item VALUES ('a', 'demo', 'user_demo.\"Stars\"', NULL), ('b', 'demo', NULL, NULL);
                 INSERT INTO shared_to VALUES ('a', 'student', 'User', 'Read'), ('a', 'g', 'Group', 'Write'),
                                              ('b', 'other', 'User', 'Read')",
            )
            .unwrap();
        connection
    }

    #[test]
    fn a_table_is_read_by_its_owner_and_those_it_is_shared_with() {
        let connection = shared();
        let readable = |table: &str, user: &str| readable_by(&connection, "user_demo", table, user).unwrap();
        assert!(readable("stars", "demo") && readable("private", "demo"));
        assert!(readable("stars", "student") && readable("STARS", "teacher"));
        assert!(!readable("stars", "other") && !readable("private", "student"));
        assert_eq!(shared_with(&connection, "student").unwrap(), [("user_demo.stars".to_owned(), Mode::Write)]);
        assert_eq!(shared_with(&connection, "demo").unwrap(), []);
        assert_eq!(shared_with(&connection, "other").unwrap(), [], "its item names no table");
        let shares = shares_of(&connection, "user_demo.stars").unwrap();
        let expected = [("g", Kind::Group, Mode::Write), ("student", Kind::User, Mode::Read)];
        let expected = expected.map(|(whom, kind, mode)| Shared { share_to: whom.to_owned(), kind, mode });
        assert_eq!(shares, expected);
    }

    #[test]
    fn shares_follow_a_table_and_go_with_it() {
        let mut connection = shared();
        let transaction = connection.transaction().unwrap();
        let told = |mut events: Events, event: Event| {
            assert!(events.iter().all(|(_, raised)| *raised == event));
            events.sort_by(|a, b| a.0.cmp(&b.0));
            events.into_iter().map(|(user, _)| user).collect::<Vec<_>>()
        };
        let renamed = table_renamed(&transaction, "user_demo.stars", "user_demo.suns").unwrap();
        assert_eq!(told(renamed, Event::SharedItemUpdated), ["demo", "student", "teacher"]);
        assert!(readable_by(&transaction, "user_demo", "suns", "student").unwrap());
        assert!(!readable_by(&transaction, "user_demo", "stars", "student").unwrap());
        let removed = table_removed(&transaction, "USER_DEMO.suns").unwrap();
        assert_eq!(told(removed, Event::SharedItemRemoved), ["demo", "student", "teacher"]);
        assert!(!readable_by(&transaction, "user_demo", "suns", "student").unwrap());
        assert_eq!(shares_of(&transaction, "user_demo.suns").unwrap(), []);
        assert_eq!(told(table_removed(&transaction, "user_demo.suns").unwrap(), Event::SharedItemRemoved), [""; 0]);
    }
}
