//! A cone search: what was filled in, and the query that it makes.

use leptos::prelude::*;
use workbench::cone::{Fault, Ready, Unit};

/// The state of the form.
#[derive(Clone, Copy)]
pub struct ConeState {
    /// Whether the form is open.
    pub open: RwSignal<bool>,
    /// What was filled in.
    pub form: RwSignal<ConeForm>,
    /// The query for it, or why there is none yet.
    pub answer: RwSignal<Option<Result<Ready, Fault>>>,
    /// Whether a resolver is being asked for the name.
    pub resolving: RwSignal<bool>,
    /// What the resolver said in vain.
    pub resolver_problem: RwSignal<Option<String>>,
}

impl ConeState {
    pub(super) fn new() -> ConeState {
        ConeState {
            open: RwSignal::default(),
            form: RwSignal::default(),
            answer: RwSignal::default(),
            resolving: RwSignal::default(),
            resolver_problem: RwSignal::default(),
        }
    }
}

/// What was filled in, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConeForm {
    /// A name or coordinates.
    pub target: String,
    /// What a resolver said of a name: the name, and coordinates.
    pub resolved: Option<(String, String)>,
    /// The radius.
    pub radius: String,
    /// Its unit.
    pub unit: Unit,
    /// The table to search.
    pub table: String,
    /// All columns, or those that matter most.
    pub all: bool,
    /// Most rows.
    pub limit: String,
    /// Whether the targets come from a file.
    pub list: bool,
    /// Number of the file, among those that go along with the query.
    pub file: Option<u32>,
    /// The file's columns of right ascension and declination.
    pub list_position: (String, String),
}

impl Default for ConeForm {
    fn default() -> ConeForm {
        ConeForm {
            target: String::new(),
            resolved: None,
            radius: "1".into(),
            unit: Unit::Degrees,
            table: "gaiadr3.gaia_source".into(),
            all: false,
            limit: "1000".into(),
            list: false,
            file: None,
            list_position: (String::new(), String::new()),
        }
    }
}
