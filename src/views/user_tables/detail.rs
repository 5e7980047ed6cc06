//! One table: what it is, what can be done with it, its columns.

use leptos::prelude::*;
use tap::vosi::Table;

use super::{
    columns::Columns,
    deletion::Deletion,
    listing::{badges, facts},
    rename::Rename,
};
use crate::{
    actions::Actions,
    components::{
        asking::Asking,
        error_panel::ErrorPanel,
        icon::{Glyph, Icon},
    },
    state::schema::Loadable,
    views::schema::tree::plain,
};

/// The table `name`.
#[component]
pub fn Detail(name: String) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.user_tables;
    let table = Memo::new(move |_| state.table.get());
    view! {
        <section class="panel job-detail table-detail" aria-label="Table">
            <div class="panel-head">
                <h2 class="truncate mono">{name}</h2>
                <button class="button quiet icon-only" type="button" aria-label="Close" on:click=move |_| actions.show_user_table(None)>
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            <div class="panel-body">
                {move || state.problem.get().map(|problem| view! {
                    <ErrorPanel title=problem.title what=problem.message kept="What you entered is kept." next=problem.next />
                })}
                {move || match table.get() {
                    Loadable::Here(table) => view! { <Shown table /> }.into_any(),
                    Loadable::Failed(error) => view! {
                        <div class="notice error">
                            <span>{error}" The list is kept."</span>
                            <button class="button small" type="button" on:click=move |_| actions.load_user_table()>"Try again"</button>
                        </div>
                    }.into_any(),
                    _ => view! { <Asking text="Asking the archive for the columns" /> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn Shown(table: Table) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let own = actions.is_own(&table.name);
    let kept = StoredValue::new(table.clone());
    let description = table.description.as_deref().map(plain).filter(|text| !text.is_empty());
    let badges = badges(&table);
    let shared: Vec<String> = table
        .shared_to
        .iter()
        .map(|to| format!("{} {} ({})", to.kind.to_lowercase(), to.id, to.mode.to_lowercase()))
        .collect();
    let in_adql = tap::name::table(&table.name, true);
    view! {
        <div class="toolbar">
            <button class="button" type="button" on:click=move |_| kept.with_value(|table| actions.query_table(table))>
                <Icon glyph=Glyph::Query />"Query this table"
            </button>
            <button class="button" type="button" on:click=move |_| kept.with_value(|table| actions.open_cross_match(Some(&table.name)))>
                <Icon glyph=Glyph::Link />"Cross-match"
            </button>
            {own.then(|| view! {
                <button class="button" type="button" on:click=move |_| kept.with_value(|table| actions.ask_to_share(&table.name))>
                    <Icon glyph=Glyph::Sharing />"Share"
                </button>
                <button class="button" type="button" on:click=move |_| kept.with_value(|table| actions.begin_rename(table))>
                    <Icon glyph=Glyph::Edit />"Rename"
                </button>
                <Deletion table=kept />
            })}
        </div>
        <dl class="kv">
            <dt>"Description"</dt>
            <dd>
                {description.unwrap_or_else(|| "none".into())}
                {own.then(|| view! { <p class="hint">"The archive takes it with the upload, and has no request to change it."</p> })}
            </dd>
            <dt>"Holds"</dt>
            <dd class="number">
                {facts(&table)}
                {badges.into_iter().map(|badge| view! { " "<span class="badge">{badge}</span> }).collect_view()}
            </dd>
            <dt>"In a query"</dt><dd class="mono">{in_adql}</dd>
            {(!shared.is_empty()).then(|| view! { <dt>"Shared with"</dt><dd>{shared.join(", ")}</dd> })}
            {(!own).then(|| view! { <dt>"Owner"</dt><dd>"Not you: you can query it, but not change it."</dd> })}
        </dl>
        {own.then(|| view! { <Rename /> })}
        <Columns table own />
    }
}
