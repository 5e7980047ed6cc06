//! The tables in hand: one is shown whole, the others are a click away.

mod detail;
mod download;
mod picture;
mod selection;
mod shown;
mod statistics;

pub mod pane;

use leptos::prelude::*;

use crate::actions::Actions;
pub use download::FORMATS;
use pane::ResultPane;

/// The results view.
#[component]
pub fn ResultsView() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.results;
    let several = move || state.tables.with(|tables| tables.len() > 1);
    view! {
        <div class="results-view">
            <h1 class="visually-hidden">"Results"</h1>
            {move || several().then(|| view! {
                <div class="toolbar results-choice">
                    <label class="field inline">
                        <span>"Table"</span>
                        <select
                            prop:value=move || state.current.get().map(|id| id.to_string()).unwrap_or_default()
                            on:change=move |event| {
                                if let Ok(id) = event_target_value(&event).parse() {
                                    actions.show(id);
                                }
                            }
                        >
                            {move || {
                                let current = state.current.get();
                                state.tables.get().into_iter().rev().map(|table| view! {
                                    <option value=table.id.to_string() selected=current == Some(table.id)>
                                        {format!("{} · {}", table.title, table.status())}
                                    </option>
                                }).collect_view()
                            }}
                        </select>
                    </label>
                </div>
            })}
            <ResultPane alone=true />
        </div>
    }
}
