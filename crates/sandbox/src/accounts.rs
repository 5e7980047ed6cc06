//! The users of the archive and their passwords, of which only hashes are kept (Argon2id).

#[cfg(not(target_arch = "wasm32"))]
mod file;

use std::sync::{Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use http::StatusCode;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Deserialize;

use crate::entropy;
use crate::fault::Fault;
use crate::store::Store;

/// The tables of this part.
pub const TABLES: &str =
    "CREATE TABLE IF NOT EXISTS account (login TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL)";

/// Longest password that is looked at, bytes: hashing takes time that grows with it.
const LONGEST_PASSWORD: usize = 1024;

/// A user, as the configuration names one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The name to sign in with: lower-case letters, digits and `_`, since it becomes the name of a schema.
    pub login: String,
    /// The name in full.
    #[serde(default)]
    pub name: String,
    /// The password.
    pub password: String,
}

impl Account {
    fn demo(login: &str, name: &str) -> Account {
        Account { login: login.to_owned(), name: name.to_owned(), password: login.to_owned() }
    }
}

/// The users that every sandbox has, to try sharing: each password is the login.
pub fn demo_accounts() -> Vec<Account> {
    vec![
        Account::demo("demo", "Demo User"),
        Account::demo("teacher", "Demo Teacher"),
        Account::demo("student", "Demo Student"),
    ]
}

/// Brings the store in step with the configuration: new users are added, passwords and names that differ are changed. Users who
/// are not named any longer keep what is theirs, but cannot sign in.
pub fn configure(store: &Store, accounts: &[Account]) -> Result<(), Fault> {
    let logins: Vec<&str> = accounts.iter().map(|account| account.login.as_str()).collect();
    store.write(|transaction| {
        let sql = "UPDATE account SET hash = '' WHERE login NOT IN (SELECT value FROM json_each(?1))";
        transaction.execute(sql, [serde_json::to_string(&logins).map_err(crate::Error::from)?])?;
        Ok(())
    })?;
    for account in accounts {
        check_login(&account.login)?;
        let known = store.read(|connection| hash_of(connection, &account.login))?;
        let hash = match known {
            Some(hash) if matches(&hash, &account.password) => hash,
            _ => hash(&account.password)?,
        };
        let name = if account.name.is_empty() { &account.login } else { &account.name };
        store.write(|transaction| {
            let sql = "INSERT OR REPLACE INTO account VALUES (?1, ?2, ?3)";
            transaction.execute(sql, params![account.login, name, hash])?;
            Ok(())
        })?;
    }
    Ok(())
}

fn check_login(login: &str) -> Result<(), Fault> {
    let first = login.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    let rest = login.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if first && rest && login.len() <= 32 && login != "anonymous" {
        return Ok(());
    }
    Err(Fault::bad(format!(
        "'{login}' cannot be a login: it must be at most 32 lower-case letters, digits and '_', beginning with a letter."
    )))
}

/// Whether this is the password of this user. Takes as long if there is no such user, or none who may sign in.
pub fn verify(store: &Store, login: &str, password: &str) -> Result<bool, Fault> {
    if password.len() > LONGEST_PASSWORD {
        return Ok(false);
    }
    match store.read(|connection| hash_of(connection, login))? {
        Some(hash) if !hash.is_empty() => Ok(matches(&hash, password)),
        _ => {
            hash(password)?;
            Ok(false)
        }
    }
}

/// The full name of a user; `None` if there is no such user.
pub fn full_name(connection: &Connection, login: &str) -> Result<Option<String>, Fault> {
    let mut statement = connection.prepare_cached("SELECT name FROM account WHERE login = ?1")?;
    Ok(statement.query_row([login], |row| row.get(0)).optional()?)
}

fn hash_of(connection: &Connection, login: &str) -> Result<Option<String>, Fault> {
    let mut statement = connection.prepare_cached("SELECT hash FROM account WHERE login = ?1")?;
    Ok(statement.query_row([login], |row| row.get(0)).optional()?)
}

/// Salt and hash in hexadecimal digits.
fn hash(password: &str) -> Result<String, Fault> {
    let salt = entropy::hexadecimal::<16>()?;
    Ok(format!("{salt} {}", derive(password, &salt)?))
}

fn matches(stored: &str, password: &str) -> bool {
    let Some((salt, hash)) = stored.split_once(' ') else { return false };
    // All of it is looked at, so that the time tells nothing of where the difference is.
    let differs = |derived: String| {
        derived.bytes().zip(hash.bytes()).fold(derived.len() ^ hash.len(), |sum, (a, b)| sum | usize::from(a ^ b))
    };
    derive(password, salt).is_ok_and(|derived| differs(derived) == 0)
}

/// Argon2id of 7 MiB in five passes, one of the settings that OWASP recommends. One password after the other, always in the
/// same memory: many at a time would take more than all queries together.
fn derive(password: &str, salt: &str) -> Result<String, Fault> {
    static MEMORY: Mutex<Vec<Block>> = Mutex::new(Vec::new());
    let failed = |cause: argon2::Error| {
        Fault::new(StatusCode::INTERNAL_SERVER_ERROR, format!("The password could not be hashed: {cause}"))
    };
    let settings = Params::new(7 * 1024, 5, 1, Some(32)).map_err(failed)?;
    let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    memory.resize(settings.block_count(), Block::new());
    let mut hash = [0; 32];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, settings);
    argon
        .hash_password_into_with_memory(password.as_bytes(), salt.as_bytes(), &mut hash, &mut memory[..])
        .map_err(failed)?;
    Ok(entropy::digits(&hash))
}
