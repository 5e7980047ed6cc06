//! Sharing.

use leptos::prelude::*;

/// The view.
#[component]
pub fn SharingView() -> impl IntoView {
    view! {
        <div class="view page">
            <div class="view-head"><h1>"Sharing"</h1></div>
        </div>
    }
}
