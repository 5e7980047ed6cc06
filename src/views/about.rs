//! What this is, which archive it asks, versions and licences.

use leptos::prelude::*;

use crate::{
    actions::Actions,
    state::{results::grouped, schema::Loadable},
    views::clock::bytes,
};

/// The about view.
#[component]
pub fn AboutView() -> impl IntoView {
    view! {
        <div class="page">
            <h1>"About Parallax"</h1>
            <p class="lead">
                "A front-end to the ESA Gaia Archive and other TAP services that runs in this page. Nothing is installed, nothing is measured, and no request is made that you or one of your open jobs did not cause."
            </p>
            <div class="columns">
                <ArchivePanel />
                <LimitsPanel />
                <ThisPagePanel />
                <LicencePanel />
            </div>
        </div>
    }
}

#[component]
fn ArchivePanel() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let refresh = move |_| actions.load_availability();
    view! {
        <section class="panel">
            <div class="panel-head">
                <h2>"Archive"</h2>
                <button class="button small" type="button" on:click=refresh>"Ask again"</button>
            </div>
            <div class="panel-body">
                {move || state.current_archive().map(|archive| {
                    let transport = match archive.transport {
                        crate::archives::Transport::Direct => "This page calls the archive directly.",
                        crate::archives::Transport::Gateway => "This page asks the gateway that served it; the gateway asks the archive.",
                        crate::archives::Transport::Inside => "The archive runs inside this page.",
                    };
                    view! {
                        <dl class="kv">
                            <dt>"Name"</dt><dd>{archive.title.clone()}</dd>
                            <dt>"Address"</dt><dd class="mono">{format!("{}{}", archive.public_url, archive.tap)}</dd>
                            <dt>"Way"</dt><dd>{transport}</dd>
                            <dt>"Protocol"</dt>
                            <dd>{if archive.capabilities.tap_plus { "TAP+ (ESA)" } else { "TAP 1.1" }}</dd>
                        </dl>
                        {archive.note.map(|note| view! { <p class="muted">{note}</p> })}
                    }
                })}
                <dl class="kv">
                    <dt>"Availability"</dt>
                    <dd>{move || match state.service.availability.get() {
                        Loadable::Here(availability) => {
                            let words = if availability.available { "Available" } else { "Not available" };
                            let since = availability.up_since.map(|time| format!(", up since {}", crate::dom::local_time(time.millis() as f64)));
                            let notes = availability.notes.join(" ");
                            view! { <span>{words}{since}</span>" "<span class="muted">{notes}</span> }.into_any()
                        }
                        Loadable::Failed(error) => view! { <span>{error}</span> }.into_any(),
                        _ => view! { <span class="muted">"Asking"</span> }.into_any(),
                    }}</dd>
                </dl>
            </div>
        </section>
    }
}

#[component]
fn LimitsPanel() -> impl IntoView {
    let state = expect_context::<Actions>().state;
    view! {
        <section class="panel">
            <div class="panel-head"><h2>"Limits"</h2></div>
            <div class="panel-body">
                {move || match state.service.capabilities.get() {
                    Loadable::Here(capabilities) => {
                        let rows = |limit: Option<u64>| limit.map_or("not said".into(), |rows| grouped(rows as usize));
                        let languages: Vec<String> = capabilities.languages.iter()
                            .map(|language| format!("{} {}", language.name, language.versions.join(", "))).collect();
                        let formats: Vec<String> = capabilities.output_formats.iter()
                            .map(|format| format.aliases.first().unwrap_or(&format.mime).clone()).collect();
                        let upload = capabilities.upload_limit.bytes.map_or("not said".into(), bytes);
                        view! {
                            <dl class="kv">
                                <dt>"Rows without a limit of yours"</dt><dd>{rows(capabilities.output_limit.default)}</dd>
                                <dt>"Rows at most"</dt><dd>{rows(capabilities.output_limit.hard)}</dd>
                                <dt>"Upload at most"</dt><dd>{upload}</dd>
                                <dt>"Languages"</dt><dd>{languages.join("; ")}</dd>
                                <dt>"Formats"</dt><dd>{formats.join(", ")}</dd>
                            </dl>
                        }.into_any()
                    }
                    Loadable::Failed(error) => view! { <p class="muted">{error}</p> }.into_any(),
                    _ => view! { <p class="muted">"Asking the archive."</p> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn ThisPagePanel() -> impl IntoView {
    let state = expect_context::<Actions>().state;
    view! {
        <section class="panel">
            <div class="panel-head"><h2>"This page"</h2></div>
            <div class="panel-body">
                <dl class="kv">
                    <dt>"Version"</dt><dd>{env!("CARGO_PKG_VERSION")}</dd>
                    <dt>"Remembers"</dt>
                    <dd>{move || if state.lasting.get() {
                        "Your text, settings and jobs, in this browser only"
                    } else {
                        "Nothing: this browser does not let it"
                    }}</dd>
                    <dt>"Asks for news of jobs"</dt>
                    <dd>{move || if state.jobs.polling_here.get() { "This tab, for all tabs" } else { "Another tab" }}</dd>
                    <dt>"Files"</dt>
                    <dd>"Results are decoded in a worker and saved by this page in VOTable (BINARY2 or TABLEDATA), CSV, ECSV, JSON and FITS."</dd>
                </dl>
            </div>
        </section>
    }
}

#[component]
fn LicencePanel() -> impl IntoView {
    view! {
        <section class="panel">
            <div class="panel-head"><h2>"Licenses"</h2></div>
            <div class="panel-body">
                <p>"Parallax is free software, under the MIT license or the Apache License 2.0, as you like."</p>
                <p class="muted">
                    "It stands on Leptos, wasm-bindgen, quick-xml, flate2, serde (MIT or Apache 2.0), idb (MIT or Apache 2.0) and CodeMirror (MIT)."
                </p>
                <p class="muted">
                    "If you publish with data of the ESA Gaia Archive, acknowledge Gaia and DPAC as the archive asks. The data of the sandbox are synthetic: they are for learning and trying, never for science."
                </p>
            </div>
        </section>
    }
}
