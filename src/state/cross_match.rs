//! The form of a cross-match, and the ADQL that it makes.

use leptos::prelude::*;
use tap::{
    cross_match::{Radius, Side, Unit, function, join},
    user_tables::stored_name,
    vosi::{Column, Table},
};

use super::{State, schema::Loadable};

/// The form of a cross-match.
#[derive(Clone, Copy)]
pub struct CrossMatchState {
    /// Whether its dialog is open.
    pub open: RwSignal<bool>,
    /// What is typed.
    pub form: RwSignal<MatchForm>,
}

impl CrossMatchState {
    pub(super) fn new() -> CrossMatchState {
        CrossMatchState { open: RwSignal::default(), form: RwSignal::default() }
    }
}

/// What is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchForm {
    /// Qualified name of the user's table.
    pub mine: String,
    /// Qualified name of the other.
    pub other: String,
    /// Greatest separation.
    pub radius: String,
    /// Its unit.
    pub unit: Unit,
    /// By a join that gives rows, not by the archive's function that makes a table.
    pub join: bool,
    /// Columns of the position in both tables; empty: those that their metadata name.
    pub positions: [(String, String); 2],
    /// Name of the table that the function makes.
    pub result: String,
}

impl Default for MatchForm {
    fn default() -> MatchForm {
        MatchForm {
            mine: String::new(),
            other: "gaiadr3.gaia_source".into(),
            radius: "1".into(),
            unit: Unit::Arcsecond,
            join: false,
            positions: Default::default(),
            result: String::new(),
        }
    }
}

/// The columns of right ascension and declination by flag, UCD or name.
pub fn position(columns: &[Column]) -> Option<(&str, &str)> {
    let find = |flagged: fn(&Column) -> bool, ucd: &str, name: &str| {
        let with_ucd = |column: &&Column| column.ucd.as_deref().is_some_and(|found| found.starts_with(ucd));
        let main =
            |column: &&Column| with_ucd(column) && column.ucd.as_deref().is_some_and(|ucd| ucd.ends_with("meta.main"));
        let found = columns.iter().find(|column| flagged(column)).or_else(|| columns.iter().find(main));
        let found = found.or_else(|| columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)));
        found.or_else(|| columns.iter().find(with_ucd)).map(|column| column.name.as_str())
    };
    find(|column| column.flags.is_ra(), "pos.eq.ra", "ra").zip(find(
        |column| column.flags.is_dec(),
        "pos.eq.dec",
        "dec",
    ))
}

/// Whether the archive knows which columns are the position, as its function needs it.
fn has_position(table: &Table) -> bool {
    let flagged = |is: fn(&Column) -> bool| table.columns.iter().any(is);
    flagged(|column| column.flags.is_ra()) && flagged(|column| column.flags.is_dec())
}

/// The column by which the sources of a catalogue are known.
fn identifier(columns: &[Column]) -> Option<&str> {
    let by_name = columns.iter().find(|column| column.name.eq_ignore_ascii_case("source_id"));
    let by_ucd = || columns.iter().find(|column| column.ucd.as_deref().is_some_and(|ucd| ucd.starts_with("meta.id")));
    let by_flag = || columns.iter().find(|column| column.flags.is_primary_key());
    by_name.or_else(by_flag).or_else(by_ucd).or(columns.first()).map(|column| column.name.as_str())
}

impl State {
    /// The ADQL of the form, or what is missing; for reactive reads.
    pub fn cross_match_adql(&self) -> Result<String, String> {
        let form = self.cross_match.form.get();
        if form.mine.is_empty() {
            return Err("Choose one of your tables.".into());
        }
        let radius = Radius::parse(&form.radius, form.unit)
            .ok_or("The radius must be a number above 0 and at most 10 degrees.")?;
        let (mine, other) = (self.described(&form.mine)?, self.described(form.other.trim())?);
        if form.join {
            let [mine_position, other_position] = &form.positions;
            let mine = side(&mine, mine_position)?;
            let id = identifier(&other.columns).unwrap_or_default();
            return Ok(join(mine, side(&other, other_position)?, id, radius));
        }
        if !radius.fits_function() {
            return Err("The archive’s cross-match takes a radius from 0.1 to 10 arcsec. The join takes any.".into());
        }
        if !has_position(&mine) {
            return Err(format!(
                "The archive’s cross-match needs to know the position columns of {}: flag them Ra and Dec, or use the join.",
                mine.name
            ));
        }
        let result = stored_name(&form.result).map_err(|problem| format!("Name of the new table: {problem}."))?;
        let taken = self.user().is_some_and(|user| self.user_tables.has(&user, &result.name));
        if taken {
            return Err(format!("You have a table {} already. Choose another name for the pairs.", result.name));
        }
        function(&mine.name, &other.name, radius, &result.name)
            .ok_or_else(|| "Name the other table with its schema.".into())
    }

    /// A table with its columns, or why not.
    fn described(&self, name: &str) -> Result<Table, String> {
        self.schema.tables.with(|tables| match tables.get(name) {
            Some(Loadable::Here(table)) => Ok(table.clone()),
            Some(Loadable::Failed(error)) => Err(error.clone()),
            Some(_) => Err(format!("Asking the archive for the columns of {name}.")),
            None => Err("Name the other table with its schema, such as gaiadr3.gaia_source.".into()),
        })
    }
}

fn side<'a>(table: &'a Table, typed: &'a (String, String)) -> Result<Side<'a>, String> {
    let guessed = position(&table.columns);
    let choose =
        |typed: &'a String, guessed: Option<&'a str>| (!typed.is_empty()).then_some(typed.as_str()).or(guessed);
    let ra = choose(&typed.0, guessed.map(|(ra, _)| ra));
    let dec = choose(&typed.1, guessed.map(|(_, dec)| dec));
    match ra.zip(dec) {
        Some((ra, dec)) => Ok(Side { table: &table.name, ra, dec }),
        None => Err(format!("Choose the position columns of {}.", table.name)),
    }
}
