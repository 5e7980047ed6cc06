//! DataLink: which products there are of sources, and the products: as files, tables and pictures.

mod links;
mod picture;
mod products;
mod sources;
mod wanted;

use leptos::{html, prelude::*};

use crate::{
    actions::Actions,
    components::{
        empty_state::EmptyState,
        error_panel::ErrorPanel,
        icon::{Glyph, Icon},
        tabs::Tabs,
    },
    state::{datalink::Links, results::grouped, schema::Loadable},
};

/// The view.
#[component]
pub fn DatalinkView() -> impl IntoView {
    let state = expect_context::<Actions>().state;
    let offered = Memo::new(move |_| state.current_archive().is_none_or(|archive| archive.data.is_some()));
    view! {
        <div class="view page datalink-view">
            <div class="view-head"><h1>"DataLink"</h1></div>
            {move || if offered.get() {
                view! { <Offered /> }.into_any()
            } else {
                view! {
                    <EmptyState
                        glyph=Glyph::Link
                        title="This archive has no DataLink service"
                        text="Light curves, spectra and samples of sources come from a data server beside TAP, and this archive names none. Its tables can be queried all the same."
                    >
                        <a class="button" href="#/query">"Write a query"</a>
                    </EmptyState>
                }.into_any()
            }}
        </div>
    }
}

#[component]
fn Offered() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.datalink;
    let names = Signal::derive(move || {
        let links = state.links.with(|links| links.here().map(Links::rows));
        vec![
            links.map_or_else(|| "Links".to_owned(), |rows| format!("Links ({})", grouped(rows))),
            "Products".to_owned(),
        ]
    });
    let finding = move || {
        state.links.with(|links| match links {
            Loadable::Loading => true,
            Loadable::Here(links) => links.waiting > 0,
            _ => false,
        })
    };
    let found = NodeRef::<html::Section>::new();
    // What was asked for appears below the form, perhaps out of sight.
    let show = move || {
        if let (None, Some(found)) = (state.problem.get_untracked(), found.get_untracked()) {
            found.scroll_into_view();
        }
    };
    view! {
        <div class="datalink-form">
            <sources::Sources />
            <wanted::Wanted />
        </div>
        <div class="row">
            <button
                class="button primary"
                type="button"
                disabled=move || state.fetching.get()
                on:click=move |_| {
                    actions.get_products();
                    show();
                }
            >
                <Icon glyph=Glyph::Download />"Get products"
            </button>
            <button
                class="button"
                type="button"
                disabled=finding
                on:click=move |_| {
                    actions.find_links();
                    show();
                }
            >
                <Icon glyph=Glyph::Link />"Find links"
            </button>
            <span class="muted small">"Links say which products there are; products are the data themselves."</span>
        </div>
        {move || state.problem.get().map(|problem| view! {
            <ErrorPanel title=problem.title what=problem.message next=problem.next />
        })}
        <section class="panel flush" aria-label="What was found" node_ref=found>
            <div class="panel-head"><Tabs label="What was found" names chosen=state.tab /></div>
            {move || match state.tab.get() {
                0 => view! { <links::LinksPanel /> }.into_any(),
                _ => view! { <products::ProductsPanel /> }.into_any(),
            }}
        </section>
    }
}
