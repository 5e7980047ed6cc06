//! The line above the editor: run, cancel, how, how many, as what, examples.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use crate::{
    actions::{Actions, FIRST_QUERY},
    components::{
        field::{CheckBox, Segmented, TextField},
        icon::{Glyph, Icon},
        menu::{Menu, MenuItem},
    },
    routes::{Route, Run, View},
    state::{query::Form, results::grouped, schema::Loadable},
    views::results::FORMATS,
};

/// The controls of the query.
#[component]
pub fn Controls() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.query;
    let running = Memo::new(move |_| state.running.with(Option::is_some));
    let asynchronous = Memo::new(move |_| state.form.with(|form| form.asynchronous));
    view! {
        <div class="toolbar query-controls">
            <button
                class="button primary"
                type="button"
                title="Ctrl + Enter"
                disabled=move || running.get()
                on:click=move |_| actions.run()
            >
                <Icon glyph=Glyph::Run />"Run query"
            </button>
            <button class="button" type="button" disabled=move || !running.get() on:click=move |_| actions.cancel()>
                <Icon glyph=Glyph::Stop />"Cancel"
            </button>
            <Segmented
                legend="How to run"
                choices=vec![
                    (false, "Synchronous", "The answer comes at once; the archive limits its rows"),
                    (true, "Asynchronous", "A job at the archive; it goes on without this page"),
                ]
                chosen=asynchronous
                on_choose=move |job| actions.edit_form(|form| form.asynchronous = job)
            />
            <span class="spacer"></span>
            {move || state.replaced.with(Option::is_some).then(|| view! {
                <button
                    class="button quiet"
                    type="button"
                    title="Put back the text that stood here before"
                    on:click=move |_| actions.put_back()
                >
                    "Previous text"
                </button>
            })}
            <button class="button quiet" type="button" on:click=move |_| actions.open_cone()>"Cone search"</button>
            <Examples />
            <button
                class="button quiet icon-only"
                type="button"
                aria-label="Show the command"
                title="Show the command: curl, astroquery, pyVO"
                on:click=move |_| actions.show_query_command()
            >
                <Icon glyph=Glyph::Query />
            </button>
            <Share />
        </div>
        <div class="toolbar query-options">
            {text("Row limit", "archive's", "inline short", |form| &form.limit, |form, text| form.limit = text)}
            <MostRows asynchronous />
            <label class="field inline">
                <span>"Save as"</span>
                <select
                    prop:value=move || state.form.with(|form| form.format.clone())
                    on:change=move |event| {
                        let format = event_target_value(&event);
                        actions.edit_form(|form| form.format = format);
                    }
                >
                    {FORMATS.map(|(format, label)| {
                        let selected = move || state.form.with(|form| form.format == format.name());
                        view! { <option value=format.name() selected=selected>{label}</option> }
                    }).collect_view()}
                </select>
            </label>
            {move || asynchronous.get().then(|| view! {
                <CheckBox
                    label="Written by the archive"
                    title="The job writes the file itself, and you save it as it is. Otherwise this page writes the file from the rows."
                    checked=Signal::derive(move || state.form.with(|form| form.by_archive))
                    on_change=move |on| actions.edit_form(|form| form.by_archive = on)
                />
            })}
            <Attach />
            // Only jobs are listed by name.
            {move || asynchronous.get().then(|| view! {
                {text("Job name", "", "inline", |form| &form.job_name, |form, text| form.job_name = text)}
                {text("Description", "", "inline long", |form| &form.job_description, |form, text| form.job_description = text)}
            })}
        </div>
    }
}

/// How many rows the archive will give, as far as that is known before asking.
#[component]
fn MostRows(asynchronous: Memo<bool>) -> impl IntoView {
    let state = expect_context::<Actions>().state;
    let most = Memo::new(move |_| state.limits().rows(!asynchronous.get(), None));
    move || {
        most.get().map(|most| {
            let how = if asynchronous.get() { "as a job" } else { "synchronously" };
            view! { <span class="muted small most-rows">{format!("At most {} rows {how}", grouped(most as usize))}</span> }
        })
    }
}

/// One text of the form.
fn text(
    label: &'static str,
    hint: &'static str,
    class: &'static str,
    get: fn(&Form) -> &String,
    set: fn(&mut Form, String),
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.query.form;
    view! {
        <TextField
            label
            hint
            class
            value=Signal::derive(move || form.with(|form| get(form).clone()))
            on_input=move |text| actions.edit_form(|form| set(form, text))
        />
    }
}

#[component]
fn Attach() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let choose = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) else {
            return;
        };
        if let Some(files) = input.files() {
            (0..files.length()).filter_map(|at| files.get(at)).for_each(|file| actions.attach(file));
        }
        // So that the same file can be chosen again after it was mended.
        input.set_value("");
    };
    view! {
        <label class="button" title="VOTable or CSV; the query sees it as tap_upload.name">
            <Icon glyph=Glyph::Upload />
            "Attach table"
            <input class="visually-hidden" type="file" multiple accept=".vot,.xml,.votable,.gz,.csv,.tsv,.txt,.dat" on:change=choose />
        </label>
    }
}

#[component]
fn Examples() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let examples = Memo::new(move |_| {
        let mut examples = vec![("Members of the Pleiades".to_owned(), None, FIRST_QUERY.to_owned())];
        if let Loadable::Here(served) = actions.state.service.examples.get() {
            let line = |text: String| tap::html::to_line(&text);
            examples.extend(
                served.into_iter().map(|example| (example.title, example.description.map(line), example.query)),
            );
        }
        examples
    });
    let items = Signal::derive(move || {
        let examples = examples.get().into_iter();
        examples.map(|(title, detail, _)| MenuItem { detail, ..MenuItem::new(title) }).collect::<Vec<_>>()
    });
    let choose = Callback::new(move |at: usize| {
        if let Some((_, _, query)) = examples.with_untracked(|examples| examples.get(at).cloned()) {
            actions.edit(&query);
        }
    });
    view! { <Menu label="Examples" glyph=Glyph::File items on_choose=choose end=true /> }
}

/// The address of this query, for others: it opens the editor with the text and runs nothing by itself.
#[component]
fn Share() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let copy = move |_| {
        let form = actions.state.query.form.get_untracked();
        let route = Route {
            archive: actions.state.archive.get_untracked(),
            adql: Some(actions.state.query.adql.get_untracked()),
            run: Some(if form.asynchronous { Run::Async } else { Run::Sync }),
            ..Route::to(View::Query)
        };
        actions.copy_link(&route);
    };
    view! {
        <button class="button quiet icon-only" type="button" aria-label="Copy a link to this query" title="Copy a link to this query" on:click=copy>
            <Icon glyph=Glyph::Link />
        </button>
    }
}
