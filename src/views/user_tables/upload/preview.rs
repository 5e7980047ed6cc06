//! What was understood of a file: columns with their types, the first rows, the position.

use leptos::prelude::*;
use table::Field;
use tap::{name::identifier, user_tables::TableFormat};

use super::source::Format;
use crate::{
    actions::Actions,
    components::icon::{Glyph, Icon},
    state::{
        results::grouped,
        table_upload::{FileStage, Understood},
    },
    views::clock::bytes,
};

/// The file that was taken.
#[component]
pub fn Preview() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let upload = actions.state.user_tables.upload;
    move || {
        let file = upload.file.get()?;
        let size = bytes(file.original.size() as u64);
        let stage = match file.stage {
            FileStage::Reading => view! { <p class="muted" role="status">"Reading the file"</p> }.into_any(),
            FileStage::Refused(reason) => view! {
                <div class="notice error" role="alert">
                    <span><strong>"This is no table. "</strong>{reason}". Nothing was sent; mend the file and choose it again."</span>
                </div>
            }.into_any(),
            FileStage::Ready(table) => view! { <Table table /> }.into_any(),
        };
        Some(view! {
            <div class="stack upload-preview">
                <div class="row">
                    <Icon glyph=Glyph::File />
                    <span class="strong truncate">{file.name}</span>
                    <span class="muted small nowrap">{size}</span>
                    <span class="grow"></span>
                    <button class="button quiet icon-only small" type="button" aria-label="Let go of this file" on:click=move |_| actions.drop_file()>
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
                {stage}
            </div>
        })
    }
}

#[component]
fn Table(table: Understood) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.user_tables.upload.form;
    let format = Memo::new(move |_| form.with(|form| form.format));
    let count = table.fields.len();
    let summary = format!(
        "{} {}, {count} {}",
        grouped(table.rows),
        if table.rows == 1 { "row" } else { "rows" },
        if count == 1 { "column" } else { "columns" }
    );
    let (numbers, converted) = (numbers(&table.fields), table.converted.is_some());
    let made = table.converted.as_ref().map(|made| bytes(made.size() as u64));
    let rest = table.rows.saturating_sub(table.preview.cells.len());
    let table = StoredValue::new_local(table);
    view! {
        <p class="small" role="status">{summary}</p>
        <div class="scroll columns-box" tabindex="0" role="region" aria-label="What was understood">
            <table class="table preview-table">
                <thead><tr>{move || table.with_value(|table| {
                    let head = |field: &Field| view! {
                        <th scope="col" title=field.description.clone()>
                            <span class="mono">{table.column(field, format.get()).to_owned()}</span>
                            <span class="faint small">{kind(field)}</span>
                        </th>
                    };
                    table.fields.iter().map(head).collect_view()
                })}</tr></thead>
                <tbody>{table.with_value(|table| {
                    let cell = |(cell, field): (&Option<String>, &Field)| view! {
                        <td class:number=field.datatype.is_number()>{cell.clone().unwrap_or_else(|| "–".into())}</td>
                    };
                    let row = |cells: &Vec<Option<String>>| view! { <tr>{cells.iter().zip(&table.fields).map(cell).collect_view()}</tr> };
                    table.preview.cells.iter().map(row).collect_view()
                })}</tbody>
            </table>
        </div>
        {(rest > 0).then(|| view! { <p class="faint small">{format!("and {} more", grouped(rest))}</p> })}
        {move || {
            let quoted = table.with_value(|table| {
                let names = table.fields.iter().map(|field| table.column(field, format.get()));
                names.filter(|name| identifier(name, true) != **name).map(str::to_owned).collect::<Vec<_>>()
            });
            (!quoted.is_empty()).then(|| view! {
                <p class="hint">{format!("In queries these need double quotes: {}.", quoted.join(", "))}</p>
            })
        }}
        <div class="upload-position">
            <Position label="Right ascension" numbers=numbers.clone() value=|position| &mut position.0 />
            <Position label="Declination" numbers value=|position| &mut position.1 />
        </div>
        {move || form.with(|form| match (&*form.position.0, &*form.position.1) {
            ("", "") => Some("Without them the archive looks for the position itself; you can flag the columns later."),
            ("", _) | (_, "") => Some("Right ascension and declination go together: choose both or none."),
            (ra, dec) if ra == dec => Some("Right ascension and declination cannot be the same column."),
            _ => None,
        }).map(|text| view! { <p class="hint">{text}</p> })}
        {converted.then(|| view! {
            <Format
                label="Sent as"
                value=format.into()
                words=["VOTable made in this page, with these types", "the file as it is, as CSV", "the file as it is, as ASCII"]
                choose=Callback::new(move |format| actions.edit_upload(|form| form.format = format))
            />
            {move || (format.get() == TableFormat::VoTable).then(|| made.clone()).flatten().map(|size| view! { <p class="hint">{format!("{size} go out; whole numbers keep every digit.")}</p> })}
        })}
    }
}

/// One of the two columns of the position.
#[component]
fn Position(
    label: &'static str,
    numbers: Vec<String>,
    value: fn(&mut (String, String)) -> &mut String,
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.user_tables.upload.form;
    let chosen = Memo::new(move |_| form.with(|form| value(&mut form.position.clone()).clone()));
    view! {
        <label class="field">
            <span>{label}</span>
            <select on:change:target=move |event| {
                let name = event.target().value();
                actions.edit_upload(|form| *value(&mut form.position) = name);
            }>
                <option value="" selected=move || chosen.with(String::is_empty)>"Not said"</option>
                {numbers.into_iter().map(|name| {
                    let is_it = name.clone();
                    view! { <option value=name.clone() selected=move || chosen.get() == is_it>{name.clone()}</option> }
                }).collect_view()}
            </select>
        </label>
    }
}

/// The columns that can be coordinates.
fn numbers(fields: &[Field]) -> Vec<String> {
    fields.iter().filter(|field| field.is_scalar_number()).map(|field| field.name.clone()).collect()
}

/// Type and unit in a few words.
fn kind(field: &Field) -> String {
    let size = field.arraysize.to_string();
    let array = if field.is_text() || size.is_empty() { String::new() } else { format!("[{size}]") };
    let name = if field.is_text() { "text" } else { field.datatype.name() };
    match &field.unit {
        Some(unit) => format!("{name}{array}, {unit}"),
        None => format!("{name}{array}"),
    }
}
