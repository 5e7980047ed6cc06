//! `/glots`: the Global TAP Schema, in which the tables of all TAP services can be looked for (TAP+).
//!
//! `search_tables` finds tables by the words of KEYWORD, all of which must occur without regard to case; `get_columns` lists
//! the columns of one table. Both are answered as VOTable or as CSV with the archive's very columns.

mod registry;

use table::{Column, Datatype, Field};
use votable::model::Info;
use votable::writer::Preamble;
use workbench::export::{Exporter, Format};

use crate::archive::Answer;
use crate::call::Call;
use crate::fault::Fault;
use crate::response;

/// The columns of a list of tables.
const TABLE_COLUMNS: &[&str] = &["accessurl", "ivoid", "table_name", "table_desc", "utype"];

/// The columns of a list of columns. The archive calls one of them `ndhnpmiighpa`; it holds the sizes.
const COLUMN_COLUMNS: &[&str] = &[
    "ivoid",
    "table_name",
    "column_name",
    "description",
    "unit",
    "ucd",
    "utype",
    "datatype",
    "ndhnpmiighpa",
    "principal",
    "indexed",
    "std",
];

/// In which texts words are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    All,
    Name,
    Description,
}

/// Answers a request.
pub fn answer(call: &Call<'_>) -> Answer {
    run(call).unwrap_or_else(|fault| response::refused_query(&fault, "glots", call.archive.config.strict))
}

fn run(call: &Call<'_>) -> Result<Answer, Fault> {
    let parameters = call.parameters;
    let csv = match parameters.value("format").map(str::to_ascii_lowercase).as_deref() {
        None | Some("votable") => false,
        Some("csv") => true,
        Some(other) => return Err(Fault::bad(format!("Unknown FORMAT '{other}': votable and csv are known."))),
    };
    let action = call.required("ACTION")?;
    let (columns, rows) = match action.to_ascii_lowercase().as_str() {
        "search_tables" | "search_table" => {
            let mode = match parameters.value("mode").map(str::to_ascii_lowercase).as_deref() {
                None | Some("all") => Mode::All,
                Some("table_name") => Mode::Name,
                Some("table_description") => Mode::Description,
                Some(other) => {
                    return Err(Fault::bad(format!(
                        "Unknown MODE '{other}': all, table_name and table_description are known."
                    )));
                }
            };
            (TABLE_COLUMNS, search(call, call.required("KEYWORD")?, mode))
        }
        "get_columns" => {
            let name = call.required("TABLE_NAME")?;
            (COLUMN_COLUMNS, describe(call, call.required("IVOID")?, name))
        }
        _ => {
            return Err(Fault::bad(format!("Unknown ACTION '{action}': search_tables and get_columns are known.")));
        }
    };
    if csv {
        return Ok(response::document("text/csv", comma_separated(columns, &rows)));
    }
    votable(columns, &rows)
}

/// The tables whose texts contain all words.
fn search(call: &Call<'_>, keyword: &str, mode: Mode) -> Vec<Vec<String>> {
    let words: Vec<String> = keyword.split_whitespace().map(str::to_lowercase).collect();
    let mut rows = Vec::new();
    for service in registry::services(call.archive, call.tap) {
        for table in &service.tables {
            let texts = match mode {
                Mode::All => format!("{} {}", table.name, table.description),
                Mode::Name => table.name.clone(),
                Mode::Description => table.description.clone(),
            };
            let texts = texts.to_lowercase();
            if words.iter().all(|word| texts.contains(word.as_str())) {
                let row = [&service.address, &service.ivoid, &table.name, &table.description, &table.utype];
                rows.push(row.map(|text| text.clone()).to_vec());
            }
        }
    }
    rows
}

/// The columns of a table; none if there is no such table.
fn describe(call: &Call<'_>, ivoid: &str, name: &str) -> Vec<Vec<String>> {
    let name = name.trim_matches('"');
    let services = registry::services(call.archive, call.tap);
    let service = services.iter().find(|service| service.ivoid.eq_ignore_ascii_case(ivoid));
    let table = service.and_then(|service| service.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name)));
    let Some((service, table)) = service.zip(table) else { return Vec::new() };
    let truth = |value: bool| if value { "1" } else { "0" }.to_owned();
    let rows = table.columns.iter().map(|column| {
        vec![
            service.ivoid.clone(),
            table.name.clone(),
            column.name.clone(),
            column.description.clone(),
            column.unit.clone(),
            column.ucd.clone(),
            String::new(),
            column.datatype.clone(),
            "mt.size".to_owned(),
            truth(column.principal),
            truth(column.indexed),
            truth(column.standard),
        ]
    });
    rows.collect()
}

/// What is empty is written as one blank.
fn cell(text: &str) -> &str {
    if text.is_empty() { " " } else { text }
}

/// Lines of CSV; quotes only where they are needed.
fn comma_separated(columns: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = columns.join(",") + "\n";
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|text| match cell(text) {
                text if text.contains([',', '"', '\n', '\r']) => format!("\"{}\"", text.replace('"', "\"\"")),
                text => text.to_owned(),
            })
            .collect();
        out += &(cells.join(",") + "\n");
    }
    out
}

fn votable(names: &[&str], rows: &[Vec<String>]) -> Result<Answer, Fault> {
    let fields: Vec<Field> = names.iter().map(|name| Field::new(*name, Datatype::Char)).collect();
    let mut columns: Vec<Column> = fields.iter().cloned().map(Column::new).collect();
    for (column, text) in rows.iter().flat_map(|row| row.iter().enumerate()) {
        columns[column].push_text(cell(text));
    }
    let infos = vec![
        Info::new("QUERY_STATUS", "OK"),
        Info::new("CAPTION", "INVENTED SERVICES of the Parallax sandbox: their addresses lead nowhere"),
    ];
    let mut exporter = Exporter::new(Format::VotablePlain, Preamble { infos, fields, ..Preamble::default() });
    let mut out = Vec::new();
    exporter.start(&mut out);
    exporter.rows(&columns, 0..rows.len(), &mut out);
    exporter.finish(&[], &[], &mut out).map_err(|error| Fault::bad(error.to_string()))?;
    let text = String::from_utf8(out).map_err(|error| Fault::bad(error.to_string()))?;
    Ok(response::document("application/x-votable+xml", text))
}
