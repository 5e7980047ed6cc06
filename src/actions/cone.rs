//! A cone search: filled in here, read and written as a query by the worker.

use leptos::{prelude::*, task::spawn_local};
use tap::{name, resolver, vosi};
use workbench::{
    cone::{Fault, Form, List, Ready},
    protocol::Command,
};

use super::Actions;
use crate::state::{
    cone::ConeForm,
    query::{Stage, Upload},
    schema::Loadable,
};

/// What a table of stars is asked for where the archive does not say which columns matter.
const MAIN: [&str; 10] = [
    "source_id",
    "ra",
    "dec",
    "parallax",
    "parallax_error",
    "pmra",
    "pmdec",
    "phot_g_mean_mag",
    "bp_rp",
    "radial_velocity",
];

impl Actions {
    /// Opens the form.
    pub fn open_cone(&self) {
        self.state.cone.open.set(true);
        self.edit_cone(|_| {});
    }

    /// Changes the form; the worker writes the query anew.
    pub fn edit_cone(&self, change: impl FnOnce(&mut ConeForm)) {
        let cone = self.state.cone;
        let table = cone.form.with_untracked(|form| form.table.clone());
        cone.form.update(change);
        cone.resolver_problem.set(None);
        let now = cone.form.with_untracked(|form| form.table.trim().to_owned());
        if (now != table || cone.answer.with_untracked(Option::is_none)) && now.contains('.') {
            self.load_table(&now);
        }
        self.write_cone();
    }

    /// Has the worker write the query for what is filled in, and for what is known of the table and of the file.
    pub fn write_cone(&self) {
        let sequence = self.number();
        self.cone.set_value(sequence);
        let command = Command::Cone { sequence, form: Box::new(self.cone_form()) };
        self.command(&command, None);
    }

    /// Takes a file of targets; it goes along with the query.
    pub fn attach_targets(&self, file: web_sys::File) {
        self.attach(file);
        let file = self.state.query.uploads.with_untracked(|uploads| uploads.last().map(|upload| upload.file));
        self.edit_cone(|form| (form.file, form.list_position) = (file, Default::default()));
    }

    /// Asks the resolver of the deployment for the name that was typed.
    pub fn resolve_name(&self) {
        let cone = self.state.cone;
        let Some(base) = self.state.archive_untracked().and_then(|archive| archive.resolver) else { return };
        let name = cone.form.with_untracked(|form| form.target.trim().to_owned());
        cone.resolving.set(true);
        cone.resolver_problem.set(None);
        let actions = *self;
        spawn_local(async move {
            let answer = actions.ask(&resolver::request(&base, &name)).await;
            let found = answer.and_then(|answer| Ok(resolver::parse(&answer.body)?));
            cone.resolving.set(false);
            if cone.form.with_untracked(|form| form.target.trim() != name) {
                return;
            }
            match found {
                Ok(Some(place)) => actions.edit_cone(|form| form.resolved = Some((name, place.text()))),
                Ok(None) => cone.resolver_problem.set(Some(format!("The resolver does not know “{name}”."))),
                Err(error) => cone.resolver_problem.set(Some(error.sentence("the resolver"))),
            }
        });
    }

    /// Hands the query over to the editor, and runs it if that is wanted.
    pub fn use_cone(&self, run: bool) {
        let Some(Ok(Ready { adql, .. })) = self.state.cone.answer.get_untracked() else { return };
        self.state.cone.open.set(false);
        self.edit(&adql);
        if run {
            self.run();
        }
    }

    /// Shows how the query is sent.
    pub fn show_cone_command(&self) {
        if let Some(Ok(Ready { adql, .. })) = self.state.cone.answer.get_untracked() {
            self.show_query(adql);
        }
    }

    /// The worker's answer.
    pub(super) fn coned(&self, sequence: u32, answer: Result<Ready, Fault>) {
        if self.cone.get_value() == sequence {
            self.state.cone.answer.set(Some(answer));
        }
    }

    fn cone_form(&self) -> Form {
        let form = self.state.cone.form.get_untracked();
        let known = self.state.schema.tables.with_untracked(|tables| match tables.get(form.table.trim()) {
            Some(Loadable::Here(table)) => table.columns.clone(),
            _ => Vec::new(),
        });
        let position = (
            place(&known, "pos.eq.ra", &["ra", "raj2000"]).unwrap_or_else(|| "ra".into()),
            place(&known, "pos.eq.dec", &["dec", "dej2000"]).unwrap_or_else(|| "dec".into()),
        );
        let list = form.list.then(|| self.targets(&form)).flatten();
        let columns = if form.all { Vec::new() } else { main(&known, &position) };
        Form {
            // A list that is not ready is a target that is missing.
            target: if form.list { String::new() } else { form.target },
            resolved: form.resolved,
            radius: form.radius,
            unit: form.unit,
            table: name::table(form.table.trim(), false),
            position,
            columns,
            limit: form.limit,
            list,
        }
    }

    /// The table of targets, once it was read.
    fn targets(&self, form: &ConeForm) -> Option<List> {
        let upload = self
            .state
            .query
            .uploads
            .with_untracked(|uploads| uploads.iter().find(|upload| Some(upload.file) == form.file).cloned())?;
        let Upload { table, stage: Stage::Ready { fields, .. }, .. } = upload else { return None };
        let chosen = |typed: &str, ucd: &str, names: &[&str]| {
            let guess = || {
                let by_ucd = fields.iter().find(|field| field.ucd.as_deref().is_some_and(|own| own.contains(ucd)));
                let named = |name: &str| names.iter().any(|known| name.eq_ignore_ascii_case(known));
                by_ucd.or_else(|| fields.iter().find(|field| named(&field.name))).map(|field| field.name.clone())
            };
            Some(typed.to_owned()).filter(|typed| !typed.is_empty()).or_else(guess)
        };
        let ra = chosen(&form.list_position.0, "pos.eq.ra", &["ra", "raj2000", "ra_deg", "_raj2000"])?;
        let dec = chosen(&form.list_position.1, "pos.eq.dec", &["dec", "de", "dej2000", "dec_deg", "_dej2000"])?;
        let quoted = |text: &str| name::identifier(text, true);
        Some(List {
            table,
            position: (quoted(&ra), quoted(&dec)),
            columns: fields.iter().take(12).map(|field| quoted(&field.name)).collect(),
        })
    }
}

/// The column with this UCD, preferably the main one, or with one of these names.
fn place(columns: &[vosi::Column], ucd: &str, names: &[&str]) -> Option<String> {
    let has = |column: &&vosi::Column, part: &str| column.ucd.as_deref().is_some_and(|own| own.contains(part));
    let main = columns.iter().find(|column| has(column, ucd) && has(column, "meta.main"));
    let named = |column: &&vosi::Column| names.iter().any(|name| column.name.eq_ignore_ascii_case(name));
    main.or_else(|| columns.iter().find(named)).map(|column| name::identifier(&column.name, false))
}

/// The columns that matter most: those that a table of stars has of the usual ones, else those that the archive calls principal.
/// None where that is not known: all are asked for.
fn main(columns: &[vosi::Column], position: &(String, String)) -> Vec<String> {
    let usual = MAIN.iter().filter(|name| columns.iter().any(|column| column.name.eq_ignore_ascii_case(name)));
    let usual: Vec<String> = usual.map(|name| (*name).to_owned()).collect();
    if usual.len() > 3 {
        return usual;
    }
    let principal = columns.iter().filter(|column| column.principal);
    let mut names: Vec<String> = principal.map(|column| name::identifier(&column.name, false)).collect();
    if !names.is_empty() {
        let missing = [&position.0, &position.1].into_iter().filter(|name| !names.contains(*name));
        let missing: Vec<String> = missing.cloned().collect();
        names.extend(missing);
    }
    names
}
