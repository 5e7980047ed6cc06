//! Other services: tables found by the archive's search, and queries that the archive sends on.

mod external;
mod search;

use leptos::prelude::*;

use crate::{
    actions::Actions,
    components::{empty_state::EmptyState, icon::Glyph},
};
use external::External;
use search::Search;

/// The view.
#[component]
pub fn ServicesView() -> impl IntoView {
    let state = expect_context::<Actions>().state;
    let tap_plus = Memo::new(move |_| state.current_archive().is_none_or(|archive| archive.capabilities.tap_plus));
    view! {
        <div class="view services-view">
            <div class="view-head"><h1>"Service search"</h1></div>
            {move || if tap_plus.get() {
                view! { <div class="services-parts"><Search /><External /></div> }.into_any()
            } else {
                view! {
                    <EmptyState
                        glyph=Glyph::Search
                        title="This archive does not ask other services"
                        text="Searching the tables of all TAP services and querying them through the archive are resources of TAP+, which the archives of ESA have. This one is a plain TAP service: choose an archive with TAP+ above, or look at this one’s own tables."
                    >
                        <a class="button" href="#/schema">"Show its tables"</a>
                    </EmptyState>
                }.into_any()
            }}
        </div>
    }
}
