//! Axes: ticks, their labels, and what is drawn along them. The worker says where ticks are and what stands at them.

use leptos::prelude::*;
use workbench::picture::{AxisShown, Tick};

use super::{Seen, seen};
use crate::{
    actions::Actions,
    components::css::css,
    state::pictures::{Drawn, Kind},
};

/// The axis to the right, below the picture.
#[component]
pub fn Across(part: Seen) -> impl IntoView {
    let shown = use_axis(|drawn| drawn.axes().0.clone());
    let tick = move |tick: &Tick| {
        let [left, right, ..] = part.get();
        let at = seen(tick.at, left, right)?;
        Some(
            view! { <span class="tick" class:small=tick.label.is_empty() style:left=css(at * 100.0, "%")>{tick.label.clone()}</span> },
        )
    };
    view! {
        <div class="axis across" aria-hidden="true">
            {move || shown.get().map(|axis| view! {
                {axis.ticks.iter().filter_map(tick).collect_view()}
                <span class="axis-name">{name(&axis)}</span>
            })}
        </div>
    }
}

/// The axis upwards, at the left.
#[component]
pub fn Up(part: Seen) -> impl IntoView {
    let shown = use_axis(|drawn| drawn.axes().1.clone());
    let tick = move |tick: &Tick| {
        let [.., bottom, top] = part.get();
        let at = seen(tick.at, bottom, top)?;
        Some(
            view! { <span class="tick" class:small=tick.label.is_empty() style:bottom=css(at * 100.0, "%")>{tick.label.clone()}</span> },
        )
    };
    view! {
        <div class="axis up" aria-hidden="true">
            {move || shown.get().map(|axis| view! {
                {axis.ticks.iter().filter_map(tick).collect_view()}
                <span class="axis-name">{name(&axis)}</span>
            })}
        </div>
    }
}

/// An axis of the picture; a sky has none.
fn use_axis(which: fn(&Drawn) -> AxisShown) -> Memo<Option<AxisShown>> {
    let drawn = expect_context::<Actions>().state.pictures.drawn;
    Memo::new(move |_| drawn.with(|drawn| drawn.as_ref().filter(|drawn| drawn.form.kind != Kind::Sky).map(which)))
}

/// What is drawn along an axis, with its unit.
pub fn name(axis: &AxisShown) -> String {
    match &axis.unit {
        Some(unit) => format!("{} [{unit}]", axis.label),
        None => axis.label.clone(),
    }
}
