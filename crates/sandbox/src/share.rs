//! Sharing (TAP+): groups of users, and tables that are shared with groups or with users. One resource, `/share`, and an
//! `action` that says what is meant; its case counts.
//!
//! Groups and items are changed by their owners only. Who belongs to a group sees it; of others' groups nobody learns.
//! What an update does not name again is gone from it, title and description, but an empty list of users or items leaves
//! the list as it was: both are the archive's ways.

pub mod access;
mod document;
mod groups;
mod items;
mod news;

use rusqlite::{Connection, OptionalExtension as _, Transaction};

use crate::Time;
use crate::accounts;
use crate::archive::Answer;
use crate::call::Call;
use crate::fault::Fault;
use crate::response;
use crate::users;
use news::News;

/// The tables of this part. To a group belong its members and its owner.
pub const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS share_group (id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT, description TEXT);
    CREATE TABLE IF NOT EXISTS share_member (
        share_group TEXT NOT NULL REFERENCES share_group (id) ON DELETE CASCADE, user TEXT NOT NULL,
        PRIMARY KEY (share_group, user));
    CREATE TABLE IF NOT EXISTS shared_item (id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT, description TEXT);
    CREATE TABLE IF NOT EXISTS shared_to (
        item TEXT NOT NULL REFERENCES shared_item (id) ON DELETE CASCADE, share_to TEXT NOT NULL, kind TEXT NOT NULL,
        mode TEXT NOT NULL, PRIMARY KEY (item, share_to, kind));
    CREATE INDEX IF NOT EXISTS shared_to_whom ON shared_to (share_to);
    CREATE VIEW IF NOT EXISTS share_belongs AS
        SELECT share_group, user FROM share_member UNION SELECT id, owner FROM share_group;
    CREATE VIEW IF NOT EXISTS share_reader AS
        SELECT item, share_to AS user, mode FROM shared_to WHERE kind = 'User'
        UNION SELECT item, user, mode FROM shared_to JOIN share_belongs ON share_group = share_to WHERE kind = 'Group'";

/// The actions, in the order in which the archive lists them.
const ACTIONS: [&str; 18] = [
    "CreateOrUpdateGroup",
    "CreateUserGroup",
    "CreateOrUpdateItem",
    "CreateItemRelation",
    "RemoveGroup",
    "RemoveUserGroup",
    "RemoveItem",
    "RemoveItemRelation",
    "GetGroupsDescriptionsOnly",
    "GetGroupDescriptionOnly",
    "GetGroups",
    "GetGroup",
    "GetSharedItemsDescriptionsOnly",
    "GetSharedItemDescriptionOnly",
    "GetSharedItems",
    "GetSharedItem",
    "GetUsers",
    "GetUserDetails",
];

/// Longest title and description, bytes.
const LONGEST: usize = 10_000;

/// Groups, and items, that a user may have.
const MOST_OF_A_USER: u32 = 1_000;

/// Answers `/share`.
pub fn answer(call: &Call<'_>) -> Result<Answer, Fault> {
    let user = call.caller.user.as_deref();
    let user =
        user.ok_or_else(|| Fault::forbidden("User 'anonymous' is not authorized to use 'share' capabilities"))?;
    check_values(call)?;
    let action = call.required("action")?;
    if !ACTIONS.contains(&action) {
        return Err(Fault::bad(format!(
            "Invalid required parameter 'action' value: {action}. Valid values are: {}",
            ACTIONS.join(", ")
        )));
    }
    if !action.starts_with("Get") {
        call.posting()?;
        return change(call, user, action);
    }
    let store = &call.archive.store;
    match action {
        "GetGroups" | "GetGroupsDescriptionsOnly" => {
            let mut groups = store.read(|connection| groups::visible(connection, user))?;
            if let Some(list) = call.parameters.value("groups_list") {
                groups.retain(|group| entries(list).any(|id| id == group.id));
            }
            let users = call.parameters.value("include_users").is_none_or(|flag| flag.eq_ignore_ascii_case("true"));
            Ok(response::xml(document::groups(&groups, users && action == "GetGroups")))
        }
        "GetGroup" | "GetGroupDescriptionOnly" => {
            let id = call.required("group_id")?;
            let group = store.read(|connection| groups::known(connection, id, user))?;
            Ok(response::xml(document::groups(&[group], action == "GetGroup")))
        }
        "GetSharedItems" | "GetSharedItemsDescriptionsOnly" => {
            let items = store.read(|connection| items::of(connection, user))?;
            Ok(response::xml(document::items(&items, user, action == "GetSharedItems")))
        }
        "GetSharedItem" | "GetSharedItemDescriptionOnly" => {
            let id = call.required("resource_id")?;
            items::check_type(call)?;
            let item = store.read(|connection| items::own(connection, id, user))?;
            Ok(response::xml(document::items(&[item], user, action == "GetSharedItem")))
        }
        _ => {
            let all = action == "GetUsers";
            let wanted = if all { "*" } else { call.required("user_id")? };
            let mut users = store.read(|connection| users::matching(connection, wanted))?;
            users.retain(|(login, _)| all || login == wanted);
            if users.is_empty() {
                return Err(no_such_user(wanted));
            }
            Ok(response::xml(document::users(&users)))
        }
    }
}

/// Does one of the actions that change something, and tells whom it concerns.
fn change(call: &Call<'_>, user: &str, action: &str) -> Result<Answer, Fault> {
    let mut news = News::new(user, call.now);
    let done = call.archive.store.write(|transaction| match action {
        "CreateOrUpdateGroup" => groups::create_or_update(call, transaction, user, &mut news),
        "RemoveGroup" => groups::remove(call, transaction, user, &mut news),
        "CreateUserGroup" => groups::add_user(call, transaction, user, &mut news),
        "RemoveUserGroup" => groups::remove_user(call, transaction, user, &mut news),
        "CreateOrUpdateItem" => items::create_or_update(call, transaction, user, &mut news),
        "CreateItemRelation" => items::add_relation(call, transaction, user, &mut news),
        "RemoveItemRelation" => items::remove_relation(call, transaction, user, &mut news),
        _ => items::remove(call, transaction, user, &mut news),
    })?;
    call.archive.sessions.raise_all(&news.events, call.now);
    Ok(response::text(format!("OK\n{done}")))
}

/// The archive refuses `;` in values of this resource.
fn check_values(call: &Call<'_>) -> Result<(), Fault> {
    for (name, value) in call.parameters.iter() {
        if value.contains(';') {
            return Err(Fault::bad(format!("The value of parameter '{name}' must not contain ';'.")));
        }
        if value.len() > LONGEST {
            return Err(Fault::bad(format!("The value of parameter '{name}' is longer than {LONGEST} bytes.")));
        }
    }
    Ok(())
}

/// The entries of a list that are not empty.
fn entries(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|entry| !entry.is_empty())
}

/// An identifier that neither a group nor an item has: the user and the time.
fn new_id(transaction: &Transaction<'_>, user: &str, now: Time) -> Result<String, Fault> {
    let mut taken = transaction
        .prepare_cached("SELECT 1 FROM share_group WHERE id = ?1 UNION SELECT 1 FROM shared_item WHERE id = ?1")?;
    let mut number = now.0;
    loop {
        let id = format!("{user}_{number}O");
        if !taken.exists([&id])? {
            return Ok(id);
        }
        number += 1;
    }
}

/// Refuses one more of what this user has too many of.
fn check_number(transaction: &Transaction<'_>, sql: &str, user: &str) -> Result<(), Fault> {
    let number: u32 = transaction.query_row(sql, [user], |row| row.get(0))?;
    if number < MOST_OF_A_USER {
        return Ok(());
    }
    Err(Fault::bad(format!("User '{user}' has {number} of these already: remove some that are no longer needed.")))
}

/// Refuses who does not exist.
fn check_user(connection: &Connection, login: &str) -> Result<(), Fault> {
    accounts::full_name(connection, login)?.map(|_| ()).ok_or_else(|| no_such_user(login))
}

fn no_such_user(login: &str) -> Fault {
    Fault::missing(format!("User '{login}' does not exist."))
}

/// The owner that a statement finds.
fn owner(connection: &Connection, sql: &str, id: &str) -> Result<Option<String>, Fault> {
    Ok(connection.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()?)
}
