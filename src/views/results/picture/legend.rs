//! What colors mean.

use leptos::prelude::*;

use super::axes::name;
use crate::{actions::Actions, components::css::css, state::pictures::Made};

/// A bar of colors with its axis; nothing, where points have one color.
#[component]
pub fn Legend() -> impl IntoView {
    let drawn = expect_context::<Actions>().state.pictures.drawn;
    let colors = Memo::new(move |_| {
        drawn.with(|drawn| match &drawn.as_ref()?.made {
            Made::Points(picture, _) => picture.colors.clone(),
            Made::Bins(_) => None,
        })
    });
    move || {
        let colors = colors.get()?;
        let stops: Vec<String> = colors.stops.iter().map(|[r, g, b]| format!("rgb({r} {g} {b})")).collect();
        let tick = |tick: &workbench::picture::Tick| {
            let at = css(tick.at * 100.0, "%");
            view! { <span class="tick" class:small=tick.label.is_empty() style:bottom=at>{tick.label.clone()}</span> }
        };
        Some(view! {
            <div class="picture-legend" role="img" aria-label=format!("Colors show {}", name(&colors.axis))>
                <div class="legend-bar" style:background=format!("linear-gradient(to top, {})", stops.join(", "))></div>
                <div class="axis legend-axis" aria-hidden="true">
                    {colors.axis.ticks.iter().map(tick).collect_view()}
                    <span class="axis-name">{name(&colors.axis)}</span>
                </div>
            </div>
        })
    }
}
