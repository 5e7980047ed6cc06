//! How far something has come: a bar, and the facts in words.

use leptos::prelude::*;

use crate::components::css::css;
/// A bar with a text below it. Without a known end the bar says only that something goes on.
#[component]
pub fn Progress(
    /// What goes on; the accessible name of the bar.
    #[prop(into)]
    label: String,
    /// From 0 to 1; `None` if the end is not known.
    #[prop(into)]
    done: Signal<Option<f64>>,
    /// Facts, such as `12,400 rows · 3.1 MB · 4 s`; not read aloud at each change.
    #[prop(optional, into)]
    text: Option<Signal<String>>,
) -> impl IntoView {
    let part = move || done.get().map(|part| part.clamp(0.0, 1.0));
    view! {
        <div class="progress">
            <div
                class="progress-track"
                class:indeterminate=move || part().is_none()
                role="progressbar"
                aria-label=label
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || part().map(|part| (100.0 * part).round() as i64)
                aria-valuetext=move || text.map(|text| text.get())
            >
                <div
                    class="progress-bar"
                    style:transform=move || part().map(|part| format!("scaleX({})", css(part, "")))
                ></div>
            </div>
            {text.map(|text| view! { <div class="progress-text">{move || text.get()}</div> })}
        </div>
    }
}
