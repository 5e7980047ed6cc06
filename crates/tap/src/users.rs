//! `/users` (TAP+, undocumented): whether a user exists, and how they are called.

use crate::{
    error::{Error, error_in_ok_body},
    request::{Form, Request, Service, get},
    xml,
};

/// A user of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct User {
    /// The name to sign in with.
    pub id: String,
    /// The name for people; may be empty.
    pub name: String,
}

impl Service {
    /// Users whose id is like `id`; needs a session, and so tells too whether there is one.
    pub fn users(&self, id: &str) -> Request {
        get(&self.tap, "users", &Form::of(&[("USER", id)]))
    }
}

/// Reads lines `id: name`. Lines of another shape are passed over: they are no users.
///
/// # Errors
/// `Service` if the answer is a page or another error.
pub fn parse_users(bytes: &[u8]) -> Result<Vec<User>, Error> {
    if let Some(error) = error_in_ok_body(None, bytes) {
        return Err(error);
    }
    let user = |line: &str| {
        let (id, name) = line.split_once(':')?;
        let id = id.trim();
        let one_word = !id.is_empty() && !id.contains(char::is_whitespace);
        one_word.then(|| User { id: id.to_owned(), name: name.trim().to_owned() })
    };
    Ok(xml::decode(bytes).lines().filter_map(user).collect())
}

/// The user called exactly `id`: the archive also answers with those that are only like it.
pub fn find<'a>(users: &'a [User], id: &str) -> Option<&'a User> {
    users.iter().find(|user| user.id == id.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_lines() {
        let users = parse_users(b"joe: Joe Doe\r\njoe2:Joe: the second\n\nnobody here\nno user: x\nanne:").unwrap();
        let seen: Vec<_> = users.iter().map(|user| (user.id.as_str(), user.name.as_str())).collect();
        assert_eq!(seen, [("joe", "Joe Doe"), ("joe2", "Joe: the second"), ("anne", "")]);
        assert_eq!(find(&users, " joe ").map(|user| user.name.as_str()), Some("Joe Doe"));
        assert_eq!(find(&users, "jo"), None);
        assert_eq!(parse_users(b"").unwrap(), []);
        assert!(parse_users(b"<html><title>Sign in</title></html>").is_err());
    }
}
