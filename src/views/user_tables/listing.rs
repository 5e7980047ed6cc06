//! The list: a heading for each schema, a line for each table.

use leptos::prelude::*;
use tap::vosi::{Schema, Table};

use crate::{
    actions::Actions,
    components::{empty_state::EmptyState, icon::Glyph},
    routes::{Route, View},
    state::{results::grouped, table_upload::Source},
    views::{clock::bytes, schema::tree::plain},
};

/// All that the archive listed.
#[component]
pub fn Listing(schemas: Vec<Schema>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let headed = schemas.len() > 1 || schemas.iter().all(|schema| schema.tables.is_empty() && schema.public);
    if schemas.iter().all(|schema| schema.tables.is_empty() && !schema.public) && schemas.len() < 2 {
        return view! {
            <EmptyState
                glyph=Glyph::Table
                title="No tables yet"
                text="Bring a list of sources, and join it with the catalogues of the archive: a VOTable, CSV or text file, a result in hand, or the result of a job."
            >
                <button class="button" type="button" on:click=move |_| actions.open_upload(Some(Source::File))>"Choose a table to upload"</button>
            </EmptyState>
        }
        .into_any();
    }
    let schema = |schema: Schema| {
        let description = schema.description.as_deref().map(plain).filter(|text| !text.is_empty());
        view! {
            {headed.then(|| view! {
                <div class="tables-schema">
                    <h2 class="mono">{schema.name.clone()}</h2>
                    <span class="muted small">{description}</span>
                </div>
            })}
            <ul class="list jobs">{schema.tables.into_iter().map(|table| view! { <Line table /> }).collect_view()}</ul>
        }
    };
    schemas.into_iter().map(schema).collect_view().into_any()
}

#[component]
fn Line(table: Table) -> impl IntoView {
    let state = expect_context::<Actions>().state.user_tables;
    let name = table.name.clone();
    let current = move || state.selected.with(|selected| selected.as_ref() == Some(&name));
    let route = Route { table: Some(table.name.clone()), ..Route::to(View::UserTables) };
    let description = table.description.as_deref().map(plain).filter(|text| !text.is_empty());
    let facts = facts(&table);
    view! {
        <li class:current=current>
            <span class="list-main">
                <a class="strong truncate mono" href=route.to_string()>{table.name.clone()}</a>
                <span class="muted small truncate">{description}</span>
            </span>
            <span class="list-side">
                {badges(&table).into_iter().map(|badge| view! { <span class="badge">{badge}</span> }).collect_view()}
                <span class="muted small number nowrap tables-facts">{facts}</span>
            </span>
        </li>
    }
}

/// Rows, size and columns as far as they are known.
pub fn facts(table: &Table) -> String {
    let rows = table.size.map(|rows| format!("{} {}", grouped(rows as usize), if rows == 1 { "row" } else { "rows" }));
    let size = table.size_bytes.filter(|size| *size > 0).map(bytes);
    let columns = Some(table.columns.len()).filter(|count| *count > 0).map(|count| format!("{count} columns"));
    [rows, size, columns].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What a table is beside its name: shared, made by a cross-match.
pub fn badges(table: &Table) -> Vec<String> {
    let shared = match table.shared_to.len() {
        0 => None,
        1 => Some("shared".to_owned()),
        count => Some(format!("shared with {count}")),
    };
    let pairs = table.description.as_deref().is_some_and(|text| text.starts_with("Pairs of "));
    let placed = table.columns.iter().any(|column| column.flags.is_ra());
    [shared, pairs.then(|| "cross-match".into()), placed.then(|| "positions".into())].into_iter().flatten().collect()
}
