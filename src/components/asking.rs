//! In the place of what was asked for and has not come yet.

use leptos::prelude::*;

use super::progress::Progress;

/// Says what is asked for, in the middle of the place that it will have.
#[component]
pub fn Asking(
    /// Such as `Asking the archive for its tables`.
    text: &'static str,
) -> impl IntoView {
    view! {
        <div class="waiting asking">
            <p class="muted" role="status">{text}</p>
            <Progress label=text done=Signal::stored(None) />
        </div>
    }
}
