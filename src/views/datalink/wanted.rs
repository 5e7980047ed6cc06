//! What is wanted of the sources: retrieval types, format, structure and the rest. The names are data of `tap`.

use leptos::prelude::*;
use tap::datalink::{FORMATS, LINKING_PARAMETERS, RELEASES, RETRIEVAL_TYPES, RetrievalType, STRUCTURES};

use crate::{actions::Actions, state::datalink::Form};

/// The parameters.
#[component]
pub fn Wanted() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.datalink.form;
    let shown = Memo::new(move |_| {
        form.with(|form| {
            let of_release = |known: &&RetrievalType| known.release <= form.release.as_str();
            let ticked = |known: &&RetrievalType| form.types.iter().any(|name| name == known.name);
            RETRIEVAL_TYPES
                .iter()
                .filter(|known| of_release(known) || ticked(known))
                .map(|known| (known.name, known.label))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <section class="panel" aria-label="Products">
            <div class="panel-head"><h2>"What to get"</h2></div>
            <fieldset class="datalink-types">
                <legend class="muted small">"Retrieval types"</legend>
                <For each=move || shown.get() key=|known| known.0 let:known>
                    <TypeBox name=known.0 label=known.1 />
                </For>
            </fieldset>
            <div class="datalink-parameters">
                <label class="field">
                    <span>"Other types, by name"</span>
                    <input
                        type="text"
                        class="mono"
                        autocomplete="off"
                        placeholder="such as EPOCH_IMAGE"
                        prop:value=move || form.with(|form| form.other.clone())
                        on:input=move |event| {
                            let text = event_target_value(&event);
                            actions.edit_datalink(|form| form.other = text);
                        }
                    />
                </label>
                {choice("Data release", RELEASES.map(|name| (name, name)).to_vec(), |form| &form.release, |form, name| form.release = name)}
                {choice("Format", FORMATS.to_vec(), |form| &form.format, |form, name| form.format = name)}
                {choice("Structure", structures(), |form| &form.structure, |form, name| form.structure = name)}
                {choice("Identifiers are of", LINKING_PARAMETERS.to_vec(), |form| &form.linking, |form, name| form.linking = name)}
            </div>
            <div class="stack tight">
                {tick("Only valid data (epoch photometry without what was rejected)", |form| form.valid_data, |form, on| form.valid_data = on)}
                {tick("A ZIP even of one file", |form| form.always_zip, |form, on| form.always_zip = on)}
                {tick("Links with columns that describe the products, where the archive has them", |form| form.metadata, |form, on| form.metadata = on)}
            </div>
        </section>
    }
}

/// Both names of each structure: archives have used the new ones since 2026.
fn structures() -> Vec<(&'static str, &'static str)> {
    let old = STRUCTURES.iter().map(|structure| (structure.name, structure.label));
    old.chain(STRUCTURES.iter().map(|structure| (structure.new_name, structure.label))).collect()
}

#[component]
fn TypeBox(name: &'static str, label: &'static str) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.datalink.form;
    view! {
        <label class="check" title=name>
            <input
                type="checkbox"
                prop:checked=move || form.with(|form| form.types.iter().any(|ticked| ticked == name))
                on:change=move |event| {
                    let on = event_target_checked(&event);
                    actions.edit_datalink(|form| {
                        form.types.retain(|ticked| ticked != name);
                        if on {
                            form.types.push(name.to_owned());
                        }
                    });
                }
            />
            <span>{label}" "<span class="mono small muted">{name}</span></span>
        </label>
    }
}

fn choice(
    label: &'static str,
    options: Vec<(&'static str, &'static str)>,
    get: fn(&Form) -> &String,
    set: fn(&mut Form, String),
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.datalink.form;
    let option = move |(name, words): (&'static str, &'static str)| {
        let selected = move || form.with(|form| get(form) == name);
        let words = if name.eq_ignore_ascii_case(words) { words.to_owned() } else { format!("{words} ({name})") };
        view! { <option value=name selected=selected>{words}</option> }
    };
    view! {
        <label class="field">
            <span>{label}</span>
            <select
                prop:value=move || form.with(|form| get(form).clone())
                on:change=move |event| {
                    let name = event_target_value(&event);
                    actions.edit_datalink(|form| set(form, name));
                }
            >
                {options.into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}

fn tick(label: &'static str, get: fn(&Form) -> bool, set: fn(&mut Form, bool)) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.datalink.form;
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=move || form.with(get)
                on:change=move |event| {
                    let on = event_target_checked(&event);
                    actions.edit_datalink(|form| set(form, on));
                }
            />
            <span>{label}</span>
        </label>
    }
}
