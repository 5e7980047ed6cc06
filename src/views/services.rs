//! Service search.

use leptos::prelude::*;

/// The view.
#[component]
pub fn ServicesView() -> impl IntoView {
    view! {
        <div class="view page">
            <div class="view-head"><h1>"Service search"</h1></div>
        </div>
    }
}
