//! Names of columns that ADQL takes without quotes (ADQL 2.1, section 2.1.2): letters, digits, underscores, no reserved word.

use std::collections::HashSet;

use table::{Datatype, Field};

/// Text fields for a header; `nameless`: the header is a row.
pub(super) fn fields(header: &[&str], nameless: bool, safe: bool) -> Vec<Field> {
    let mut taken = HashSet::new();
    let field = |(at, title): (usize, &&str)| {
        let numbered = format!("col{}", at + 1);
        let wanted = match title.trim() {
            "" => numbered,
            _ if nameless => numbered,
            title if safe => safe_name(title).unwrap_or(numbered),
            title => title.to_owned(),
        };
        let mut name = wanted.clone();
        let mut number = 1;
        // Names are compared without case in ADQL.
        while !taken.insert(name.to_ascii_lowercase()) {
            number += 1;
            name = format!("{wanted}_{number}");
        }
        let mut field = Field::new(name, Datatype::Char);
        if !nameless && !title.trim().is_empty() && title.trim() != field.name {
            field.description = Some(title.trim().to_owned());
        }
        field
    };
    header.iter().enumerate().map(field).collect()
}

/// The title in letters that need no quotes; `None` where nothing is left.
fn safe_name(title: &str) -> Option<String> {
    let mut name = String::new();
    for c in title.trim().chars() {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c.to_ascii_lowercase()),
            // Several characters that cannot stay make one underscore.
            _ if !name.ends_with('_') && !name.is_empty() => name.push('_'),
            _ => {}
        }
    }
    let kept = name.trim_end_matches('_').len();
    name.truncate(kept);
    if name.is_empty() {
        return None;
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert_str(0, "col_");
    }
    if RESERVED.contains(&name.as_str()) {
        name.push('_');
    }
    Some(name)
}

/// The reserved words of ADQL 2.1, sections 2.1.3: those of SQL 92 and its own.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "absolute", "action", "add", "all", "allocate", "alter", "and", "any", "are", "as", "asc", "assertion", "at",
    "authorization", "avg", "begin", "between", "bit", "bit_length", "both", "by", "cascade", "cascaded", "case",
    "cast", "catalog", "char", "character", "character_length", "char_length", "check", "close", "coalesce",
    "collate", "collation", "column", "commit", "connect", "connection", "constraint", "constraints", "continue",
    "convert", "corresponding", "create", "cross", "current", "current_date", "current_time", "current_timestamp",
    "current_user", "cursor", "date", "day", "deallocate", "decimal", "declare", "default", "deferrable", "deferred",
    "delete", "desc", "describe", "descriptor", "diagnostics", "disconnect", "distinct", "domain", "double", "drop",
    "else", "end", "end-exec", "escape", "except", "exception", "exec", "execute", "exists", "external", "extract",
    "false", "fetch", "first", "float", "for", "foreign", "found", "from", "full", "get", "global", "go", "goto",
    "grant", "group", "having", "hour", "identity", "immediate", "in", "indicator", "initially", "inner", "input",
    "insensitive", "insert", "int", "integer", "intersect", "interval", "into", "is", "isolation", "join", "key",
    "language", "last", "leading", "left", "level", "like", "local", "lower", "match", "max", "min", "minute",
    "module", "month", "names", "national", "natural", "nchar", "next", "no", "not", "null", "nullif", "numeric",
    "octet_length", "of", "on", "only", "open", "option", "or", "order", "outer", "output", "overlaps", "pad",
    "partial", "position", "precision", "prepare", "preserve", "primary", "prior", "privileges", "procedure",
    "public", "read", "real", "references", "relative", "restrict", "revoke", "right", "rollback", "rows", "schema",
    "scroll", "second", "section", "select", "session", "session_user", "set", "size", "smallint", "some", "space",
    "sql", "sqlcode", "sqlerror", "sqlstate", "substring", "sum", "system_user", "table", "temporary", "then", "time",
    "timestamp", "timezone_hour", "timezone_minute", "to", "trailing", "transaction", "translate", "translation",
    "trim", "true", "union", "unique", "unknown", "update", "upper", "usage", "user", "using", "value", "values",
    "varchar", "varying", "view", "when", "whenever", "where", "with", "work", "write", "year", "zone", "count",
    "abs", "acos", "area", "asin", "atan", "atan2", "bigint", "box", "ceiling", "centroid", "circle", "contains",
    "coord1", "coord2", "coordsys", "cos", "cot", "degrees", "distance", "exp", "floor", "ilike", "intersects",
    "in_unit", "log", "log10", "mod", "offset", "pi", "point", "polygon", "power", "radians", "region", "rand",
    "round", "sign", "sin", "sqrt", "tan", "top", "truncate",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_need_no_quotes() {
        let header = ["Source ID", "RA (deg)", "date", "2mass", "", "ra (deg)", "  ", "__", "Größe"];
        let names: Vec<String> = fields(&header, false, true).into_iter().map(|field| field.name).collect();
        assert_eq!(names, ["source_id", "ra_deg", "date_", "col_2mass", "col5", "ra_deg_2", "col7", "col8", "gr_e"]);
        let field = &fields(&header, false, true)[1];
        assert_eq!(field.description.as_deref(), Some("RA (deg)"));
    }

    #[test]
    fn names_stay_where_nothing_must_be_safe() {
        let names: Vec<String> = fields(&["RA", "ra", "RA"], false, false).into_iter().map(|f| f.name).collect();
        assert_eq!(names, ["RA", "ra_2", "RA_3"]);
        assert_eq!(fields(&["1", "2"], true, true)[1].name, "col2");
    }
}
