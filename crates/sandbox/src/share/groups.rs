//! Groups of users.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, params};

use super::news::{News, Readers};
use super::{check_number, check_user, entries, new_id, owner};
use crate::call::Call;
use crate::events::Event;
use crate::fault::Fault;

/// A group.
pub struct Group {
    /// Identifier.
    pub id: String,
    /// Login of its owner.
    pub owner: String,
    /// Title, if the last update named one.
    pub title: Option<String>,
    /// Description, if the last update named one.
    pub description: Option<String>,
    /// Login and full name of its members.
    pub users: Vec<(String, String)>,
}

/// The groups to which a user belongs, in the order of their creation.
pub fn visible(connection: &Connection, user: &str) -> Result<Vec<Group>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT id, owner, title, description FROM share_group
         WHERE id IN (SELECT share_group FROM share_belongs WHERE user = ?1) ORDER BY rowid",
    )?;
    let mut members = connection.prepare_cached(
        "SELECT user, name FROM share_member JOIN account ON login = user WHERE share_group = ?1 ORDER BY user",
    )?;
    let mut groups = Vec::new();
    let mut rows = statement.query([user])?;
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let users = members.query_map([&id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        groups.push(Group { id, owner: row.get(1)?, title: row.get(2)?, description: row.get(3)?, users });
    }
    Ok(groups)
}

/// The group of this identifier, if the user belongs to it.
pub fn known(connection: &Connection, id: &str, user: &str) -> Result<Group, Fault> {
    let group = visible(connection, user)?.into_iter().find(|group| group.id == id);
    group.ok_or_else(|| no_such_group(id))
}

/// `CreateOrUpdateGroup`: makes a group, or changes the one that `group_id` names. `users_list`, if it is not empty, takes the
/// place of all members.
pub fn create_or_update(
    call: &Call<'_>,
    transaction: &Transaction<'_>,
    user: &str,
    news: &mut News<'_>,
) -> Result<String, Fault> {
    let (title, description) = (call.parameters.value("title"), call.parameters.value("description"));
    // The documentation has both names.
    let list = call.parameters.value("users_list").or_else(|| call.parameters.value("user_list"));
    let (id, done) = match call.parameters.value("group_id") {
        Some(id) => {
            check_owner(transaction, id, user)?;
            let sql = "UPDATE share_group SET title = ?2, description = ?3 WHERE id = ?1";
            transaction.execute(sql, params![id, title, description])?;
            news.event(&belonging(transaction, id)?, Event::SharedGroupUpdated);
            (id.to_owned(), "updated")
        }
        None => {
            call.required("title")?;
            check_number(transaction, "SELECT COUNT(*) FROM share_group WHERE owner = ?1", user)?;
            let id = new_id(transaction, user, call.now)?;
            let sql = "INSERT INTO share_group VALUES (?1, ?2, ?3, ?4)";
            transaction.execute(sql, params![id, user, title, description])?;
            news.event([&user.to_owned()], Event::SharedGroupCreated);
            (id, "created")
        }
    };
    if let Some(list) = list {
        let members = entries(list).map(str::to_owned).collect();
        set_members(transaction, &id, &members, news)?;
    }
    Ok(format!("Group '{id}' successfully {done}."))
}

/// `RemoveGroup`: `group_id`. What is shared with it is then shared with nobody of it.
pub fn remove(
    call: &Call<'_>,
    transaction: &Transaction<'_>,
    user: &str,
    news: &mut News<'_>,
) -> Result<String, Fault> {
    let id = call.required("group_id")?;
    check_owner(transaction, id, user)?;
    news.event(&belonging(transaction, id)?, Event::SharedGroupRemoved);
    let readers = Readers::of_group(transaction, id)?;
    let sharers: Vec<String> = transaction
        .prepare_cached(
            "SELECT owner FROM shared_item JOIN shared_to ON item = id WHERE share_to = ?1 AND kind = 'Group'",
        )?
        .query_map([id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    news.event(&sharers, Event::SharedItemUpdated);
    transaction.execute("DELETE FROM shared_to WHERE share_to = ?1 AND kind = 'Group'", [id])?;
    transaction.execute("DELETE FROM share_group WHERE id = ?1", [id])?;
    readers.tell(transaction, None, news)?;
    Ok(format!("Group '{id}' successfully removed."))
}

/// `CreateUserGroup`: `group_id`, `user_id`.
pub fn add_user(
    call: &Call<'_>,
    transaction: &Transaction<'_>,
    user: &str,
    news: &mut News<'_>,
) -> Result<String, Fault> {
    let (id, member) = (call.required("group_id")?, call.required("user_id")?);
    check_owner(transaction, id, user)?;
    let mut members = members(transaction, id)?;
    members.insert(member.to_owned());
    set_members(transaction, id, &members, news)?;
    Ok(format!("User '{member}' successfully added to group '{id}'."))
}

/// `RemoveUserGroup`: `group_id`, `user_id`.
pub fn remove_user(
    call: &Call<'_>,
    transaction: &Transaction<'_>,
    user: &str,
    news: &mut News<'_>,
) -> Result<String, Fault> {
    let (id, member) = (call.required("group_id")?, call.required("user_id")?);
    check_owner(transaction, id, user)?;
    let mut members = members(transaction, id)?;
    if !members.remove(member) {
        return Err(Fault::missing(format!("User '{member}' is not in group '{id}'.")));
    }
    set_members(transaction, id, &members, news)?;
    Ok(format!("User '{member}' successfully removed from group '{id}'."))
}

/// Makes these the members of a group; tells who has come, who has gone, and the others that somebody has.
fn set_members(
    transaction: &Transaction<'_>,
    id: &str,
    after: &BTreeSet<String>,
    news: &mut News<'_>,
) -> Result<(), Fault> {
    let before = members(transaction, id)?;
    let readers = Readers::of_group(transaction, id)?;
    let (owner, title): (String, Option<String>) =
        transaction.query_row("SELECT owner, title FROM share_group WHERE id = ?1", [id], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    for user in after.difference(&before) {
        check_user(transaction, user)?;
        transaction.execute("INSERT INTO share_member VALUES (?1, ?2)", [id, user])?;
        news.event([user, &owner], Event::SharedUserCreated);
        let text = format!("User '{owner}' added you to the group '{}'.", title.as_deref().unwrap_or(id));
        news.notify(transaction, user, Event::SharedUserCreated, &text)?;
    }
    for user in before.difference(after) {
        transaction.execute("DELETE FROM share_member WHERE share_group = ?1 AND user = ?2", [id, user])?;
        news.event([user, &owner], Event::SharedUserRemoved);
    }
    if before != *after {
        news.event(before.intersection(after), Event::SharedUserUpdated);
    }
    readers.tell(transaction, None, news)
}

fn members(connection: &Connection, id: &str) -> Result<BTreeSet<String>, Fault> {
    users(connection, "SELECT user FROM share_member WHERE share_group = ?1", id)
}

/// The members and the owner.
fn belonging(connection: &Connection, id: &str) -> Result<BTreeSet<String>, Fault> {
    users(connection, "SELECT user FROM share_belongs WHERE share_group = ?1", id)
}

fn users(connection: &Connection, sql: &str, id: &str) -> Result<BTreeSet<String>, Fault> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Refuses who is not the owner of a group. Who does not belong to it learns nothing of it.
fn check_owner(connection: &Connection, id: &str, user: &str) -> Result<(), Fault> {
    match owner(connection, "SELECT owner FROM share_group WHERE id = ?1", id)? {
        Some(owner) if owner == user => Ok(()),
        Some(owner) if members(connection, id)?.contains(user) => Err(Fault::forbidden(format!(
            "User '{user}' is not authorized to change group '{id}': it belongs to '{owner}'."
        ))),
        _ => Err(no_such_group(id)),
    }
}

/// What is said of a group that there is not, or that the user does not belong to.
pub fn no_such_group(id: &str) -> Fault {
    Fault::missing(format!("Group '{id}' does not exist."))
}
