//! Names of tables and columns as ADQL needs them (ADQL 2.1 section 2.1.2: identifiers).

use crate::upload::{NameProblem, upload_name_ok};

/// An identifier as a query needs it: as it is where that is enough, else in double quotes.
///
/// Databases fold plain names to lower case, so a name that `keeps_case` (of a user table, say) is quoted if it has
/// capitals. Names of other services are better left unquoted: there capitals are often only a manner of writing.
pub fn identifier(name: &str, keeps_case: bool) -> String {
    let folds = keeps_case && name.bytes().any(|b| b.is_ascii_uppercase());
    // A name with quotes was quoted by who made it.
    if is_quoted(name) || (plain(name) && !folds) { name.to_owned() } else { in_quotes(name) }
}

/// The name of a table, with or without schema, as a query needs it.
///
/// A leading part counts as a schema if it is a plain name before a dot; all else is one name, whatever it holds:
/// `J/A+A/605/L8/quasar.a` becomes `"J/A+A/605/L8/quasar.a"`, `vizls.II/311/wise` becomes `vizls."II/311/wise"`.
pub fn table(name: &str, keeps_case: bool) -> String {
    let mut rest = name.trim();
    let separate = |part: &&str| is_quoted(part) || !part.contains('/');
    if let Some(parts) = parts(rest).filter(|parts| parts.iter().all(separate)) {
        return parts.into_iter().map(|part| identifier(part, keeps_case)).collect::<Vec<_>>().join(".");
    }
    let mut out = String::new();
    while let Some((schema, table)) = rest.split_once('.').filter(|(schema, table)| plain(schema) && !table.is_empty())
    {
        out.push_str(&identifier(schema, keeps_case));
        out.push('.');
        rest = table;
    }
    out + &identifier(rest, keeps_case)
}

/// A name in double quotes, whatever it holds.
pub fn in_quotes(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Whether no quotes are needed. Names longer than databases keep are plain still.
fn plain(name: &str) -> bool {
    matches!(upload_name_ok(name), Ok(()) | Err(NameProblem::TooLong))
}

fn is_quoted(name: &str) -> bool {
    let inside = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inside.is_some_and(|inside| !inside.is_empty() && !inside.replace("\"\"", "").contains('"'))
}

/// The parts between dots outside quotes; `None` if one is empty or a quote stays open.
fn parts(name: &str) -> Option<Vec<&str>> {
    let mut quoted = false;
    let at_dot = |c: char| {
        quoted ^= c == '"';
        c == '.' && !quoted
    };
    let parts: Vec<&str> = name.split(at_dot).collect();
    (!quoted && parts.iter().all(|part| !part.is_empty())).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_where_they_are_needed() {
        for (name, expect) in [
            ("gaiadr3.gaia_source", "gaiadr3.gaia_source"),
            ("J/A+A/605/L8/quasar_a", "\"J/A+A/605/L8/quasar_a\""),
            ("J/A+A/605/L8/quasar.a", "\"J/A+A/605/L8/quasar.a\""),
            ("vizls.II/311/wise", "vizls.\"II/311/wise\""),
            ("vizls.\"II/311/wise\"", "vizls.\"II/311/wise\""),
            ("\"J/A+A/605/L8/quasar.a\"", "\"J/A+A/605/L8/quasar.a\""),
            ("catalog.main.Table1", "catalog.main.Table1"),
            ("mine.table", "mine.\"table\""),
            ("2mass.data", "\"2mass\".data"),
            ("a\"b", "\"a\"\"b\""),
            ("a.", "\"a.\""),
            ("", "\"\""),
        ] {
            assert_eq!(table(name, false), expect, "{name}");
        }
    }

    #[test]
    fn capitals_of_user_tables_need_quotes() {
        assert_eq!(table("user_joe.t1710251325268O", true), "user_joe.\"t1710251325268O\"");
        assert_eq!(table("user_joe.t1710251325268o", true), "user_joe.t1710251325268o");
        assert_eq!(identifier("Bmag", true), "\"Bmag\"");
        assert_eq!(identifier("Bmag", false), "Bmag");
        assert_eq!(identifier("e_Bmag ", false), "\"e_Bmag \"");
    }
}
