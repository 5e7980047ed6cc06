//! Parts of forms with their labels: a line of text, a box to tick, one of several.

use leptos::prelude::*;

/// What is written in a line of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Text {
    /// Words.
    #[default]
    Words,
    /// A name or something else that a machine reads.
    Name,
    /// A number.
    Number,
}

/// A line of text. What is typed is heard at each key.
#[component]
pub fn TextField(
    /// Words above or before it.
    #[prop(into)]
    label: String,
    /// Further classes, such as `inline`.
    #[prop(optional)]
    class: &'static str,
    /// What is written in it.
    #[prop(optional)]
    kind: Text,
    /// Stands in it while it is empty.
    #[prop(optional)]
    hint: &'static str,
    /// What stands in it.
    #[prop(into)]
    value: Signal<String>,
    /// Hears what is typed.
    #[prop(into)]
    on_input: Callback<String>,
) -> impl IntoView {
    let (of_input, inputmode) = match kind {
        Text::Words => ("", None),
        Text::Name => ("mono", None),
        Text::Number => ("number", Some("decimal")),
    };
    view! {
        <label class=format!("field {class}")>
            <span>{label}</span>
            <input
                type="text"
                class=of_input
                inputmode=inputmode
                autocomplete="off"
                spellcheck=(kind != Text::Words).then_some("false")
                placeholder=hint
                prop:value=value
                on:input=move |event| on_input.run(event_target_value(&event))
            />
        </label>
    }
}

/// A box to tick.
#[component]
pub fn CheckBox(
    /// Words behind it.
    #[prop(into)]
    label: String,
    /// Accessible name, where the words do not suffice.
    #[prop(optional, into)]
    name: Option<String>,
    /// Further classes, such as `small`.
    #[prop(optional)]
    class: &'static str,
    /// More words, on hover.
    #[prop(optional)]
    title: Option<&'static str>,
    /// Whether it cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether it is ticked.
    #[prop(into)]
    checked: Signal<bool>,
    /// Hears whether it is to be.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class=format!("check {class}") title=title>
            <input
                type="checkbox"
                aria-label=name
                disabled=disabled
                prop:checked=checked
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            {label}
        </label>
    }
}

/// One of several, beside each other.
#[component]
pub fn Segmented<T>(
    /// What is chosen; read, not seen. No two on a page have the same.
    legend: &'static str,
    /// The choices, their words, and more words on hover (may be empty).
    #[prop(into)]
    choices: Vec<(T, &'static str, &'static str)>,
    /// What is chosen.
    #[prop(into)]
    chosen: Signal<T>,
    /// Hears what is to be.
    #[prop(into)]
    on_choose: Callback<T>,
    /// Whether none can be chosen now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let one = move |(value, words, title): (T, &'static str, &'static str)| {
        view! {
            <label title=(!title.is_empty()).then_some(title)>
                <input
                    type="radio"
                    name=legend
                    disabled=disabled
                    prop:checked=move || chosen.get() == value
                    on:change=move |_| on_choose.run(value)
                />
                {words}
            </label>
        }
    };
    view! {
        <fieldset class="segmented">
            <legend class="visually-hidden">{legend}</legend>
            {choices.into_iter().map(one).collect_view()}
        </fieldset>
    }
}
