//! `/capabilities`: interfaces by standard, and what TAPRegExt says of languages, formats and limits.

use crate::{
    error::{Error, error_in_ok_body},
    xml::{self, Element},
};

const WHAT: &str = "capabilities";

/// What a service can do. Empty lists and `None` mean that it does not say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// One entry for each interface of each capability, in the document's order.
    pub interfaces: Vec<Interface>,
    /// Query languages with their functions.
    pub languages: Vec<Language>,
    /// Formats of results.
    pub output_formats: Vec<OutputFormat>,
    /// Identifiers of upload methods, such as `ivo://ivoa.net/std/TAPRegExt#upload-inline`.
    pub upload_methods: Vec<String>,
    /// Row limits of results.
    pub output_limit: OutputLimit,
    /// How many seconds jobs are kept.
    pub retention: TimeLimit,
    /// How many seconds queries may run.
    pub execution_duration: TimeLimit,
    /// Limits of one upload.
    pub upload_limit: UploadLimit,
    /// Identifiers of data models.
    pub data_models: Vec<String>,
}

/// An interface of a capability.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interface {
    /// Identifier of the standard, such as `ivo://ivoa.net/std/TAP`; empty for none.
    pub standard_id: String,
    /// Version of the standard.
    pub version: Option<String>,
    /// Its address as written.
    pub access_url: String,
    /// `std` where the standard says what it does.
    pub role: Option<String>,
    /// `true` if one must be signed in.
    pub secured: bool,
}

/// A query language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Language {
    /// Name, such as `ADQL`.
    pub name: String,
    /// Versions.
    pub versions: Vec<String>,
    /// Description.
    pub description: Option<String>,
    /// Optional features: user defined functions, geometry, string functions …
    pub features: Vec<Feature>,
}

/// One optional feature of a language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feature {
    /// Identifier of the sort, such as `ivo://ivoa.net/std/TAPRegExt#features-udf`.
    pub kind: String,
    /// The feature's form: signature of a function, name of a geometry.
    pub form: String,
    /// Description.
    pub description: Option<String>,
}

impl Feature {
    /// The name in the form: `gavo_to_mjd` of `gavo_to_mjd(d TIMESTAMP) -> DOUBLE`.
    pub fn name(&self) -> &str {
        let end = self.form.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(self.form.len());
        &self.form[..end]
    }

    /// Whether it is a user defined function.
    pub fn is_udf(&self) -> bool {
        ends(&self.kind, "features-udf")
    }

    /// Whether it is a geometry.
    pub fn is_geometry(&self) -> bool {
        ends(&self.kind, "features-adqlgeo") || ends(&self.kind, "features-adql-geo")
    }
}

/// A format of results.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutputFormat {
    /// MIME type.
    pub mime: String,
    /// Short names, for `FORMAT`.
    pub aliases: Vec<String>,
    /// Identifier, such as `ivo://ivoa.net/std/TAPRegExt#output-votable-binary2`.
    pub ivo_id: Option<String>,
}

/// Row limits. Limits in bytes are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutputLimit {
    /// Rows without MAXREC.
    pub default: Option<u64>,
    /// Rows whatever MAXREC says.
    pub hard: Option<u64>,
}

/// A limit of time in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeLimit {
    /// What a job gets.
    pub default: Option<u64>,
    /// What it can get at most.
    pub hard: Option<u64>,
}

/// Limits of an upload: what a service takes at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UploadLimit {
    /// Rows.
    pub rows: Option<u64>,
    /// Bytes.
    pub bytes: Option<u64>,
}

impl Capabilities {
    /// Address of the interface of a standard, `ivo://ivoa.net/std/VOSI#tables` say; compared without case and
    /// without the fragment's version (`#links-1.0`, `#links-1.1`).
    pub fn access_url(&self, standard_id: &str) -> Option<&str> {
        let bare = |id: &str| {
            id.trim()
                .to_ascii_lowercase()
                .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'))
                .to_owned()
        };
        let wanted = bare(standard_id);
        let found = self.interfaces.iter().filter(|interface| bare(&interface.standard_id) == wanted);
        found.min_by_key(|interface| interface.secured).map(|interface| interface.access_url.as_str())
    }

    /// Whether tables can be sent along with a query.
    pub fn takes_inline_uploads(&self) -> bool {
        self.upload_methods.iter().any(|method| ends(method, "upload-inline"))
    }
}

/// Reads a capabilities document.
///
/// # Errors
/// `Service` for pages and errors of the service, `Truncated` or `Document` for what is no whole document.
pub fn parse_capabilities(bytes: &[u8]) -> Result<Capabilities, Error> {
    if let Some(error) = error_in_ok_body(None, &bytes[..bytes.len().min(65_536)]) {
        return Err(error);
    }
    let root = xml::parse(&xml::decode(bytes), WHAT)?;
    if !root.is("capabilities") {
        return Err(Error::document(WHAT, format!("it is a document of type {}", root.name), None));
    }
    let mut out = Capabilities::default();
    for capability in root.children_named("capability") {
        let standard_id = capability.attribute("standardID").unwrap_or_default().trim().to_owned();
        out.interfaces.extend(
            capability.children_named("interface").flat_map(|interface| interfaces_of(interface, &standard_id)),
        );
        read_tap(capability, &mut out);
    }
    Ok(out)
}

fn interfaces_of(element: &Element, standard_id: &str) -> Vec<Interface> {
    // VOResource 1.0 marks what needs signing in by securityMethod; one with nothing in it needs none.
    let secured = element
        .children_named("securityMethod")
        .any(|method| method.attribute("standardID").is_some_and(|id| !ends(id, "BasicAA-anonymous")));
    let word = |name: &str| element.attribute(name).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned);
    element
        .children_named("accessURL")
        .filter(|url| !url.text.trim().is_empty())
        .map(|url| Interface {
            standard_id: standard_id.to_owned(),
            version: word("version"),
            access_url: url.text.trim().to_owned(),
            role: word("role"),
            secured,
        })
        .collect()
}

fn read_tap(capability: &Element, out: &mut Capabilities) {
    out.data_models.extend(
        capability.children_named("dataModel").filter_map(|model| model.attribute("ivo-id").map(str::to_owned)),
    );
    out.languages.extend(capability.children_named("language").map(language_of));
    out.output_formats.extend(capability.children_named("outputFormat").map(format_of));
    out.upload_methods.extend(
        capability
            .children_named("uploadMethod")
            .filter_map(|method| Some(method.attribute("ivo-id")?.trim().to_owned())),
    );
    if let Some(limit) = capability.child("outputLimit") {
        out.output_limit =
            OutputLimit { default: in_unit(limit, "default", "row"), hard: in_unit(limit, "hard", "row") };
    }
    if let Some(limit) = capability.child("uploadLimit") {
        // An upload has one limit, called hard; some services give only a default.
        let most = |unit: &str| in_unit(limit, "hard", unit).or_else(|| in_unit(limit, "default", unit));
        out.upload_limit = UploadLimit { rows: most("row"), bytes: most("byte") };
    }
    let time = |name: &str| {
        capability.child(name).map(|limit| TimeLimit { default: number(limit, "default"), hard: number(limit, "hard") })
    };
    if let Some(limit) = time("retentionPeriod") {
        out.retention = limit;
    }
    if let Some(limit) = time("executionDuration") {
        out.execution_duration = limit;
    }
}

fn language_of(element: &Element) -> Language {
    let features = element.children_named("languageFeatures").flat_map(|group| {
        let kind = group.attribute("type").unwrap_or_default().trim().to_owned();
        group.children_named("feature").map(move |feature| Feature {
            kind: kind.clone(),
            form: feature.child_text("form").unwrap_or_default(),
            description: feature.child_text("description"),
        })
    });
    Language {
        name: element.child_text("name").unwrap_or_default(),
        versions: element.children_named("version").map(|version| version.text.trim().to_owned()).collect(),
        description: element.child_text("description"),
        features: features.filter(|feature| !feature.form.is_empty()).collect(),
    }
}

fn format_of(element: &Element) -> OutputFormat {
    OutputFormat {
        mime: element.child_text("mime").unwrap_or_default(),
        aliases: element
            .children_named("alias")
            .map(|alias| alias.text.trim().to_owned())
            .filter(|alias| !alias.is_empty())
            .collect(),
        ivo_id: element.attribute("ivo-id").map(str::to_owned),
    }
}

/// The number in `default` or `hard`, if it counts `unit`; the unit is rows where none is said.
fn in_unit(limit: &Element, name: &str, unit: &str) -> Option<u64> {
    let counts = |element: &&Element| {
        // Some services write the plural.
        let said = element.attribute("unit").unwrap_or("row").trim().to_ascii_lowercase();
        said.strip_suffix('s').unwrap_or(&said) == unit
    };
    limit.children_named(name).find(counts)?.text.trim().parse().ok()
}

fn number(limit: &Element, name: &str) -> Option<u64> {
    limit.child_text(name)?.parse().ok()
}

fn ends(identifier: &str, fragment: &str) -> bool {
    identifier.trim().to_ascii_lowercase().ends_with(&fragment.to_ascii_lowercase())
}
