//! `/tables`: the tables in words (VOSI 1.1, section 4), in the dialect of TAP+ or, strictly, as VODataService wants them.

use crate::archive::{Answer, Archive};
use crate::catalogue::definition::{INDEXED, PRINCIPAL};
use crate::catalogue::{ColumnInfo, FOREIGN_KEYS, SCHEMAS, TableInfo};
use crate::fault::{Fault, cdata, escape};
use crate::parameters::Parameters;
use crate::response;

/// What of each table is told.
#[derive(Clone, Copy, Debug)]
struct Detail {
    columns: bool,
    shares: bool,
    strict: bool,
}

/// The tables that a request asks for. `tables` comes first, then `only_schemas`, `schemas`, `only_tables`.
pub fn tables(archive: &Archive, parameters: &Parameters) -> Answer {
    let strict = archive.config.strict;
    let list = |name: &str| -> Option<Vec<String>> {
        let names = parameters.value(name)?.split(',').map(|name| name.trim().trim_matches('"').to_ascii_lowercase());
        Some(names.filter(|name| !name.is_empty()).collect())
    };
    let names = list("tables");
    let schemas = list("schemas").or_else(|| list("schema_names"));
    let named = names.is_some();
    let only_schemas = !named && parameters.flag("only_schemas");
    let brief = parameters.value("detail").is_some_and(|detail| detail.eq_ignore_ascii_case("min"));
    let detail = Detail {
        columns: named || !(parameters.flag("only_tables") || brief),
        shares: parameters.flag("share_info"),
        strict,
    };
    let mut body = String::new();
    for schema in SCHEMAS {
        let of_schema = archive.database.catalogue().tables().iter().filter(|table| table.schema == schema.name);
        let wanted: Vec<&TableInfo> = match &names {
            Some(names) => of_schema.filter(|table| names.contains(&table.qualified())).collect(),
            None => of_schema.collect(),
        };
        let excluded = schemas.as_ref().is_some_and(|schemas| !schemas.iter().any(|name| name == schema.name));
        if (named && wanted.is_empty()) || (!named && !only_schemas && excluded) {
            continue;
        }
        let public = if strict { "" } else { " esatapplus:public=\"true\"" };
        body += &format!("<schema{public}>\n<name>{}</name>\n{}", schema.name, description(schema.description, strict));
        if !only_schemas {
            body.extend(wanted.iter().map(|table| element("table", "", table, detail)));
        }
        body += "</schema>\n";
    }
    let (open, close) = if strict { STRICT_TABLESET } else { TABLESET };
    response::xml(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{open}\n{body}{close}\n"))
}

/// One table, as a document of its own.
pub fn table(archive: &Archive, name: &str) -> Result<Answer, Fault> {
    let catalogue = archive.database.catalogue();
    let found = name.split_once('.').and_then(|(schema, name)| catalogue.table(schema, name));
    let found = found.ok_or_else(|| Fault::missing(format!("There is no table '{name}'.")))?;
    let strict = archive.config.strict;
    let detail = Detail { columns: true, shares: false, strict };
    let (root, namespaces) = if strict { ("vosi:table", STRICT_NAMESPACES) } else { ("vod:table", NAMESPACES) };
    let body = element(root, namespaces, found, detail);
    Ok(response::xml(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}")))
}

const NAMESPACES: &str = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                          xmlns:vod=\"http://www.ivoa.net/xml/VODataService/v1.1\" \
                          xmlns:esatapplus=\"http://esa.int/xml/EsaTapPlus\"";

const STRICT_NAMESPACES: &str = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                                 xmlns:vosi=\"http://www.ivoa.net/xml/VOSITables/v1.0\" \
                                 xmlns:vod=\"http://www.ivoa.net/xml/VODataService/v1.1\"";

const TABLESET: (&str, &str) = (
    "<vod:tableset xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
     xmlns:vod=\"http://www.ivoa.net/xml/VODataService/v1.1\" xsi:type=\"vod:TableSet\" \
     xmlns:esatapplus=\"http://esa.int/xml/EsaTapPlus\">",
    "</vod:tableset>",
);

const STRICT_TABLESET: (&str, &str) = (
    "<vosi:tableset xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
     xmlns:vosi=\"http://www.ivoa.net/xml/VOSITables/v1.0\" xmlns:vod=\"http://www.ivoa.net/xml/VODataService/v1.1\">",
    "</vosi:tableset>",
);

fn description(text: &str, strict: bool) -> String {
    let text = if strict { escape(text) } else { cdata(text) };
    format!("<description>{text}</description>\n")
}

fn element(root: &str, namespaces: &str, table: &TableInfo, detail: Detail) -> String {
    let attributes = if detail.strict {
        " type=\"table\"".to_owned()
    } else {
        // A row takes about nine bytes for each of its columns.
        let bytes = table.rows * table.columns.len() as u64 * 9;
        format!(
            " type=\"base_table\" esatapplus:size=\"{}\" esatapplus:size_bytes=\"{bytes}\" esatapplus:flags=\"0\" \
             esatapplus:hierarchy=\"{}\"",
            table.rows,
            escape(table.hierarchy)
        )
    };
    let mut out = format!("<{root}{namespaces}{attributes}>\n<name>{}</name>\n", table.qualified());
    out += &description(table.description, detail.strict);
    if detail.shares {
        out += "<shareInfo></shareInfo>\n";
    }
    if detail.columns {
        out.extend(table.columns.iter().map(|info| column(table, info, detail.strict)));
        out += &foreign_keys(&table.qualified(), detail.strict);
    }
    out + &format!("</{root}>\n")
}

fn column(table: &TableInfo, info: &ColumnInfo, strict: bool) -> String {
    let ColumnInfo { field, flags } = info;
    let standard = table.schema == "tap_schema";
    let position = table.position.is_some_and(|(ra, dec)| field.name == ra || field.name == dec);
    let mut out = if strict {
        format!("<column std=\"{standard}\">\n")
    } else {
        let reference = table.coosys.filter(|_| position).map_or("", |(id, _)| id);
        format!("<column std=\"{standard}\" esatapplus:flags=\"{}\" esatapplus:ref=\"{reference}\">\n", flags & 0xff)
    };
    out += &format!("<name>{}</name>\n", escape(&info.delimited_name()));
    out += &description(field.description.as_deref().unwrap_or_default(), strict);
    if let Some(unit) = &field.unit {
        out += &format!("<unit>{}</unit>\n", if strict { escape(unit) } else { cdata(unit) });
    }
    if let Some(ucd) = &field.ucd {
        out += &format!("<ucd>{}</ucd>\n", escape(ucd));
    }
    // The archive leaves the size of strings out.
    let size = if strict && !field.arraysize.is_scalar() {
        format!(" arraysize=\"{}\"", field.arraysize)
    } else {
        String::new()
    };
    out += &format!("<dataType xsi:type=\"vod:VOTableType\"{size}>{}</dataType>\n", field.datatype.name());
    if flags & INDEXED != 0 {
        out += "<flag>indexed</flag>\n";
    }
    if flags & PRINCIPAL != 0 {
        out += if strict { "<flag>principal</flag>\n" } else { "<flag>primary</flag>\n" };
    }
    out + "</column>\n"
}

fn foreign_keys(table: &str, strict: bool) -> String {
    let mut out = String::new();
    for key in FOREIGN_KEYS.iter().filter(|key| key.from_table == table) {
        let columns = format!(
            "<fkColumn>\n<fromColumn>{}</fromColumn>\n<targetColumn>{}</targetColumn>\n</fkColumn>\n",
            key.from_column, key.target_column
        );
        let about = description(key.description, strict);
        out +=
            &format!("<foreignKey>\n<targetTable>{}</targetTable>\n{columns}{about}</foreignKey>\n", key.target_table);
    }
    out
}
