//! What the list shall hold: whose tables, and the rest of what `/tables` lets one choose.

use leptos::prelude::*;

use crate::{
    actions::Actions,
    components::field::{CheckBox, Segmented},
    state::user_tables::{Detail, Wanted, Whose},
};

/// Whose tables; the rest is folded.
#[component]
pub fn Choice() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let wanted = actions.state.user_tables.wanted;
    let whose = Memo::new(move |_| wanted.with(|wanted| wanted.whose));
    let detail = Memo::new(move |_| wanted.with(|wanted| wanted.detail));
    let named = Memo::new(move |_| wanted.with(|wanted| !wanted.tables.trim().is_empty()));
    let restricted = Memo::new(move |_| wanted.with(|wanted| !wanted.schemas.trim().is_empty()));
    view! {
        <div class="toolbar tables-choice">
            <Segmented
                legend="Whose tables"
                choices=vec![(Whose::Mine, "Mine", ""), (Whose::Shared, "Mine and shared", ""), (Whose::All, "All", "")]
                chosen=whose
                on_choose=move |whose| actions.want_tables(|wanted| wanted.whose = whose)
                disabled=named
            />
            <details class="tables-more">
                <summary>"More choices"</summary>
                <div class="tables-choices">
                    <Segmented
                        legend="How much is listed"
                        choices=vec![(Detail::Schemas, "Schemas", ""), (Detail::Tables, "Tables", ""), (Detail::Columns, "Columns too", "")]
                        chosen=detail
                        on_choose=move |detail| actions.want_tables(|wanted| wanted.detail = detail)
                        disabled=named
                    />
                    <CheckBox
                        label="With whom each is shared"
                        checked=Signal::derive(move || wanted.with(|wanted| wanted.shares))
                        on_change=move |on| actions.want_tables(|wanted| wanted.shares = on)
                    />
                    <Names
                        label="Only these schemas"
                        hint="gaiadr3, user_demo"
                        value=Signal::derive(move || wanted.with(|wanted| wanted.schemas.clone()))
                        change=|wanted, text| wanted.schemas = text
                    />
                    <Names
                        label="Only these tables"
                        hint="gaiadr3.gaia_source"
                        value=Signal::derive(move || wanted.with(|wanted| wanted.tables.clone()))
                        change=|wanted, text| wanted.tables = text
                    />
                    {move || match (named.get(), restricted.get()) {
                        (true, _) => Some("Tables that are named come with their columns, whatever else is chosen."),
                        (_, true) if detail.get() == Detail::Schemas => Some("A list of schemas is always whole."),
                        (_, true) => Some("The schemas that are named take the place of “Mine”."),
                        _ => None,
                    }.map(|words| view! { <p class="hint">{words}</p> })}
                </div>
            </details>
        </div>
    }
}

/// Names, asked for when they are all typed.
#[component]
fn Names(
    label: &'static str,
    hint: &'static str,
    value: Signal<String>,
    change: fn(&mut Wanted, String),
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                type="text"
                class="mono"
                autocomplete="off"
                placeholder=hint
                prop:value=value
                on:change:target=move |event| {
                    let text = event.target().value();
                    actions.want_tables(|wanted| change(wanted, text));
                }
            />
        </label>
    }
}
