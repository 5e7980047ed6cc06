//! The points, and what hands do over them: mouse, wheel, fingers and keys.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{KeyboardEvent, PointerEvent, WheelEvent};
use workbench::{
    picture::Histogram,
    select::{Choice, Combine},
};

use super::{
    Seen,
    axes::name,
    overlay::{Brush, Overlay},
    tools::around,
};
use crate::{
    actions::Actions,
    components::number::{exact, short},
    state::{
        pictures::{Drawn, Kind, Made, Mode, Part, WHOLE},
        results::grouped,
    },
};

/// Pixels that a pointer may move and still click.
const STILL: f64 = 4.0;
/// Pixels between two corners of a lasso.
const CORNER: f64 = 3.0;
/// Part of the picture that an arrow key moves.
const STEP: f64 = 0.1;
/// Pixels that a wheel means where it counts lines.
const LINE: f64 = 16.0;

/// Pointers that are down, where they went down first, and what they do.
#[derive(Clone, Debug, Default)]
struct Gesture {
    down: Vec<(i32, (f64, f64))>,
    start: (f64, f64),
    moved: bool,
    brushes: bool,
}

/// The points with all that is over them.
#[component]
pub fn Plot(part: Seen, kind: Memo<Kind>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.pictures;
    let root = NodeRef::<html::Div>::new();
    let brush = RwSignal::new(None::<Brush>);
    let gesture = StoredValue::new(Gesture::default());
    // Where the pointer is, in pixels from the left and the top.
    let hover = RwSignal::new(None::<(f64, f64)>);

    let size = move || {
        let area = root.get_untracked().map(|root| root.get_bounding_client_rect());
        area.map_or((1.0, 1.0), |area| (area.width().max(1.0), area.height().max(1.0)))
    };
    let pixel = move |event: &web_sys::MouseEvent| {
        let area = root.get_untracked().map(|root| root.get_bounding_client_rect());
        area.map_or((0.0, 0.0), |area| {
            (f64::from(event.client_x()) - area.left(), f64::from(event.client_y()) - area.top())
        })
    };
    let place = move |(x, y): (f64, f64)| {
        let (width, height) = size();
        (x / width, 1.0 - y / height)
    };

    let press = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        // Without the capture the drag ends at the edge, which is no harm.
        if let Some(root) = root.get_untracked() {
            root.set_pointer_capture(event.pointer_id()).ok();
        }
        let at = pixel(&event);
        let mode = state.mode.get_untracked();
        gesture.update_value(|gesture| {
            gesture.down.push((event.pointer_id(), at));
            if gesture.down.len() == 1 {
                (gesture.start, gesture.moved) = (at, false);
                gesture.brushes = mode != Mode::Move || event.shift_key();
            } else {
                gesture.brushes = false;
                brush.set(None);
            }
        });
    };
    let drag = move |event: PointerEvent| {
        let at = pixel(&event);
        let before = gesture.get_value();
        let (width, height) = size();
        let Some(index) = before.down.iter().position(|(id, _)| *id == event.pointer_id()) else {
            // Nothing is pressed: what is near?
            hover.set(Some(at));
            return actions.point_at(place(at), false);
        };
        let last = before.down[index].1;
        let moved = before.moved || distance(before.start, at) > STILL;
        gesture.update_value(|gesture| {
            gesture.down[index].1 = at;
            gesture.moved = moved;
        });
        if !moved {
            return;
        }
        actions.point_nowhere();
        match (&before.down[..], before.brushes) {
            ([_], true) => {
                let lasso = state.mode.get_untracked() == Mode::Lasso && kind.get_untracked() != Kind::Histogram;
                brush.update(|brush| match brush {
                    Some(Brush::Lasso(places)) => {
                        let far = places.last().is_none_or(|last| {
                            let (x, y) = place(at);
                            ((x - last.0) * width).hypot((y - last.1) * height) > CORNER
                        });
                        if far {
                            places.push(place(at));
                        }
                    }
                    _ if lasso => *brush = Some(Brush::Lasso(vec![place(before.start)])),
                    _ => *brush = Some(Brush::Rectangle(place(before.start), place(at))),
                });
            }
            ([_], false) => {
                let (across, up) = ((at.0 - last.0) / width, (at.1 - last.1) / height);
                actions.look_at([-across, 1.0 - across, up, 1.0 + up]);
            }
            ([one, other, ..], _) => {
                let fixed = if index == 0 { other.1 } else { one.1 };
                let factor = distance(fixed, last) / distance(fixed, at).max(1.0);
                actions.look_at(around(place(middle(fixed, at)), factor.clamp(0.2, 5.0)));
            }
            ([], _) => {}
        }
    };
    let release = move |event: PointerEvent| {
        let before = gesture.get_value();
        gesture.update_value(|gesture| gesture.down.retain(|(id, _)| *id != event.pointer_id()));
        if before.down.len() != 1 {
            return;
        }
        let how = match (event.shift_key(), event.alt_key()) {
            // In the mode that moves, Shift began the brush.
            (true, _) if state.mode.get_untracked() != Mode::Move => Combine::Add,
            (_, true) => Combine::Remove,
            _ => state.combine.get_untracked(),
        };
        match brush.try_update(Option::take).flatten() {
            Some(Brush::Rectangle((left, bottom), (right, top))) => {
                actions.select_part([left, right, bottom, top], how)
            }
            Some(Brush::Lasso(places)) if places.len() > 2 => actions.select_inside(&places, how),
            Some(Brush::Lasso(_)) => {}
            None if !before.moved => actions.point_at(place(before.start), true),
            None => {}
        }
    };
    let give_up = move |_| {
        gesture.set_value(Gesture::default());
        brush.set(None);
    };
    let turn = move |event: WheelEvent| {
        event.prevent_default();
        let pixels = event.delta_y() * if event.delta_mode() == WheelEvent::DOM_DELTA_PIXEL { 1.0 } else { LINE };
        let factor = 1.0015_f64.powf(pixels.clamp(-600.0, 600.0));
        actions.look_at(around(place(pixel(&event)), factor));
    };
    let key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let shift = |across: f64, up: f64| actions.look_at([across, 1.0 + across, up, 1.0 + up]);
        match event.key().as_str() {
            "ArrowLeft" => shift(-STEP, 0.0),
            "ArrowRight" => shift(STEP, 0.0),
            "ArrowUp" => shift(0.0, STEP),
            "ArrowDown" => shift(0.0, -STEP),
            "+" | "=" => actions.look_at(around((0.5, 0.5), 0.8)),
            "-" => actions.look_at(around((0.5, 0.5), 1.25)),
            "0" | "Home" => actions.look_at_all(),
            "Enter" => actions.select_part(WHOLE, state.combine.get_untracked()),
            "Escape" if brush.with_untracked(Option::is_some) => give_up(()),
            "Escape" => actions.select(Choice::None, Combine::Replace),
            _ => return,
        }
        event.prevent_default();
    };

    view! {
        <div
            class="picture-area"
            class:brushing=move || state.mode.get() != Mode::Move
            role="application"
            tabindex="0"
            aria-label=move || describe(state.drawn)
            aria-description="Arrow keys move, plus and minus zoom, 0 shows the whole, Enter selects the rows in view, Escape clears the selection."
            on:pointerdown=press
            on:pointermove=drag
            on:pointerup=release
            on:pointercancel=move |_| give_up(())
            on:pointerleave=move |_| {
                hover.set(None);
                actions.point_nowhere();
            }
            on:wheel=turn
            on:keydown=key
            node_ref=root
        >
            <Points part />
            <Overlay part kind brush />
            <GraticuleLabels part />
        </div>
        <Tip part hover />
    }
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

fn middle(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0)
}

/// What a screen reader says of the picture.
fn describe(drawn: RwSignal<Option<crate::state::pictures::Drawn>, LocalStorage>) -> String {
    drawn.with(|drawn| {
        let Some(drawn) = drawn else { return "Picture, not drawn yet".to_owned() };
        let (x, y) = drawn.axes();
        let along = |axis: &workbench::picture::AxisShown| {
            format!("{} from {} to {}", name(axis), short(axis.low), short(axis.high))
        };
        match drawn.form.kind {
            Kind::Sky => format!("Map of the sky, {} and {}", name(x), name(y)),
            Kind::Histogram => format!("Histogram of {}", along(x)),
            Kind::Scatter => format!("Scatter plot of {} against {}", along(y), along(x)),
            Kind::Density => format!("Density of {} against {}", along(y), along(x)),
        }
    })
}

/// The pixels that the worker drew, stretched to the part that is wished until it has drawn that.
#[component]
fn Points(part: Seen) -> impl IntoView {
    let drawn = expect_context::<Actions>().state.pictures.drawn;
    let canvas = NodeRef::<html::Canvas>::new();
    Effect::new(move || {
        let Some(canvas) = canvas.get() else { return };
        drawn.with(|drawn| {
            let image = drawn.as_ref().and_then(|drawn| match &drawn.made {
                Made::Points(_, image) => Some(image),
                Made::Bins(_) => None,
            });
            let (width, height) = image.map_or((1, 1), |image| (image.width(), image.height()));
            // To set a size empties the canvas, which is right where there are no points, and waste where it is the same.
            if image.is_none() || canvas.width() != width || canvas.height() != height {
                canvas.set_width(width);
                canvas.set_height(height);
            }
            let context = canvas.get_context("2d").ok().flatten();
            let context = context.and_then(|context| context.dyn_into::<web_sys::CanvasRenderingContext2d>().ok());
            if let (Some(image), Some(context)) = (image, context) {
                // Fails only for a canvas that shows another origin's pixels.
                context.put_image_data(image, 0.0, 0.0).ok();
            }
        });
    });
    let transform = move || {
        let [left, right, bottom, top] = part.get();
        let (across, up) = (1.0 / (right - left), 1.0 / (top - bottom));
        format!(
            "translate({}%, {}%) scale({}, {})",
            exact(-100.0 * left * across),
            exact(100.0 * (top - 1.0) * up),
            exact(across),
            exact(up)
        )
    };
    view! { <canvas class="picture-points" aria-hidden="true" style:transform=transform node_ref=canvas></canvas> }
}

/// Degrees at meridians and parallels.
#[component]
fn GraticuleLabels(part: Seen) -> impl IntoView {
    let drawn = expect_context::<Actions>().state.pictures.drawn;
    move || {
        let [left, right, bottom, top] = part.get();
        drawn.with(|drawn| {
            let Made::Points(picture, _) = &drawn.as_ref()?.made else { return None };
            let label = |line: &workbench::picture::Line| {
                let (x, y) = line.points.get(line.points.len() / 2).filter(|_| !line.label.is_empty())?;
                let x = super::seen(f64::from(*x), left, right)?;
                let y = super::seen(f64::from(*y), bottom, top)?;
                let (x, y) = (crate::components::css::css(x * 100.0, "%"), crate::components::css::css(y * 100.0, "%"));
                Some(view! { <span class="graticule-label" aria-hidden="true" style:left=x style:bottom=y>{line.label.clone()}</span> })
            };
            Some(picture.graticule.iter().filter_map(label).collect_view())
        })
    }
}

/// The bin at a place from the left, in words.
fn bin_at(drawn: &Drawn, histogram: &Histogram, [left, right, ..]: Part, at: f64) -> Option<[String; 4]> {
    let value = drawn.axes().0.value(left + at * (right - left));
    let bin = histogram.bins.iter().find(|bin| bin.low <= value && value < bin.high)?;
    let rows = |number: u64| grouped(number as usize);
    let selected = if bin.lit > 0 { format!("{} selected", rows(bin.lit)) } else { String::new() };
    Some([
        format!("{} to {}", short(bin.low), short(bin.high)),
        format!("{} rows", rows(bin.count)),
        selected,
        String::new(),
    ])
}

/// What is under the pointer in a few words: a row, or a bin.
#[component]
fn Tip(part: Seen, hover: RwSignal<Option<(f64, f64)>>) -> impl IntoView {
    let state = expect_context::<Actions>().state;
    let id = Memo::new(move |_| {
        let fields = state.results.shown()?.fields;
        ["designation", "source_id"].iter().find_map(|name| fields.iter().position(|field| field.name == *name))
    });
    move || {
        let (left, top) = hover.get()?;
        let near = state.pictures.near.get();
        let lines = state.pictures.drawn.with(|drawn| {
            let drawn = drawn.as_ref()?;
            match &drawn.made {
                Made::Bins(histogram) => bin_at(drawn, histogram, part.get(), left / drawn.size.0),
                Made::Points(..) => {
                    let ((x, y), near) = (drawn.axes(), near?);
                    let id = id.get().and_then(|column| near.cells.get(column).cloned().flatten());
                    let value = |axis, value| format!("{}: {}", name(axis), short(value));
                    let hint = "Click for all values".to_owned();
                    Some([id.unwrap_or_default(), value(x, near.x), value(y, near.y), hint])
                }
            }
        })?;
        // It stands where there is room for it.
        let (width, height) = state.pictures.drawn.with(|drawn| drawn.as_ref().map_or((0.0, 0.0), |drawn| drawn.size));
        Some(view! {
            <div
                class="picture-tip"
                class:left=(2.0 * left > width)
                class:above=(2.0 * top > height)
                aria-hidden="true"
                style:left=crate::components::css::css(left, "px")
                style:top=crate::components::css::css(top, "px")
            >
                {lines.into_iter().filter(|line| !line.is_empty()).map(|line| view! { <span>{line}</span> }).collect_view()}
            </div>
        })
    }
}
