//! What lies over the points or in place of them: bars, meridians, the brush, the row under the pointer. One drawing of 1000 by
//! 1000, stretched over the picture; its lines keep their width.

use std::fmt::Write as _;

use leptos::prelude::*;
use workbench::picture::{Bin, Histogram, Line};

use super::{Seen, seen};
use crate::{
    actions::Actions,
    components::css::css,
    state::pictures::{Drawn, Kind, Made, Part},
};

/// What a hand draws, in parts of the picture from the left and from the bottom.
#[derive(Clone, Debug, PartialEq)]
pub enum Brush {
    /// Two opposite corners.
    Rectangle((f64, f64), (f64, f64)),
    /// A line, closed by its ends.
    Lasso(Vec<(f64, f64)>),
}

/// The drawing.
#[component]
pub fn Overlay(part: Seen, kind: Memo<Kind>, brush: RwSignal<Option<Brush>>) -> impl IntoView {
    let state = expect_context::<Actions>().state.pictures;
    let path = move |make: fn(&Drawn, Part) -> String| {
        move || state.drawn.with(|drawn| drawn.as_ref().map(|drawn| make(drawn, part.get())))
    };
    let brushed = move || brush.with(|brush| brush.as_ref().map(|brush| outline(brush, kind.get() == Kind::Histogram)));
    let near = move || {
        let near = state.near.get()?;
        state.drawn.with(|drawn| ring(drawn.as_ref()?, part.get(), (near.x, near.y)))
    };
    view! {
        <svg class="picture-overlay" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
            <path class="graticule" d=path(graticule)></path>
            <path class="bars" d=path(|drawn, part| bars(drawn, part, |bin| bin.count))></path>
            <path class="bars lit" d=path(|drawn, part| bars(drawn, part, |bin| bin.lit))></path>
            <path class="brush" d=brushed></path>
        </svg>
        {move || near().map(|(across, up)| view! {
            <span class="picture-ring" style:left=css(across * 100.0, "%") style:bottom=css(up * 100.0, "%")></span>
        })}
    }
}

/// A place in the drawing.
fn point(out: &mut String, letter: char, (across, up): (f64, f64)) {
    // Writing to a String cannot fail.
    let _ = write!(out, "{letter}{} {}", css(across * 1000.0, ""), css((1.0 - up) * 1000.0, ""));
}

fn outline(brush: &Brush, all_heights: bool) -> String {
    let mut out = String::new();
    let mut line = |places: &[(f64, f64)]| {
        for (at, place) in places.iter().enumerate() {
            point(&mut out, if at == 0 { 'M' } else { 'L' }, *place);
        }
    };
    match brush {
        Brush::Rectangle((left, bottom), (right, top)) => {
            let (bottom, top) = if all_heights { (0.0, 1.0) } else { (*bottom, *top) };
            line(&[(*left, bottom), (*right, bottom), (*right, top), (*left, top)]);
        }
        Brush::Lasso(places) => line(places),
    }
    out.push('z');
    out
}

fn graticule(drawn: &Drawn, [left, right, bottom, top]: Part) -> String {
    let Made::Points(picture, _) = &drawn.made else { return String::new() };
    let mut out = String::new();
    let mut draw = |line: &Line| {
        let mut pen = 'M';
        for (x, y) in &line.points {
            let place = ((f64::from(*x) - left) / (right - left), (f64::from(*y) - bottom) / (top - bottom));
            if place.0.is_finite() && place.1.is_finite() {
                point(&mut out, pen, place);
                pen = 'L';
            } else {
                pen = 'M';
            }
        }
    };
    picture.graticule.iter().for_each(&mut draw);
    out
}

fn bars(drawn: &Drawn, [left, right, ..]: Part, height: fn(&Bin) -> u64) -> String {
    let Made::Bins(histogram) = &drawn.made else { return String::new() };
    let Histogram { x, y, bins, .. } = &**histogram;
    let mut out = String::new();
    for bin in bins.iter().filter(|bin| height(bin) > 0) {
        let across = |value: f64| (x.place(value) - left) / (right - left);
        let (from, to, up) = (across(bin.low), across(bin.high), y.place(height(bin) as f64));
        if to < 0.0 || from > 1.0 {
            continue;
        }
        point(&mut out, 'M', (from, 0.0));
        [(from, up), (to, up), (to, 0.0)].into_iter().for_each(|place| point(&mut out, 'L', place));
        out.push('z');
    }
    out
}

/// Where the row under the pointer lies. On a sky only the worker could say it.
fn ring(drawn: &Drawn, [left, right, bottom, top]: Part, (x, y): (f64, f64)) -> Option<(f64, f64)> {
    if drawn.form.kind == Kind::Sky {
        return None;
    }
    let axes = drawn.axes();
    Some((seen(axes.0.place(x), left, right)?, seen(axes.1.place(y), bottom, top)?))
}
