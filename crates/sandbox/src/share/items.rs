//! Shared items: tables of users, which are shared with groups or users to be read or written.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::access::{Kind, Mode, Shared, normal, relations, schema_of};
use super::news::{News, Readers};
use super::{check_number, check_user, entries, groups, new_id, owner};
use crate::call::Call;
use crate::events::Event;
use crate::fault::Fault;
use crate::user_tables;

/// A shared item.
pub struct Item {
    /// Identifier.
    pub id: String,
    /// Title: the qualified name of the table, if the last update named one.
    pub title: Option<String>,
    /// Description, if the last update named one.
    pub description: Option<String>,
    /// With whom it is shared.
    pub relations: Vec<Shared>,
}

/// The items of a user, in the order of their creation.
pub fn of(connection: &Connection, user: &str) -> Result<Vec<Item>, Fault> {
    let sql = "SELECT id, title, description FROM shared_item WHERE owner = ?1 ORDER BY rowid";
    let mut statement = connection.prepare_cached(sql)?;
    let mut items = Vec::new();
    let mut rows = statement.query([user])?;
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let relations = relations(connection, "item = ?1", &id)?;
        items.push(Item { id, title: row.get(1)?, description: row.get(2)?, relations });
    }
    Ok(items)
}

/// The item of this identifier, if it is the user's.
pub fn own(connection: &Connection, id: &str, user: &str) -> Result<Item, Fault> {
    let item = of(connection, user)?.into_iter().find(|item| item.id == id);
    item.ok_or_else(|| no_such_item(id))
}

/// There is one type of items, tables.
pub fn check_type(call: &Call<'_>) -> Result<(), Fault> {
    let kind = call.required("resource_type")?;
    match kind.parse::<i64>() {
        Ok(0) => Ok(()),
        Ok(_) => Err(Fault::bad(format!("Resources of type '{kind}' cannot be shared. Only tables can: type 0."))),
        Err(_) => Err(Fault::bad(format!(
            "Invalid required parameter 'resource_type' value: {kind}. Expected an integer value."
        ))),
    }
}

/// `CreateOrUpdateItem`: shares the table that `title` names, or changes the item that `resource_id` names. `items_list`, if it
/// is not empty, says with whom: entries `identifier|Group|Read`; it takes the place of all that was shared before.
pub fn create_or_update(
    call: &Call<'_>,
    transaction: &Transaction<'_>,
    user: &str,
    news: &mut News<'_>,
) -> Result<String, Fault> {
    check_type(call)?;
    let (title, description) = (call.parameters.value("title"), call.parameters.value("description"));
    if let Some(title) = title {
        check_table(transaction, title, user)?;
    }
    let (id, done, event) = match call.parameters.value("resource_id") {
        Some(id) => {
            check_owner(transaction, id, user)?;
            (id.to_owned(), "updated", Event::SharedItemUpdated)
        }
        None => {
            call.required("title")?;
            check_number(transaction, "SELECT COUNT(*) FROM shared_item WHERE owner = ?1", user)?;
            (new_id(transaction, user, call.now)?, "created", Event::SharedItemCreated)
        }
    };
    let readers = Readers::of_item(transaction, &id)?;
    let sql = "INSERT INTO shared_item VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (id) DO UPDATE SET title = excluded.title, description = excluded.description";
    transaction.execute(sql, params![id, user, title, description])?;
    if let Some(list) = call.parameters.value("items_list") {
        transaction.execute("DELETE FROM shared_to WHERE item = ?1", [&id])?;
        for entry in entries(list) {
            // What is not three fields is dropped, as the archive does.
            if let [share_to, kind, mode] = entry.split('|').map(str::trim).collect::<Vec<_>>()[..] {
                relate(transaction, &id, user, &relation(share_to, kind, mode)?)?;
            }
        }
    }
    news.event([&user.to_owned()], event);
    readers.tell(transaction, Some(Event::SharedItemUpdated), news)?;
    Ok(format!("Resource '{id}' (type '0') successfully {done}."))
}

/// `CreateItemRelation`: `resource_id`, `resource_type`, `share_to_id`, `share_type`, `share_mode`: shares an item with one more.
pub fn add_relation(
    call: &Call<'_>,
    transaction: &Transaction<'_>,
    user: &str,
    news: &mut News<'_>,
) -> Result<String, Fault> {
    let id = call.required("resource_id")?;
    check_type(call)?;
    let shared = relation(call.required("share_to_id")?, call.required("share_type")?, call.required("share_mode")?)?;
    check_owner(transaction, id, user)?;
    let readers = Readers::of_item(transaction, id)?;
    relate(transaction, id, user, &shared)?;
    news.event([&user.to_owned()], Event::SharedItemUpdated);
    readers.tell(transaction, Some(Event::SharedItemUpdated), news)?;
    Ok(format!("Resource '{id}' (type '0') successfully shared with '{}'.", shared.share_to))
}

/// `RemoveItemRelation`: `resource_id`, `resource_type`, `share_to_id`, `share_type`: shares an item with one fewer.
pub fn remove_relation(
    call: &Call<'_>,
    transaction: &Transaction<'_>,
    user: &str,
    news: &mut News<'_>,
) -> Result<String, Fault> {
    let id = call.required("resource_id")?;
    check_type(call)?;
    let (share_to, kind) = (call.required("share_to_id")?, Kind::parse(call.required("share_type")?)?);
    check_owner(transaction, id, user)?;
    let readers = Readers::of_item(transaction, id)?;
    let sql = "DELETE FROM shared_to WHERE item = ?1 AND share_to = ?2 AND kind = ?3";
    if transaction.execute(sql, [id, share_to, kind.word()])? == 0 {
        return Err(Fault::missing(format!("Resource '{id}' is not shared with '{share_to}'.")));
    }
    news.event([&user.to_owned()], Event::SharedItemUpdated);
    readers.tell(transaction, Some(Event::SharedItemUpdated), news)?;
    Ok(format!("Resource '{id}' (type '0') is no longer shared with '{share_to}'."))
}

/// `RemoveItem`: `resource_id`, `resource_type`.
pub fn remove(
    call: &Call<'_>,
    transaction: &Transaction<'_>,
    user: &str,
    news: &mut News<'_>,
) -> Result<String, Fault> {
    let id = call.required("resource_id")?;
    check_type(call)?;
    check_owner(transaction, id, user)?;
    let readers = Readers::of_item(transaction, id)?;
    transaction.execute("DELETE FROM shared_item WHERE id = ?1", [id])?;
    news.event([&user.to_owned()], Event::SharedItemRemoved);
    readers.tell(transaction, None, news)?;
    Ok(format!("Resource '{id}' (type '0') successfully removed."))
}

fn relation(share_to: &str, kind: &str, mode: &str) -> Result<Shared, Fault> {
    Ok(Shared { share_to: share_to.to_owned(), kind: Kind::parse(kind)?, mode: Mode::parse(mode)? })
}

/// Shares an item with a group to which its owner belongs, or with a user.
fn relate(transaction: &Transaction<'_>, id: &str, user: &str, shared: &Shared) -> Result<(), Fault> {
    match shared.kind {
        Kind::Group => drop(groups::known(transaction, &shared.share_to, user)?),
        Kind::User => check_user(transaction, &shared.share_to)?,
    }
    let sql = "INSERT OR REPLACE INTO shared_to VALUES (?1, ?2, ?3, ?4)";
    transaction.execute(sql, [id, &shared.share_to, shared.kind.word(), shared.mode.word()])?;
    Ok(())
}

/// Refuses what is not the name of a table of the user's own.
fn check_table(connection: &Connection, title: &str, user: &str) -> Result<(), Fault> {
    let (table, schema) = (normal(title), schema_of(user));
    let name = table.strip_prefix(&schema).and_then(|rest| rest.strip_prefix('.'));
    if let Some(name) = name.filter(|name| !name.is_empty() && !name.contains('.')) {
        if user_tables::exists(connection, user, name)? {
            return Ok(());
        }
        return Err(Fault::missing(format!("Table '{title}' does not exist.")));
    }
    Err(Fault::bad(format!(
        "Table '{title}' cannot be shared: a title must name a table of your own schema, as in '{schema}.table'."
    )))
}

/// Refuses who is not the owner of an item; of others' items nobody learns.
fn check_owner(connection: &Connection, id: &str, user: &str) -> Result<(), Fault> {
    let owner = owner(connection, "SELECT owner FROM shared_item WHERE id = ?1", id)?;
    let reads = "SELECT 1 FROM share_reader WHERE item = ?1 AND user = ?2";
    match owner {
        Some(owner) if owner == user => Ok(()),
        Some(owner) if connection.query_row(reads, [id, user], |_| Ok(())).optional()?.is_some() => {
            Err(Fault::forbidden(format!(
                "User '{user}' is not authorized to change resource '{id}': it belongs to '{owner}'."
            )))
        }
        _ => Err(no_such_item(id)),
    }
}

fn no_such_item(id: &str) -> Fault {
    Fault::missing(format!("Resource '{id}' (type '0') does not exist."))
}
