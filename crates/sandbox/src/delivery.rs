//! A result on its way out: the metadata of the document, and its name as a file.

use http::{HeaderName, header};
use table::{Datatype, Field};
use votable::model::{Coosys, Info, Param, ServiceDescriptor};
use votable::writer::Preamble;
use workbench::export::Format;

use crate::catalogue::Catalogue;
use crate::fault::Fault;
use crate::parameters::Parameters;

/// What belongs to a result beside its rows.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The query.
    pub query: String,
    /// Identifier of the job; of a synchronous query too.
    pub job_id: String,
    /// Name that the user gave it.
    pub job_name: String,
    /// Public address of the archive.
    pub base: String,
}

/// The format that a request asks for: RESPONSEFORMAT before FORMAT.
pub fn format(parameters: &Parameters) -> Result<Format, Fault> {
    let asked = parameters.value("responseformat").or_else(|| parameters.value("format"));
    let Some(asked) = asked else { return Ok(Format::Votable) };
    Format::parse(asked).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        Fault::bad(format!("Unknown output format '{asked}'. Known formats: {}.", known.join(", ")))
    })
}

/// The number of rows that a request asks for.
pub fn max_rows(parameters: &Parameters) -> Result<Option<u64>, Fault> {
    let Some(asked) = parameters.value("maxrec") else { return Ok(None) };
    match asked.parse::<i64>() {
        // -1 has always meant "no limit" to this family of servers.
        Ok(-1) => Ok(None),
        Ok(rows) => u64::try_from(rows).map(Some).map_err(|_| negative(asked)),
        Err(_) => Err(negative(asked)),
    }
}

fn negative(asked: &str) -> Fault {
    Fault::bad(format!("MAXREC must be a whole number from 0 on, not '{asked}'."))
}

/// What stands before the first row of a result.
pub fn preamble(fields: &[Field], about: &About, catalogue: &Catalogue) -> Preamble {
    let fields: Vec<Field> = fields.iter().map(with_id).collect();
    let release = catalogue.tables().iter().filter_map(|table| table.coosys);
    let mut coosys: Vec<Coosys> = Vec::new();
    for (id, epoch) in release {
        let used = fields.iter().any(|field| field.reference.as_deref() == Some(id));
        if used && !coosys.iter().any(|known| known.id.as_deref() == Some(id)) {
            coosys.push(Coosys {
                id: Some(id.to_owned()),
                system: Some("ICRS".to_owned()),
                epoch: Some(epoch.to_owned()),
                ..Coosys::default()
            });
        }
    }
    Preamble {
        infos: vec![
            Info::new("QUERY_STATUS", "OK"),
            Info::new("QUERY", one_line(&about.query)).with_text(about.query.as_str()),
            Info::new("CAPTION", "SYNTHETIC DATA of the Parallax sandbox: nothing here was observed"),
            Info::new("JOBID", about.job_id.as_str()).with_text(about.job_id.as_str()),
            Info::new("JOBNAME", about.job_name.as_str()),
        ],
        params: vec![Param::text("RELEASE", "Synthetic, in the shape of Gaia DR3")],
        coosys,
        fields,
        ..Preamble::default()
    }
}

/// Attribute values lose their line ends, so the `value` of QUERY has none.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The archive gives an `ID` to the columns that services refer to.
fn with_id(field: &Field) -> Field {
    let mut field = field.clone();
    let known = match (field.name.as_str(), field.datatype) {
        ("designation", Datatype::Char) => Some("DESIGNATION"),
        ("source_id", Datatype::Long) => Some("SOURCE_ID"),
        _ => None,
    };
    field.id = known.map(str::to_owned);
    field
}

/// The services that can be called with values of the result: DataLink, where there is a designation.
pub fn descriptors(fields: &[Field], about: &About) -> Vec<ServiceDescriptor> {
    if !fields.iter().any(|field| field.name == "designation" && field.datatype == Datatype::Char) {
        return Vec::new();
    }
    let mut id = Param::text("ID", "");
    id.field.reference = Some("DESIGNATION".to_owned());
    vec![ServiceDescriptor {
        name: Some("ancillary".to_owned()),
        utype: Some("adhoc:service".to_owned()),
        description: Some("Retrieve DataLink file containing ancillary data for source".to_owned()),
        access_url: Some(format!("{}/data-server/datalink/links", about.base)),
        standard_id: Some("ivo://ivoa.net/std/DataLink#links-1.0".to_owned()),
        content_type: Some("application/x-votable+xml;content=datalink".to_owned()),
        input_params: vec![id],
        ..ServiceDescriptor::default()
    }]
}

/// What stands behind the last row of a result that was cut.
pub fn overflow() -> Vec<Info> {
    vec![Info::new("QUERY_STATUS", "OVERFLOW")]
}

/// Content headers of a result: type, encoding, name of the file.
pub fn headers(format: Format, about: &About) -> Vec<(HeaderName, String)> {
    let name = if about.job_name.is_empty() { &about.job_id } else { &about.job_name };
    let safe: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    let mut headers = vec![
        (header::CONTENT_TYPE, format.mime().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment;filename=\"{safe}-result.{}\"", format.extension())),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    if format == Format::VotableGzip {
        headers.push((header::CONTENT_ENCODING, "gzip".to_owned()));
    }
    headers
}
