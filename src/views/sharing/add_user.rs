//! A user's name as typed, and the button that adds the user to what is edited.

use leptos::prelude::*;

/// Enter presses the button, and does not send the form around it.
#[component]
pub fn AddUser(
    /// Name of the line.
    label: &'static str,
    /// Words on the button.
    button: &'static str,
    /// The name.
    name: RwSignal<String>,
    /// Whether something is under way.
    busy: RwSignal<bool>,
    /// Adds the user.
    #[prop(into)]
    on_add: Callback<()>,
) -> impl IntoView {
    let enter = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            on_add.run(());
        }
    };
    view! {
        <div class="adding">
            <label class="field grow">
                <span>{label}</span>
                <input
                    type="text"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    prop:value=name
                    on:input:target=move |event| name.set(event.target().value())
                    on:keydown=enter
                />
            </label>
            <button class="button" type="button" disabled=busy on:click=move |_| on_add.run(())>{button}</button>
        </div>
    }
}
