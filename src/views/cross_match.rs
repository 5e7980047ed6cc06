//! Cross-match by a form: one of my tables, a table of the archive, a radius; it shows the ADQL that it makes.

use leptos::prelude::*;
use tap::{cross_match::Unit, vosi::Column};

use crate::{
    actions::Actions,
    components::{
        dialog::Dialog,
        field::{Segmented, Text, TextField},
    },
    state::{
        cross_match::{MatchForm, position},
        schema::Loadable,
        user_tables::tables,
    },
    views::command::ShowCommand,
};

/// The dialog.
#[component]
pub fn CrossMatch() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    // Also when the columns were forgotten, since a table has changed.
    Effect::new(move || {
        state.schema.tables.track();
        if state.cross_match.open.get() {
            actions.load_matched();
        }
    });
    view! { <Dialog open=state.cross_match.open title="Cross-match"><Form /></Dialog> }
}

#[component]
fn Form() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let form = state.cross_match.form;
    let join = Memo::new(move |_| form.with(|form| form.join));
    let mine = Memo::new(move |_| {
        let listed = state.user_tables.listed.get();
        let private = |schemas: &Vec<tap::vosi::Schema>| {
            let schemas: Vec<_> = schemas.iter().filter(|schema| !schema.public).cloned().collect();
            tables(&schemas).map(|table| table.name.clone()).collect::<Vec<_>>()
        };
        let mut names = listed.here().map(private).unwrap_or_default();
        let chosen = form.with(|form| form.mine.clone());
        if !chosen.is_empty() && !names.contains(&chosen) {
            names.push(chosen);
        }
        names
    });
    let others = Memo::new(move |_| {
        let public = |schemas: &Vec<tap::vosi::Schema>| {
            let schemas =
                schemas.iter().filter(|schema| schema.public && !schema.name.eq_ignore_ascii_case("tap_schema"));
            schemas.flat_map(|schema| &schema.tables).map(|table| table.name.clone()).collect::<Vec<_>>()
        };
        state.schema.schemas.with(|schemas| schemas.here().map(public).unwrap_or_default())
    });
    let adql = Memo::new(move |_| state.cross_match_adql());
    let stopped = move || adql.with(Result::is_err);
    view! {
        <form class="stack loose cross-match" on:submit=move |event| { event.prevent_default(); actions.run_cross_match(); }>
            <div class="columns">
                <label class="field">
                    <span>"My table"</span>
                    <select on:change:target=move |event| { let name = event.target().value(); actions.edit_match(|form| form.mine = name); actions.load_matched(); }>
                        <option value="" selected=move || form.with(|form| form.mine.is_empty())>"Choose a table"</option>
                        {move || mine.get().into_iter().map(|name| {
                            let is_it = name.clone();
                            view! { <option value=name.clone() selected=move || form.with(|form| form.mine == is_it)>{name.clone()}</option> }
                        }).collect_view()}
                    </select>
                </label>
                <label class="field">
                    <span>"Table of the archive"</span>
                    <input
                        type="text"
                        class="mono"
                        autocomplete="off"
                        list="cross-match-tables"
                        on:change=move |_| actions.load_matched()
                        prop:value=move || form.with(|form| form.other.clone())
                        on:input:target=move |event| { let name = event.target().value(); actions.edit_match(|form| form.other = name); }
                    />
                    <datalist id="cross-match-tables">{move || others.get().into_iter().map(|name| view! { <option value=name></option> }).collect_view()}</datalist>
                </label>
            </div>
            <div class="row">
                <TextField
                    label="Radius"
                    class="inline radius"
                    kind=Text::Number
                    value=Signal::derive(move || form.with(|form| form.radius.clone()))
                    on_input=move |text| actions.edit_match(|form| form.radius = text)
                />
                <label class="field inline">
                    <span class="visually-hidden">"Unit of the radius"</span>
                    <select on:change:target=move |event| {
                        let word = event.target().value();
                        actions.edit_match(|form| form.unit = Unit::ALL.into_iter().find(|unit| unit.as_str() == word).unwrap_or_default());
                    }>
                        {Unit::ALL.map(|unit| view! {
                            <option value=unit.as_str() selected=move || form.with(|form| form.unit == unit)>{unit.as_str()}</option>
                        })}
                    </select>
                </label>
                <Segmented
                    legend="How"
                    choices=vec![(false, "The archive makes a table", ""), (true, "A join gives rows", "")]
                    chosen=join
                    on_choose=move |join| actions.edit_match(|form| form.join = join)
                />
            </div>
            {move || if join.get() {
                view! {
                    <div class="columns">
                        <Position of="my table" at=0 name=|form| &form.mine />
                        <Position of="the other" at=1 name=|form| &form.other />
                    </div>
                }.into_any()
            } else {
                view! {
                    <div class="stack tight">
                    <TextField
                        label="Name of the new table"
                        kind=Text::Name
                        value=Signal::derive(move || form.with(|form| form.result.clone()))
                        on_input=move |text| actions.edit_match(|form| form.result = text)
                    />
                    <p class="hint">"It gets a row for each pair: both identifiers and the separation in degrees. It counts against your space."</p>
                    </div>
                }.into_any()
            }}
            {move || match adql.get() {
                Ok(adql) => view! { <pre class="code" tabindex="0" aria-label="ADQL of the cross-match">{adql}</pre> }.into_any(),
                Err(missing) => view! { <p class="muted" role="status">{missing}</p> }.into_any(),
            }}
            <div class="row end">
                <ShowCommand show=Callback::new(move |()| actions.show_cross_match_command()) />
                <button class="button" type="button" disabled=stopped on:click=move |_| { actions.edit_cross_match(); }>"Put in the editor"</button>
                <button class="button primary" type="submit" disabled=stopped>"Run as a job"</button>
            </div>
        </form>
    }
}

/// Which columns are the position of a table in the join.
#[component]
fn Position(of: &'static str, at: usize, name: fn(&MatchForm) -> &String) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let form = state.cross_match.form;
    let columns = Memo::new(move |_| {
        let name = form.with(|form| name(form).trim().to_owned());
        state.schema.tables.with(|tables| match tables.get(&name) {
            Some(Loadable::Here(table)) => table.columns.clone(),
            _ => Vec::new(),
        })
    });
    let guessed = move |columns: &[Column], second: bool| {
        position(columns).map(|(ra, dec)| if second { dec } else { ra }.to_owned()).unwrap_or_default()
    };
    let choice = move |label: String, second: bool| {
        let chosen = Memo::new(move |_| {
            let typed =
                form.with(|form| if second { form.positions[at].1.clone() } else { form.positions[at].0.clone() });
            if typed.is_empty() { columns.with(|columns| guessed(columns, second)) } else { typed }
        });
        view! {
            <label class="field">
                <span>{label}</span>
                <select on:change:target=move |event| {
                    let name = event.target().value();
                    actions.edit_match(|form| {
                        let place = &mut form.positions[at];
                        *if second { &mut place.1 } else { &mut place.0 } = name;
                    });
                }>
                    {move || columns.get().into_iter().map(|column| {
                        let is_it = column.name.clone();
                        view! { <option value=column.name.clone() selected=move || chosen.get() == is_it>{column.name.clone()}</option> }
                    }).collect_view()}
                </select>
            </label>
        }
    };
    view! {
        <div class="upload-position">
            {choice(format!("RA of {of}"), false)}
            {choice(format!("Dec of {of}"), true)}
        </div>
    }
}
