//! The places of a cone search from a file.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use crate::{
    actions::Actions,
    components::icon::{Glyph, Icon},
    state::{cone::ConeForm, query::Stage, results::grouped},
};

/// A file of places, and which of its columns say where.
#[component]
pub fn Targets() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let cone = state.cone;
    let upload = Memo::new(move |_| {
        let file = cone.form.with(|form| form.file);
        let stage = state.query.uploads.with(|uploads| {
            let upload = uploads.iter().find(|upload| Some(upload.file) == file)?;
            Some((
                upload.file_name.clone(),
                match &upload.stage {
                    Stage::Reading => Ok(None),
                    Stage::Ready { fields, rows, .. } => {
                        Ok(Some((*rows, fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>())))
                    }
                    Stage::Refused(reason) => Err(reason.clone()),
                },
            ))
        })?;
        Some(stage)
    });
    let choose = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        if let Some(file) = input.as_ref().and_then(|input| input.files()?.get(0)) {
            actions.attach_targets(file);
        }
        input.into_iter().for_each(|input| input.set_value(""));
    };
    view! {
        <div class="row">
            <label class="button">
                <Icon glyph=Glyph::Upload />
                "Choose a file of places"
                <input class="visually-hidden" type="file" accept=".vot,.xml,.votable,.gz,.csv,.tsv,.txt,.dat" on:change=choose />
            </label>
            <span class="small" role="status">{move || match upload.get() {
                None => "VOTable or CSV with right ascension and declination in degrees".to_owned(),
                Some((name, Ok(None))) => format!("Reading {name}"),
                Some((name, Ok(Some((rows, _))))) => format!("{name}: {} places", grouped(rows)),
                Some((name, Err(reason))) => format!("{name} is no table: {reason}"),
            }}</span>
        </div>
        {move || match upload.get() {
            Some((_, Ok(Some((_, names))))) => Some(view! {
                <div class="row">
                    <Column label="Right ascension" names=names.clone() get=|form| &form.list_position.0 set=|form, text| form.list_position.0 = text />
                    <Column label="Declination" names=names get=|form| &form.list_position.1 set=|form, text| form.list_position.1 = text />
                </div>
                <p class="hint">"The file goes along with the query; its columns come back with target_ before their names."</p>
            }),
            _ => None,
        }}
    }
}

/// One of the file's columns; by itself the one that looks right.
#[component]
fn Column(
    label: &'static str,
    names: Vec<String>,
    get: fn(&ConeForm) -> &String,
    set: fn(&mut ConeForm, String),
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.cone.form;
    view! {
        <label class="field">
            <span>{label}</span>
            <select on:change=move |event| {
                let name = event_target_value(&event);
                actions.edit_cone(|form| set(form, name));
            }>
                <option value="" selected=move || form.with(|form| get(form).is_empty())>"As its name or UCD says"</option>
                {names.into_iter().map(|name| {
                    let same = name.clone();
                    view! { <option value=name.clone() selected=move || form.with(|form| *get(form) == same)>{name.clone()}</option> }
                }).collect_view()}
            </select>
        </label>
    }
}
