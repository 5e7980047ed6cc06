//! The words of ADQL: those of the grammar, those that are merely reserved, and the names of functions.

/// The functions of ADQL 2.1 (sections 2.3 and 4), upper case, sorted.
pub const FUNCTIONS: &[&str] = &[
    "ABS", "ACOS", "AREA", "ASIN", "ATAN", "ATAN2", "AVG", "BOX", "CAST", "CEILING", "CENTROID", "CIRCLE",
    "COALESCE", "CONTAINS", "COORD1", "COORD2", "COORDSYS", "COS", "COT", "COUNT", "DEGREES", "DISTANCE",
    "EXP", "FLOOR", "INTERSECTS", "IN_UNIT", "LOG", "LOG10", "LOWER", "MAX", "MIN", "MOD", "PI", "POINT",
    "POLYGON", "POWER", "RADIANS", "RAND", "REGION", "ROUND", "SIN", "SQRT", "SUM", "TAN", "TRUNCATE",
    "UPPER",
];

/// Words that the parser needs to find its way; none of them is ever a name. Sorted.
const KEYWORDS: &[&str] = &[
    "ALL", "AND", "AS", "ASC", "BETWEEN", "BY", "CASE", "CROSS", "DESC", "DISTINCT", "ELSE", "END",
    "EXCEPT", "EXISTS", "FALSE", "FROM", "FULL", "GROUP", "HAVING", "ILIKE", "IN", "INNER", "INTERSECT",
    "IS", "JOIN", "LEFT", "LIKE", "NATURAL", "NOT", "NULL", "OFFSET", "ON", "OR", "ORDER", "OUTER",
    "RIGHT", "SELECT", "THEN", "TOP", "TRUE", "UNION", "USING", "WHEN", "WHERE", "WITH",
];

/// Reserved by the standard (ADQL 2.1, section 2.1.3) beyond keywords and functions: a strict service wants them
/// quoted when they are names. Sorted.
const RESERVED: &[&str] = &[
    "ABSOLUTE", "ACTION", "ADD", "ALLOCATE", "ALTER", "ANY", "ARE", "ASSERTION", "AT", "AUTHORIZATION",
    "BEGIN", "BIGINT", "BIT", "BIT_LENGTH", "BOTH", "CASCADE", "CASCADED", "CATALOG", "CHAR", "CHARACTER",
    "CHARACTER_LENGTH", "CHAR_LENGTH", "CHECK", "CLOSE", "COLLATE", "COLLATION", "COLUMN", "COMMIT",
    "CONNECT", "CONNECTION", "CONSTRAINT", "CONSTRAINTS", "CONTINUE", "CONVERT", "CORRESPONDING", "CREATE",
    "CURRENT", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURRENT_USER", "CURSOR", "DATE", "DAY",
    "DEALLOCATE", "DECIMAL", "DECLARE", "DEFAULT", "DEFERRABLE", "DEFERRED", "DELETE", "DESCRIBE",
    "DESCRIPTOR", "DIAGNOSTICS", "DISCONNECT", "DOMAIN", "DOUBLE", "DROP", "ESCAPE", "EXCEPTION", "EXEC",
    "EXECUTE", "EXTERNAL", "EXTRACT", "FETCH", "FIRST", "FLOAT", "FOR", "FOREIGN", "FOUND", "GET", "GLOBAL",
    "GO", "GOTO", "GRANT", "HOUR", "IDENTITY", "IMMEDIATE", "INDICATOR", "INITIALLY", "INPUT", "INSENSITIVE",
    "INSERT", "INT", "INTEGER", "INTERVAL", "INTO", "ISOLATION", "KEY", "LANGUAGE", "LAST", "LEADING",
    "LEVEL", "LOCAL", "MATCH", "MINUTE", "MODULE", "MONTH", "NAMES", "NATIONAL", "NCHAR", "NEXT", "NO",
    "NULLIF", "NUMERIC", "OCTET_LENGTH", "OF", "ONLY", "OPEN", "OPTION", "OUTPUT", "OVERLAPS", "PAD",
    "PARTIAL", "POSITION", "PRECISION", "PREPARE", "PRESERVE", "PRIMARY", "PRIOR", "PRIVILEGES",
    "PROCEDURE", "PUBLIC", "READ", "REAL", "REFERENCES", "RELATIVE", "RESTRICT", "REVOKE", "ROLLBACK",
    "ROWS", "SCHEMA", "SCROLL", "SECOND", "SECTION", "SESSION", "SESSION_USER", "SET", "SIZE", "SMALLINT",
    "SOME", "SPACE", "SQL", "SQLCODE", "SQLERROR", "SQLSTATE", "SUBSTRING", "SYSTEM_USER", "TABLE",
    "TEMPORARY", "TIME", "TIMESTAMP", "TIMEZONE_HOUR", "TIMEZONE_MINUTE", "TO", "TRAILING", "TRANSACTION",
    "TRANSLATE", "TRANSLATION", "TRIM", "UNIQUE", "UNKNOWN", "UPDATE", "USAGE", "USER", "VALUE", "VALUES",
    "VARCHAR", "VARYING", "VIEW", "WHENEVER", "WORK", "WRITE", "YEAR", "ZONE",
];

/// Is this a word of the grammar, in any case?
pub fn is_keyword(word: &str) -> bool {
    contains(KEYWORDS, word)
}

/// Is this the name of a function of the standard, in any case?
pub fn is_function(word: &str) -> bool {
    contains(FUNCTIONS, word)
}

/// Does the standard reserve this word, so that as a name it belongs in double quotes?
pub fn is_reserved(word: &str) -> bool {
    is_keyword(word) || is_function(word) || contains(RESERVED, word)
}

fn contains(sorted: &[&str], word: &str) -> bool {
    const LONGEST: usize = 18;
    word.len() <= LONGEST
        && sorted
            .binary_search(&word.to_ascii_uppercase().as_str())
            .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        for list in [FUNCTIONS, KEYWORDS, RESERVED] {
            assert!(list.is_sorted());
            assert!(list.iter().all(|word| contains(list, &word.to_lowercase())));
        }
    }
}
