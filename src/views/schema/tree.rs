//! The tree of schemas, tables and columns as the archive tells it, opened branch by branch, searched as one types.

use leptos::prelude::*;
use tap::vosi::{Column, Schema, Table};

use crate::{
    actions::Actions,
    components::{
        asking::Asking,
        schema_tree::{Branch, SchemaTree, TreeColumn, TreePath, TreeSchema, TreeTable},
    },
    state::schema::{Loadable, SchemaState},
};

/// Search field and tree.
#[component]
pub fn Tree(
    /// Whether a chosen table is shown in the schema view; beside the editor it is only opened.
    #[prop(optional)]
    shows: bool,
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.schema;
    let schemas = Memo::new(move |_| branches(&state));
    let selected = Signal::derive(move || {
        let table = state.selected.get().filter(|_| shows)?;
        let schema = state.schemas.with(|schemas| {
            let holds = |schema: &&Schema| schema.tables.iter().any(|known| known.name == table);
            schemas.here().and_then(|schemas| schemas.iter().find(holds)).map(|schema| schema.name.clone())
        })?;
        Some(TreePath { schema, table: Some(table), column: None })
    });
    let open = move |path: TreePath| {
        if let Some(table) = path.table {
            actions.load_table(&table);
        }
    };
    let select = move |path: TreePath| {
        if let Some(table) = path.table.filter(|_| shows) {
            actions.show_table(&table);
        }
    };
    let insert = move |path: TreePath| {
        let name = path.column.or(path.table).unwrap_or(path.schema);
        actions.insert(&insertable(&name));
    };
    let searching = move || state.whole.with(|whole| *whole == Loadable::Loading);
    view! {
        <div class="tree-pane">
            <div class="toolbar">
                <label class="field tree-search">
                    <span class="visually-hidden">"Search names and descriptions"</span>
                    <input
                        type="search"
                        placeholder="Search names and descriptions"
                        prop:value=move || state.search.get()
                        on:input=move |event| actions.search_schema(&event_target_value(&event))
                    />
                </label>
            </div>
            {move || searching().then(|| view! { <p class="muted small padded" role="status">"Fetching all columns for the search"</p> })}
            {move || match state.schemas.get() {
                Loadable::Failed(error) => view! {
                    <div class="notice error"><span>{error}</span>
                        <button class="button small" type="button" on:click=move |_| actions.load_schemas()>"Try again"</button>
                    </div>
                }.into_any(),
                Loadable::Here(_) => view! {
                    <SchemaTree
                        schemas=schemas
                        filter=state.search
                        selected
                        on_open=Callback::new(open)
                        on_select=Callback::new(select)
                        on_insert=Callback::new(insert)
                    />
                }.into_any(),
                _ => view! { <Asking text="Asking the archive for its tables" /> }.into_any(),
            }}
        </div>
    }
}

/// A name as ADQL takes it: parts that are no regular identifiers, or reserved words, in double quotes.
pub fn insertable(name: &str) -> String {
    let part = |part: &str| {
        let regular = part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !adql::lexer::is_reserved(part);
        if regular || part.starts_with('"') { part.to_owned() } else { format!("\"{}\"", part.replace('"', "\"\"")) }
    };
    name.split('.').map(part).collect::<Vec<_>>().join(".")
}

/// A description as plain text: services send markup and LaTeX.
pub fn plain(description: &str) -> String {
    tap::html::to_text(description)
}

/// What is known so far.
fn branches(state: &SchemaState) -> Vec<TreeSchema> {
    let schemas = state.schemas.get();
    let tables = state.tables.get();
    let columns = |name: &str| match tables.get(name) {
        Some(Loadable::Here(table)) => Branch::Ready(table.columns.iter().map(column).collect()),
        Some(Loadable::Loading) => Branch::Loading,
        Some(Loadable::Failed(error)) => Branch::Failed(error.clone()),
        Some(Loadable::Absent) | None => Branch::Unknown,
    };
    let table = |table: &Table| TreeTable {
        name: table.name.clone(),
        description: table.description.as_deref().map(plain),
        columns: columns(&table.name),
    };
    let schema = |schema: &Schema| TreeSchema {
        name: schema.name.clone(),
        description: schema.description.as_deref().map(plain),
        tables: Branch::Ready(schema.tables.iter().map(table).collect()),
    };
    schemas.here().map(|schemas| schemas.iter().map(schema).collect()).unwrap_or_default()
}

fn column(column: &Column) -> TreeColumn {
    TreeColumn {
        name: column.name.clone(),
        description: column.description.as_deref().map(plain),
        unit: column.unit.clone(),
        datatype: column.datatype.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::insertable;

    #[test]
    fn names_are_quoted_where_adql_needs_it() {
        assert_eq!(insertable("gaiadr3.gaia_source"), "gaiadr3.gaia_source");
        assert_eq!(insertable("user_joe.t1710251325268O"), "user_joe.t1710251325268O");
        assert_eq!(insertable("size"), "\"size\"");
        assert_eq!(insertable("e_B-V"), "\"e_B-V\"");
        assert_eq!(insertable("2mass.Psc"), "\"2mass\".Psc");
    }
}
