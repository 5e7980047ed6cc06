//! The dialog of an upload: where the table comes from, what was understood, what it will be called, how far it is.

mod preview;
mod source;

use leptos::prelude::*;
use tap::user_tables::stored_name;

use crate::{
    actions::Actions,
    components::{dialog::Dialog, error_panel::ErrorPanel, field::TextField, progress::Progress, tabs::Tabs},
    state::{
        table_upload::{FileStage, Sending, Source},
        user_tables::schema_of,
    },
    views::{clock::bytes, command::ShowCommand},
};
use preview::Preview;
use source::Chosen;

/// The dialog. Closing it neither stops an upload nor forgets the form.
#[component]
pub fn Upload() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let upload = actions.state.user_tables.upload;
    let sending = Memo::new(move |_| upload.sending.with(Option::is_some));
    view! {
        <Dialog open=upload.open title="New table">
            {move || if sending.get() { view! { <OnItsWay /> }.into_any() } else { view! { <Form /> }.into_any() }}
        </Dialog>
    }
}

#[component]
fn Form() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let upload = state.user_tables.upload;
    let source = Memo::new(move |_| Source::ALL.get(upload.source.get()).copied().unwrap_or(Source::File));
    let names = Source::ALL.iter().map(|source| source.label().to_owned()).collect::<Vec<_>>();
    let understood = Memo::new(move |_| source.get().is_here() && upload.file.with(Option::is_some));
    let ready = Memo::new(move |_| {
        let there = upload.form.with(|form| match source.get() {
            Source::Job => !form.job.is_empty(),
            Source::Address => !form.address.trim().is_empty(),
            _ => upload.file.with(|file| file.as_ref().is_some_and(|file| matches!(file.stage, FileStage::Ready(_)))),
        });
        there && name_problem(&actions).is_none()
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if ready.get_untracked() {
            actions.upload_table();
        }
    };
    view! {
        <form class="stack loose upload-form" on:submit=send>
            {move || state.user().is_none().then(|| view! {
                <div class="notice warning">
                    <span><strong>"Nobody is signed in. "</strong>"The form is kept meanwhile."</span>
                    <button class="button small" type="button" on:click=move |_| actions.ask_to_sign_in()>"Show the form for it"</button>
                </div>
            })}
            <div class="scroll"><Tabs label="Where the table comes from" names chosen=upload.source /></div>
            {move || view! { <Chosen source=source.get() /> }}
            {move || understood.get().then(|| view! { <Preview /> })}
            <Name />
            <TextField
                label="Description"
                hint="What it holds and where it comes from; it cannot be changed later"
                value=Signal::derive(move || upload.form.with(|form| form.description.clone()))
                on_input=move |text| actions.edit_upload(|form| form.description = text)
            />
            {move || upload.problem.get().map(|problem| view! {
                <ErrorPanel title=problem.title what=problem.message next=problem.next />
            })}
            <div class="row end">
                <ShowCommand show=Callback::new(move |()| actions.show_upload_command()) />
                <button class="button primary" type="submit" disabled=move || !ready.get()>"Send to the archive"</button>
            </div>
        </form>
    }
}

/// The name, and what the archive makes of it.
#[component]
fn Name() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let upload = actions.state.user_tables.upload;
    let name = Memo::new(move |_| upload.form.with(|form| form.name.clone()));
    let problem = Memo::new(move |_| name_problem(&actions).filter(|_| !name.with(String::is_empty)));
    let becomes = move || {
        let stored = stored_name(&name.get()).ok().filter(|_| problem.with(Option::is_none))?;
        let schema = actions.state.user().map_or_else(|| "user_…".to_owned(), |user| schema_of(&user));
        let why = match (&stored.quotes, stored.name == name.get().trim()) {
            (Some(_), _) => ", always in quotes; letters, digits and _ need none",
            (None, false) => "; the archive keeps names in lower case",
            (None, true) => "",
        };
        Some(format!("In queries: {schema}.{}{why}.", stored.in_adql))
    };
    view! {
        <div class="stack tight">
        <label class="field">
            <span>"Name"</span>
            <input
                type="text"
                class="mono"
                autocomplete="off"
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                prop:value=name
                on:input:target=move |event| {
                    let text = event.target().value();
                    actions.edit_upload(|form| form.name = text);
                }
            />
        </label>
            {move || match problem.get() {
                Some(problem) => view! { <span class="hint bad" role="alert">{problem}</span> }.into_any(),
                None => view! { <span class="hint">{becomes}</span> }.into_any(),
            }}
        </div>
    }
}

/// Why the name will not do; for reactive reads.
fn name_problem(actions: &Actions) -> Option<String> {
    let state = actions.state;
    let name = state.user_tables.upload.form.with(|form| form.name.clone());
    match stored_name(&name) {
        Err(problem) => Some(format!("This name cannot be used: {problem}.")),
        Ok(stored) => {
            let user = state.user()?;
            state.user_tables.has(&user, &stored.name).then(|| {
                format!("You have a table {} already. Choose another name, or delete that table first.", stored.name)
            })
        }
    }
}

/// How far it is.
#[component]
fn OnItsWay() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let sending = actions.state.user_tables.upload.sending;
    let done = Signal::derive(move || {
        sending.with(|sending| {
            let (sent, total) = sending.as_ref()?.bytes.filter(|(sent, total)| sent < total)?;
            Some(sent / total)
        })
    });
    let text = Signal::derive(move || {
        sending.with(|sending| match sending {
            Some(Sending { phase: Some(phase), .. }) => format!("The archive works on it as a job: {phase}"),
            Some(Sending { bytes: Some((sent, total)), .. }) if sent < total => {
                format!("{} of {} sent", bytes(*sent as u64), bytes(*total as u64))
            }
            Some(Sending { bytes: Some((_, total)), .. }) => {
                format!("All {} sent; the archive makes the table", bytes(*total as u64))
            }
            Some(_) => "The archive makes the table".to_owned(),
            None => String::new(),
        })
    });
    view! {
        <p role="status">"The table is on its way."</p>
        <Progress label="Upload" done text />
        <p class="muted small">"You may close this dialog: the upload goes on, and the list shows the table when it is there."</p>
        <div class="row end">
            <button class="button" type="button" on:click=move |_| actions.cancel_upload()>"Cancel"</button>
        </div>
    }
}
