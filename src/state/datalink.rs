//! Links and products of sources: the form, what was found, and the account of what came.

use std::sync::Arc;

use leptos::prelude::*;
use tap::datalink::{
    FORMATS, Identifier, Identifiers, Link, LinkColumns, RELEASES, RETRIEVAL_TYPES, STRUCTURES, parse_member,
};
use workbench::{
    protocol::{BundleFile, Failure, InBundle, TableId},
    series::{ChartSpec, Charts},
};

use super::{query::Problem, schema::Loadable};

/// Links and products of sources.
#[derive(Clone, Copy)]
pub struct DatalinkState {
    /// The identifiers as typed.
    pub text: RwSignal<String>,
    /// What was read of them.
    pub ids: RwSignal<Arc<Identifiers>>,
    /// What is wanted of them.
    pub form: RwSignal<Form>,
    /// What is wrong before anything is sent.
    pub problem: RwSignal<Option<Problem>>,
    /// What is shown: links (0) or products (1).
    pub tab: RwSignal<usize>,
    /// The links that were found.
    pub links: RwSignal<Loadable<Links>>,
    /// The products that were asked for, request by request.
    pub parts: RwSignal<Vec<Part>>,
    /// Whether products are being fetched.
    pub fetching: RwSignal<bool>,
    /// Which lines of the account are shown.
    pub filter: RwSignal<Option<Outcome>>,
    /// First line of the account that is shown.
    pub first: RwSignal<usize>,
    /// The products that are drawn.
    pub picture: RwSignal<Option<Picture>>,
}

impl DatalinkState {
    pub(super) fn new() -> DatalinkState {
        DatalinkState {
            text: RwSignal::default(),
            ids: RwSignal::default(),
            form: RwSignal::default(),
            problem: RwSignal::default(),
            tab: RwSignal::default(),
            links: RwSignal::default(),
            parts: RwSignal::default(),
            fetching: RwSignal::default(),
            filter: RwSignal::default(),
            first: RwSignal::default(),
            picture: RwSignal::default(),
        }
    }
}

/// What is wanted. Names are those of the archive; all but the identifiers are data of [`tap::datalink`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Release to which bare identifiers belong.
    pub release: String,
    /// Retrieval types that are ticked.
    pub types: Vec<String>,
    /// Further ones, as typed.
    pub other: String,
    /// Format of the files.
    pub format: String,
    /// How products are put into files.
    pub structure: String,
    /// What the identifiers are.
    pub linking: String,
    /// Of epoch photometry only what was not rejected.
    pub valid_data: bool,
    /// A ZIP even of one file.
    pub always_zip: bool,
    /// With columns that describe the products, of links.
    pub metadata: bool,
}

impl Default for Form {
    fn default() -> Form {
        Form {
            release: RELEASES[0].into(),
            types: vec![RETRIEVAL_TYPES[0].name.into()],
            other: String::new(),
            format: FORMATS[0].0.into(),
            structure: STRUCTURES[0].name.into(),
            linking: tap::datalink::LINKING_PARAMETERS[0].0.into(),
            valid_data: false,
            always_zip: true,
            metadata: false,
        }
    }
}

impl Form {
    /// The retrieval types that are wanted, ticked and typed.
    pub fn wanted(&self) -> Vec<String> {
        let typed = self.other.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|name| !name.is_empty());
        let mut wanted = self.types.clone();
        wanted.extend(typed.map(str::to_uppercase).filter(|name| !self.types.contains(name)));
        wanted
    }
}

/// The links of some sources. The rows are in the worker, a table for each request; here are those that are shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Links {
    /// The tables with their rows.
    pub tables: Vec<LinkTable>,
    /// Requests that are still to be made.
    pub waiting: usize,
    /// Why some are missing, if some are.
    pub trouble: Option<String>,
    /// Sources that were asked for and have no link.
    pub without: Vec<String>,
    /// First row that is shown.
    pub first: usize,
    /// The rows that are shown.
    pub shown: Vec<Link>,
}

/// One answer of {links}.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkTable {
    /// Its number in the worker.
    pub table: TableId,
    /// Its rows.
    pub rows: usize,
    /// Where the columns are.
    pub columns: LinkColumns,
}

impl Links {
    /// All rows.
    pub fn rows(&self) -> usize {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// One request for products.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its number.
    pub number: u32,
    /// Id of the archive that was asked.
    pub archive: String,
    /// What was asked for.
    pub retrieval_type: String,
    /// Of which sources.
    pub ids: Arc<Vec<String>>,
    /// The request, to be made again if it fails.
    pub request: tap::Request,
    /// How it stands.
    pub stage: Stage,
}

/// How a request for products stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// It waits for those before it.
    Waiting,
    /// It is under way: bytes that came, and bytes that were announced.
    Fetching(u64, Option<u64>),
    /// Its answer is in the worker.
    Here(Bundle),
    /// It failed, or was stopped.
    Failed(Failure),
}

/// An answer with products.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// Its number in the worker.
    pub id: TableId,
    /// Its name, where the service gave one.
    pub name: Option<String>,
    /// Bytes of it as it came.
    pub bytes: u64,
    /// What is in it.
    pub files: Arc<Vec<BundleFile>>,
    /// Why more may be missing.
    pub trouble: Option<String>,
}

/// What became of the wish for a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is here.
    Got,
    /// The archive sent nothing for this source.
    Missing,
    /// The request failed, or the file is damaged.
    Failed,
    /// It is asked for, or will be.
    Waiting,
}

/// A line of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The source, or the list of sources that the archive knows.
    pub id: String,
    /// The archive's name for the product.
    pub retrieval_type: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The file, if there is one.
    pub file: Option<InBundle>,
    /// Its name and size, or why there is none.
    pub detail: String,
    /// Bytes of the file.
    pub size: u64,
}

/// Products that are drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The files.
    pub of: Vec<InBundle>,
    /// How they are drawn.
    pub spec: ChartSpec,
    /// The pictures.
    pub charts: Loadable<Charts>,
    /// The search for a period.
    pub search: Search,
}

/// The form of the search for a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// The band in which is searched.
    pub band: String,
    /// The shortest period in days, as typed.
    pub shortest: String,
    /// The longest.
    pub longest: String,
    /// What came of it, in words.
    pub said: Option<String>,
}

impl Default for Search {
    fn default() -> Search {
        Search { band: "G".into(), shortest: "0.1".into(), longest: "100".into(), said: None }
    }
}

/// The account of one request: a line for each source and product, in the order in which they were asked for.
pub fn lines(part: &Part) -> Vec<Line> {
    let line = |id: &str, outcome, detail: &str| Line {
        id: id.to_owned(),
        retrieval_type: part.retrieval_type.clone(),
        outcome,
        file: None,
        detail: detail.to_owned(),
        size: 0,
    };
    let all = |outcome, detail: &str| part.ids.iter().map(|id| line(id, outcome, detail)).collect();
    let bundle = match &part.stage {
        Stage::Waiting | Stage::Fetching(..) => return all(Outcome::Waiting, ""),
        Stage::Failed(failure) => return all(Outcome::Failed, &failure.message),
        Stage::Here(bundle) => bundle,
    };
    let number = |id: &str| Identifier::parse(id).and_then(Identifier::source_id);
    // The sources in each file, by number: the file's name tells one, or the file itself tells many.
    let mut came: Vec<(u64, usize)> = Vec::new();
    let mut listed = Vec::new();
    for (at, file) in bundle.files.iter().enumerate() {
        let named = parse_member(&file.name).and_then(|member| member.source_id());
        let within = file.sources.iter().filter_map(|id| number(id));
        let sources: Vec<u64> = named.into_iter().chain(within).collect();
        if sources.is_empty() {
            listed.push(at);
        }
        came.extend(sources.into_iter().map(|id| (id, at)));
    }
    came.sort_unstable();
    // One file for one source needs no name.
    if let ([id], [at]) = (&part.ids[..], &listed[..])
        && let Some(id) = number(id)
    {
        came.push((id, *at));
        listed.clear();
    }
    let of_file = |id: &str, at: usize| {
        let file = &bundle.files[at];
        let mut out = line(id, Outcome::Got, &file.name);
        if let Some(member) = parse_member(&file.name) {
            out.retrieval_type = member.retrieval_type.to_owned();
        }
        out.size = file.size;
        match &file.trouble {
            Some(trouble) => {
                (out.outcome, out.detail) = (Outcome::Failed, format!("{} is damaged: {trouble}", file.name))
            }
            None => out.file = Some(InBundle { bundle: bundle.id, file: at as u32 }),
        }
        out
    };
    let mut asked = Vec::new();
    let mut out = Vec::new();
    for id in part.ids.iter() {
        let Some(wanted) = number(id) else { continue };
        asked.push(wanted);
        let first = came.partition_point(|(source, _)| *source < wanted);
        let own = came[first..].iter().take_while(|(source, _)| *source == wanted);
        let before = out.len();
        out.extend(own.map(|(_, at)| of_file(id, *at)));
        if out.len() > before {
            continue;
        }
        out.push(match &bundle.trouble {
            Some(trouble) => line(id, Outcome::Failed, &format!("It did not arrive: {trouble}.")),
            None => line(id, Outcome::Missing, "The archive has no such product of this source."),
        });
    }
    // What came for ranges, and for columns that only the archive can read.
    asked.sort_unstable();
    let beside = came.iter().filter(|(id, _)| asked.binary_search(id).is_err());
    out.extend(beside.map(|(id, at)| of_file(&id.to_string(), *at)));
    out.extend(listed.into_iter().map(|at| of_file("", at)));
    for id in part.ids.iter().filter(|id| number(id).is_none()) {
        if let Some(trouble) = &bundle.trouble {
            out.push(line(id, Outcome::Failed, &format!("Not all of it arrived: {trouble}.")));
        } else if bundle.files.is_empty() {
            out.push(line(id, Outcome::Missing, "The archive sent no product for it."));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "6917528997577384321";

    fn part(ids: &[&str], files: Vec<BundleFile>, trouble: Option<&str>) -> Part {
        let bundle =
            Bundle { id: 9, name: None, bytes: 1, files: Arc::new(files), trouble: trouble.map(str::to_owned) };
        Part {
            number: 9,
            archive: "a".into(),
            retrieval_type: "ALL".into(),
            ids: Arc::new(ids.iter().map(|id| (*id).to_owned()).collect()),
            request: tap::Request::get("x"),
            stage: Stage::Here(bundle),
        }
    }

    fn file(name: &str, sources: &[&str], trouble: Option<&str>) -> BundleFile {
        let sources = sources.iter().map(|id| (*id).to_owned()).collect();
        BundleFile { name: name.into(), size: 5, sources, trouble: trouble.map(str::to_owned) }
    }

    fn account(part: &Part) -> Vec<(String, String, Outcome, Option<u32>)> {
        lines(part)
            .into_iter()
            .map(|line| (line.id, line.retrieval_type, line.outcome, line.file.map(|of| of.file)))
            .collect()
    }

    #[test]
    fn each_source_has_its_line_whatever_came() {
        let files = vec![
            file(&format!("RVS-Gaia DR3 {A}.xml"), &[], None),
            file(&format!("XP_SAMPLED-Gaia DR3 {A}.xml"), &[], Some("its check sum differs")),
            file("RVS-Gaia DR3 5.xml", &[], None),
        ];
        let designation = format!("Gaia DR3 {A}");
        let found = account(&part(&[&designation, "7", "1-6"], files, None));
        assert_eq!(
            found,
            [
                (designation.clone(), "RVS".into(), Outcome::Got, Some(0)),
                (designation, "XP_SAMPLED".into(), Outcome::Failed, None),
                ("7".into(), "ALL".into(), Outcome::Missing, None),
                ("5".into(), "RVS".into(), Outcome::Got, Some(2)),
            ]
        );
    }

    #[test]
    fn what_may_still_be_there_is_not_missing_but_failed() {
        let found = account(&part(&["7", "8"], vec![file("RVS-7.xml", &[], None)], Some("cut")));
        assert_eq!(found[1], ("8".into(), "ALL".into(), Outcome::Failed, None));
        let none = account(&part(&["user_joe.t.source_id"], vec![], None));
        assert_eq!(none[0].2, Outcome::Missing);
    }

    #[test]
    fn a_file_of_many_sources_is_told_by_its_rows_and_one_of_one_needs_no_name() {
        let many = account(&part(&[A, "7", "8"], vec![file("RVS_RAW.xml", &["7", A], None)], None));
        assert_eq!(many.iter().map(|line| line.2).collect::<Vec<_>>(), [Outcome::Got, Outcome::Got, Outcome::Missing]);
        let single = account(&part(&["7"], vec![file("", &[], None)], None));
        assert_eq!(single, [("7".into(), "ALL".into(), Outcome::Got, Some(0))]);
    }

    #[test]
    fn types_are_ticked_or_typed() {
        let form = Form { other: "epoch_image, RVS;EPOCH_PHOTOMETRY".into(), ..Form::default() };
        assert_eq!(form.wanted(), ["EPOCH_PHOTOMETRY", "EPOCH_IMAGE", "RVS"]);
    }
}
