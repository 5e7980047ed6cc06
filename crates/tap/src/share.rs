//! Sharing (TAP+): groups of users, and tables that are shared with groups and users. `/share` and its actions.
//!
//! An update replaces whatever it names, and forgets title and description if it does not repeat them. So updates here
//! are made of the whole thing as it was read, and members of a group come and go one by one, never as a list.

use crate::{
    error::{Error, error_in_ok_body, redact},
    request::{Form, Request, Service, get, post},
    users::User,
    vosi::SharedTo,
    xml::{self, Element, Step, Walker},
};

/// A group of users.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// Id, given by the archive.
    pub id: String,
    /// Whose group it is; only the owner changes it.
    pub owner: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Members; empty too where they were not asked for.
    pub members: Vec<User>,
}

/// A shared table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SharedItem {
    /// Id, given by the archive.
    pub id: String,
    /// Whose table it is.
    pub owner: String,
    /// The table's qualified name.
    pub title: String,
    /// Description.
    pub description: String,
    /// To whom it is shared; empty too where that was not asked for.
    pub shared_to: Vec<SharedTo>,
}

/// The answer to a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What the archive says.
    pub message: String,
    /// Id of what was made or changed, if it says so.
    pub id: Option<String>,
}

/// What becomes of the members of a group by an edit of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberChanges {
    /// Ids of new members.
    pub added: Vec<String>,
    /// Ids of members who are no longer wanted.
    pub removed: Vec<String>,
}

impl MemberChanges {
    /// The changes that lead from the members of `group`, which must have been read with them, to `wanted`.
    /// Blanks round ids, empty ids and repetitions count for nothing.
    pub fn between(group: &Group, wanted: &[impl AsRef<str>]) -> Self {
        let wanted: Vec<&str> = wanted.iter().map(|id| id.as_ref().trim()).filter(|id| !id.is_empty()).collect();
        let known = |id: &str| group.members.iter().any(|member| member.id == id);
        let mut added: Vec<String> = Vec::new();
        for id in &wanted {
            if !known(id) && !added.iter().any(|other| other == id) {
                added.push((*id).to_owned());
            }
        }
        let gone = group.members.iter().filter(|member| !wanted.contains(&member.id.as_str()));
        Self { added, removed: gone.map(|member| member.id.clone()).collect() }
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// One request for each member, so that nobody else's change is undone.
    pub fn requests(&self, service: &Service, group_id: &str) -> Vec<Request> {
        let added = self.added.iter().map(|user| service.add_member(group_id, user));
        added.chain(self.removed.iter().map(|user| service.remove_member(group_id, user))).collect()
    }
}

/// Whether the archive takes this as title, description or id: it refuses semicolons everywhere.
pub fn text_ok(text: &str) -> bool {
    !text.contains(';')
}

impl Service {
    /// The groups that the user owns or belongs to, with or without their members.
    pub fn groups(&self, with_members: bool) -> Request {
        self.share(if with_members { "GetGroups" } else { "GetGroupsDescriptionsOnly" }, &[])
    }

    /// Some groups with their members.
    pub fn groups_of(&self, ids: &[impl AsRef<str>]) -> Request {
        let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
        self.share("GetGroups", &[("groups_list", &ids.join(","))])
    }

    /// One group with its members.
    pub fn group(&self, id: &str) -> Request {
        self.share("GetGroup", &[("group_id", id)])
    }

    /// The tables that the user shares, with or without the groups and users that they are shared to.
    pub fn shared_items(&self, with_targets: bool) -> Request {
        self.share(if with_targets { "GetSharedItems" } else { "GetSharedItemsDescriptionsOnly" }, &[])
    }

    /// One shared table.
    pub fn shared_item(&self, id: &str) -> Request {
        self.share("GetSharedItem", &[("resource_id", id), TABLE])
    }

    /// All users that the archive tells of.
    pub fn share_users(&self) -> Request {
        self.share("GetUsers", &[])
    }

    /// One user.
    pub fn share_user(&self, id: &str) -> Request {
        self.share("GetUserDetails", &[("user_id", id)])
    }

    /// Makes a group. The answer names its id.
    pub fn create_group(&self, title: &str, description: &str, members: &[impl AsRef<str>]) -> Request {
        let members: Vec<&str> = members.iter().map(AsRef::as_ref).collect();
        let members = members.join(",");
        let mut pairs = vec![("title", title), ("description", description)];
        if !members.is_empty() {
            pairs.push(("users_list", &members));
        }
        self.change("CreateOrUpdateGroup", &pairs)
    }

    /// Gives a group the title and description that `group` has. Its members stay as they are at the archive:
    /// see [`MemberChanges`].
    pub fn update_group(&self, group: &Group) -> Request {
        let pairs = [("group_id", group.id.as_str()), ("title", &group.title), ("description", &group.description)];
        self.change("CreateOrUpdateGroup", &pairs)
    }

    /// Deletes a group; what was shared to it is so no longer.
    pub fn remove_group(&self, id: &str) -> Request {
        self.change("RemoveGroup", &[("group_id", id)])
    }

    /// Adds a user to a group.
    pub fn add_member(&self, group_id: &str, user_id: &str) -> Request {
        self.change("CreateUserGroup", &[("group_id", group_id), ("user_id", user_id)])
    }

    /// Removes a user from a group.
    pub fn remove_member(&self, group_id: &str, user_id: &str) -> Request {
        self.change("RemoveUserGroup", &[("group_id", group_id), ("user_id", user_id)])
    }

    /// Shares a table. The answer names the id of the share.
    pub fn share_table(&self, table: &str, description: &str, to: &[SharedTo]) -> Request {
        let pairs = [TABLE, ("title", table), ("description", description), ("items_list", &items_list(to))];
        self.change("CreateOrUpdateItem", &pairs)
    }

    /// Makes a share what `item` is, which must have been read with its targets: title, description and all of them.
    /// A share to nobody is removed, since the archive takes an empty list for none.
    pub fn update_share(&self, item: &SharedItem) -> Request {
        if item.shared_to.is_empty() {
            return self.remove_share(&item.id);
        }
        let list = items_list(&item.shared_to);
        let (title, description) = (item.title.as_str(), item.description.as_str());
        let pairs = [
            ("resource_id", item.id.as_str()),
            TABLE,
            ("title", title),
            ("description", description),
            ("items_list", &list),
        ];
        self.change("CreateOrUpdateItem", &pairs)
    }

    /// Shares a table no longer, with nobody.
    pub fn remove_share(&self, id: &str) -> Request {
        self.change("RemoveItem", &[("resource_id", id), TABLE])
    }

    fn share(&self, action: &str, pairs: &[(&str, &str)]) -> Request {
        get(&self.tap, "share", &with_action(action, pairs))
    }

    fn change(&self, action: &str, pairs: &[(&str, &str)]) -> Request {
        post(&self.tap, "share", &with_action(action, pairs))
    }
}

/// The only type of things that can be shared.
const TABLE: (&str, &str) = ("resource_type", "0");

fn with_action(action: &str, pairs: &[(&str, &str)]) -> Form {
    let mut form = Form::of(&[("action", action)]);
    pairs.iter().for_each(|(name, value)| form.add(name, value));
    form
}

/// Entries with another number of fields than three are dropped by the archive without a word, so bars and commas, which
/// no id has, are left out of it here.
fn items_list(to: &[SharedTo]) -> String {
    let clean = |text: &str| text.replace(['|', ',', ';'], "");
    let entries = to.iter().map(|to| format!("{}|{}|{}", clean(&to.id), clean(&to.kind), clean(&to.mode)));
    entries.collect::<Vec<_>>().join(",")
}

/// Reads the list of groups.
///
/// # Errors
/// `Service` for pages and errors of the service, `Truncated` or `Document` for what is no whole list.
pub fn parse_groups(bytes: &[u8]) -> Result<Vec<Group>, Error> {
    let group = |element: &Element| Group {
        id: word(element, "id"),
        owner: word(element, "owner"),
        title: element.child_text("title").unwrap_or_default(),
        description: element.child_text("description").unwrap_or_default(),
        members: element.child("users").map(users_of).unwrap_or_default(),
    };
    let root = root_of(bytes, "list of groups", &["sharedGroups", "sharedGroup"])?;
    Ok(entries(&root, "sharedGroup").map(group).collect())
}

/// Reads the list of shared tables. Other things that may be shared one day are left out.
///
/// # Errors
/// As [`parse_groups`].
pub fn parse_shared_items(bytes: &[u8]) -> Result<Vec<SharedItem>, Error> {
    let root = root_of(bytes, "list of shared tables", &["sharedItems", "sharedItem"])?;
    let target = |element: &Element| SharedTo {
        id: word(element, "shareTo"),
        kind: word(element, "shareType"),
        mode: word(element, "shareMode"),
    };
    let item = |element: &Element| SharedItem {
        id: word(element, "id"),
        owner: Some(word(element, "owner")).filter(|owner| !owner.is_empty()).unwrap_or_else(|| word(&root, "owner")),
        title: element.child_text("title").unwrap_or_default(),
        description: element.child_text("description").unwrap_or_default(),
        shared_to: element
            .child("sharedToItems")
            .map(|list| list.children_named("sharedToItem").map(target).collect())
            .unwrap_or_default(),
    };
    let tables = entries(&root, "sharedItem").filter(|element| matches!(word(element, "type").as_str(), "" | "0"));
    Ok(tables.map(item).collect())
}

/// Reads the users of `GetUsers` and `GetUserDetails`.
///
/// # Errors
/// As [`parse_groups`].
pub fn parse_share_users(bytes: &[u8]) -> Result<Vec<User>, Error> {
    let root = root_of(bytes, "list of users", &["users", "user"])?;
    Ok(if root.is("user") { vec![user_of(&root)] } else { users_of(&root) })
}

/// Reads the answer to a change: `OK`, then a sentence with the id in quotes.
///
/// # Errors
/// `Service` if the answer is a page or another error, `Document` if it does not begin with `OK`.
pub fn parse_reply(bytes: &[u8]) -> Result<Reply, Error> {
    if let Some(error) = error_in_ok_body(None, bytes) {
        return Err(error);
    }
    let text = xml::decode(bytes);
    let text = redact(text.trim());
    let rest = text.strip_prefix("OK").filter(|rest| !rest.starts_with(char::is_alphanumeric));
    let Some(message) = rest.map(str::trim) else {
        return Err(Error::document("answer", if text.is_empty() { "it is empty" } else { &text }, None));
    };
    let quoted = message.split_once('\'').and_then(|(_, rest)| rest.split_once('\''));
    Ok(Reply { message: message.to_owned(), id: quoted.map(|(id, _)| id.to_owned()) })
}

fn root_of(bytes: &[u8], what: &'static str, names: &[&str]) -> Result<Element, Error> {
    if let Some(error) = error_in_ok_body(None, &bytes[..bytes.len().min(65_536)]) {
        return Err(error);
    }
    // Not the lenient way of single documents: a list without its end would look like all of it.
    let text = xml::decode(bytes);
    let mut walker = Walker::new(&text, what)?;
    let Step::Start(root) = walker.next()? else {
        return Err(Error::document(what, "there is no XML in it", None));
    };
    if !names.iter().any(|name| root.is(name)) {
        return Err(Error::document(what, format!("it is a document of type {}", root.name), None));
    }
    walker.tree(root)
}

/// The root itself where a single thing was asked for, else its children.
fn entries<'a>(root: &'a Element, name: &'a str) -> impl Iterator<Item = &'a Element> {
    let single = root.is(name).then_some(root);
    single.into_iter().chain(root.children_named(name))
}

fn users_of(list: &Element) -> Vec<User> {
    list.children_named("user").map(user_of).filter(|user| !user.id.is_empty()).collect()
}

fn user_of(element: &Element) -> User {
    User { id: word(element, "id"), name: word(element, "name") }
}

fn word(element: &Element, name: &str) -> String {
    element.attribute(name).unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_name_what_was_made() {
        let reply = parse_reply(b"OK\nGroup 'user_id_1425480932331JC' successfully created.").unwrap();
        assert_eq!(reply.id.as_deref(), Some("user_id_1425480932331JC"));
        assert_eq!(reply.message, "Group 'user_id_1425480932331JC' successfully created.");
        let reply =
            parse_reply(b"OK\r\nResource 'user_id_1425542442398JC' (type '0') successfully created.\r\n").unwrap();
        assert_eq!(reply.id.as_deref(), Some("user_id_1425542442398JC"));
        assert_eq!(parse_reply(b"OK").unwrap(), Reply { message: String::new(), id: None });
        assert!(parse_reply(b"OKAY").is_err() && parse_reply(b"NOK").is_err() && parse_reply(b"").is_err());
        assert!(parse_reply(b"<html><li><b>Message: </b>no</li></html>").is_err());
    }

    #[test]
    fn a_member_list_is_never_replaced() {
        let member = |id: &str| User { id: id.into(), name: String::new() };
        let group = Group { id: "g".into(), members: vec![member("joe"), member("anne")], ..Group::default() };
        let changes = MemberChanges::between(&group, &["anne", " max ", "", "max"]);
        assert_eq!(changes, MemberChanges { added: vec!["max".into()], removed: vec!["joe".into()] });
        assert!(MemberChanges::between(&group, &["joe", "anne"]).is_empty());
        assert_eq!(MemberChanges::between(&group, &[""; 0]).removed, ["joe", "anne"]);
        let service = Service::new("/tap-server/tap", None);
        let mut sent = changes.requests(&service, "g");
        sent.push(service.update_group(&group));
        for request in sent {
            let body = String::from_utf8(request.body_bytes().unwrap().to_vec()).unwrap();
            assert!(!body.contains("users_list"), "{body}");
        }
    }
}
