//! The job that is waited for, where its result will be.

use leptos::prelude::*;

use crate::{
    actions::Actions,
    components::{phase_badge::PhaseBadge, progress::Progress},
    routes::{Route, View},
    state::jobs::{JobKey, Stage},
    views::clock::{duration, use_clock},
};

/// Phase, elapsed time, and the way to the job.
#[component]
pub fn JobRunning(key: JobKey) -> impl IntoView {
    let state = expect_context::<Actions>().state;
    let now = use_clock();
    let record =
        Memo::new(move |_| state.jobs.journal.with(|journal| journal.iter().find(|record| record.key == key).cloned()));
    let phase = Signal::derive(move || {
        record.with(|record| match record {
            Some(record) if record.stage == Stage::Intended => "Sending".to_owned(),
            Some(record) if record.stage == Stage::Unsure => "Checking".to_owned(),
            Some(record) => record.phase().map_or("PENDING".to_owned(), |phase| phase.as_str().to_owned()),
            None => String::new(),
        })
    });
    let elapsed = move || {
        record.with(|record| record.as_ref().map(|record| duration(now.get() - record.created))).unwrap_or_default()
    };
    let link = move || {
        record
            .with(|record| {
                record.as_ref().map(|record| {
                    Route { archive: Some(record.archive.clone()), job: record.path.clone(), ..Route::to(View::Jobs) }
                        .to_string()
                })
            })
            .unwrap_or_default()
    };
    view! {
        <div class="waiting" role="region" aria-label="Running job">
            <p class="waiting-title" role="status">"Job "<PhaseBadge phase /></p>
            <p class="muted number">{elapsed}</p>
            <Progress label="Job" done=Signal::stored(None) />
            {move || record.with(|record| record.as_ref().and_then(|record| record.note.clone())).map(|note| view! { <p>{note}</p> })}
            <p class="muted">"The job goes on at the archive if you reload or close this page; it is in your list of jobs. "<a href=link>"Show the job"</a></p>
        </div>
    }
}
