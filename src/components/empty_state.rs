//! An empty view that teaches: what would be here, and one thing to click.

use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};

/// Stands where content would be.
#[component]
pub fn EmptyState(
    /// A picture of what would be here.
    glyph: Glyph,
    /// A few words, such as `No jobs yet`.
    #[prop(into)]
    title: Signal<String>,
    /// One or two sentences on how things come here.
    #[prop(optional, into)]
    text: Option<Signal<String>>,
    /// The one thing to click.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph />
            <p class="empty-title">{move || title.get()}</p>
            {text.map(|text| view! { <p class="empty-text">{move || text.get()}</p> })}
            {children.map(|children| view! { <div class="row">{children()}</div> })}
        </div>
    }
}
