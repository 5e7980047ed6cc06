//! The columns of a table: what they are, and, for one's own, saying what they are.

use leptos::prelude::*;
use tap::{
    user_tables::{ColumnEdit, ColumnFlag, flags_fit},
    vosi::{Column, Table},
};

use crate::{
    actions::Actions,
    components::icon::{Glyph, Icon},
    state::user_tables::Edits,
    views::{command::ShowCommand, schema::tree::plain},
};

/// The columns; `own`: they can be edited.
#[component]
pub fn Columns(table: Table, own: bool) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.user_tables;
    let name = table.name.clone();
    let editing =
        Memo::new(move |_| own && state.edits.with(|edits| edits.as_ref().is_some_and(|edits| edits.table == name)));
    let table = StoredValue::new(table);
    view! {
        <div class="row">
            <h3 class="grow">"Columns"</h3>
            {move || (own && !editing.get()).then(|| view! {
                <button class="button small" type="button" on:click=move |_| table.with_value(|table| actions.begin_edits(table))>
                    <Icon glyph=Glyph::Edit />"Edit columns"
                </button>
            })}
        </div>
        {move || if editing.get() {
            view! { <Editor table /> }.into_any()
        } else {
            let lines = table.with_value(|table| table.columns.iter().map(line).collect_view());
            view! {
                <div class="scroll columns-box" tabindex="0" role="region" aria-label="Columns">
                    <table class="table">
                        <thead><tr><th scope="col">"Name"</th><th scope="col">"Type"</th><th scope="col">"Unit"</th><th scope="col">"UCD"</th><th scope="col">"Description"</th></tr></thead>
                        <tbody>{lines}</tbody>
                    </table>
                </div>
            }.into_any()
        }}
    }
}

fn line(column: &Column) -> impl IntoView + use<> {
    let flag = ColumnFlag::of(column.flags).map(ColumnFlag::as_str);
    let badges = [flag, column.indexed.then_some("indexed")].into_iter().flatten();
    view! {
        <tr>
            <th scope="row" class="mono nowrap">
                {column.name.clone()}
                {badges.map(|badge| view! { " "<span class="badge">{badge}</span> }).collect_view()}
            </th>
            <td class="nowrap">{column.datatype.clone()}</td>
            <td class="nowrap">{column.unit.clone()}</td>
            <td class="small mono">{column.ucd.clone()}</td>
            <td>{column.description.as_deref().map(plain)}</td>
        </tr>
    }
}

#[component]
fn Editor(table: StoredValue<Table>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.user_tables;
    let columns = table.with_value(|table| {
        table.columns.iter().map(|column| (column.name.clone(), is_number(column))).collect::<Vec<_>>()
    });
    let rows = table.with_value(|table| table.size.unwrap_or(0));
    let changed =
        Memo::new(move |_| state.edits.with(|edits| edits.as_ref().map_or(0, |edits| edits.changed().count())));
    let fit =
        Memo::new(move |_| state.edits.with(|edits| edits.as_ref().is_none_or(|edits| flags_fit(&edits.columns))));
    let consequences =
        move || state.edits.with(|edits| edits.as_ref().map(|edits| consequences(edits, rows)).unwrap_or_default());
    view! {
        <p class="muted small">"Ra and Dec go together, one column each: with them the table can be cross-matched by the archive. PK is the column by which a row is known."</p>
        <div class="scroll columns-box" tabindex="0" role="region" aria-label="Columns being edited">
            <table class="table columns-editor">
                <thead><tr><th scope="col">"Name"</th><th scope="col">"Means"</th><th scope="col">"Index"</th><th scope="col">"UCD"</th><th scope="col">"UType"</th></tr></thead>
                <tbody>
                    {columns.into_iter().enumerate().map(|(at, (name, number))| view! { <Line at name number /> }).collect_view()}
                </tbody>
            </table>
        </div>
        {move || (!fit.get()).then(|| view! {
            <p class="error-text" role="alert">"Ra and Dec go together: flag one column as each, or none. There can be one PK."</p>
        })}
        {move || consequences().into_iter().map(|text| view! { <p class="small">{text}</p> }).collect_view()}
        <div class="row end">
            <ShowCommand show=Callback::new(move |()| actions.show_edit_command()) />
            <button class="button" type="button" on:click=move |_| actions.discard_edits()>"Discard changes"</button>
            <button
                class="button primary"
                type="button"
                disabled=move || changed.get() == 0 || !fit.get() || state.changing.get()
                on:click=move |_| actions.save_edits()
            >
                {move || match changed.get() {
                    0 | 1 => "Save changes".to_owned(),
                    count => format!("Save changes of {count} columns"),
                }}
            </button>
        </div>
    }
}

#[component]
fn Line(at: usize, name: String, number: bool) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let edits = actions.state.user_tables.edits;
    let column = Memo::new(move |_| {
        edits.with(|edits| edits.as_ref().and_then(|edits| edits.columns.get(at).cloned())).unwrap_or_default()
    });
    let change = move |change: &dyn Fn(&mut ColumnEdit)| {
        actions.edit_columns(|edits| edits.columns.get_mut(at).into_iter().for_each(change));
    };
    let forced = move || column.with(|column| column.flag.is_some_and(ColumnFlag::needs_index));
    // What is no number can only be a key.
    let flags = ColumnFlag::ALL.into_iter().filter(move |flag| number || *flag == ColumnFlag::Pk);
    view! {
        <tr>
            <th scope="row" class="mono nowrap">{name.clone()}</th>
            <td>
                <select
                    class="input"
                    aria-label=format!("What {name} means")
                    on:change:target=move |event| {
                        let word = event.target().value();
                        let flag = ColumnFlag::ALL.into_iter().find(|flag| flag.as_str() == word);
                        actions.edit_columns(|edits| edits.set_flag(at, flag));
                    }
                >
                    <option value="" selected=move || column.with(|column| column.flag.is_none())>"–"</option>
                    {flags.map(|flag| view! {
                        <option value=flag.as_str() selected=move || column.with(|column| column.flag == Some(flag))>{flag.as_str()}</option>
                    }).collect_view()}
                </select>
            </td>
            <td>
                <input
                    type="checkbox"
                    aria-label=format!("Index of {name}")
                    disabled=forced
                    prop:checked=move || column.with(|column| column.indexed)
                    on:change:target=move |event| {
                        let indexed = event.target().checked();
                        change(&|column| column.indexed = indexed);
                    }
                />
            </td>
            <td>
                <input
                    type="text"
                    class="input mono"
                    autocomplete="off"
                    aria-label=format!("UCD of {name}")
                    prop:value=move || column.with(|column| column.ucd.clone())
                    on:input:target=move |event| {
                        let text = event.target().value();
                        change(&|column| column.ucd.clone_from(&text));
                    }
                />
            </td>
            <td>
                <input
                    type="text"
                    class="input mono"
                    autocomplete="off"
                    aria-label=format!("UType of {name}")
                    prop:value=move || column.with(|column| column.utype.clone())
                    on:input:target=move |event| {
                        let text = event.target().value();
                        change(&|column| column.utype.clone_from(&text));
                    }
                />
            </td>
        </tr>
    }
}

/// What a save brings about.
fn consequences(edits: &Edits, rows: u64) -> Vec<&'static str> {
    let name = |columns: &[ColumnEdit], flag: ColumnFlag| {
        columns.iter().find(|column| column.flag == Some(flag)).map(|column| column.name.clone())
    };
    let position = |columns: &[ColumnEdit]| name(columns, ColumnFlag::Ra).zip(name(columns, ColumnFlag::Dec));
    let moved = match (position(&edits.before), position(&edits.columns)) {
        (before, now) if before == now => None,
        (_, Some(_)) => Some("The archive makes an index of the positions anew, for cones and cross-matches."),
        (Some(_), None) => {
            Some("The index of positions goes: the archive’s cross-match will not take this table any more.")
        }
        (None, None) => None,
    };
    let indexed = edits.columns.iter().zip(&edits.before).any(|(now, before)| now.indexed && !before.indexed);
    let slow = (rows > 100_000 && (indexed || moved.is_some()))
        .then_some("With this many rows an index takes the archive a while.");
    [moved, slow].into_iter().flatten().collect()
}

/// Whether a column holds numbers, in the words of VOTable or of TAP.
fn is_number(column: &Column) -> bool {
    let kind = column.datatype.to_ascii_lowercase();
    ["double", "float", "real", "long", "int", "integer", "short", "bigint", "smallint", "unsignedbyte", "numeric"]
        .contains(&kind.as_str())
}
