//! What is wanted of the sources: retrieval types, format, structure and the rest. The names are data: of the archive's entry
//! in `archives.json`, or else of `tap`.

use leptos::prelude::*;
use tap::datalink::{FORMATS, LINKING_PARAMETERS, RELEASES, RETRIEVAL_TYPES, RetrievalType, STRUCTURES};

use crate::{
    actions::Actions,
    archives::{Named, Products},
    components::field::{CheckBox, Text, TextField},
    state::datalink::Form,
};

/// The parameters.
#[component]
pub fn Wanted() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.datalink.form;
    let archive = move || actions.state.current_archive().map(|archive| archive.products).unwrap_or_default();
    let products = Memo::new(move |_| archive());
    let types = Memo::new(move |_| {
        let given = products.with(|products| products.retrieval_types.clone());
        if !given.is_empty() {
            return given;
        }
        form.with(|form| {
            let of_release = |known: &&RetrievalType| known.release <= form.release.as_str();
            let ticked = |known: &&RetrievalType| form.types.iter().any(|name| name == known.name);
            let shown = RETRIEVAL_TYPES.iter().filter(|known| of_release(known) || ticked(known));
            shown.map(|known| Named::new(known.name, known.label)).collect()
        })
    });
    let named = |pairs: &[(&str, &str)]| pairs.iter().map(|(name, label)| Named::new(name, label)).collect::<Vec<_>>();
    let or = move |given: fn(&Products) -> &Vec<Named>, known: Vec<Named>| {
        Signal::derive(move || {
            let own = products.with(|products| given(products).clone());
            if own.is_empty() { known.clone() } else { own }
        })
    };
    let releases = or(|products| &products.releases, named(&RELEASES.map(|name| (name, name))));
    let formats = or(|products| &products.formats, named(&FORMATS));
    let structures = or(|products| &products.structures, named(&structures()));
    let linking = Signal::stored(named(&LINKING_PARAMETERS));
    view! {
        <section class="panel" aria-label="Products">
            <div class="panel-head"><h2>"What to get"</h2></div>
            <fieldset class="datalink-types">
                <legend class="muted small">"Retrieval types"</legend>
                <For each=move || types.get() key=|known| known.name.clone() let:known>
                    <TypeBox known />
                </For>
            </fieldset>
            <div class="datalink-parameters">
                <TextField
                    label="Other types, by name"
                    kind=Text::Name
                    hint="EPOCH_IMAGE"
                    value=Signal::derive(move || form.with(|form| form.other.clone()))
                    on_input=move |text| actions.edit_datalink(|form| form.other = text)
                />
                {choice("Data release", releases, |form| &form.release, |form, name| form.release = name)}
                {choice("Format", formats, |form| &form.format, |form, name| form.format = name)}
                {choice("Structure", structures, |form| &form.structure, |form, name| form.structure = name)}
                {choice("Identifiers are of", linking, |form| &form.linking, |form, name| form.linking = name)}
            </div>
            <div class="datalink-types">
                {tick("Only valid data of epoch photometry", |form| form.valid_data, |form, on| form.valid_data = on)}
                {tick("A ZIP even of one file", |form| form.always_zip, |form, on| form.always_zip = on)}
                {tick("Links with columns that describe the products", |form| form.metadata, |form, on| form.metadata = on)}
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
fn TypeBox(known: Named) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.datalink.form;
    let Named { name, label } = known;
    let (ticked, shown) = (name.clone(), name.clone());
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=move || form.with(|form| form.types.contains(&ticked))
                on:change=move |event| {
                    let on = event_target_checked(&event);
                    actions.edit_datalink(|form| {
                        form.types.retain(|other| *other != name);
                        if on {
                            form.types.push(name.clone());
                        }
                    });
                }
            />
            <span>{label}" "<span class="mono small muted">{shown}</span></span>
        </label>
    }
}

fn choice(
    label: &'static str,
    options: Signal<Vec<Named>>,
    get: fn(&Form) -> &String,
    set: fn(&mut Form, String),
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.datalink.form;
    let option = move |Named { name, label }: Named| {
        let own = name.clone();
        let selected = move || form.with(|form| *get(form) == own);
        let words = if name.eq_ignore_ascii_case(&label) { label } else { format!("{label} ({name})") };
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
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}

fn tick(label: &'static str, get: fn(&Form) -> bool, set: fn(&mut Form, bool)) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.datalink.form;
    view! {
        <CheckBox
            label
            checked=Signal::derive(move || form.with(get))
            on_change=move |on| actions.edit_datalink(|form| set(form, on))
        />
    }
}
