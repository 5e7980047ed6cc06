//! A text box for an expression, with what is wrong with it at its place.

use leptos::prelude::*;
use workbench::picture::Fault;

/// Id of the list of columns that every box suggests; there is one picture on a page.
pub const COLUMNS: &str = "gx-picture-columns";

/// A labelled text box. It tells what was written when it is left or Enter is pressed.
#[component]
pub fn ExpressionField(
    /// Its label.
    label: &'static str,
    /// What is in it.
    #[prop(into)]
    value: Signal<String>,
    /// Shown while it is empty.
    #[prop(optional)]
    placeholder: &'static str,
    /// What is wrong.
    #[prop(into)]
    fault: Signal<Option<Fault>>,
    /// Hears what was written.
    #[prop(into)]
    on_change: Callback<String>,
    /// Stands beside the box.
    #[prop(optional, into)]
    beside: ViewFn,
) -> impl IntoView {
    let wrong = Memo::new(move |_| fault.with(Option::is_some));
    view! {
        <div class="expression">
            <label class="field inline">
                <span>{label}</span>
                <input
                    class="mono"
                    type="text"
                    list=COLUMNS
                    spellcheck="false"
                    autocapitalize="off"
                    autocomplete="off"
                    placeholder=placeholder
                    aria-invalid=move || wrong.get().then_some("true")
                    prop:value=value
                    on:change=move |event| on_change.run(event_target_value(&event))
                />
            </label>
            {beside.run()}
            {move || fault.get().map(|fault| view! { <Wrong fault value on_change /> })}
        </div>
    }
}

/// What is wrong, the place marked in the text, and the likely name if one is known.
#[component]
fn Wrong(fault: Fault, value: Signal<String>, on_change: Callback<String>) -> impl IntoView {
    let error = fault.error;
    let text = value.get_untracked();
    let (start, end) = (error.start, error.end);
    let cut = |from: usize, to: usize| text.get(from..to).unwrap_or_default().to_owned();
    let (before, marked, after) = (cut(0, start), cut(start, end), cut(end, text.len()));
    let mended = error.suggestion.map(|suggestion| (format!("{before}{suggestion}{after}"), suggestion));
    view! {
        <p class="hint bad" role="alert">
            {(!marked.is_empty()).then(|| view! { <span class="mono">{before}<mark>{marked}</mark>{after}</span>" " })}
            {error.message}
            {mended.map(|(text, name)| view! {
                " "
                <button class="link-button" type="button" on:click=move |_| on_change.run(text.clone())>
                    {format!("Use {name}")}
                </button>
            })}
        </p>
    }
}
