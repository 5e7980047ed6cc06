//! The file that a job was asked to write, where its rows would be.

use leptos::prelude::*;

use crate::{
    actions::Actions, components::icon::Glyph, components::icon::Icon, state::jobs::JobKey,
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
        let rows = move |_| actions.show_file(&key);
        view! {
            <div class="waiting" role="region" aria-label="File of the archive">
                <Icon glyph=Glyph::File />
                <p class="waiting-title" role="status">"The archive has written the file"</p>
                <p class="muted">{record.title()}</p>
                <div class="row">
                    <ResultFile archive=record.archive.clone() path format=record.format.clone() name=record.title() />
                    {readable.then(|| view! { <button class="button" type="button" on:click=rows>"Show its rows"</button> })}
                </div>
                <p class="muted">"It stays at the archive with its job, in your list of jobs. This page has not touched it."</p>
            </div>
        }
    })
}
