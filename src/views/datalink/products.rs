//! The account of the products: what came, what did not, and what can be done with it.

use leptos::prelude::*;

use super::picture::PicturePanel;
use crate::{
    actions::Actions,
    components::{
        empty_state::EmptyState,
        field::CheckBox,
        icon::{Glyph, Icon},
        progress::Progress,
    },
    state::{
        datalink::{Line, Outcome, Part, Stage, lines},
        results::grouped,
    },
    views::{clock::bytes, command::ShowCommand},
};

/// Lines that are shown at a time.
const PAGE: usize = 50;

/// The outcomes in the order of the filter.
const OUTCOMES: [(Outcome, &str, &str); 4] = [
    (Outcome::Got, "Got", "good"),
    (Outcome::Missing, "Missing", ""),
    (Outcome::Failed, "Failed", "bad"),
    (Outcome::Waiting, "Waiting", "accent"),
];

/// Products, or what stands in their place.
#[component]
pub fn ProductsPanel() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.datalink;
    let account = Memo::new(move |_| state.parts.with(|parts| parts.iter().flat_map(lines).collect::<Vec<_>>()));
    let counts = Memo::new(move |_| {
        let count = |outcome| account.with(|lines| lines.iter().filter(|line| line.outcome == outcome).count());
        OUTCOMES.map(|(outcome, ..)| count(outcome))
    });
    let none = Memo::new(move |_| state.parts.with(Vec::is_empty));
    let ready = move || !state.fetching.get() && counts.with(|counts| counts[0] > 0);
    let failed = move || !state.fetching.get() && counts.with(|counts| counts[2] > 0);
    view! {
        <div class="toolbar">
            <span class="strong" role="status">{move || (!none.get()).then(|| in_words(counts.get()))}</span>
            <span class="spacer"></span>
            {move || failed().then(|| view! {
                <button class="button" type="button" on:click=move |_| actions.retry_products()>
                    <Icon glyph=Glyph::Refresh />"Retry the failed"
                </button>
            })}
            {move || ready().then(|| view! {
                <button class="button" type="button" on:click=move |_| actions.save_products()>
                    <Icon glyph=Glyph::Download />"Save all as files"
                </button>
            })}
            <ShowCommand show=move |()| actions.show_products_command() />
        </div>
        <Fetching />
        <PicturePanel />
        {move || if none.get() {
            view! {
                <EmptyState
                    glyph=Glyph::Picture
                    title="No products yet"
                    text="Give the identifiers of sources, tick what you want of them and get the products: each can be opened as a table, drawn on the spot, or saved."
                />
            }.into_any()
        } else {
            view! { <Account account counts /> }.into_any()
        }}
    }
}

fn in_words([got, missing, failed, waiting]: [usize; 4]) -> String {
    let mut words = format!("{} got, {} missing, {} failed", grouped(got), grouped(missing), grouped(failed));
    if waiting > 0 {
        words.push_str(&format!(", {} to come", grouped(waiting)));
    }
    words
}

/// What is being fetched, and a way to stop it.
#[component]
fn Fetching() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.datalink;
    let done = Signal::derive(move || {
        state.parts.with(|parts| {
            let over = |part: &&Part| matches!(part.stage, Stage::Here(_) | Stage::Failed(_));
            Some(parts.iter().filter(over).count() as f64 / parts.len().max(1) as f64)
        })
    });
    let text = Signal::derive(move || {
        state.parts.with(|parts| {
            let under_way = parts.iter().position(|part| matches!(part.stage, Stage::Fetching(..)));
            let received: u64 = parts
                .iter()
                .map(|part| match &part.stage {
                    Stage::Here(bundle) => bundle.bytes,
                    Stage::Fetching(bytes, _) => *bytes,
                    _ => 0,
                })
                .sum();
            let number = under_way.map_or(parts.len(), |at| at + 1);
            format!("Request {number} of {} · {} received", parts.len(), bytes(received))
        })
    });
    move || {
        state.fetching.get().then(|| {
            view! {
                <div class="row padded">
                    <div class="grow"><Progress label="Getting products" done text /></div>
                    <button class="button" type="button" on:click=move |_| actions.stop_products()>
                        <Icon glyph=Glyph::Stop />"Cancel"
                    </button>
                </div>
            }
        })
    }
}

#[component]
fn Account(account: Memo<Vec<Line>>, counts: Memo<[usize; 4]>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.datalink;
    let chosen = Memo::new(move |_| {
        let filter = state.filter.get();
        account.with(|lines| {
            let wanted = |(_, line): &(usize, &Line)| filter.is_none_or(|outcome| line.outcome == outcome);
            lines.iter().enumerate().filter(wanted).map(|(at, _)| at).collect::<Vec<_>>()
        })
    });
    let first = Memo::new(move |_| {
        let last = chosen.with(Vec::len).saturating_sub(1);
        state.first.get().min(last / PAGE * PAGE)
    });
    let shown = Memo::new(move |_| {
        account.with(|lines| {
            chosen.with(|at| at.iter().skip(first.get()).take(PAGE).map(|at| lines[*at].clone()).collect::<Vec<_>>())
        })
    });
    let filter = move |outcome: Option<Outcome>, label: String| {
        view! {
            <label>
                <input
                    type="radio"
                    name="datalink-filter"
                    prop:checked=move || state.filter.get() == outcome
                    on:change=move |_| actions.filter_products(outcome)
                />
                {label}
            </label>
        }
    };
    view! {
        <div class="toolbar">
            <fieldset class="segmented">
                <legend class="visually-hidden">"Which lines"</legend>
                {move || filter(None, format!("All {}", grouped(account.with(Vec::len))))}
                {move || {
                    let of = |(at, (outcome, label, _)): (usize, (Outcome, &str, &str))| {
                        let count = counts.get()[at];
                        (count > 0).then(|| filter(Some(outcome), format!("{label} {}", grouped(count))))
                    };
                    OUTCOMES.into_iter().enumerate().map(of).collect_view()
                }}
            </fieldset>
        </div>
        <div class="scroll" tabindex="0" role="region" aria-label="Account of the products">
            <table class="table datalink-table">
                <thead>
                    <tr>
                        <th scope="col">"Source"</th>
                        <th scope="col">"Product"</th>
                        <th scope="col">"Outcome"</th>
                        <th scope="col">"File"</th>
                        <th scope="col" class="number">"Size"</th>
                        <th scope="col"><span class="visually-hidden">"What to do"</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || shown.get() key=|line| (line.id.clone(), line.retrieval_type.clone(), line.detail.clone(), line.file) let:line>
                        <Row line />
                    </For>
                </tbody>
            </table>
        </div>
        {move || {
            let rows = chosen.with(Vec::len);
            view! { <Pager first=first.get() rows page=PAGE go=Callback::new(move |first| actions.page_products(first)) /> }
        }}
    }
}

#[component]
fn Row(line: Line) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.datalink;
    let (_, word, tone) = OUTCOMES.into_iter().find(|(outcome, ..)| *outcome == line.outcome).unwrap_or(OUTCOMES[0]);
    let of = format!("{} of {}", line.retrieval_type, line.id);
    let deeds = line.file.map(|file| {
        let drawn = move || state.picture.with(|picture| picture.as_ref().is_some_and(|picture| picture.of.contains(&file)));
        view! {
            <span class="row tight nowrap">
                <button class="button small" type="button" aria-label=format!("Draw {of}") on:click=move |_| actions.draw_products(vec![file])>
                    <Icon glyph=Glyph::Picture />"Draw"
                </button>
                <CheckBox
                    label="Overlay"
                    name=format!("Overlay {of}")
                    class="small"
                    title="Draw it over what is drawn"
                    checked=Signal::derive(drawn)
                    on_change=move |_: bool| actions.overlay_product(file)
                />
                <button class="button small quiet" type="button" aria-label=format!("Open as table: {of}") on:click=move |_| actions.open_product(file)>
                    "Open as table"
                </button>
                <button class="button small quiet icon-only" type="button" aria-label=format!("Save {of}") title="Save the file" on:click=move |_| actions.save_product(file)>
                    <Icon glyph=Glyph::Download />
                </button>
            </span>
        }
    });
    view! {
        <tr>
            <td class="mono">{line.id.clone()}</td>
            <td class="mono small">{line.retrieval_type.clone()}</td>
            <td><span class=format!("badge {tone}")>{word}</span></td>
            <td class="small datalink-file">{line.detail.clone()}</td>
            <td class="number nowrap">{if line.size > 0 { bytes(line.size) } else { "–".to_owned() }}</td>
            <td>{deeds}</td>
        </tr>
    }
}

/// Which rows of many are shown, and the way to the others.
#[component]
pub fn Pager(first: usize, rows: usize, page: usize, go: Callback<usize>) -> impl IntoView {
    (rows > page).then(|| {
        let last = (first + page).min(rows);
        view! {
            <div class="toolbar footer">
                <span class="number muted">{format!("{} to {} of {}", grouped(first + 1), grouped(last), grouped(rows))}</span>
                <span class="spacer"></span>
                <button class="button small" type="button" disabled=first == 0 on:click=move |_| go.run(first.saturating_sub(page))>
                    <Icon glyph=Glyph::ChevronLeft />"Previous"
                </button>
                <button class="button small" type="button" disabled={last >= rows} on:click=move |_| go.run(first + page)>
                    "Next"<Icon glyph=Glyph::ChevronRight />
                </button>
            </div>
        }
    })
}
