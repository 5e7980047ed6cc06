//! A question that must be answered before anything else: the native dialog, which keeps the focus and gives it back.

use leptos::{html, prelude::*};

use crate::components::icon::{Glyph, Icon};

/// A modal dialog. Escape and its cross close it.
#[component]
pub fn Dialog(
    /// Its heading and accessible name.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it is open; set to `false` when the user closes it.
    open: RwSignal<bool>,
    /// The content, made when it opens. End it with a row of buttons (`.row.end`).
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let children = StoredValue::new(children);
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        if open.get() && !dialog.open() {
            // Content first, so that the first control in it gets the focus. A dialog that left the page cannot open.
            request_animation_frame(move || drop(dialog.show_modal()));
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog class="dialog" aria-label=move || title.get() on:close=move |_| open.set(false) node_ref=dialog>
            <Show when=move || open.get()>
                <div class="dialog-body">
                    <div class="dialog-head">
                        <h2>{move || title.get()}</h2>
                        <button
                            class="button quiet icon-only"
                            type="button"
                            aria-label="Close"
                            on:click=move |_| open.set(false)
                        >
                            <Icon glyph=Glyph::Close />
                        </button>
                    </div>
                    {children.with_value(|children| children())}
                </div>
            </Show>
        </dialog>
    }
}
