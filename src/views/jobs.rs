//! Jobs: those of this browser merged with those that the archive lists; one is shown in detail.

mod bulk;
mod detail;
mod filter;
mod list;
mod merge;
pub mod more;

use leptos::prelude::*;
use tap::jobs::JobsOf;

use crate::{
    actions::Actions,
    components::{
        asking::Asking,
        empty_state::EmptyState,
        icon::{Glyph, Icon},
    },
    state::{jobs::Wanted, schema::Loadable},
    views::command::ShowCommand,
};
use bulk::Bulk;
use detail::Detail;
use filter::{Filters, OpenJob};
use list::{Entries, Pages};
use merge::merged;

/// The jobs view.
#[component]
pub fn JobsView() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let entries = Memo::new(move |_| merged(&state));
    let listing = Memo::new(move |_| state.jobs.asking.with(Option::is_some));
    let problem = move || {
        state.jobs.listed.with(|listed| match listed {
            Loadable::Failed(error) => Some(error.clone()),
            _ => None,
        })
    };
    // What the archive's list holds is not known yet.
    let asked = Memo::new(move |_| listing.get() && state.jobs.listed.with(|listed| listed.here().is_none()));
    let none = Memo::new(move |_| entries.with(Vec::is_empty));
    view! {
        <div class="jobs-view" class:with-detail=move || state.jobs.selected.with(Option::is_some)>
            // Where it is narrow the detail stands in the list's place, and still has this heading above it.
            <h1 class="visually-hidden">"Jobs"</h1>
            <section class="jobs-list" aria-label="Jobs">
                <div class="jobs-head">
                    <div class="toolbar">
                        <span class="jobs-title" aria-hidden="true">"Jobs"</span>
                        <span class="muted small" role="status">{move || if listing.get() && !asked.get() { "Asking the archive" } else { "" }}</span>
                        <span class="spacer"></span>
                        <OpenJob />
                        <ShowCommand show=Callback::new(move |()| actions.show_jobs_command()) />
                        <button class="button" type="button" on:click=move |_| actions.list_jobs()><Icon glyph=Glyph::Refresh />"Refresh"</button>
                    </div>
                    <Filters />
                    <Bulk entries />
                </div>
                {move || state.jobs.address_problem.get().map(|problem| view! {
                    <div class="notice error" role="alert"><span>{problem}</span></div>
                })}
                {move || problem().map(|problem| view! {
                    <div class="notice warning"><span><strong>"Only the jobs of this browser are shown. "</strong>{problem}" Refresh asks again."</span></div>
                })}
                {move || match (none.get(), asked.get()) {
                    (true, true) => view! { <Asking text="Asking the archive for its jobs" /> }.into_any(),
                    (true, false) => view! { <NoJobs /> }.into_any(),
                    (false, _) => view! { <Entries entries /> }.into_any(),
                }}
                <Pages />
            </section>
            {move || state.jobs.selected.get().map(|(archive, path)| view! { <Detail archive path /> })}
        </div>
    }
}

/// Why there is nothing, and what to do.
#[component]
fn NoJobs() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let wanted = actions.state.jobs.wanted;
    move || {
        match wanted.with(|wanted| (wanted.filters(), wanted.list)) {
        (true, _) => view! {
            <EmptyState glyph=Glyph::Search title="No such job" text="No job of this browser or of the archive’s list is as the filters say.">
                <button class="button" type="button" on:click=move |_| actions.want_jobs(|wanted| {
                    *wanted = Wanted { list: wanted.list, ..Wanted::default() };
                })>"Clear filters"</button>
            </EmptyState>
        }
        .into_any(),
        (false, JobsOf::Sync) => view! {
            <EmptyState
                glyph=Glyph::Clock
                title="No synchronous queries"
                text="The archive lists here what was asked of it synchronously, as far as it keeps a record; the results are not kept."
            >
                <a class="button" href="#/query">"Write a query"</a>
            </EmptyState>
        }
        .into_any(),
        (false, JobsOf::Async) => view! {
            <EmptyState
                glyph=Glyph::Jobs
                title="No jobs yet"
                text="A query that you run asynchronously becomes a job: it goes on at the archive while you close this page, and its result waits for you here."
            >
                <a class="button" href="#/query">"Write a query"</a>
            </EmptyState>
        }
        .into_any(),
    }
    }
}
