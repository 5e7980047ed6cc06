//! The cone search: a place by name or coordinates, or a list of places, a radius, and the query that they make.

mod targets;

use adql::sky::known;
use leptos::prelude::*;
use workbench::cone::{Fault, Ready, Unit};

use crate::{
    actions::Actions,
    components::{
        dialog::Dialog,
        field::{Segmented, TextField},
        icon::{Glyph, Icon},
        menu::{Menu, MenuItem},
    },
    state::cone::ConeForm,
    views::command::ShowCommand,
};
use targets::Targets;

/// The dialog.
#[component]
pub fn ConeDialog() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    // What the archive says of the table, and what was read of a file, are in the query.
    Effect::new(move |before: Option<()>| {
        state.schema.tables.track();
        state.query.uploads.track();
        if before.is_some() && state.cone.open.get_untracked() {
            actions.write_cone();
        }
    });
    view! { <Dialog open=state.cone.open title="Cone search"><Content /></Dialog> }
}

#[component]
fn Content() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let cone = actions.state.cone;
    let list = Memo::new(move |_| cone.form.with(|form| form.list));
    let ready = Memo::new(move |_| cone.answer.with(|answer| answer.as_ref().and_then(|answer| answer.clone().ok())));
    let fault = Memo::new(move |_| cone.answer.with(|answer| answer.as_ref().and_then(|answer| answer.clone().err())));
    let unit = move |event: web_sys::Event| {
        let label = event_target_value(&event);
        if let Some(unit) = Unit::ALL.into_iter().find(|unit| unit.label() == label) {
            actions.edit_cone(|form| form.unit = unit);
        }
    };
    let run = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        actions.use_cone(true);
    };
    view! {
        <form class="stack cone" on:submit=run>
            <Segmented
                legend="Where to look"
                choices=vec![(false, "One place", ""), (true, "A list of places", "")]
                chosen=list
                on_choose=move |many| actions.edit_cone(|form| form.list = many)
            />
            {move || if list.get() { view! { <Targets /> }.into_any() } else { view! { <Target fault /> }.into_any() }}
            <div class="row">
                <Text label="Radius" class="short" get=|form| &form.radius set=|form, text| form.radius = text />
                <label class="field">
                    <span>"Unit"</span>
                    <select on:change=unit>
                        {Unit::ALL.map(|unit| view! {
                            <option value=unit.label() selected=move || cone.form.with(|form| form.unit == unit)>{unit.label()}</option>
                        }).collect_view()}
                    </select>
                </label>
                <Text label="Most rows" class="short" get=|form| &form.limit set=|form, text| form.limit = text />
            </div>
            {move || match fault.get() {
                Some(Fault::Radius(message) | Fault::Limit(message)) => Some(view! { <p class="error-text" role="alert">{message}</p> }),
                _ => None,
            }}
            <div class="row">
                <Text label="Table" class="grow name" get=|form| &form.table set=|form, text| form.table = text />
                <label class="field">
                    <span>"Columns"</span>
                    <select on:change=move |event| {
                        let all = event_target_value(&event) == "all";
                        actions.edit_cone(|form| form.all = all);
                    }>
                        <option value="main" selected=move || cone.form.with(|form| !form.all)>"Main ones"</option>
                        <option value="all" selected=move || cone.form.with(|form| form.all)>"All"</option>
                    </select>
                </label>
            </div>
            {move || ready.get().map(|Ready { adql, .. }| view! {
                <pre class="code cone-adql" tabindex="0" aria-label="Query of the cone search">{adql}</pre>
            })}
            <div class="row end">
                {move || ready.with(Option::is_some).then(|| view! {
                    <ShowCommand show=Callback::new(move |()| actions.show_cone_command()) />
                })}
                <button class="button" type="button" disabled=move || ready.with(Option::is_none) on:click=move |_| actions.use_cone(false)>
                    "Put in the editor"
                </button>
                <button class="button primary" type="submit" disabled=move || ready.with(Option::is_none)>
                    <Icon glyph=Glyph::Run />"Search"
                </button>
            </div>
        </form>
    }
}

/// A name or coordinates, and what they were understood as.
#[component]
fn Target(fault: Memo<Option<Fault>>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let cone = state.cone;
    let resolver = Memo::new(move |_| state.current_archive().and_then(|archive| archive.resolver));
    let items = known::all().map(|known| MenuItem::new(known.name)).collect::<Vec<_>>();
    let choose = Callback::new(move |at: usize| {
        if let Some(known) = known::all().nth(at) {
            actions.edit_cone(|form| {
                form.target = known.name.to_owned();
                (form.radius, form.unit) = (known.radius.to_owned(), Unit::Degrees);
            });
        }
    });
    let place = move || {
        cone.answer.with(|answer| match answer {
            Some(Ok(Ready { place, .. })) => Some(place.clone()),
            _ => None,
        })
    };
    view! {
        <div class="row cone-target">
            <Text label="Name or coordinates" class="grow" get=|form| &form.target set=|form, text| form.target = text />
            <Menu label="Known objects" items=Signal::stored(items) on_choose=choose end=true />
        </div>
        <div role="status">
            {move || match (place(), fault.get()) {
                (Some(place), _) => view! { <p class="small mono">{place}</p> }.into_any(),
                (None, Some(Fault::Target { name, message })) => view! {
                    <p class="error-text">{message}</p>
                    {(name && resolver.with(Option::is_none)).then(|| view! {
                        <p class="hint">"This deployment asks no name resolver, so only a few objects are known by name. Coordinates always do."</p>
                    })}
                    {move || (name && resolver.with(Option::is_some)).then(|| view! {
                        <div class="row">
                            <button class="button" type="button" disabled=move || cone.resolving.get() on:click=move |_| actions.resolve_name()>
                                "Look the name up"
                            </button>
                            <span class="hint">{move || format!("This page asks {}.", resolver.get().as_deref().map(tap::external::host).unwrap_or_default())}</span>
                        </div>
                    })}
                }.into_any(),
                _ => view! { <p class="hint">"For example Pleiades · 56.75 +24.12 · 03:47:00 +24:07:12 · 3h47m +24d07m · gal 166.57 -23.52"</p> }.into_any(),
            }}
            {move || cone.resolver_problem.get().map(|problem| view! { <p class="error-text" role="alert">{problem}</p> })}
        </div>
    }
}

/// One text of the form.
#[component]
fn Text(
    label: &'static str,
    class: &'static str,
    get: fn(&ConeForm) -> &String,
    set: fn(&mut ConeForm, String),
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.cone.form;
    view! {
        <TextField
            label
            class
            value=Signal::derive(move || form.with(|form| get(form).clone()))
            on_input=move |text| actions.edit_cone(|form| set(form, text))
        />
    }
}
