//! `/tables`: the tables in words (VOSI 1.1, section 4), in the dialect of TAP+ or, strictly, as VODataService wants them.

use crate::archive::Answer;
use crate::call::Call;
use crate::catalogue::definition::{INDEXED, PRINCIPAL};
use crate::catalogue::{ColumnInfo, FOREIGN_KEYS, SCHEMAS, TableInfo};
use crate::fault::{Fault, cdata, escape};
use crate::response;
use crate::share::access::{self, Shared};
use crate::user_tables::{UserTable, describe, schema_of};

/// What of each table is told.
#[derive(Clone, Copy, Debug)]
struct Detail {
    columns: bool,
    shares: bool,
    strict: bool,
}

/// A schema with what is told of it.
struct Schema {
    name: String,
    description: String,
    public: bool,
    tables: Vec<Described>,
}

/// A table of the catalogue or of a user.
struct Described {
    schema: String,
    /// Name with the schema, as a query must write it.
    name: String,
    description: String,
    hierarchy: String,
    columns: Vec<ColumnInfo>,
    rows: u64,
    bytes: u64,
    /// Names of the columns of right ascension and declination.
    position: Option<(String, String)>,
    coosys: Option<&'static str>,
    shares: Vec<Shared>,
}

/// The tables that a request asks for. `tables` comes first, then `only_schemas`, `schemas`, `only_tables`.
pub fn tables(call: &Call<'_>) -> Result<Answer, Fault> {
    let (strict, parameters) = (call.archive.config.strict, call.parameters);
    let list = |name: &str| -> Option<Vec<String>> {
        let names = parameters.value(name)?.split(',').map(|name| name.trim().replace('"', "").to_lowercase());
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
    // A table of somebody else that is asked for by its name is told whatever the flags are.
    for mut schema in visible(call, named || parameters.flag("share_accessible"))? {
        if let Some(names) = &names {
            schema.tables.retain(|table| names.contains(&table.name.replace('"', "").to_lowercase()));
        }
        let excluded = schemas.as_ref().is_some_and(|schemas| !schemas.contains(&schema.name));
        if (named && schema.tables.is_empty()) || (!named && !only_schemas && excluded) {
            continue;
        }
        let public = if strict { String::new() } else { format!(" esatapplus:public=\"{}\"", schema.public) };
        body +=
            &format!("<schema{public}>\n<name>{}</name>\n{}", schema.name, description(&schema.description, strict));
        if !only_schemas {
            body.extend(schema.tables.iter().map(|table| element("table", "", table, detail)));
        }
        body += "</schema>\n";
    }
    let (open, close) = if strict { STRICT_TABLESET } else { TABLESET };
    Ok(response::xml(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{open}\n{body}{close}\n")))
}

/// One table, as a document of its own.
pub fn table(call: &Call<'_>, name: &str) -> Result<Answer, Fault> {
    let wanted = name.replace('"', "").to_lowercase();
    let mut tables = visible(call, true)?.into_iter().flat_map(|schema| schema.tables);
    let found = tables.find(|table| table.name.replace('"', "").to_lowercase() == wanted);
    let found = found.ok_or_else(|| Fault::missing(format!("There is no table '{name}'.")))?;
    let strict = call.archive.config.strict;
    let detail = Detail { columns: true, shares: false, strict };
    let (root, namespaces) = if strict { ("vosi:table", STRICT_NAMESPACES) } else { ("vod:table", NAMESPACES) };
    let body = element(root, namespaces, &found, detail);
    Ok(response::xml(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}")))
}

/// What the caller may see: the catalogue, their own schema, and `shared` the tables of others that they may read.
fn visible(call: &Call<'_>, shared: bool) -> Result<Vec<Schema>, Fault> {
    let catalogue = call.archive.database.catalogue();
    let mut schemas: Vec<Schema> = SCHEMAS
        .iter()
        .map(|schema| Schema {
            name: schema.name.to_owned(),
            description: schema.description.to_owned(),
            public: true,
            tables: catalogue.tables().iter().filter(|table| table.schema == schema.name).map(of_catalogue).collect(),
        })
        .collect();
    let Some(user) = call.caller.user.as_deref() else { return Ok(schemas) };
    let of_owner = |login: &str| Schema {
        name: schema_of(login),
        description: describe::schema_description(login),
        public: false,
        tables: Vec::new(),
    };
    schemas.push(of_owner(user));
    let mut tables = call.archive.tables.of(user)?;
    if shared {
        tables.extend(call.archive.tables.shared_with(user)?);
    }
    for table in tables {
        let shares = call.archive.store.read(|connection| access::shares_of(connection, &table.qualified()))?;
        // With whom else a table is shared is its owner's business.
        let shares = if table.owner == user { shares } else { Vec::new() };
        let name = table.schema();
        let at = schemas.iter().position(|schema| schema.name == name).unwrap_or_else(|| {
            schemas.push(of_owner(&table.owner));
            schemas.len() - 1
        });
        schemas[at].tables.push(of_user(table, shares));
    }
    Ok(schemas)
}

fn of_catalogue(table: &TableInfo) -> Described {
    Described {
        schema: table.schema.to_owned(),
        name: table.qualified(),
        description: table.description.to_owned(),
        hierarchy: table.hierarchy.to_owned(),
        columns: table.columns.clone(),
        rows: table.rows,
        // A row takes about nine bytes for each of its columns.
        bytes: table.rows * table.columns.len() as u64 * 9,
        position: table.position.map(|(ra, dec)| (ra.to_owned(), dec.to_owned())),
        coosys: table.coosys.map(|(id, _)| id),
        shares: Vec::new(),
    }
}

fn of_user(table: UserTable, shares: Vec<Shared>) -> Described {
    let name = |at: usize| table.columns[at].field.name.clone();
    let position = table.position().map(|(ra, dec)| (name(ra), name(dec)));
    Described {
        schema: table.schema(),
        name: table.delimited(),
        columns: table.described_columns(),
        position,
        description: table.description,
        hierarchy: "User tables".to_owned(),
        rows: table.rows,
        bytes: table.bytes,
        coosys: None,
        shares,
    }
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

fn element(root: &str, namespaces: &str, table: &Described, detail: Detail) -> String {
    let attributes = if detail.strict {
        " type=\"table\"".to_owned()
    } else {
        format!(
            " type=\"base_table\" esatapplus:size=\"{}\" esatapplus:size_bytes=\"{}\" esatapplus:flags=\"0\" \
             esatapplus:hierarchy=\"{}\"",
            table.rows,
            table.bytes,
            escape(&table.hierarchy)
        )
    };
    let mut out = format!("<{root}{namespaces}{attributes}>\n<name>{}</name>\n", escape(&table.name));
    out += &description(&table.description, detail.strict);
    if detail.shares {
        let shared_to = |share: &Shared| {
            let (kind, mode, to) = (share.kind.word(), share.mode.word(), cdata(&share.share_to));
            format!("<sharedTo type=\"{kind}\" mode=\"{mode}\">{to}</sharedTo>")
        };
        let shares: String = table.shares.iter().map(shared_to).collect();
        out += &format!("<shareInfo>{shares}</shareInfo>\n");
    }
    if detail.columns {
        out.extend(table.columns.iter().map(|info| column(table, info, detail.strict)));
        out += &foreign_keys(&table.name, detail.strict);
    }
    out + &format!("</{root}>\n")
}

fn column(table: &Described, info: &ColumnInfo, strict: bool) -> String {
    let ColumnInfo { field, flags } = info;
    let standard = table.schema == "tap_schema";
    let position = table.position.as_ref().is_some_and(|(ra, dec)| field.name == *ra || field.name == *dec);
    let mut out = if strict {
        format!("<column std=\"{standard}\">\n")
    } else {
        let reference = table.coosys.filter(|_| position).unwrap_or_default();
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
    if let Some(utype) = &field.utype {
        out += &format!("<utype>{}</utype>\n", escape(utype));
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
