//! User tables.

use leptos::prelude::*;

/// The view.
#[component]
pub fn UserTablesView() -> impl IntoView {
    view! {
        <div class="view page">
            <div class="view-head"><h1>"User tables"</h1></div>
        </div>
    }
}
