//! Jobs: those of this browser merged with those that the archive lists; one is shown in detail.

mod detail;
mod merge;

use leptos::prelude::*;

use crate::{
    actions::Actions,
    components::{
        empty_state::EmptyState,
        icon::{Glyph, Icon},
        phase_badge::PhaseBadge,
    },
    routes::{Route, View},
    state::schema::Loadable,
    views::clock::use_clock,
};
use detail::Detail;
use merge::{Entry, merged};

/// The jobs view.
#[component]
pub fn JobsView() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let entries = Memo::new(move |_| merged(&state));
    let listing = move || state.jobs.listed.with(|listed| *listed == Loadable::Loading);
    let problem = move || {
        state.jobs.listed.with(|listed| match listed {
            Loadable::Failed(error) => Some(error.clone()),
            _ => None,
        })
    };
    view! {
        <div class="jobs-view" class:with-detail=move || state.jobs.selected.with(Option::is_some)>
            <section class="jobs-list" aria-label="Jobs">
                <div class="toolbar">
                    <h1>"Jobs"</h1>
                    <span class="muted small">{move || {
                        let count = entries.with(Vec::len);
                        if count == 0 { String::new() } else { format!("{count} of this browser and of the archive’s list") }
                    }}</span>
                    <span class="spacer"></span>
                    {move || listing().then(|| view! { <span class="muted small" role="status">"Asking the archive"</span> })}
                    <button class="button" type="button" on:click=move |_| actions.list_jobs()><Icon glyph=Glyph::Refresh />"Refresh"</button>
                </div>
                {move || problem().map(|problem| view! {
                    <div class="notice warning"><span><strong>"Only the jobs of this browser are shown. "</strong>{problem}</span></div>
                })}
                {move || if entries.with(Vec::is_empty) {
                    view! {
                        <EmptyState
                            glyph=Glyph::Jobs
                            title="No jobs yet"
                            text="A query that you run asynchronously becomes a job: it goes on at the archive while you close this page, and its result waits for you here."
                        >
                            <a class="button" href="#/query">"Write a query"</a>
                        </EmptyState>
                    }.into_any()
                } else {
                    view! { <Entries entries /> }.into_any()
                }}
            </section>
            {move || state.jobs.selected.get().map(|(archive, path)| view! { <Detail archive path /> })}
        </div>
    }
}

#[component]
fn Entries(entries: Memo<Vec<Entry>>) -> impl IntoView {
    let state = expect_context::<Actions>().state;
    let now = use_clock();
    view! {
        <ul class="list jobs">
            <For each=move || entries.get() key=Entry::clone let:entry>
                {
                    let here = entry.path.clone();
                    let current = move || state.jobs.selected.with(|selected| selected.as_ref().map(|s| s.1.clone()) == here && here.is_some());
                    let route = Route { archive: Some(entry.archive.clone()), job: entry.path.clone(), ..Route::to(View::Jobs) };
                    let created = entry.created;
                    view! {
                        <li class:current=current>
                            <span class="list-main">
                                {if entry.path.is_some() {
                                    view! { <a class="strong truncate" href=route.to_string()>{entry.title.clone()}</a> }.into_any()
                                } else {
                                    view! { <span class="strong truncate">{entry.title.clone()}</span> }.into_any()
                                }}
                                <span class="muted small truncate mono">{entry.excerpt.clone()}</span>
                                {entry.note.clone().map(|note| view! { <span class="small">{note}</span> })}
                            </span>
                            <span class="list-side">
                                <span class="muted small nowrap">{move || created.map(|created| ago(now.get() - created as f64))}</span>
                                <PhaseBadge phase=Signal::stored(entry.phase.clone()) />
                                <EntryActions entry=entry.clone() />
                            </span>
                        </li>
                    }
                }
            </For>
        </ul>
    }
}

/// What can be done with a job that the archive may not know.
#[component]
fn EntryActions(entry: Entry) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let Entry { key, path, adql, done, unsure, .. } = entry;
    match (path, key) {
        (Some(_), Some(key)) if done => view! {
            <button class="button small" type="button" on:click=move |_| actions.open_record(&key)>"Open result"</button>
        }.into_any(),
        (None, Some(key)) => {
            let forget = key.clone();
            view! {
                {unsure.then(|| view! {
                    <button class="button small" type="button" on:click=move |_| actions.look_for(&key)>"Look again"</button>
                })}
                <button class="button small" type="button" on:click=move |_| actions.edit(&adql)>"Edit query"</button>
                <button class="button small quiet" type="button" on:click=move |_| actions.forget_record(&forget)>"Forget"</button>
            }.into_any()
        }
        _ => ().into_any(),
    }
}

/// How long ago something was: coarse, since the detail has the exact time.
fn ago(milliseconds: f64) -> String {
    let minutes = (milliseconds / 60_000.0).max(0.0) as u64;
    match minutes {
        0 => "just now".into(),
        1..60 => format!("{minutes} min ago"),
        60..2880 => format!("{} h ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1440),
    }
}
