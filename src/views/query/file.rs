//! The file that a job was asked to write, where its rows would be.

use leptos::prelude::*;

use crate::{
    actions::Actions,
    components::{empty_state::EmptyState, icon::Glyph},
    state::jobs::JobKey,
    views::jobs::more::ResultFile,
};

/// Formats whose rows this page can read back.
const READABLE: [&str; 5] = ["votable", "votable_gzip", "votable_plain", "csv", "ecsv"];

/// The file, and its rows where the page can read them.
#[component]
pub fn FileReady(key: JobKey) -> impl IntoView {
    let actions = expect_context::<Actions>();
    actions.state.jobs.record(&key).map(|record| {
        let path = record.path.clone().unwrap_or_default();
        let readable = record.format.as_deref().is_some_and(|format| READABLE.contains(&format));
        let text = format!(
            "The result of “{}”, not touched by this page. It stays at the archive with its job, in your list of jobs.",
            record.title()
        );
        view! {
            <div class="query-below file-ready" role="region" aria-label="File of the archive">
                <EmptyState glyph=Glyph::File title="The archive has written the file" text=text>
                    <ResultFile archive=record.archive.clone() path format=record.format.clone() name=record.title() />
                    {readable.then(|| view! {
                        <button class="button" type="button" on:click=move |_| actions.show_file(&key)>"Show its rows"</button>
                    })}
                </EmptyState>
            </div>
        }
    })
}
