//! Which jobs of the archive's list are wanted, and one job of an address.

use leptos::prelude::*;
use tap::{Phase, jobs::JobsOf};

use crate::{
    actions::Actions,
    components::{
        field::Segmented,
        icon::{Glyph, Icon},
    },
    state::jobs::{Order, Wanted},
};

const PHASES: [Phase; 9] = [
    Phase::Pending,
    Phase::Queued,
    Phase::Executing,
    Phase::Completed,
    Phase::Error,
    Phase::Aborted,
    Phase::Held,
    Phase::Suspended,
    Phase::Archived,
];

/// Order and filters.
#[component]
pub fn Filters() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let wanted = state.jobs.wanted;
    let tap_plus = Memo::new(move |_| state.current_archive().is_some_and(|archive| archive.capabilities.tap_plus));
    let filters = move || wanted.with(Wanted::filters);
    view! {
        <div class="toolbar job-filters" role="search" aria-label="Filter jobs">
            {move || tap_plus.get().then(|| view! {
                <Segmented
                    legend="Which list"
                    choices=vec![
                        (JobsOf::Async, "Jobs", "Queries that run at the archive without this page"),
                        (JobsOf::Sync, "Synchronous", "Queries that were answered at once; their results are not kept"),
                    ]
                    chosen=Signal::derive(move || wanted.with(|wanted| wanted.list))
                    on_choose=move |list| actions.want_jobs(|wanted| wanted.list = list)
                />
            })}
            <label class="field inline">
                <span>"Phase"</span>
                <select on:change:target=move |event| {
                    let phase = event.target().value();
                    actions.want_jobs(|wanted| wanted.phase = phase);
                }>
                    <option value="" selected=move || wanted.with(|wanted| wanted.phase.is_empty())>"Any"</option>
                    {PHASES.map(|phase| {
                        let word = phase.as_str().to_owned();
                        let same = word.clone();
                        view! {
                            <option value=word.clone() selected=move || wanted.with(|wanted| wanted.phase == same)>{sentence(&word)}</option>
                        }
                    }).collect_view()}
                </select>
            </label>
            <Text label="Name" kind="text" get=|wanted| &wanted.name set=|wanted, text| wanted.name = text />
            <Text label="Query has" kind="text" get=|wanted| &wanted.query set=|wanted, text| wanted.query = text />
            <Text label="Started from" kind="date" get=|wanted| &wanted.from set=|wanted, text| wanted.from = text />
            <Text label="to" kind="date" get=|wanted| &wanted.to set=|wanted, text| wanted.to = text />
            <label class="field inline">
                <span>"Order"</span>
                <select on:change:target=move |event| {
                    let label = event.target().value();
                    if let Some(order) = Order::ALL.into_iter().find(|order| order.label() == label) {
                        actions.want_jobs(|wanted| {
                            wanted.order = order;
                            // Times: the latest first; words: as in a dictionary.
                            wanted.descending = !matches!(order, Order::Phase | Order::Name);
                        });
                    }
                }>
                    {Order::ALL.map(|order| view! {
                        <option value=order.label() selected=move || wanted.with(|wanted| wanted.order == order)>{order.label()}</option>
                    }).collect_view()}
                </select>
            </label>
            <button
                class="button quiet icon-only"
                type="button"
                aria-label="Reverse the order"
                title=move || wanted.with(|wanted| if wanted.descending { "Last first; reverse" } else { "First first; reverse" })
                on:click=move |_| actions.want_jobs(|wanted| wanted.descending = !wanted.descending)
            >
                {move || {
                    let glyph = if wanted.with(|wanted| wanted.descending) { Glyph::SortDescending } else { Glyph::SortAscending };
                    view! { <Icon glyph /> }
                }}
            </button>
            {move || filters().then(|| view! {
                <button class="button quiet" type="button" on:click=move |_| actions.want_jobs(|wanted| {
                    *wanted = Wanted { list: wanted.list, order: wanted.order, descending: wanted.descending, ..Wanted::default() };
                })>"Clear filters"</button>
                <span class="muted small">{move || if tap_plus.get() {
                    "The archive filters its list; this page filters the jobs of this browser. Days are in UTC."
                } else {
                    "The archive filters by phase and first day. Names and queries are not in its list: they are looked for in the jobs of this browser. Days are in UTC."
                }}</span>
            })}
        </div>
    }
}

/// A text that matters once it is whole.
#[component]
fn Text(
    label: &'static str,
    kind: &'static str,
    get: fn(&Wanted) -> &String,
    set: fn(&mut Wanted, String),
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let wanted = actions.state.jobs.wanted;
    view! {
        <label class="field inline">
            <span>{label}</span>
            <input
                type=kind
                autocomplete="off"
                prop:value=move || wanted.with(|wanted| get(wanted).clone())
                on:change:target=move |event| {
                    let text = event.target().value();
                    actions.want_jobs(|wanted| set(wanted, text));
                }
            />
        </label>
    }
}

/// A job that somebody has the address or the id of.
#[component]
pub fn OpenJob() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let jobs = actions.state.jobs;
    let open = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        actions.open_address();
    };
    view! {
        <form class="row tight open-job" on:submit=open>
            <input
                class="input mono"
                type="text"
                aria-label="Open job"
                autocomplete="off"
                placeholder="Job id or address"
                aria-invalid=move || jobs.address_problem.with(Option::is_some).then_some("true")
                prop:value=move || jobs.address.get()
                on:input:target=move |event| actions.edit_address(event.target().value())
            />
            <button class="button" type="submit" disabled=move || jobs.address.with(|text| text.trim().is_empty())>"Open"</button>
        </form>
    }
}

/// A phase in sentence case.
fn sentence(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    format!("{first}{}", rest.to_lowercase())
}
