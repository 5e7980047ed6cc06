//! Where the table comes from.

use leptos::prelude::*;
use tap::{Phase, user_tables::TableFormat};

use crate::{
    actions::Actions,
    state::{
        results::{Stage, grouped},
        table_upload::Source,
    },
};

/// The controls of a source.
#[component]
pub fn Chosen(source: Source) -> impl IntoView {
    match source {
        Source::File => view! { <File /> }.into_any(),
        Source::Text => view! { <Text /> }.into_any(),
        Source::Result => view! { <InHand /> }.into_any(),
        Source::Job => view! { <Job /> }.into_any(),
        Source::Address => view! { <Address /> }.into_any(),
    }
}

#[component]
fn File() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let over = RwSignal::new(false);
    let take = move |files: Option<web_sys::FileList>| {
        if let Some(file) = files.and_then(|files| files.get(0)) {
            actions.take_file(file);
        }
    };
    let drop = move |event: web_sys::DragEvent| {
        event.prevent_default();
        over.set(false);
        take(event.data_transfer().and_then(|data| data.files()));
    };
    view! {
        <div
            class="file-drop"
            class:over=over
            on:dragover=move |event| { event.prevent_default(); over.set(true); }
            on:dragleave=move |_| over.set(false)
            on:drop=drop
        >
            <label class="button">
                "Choose a file"
                <input
                    class="visually-hidden"
                    type="file"
                    accept=".vot,.xml,.votable,.gz,.csv,.tsv,.ecsv,.txt,.dat,.asc"
                    on:change:target=move |event| {
                        let input = event.target();
                        take(input.files());
                        // So that the same file can be chosen again after it was mended.
                        input.set_value("");
                    }
                />
            </label>
            <p class="small">"or drop it here: VOTable, CSV, TSV, ECSV or columns of text, gzip or not"</p>
        </div>
    }
}

#[component]
fn Text() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.user_tables.upload.form;
    let empty = Memo::new(move |_| form.with(|form| form.text.trim().is_empty()));
    view! {
        <label class="field">
            <span>"Table as text, names of the columns first"</span>
            <textarea
                class="mono"
                rows="6"
                spellcheck="false"
                placeholder="name,ra,dec\nM 45,56.75,24.12"
                prop:value=move || form.with(|form| form.text.clone())
                on:input:target=move |event| {
                    let text = event.target().value();
                    actions.edit_upload(|form| form.text = text);
                }
            ></textarea>
        </label>
        <div class="row end">
            <button class="button" type="button" disabled=empty on:click=move |_| actions.take_text()>"Read this text"</button>
        </div>
    }
}

#[component]
fn InHand() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let (results, upload) = (actions.state.results, actions.state.user_tables.upload);
    let tables = Memo::new(move |_| {
        results.tables.with(|tables| {
            let whole = tables
                .iter()
                .rev()
                .filter(|table| matches!(table.stage, Stage::Ended { .. }) && !table.fields.is_empty());
            whole.map(|table| (table.id, table.title.clone(), table.status())).collect::<Vec<_>>()
        })
    });
    let busy = Memo::new(move |_| upload.awaited.with(Option::is_some));
    move || {
        if tables.with(Vec::is_empty) {
            return view! { <p class="muted">"No result is in hand. Run a query, or open the result of a job; then it can be kept as a table."</p> }.into_any();
        }
        let line = |(id, title, status): (u32, String, String)| {
            view! {
                <li>
                    <span class="list-main truncate">{title}</span>
                    <span class="list-side">
                        <span class="muted small nowrap">{status}</span>
                        <button class="button small" type="button" disabled=busy on:click=move |_| actions.take_result(id)>"Take it"</button>
                    </span>
                </li>
            }
        };
        view! {
            <ul class="list upload-results" aria-label="Results in hand">{tables.get().into_iter().map(line).collect_view()}</ul>
            {move || busy.get().then(|| view! { <p class="muted small" role="status">"Writing the result as a VOTable"</p> })}
        }.into_any()
    }
}

#[component]
fn Job() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let form = state.user_tables.upload.form;
    let jobs = Memo::new(move |_| finished_jobs(&actions));
    move || {
        if jobs.with(Vec::is_empty) {
            return view! { <p class="muted">"No finished job is known. A query that is run asynchronously becomes one; the archive can copy its result to a table without it going through this page."</p> }.into_any();
        }
        view! {
            <label class="field">
                <span>"Finished job, whose result the archive copies"</span>
                <select on:change:target=move |event| {
                    let path = event.target().value();
                    actions.edit_upload(|form| {
                        if form.name.is_empty() && !path.is_empty() {
                            form.name = format!("t{}", path.rsplit('/').next().unwrap_or_default().to_lowercase());
                        }
                        form.job = path;
                    });
                }>
                    <option value="" selected=move || form.with(|form| form.job.is_empty())>"Choose a job"</option>
                    {jobs.get().into_iter().map(|(path, label)| {
                        let is_it = path.clone();
                        view! { <option value=path selected=move || form.with(|form| form.job == is_it)>{label}</option> }
                    }).collect_view()}
                </select>
            </label>
        }.into_any()
    }
}

/// Path and words of each job whose result the archive has.
fn finished_jobs(actions: &Actions) -> Vec<(String, String)> {
    let state = actions.state;
    let archive = state.archive.get();
    let rows = |job: &tap::Job| {
        let rows = job.result().and_then(|result| result.rows);
        rows.map(|rows| format!(", {} rows", grouped(rows as usize))).unwrap_or_default()
    };
    let mut jobs: Vec<(String, String)> = state.jobs.journal.with(|journal| {
        let done = journal
            .iter()
            .filter(|record| Some(&record.archive) == archive.as_ref() && record.phase() == Some(&Phase::Completed));
        let entry = |record: &crate::state::jobs::Record| {
            let facts = record.job.as_ref().map(rows).unwrap_or_default();
            Some((record.path.clone()?, format!("{}{facts}", record.title())))
        };
        done.filter_map(entry).collect()
    });
    state.jobs.listed.with(|listed| {
        for listed in
            listed.here().into_iter().flat_map(|page| &page.jobs).filter(|listed| listed.job.phase == Phase::Completed)
        {
            if jobs.iter().all(|(path, _)| *path != listed.path) {
                let title = listed.job.job_name().map_or_else(
                    || listed.job.query().map_or_else(|| listed.job.id.clone(), crate::state::jobs::excerpt),
                    str::to_owned,
                );
                jobs.push((listed.path.clone(), format!("{title}{}", rows(&listed.job))));
            }
        }
    });
    jobs
}

#[component]
fn Address() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.user_tables.upload.form;
    view! {
        <div class="stack tight">
        <label class="field">
            <span>"Address"</span>
            <input
                type="url"
                class="mono"
                autocomplete="off"
                placeholder="https://"
                prop:value=move || form.with(|form| form.address.clone())
                on:input:target=move |event| {
                    let text = event.target().value();
                    actions.edit_upload(|form| form.address = text);
                }
            />
        </label>
        <p class="hint">"The archive fetches it itself: it must reach the address, and this page does not see the table before."</p>
        </div>
        <Format label="Format of what is there" value=Signal::derive(move || form.with(|form| form.address_format)) choose=Callback::new(move |format| {
            actions.edit_upload(|form| form.address_format = format);
        }) />
    }
}

/// A choice of formats.
#[component]
pub fn Format(
    label: &'static str,
    value: Signal<TableFormat>,
    choose: Callback<TableFormat>,
    /// Words for the formats, in the order VOTable, CSV, ASCII.
    #[prop(default = ["VOTable", "CSV", "ASCII, separated by blanks"])]
    words: [&'static str; 3],
) -> impl IntoView {
    let formats = [TableFormat::VoTable, TableFormat::Csv, TableFormat::Ascii];
    view! {
        <label class="field">
            <span>{label}</span>
            <select on:change:target=move |event| {
                let chosen = event.target().value();
                choose.run(formats.into_iter().find(|format| format.as_str() == chosen).unwrap_or_default());
            }>
                {formats.into_iter().zip(words).map(|(format, words)| view! {
                    <option value=format.as_str() selected=move || value.get() == format>{words}</option>
                }).collect_view()}
            </select>
        </label>
    }
}
