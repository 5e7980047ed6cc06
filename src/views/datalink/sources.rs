//! Which sources: typed, pasted, or taken from a result.

use leptos::prelude::*;
use workbench::{protocol::TableId, select::Rows};

use crate::{
    actions::Actions,
    components::{
        icon::Glyph,
        menu::{Menu, MenuItem},
    },
    state::results::grouped,
};

/// Refused words that are named.
const NAMED: usize = 5;

/// The list of identifiers, and what was read of it.
#[component]
pub fn Sources() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.datalink;
    let read = move || {
        state.ids.with(|ids| match (ids.ids.len(), ids.refused.len()) {
            (0, 0) => "No identifier yet".to_owned(),
            (1, _) => "1 identifier".to_owned(),
            (count, _) => match count.div_ceil(tap::datalink::MOST_SOURCES) {
                1 => format!("{} identifiers", grouped(count)),
                requests => format!("{} identifiers, in {requests} requests", grouped(count)),
            },
        })
    };
    let refused = move || {
        state.ids.with(|ids| {
            let named: Vec<String> = ids.refused.iter().take(NAMED).map(|word| format!("“{}”", cut(word))).collect();
            let more = ids.refused.len().saturating_sub(NAMED);
            (!named.is_empty()).then(|| {
                let more = if more > 0 { format!(" and {} more", grouped(more)) } else { String::new() };
                format!("Not read: {}{more}.", named.join(", "))
            })
        })
    };
    view! {
        <section class="panel" aria-label="Sources">
            <div class="panel-head"><h2>"Sources"</h2><Fill /></div>
            <label class="field">
                <span>"Source identifiers"</span>
                <textarea
                    class="mono"
                    rows="7"
                    spellcheck="false"
                    autocomplete="off"
                    placeholder="5937083312263887616\nGaia DR3 5912901375001820288, …"
                    aria-describedby="datalink-ids-hint"
                    prop:value=move || state.text.get()
                    on:input=move |event| actions.edit_source_ids(&event_target_value(&event))
                ></textarea>
            </label>
            <p class="row" role="status">
                <span class="number strong">{read}</span>
                {move || refused().map(|refused| view! { <span class="error-text">{refused}</span> })}
            </p>
            <details class="hint" id="datalink-ids-hint">
                <summary>"What can be written here"</summary>
                <p>
                    "Identifiers or designations, separated by commas, blanks or lines; ranges such as "
                    <span class="mono">"4295806720-38655544960"</span>"; and columns that the archive reads itself: "
                    <span class="mono">"job:1539932326689O.source_id"</span>" of a job, "
                    <span class="mono">"user_joe.my_table.source_id"</span>" of a user table."
                </p>
            </details>
        </section>
    }
}

/// The columns of the tables in hand that hold identifiers, for all rows or the selected ones.
#[component]
fn Fill() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let columns = Memo::new(move |_| {
        actions.state.results.tables.with(|tables| {
            let columns = tables.iter().rev().flat_map(|table| {
                let held = table.fields.iter().enumerate().filter(|(_, field)| {
                    let name = field.name.to_lowercase();
                    name.contains("source_id") || name.contains("designation")
                });
                held.map(move |(at, field)| (table.id, at, format!("{} of “{}”", field.name, table.title), table.rows))
            });
            columns.collect::<Vec<_>>()
        })
    });
    let choices = Memo::new(move |_| {
        let each = |(table, column, ..): &(TableId, usize, String, usize)| {
            [(*table, *column, Rows::All), (*table, *column, Rows::Selected)]
        };
        columns.with(|columns| columns.iter().flat_map(each).collect::<Vec<_>>())
    });
    let items = Signal::derive(move || {
        columns.with(|columns| {
            if columns.is_empty() {
                return vec![MenuItem {
                    disabled: true,
                    ..MenuItem::new("No result in hand has a column of identifiers")
                }];
            }
            let each = |(_, _, name, rows): &(TableId, usize, String, usize)| {
                let detail = Some(name.clone());
                let all = format!("All {} rows", grouped(*rows));
                [
                    MenuItem { detail: detail.clone(), ..MenuItem::new(all) },
                    MenuItem { detail, ..MenuItem::new("Selected rows") },
                ]
            };
            columns.iter().flat_map(each).collect()
        })
    });
    let choose = Callback::new(move |at: usize| {
        if let Some((table, column, rows)) = choices.with_untracked(|choices| choices.get(at).copied()) {
            actions.fill_source_ids(table, column, rows);
        }
    });
    view! {
        <Menu label="From a result" glyph=Glyph::Results items on_choose=choose end=true />
        <button
            class="button quiet"
            type="button"
            disabled=move || actions.state.datalink.text.with(String::is_empty)
            on:click=move |_| actions.edit_source_ids("")
        >
            "Clear"
        </button>
    }
}

fn cut(word: &str) -> String {
    let mut text: String = word.chars().take(24).collect();
    if text.len() < word.len() {
        text.push('…');
    }
    text
}
