//! What has to be said before or instead of running: a link's proposal, our parser's doubt, what kept the query from starting.

use leptos::prelude::*;

use crate::{actions::Actions, components::error_panel::ErrorPanel, routes::Run, state::query::Problem};

/// Questions above the editor.
#[component]
pub fn Talk() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.query;
    view! {
        {move || state.proposed.get().map(|run| view! {
            <div class="notice info" role="region" aria-label="Query of a link">
                <span><strong>"This query came with a link. "</strong>"Read it first; nothing has been sent."</span>
                <button class="button small primary" type="button" on:click=move |_| actions.run_proposed()>
                    {if run == Run::Sync { "Run it now" } else { "Run it as a job" }}
                </button>
                <button class="button small" type="button" on:click=move |_| actions.decline_proposed()>"Only edit"</button>
            </div>
        })}
        {move || state.doubt.get().map(|doubt| view! {
            <div class="notice warning" role="alert">
                <span><strong>"This does not read as ADQL. "</strong>{doubt.message}" Nothing has been sent."</span>
                <button class="button small" type="button" on:click=move |_| actions.insist()>"Send it all the same"</button>
            </div>
        })}
    }
}

/// Why the query did not start, where its result would be.
#[component]
pub fn ProblemPanel(problem: Problem) -> impl IntoView {
    view! { <ErrorPanel title=problem.title what=problem.message kept="Your query is in the editor." next=problem.next /> }
}
