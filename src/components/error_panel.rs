//! An error for people: what happened, what was kept, what to do next; the rest is folded and can be copied.

use leptos::prelude::*;

use crate::components::{
    clipboard::copy_text,
    icon::{Glyph, Icon},
};

/// One error. It is read aloud when it appears.
#[component]
pub fn ErrorPanel(
    /// What did not work, such as `The query was rejected`.
    #[prop(into)]
    title: String,
    /// What happened, in the words of who knows: the service's message, the browser's.
    #[prop(into)]
    what: String,
    /// What is not lost.
    #[prop(optional, into)]
    kept: Option<String>,
    /// What to do next.
    #[prop(optional, into)]
    next: Option<String>,
    /// Status, address, times: what a help desk asks for. Also what is copied.
    #[prop(optional, into)]
    details: Option<String>,
    /// Buttons for what to do next.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let copied = RwSignal::new(None::<bool>);
    let report = {
        let parts = [Some(&title), Some(&what), kept.as_ref(), next.as_ref(), details.as_ref()];
        parts.into_iter().flatten().cloned().collect::<Vec<_>>().join("\n\n")
    };
    let copy = move |_| {
        copy_text(report.clone(), move |done| {
            // The panel may be gone by then.
            copied.try_set(Some(done));
        })
    };
    view! {
        <div class="error-panel" role="alert">
            <p class="error-title">
                <Icon glyph=Glyph::Warning />
                {title}
            </p>
            <p class="error-what">{what}</p>
            {kept.map(|kept| view! { <p class="muted">{kept}</p> })}
            {next.map(|next| view! { <p>{next}</p> })}
            {details
                .map(|details| {
                    view! {
                        <details>
                            <summary>"Details"</summary>
                            <pre class="code" tabindex="0">{details}</pre>
                        </details>
                    }
                })}
            <div class="row">
                {children.map(|children| children())}
                <button class="button quiet" type="button" on:click=copy>
                    <Icon glyph=Glyph::Copy />
                    {move || match copied.get() {
                        None => "Copy report",
                        Some(true) => "Copied",
                        Some(false) => "Not copied: the browser has no clipboard here",
                    }}
                </button>
            </div>
        </div>
    }
}
