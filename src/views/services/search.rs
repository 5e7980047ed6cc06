//! The search for tables of all TAP services (GloTS).

use leptos::prelude::*;
use tap::glots::{FoundColumn, FoundTable, SearchIn};

use crate::{
    actions::Actions,
    components::{
        asking::Asking,
        empty_state::EmptyState,
        error_panel::ErrorPanel,
        field::Segmented,
        icon::{Glyph, Icon},
    },
    state::{results::grouped, schema::Loadable, services::Found},
    views::command::ShowCommand,
};

/// Tables that are shown; who searches for less than this many finds what is meant.
const SHOWN: usize = 200;

/// The words, and what was found.
#[component]
pub fn Search() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.services;
    let search = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        actions.search_services();
    };
    view! {
        <section class="services-search" aria-label="Search">
            <form class="stack services-form" role="search" on:submit=search>
                <label class="field">
                    <span>"Words in tables of all TAP services"</span>
                    <input
                        type="search"
                        autocomplete="off"
                        placeholder="for example quasar redshift"
                        prop:value=move || state.words.get()
                        on:input:target=move |event| actions.edit_search(Some(event.target().value()), None)
                    />
                </label>
                <div class="row">
                    <Segmented
                        legend="Where to look"
                        choices=vec![
                            (SearchIn::All, "Both", ""),
                            (SearchIn::Names, "Names", ""),
                            (SearchIn::Descriptions, "Descriptions", ""),
                        ]
                        chosen=state.search_in
                        on_choose=move |place| actions.edit_search(None, Some(place))
                    />
                    <button class="button primary" type="submit" disabled=move || state.words.with(|words| words.trim().is_empty())>
                        <Icon glyph=Glyph::Search />"Search"
                    </button>
                    <ShowCommand show=Callback::new(move |()| actions.show_search_command()) />
                </div>
                <p class="hint">"All words must occur. The archive searches its register of services; none of them is contacted."</p>
            </form>
            <div class="services-found">
                {move || match state.found.get() {
                    Loadable::Absent => view! {
                        <EmptyState
                            glyph=Glyph::Search
                            title="Tables of other archives"
                            text="Say what you look for: tables of VizieR and of hundreds of other services appear here, and each can be queried from this page."
                        />
                    }.into_any(),
                    Loadable::Loading => view! { <Asking text="The archive is searching" /> }.into_any(),
                    Loadable::Failed(error) => view! {
                        <ErrorPanel title="The search did not work" what=error kept="Your words are kept." next="Try again in a moment, or with fewer words." />
                    }.into_any(),
                    Loadable::Here(found) => view! { <Tables found /> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn Tables(found: Found) -> impl IntoView {
    let count = found.tables.len();
    if count == 0 {
        let title = format!("No table has “{}”", found.words.trim());
        return view! { <EmptyState glyph=Glyph::Search title=title text="Try fewer words, a part of a word, or look in names and descriptions both." /> }
            .into_any();
    }
    let words = match count {
        1 => "1 table".to_owned(),
        count if count > SHOWN => {
            format!("{} tables; the first {SHOWN} are shown. Another word narrows them down.", grouped(count))
        }
        count => format!("{} tables", grouped(count)),
    };
    view! {
        <p class="muted small padded" role="status">{words}</p>
        <ul class="list found" aria-label="Found tables">
            {found.tables.into_iter().take(SHOWN).map(|table| view! { <Line table /> }).collect_view()}
        </ul>
    }
    .into_any()
}

#[component]
fn Line(table: FoundTable) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let open = RwSignal::new(false);
    let table = StoredValue::new(table);
    let FoundTable { access_url, ivoid, name, description, .. } = table.get_value();
    let toggle = move |_| {
        open.update(|open| *open = !*open);
        table.with_value(|table| actions.load_found_columns(table));
    };
    view! {
        <li>
            <div class="list-main stack tight">
                <span class="strong mono found-name">{name}</span>
                <span>{description}</span>
                <span class="muted small found-name">{ivoid}" · "{access_url}</span>
            </div>
            <div class="list-side">
                <button class="button small" type="button" aria-expanded=move || open.get().to_string() on:click=toggle>"Columns"</button>
                <button class="button small" type="button" on:click=move |_| table.with_value(|table| actions.query_found(table))>"Query it"</button>
            </div>
            {move || open.get().then(|| view! { <div class="found-more stack"><Columns table /></div> })}
        </li>
    }
}

#[component]
fn Columns(table: StoredValue<FoundTable>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let columns = Memo::new(move |_| {
        actions.state.services.columns.with(|all| {
            table.with_value(|table| {
                let mut all = all.iter();
                all.find(|one| one.ivoid == table.ivoid && one.table == table.name).map(|one| one.columns.clone())
            })
        })
    });
    let line = |column: FoundColumn| {
        view! {
            <tr>
                <th scope="row" class="mono">{column.name}{column.indexed.then(|| view! { <span class="muted small">" indexed"</span> })}</th>
                <td class="nowrap">{column.datatype}</td>
                <td class="nowrap">{column.unit}</td>
                <td class="small found-name">{column.ucd}</td>
                <td>{column.description}</td>
            </tr>
        }
    };
    move || {
        match columns.get() {
        Some(Loadable::Here(columns)) if columns.is_empty() => {
            view! { <p class="muted small">"The archive knows no columns of this table."</p> }.into_any()
        }
        Some(Loadable::Here(columns)) => view! {
            <div class="found-columns" tabindex="0" role="region" aria-label="Columns">
                <table class="table">
                    <thead><tr><th>"Column"</th><th>"Type"</th><th>"Unit"</th><th>"UCD"</th><th>"Description"</th></tr></thead>
                    <tbody>{columns.into_iter().map(line).collect_view()}</tbody>
                </table>
            </div>
            <div class="row"><ShowCommand show=Callback::new(move |()| table.with_value(|table| actions.show_columns_command(table))) /></div>
        }
        .into_any(),
        Some(Loadable::Failed(error)) => view! { <p class="error-text" role="alert">{error}</p> }.into_any(),
        _ => view! { <Asking text="Asking the archive for the columns" /> }.into_any(),
    }
    }
}
