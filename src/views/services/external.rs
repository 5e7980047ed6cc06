//! A query for another service, sent on by the archive, and its result.

use leptos::{html, prelude::*};
use tap::external::{host, service_url};

use crate::{
    actions::Actions,
    archives::Transport,
    components::{
        adql_editor::AdqlEditor,
        field::{Segmented, TextField},
        icon::{Glyph, Icon},
    },
    state::services,
    views::{
        command::ShowCommand,
        query::{running::JobRunning, talk::ProblemPanel},
        results::pane::ResultPane,
    },
};

/// The form and, below it, what came.
#[component]
pub fn External() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.services;
    let running = Memo::new(move |_| state.running.with(Option::is_some));
    let asynchronous = Memo::new(move |_| state.form.with(|form| form.asynchronous));
    // Where the form stands below the search, who prepares a query is led there.
    let section = NodeRef::<html::Section>::new();
    Effect::new(move |before: Option<u32>| {
        let prepared = state.prepared.get();
        if before.is_some_and(|before| before != prepared)
            && let Some(section) = section.get_untracked()
        {
            section.scroll_into_view();
        }
        prepared
    });
    view! {
        <section class="services-external" aria-label="Another service" node_ref=section>
            <div class="stack services-form">
                <h2>"Query another service"</h2>
                <Text label="Address of the TAP service" hint="https://host/path/tap" class="wide" get=|form| &form.service set=|form, text| form.service = text />
                <Way />
                <div class="services-editor">
                    <AdqlEditor value=state.adql on_run=Callback::new(move |()| actions.run_external()) insert=state.insert />
                </div>
                <div class="row">
                    <button class="button primary" type="button" title="Ctrl + Enter" disabled=move || running.get() on:click=move |_| actions.run_external()>
                        <Icon glyph=Glyph::Run />"Run query"
                    </button>
                    <button class="button" type="button" disabled=move || !running.get() on:click=move |_| actions.cancel_external()>
                        <Icon glyph=Glyph::Stop />"Cancel"
                    </button>
                    <Segmented
                        legend="How to run"
                        choices=vec![
                            (false, "Synchronous", "The archive passes the answer on as it comes"),
                            (true, "Asynchronous", "A job of the archive, which keeps the result"),
                        ]
                        chosen=asynchronous
                        on_choose=move |job| actions.edit_external(|form| form.asynchronous = job)
                    />
                    {move || state.replaced.with(Option::is_some).then(|| view! {
                        <button class="button quiet" type="button" on:click=move |_| actions.put_back_external()>"Previous text"</button>
                    })}
                </div>
                <div class="row">
                    <Text label="Row limit" hint="the service's" class="inline short" get=|form| &form.limit set=|form, text| form.limit = text />
                    {move || asynchronous.get().then(|| view! {
                        <Text label="Job name" hint="" class="inline" get=|form| &form.job_name set=|form, text| form.job_name = text />
                    })}
                    <ShowCommand show=Callback::new(move |()| actions.show_external_command()) />
                </div>
            </div>
            <Below />
        </section>
    }
}

/// The result, the running job or the failure of a query to another service; nothing of the archive's own queries.
#[component]
fn Below() -> impl IntoView {
    let state = expect_context::<Actions>().state;
    let services = state.services;
    let job =
        Memo::new(move |_| services.running.get().and_then(|running| running.job.filter(|_| running.table.is_none())));
    let shown = Memo::new(move |_| {
        let current = state.results.current.get();
        current.is_some_and(|table| services.results.with(|results| results.iter().any(|(id, _)| *id == table)))
    });
    // Where it is narrow the result stands below the window.
    let place = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<bool>| {
        let running = services.running.with(Option::is_some);
        if running && before == Some(false) {
            request_animation_frame(move || {
                let nearest = web_sys::ScrollIntoViewOptions::new();
                nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
                if let Some(Some(place)) = place.try_get_untracked() {
                    place.scroll_into_view_with_scroll_into_view_options(&nearest);
                }
            });
        }
        running
    });
    let content = move || match (job.get(), services.failure.get()) {
        (Some(key), _) => view! { <JobRunning key /> }.into_any(),
        (None, Some(problem)) => view! { <div class="services-form grow"><ProblemPanel problem /></div> }.into_any(),
        (None, None) if shown.get() => view! { <ResultPane alone=false /> }.into_any(),
        _ => ().into_any(),
    };
    let empty = move || job.with(Option::is_none) && services.failure.with(Option::is_none) && !shown.get();
    view! { <div class="services-result" class:empty-result=empty node_ref=place>{content}</div> }
}

/// Which machine contacts which, in the order of the request.
#[component]
fn Way() -> impl IntoView {
    let state = expect_context::<Actions>().state;
    move || {
        let archive = state.current_archive()?;
        let service = state.services.form.with(|form| service_url(&form.service).ok());
        let end = service.as_deref().map_or_else(|| "the other service".to_owned(), |url| host(url).to_owned());
        let gateway = (archive.transport == Transport::Gateway).then(|| format!("the gateway at {}", window_host()));
        let stops = [Some("This page".to_owned()), gateway, Some(archive.title.clone()), Some(end)];
        let words = match archive.transport {
            Transport::Gateway => {
                "Only the archive contacts the other service; this page and the gateway do not. The archive decides which services it asks."
            }
            Transport::Direct => {
                "Only the archive contacts the other service; this page does not. The archive decides which services it asks."
            }
            Transport::Inside => "The archive runs inside this page and reaches no other machine.",
        };
        Some(view! {
            <ol class="way" aria-label="Which machine contacts which">
                {stops.into_iter().flatten().map(|stop| view! { <li>{stop}</li> }).collect_view()}
            </ol>
            <p class="hint">{words}</p>
        })
    }
}

fn window_host() -> String {
    host(&crate::dom::base_url()).to_owned()
}

/// One text of the form.
#[component]
fn Text(
    label: &'static str,
    hint: &'static str,
    class: &'static str,
    get: fn(&services::External) -> &String,
    set: fn(&mut services::External, String),
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.services.form;
    view! {
        <TextField
            label
            hint
            class
            value=Signal::derive(move || form.with(|form| get(form).clone()))
            on_input=move |text| actions.edit_external(|form| set(form, text))
        />
    }
}
