//! What else can be done with a job: its name, its result in another query or as a file, a word when it ends.

use leptos::prelude::*;
use tap::{Job, Phase, jobs::job_table};
use workbench::export::Format;

use crate::{
    actions::Actions,
    components::{
        field::TextField,
        icon::{Glyph, Icon},
    },
    state::jobs::Record,
};

/// The result as a table of another query and as the archive's file.
#[component]
pub fn UseResult(job: Job, archive: String, path: String) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let tap_plus = actions.state.archive_by_id(&archive).is_some_and(|archive| archive.capabilities.tap_plus);
    let table = job_table(&job.id);
    let named = table.clone();
    let format = job.format().map(str::to_owned);
    view! {
        <div class="row">
            {tap_plus.then(|| view! {
                <button class="button" type="button" title=format!("Puts {named} into the query that you are writing") on:click=move |_| actions.append_table(&table)>
                    <Icon glyph=Glyph::Insert />"Use in a query"
                </button>
            })}
            <ResultFile archive path format name=job.job_name().map_or_else(|| job.id.clone(), str::to_owned) />
        </div>
    }
}

/// The file that the archive wrote, saved as it is.
#[component]
pub fn ResultFile(archive: String, path: String, format: Option<String>, name: String) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let known = Format::parse(format.as_deref().unwrap_or("votable"));
    let words = known.map_or_else(|| format.clone().unwrap_or_default(), |format| format.name().to_owned());
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    let file = known.map_or_else(|| plain.clone(), |format| format!("{plain}.{}", format.extension()));
    actions.result_address(&archive, &path).map(|url| {
        view! {
            <a class="button" href=url download=file title="The file as the archive wrote it, not touched by this page">
                <Icon glyph=Glyph::Download />{format!("Download file ({words})")}
            </a>
        }
    })
}

/// A word when the job ends.
#[component]
pub fn NotifyMe(record: Memo<Option<Record>>, archive: String, path: String) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let wanted = Memo::new(move |_| record.with(|record| record.as_ref().is_some_and(|record| record.notify)));
    let place = StoredValue::new((archive, path));
    let press = move |_| {
        let (archive, path) = place.get_value();
        actions.notify_of(&archive, &path, !wanted.get_untracked());
    };
    let words = move || match (wanted.get(), actions.state.jobs.notifies.get()) {
        (false, _) => "",
        (true, Some(false)) => {
            "The browser does not let this page notify. As long as the page is open, a message in it will tell when the job ends."
        }
        (true, _) => "As long as the page is open, the browser will tell when the job ends.",
    };
    view! {
        <div class="row">
            <button class="button" type="button" aria-pressed=move || wanted.get().to_string() on:click=press>
                <Icon glyph=Glyph::Bell />{move || if wanted.get() { "Do not notify me" } else { "Notify me" }}
            </button>
            <span class="muted small" role="status">{words}</span>
        </div>
    }
}

/// The name of a job, and a way to change it.
#[component]
pub fn Rename(job: Job, record: Memo<Option<Record>>, archive: String, path: String) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let named = record.with_untracked(|record| record.as_ref().map(|record| record.name.clone()));
    let name = RwSignal::new(named.or_else(|| job.job_name().map(str::to_owned)).unwrap_or_default());
    let tap_plus = actions.state.archive_by_id(&archive).is_some_and(|archive| archive.capabilities.tap_plus);
    let hint = if tap_plus && job.phase == Phase::Pending {
        "Sent to the archive, since the job has not started."
    } else {
        "Kept in this browser: the protocol has no way to rename a job that has started."
    };
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        actions.rename_job(&archive, &path, &name.get_untracked());
    };
    view! {
        <form class="destruction" on:submit=send>
            <TextField label="Name" class="grow" value=name on_input=move |text| name.set(text) />
            <button class="button" type="submit">"Rename"</button>
            <span class="hint">{hint}</span>
        </form>
    }
}
