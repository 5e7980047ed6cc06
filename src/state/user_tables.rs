//! Tables of the user at the archive: what is listed, the one that is shown, and the forms about them. Forms outlive the view.

use leptos::prelude::*;
use tap::{
    request::TablesFilter,
    user_tables::{ColumnEdit, ColumnFlag},
    vosi::{Schema, Table},
};

use super::{query::Problem, schema::Loadable, table_upload::UploadState};

/// Tables of the user at the archive.
#[derive(Clone, Copy)]
pub struct UserTablesState {
    /// What the list shall hold.
    pub wanted: RwSignal<Wanted>,
    /// What the archive listed.
    pub listed: RwSignal<Loadable<Vec<Schema>>>,
    /// Qualified name of the table that is shown.
    pub selected: RwSignal<Option<String>>,
    /// That table with its columns.
    pub table: RwSignal<Loadable<Table>>,
    /// Changes of columns that are not saved.
    pub edits: RwSignal<Option<Edits>>,
    /// New names that are not saved.
    pub names: RwSignal<Option<Names>>,
    /// Whether a change is being sent.
    pub changing: RwSignal<bool>,
    /// Why the last change was not made.
    pub problem: RwSignal<Option<Problem>>,
    /// Qualified name of the table that the archive did not delete because something depends on it.
    pub refused: RwSignal<Option<String>>,
    /// What the archive said when the user's space was used up; it tells of it at no other time.
    pub quota: RwSignal<Option<String>>,
    /// The form of an upload.
    pub upload: UploadState,
}

impl UserTablesState {
    pub(super) fn new() -> UserTablesState {
        UserTablesState {
            wanted: RwSignal::default(),
            listed: RwSignal::default(),
            selected: RwSignal::default(),
            table: RwSignal::default(),
            edits: RwSignal::default(),
            names: RwSignal::default(),
            changing: RwSignal::default(),
            problem: RwSignal::default(),
            refused: RwSignal::default(),
            quota: RwSignal::default(),
            upload: UploadState::new(),
        }
    }

    /// Whether the archive lists a table of this name in the schema of `user`; for reactive reads.
    pub fn has(&self, user: &str, name: &str) -> bool {
        let is_it = |table: &Table| own_name(&table.name, user).is_some_and(|own| own.eq_ignore_ascii_case(name));
        self.listed.with(|listed| listed.here().is_some_and(|schemas| tables(schemas).any(is_it)))
    }
}

/// All tables of some schemas.
pub fn tables(schemas: &[Schema]) -> impl Iterator<Item = &Table> {
    schemas.iter().flat_map(|schema| &schema.tables)
}

/// The schema of a user.
pub fn schema_of(user: &str) -> String {
    format!("user_{}", user.to_lowercase())
}

/// The name of a table without schema and quotes, if it is in the schema of `user`.
pub fn own_name<'a>(qualified: &'a str, user: &str) -> Option<&'a str> {
    let (schema, name) = qualified.split_once('.')?;
    schema.trim_matches('"').eq_ignore_ascii_case(&schema_of(user)).then(|| name.trim_matches('"'))
}

/// What the list shall hold: the parameters of `/tables` (TAP+).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Whose tables.
    pub whose: Whose,
    /// How much is told of each.
    pub detail: Detail,
    /// Whether it is told with whom each is shared.
    pub shares: bool,
    /// Names of tables, separated by commas or blanks: these alone, with their columns.
    pub tables: String,
    /// Names of schemas: these alone.
    pub schemas: String,
}

impl Default for Wanted {
    fn default() -> Wanted {
        let (tables, schemas) = (String::new(), String::new());
        Wanted { whose: Whose::Mine, detail: Detail::Tables, shares: true, tables, schemas }
    }
}

/// Whose tables are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those of the user.
    Mine,
    /// Those too that others share with the user.
    Shared,
    /// Those too that everybody sees.
    All,
}

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Schemas without tables.
    Schemas,
    /// Tables without columns.
    Tables,
    /// Tables with columns.
    Columns,
}

impl Wanted {
    /// What is asked of the archive for `user`.
    pub fn filter(&self, user: &str) -> TablesFilter {
        let list = |text: &str| {
            let names = text.split([',', ' ', '\n']).map(str::trim).filter(|name| !name.is_empty());
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        let mut schemas = list(&self.schemas);
        if schemas.is_empty() && self.whose == Whose::Mine {
            schemas.push(schema_of(user));
        }
        TablesFilter {
            tables: list(&self.tables),
            schemas,
            only_schemas: self.detail == Detail::Schemas,
            only_tables: self.detail == Detail::Tables,
            share_info: self.shares,
            share_accessible: self.whose != Whose::Mine,
            detail: None,
        }
    }

    /// Whether a schema of the answer is wanted: no request leaves out the public ones alone.
    pub fn keeps(&self, schema: &Schema) -> bool {
        self.whose != Whose::Shared
            || !schema.public
            || !self.schemas.trim().is_empty()
            || !self.tables.trim().is_empty()
    }
}

/// What is being said of the columns of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edits {
    /// Qualified name of the table.
    pub table: String,
    /// As the archive has them.
    pub before: Vec<ColumnEdit>,
    /// As they shall be.
    pub columns: Vec<ColumnEdit>,
}

impl Edits {
    /// Nothing changed yet.
    pub fn of(table: &Table) -> Edits {
        let columns: Vec<ColumnEdit> = table.columns.iter().map(ColumnEdit::from).collect();
        Edits { table: table.name.clone(), before: columns.clone(), columns }
    }

    /// Says what a column means. Of those that there can only be one, the column that was it before is so no longer.
    pub fn set_flag(&mut self, at: usize, flag: Option<ColumnFlag>) {
        if let Some(flag) = flag.filter(|flag| flag.needs_index()) {
            for column in self.columns.iter_mut().filter(|column| column.flag == Some(flag)) {
                column.flag = None;
            }
        }
        if let Some(column) = self.columns.get_mut(at) {
            column.flag = flag;
            column.indexed |= flag.is_some_and(ColumnFlag::needs_index);
        }
    }

    /// The columns that differ from what the archive has.
    pub fn changed(&self) -> impl Iterator<Item = &ColumnEdit> {
        self.columns.iter().zip(&self.before).filter(|(now, before)| now != before).map(|(now, _)| now)
    }
}

/// New names for a table and its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// Qualified name of the table.
    pub table: String,
    /// Its new name, without schema.
    pub name: String,
    /// Old and new name of each column.
    pub columns: Vec<(String, String)>,
}

impl Names {
    /// The columns that get another name.
    pub fn changed(&self) -> Vec<(String, String)> {
        let differs = |(old, new): &&(String, String)| old != new.trim();
        self.columns.iter().filter(differs).map(|(old, new)| (old.clone(), new.trim().to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_column_is_right_ascension() {
        let column = |name: &str, flag| ColumnEdit { name: name.into(), flag, ..ColumnEdit::default() };
        let before = vec![column("a", Some(ColumnFlag::Ra)), column("b", None), column("c", Some(ColumnFlag::Mag))];
        let mut edits = Edits { table: "t".into(), before: before.clone(), columns: before };
        edits.set_flag(1, Some(ColumnFlag::Ra));
        edits.set_flag(0, Some(ColumnFlag::Mag));
        let flags: Vec<_> = edits.columns.iter().map(|column| (column.flag, column.indexed)).collect();
        assert_eq!(flags[..2], [(Some(ColumnFlag::Mag), false), (Some(ColumnFlag::Ra), true)]);
        assert_eq!(edits.changed().count(), 2);
    }

    #[test]
    fn own_tables_are_known_by_their_schema() {
        assert_eq!(own_name("user_joe.\"my stars\"", "Joe"), Some("my stars"));
        assert_eq!(own_name("user_joe2.stars", "joe"), None);
        let mine = Wanted::default().filter("Joe");
        assert_eq!((mine.schemas, mine.share_accessible), (vec!["user_joe".to_owned()], false));
        let named = Wanted { whose: Whose::Shared, tables: "a.b, c.d".into(), ..Wanted::default() }.filter("joe");
        assert_eq!((named.tables.len(), named.schemas.len(), named.share_accessible), (2, 0, true));
    }
}
