//! One result: its status, its cells, and what can be done with it.

use leptos::prelude::*;
use workbench::{
    completeness::Verdict,
    protocol::{Failure, FailureKind},
};

use super::{download::Download, shown::Shown};
use crate::{
    actions::Actions,
    components::{
        empty_state::EmptyState,
        error_panel::ErrorPanel,
        icon::{Glyph, Icon},
        progress::Progress,
        verdict_badge::VerdictBadge,
    },
    failures,
    state::results::{ResultTable, Stage, grouped},
    views::clock::{bytes, duration, use_clock},
};

/// The result that is current.
#[component]
pub fn ResultPane(
    /// Whether it is a view of its own, with its own Cancel, or stands below the editor, which has one.
    alone: bool,
) -> impl IntoView {
    let state = expect_context::<Actions>().state.results;
    // What is shown changes with these; rows that arrive must not build the grid anew.
    let kind = Memo::new(move |_| {
        let table = state.shown()?;
        Some((
            table.id,
            match &table.stage {
                Stage::Failed(failure) => Kind::Failed(failure.clone()),
                Stage::Loading if table.fields.is_empty() => Kind::Waiting,
                _ => Kind::Table,
            },
        ))
    });
    view! {
        <section class="result-pane" aria-label="Result">
            {move || match kind.get() {
                None => view! { <NoResult alone /> }.into_any(),
                Some((_, Kind::Waiting)) => view! { <Waiting alone /> }.into_any(),
                Some((_, Kind::Failed(failure))) => view! { <Failed failure /> }.into_any(),
                Some((_, Kind::Table)) => view! { <Shown alone /> }.into_any(),
            }}
        </section>
    }
}

#[derive(Clone, PartialEq)]
enum Kind {
    Waiting,
    Failed(Failure),
    Table,
}

#[component]
fn NoResult(alone: bool) -> impl IntoView {
    let text = if alone {
        "Run a query, or open the result of a job: its rows appear here while they still arrive."
    } else {
        "Run the query above: its rows appear here while they still arrive."
    };
    view! {
        <EmptyState glyph=Glyph::Results title="No result yet" text=text>
            {alone.then(|| view! { <a class="button" href="#/query">"Write a query"</a> })}
        </EmptyState>
    }
}

/// The time between sending and the first row.
#[component]
fn Waiting(alone: bool) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.results;
    let now = use_clock();
    let table = move || state.shown();
    let elapsed = move || table().map(|table| duration(now.get() - table.since)).unwrap_or_default();
    let slow = move || table().is_some_and(|table| now.get() - table.since > 60_000.0 && table.job.is_none());
    view! {
        <div class="waiting">
            <p class="waiting-title" role="status">"Waiting for the archive"</p>
            <p class="muted number">{move || {
                let received = table().map_or(0, |table| table.bytes);
                format!("{} · {} received", elapsed(), bytes(received))
            }}</p>
            <Progress label="Waiting for the first row" done=Signal::stored(None) />
            {move || slow().then(|| view! {
                <p class="muted">"The archive is thinking. A query that takes longer than a minute is better run asynchronously: as a job it goes on without this page."</p>
            })}
            {alone.then(|| view! { <CancelButton /> })}
        </div>
    }
}

#[component]
fn CancelButton() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let cancel = move |_| {
        if let Some(table) = actions.state.results.current.get_untracked() {
            actions.cancel_load(table);
        }
    };
    view! { <button class="button" type="button" on:click=cancel><Icon glyph=Glyph::Stop />"Cancel"</button> }
}

#[component]
fn Failed(failure: Failure) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let archive = actions
        .state
        .results
        .shown_untracked()
        .and_then(|table| actions.state.archive_by_id(&table.archive))
        .map_or_else(|| "the archive".to_owned(), |archive| archive.title);
    let table = actions.state.results.shown_untracked();
    let external = table.as_ref().and_then(|table| actions.state.services.service_of(table.id));
    let (what, kept, next) = match &external {
        Some(service) if failure.kind != FailureKind::Cancelled => (
            format!("{archive} brought no rows from {}", tap::external::host(service)),
            "Your query is in the form.",
            "If the archive does not ask this service, choose one that it names; else change the query and run it again.",
        ),
        _ if table.is_some_and(|table| table.job.is_some()) => (
            title(failure.kind, &archive),
            "The job is in the list of jobs; its result can be opened from there.",
            failures::next(failure.kind),
        ),
        _ => (title(failure.kind, &archive), "Your query is in the editor.", failures::next(failure.kind)),
    };
    let place = failure.position.map(|(line, column)| format!("Line {line}, column {column}."));
    let status = (failure.status > 0).then(|| format!("HTTP status {}", failure.status));
    let details = [place, status].into_iter().flatten().collect::<Vec<_>>().join(" ");
    view! {
        <ErrorPanel title=what what=failure.message kept next details>
            {failure.wait_until.map(|until| view! { <Wait until=until as f64 /> })}
        </ErrorPanel>
    }
}

/// How long the archive wants to be left alone. It is read aloud once, not with every second.
#[component]
fn Wait(until: f64) -> impl IntoView {
    let now = use_clock();
    view! {
        <span class="number" aria-live="off">
            {move || match until - now.get() {
                left if left > 0.0 => format!("It asks you to wait {}.", duration((left / 1000.0).ceil() * 1000.0)),
                _ => "The time that it asked you to wait is over.".to_owned(),
            }}
        </span>
    }
}

/// What happened, in a few words.
fn title(kind: FailureKind, archive: &str) -> String {
    match kind {
        FailureKind::Query => format!("{archive} refused the query"),
        FailureKind::SignIn => format!("{archive} wants to know who you are"),
        FailureKind::Forbidden => format!("{archive} does not allow you this"),
        FailureKind::TooLarge => format!("{archive} takes less than was sent"),
        FailureKind::Quota => format!("A quota of yours at {archive} is used up"),
        FailureKind::Busy => format!("{archive} is busy or down for a while"),
        FailureKind::HtmlPage => format!("{archive} answered with a web page instead of a table"),
        FailureKind::Service => format!("{archive} could not answer"),
        FailureKind::Network => format!("The connection to {archive} failed"),
        FailureKind::NotATable => "What came is no table".to_owned(),
        FailureKind::Cancelled => "Cancelled".to_owned(),
    }
}

/// How many rows there are and whether they are all, and what can be done with them.
#[component]
pub fn StatusLine(
    /// The table that is shown.
    table: Memo<Option<ResultTable>>,
    /// As in [`ResultPane`].
    alone: bool,
    /// Stands before the rest.
    #[prop(into)]
    lead: ViewFn,
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let status = move || table.with(|table| table.as_ref().map(ResultTable::status)).unwrap_or_default();
    let loading =
        Memo::new(move |_| table.with(|table| table.as_ref().is_some_and(|table| table.stage == Stage::Loading)));
    let verdict = Memo::new(move |_| {
        table.with(|table| match table.as_ref().map(|table| &table.stage) {
            Some(Stage::Ended { verdict, .. }) => Some(verdict.clone()),
            _ => None,
        })
    });
    let progress = Signal::derive(move || {
        table.with(|table| {
            let table = table.as_ref()?;
            Some(table.bytes as f64 / table.total? as f64)
        })
    });
    let received = Signal::derive(move || {
        table
            .with(|table| {
                table.as_ref().map(|table| match table.total {
                    Some(total) => format!("{} of {}", bytes(table.bytes), bytes(total)),
                    None => bytes(table.bytes),
                })
            })
            .unwrap_or_default()
    });
    let sorting = move || table.with(|table| table.as_ref().is_some_and(|table| table.sorting));
    view! {
        <div class="toolbar result-status">
            {move || lead.run()}
            <span role="status" class="result-count number">{status}</span>
            <VerdictBadge verdict />
            {move || loading.get().then(|| view! { <Progress label="Rows arriving" done=progress text=received /> })}
            {move || sorting().then(|| view! { <span class="muted small">"Sorting"</span> })}
            <span class="spacer"></span>
            {move || (alone && loading.get()).then(|| view! { <CancelButton /> })}
            {alone.then(|| view! {
                <button class="button quiet" type="button" on:click=move |_| actions.open_row_stood_on()>"Row details"</button>
                <button class="button quiet" type="button" on:click=move |_| actions.edit_shown()>"Edit query"</button>
            })}
            {(!alone).then(|| view! { <a class="button quiet" href="#/results">"Whole page"</a> })}
            <Download />
        </div>
    }
}

/// What a reader has to know about the rows before using them.
#[component]
pub fn Remarks(
    /// The table that is shown.
    table: Memo<Option<ResultTable>>,
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let stage =
        Memo::new(move |_| table.with(|table| table.as_ref().map(|table| (table.stage.clone(), table.job.is_some()))));
    move || {
        let (Stage::Ended { verdict, warnings }, from_job) = stage.get()? else { return None };
        let remark = match verdict {
            Verdict::Overflow(rows) => Some(view! {
                <div class="notice warning">
                    <span><strong>"Not all rows. "</strong>
                    {format!("The result was cut at {} rows, by your row limit or by the archive's. They are below; saved files say that they are cut. ", grouped(rows))}
                    {if from_job { "Raise the row limit, or ask in parts, to get the others." } else { "A job gets more." }}</span>
                    {(!from_job).then(|| view! {
                        <button class="button small" type="button" on:click=move |_| actions.run_shown_as_job()>"Run as a job"</button>
                    })}
                </div>
            }.into_any()),
            Verdict::Partial(reason) => Some(view! {
                <div class="notice error">
                    <span><strong>"Rows are missing: "</strong>{reason}". Those that arrived are below and can be saved; the files say that they are partial. Run the query again to get all."</span>
                </div>
            }.into_any()),
            Verdict::Unknown(reason) => Some(view! {
                <div class="notice info">
                    <span><strong>"Perhaps not all rows. "</strong>{reason}</span>
                </div>
            }.into_any()),
            Verdict::Complete => None,
        };
        let warnings = (!warnings.is_empty()).then(|| view! {
            <details class="notice info">
                <summary>{format!("The reader mended {} {}", warnings.len(), if warnings.len() == 1 { "thing" } else { "things" })}</summary>
                <ul>{warnings.into_iter().map(|warning| view! { <li>{warning}</li> }).collect_view()}</ul>
            </details>
        });
        Some((remark, warnings))
    }
}
