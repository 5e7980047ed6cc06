//! Whom a change concerns: the events for their sessions, and notifications for those with whom something is shared.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction};

use crate::Time;
use crate::events::{Event, Events};
use crate::fault::Fault;
use crate::notifications;

/// What is to be told when the change is done.
pub struct News<'a> {
    /// Who makes the change. They know of it and get no notification.
    actor: &'a str,
    now: Time,
    /// The events.
    pub events: Events,
}

impl<'a> News<'a> {
    /// Nothing yet.
    pub fn new(actor: &'a str, now: Time) -> News<'a> {
        News { actor, now, events: Events::new() }
    }

    /// An event for some users.
    pub fn event<'u>(&mut self, users: impl IntoIterator<Item = &'u String>, event: Event) {
        self.events.extend(users.into_iter().map(|user| (user.clone(), event)));
    }

    /// A notification for somebody else.
    pub fn notify(&mut self, transaction: &Transaction<'_>, user: &str, about: Event, text: &str) -> Result<(), Fault> {
        if user != self.actor {
            notifications::notify(transaction, user, about, text, self.now)?;
            self.events.push((user.to_owned(), Event::NotificationCreated));
        }
        Ok(())
    }
}

/// Who may read some items, at one moment.
pub struct Readers {
    items: Vec<String>,
    /// Item and user.
    pairs: BTreeSet<(String, String)>,
}

impl Readers {
    /// The readers of one item.
    pub fn of_item(connection: &Connection, item: &str) -> Result<Readers, Fault> {
        Readers::of(connection, vec![item.to_owned()])
    }

    /// The readers of all items that are shared with a group.
    pub fn of_group(connection: &Connection, group: &str) -> Result<Readers, Fault> {
        let mut statement =
            connection.prepare_cached("SELECT item FROM shared_to WHERE share_to = ?1 AND kind = 'Group'")?;
        let items = statement.query_map([group], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Readers::of(connection, items)
    }

    fn of(connection: &Connection, items: Vec<String>) -> Result<Readers, Fault> {
        let mut pairs = BTreeSet::new();
        let mut statement = connection.prepare_cached(
            "SELECT user FROM share_reader WHERE item = ?1
             EXCEPT SELECT owner FROM shared_item WHERE id = ?1",
        )?;
        for item in &items {
            for user in statement.query_map([item], |row| row.get(0))? {
                pairs.insert((item.clone(), user?));
            }
        }
        Ok(Readers { items, pairs })
    }

    /// Tells those who have become readers since and those who are none any longer; `stayed` is the event for the others.
    pub fn tell(self, transaction: &Transaction<'_>, stayed: Option<Event>, news: &mut News<'_>) -> Result<(), Fault> {
        let Readers { items, pairs: before } = self;
        let after = Readers::of(transaction, items)?.pairs;
        let mut statement = transaction.prepare_cached("SELECT owner, title FROM shared_item WHERE id = ?1")?;
        for (item, user) in after.difference(&before) {
            let (owner, title): (String, Option<String>) =
                statement.query_row([item], |row| Ok((row.get(0)?, row.get(1)?)))?;
            news.event([user], Event::SharedItemCreated);
            if let Some(title) = title {
                let text = format!("User '{owner}' shares table '{title}' with you.");
                news.notify(transaction, user, Event::SharedItemCreated, &text)?;
            }
        }
        news.event(before.difference(&after).map(|(_, user)| user), Event::SharedItemRemoved);
        if let Some(stayed) = stayed {
            news.event(before.intersection(&after).map(|(_, user)| user), stayed);
        }
        Ok(())
    }
}
