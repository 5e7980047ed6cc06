//! Which names tables and columns may have.
//!
//! They may hold what needs quotes in a query, but none of what separates names in lists and parameters.

use crate::fault::Fault;

/// Most characters of a name.
const LONGEST_NAME: usize = 100;

/// Whether this can be the name of a table; a message that says why not.
pub(crate) fn check_name(name: &str) -> Result<(), Fault> {
    if name.contains('.') {
        return Err(Fault::bad(format!(
            "The table name '{name}' has a dot in it: give the name alone, without a schema. The table is made in your own schema."
        )));
    }
    check_word(name, "table", ",;|\"")
}

/// Whether this can be the name of a column.
pub(crate) fn check_column_name(name: &str) -> Result<(), Fault> {
    check_word(name, "column", "\"")
}

fn check_word(name: &str, what: &str, excluded: &str) -> Result<(), Fault> {
    if name.is_empty() {
        return Err(Fault::bad(format!("The name of a {what} is empty.")));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Fault::bad(format!("The name of a {what} may have {LONGEST_NAME} characters; this one has more.")));
    }
    match name.chars().find(|c| c.is_control() || excluded.contains(*c)) {
        Some(c) => Err(Fault::bad(format!("The {what} name '{name}' holds {c:?}, which a name cannot hold."))),
        None => Ok(()),
    }
}
