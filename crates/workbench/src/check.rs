//! What the ADQL parser has against a query. Asked in the worker, so that the page need not carry the parser.

use crate::protocol::Objection;

/// The parser's objections in the order of the text; none, if it reads the query as ADQL 2.1.
pub fn objections(query: &str) -> Vec<Objection> {
    let objection = |error: adql::Error| {
        let (line, column) = adql::position(query, error.range.start);
        Objection {
            start: error.range.start,
            end: error.range.end,
            line: line as u32,
            column: column as u32,
            message: error.message,
        }
    };
    adql::parse(query).errors.into_iter().map(objection).collect()
}

#[cfg(test)]
mod tests {
    use super::objections;

    #[test]
    fn a_query_is_objected_to_at_its_place() {
        assert_eq!(objections("SELECT TOP 5 ra FROM gaiadr3.gaia_source"), []);
        let query = "SELECT ra\nFORM t";
        let found = objections(query);
        // FORM reads as a name for the column; what follows it does not read.
        assert_eq!((found[0].line, &query[found[0].start..found[0].end]), (2, "t"), "{found:?}");
    }
}
