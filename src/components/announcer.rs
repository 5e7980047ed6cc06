//! Says to a screen reader what changed, without moving the focus (WCAG 2.2, 4.1.3).

use leptos::prelude::*;

/// A polite live region that nobody sees.
///
/// It has no role `status`: that role is kept for the one line of a view that states its result.
#[component]
pub fn Announcer(
    /// What is said; each change is read once.
    #[prop(into)]
    message: Signal<String>,
) -> impl IntoView {
    view! { <div class="visually-hidden" aria-live="polite" aria-atomic="true">{move || message.get()}</div> }
}
