//! Light, dark, or as the system says.

use leptos::prelude::*;

use crate::{
    actions::Actions,
    components::icon::{Glyph, Icon},
    state::Theme,
};

/// One button that goes round the three.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let theme = actions.state.theme;
    let label = move || match theme.get() {
        Theme::Auto => "Theme: as the system",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    };
    let next = move |_| {
        actions.set_theme(match theme.get_untracked() {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        });
    };
    view! {
        <button class="button quiet icon-only" type="button" aria-label=label title=label on:click=next>
            {move || match theme.get() {
                Theme::Auto => view! { <Icon glyph=Glyph::Contrast /> },
                Theme::Light => view! { <Icon glyph=Glyph::Sun /> },
                Theme::Dark => view! { <Icon glyph=Glyph::Moon /> },
            }}
        </button>
    }
}
