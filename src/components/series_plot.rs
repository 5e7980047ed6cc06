//! A small picture of shapes: frame, axes with units, series with a legend. The shapes come as paths from the worker.

use leptos::prelude::*;
use workbench::{
    picture::{AxisShown, Tick},
    series::{Chart, Layer},
};

use crate::components::css::css;

/// Room around the frame: left for the labels of y, below for those of x, above, right.
const MARGIN: [u32; 4] = [72, 44, 10, 14];

/// Width and height of the frame in a box of this width.
pub fn frame_size(width: f64, height: u32) -> (u32, u32) {
    ((width as u32).saturating_sub(MARGIN[0] + MARGIN[3]).max(120), height)
}

/// The picture. Its summary is read in its place.
#[component]
pub fn SeriesPlot(
    /// What is drawn.
    chart: Chart,
) -> impl IntoView {
    let Chart { summary, size: (width, height), x, y, layers, .. } = chart;
    let [left, below, above, right] = MARGIN;
    let (w, h) = (f64::from(width), f64::from(height));
    let legend = (layers.len() > 1).then(|| legend(&layers));
    view! {
        {legend}
        <svg
            class="series-plot"
            role="img"
            aria-label=summary
            width=width + left + right
            height=height + above + below
            viewBox=format!("0 0 {} {}", width + left + right, height + above + below)
        >
            <g transform=format!("translate({left} {above})") aria-hidden="true">
                <svg width=width height=height>{layers.into_iter().map(shapes).collect_view()}</svg>
                <rect class="series-frame" width=width height=height></rect>
                {x.ticks.iter().map(|tick| across(tick, w, h)).collect_view()}
                {y.ticks.iter().map(|tick| upwards(tick, h)).collect_view()}
                <text class="series-name" x=css(w / 2.0, "") y=height + 38 text-anchor="middle">{name(&x)}</text>
                <text class="series-name" transform=format!("translate(-60 {}) rotate(-90)", css(h / 2.0, "")) text-anchor="middle">{name(&y)}</text>
            </g>
        </svg>
    }
}

fn name(axis: &AxisShown) -> String {
    match &axis.unit {
        Some(unit) => format!("{} [{unit}]", axis.label),
        None => axis.label.clone(),
    }
}

/// A tick below the frame, with its label if it has one.
fn across(tick: &Tick, width: f64, height: f64) -> impl IntoView + use<> {
    let at = css(tick.at * width, "");
    let long = if tick.label.is_empty() { 3.0 } else { 6.0 };
    view! {
        <path class="series-tick" d=format!("M{at} {}v-{}", css(height, ""), css(long, ""))></path>
        <text x=at.clone() y=css(height + 16.0, "") text-anchor="middle">{tick.label.clone()}</text>
    }
}

/// A tick at the left of the frame.
fn upwards(tick: &Tick, height: f64) -> impl IntoView + use<> {
    let at = css((1.0 - tick.at) * height, "");
    let long = if tick.label.is_empty() { 3.0 } else { 6.0 };
    view! {
        <path class="series-tick" d=format!("M0 {at}h{}", css(long, ""))></path>
        <text x="-7" y=css((1.0 - tick.at) * height + 4.0, "") text-anchor="end">{tick.label.clone()}</text>
    }
}

fn shapes(layer: Layer) -> impl IntoView {
    let path =
        |class: &'static str, data: String| (!data.is_empty()).then(|| view! { <path class=class d=data></path> });
    view! {
        <g class=format!("series-{}", layer.color % 7)>
            {path("series-area", layer.area)}
            {path("series-errors", layer.errors)}
            {path("series-line", layer.line)}
            {path("series-marks", layer.marks)}
            {path("series-crosses", layer.crosses)}
        </g>
    }
}

fn legend(layers: &[Layer]) -> impl IntoView + use<> {
    let entry = |layer: &Layer| {
        let (class, data) = match layer.sample.as_str() {
            "" => ("series-line", "M1 7h12"),
            mark => ("series-marks", mark),
        };
        view! {
            <li>
                <svg class=format!("series-{}", layer.color % 7) width="14" height="14" aria-hidden="true">
                    <path class=class d=data.to_owned()></path>
                </svg>
                {layer.label.clone()}
            </li>
        }
    };
    view! { <ul class="series-legend" aria-label="Series">{layers.iter().map(entry).collect_view()}</ul> }
}
