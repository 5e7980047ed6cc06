//! Links and products of sources: the form, what was found, and the account of what came.

mod account;

pub use account::{Line, Outcome, lines};

use std::sync::Arc;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use tap::datalink::{FORMATS, Identifiers, Link, LinkColumns, RELEASES, RETRIEVAL_TYPES, STRUCTURES};
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
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
