//! DataLink.

use leptos::prelude::*;

/// The view.
#[component]
pub fn DatalinkView() -> impl IntoView {
    view! {
        <div class="view page">
            <div class="view-head"><h1>"DataLink"</h1></div>
        </div>
    }
}
