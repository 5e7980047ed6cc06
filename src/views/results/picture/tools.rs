//! What dragging does, what a choice does to the selection, and buttons for what wheel and fingers do.

use leptos::prelude::*;
use workbench::select::Combine;

use crate::{
    actions::Actions,
    components::field::CheckBox,
    state::pictures::{Form, Kind, Mode},
};

const MODES: [(Mode, &str, &str); 3] = [
    (Mode::Move, "Move", "Drag to move the picture; with Shift select"),
    (
        Mode::Rectangle,
        "Select",
        "Drag a rectangle to select the rows in it; with Shift add them, with Alt take them away",
    ),
    (Mode::Lasso, "Lasso", "Draw a line around the rows to select; with Shift add them, with Alt take them away"),
];

const COMBINES: [(Combine, &str, &str); 4] = [
    (Combine::Replace, "replace", "Replace the selection"),
    (Combine::Add, "add", "Add to the selection"),
    (Combine::Remove, "remove", "Remove from the selection"),
    (Combine::Intersect, "intersect", "Keep only what is in both"),
];

/// The tools above the picture.
#[component]
pub fn Tools(form: Memo<Option<Form>>, kind: Memo<Kind>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.pictures;
    let current = actions.state.results.current;
    // About the middle; of a histogram only the width changes.
    let zoom = move |factor: f64| actions.look_at(around((0.5, 0.5), factor));
    view! {
        <div class="toolbar picture-tools">
            <fieldset class="segmented">
                <legend class="visually-hidden">"Dragging"</legend>
                {MODES.map(|(mode, label, title)| view! {
                    <label title=title>
                        <input
                            type="radio"
                            name="picture-mode"
                            prop:checked=move || state.mode.get() == mode
                            prop:disabled=move || mode == Mode::Lasso && kind.get() == Kind::Histogram
                            on:change=move |_| actions.drag_to(mode)
                        />
                        {label}
                    </label>
                })}
            </fieldset>
            <select
                class="input"
                aria-label="What a choice does"
                prop:value=move || COMBINES.iter().find(|it| it.0 == state.combine.get()).map_or("replace", |it| it.1)
                on:change=move |event| {
                    let value = event_target_value(&event);
                    if let Some((how, ..)) = COMBINES.iter().find(|(_, name, _)| *name == value) {
                        actions.combine_by(*how);
                    }
                }
            >
                {COMBINES.map(|(_, name, label)| view! { <option value=name>{label}</option> })}
            </select>
            <CheckBox
                label="Only selected"
                name="Draw only the selected rows"
                checked=Signal::derive(move || form.with(|form| form.as_ref().is_some_and(|form| form.only_selected)))
                disabled=Signal::derive(move || state.selected(current.get().unwrap_or_default()) == 0)
                on_change=move |on| actions.wish(|form| form.only_selected = on)
            />
            <span class="spacer"></span>
            <button class="button small" type="button" aria-label="Zoom in" title="Zoom in (+)" on:click=move |_| zoom(0.5)>"+"</button>
            <button class="button small" type="button" aria-label="Zoom out" title="Zoom out (−)" on:click=move |_| zoom(2.0)>"−"</button>
            <button class="button small" type="button" title="Show all of it (0)" on:click=move |_| actions.look_at_all()>"Whole"</button>
        </div>
    }
}

/// The part to be seen after zooming by a factor about a place that stays; below 1 is nearer.
pub fn around((x, y): (f64, f64), factor: f64) -> [f64; 4] {
    [x - x * factor, x + (1.0 - x) * factor, y - y * factor, y + (1.0 - y) * factor]
}
