//! One of a few things in the same place (ARIA tabs, chosen as the focus moves).

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast as _;

/// The row of tabs; what stands below is the caller's.
#[component]
pub fn Tabs(
    /// Accessible name of the row.
    #[prop(into)]
    label: String,
    /// The words, in order.
    #[prop(into)]
    names: Signal<Vec<String>>,
    /// The index of the chosen one.
    chosen: RwSignal<usize>,
) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    let key = move |event: web_sys::KeyboardEvent| {
        let (now, count) = (chosen.get_untracked(), names.read_untracked().len());
        let next = match event.key().as_str() {
            "ArrowRight" => (now + 1) % count.max(1),
            "ArrowLeft" => (now + count.saturating_sub(1)) % count.max(1),
            "Home" => 0,
            "End" => count.saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        chosen.set(next);
        let tab = root.get_untracked().and_then(|root| root.children().item(next as u32));
        if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
            tab.focus().ok();
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=key node_ref=root>
            {move || {
                let tab = |(at, name): (usize, String)| view! {
                    <button
                        class="tab"
                        type="button"
                        role="tab"
                        aria-selected=move || (chosen.get() == at).to_string()
                        tabindex=move || if chosen.get() == at { "0" } else { "-1" }
                        on:click=move |_| chosen.set(at)
                    >
                        {name}
                    </button>
                };
                names.get().into_iter().enumerate().map(tab).collect_view()
            }}
        </div>
    }
}
