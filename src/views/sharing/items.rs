//! The tables that the user shares.

use leptos::prelude::*;
use tap::{share::SharedItem, vosi::SharedTo};

use super::listed;
use crate::{
    actions::Actions,
    components::{empty_state::EmptyState, icon::Glyph},
    state::sharing::{Removal, SharingState},
};

#[component]
pub fn Items() -> impl IntoView {
    let actions = expect_context::<Actions>();
    view! {
        <section class="stack loose" aria-label="Shared by me">
            <ShareOne />
            {listed(actions, actions.state.sharing.items, move |items| if items.is_empty() {
                view! {
                    <EmptyState
                        glyph=Glyph::Table
                        title="You share no table"
                        text="Tables of yours that others may query stand here, with everybody who may."
                    >
                        <a class="button" href="#/user-tables">"Look at your tables"</a>
                    </EmptyState>
                }.into_any()
            } else {
                let lines = items.into_iter().map(|item| line(actions, item)).collect_view();
                view! { <div class="panel flush"><ul class="list">{lines}</ul></div> }.into_any()
            })}
        </section>
    }
}

/// One of the user's tables to be shared.
#[component]
fn ShareOne() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let mine = actions.state.sharing.mine;
    let chosen = RwSignal::new(String::new());
    let share = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let first = mine.with_untracked(|mine| mine.first().cloned()).unwrap_or_default();
        let name = chosen.get_untracked();
        actions.ask_to_share(if name.is_empty() { &first } else { &name });
    };
    view! {
        <Show when=move || !mine.with(Vec::is_empty)>
            <form class="adding" on:submit=share>
                <label class="field grow">
                    <span>"One of your tables"</span>
                    <select class="mono" on:change:target=move |event| chosen.set(event.target().value())>
                        {move || mine.get().into_iter().map(|name| view! { <option value=name.clone()>{name.clone()}</option> }).collect_view()}
                    </select>
                </label>
                <button class="button" type="submit">"Share table"</button>
            </form>
        </Show>
    }
}

fn line(actions: Actions, item: SharedItem) -> impl IntoView {
    let title = item.title.clone();
    let (changed, removed) = (item.title.clone(), item.clone());
    view! {
        <li>
            <span class="list-main stack tight">
                <span class="strong mono">{title.clone()}</span>
                {(!item.description.is_empty()).then(|| view! { <span class="muted">{item.description}</span> })}
                <ul class="chips" aria-label=format!("With whom {title} is shared")>
                    {item.shared_to.into_iter().map(|to| view! {
                        <li class="badge accent">{move || target(&actions.state.sharing, &to)}</li>
                    }).collect_view()}
                </ul>
            </span>
            <span class="list-side">
                <button
                    class="button small"
                    type="button"
                    aria-label=format!("Change the sharing of {title}")
                    on:click=move |_| actions.ask_to_share(&changed)
                >
                    "Change"
                </button>
                <button
                    class="button small quiet danger"
                    type="button"
                    aria-label=format!("Stop sharing {title}")
                    on:click=move |_| actions.ask_to_remove(Removal::Item(removed.clone()))
                >
                    "Stop sharing"
                </button>
            </span>
        </li>
    }
}

/// Whom a table is shared with, and what they may do, in words.
pub fn target(state: &SharingState, to: &SharedTo) -> String {
    let what = if to.mode == "Write" { "may change it" } else { "may read it" };
    let kind = if to.kind == "Group" { "Group " } else { "" };
    format!("{kind}{}, {what}", state.name_of(to))
}
