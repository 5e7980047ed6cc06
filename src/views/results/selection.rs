//! How many rows are selected, and what can be done with them.

use leptos::prelude::*;
use workbench::select::{Choice, Combine};

use super::FORMATS;
use crate::{
    actions::Actions,
    components::{
        field::CheckBox,
        icon::Glyph,
        menu::{Menu, MenuItem},
    },
    state::results::grouped,
};

/// The selection of the shown table.
#[component]
pub fn SelectionBar(
    /// As in [`super::pane::ResultPane`].
    alone: bool,
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let selection = Memo::new(move |_| {
        let sheet = state.pictures.sheet(state.results.current.get()?)?;
        Some((sheet.selected, sheet.only_selected))
    });
    let count = move || selection.get().map_or(0, |(count, _)| count);
    let only = move || selection.get().is_some_and(|(_, only)| only);
    let some = Memo::new(move |_| count() > 0);
    let words = move || match count() {
        0 => String::new(),
        1 => "1 row selected".to_owned(),
        count => format!("{} rows selected", grouped(count as usize)),
    };
    let formats = Signal::stored(FORMATS.iter().map(|(_, label)| MenuItem::new(*label)).collect::<Vec<_>>());
    let save = Callback::new(move |at: usize| {
        if let Some((format, _)) = FORMATS.get(at) {
            actions.save_selected(format.name());
        }
    });
    // Where there is room, a line that comes and goes would move the picture under the hand.
    view! {
        <div class="toolbar selection-bar" class:none=move || !some.get() class:stays=alone>
            <span role="status" class="number strong">{words}</span>
            {move || if some.get() {
                view! {
                    <CheckBox label="Show only selected" checked=Signal::derive(only) on_change=move |on| actions.show_only_selected(on) />
                    <span class="spacer"></span>
                    <button
                        class="button quiet"
                        type="button"
                        on:click=move |_| actions.select(Choice::Others, Combine::Replace)
                    >
                        "Invert"
                    </button>
                    <Menu label="Save selected" glyph=Glyph::Download items=formats on_choose=save end=true class="quiet" />
                    <button
                        class="button quiet"
                        type="button"
                        on:click=move |_| actions.select(Choice::None, Combine::Replace)
                    >
                        "Clear selection"
                    </button>
                }.into_any()
            } else {
                view! { <span class="muted small">"No rows selected. Drag over the picture with Select, or press Space on a row; with Shift for all rows from the last one."</span> }
                    .into_any()
            }}
        </div>
    }
}
