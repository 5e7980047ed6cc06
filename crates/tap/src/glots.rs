//! GloTS, the search for tables of all TAP services that the archive offers (TAP+): `/glots`.
//!
//! Asked for as CSV: small, and the VOTable says no more.

use crate::{
    error::{Error, error_in_ok_body},
    html,
    request::{Form, Request, Service, get},
    xml,
};

/// Where the words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SearchIn {
    /// In names and descriptions.
    #[default]
    All,
    /// In names of tables.
    Names,
    /// In descriptions of tables.
    Descriptions,
}

/// How the request is spelled: the archive's documentation has two ways. If the first is refused, try the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spelling {
    /// As in its example: `search_tables`, `keyword`.
    #[default]
    Example,
    /// As in its table of parameters: `search_table`, `KEYWORD`.
    Parameters,
}

/// A table of some service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundTable {
    /// Base of the service, for [`crate::external`].
    pub access_url: String,
    /// Identifier of the service.
    pub ivoid: String,
    /// Name as the service has it, without quotes.
    pub name: String,
    /// Description, as plain text.
    pub description: String,
    /// UType.
    pub utype: String,
}

/// A column of such a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundColumn {
    /// Name as the service has it, without quotes.
    pub name: String,
    /// Description, as plain text.
    pub description: String,
    /// Unit as written.
    pub unit: String,
    /// UCD.
    pub ucd: String,
    /// UType.
    pub utype: String,
    /// Type, of TAP or of VOTable.
    pub datatype: String,
    /// Size of an array.
    pub size: String,
    /// One of the columns that matter most.
    pub principal: bool,
    /// The database has an index of it.
    pub indexed: bool,
    /// Defined by a standard.
    pub std: bool,
}

impl Service {
    /// Looks for tables; `words` are separated by blanks.
    pub fn glots_tables(&self, words: &str, search_in: SearchIn, spelling: Spelling) -> Request {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let (action, keyword) = match spelling {
            Spelling::Example => ("search_tables", "keyword"),
            Spelling::Parameters => ("search_table", "KEYWORD"),
        };
        let mode = match search_in {
            SearchIn::All => "all",
            SearchIn::Names => "table_name",
            SearchIn::Descriptions => "table_description",
        };
        get(&self.tap, "glots", &Form::of(&[("ACTION", action), (keyword, &words), ("MODE", mode), ("FORMAT", "csv")]))
    }

    /// The columns of one table of one service.
    pub fn glots_columns(&self, ivoid: &str, table: &str) -> Request {
        let pairs = [("ACTION", "get_columns"), ("IVOID", ivoid), ("TABLE_NAME", table), ("FORMAT", "csv")];
        get(&self.tap, "glots", &Form::of(&pairs))
    }
}

/// Reads the tables that were found.
///
/// # Errors
/// `Service` if the answer is a page or another error, `Truncated` if it ends inside a quoted value, `Document` if it
/// is not the table that was asked for.
pub fn parse_tables(bytes: &[u8]) -> Result<Vec<FoundTable>, Error> {
    rows(bytes, "list of tables", "table_name", |row| FoundTable {
        access_url: row.text("accessurl"),
        ivoid: row.text("ivoid"),
        name: row.text("table_name"),
        description: html::to_line(&row.text("table_desc")),
        utype: row.text("utype"),
    })
}

/// Reads the columns of a table.
///
/// # Errors
/// As [`parse_tables`].
pub fn parse_columns(bytes: &[u8]) -> Result<Vec<FoundColumn>, Error> {
    rows(bytes, "list of columns", "column_name", |row| FoundColumn {
        name: row.text("column_name"),
        description: html::to_line(&row.text("description")),
        unit: row.text("unit"),
        ucd: row.text("ucd"),
        utype: row.text("utype"),
        datatype: row.text("datatype"),
        size: row.text(SIZE),
        principal: row.flag("principal"),
        indexed: row.flag("indexed"),
        std: row.flag("std"),
    })
}

/// What archives call the column of array sizes; a slip of somebody's hand that has stayed.
const SIZE: &str = "ndhnpmiighpa";
/// More tables than there are in the world; a longer list is cut.
const MOST: usize = 200_000;

/// One row, by the names of the columns.
struct Row<'a> {
    header: &'a [String],
    cells: &'a [String],
}

impl Row<'_> {
    /// The cell without the blank that stands for nothing. A row may be short of cells.
    fn text(&self, name: &str) -> String {
        let named =
            |header: &String| header == name || (name == SIZE && matches!(header.as_str(), "size" | "arraysize"));
        let cell = self.header.iter().position(named).and_then(|at| self.cells.get(at));
        cell.map(|cell| cell.trim().to_owned()).unwrap_or_default()
    }

    fn flag(&self, name: &str) -> bool {
        matches!(self.text(name).as_str(), "1" | "true" | "TRUE" | "t")
    }
}

/// The rows that have something in the column `key`, which must be there.
fn rows<T>(bytes: &[u8], what: &'static str, key: &str, read: impl Fn(&Row<'_>) -> T) -> Result<Vec<T>, Error> {
    if let Some(error) = error_in_ok_body(None, &bytes[..bytes.len().min(65_536)]) {
        return Err(error);
    }
    let text = xml::decode(bytes);
    let mut rest = text.as_ref();
    let mut next = || match rest.is_empty() {
        true => None,
        false => Some(record(&mut rest).ok_or(Error::Truncated { what })),
    };
    let mut header = next().unwrap_or(Ok(Vec::new()))?;
    header.iter_mut().for_each(|name| *name = name.trim().to_ascii_lowercase());
    if !header.iter().any(|name| name == key) {
        return Err(Error::document(what, format!("it has no column {key}"), None));
    }
    let mut out = Vec::new();
    while let Some(cells) = next() {
        let cells = cells?;
        let row = Row { header: &header, cells: &cells };
        if !row.text(key).is_empty() && out.len() < MOST {
            out.push(read(&row));
        }
    }
    Ok(out)
}

/// Takes one record of RFC 4180 from the front of `rest`: values between commas up to the end of the line, quoted ones with
/// commas, line ends and doubled quotes in them. `None` if a quoted value has no end.
fn record(rest: &mut &str) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    loop {
        let mut cell = String::new();
        if let Some(mut quoted) = rest.strip_prefix('"') {
            loop {
                let (before, after) = quoted.split_once('"')?;
                cell.push_str(before);
                quoted = after;
                let Some(more) = after.strip_prefix('"') else { break };
                cell.push('"');
                quoted = more;
            }
            *rest = quoted;
        }
        // Behind a quoted value nothing should stand; what does belongs to it.
        let end = rest.find([',', '\n']).unwrap_or(rest.len());
        cell.push_str(rest[..end].strip_suffix('\r').unwrap_or(&rest[..end]));
        cells.push(cell);
        let goes_on = rest[end..].starts_with(',');
        *rest = rest.get(end + 1..).unwrap_or_default();
        if !goes_on {
            return Some(cells);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_follow_rfc_4180() {
        let mut rest = "a,\"b \"\"x\"\", c\r\nd\",\r\n\n\"\"\"\",e";
        assert_eq!(record(&mut rest).unwrap(), ["a", "b \"x\", c\r\nd", ""]);
        assert_eq!(record(&mut rest).unwrap(), [""]);
        assert_eq!(record(&mut rest).unwrap(), ["\"", "e"]);
        assert_eq!(rest, "");
        assert_eq!(record(&mut "a,\"b"), None);
        assert_eq!(record(&mut "\"a\" b,c").unwrap(), ["a b", "c"]);
        assert_eq!(record(&mut "a,").unwrap(), ["a", ""]);
    }

    #[test]
    fn other_answers_are_refused() {
        assert!(parse_tables(b"").is_err());
        assert!(parse_tables(b"ivoid,table\na,b").is_err());
        assert!(parse_columns(b"<html></html>").is_err());
        assert_eq!(parse_tables(b"TABLE_NAME , ivoid\n").unwrap(), []);
        assert_eq!(parse_tables(b"table_name\n \nx\n").unwrap().len(), 1);
    }
}
