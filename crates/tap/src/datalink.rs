//! DataLink: links of sources and the products that they lead to.
//!
//! DataLink 1.0 and 1.1 section 2 and 3 ({links}), and of TAP+ the resource `/data`, which serves the products. Names of
//! products, formats and structures are data, here and in an archive's configuration: none is refused for being new.

mod identifier;
mod link;
mod member;
mod names;

use crate::request::{Body, Form, Request, get, pairs_of, post};
pub use identifier::{Identifier, Identifiers, MOST_SOURCES, parse_identifiers};
pub use link::{Link, LinkColumns, link_place};
pub use member::{Holds, Member, parse_member};
pub use names::{
    FORMATS, LINKING_PARAMETERS, Product, RELEASES, RETRIEVAL_TYPES, RetrievalType, STRUCTURES, Structure,
    other_structure, retrieval_type,
};

/// What to ask {links}.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinksQuery {
    /// Identifiers in any of the archive's forms: see [`Identifier`].
    pub ids: Vec<String>,
    /// Release to which bare source identifiers belong, `Gaia DR3` say.
    pub release: Option<String>,
    /// What the identifiers are; `None` for source identifiers.
    pub linking_parameter: Option<String>,
    /// With columns that describe the products (`OPTIONS=METADATA`), where the archive has them.
    pub metadata: bool,
}

/// What to ask `/data`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataQuery {
    /// Which products: one of [`RETRIEVAL_TYPES`], `ALL`, or a name that the archive has and this crate has not.
    pub retrieval_type: String,
    /// Identifiers in any of the archive's forms, [`MOST_SOURCES`] at most.
    pub ids: Vec<String>,
    /// Release to which bare source identifiers belong.
    pub release: Option<String>,
    /// Of epoch photometry only what was not rejected.
    pub valid_data: bool,
    /// Format: one of [`FORMATS`]; `None`: the archive's default.
    pub format: Option<String>,
    /// Structure: one of [`STRUCTURES`]; `None`: the archive's default.
    pub structure: Option<String>,
    /// What the identifiers are; `None` for source identifiers.
    pub linking_parameter: Option<String>,
    /// A ZIP even of one file, so that answers have one shape.
    pub always_zip: bool,
}

impl DataQuery {
    /// The same in the other name of its structure, for an archive that refuses the first.
    pub fn with_other_structure(&self) -> Option<Self> {
        let structure = other_structure(self.structure.as_deref()?)?.to_owned();
        Some(Self { structure: Some(structure), ..self.clone() })
    }
}

/// The links of sources, at the data server `data`. Long lists are posted.
pub fn links(data: &str, query: &LinksQuery) -> Request {
    let mut form = Form::of(&[("ID", &query.ids.join(","))]);
    form.add_some("RELEASE", query.release.as_deref());
    form.add_some("LINKING_PARAMETER", unless_default(&query.linking_parameter));
    form.add_some("OPTIONS", query.metadata.then_some("METADATA"));
    get_or_post(data, "datalink/links", &form)
}

/// Products of sources, at the data server `data`: one file, or a ZIP with one for each source and product. Sources that
/// have no such product are left out without a word.
pub fn products(data: &str, query: &DataQuery) -> Request {
    let mut form = Form::of(&[("RETRIEVAL_TYPE", &query.retrieval_type), ("ID", &query.ids.join(","))]);
    form.add_some("RELEASE", query.release.as_deref());
    if query.valid_data {
        form.add("VALID_DATA", "true");
    }
    // The data server knows no compressed VOTable and fails on it.
    let format = query.format.as_deref().map(|format| match format.eq_ignore_ascii_case("votable_gzip") {
        true => "votable",
        false => format,
    });
    form.add_some("FORMAT", format);
    form.add_some("DATA_STRUCTURE", query.structure.as_deref());
    form.add_some("LINKING_PARAMETER", unless_default(&query.linking_parameter));
    form.add_flag("USE_ZIP_ALWAYS", query.always_zip);
    get_or_post(data, "data", &form)
}

/// The same request for other sources, as when some of them failed.
pub fn with_ids(request: &Request, ids: &[String]) -> Request {
    let (address, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
    let form = match &request.body {
        Body::Form(form) => form.as_str(),
        _ => query,
    };
    let mut changed = Form::new();
    for (name, value) in pairs_of(form).unwrap_or_default() {
        let value = if name.eq_ignore_ascii_case("ID") { ids.join(",") } else { value };
        changed.add(&name, &value);
    }
    let (base, path) = address.rsplit_once('/').unwrap_or(("", address));
    get_or_post(base, path, &changed)
}

/// Addresses longer than this are cut by some server on the way.
const LONGEST_ADDRESS: usize = 2000;

fn get_or_post(data: &str, path: &str, form: &Form) -> Request {
    if form.encoded().len() > LONGEST_ADDRESS { post(data, path, form) } else { get(data, path, form) }
}

fn unless_default(parameter: &Option<String>) -> Option<&str> {
    parameter.as_deref().filter(|name| !name.eq_ignore_ascii_case(LINKING_PARAMETERS[0].0))
}
