//! Write a query, run it, see its rows: schema tree, editor and result side by side.

mod cone;
mod controls;
mod file;
pub mod running;
pub mod talk;
mod uploads;

use leptos::prelude::*;

use crate::{
    actions::Actions,
    components::{
        adql_editor::{AdqlEditor, Diagnostic},
        split::Split,
    },
    views::{results::pane::ResultPane, schema::tree::Tree},
};
use cone::ConeDialog;
use controls::Controls;
use file::FileReady;
use running::JobRunning;
use talk::Talk;
use uploads::Uploads;

/// The query view.
#[component]
pub fn QueryView() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let panes = actions.state.panes;
    // Where it is narrow one pane is shown: what was asked for comes forward.
    let (left, lower) = (RwSignal::new(1), RwSignal::new(0));
    let running = Memo::new(move |_| actions.state.query.running.with(Option::is_some));
    Effect::new(move |before: Option<bool>| {
        let now = running.get();
        if now && before.is_some() {
            lower.set(1);
        }
        now
    });
    Effect::new(move |before: Option<bool>| {
        let marked = actions.state.query.marks.with(|marks| !marks.is_empty());
        if marked && before == Some(false) {
            lower.set(0);
        }
        if actions.state.query.insert.with(Option::is_some) {
            left.set(1);
            lower.set(0);
        }
        marked
    });
    view! {
        <div class="query-view">
            <h1 class="visually-hidden">"Query"</h1>
            <Split
                label="Width of the schema tree"
                tabs=["Schema".to_owned(), "Query".to_owned()]
                shown=left
                size=panes.get_untracked().schema
                on_change=Callback::new(move |size| actions.set_panes(|panes| panes.schema = size))
                first=move || view! { <aside class="query-schema" aria-label="Schema"><Tree /></aside> }
                second=move || view! {
                    <Split
                        label="Height of the editor"
                        across=true
                        tabs=["Editor".to_owned(), "Result".to_owned()]
                        shown=lower
                        size=panes.get_untracked().editor
                        on_change=Callback::new(move |size| actions.set_panes(|panes| panes.editor = size))
                        first=move || view! { <Editor /> }
                        second=move || view! { <Below /> }
                    />
                }
            />
        </div>
    }
}

#[component]
fn Editor() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.query;
    let diagnostics = Signal::derive(move || {
        let marks = state.marks.get();
        let mark = |mark: crate::state::query::Mark| Diagnostic {
            start: mark.range.start,
            end: mark.range.end,
            message: mark.message,
        };
        marks.into_iter().map(mark).collect::<Vec<_>>()
    });
    Effect::new(move |before: Option<()>| {
        state.adql.track();
        if before.is_some() {
            actions.text_changed();
        }
    });
    view! {
        <div class="query-editor">
            <Controls />
            <ConeDialog />
            <Talk />
            <AdqlEditor
                value=state.adql
                diagnostics=diagnostics
                on_run=Callback::new(move |()| actions.run())
                insert=state.insert
            />
            <Uploads />
        </div>
    }
}

/// The running job stands where its result will be.
#[component]
fn Below() -> impl IntoView {
    let state = expect_context::<Actions>().state.query;
    let job =
        Memo::new(move |_| state.running.get().and_then(|running| running.job.filter(|_| running.table.is_none())));
    let failure = move || state.failure.get();
    move || match (job.get(), failure(), state.file.get()) {
        (Some(key), ..) => view! { <JobRunning key /> }.into_any(),
        (None, Some(problem), _) => view! { <div class="query-below"><talk::ProblemPanel problem /></div> }.into_any(),
        (None, None, Some(key)) => view! { <FileReady key /> }.into_any(),
        (None, None, None) => view! { <ResultPane alone=false /> }.into_any(),
    }
}
