//! `/users` (TAP+, not documented): which users there are, so that somebody can be found to share with.

use rusqlite::Connection;

use crate::archive::Answer;
use crate::call::Call;
use crate::fault::Fault;
use crate::response;

/// Most users in one answer.
const MOST: u32 = 1_000;

/// Longest pattern that is looked at, bytes: logins are shorter, and patterns of many `*` take long.
const LONGEST_PATTERN: usize = 100;

/// `USER`: a login, in which `*` stands for anything; without it, all. One line for each, `login: full name`.
pub fn answer(call: &Call<'_>) -> Result<Answer, Fault> {
    call.user()?;
    let pattern = call.parameters.value("user").unwrap_or("*");
    let users = call.archive.store.read(|connection| matching(connection, pattern))?;
    let lines: Vec<String> = users.iter().map(|(login, name)| format!("{login}: {name}")).collect();
    Ok(response::text(lines.join("\n")))
}

/// Login and full name of the users whose login is like a pattern.
pub fn matching(connection: &Connection, pattern: &str) -> Result<Vec<(String, String)>, Fault> {
    if pattern.len() > LONGEST_PATTERN {
        return Ok(Vec::new());
    }
    let literal = pattern.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let sql = "SELECT login, name FROM account WHERE login LIKE ?1 ESCAPE '\\' ORDER BY login LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let users = statement.query_map((literal.replace('*', "%"), MOST), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(users.collect::<Result<_, _>>()?)
}
