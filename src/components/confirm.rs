//! A question before something is lost: it names what, and is asked once.

use leptos::prelude::*;

use crate::components::dialog::Dialog;

/// A dialog with what will be lost (the children), a way back and the deed.
#[component]
pub fn Confirm(
    /// The question, such as `Delete 3 jobs?`.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it is asked; set to `false` by either answer.
    open: RwSignal<bool>,
    /// The deed as a verb, such as `Delete 3 jobs`.
    #[prop(into)]
    deed: Signal<String>,
    /// It was confirmed.
    on_confirm: Callback<()>,
    /// What will be lost and what stays.
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <Dialog open title>
            {children.with_value(|children| children())}
            <div class="row end">
                <button class="button" type="button" on:click=move |_| open.set(false)>"Keep"</button>
                <button
                    class="button danger"
                    type="button"
                    on:click=move |_| {
                        open.set(false);
                        on_confirm.run(());
                    }
                >
                    {move || deed.get()}
                </button>
            </div>
        </Dialog>
    }
}
