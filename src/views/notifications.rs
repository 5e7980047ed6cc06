//! Notifications.

use leptos::prelude::*;

/// The view.
#[component]
pub fn NotificationsView() -> impl IntoView {
    view! {
        <div class="view page">
            <div class="view-head"><h1>"Notifications"</h1></div>
        </div>
    }
}
