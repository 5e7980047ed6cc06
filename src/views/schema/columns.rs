//! One table: what it is, and its columns with types, units, UCDs, flags and descriptions.

use leptos::prelude::*;
use tap::vosi::{Column, Table};

use super::tree::{insertable, plain};
use crate::{
    actions::Actions,
    components::{
        asking::Asking,
        icon::{Glyph, Icon},
    },
    state::{results::grouped, schema::Loadable},
    views::clock::bytes,
};

/// The documentation of the table `name`.
#[component]
pub fn TableColumns(name: String) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.schema;
    let key = name.clone();
    let table = Memo::new(move |_| state.tables.with(|tables| tables.get(&key).cloned().unwrap_or_default()));
    let close = move |_| state.selected.set(None);
    let again = name.clone();
    view! {
        <div class="panel-head">
            <h2 class="mono">{name.clone()}</h2>
            <button class="button quiet icon-only narrow-only" type="button" aria-label="Back to the tree" on:click=close>
                <Icon glyph=Glyph::Close />
            </button>
        </div>
        {move || match table.get() {
            Loadable::Here(table) => view! { <Documentation table /> }.into_any(),
            Loadable::Failed(error) => {
                let again = again.clone();
                view! {
                    <div class="notice error"><span>{error}</span>
                        <button class="button small" type="button" on:click=move |_| actions.load_table(&again)>"Try again"</button>
                    </div>
                }.into_any()
            }
            _ => view! { <Asking text="Asking the archive for the columns" /> }.into_any(),
        }}
    }
}

#[component]
fn Documentation(table: Table) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let name = insertable(&table.name);
    let all = name.clone();
    let size = table.size.map(|rows| format!("{} rows", grouped(rows as usize)));
    let weight = table.size_bytes.filter(|bytes| *bytes > 0).map(bytes);
    let facts = [size, weight, table.kind.clone(), Some(format!("{} columns", table.columns.len()))];
    let first: Vec<String> = table.columns.iter().take(8).map(|column| insertable(&column.name)).collect();
    let select = format!("SELECT TOP 100 {}\nFROM {name}", first.join(", "));
    let keys: Vec<String> = table
        .foreign_keys
        .iter()
        .map(|key| {
            let pairs: Vec<String> = key.columns.iter().map(|(from, to)| format!("{from} → {to}")).collect();
            format!("{} ({})", key.target_table, pairs.join(", "))
        })
        .collect();
    view! {
        <div class="table-facts">
            {table.description.as_deref().map(|text| view! { <p>{plain(text)}</p> })}
            <p class="muted small">{facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")}</p>
            {(!keys.is_empty()).then(|| view! { <p class="small">"Joins with "{keys.join("; ")}</p> })}
            <div class="toolbar">
                <button class="button" type="button" on:click=move |_| actions.edit(&select)>"Query this table"</button>
                <button class="button quiet" type="button" on:click=move |_| actions.insert(&all)>"Insert name"</button>
            </div>
        </div>
        <div class="column-table" tabindex="0" role="region" aria-label="Columns">
            <table class="table">
                <thead>
                    <tr><th scope="col">"Column"</th><th scope="col">"Type"</th><th scope="col">"Unit"</th><th scope="col">"UCD"</th><th scope="col">"Description"</th></tr>
                </thead>
                <tbody>{table.columns.into_iter().map(|column| view! { <Line column /> }).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Line(column: Column) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let insert = insertable(&column.name);
    let label = format!("Insert {}", column.name);
    let flags = flags(&column);
    let size = column.arraysize.as_deref().filter(|size| !size.is_empty()).map(|size| format!("[{size}]"));
    view! {
        <tr>
            <th scope="row" class="mono nowrap">
                <button class="link-button" type="button" title=label on:click=move |_| actions.insert(&insert)>{column.name.clone()}</button>
                {flags.into_iter().map(|flag| view! { " "<span class="badge">{flag}</span> }).collect_view()}
            </th>
            <td class="nowrap">{column.datatype.clone()}{size}</td>
            <td class="nowrap">{column.unit.clone()}</td>
            <td class="small">{column.ucd.as_deref().map(words_of_ucd)}</td>
            <td>{column.description.as_deref().map(plain)}</td>
        </tr>
    }
}

/// A UCD that is too long breaks between its words.
fn words_of_ucd(ucd: &str) -> impl IntoView + use<> {
    ucd.split_inclusive(';').map(|word| view! { {word.to_owned()}<wbr /> }).collect_view()
}

fn flags(column: &Column) -> Vec<&'static str> {
    let flags = column.flags;
    [
        (flags.is_primary_key(), "key"),
        (column.indexed, "indexed"),
        (flags.is_ra(), "RA"),
        (flags.is_dec(), "Dec"),
        (flags.is_mag(), "mag"),
        (flags.is_flux(), "flux"),
    ]
    .into_iter()
    .filter_map(|(set, word)| set.then_some(word))
    .collect()
}
