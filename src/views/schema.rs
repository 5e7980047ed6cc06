//! Schemas, tables and columns of the archive: the tree, and one table's documentation beside it.

mod columns;
pub mod tree;

use leptos::prelude::*;

use crate::{
    actions::Actions,
    components::{empty_state::EmptyState, icon::Glyph},
};
use columns::TableColumns;
use tree::Tree;

/// The schema view.
#[component]
pub fn SchemaView() -> impl IntoView {
    let state = expect_context::<Actions>().state.schema;
    view! {
        <div class="schema-view" class:with-detail=move || state.selected.with(Option::is_some)>
            <h1 class="visually-hidden">"Schema"</h1>
            <section class="schema-list" aria-label="Schemas and tables"><Tree shows=true /></section>
            <section class="schema-detail" aria-label="Table">
                {move || match state.selected.get() {
                    Some(name) => view! { <TableColumns name /> }.into_any(),
                    None => view! {
                        <EmptyState
                            glyph=Glyph::Table
                            title="No table chosen"
                            text="Choose a table in the tree: its columns appear here with types, units, UCDs and descriptions. Or search names and descriptions."
                        />
                    }.into_any(),
                }}
            </section>
        </div>
    }
}
