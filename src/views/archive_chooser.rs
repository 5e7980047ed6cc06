//! Which archive is asked, and whether it is up.

use leptos::prelude::*;

use crate::{actions::Actions, state::schema::Loadable};

/// The archives of this deployment in a list, with a status dot.
#[component]
pub fn ArchiveChooser() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let standing = move || match state.service.availability.get() {
        Loadable::Here(availability) if availability.available => ("dot good", "available"),
        Loadable::Here(_) => ("dot bad", "not available"),
        Loadable::Failed(_) => ("dot care", "no answer"),
        Loadable::Absent | Loadable::Loading => ("dot", "asking"),
    };
    view! {
        <label class="archive-chooser">
            <span class="visually-hidden">"Archive"</span>
            <span class=move || standing().0 aria-hidden="true"></span>
            <select
                class="input"
                title=move || state.current_archive().and_then(|archive| archive.note)
                prop:value=move || state.archive.get().unwrap_or_default()
                on:change=move |event| actions.choose_archive(&event_target_value(&event))
            >
                {move || {
                    let chosen = state.archive.get();
                    state.archives.get().into_iter().map(|archive| {
                        let selected = chosen.as_ref() == Some(&archive.id);
                        view! { <option value=archive.id selected=selected>{archive.title}</option> }
                    }).collect_view()
                }}
            </select>
            <span class="visually-hidden">{move || standing().1}</span>
        </label>
    }
}
