//! The file of an upload: VOTable, CSV or columns of text, as it is or as gzip.

use table::Table;
use workbench::delimited::{self, Options};

use crate::fault::Fault;
use crate::upload::{first_table, inflated, votable};

/// The formats in which tables are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// VOTable, in any serialization.
    Votable,
    /// Delimited text; ECSV too, whose types are found out like those of CSV.
    Csv,
    /// Columns of text with blanks between them.
    Ascii,
}

impl Format {
    /// The format of this name; VOTable without one.
    pub fn parse(name: Option<&str>) -> Result<Format, Fault> {
        let name = name.unwrap_or("votable");
        match name.to_ascii_lowercase().as_str() {
            "votable" | "votable_plain" | "votable_gzip" => Ok(Format::Votable),
            "csv" | "ecsv" | "tsv" => Ok(Format::Csv),
            "ascii" => Ok(Format::Ascii),
            _ => Err(Fault::bad(format!(
                "Tables cannot be uploaded as '{name}'. Known formats: VOTable, CSV, ECSV, ASCII."
            ))),
        }
    }
}

/// Hands a table on that was read from a file of at most `limit` bytes when inflated.
pub fn read<T>(
    body: &[u8],
    format: Format,
    limit: usize,
    then: impl FnOnce(&Table) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let body = inflated(body, limit)?;
    if format == Format::Votable {
        return then(first_table(&votable(&body)?)?);
    }
    let (name, body) = match format {
        Format::Ascii => ("ASCII", delimited::from_header(&body)),
        _ => ("CSV", &*body),
    };
    if body.trim_ascii_start().starts_with(b"<") {
        return Err(Fault::bad(format!(
            "The file is no {name}: it looks like XML. Say FORMAT=VOTable if it is a VOTable."
        )));
    }
    let options = Options { safe_names: false, blanks: format == Format::Ascii };
    let table =
        delimited::read(body, options).map_err(|cause| Fault::bad(format!("The file is no {name}: {cause}.")))?;
    then(&table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, format: Format) -> (Vec<String>, usize) {
        let names = |table: &Table| Ok((table.columns.iter().map(|c| c.field().name.clone()).collect(), table.rows()));
        read(text.as_bytes(), format, 1 << 20, names).unwrap()
    }

    #[test]
    fn columns_of_text_have_their_header_in_a_comment_or_not() {
        let expected = (vec!["id".to_owned(), "ra".to_owned()], 2);
        for text in [
            "id ra\n1 2.5\n2 3\n",
            "# id   ra \n 1  2.5\n2\t3",
            "# id \"ra\"\n\"1\" 2.5\n2 3\n",
            "# made by hand, in a hurry\n#\tid ra\n1 2.5\n2 3\n",
            "# made by\nid ra\n1 2.5\n# no row\n2 3\n",
        ] {
            assert_eq!(names(text, Format::Ascii), expected, "{text}");
        }
        assert_eq!(names("1 2.5\n2 3\n", Format::Ascii), (vec!["col1".to_owned(), "col2".to_owned()], 2));
    }
}
