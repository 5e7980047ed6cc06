//! Users from a file: the operator's own, beside those that every sandbox has.
//!
//! ```toml
//! [[user]]
//! login = "ada"                # lower-case letters, digits and '_', beginning with a letter
//! name = "Ada Lovelace"        # may be left out
//! password = "a long sentence"
//!
//! [[user]]
//! login = "demo"               # one that every sandbox has gets another password
//! password = "not the login"
//! ```

use std::path::Path;

use serde::Deserialize;

use super::Account;
use crate::{Config, Error};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    user: Vec<Account>,
}

impl Config {
    /// Lets the users of a file sign in too. One whose login is known already takes the place of that one.
    pub fn add_accounts(&mut self, path: &Path) -> Result<(), Error> {
        let text = std::fs::read_to_string(path).map_err(|cause| Error::file(path, cause))?;
        let users = parse(&text).map_err(|message| Error::Account(format!("{}, {message}", path.display())))?;
        self.accounts.retain(|account| !users.iter().any(|user| user.login == account.login));
        self.accounts.extend(users);
        Ok(())
    }
}

/// The users, or the line of a mistake and what it is. What stands in that line is not repeated: it may be a password.
fn parse(text: &str) -> Result<Vec<Account>, String> {
    let file: File = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let message = error.message().lines().next().unwrap_or_default();
        format!("line {}: {message}", before.matches('\n').count() + 1)
    })?;
    for (at, user) in file.user.iter().enumerate() {
        if user.password.is_empty() {
            return Err(format!("user '{}' has no password", user.login));
        }
        if file.user[..at].iter().any(|other| other.login == user.login) {
            return Err(format!("user '{}' is there twice", user.login));
        }
    }
    Ok(file.user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_have_a_login_a_name_and_a_password() {
        let users = parse(
            "[[user]]\nlogin = \"ada\"\npassword = \"x\"\n[[user]]\nlogin = \"eve\"\nname = \"Eve\"\npassword = \"y\"",
        )
        .unwrap();
        let read: Vec<_> = users.iter().map(|user| (&*user.login, &*user.name, &*user.password)).collect();
        assert_eq!(read, [("ada", "", "x"), ("eve", "Eve", "y")]);
        assert_eq!(parse(""), Ok(Vec::new()));
    }

    #[test]
    fn mistakes_are_named_and_passwords_are_not() {
        let check = |text: &str, words: &str| {
            let message = parse(text).unwrap_err();
            assert!(message.contains(words) && !message.contains("secret"), "{message}");
        };
        check("[[user]]\nlogin = \"ada\"\npassword = secret", "line 3: ");
        check("[[user]]\nlogin = \"ada\"\npasword = \"secret\"", "line 3: unknown field `pasword`");
        check("[[user]]\nlogin = \"ada\"", "line 1: missing field `password`");
        check("[[user]]\nlogin = \"ada\"\npassword = \"\"", "user 'ada' has no password");
        let twice = "[[user]]\nlogin = \"ada\"\npassword = \"secret\"\n".repeat(2);
        check(&twice, "user 'ada' is there twice");
    }
}
