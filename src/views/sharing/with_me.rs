//! The tables that others share with the user.

use leptos::prelude::*;
use tap::vosi::Table;

use super::listed;
use crate::{
    actions::Actions,
    components::{empty_state::EmptyState, icon::Glyph},
    state::results::grouped,
};

#[component]
pub fn WithMe() -> impl IntoView {
    let actions = expect_context::<Actions>();
    view! {
        <section class="stack loose" aria-label="Shared with me">
            {listed(actions, actions.state.sharing.with_me, move |tables| if tables.is_empty() {
                view! {
                    <EmptyState
                        glyph=Glyph::Table
                        title="Nobody shares a table with you"
                        text="Tables of others that you may query stand here as soon as somebody shares one with you or with a group of yours."
                    />
                }.into_any()
            } else {
                let lines = tables.into_iter().map(|table| line(actions, table)).collect_view();
                view! { <div class="panel flush"><ul class="list">{lines}</ul></div> }.into_any()
            })}
        </section>
    }
}

fn line(actions: Actions, table: Table) -> impl IntoView {
    let owner = table.name.split('.').next().and_then(|schema| schema.strip_prefix("user_")).map(str::to_owned);
    let description = table.description.as_deref().map(tap::html::to_text).filter(|text| !text.is_empty());
    let rows = table.size.map(|rows| format!("{} rows", grouped(rows as usize)));
    let facts = [owner.map(|owner| format!("of {owner}")), rows].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let name = table.name.clone();
    view! {
        <li>
            <span class="list-main stack tight">
                <span class="strong mono">{table.name.clone()}</span>
                {description.map(|text| view! { <span class="muted">{text}</span> })}
                <span class="muted small">{facts}</span>
            </span>
            <span class="list-side">
                <button
                    class="button small"
                    type="button"
                    aria-label=format!("Query this table: {name}")
                    on:click=move |_| actions.query_shared_table(&table.name)
                >
                    "Query this table"
                </button>
            </span>
        </li>
    }
}
