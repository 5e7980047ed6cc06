//! Tables of the user at the archive: the list, and one of them in detail.

mod choice;
mod columns;
mod deletion;
mod detail;
mod listing;
mod rename;
mod upload;

use leptos::prelude::*;

use crate::{
    actions::Actions,
    components::{
        asking::Asking,
        empty_state::EmptyState,
        error_panel::ErrorPanel,
        icon::{Glyph, Icon},
    },
    state::{results::grouped, schema::Loadable, user_tables::tables},
    views::{clock::bytes, command::ShowCommand, cross_match::CrossMatch},
};
use choice::Choice;
use detail::Detail;
use listing::Listing;
use upload::Upload;

/// The view.
#[component]
pub fn UserTablesView() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let archive = Memo::new(move |_| state.current_archive());
    let offered = Memo::new(move |_| archive.with(|a| a.as_ref().is_some_and(|a| a.login && a.capabilities.tap_plus)));
    let user = Memo::new(move |_| state.user());
    view! {
        <div class="jobs-view user-tables" class:with-detail=move || state.user_tables.selected.with(Option::is_some)>
            // Where it is narrow a table takes the place of the list with its title.
            <h1 class="visually-hidden">"User tables"</h1>
            <section class="jobs-list" aria-label="User tables">
                <div class="toolbar">
                    <p class="tables-title" aria-hidden="true">"User tables"</p>
                    {move || user.get().filter(|_| offered.get()).map(|_| view! { <Head /> })}
                </div>
                {move || match (offered.get(), user.get()) {
                    (false, _) => view! { <NotHere archive=archive.get().map(|archive| archive.title) /> }.into_any(),
                    (true, None) => view! {
                        <EmptyState
                            glyph=Glyph::Table
                            title="Your tables, kept at the archive"
                            text="Your tables are kept by the archive under your user name, so that you can join them with its catalogues. They need a session. What everybody may read is in the schema view."
                        >
                            <button class="button primary" type="button" on:click=move |_| actions.ask_to_sign_in()>"Show the form for it"</button>
                        </EmptyState>
                    }.into_any(),
                    (true, Some(_)) => view! { <Body /> }.into_any(),
                }}
            </section>
            {move || state.user_tables.selected.get().filter(|_| offered.get() && user.with(Option::is_some)).map(|name| view! { <Detail name /> })}
            <Upload />
            <CrossMatch />
        </div>
    }
}

/// What they add up to, and what can be done without choosing one.
#[component]
fn Head() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let total = move || {
        actions.state.user_tables.listed.with(|listed| {
            let tables = tables(listed.here()?);
            let (own, others): (Vec<_>, Vec<_>) = tables.partition(|table| actions.is_own(&table.name));
            let size: u64 = own.iter().filter_map(|table| table.size_bytes).sum();
            let mine = format!("{} {}", grouped(own.len()), if own.len() == 1 { "table" } else { "tables" });
            let mine = if size > 0 { format!("{mine}, {}", bytes(size)) } else { mine };
            let rest = (!others.is_empty()).then(|| format!("; {} of others", grouped(others.len())));
            (own.len() + others.len() > 0).then(|| mine + &rest.unwrap_or_default())
        })
    };
    let refresh = move |_| {
        actions.load_user_tables();
        actions.load_user_table();
    };
    view! {
        <span class="muted small" role="status">{total}</span>
        <span class="spacer"></span>
        <button class="button primary" type="button" on:click=move |_| actions.open_upload(None)><Icon glyph=Glyph::Upload />"Upload table"</button>
        <button class="button" type="button" on:click=move |_| actions.open_cross_match(None)><Icon glyph=Glyph::Link />"Cross-match"</button>
        <button class="button icon-only" type="button" aria-label="Refresh" title="Refresh" on:click=refresh>
            <Icon glyph=Glyph::Refresh />
        </button>
    }
}

#[component]
fn Body() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.user_tables;
    // The list is built anew when it is another one, not while a table of it is looked at.
    let listed = Memo::new(move |_| state.listed.get());
    view! {
        <Choice />
        <UnderWay />
        {move || match listed.get() {
            Loadable::Here(schemas) => view! { <Listing schemas /> }.into_any(),
            Loadable::Failed(error) => view! {
                <ErrorPanel
                    title="Your tables could not be listed"
                    what=error
                    kept="Nothing of what you typed in this view is lost."
                    next="Ask again. If the archive has ended your session, open a new one first."
                >
                    <button class="button" type="button" on:click=move |_| actions.load_user_tables()>"Try again"</button>
                    <button class="button" type="button" on:click=move |_| actions.ask_to_sign_in()>"Show the form for it"</button>
                </ErrorPanel>
            }.into_any(),
            _ => view! {
                <Asking text="Asking the archive for its list of tables" />
            }.into_any(),
        }}
        <div class="tables-foot muted small">
            <span>
                "The archive tells how much space you may use only when it is used up. "
                {move || state.quota.get().map(|said| format!("It said last: {said}"))}
            </span>
            <ShowCommand show=Callback::new(move |()| actions.show_list_command()) />
        </div>
    }
}

/// An upload whose dialog was closed goes on.
#[component]
fn UnderWay() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let upload = actions.state.user_tables.upload;
    let behind = Memo::new(move |_| upload.sending.with(Option::is_some) && !upload.open.get());
    move || {
        behind.get().then(|| view! {
            <div class="notice info tables-notice">
                <span><strong>"A table is on its way. "</strong>"The upload goes on while you work."</span>
                <button class="button small" type="button" on:click=move |_| upload.open.set(true)>"Show it"</button>
            </div>
        })
    }
}

/// Why an archive has no tables of users.
#[component]
fn NotHere(archive: Option<String>) -> impl IntoView {
    let archive = archive.unwrap_or_else(|| "This archive".into());
    let text = format!(
        "{archive} is reached as a plain TAP service, or without login: tables of users are an addition of the ESA archives. You can still join a table of your own with its catalogues: attach a file to a query."
    );
    view! {
        <EmptyState glyph=Glyph::Table title="No tables of users here" text=text>
            <a class="button" href="#/query">"Write a query"</a>
        </EmptyState>
    }
}
