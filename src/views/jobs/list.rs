//! The lines of the list, and the pages.

use leptos::prelude::*;
use tap::jobs::JobsOf;

use super::merge::Entry;
use crate::{
    actions::{Actions, PAGE},
    components::{icon::Glyph, icon::Icon, phase_badge::PhaseBadge},
    routes::{Route, View},
    state::{results::grouped, schema::Loadable},
    views::clock::use_clock,
};

/// A line for each job.
#[component]
pub fn Entries(entries: Memo<Vec<Entry>>) -> impl IntoView {
    view! {
        <ul class="list jobs">
            <For each=move || entries.get() key=Entry::clone let:entry>
                <Line entry />
            </For>
        </ul>
    }
}

#[component]
fn Line(entry: Entry) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let now = use_clock();
    let here = entry.path.clone();
    let current =
        move || state.jobs.selected.with(|selected| selected.as_ref().map(|s| s.1.clone()) == here && here.is_some());
    // Of the history of synchronous queries there is nothing to look at but the query.
    let job = entry.path.is_some() && state.jobs.wanted.with_untracked(|wanted| wanted.list == JobsOf::Async);
    let route = Route { archive: Some(entry.archive.clone()), job: entry.path.clone(), ..Route::to(View::Jobs) };
    let created = entry.times[0];
    // A job of this browser was dated by its clock, any other by the archive's.
    let ours = entry.key.is_some();
    let now = move || if ours { now.get() } else { now.get() + state.service.ahead.get() };
    let deletable = job && state.archive.get_untracked().as_deref() == Some(&entry.archive);
    let choice = entry.path.clone().filter(|_| deletable).map(|path| {
        let known = path.clone();
        view! {
            <input
                type="checkbox"
                aria-label=format!("Choose {}", entry.title)
                prop:checked=move || state.jobs.chosen.with(|chosen| chosen.contains(&known))
                on:change:target=move |event| actions.choose_job(&path, event.target().checked())
            />
        }
    });
    view! {
        <li class:current=current>
            <span class="job-choice">{choice}</span>
            <span class="list-main">
                {if job {
                    view! { <a class="strong truncate" href=route.to_string()>{entry.title.clone()}</a> }.into_any()
                } else {
                    view! { <span class="strong truncate">{entry.title.clone()}</span> }.into_any()
                }}
                <span class="muted small truncate mono">{entry.excerpt.clone()}</span>
                {entry.note.clone().map(|note| view! { <span class="small">{note}</span> })}
            </span>
            <span class="list-side">
                {entry.size.0.map(|rows| view! { <span class="muted small nowrap number job-rows">{format!("{} rows", grouped(rows as usize))}</span> })}
                <span class="muted small nowrap">{move || created.map(|created| ago(now() - created as f64))}</span>
                <PhaseBadge phase=Signal::stored(entry.phase.clone()) />
                <EntryActions entry=entry.clone() job />
            </span>
        </li>
    }
}

/// What can be done with a job that the archive may not know, or with a query that is no job.
#[component]
fn EntryActions(entry: Entry, job: bool) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let Entry { key, path, adql, external, done, unsure, .. } = entry;
    let edit = view! {
        <button class="button small" type="button" on:click=move |_| actions.edit_for(&adql, external.as_deref())>"Edit query"</button>
    };
    match (path, key) {
        (Some(_), Some(key)) if done => view! {
            <button class="button small" type="button" on:click=move |_| actions.open_record(&key)>"Open result"</button>
        }
        .into_any(),
        (None, Some(key)) => {
            let forget = key.clone();
            view! {
                {unsure.then(|| view! {
                    <button class="button small" type="button" on:click=move |_| actions.look_for(&key)>"Look again"</button>
                })}
                {edit}
                <button class="button small quiet" type="button" on:click=move |_| actions.forget_record(&forget)>"Forget"</button>
            }
            .into_any()
        }
        _ if !job => edit.into_any(),
        _ => ().into_any(),
    }
}

/// Which jobs of how many, and the way to the others. Nothing where all are on one page.
#[component]
pub fn Pages() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let jobs = actions.state.jobs;
    let place = Memo::new(move |_| {
        let page = jobs.wanted.with(|wanted| wanted.page);
        jobs.listed.with(|listed| match listed {
            Loadable::Here(listed) => Some((page, listed.jobs.len() as u64, listed.total, listed.more)),
            _ => None,
        })
    });
    move || {
        let (page, shown, total, more) = place.get().filter(|(page, _, _, more)| *page > 0 || *more)?;
        let first = page * PAGE + 1;
        let end = first + shown - shown.min(1);
        let words = match total {
            Some(total) => format!("{first} to {end} of {} in the archive’s list", grouped(total as usize)),
            None => format!("{first} to {end} in the archive’s list"),
        };
        Some(view! {
            <nav class="toolbar footer job-pages" aria-label="Pages of the list">
                <span class="muted small number" role="status">{words}</span>
                <span class="spacer"></span>
                <button class="button" type="button" disabled=page == 0 on:click=move |_| actions.turn_jobs(page.saturating_sub(1))>
                    <Icon glyph=Glyph::ChevronLeft />"Previous"
                </button>
                <button class="button" type="button" disabled=!more on:click=move |_| actions.turn_jobs(page + 1)>
                    "Next"<Icon glyph=Glyph::ChevronRight />
                </button>
            </nav>
        })
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
