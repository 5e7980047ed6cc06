//! A picture of the rows: what is drawn, the picture itself, and what can be done in it.

mod axes;
mod controls;
mod expression;
mod legend;
mod overlay;
mod plot;
mod ranges;
mod tools;

use std::time::Duration;

use leptos::{html, prelude::*};

use crate::{
    actions::{Actions, pictures::Canvas},
    components::{empty_state::EmptyState, icon::Glyph, later::Later, progress::Progress, size::observe_size},
    dom,
    state::{
        Theme,
        pictures::{Form, Kind, Made, Part, WHOLE},
        results::{Stage, grouped},
    },
};
use axes::{Across, Up};
use controls::Controls;
use legend::Legend;
use plot::Plot;
use ranges::Ranges;
use tools::Tools;

/// How long a size must stay before the picture is drawn in it.
const CALM: Duration = Duration::from_millis(100);

/// Pictures smaller than this say nothing.
const LEAST: f64 = 24.0;

/// The picture of the shown table, if it has numbers.
#[component]
pub fn PictureView() -> impl IntoView {
    let results = expect_context::<Actions>().state.results;
    let numbers = Memo::new(move |_| {
        let fields = results.shown().map(|table| table.fields).unwrap_or_default();
        fields.is_empty() || fields.iter().any(|field| field.is_scalar_number())
    });
    move || {
        if numbers.get() {
            view! { <Picture /> }.into_any()
        } else {
            view! {
                <EmptyState
                    glyph=Glyph::Picture
                    title="Nothing to draw"
                    text="No column of this result holds numbers. Add some to the query, such as ra and dec, and run it again."
                />
            }
            .into_any()
        }
    }
}

#[component]
fn Picture() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let form = Memo::new(move |_| Some(state.pictures.sheet(state.results.current.get()?)?.form));
    let frame = NodeRef::<html::Div>::new();
    let canvas = use_canvas(frame);
    draw_when_something_changes(form, canvas);

    let kind = Memo::new(move |_| form.with(|form| form.as_ref().map(|form| form.kind).unwrap_or_default()));
    // The part of the drawn picture that is wished: it is shown at once, stretched, until the worker has drawn it.
    let part = Memo::new(move |_| {
        let (drawn, form) = (state.pictures.drawn.read(), form.get());
        let table = state.results.current.get();
        drawn.as_ref().zip(form).zip(table).map_or(WHOLE, |((drawn, form), table)| drawn.part(table, &form))
    });
    view! {
        <div class="picture">
            <Later content=move || view! { <Controls form kind /> } />
            <Later content=move || view! { <Tools form kind /> } />
            <div class="picture-frame" class:sky=move || kind.get() == Kind::Sky>
                <Up part />
                <div class="picture-plot" node_ref=frame>
                    <Plot part kind />
                    <Waiting />
                </div>
                <Legend />
                <Across part />
            </div>
            <p class="picture-counts muted small" role="status">{move || counts(state.pictures.drawn)}</p>
            <Later content=move || view! { <Ranges part kind /> } />
        </div>
    }
}

/// The room for a picture, once it has come to rest.
fn use_canvas(frame: NodeRef<html::Div>) -> Memo<Option<Canvas>> {
    let state = expect_context::<Actions>().state;
    let size = RwSignal::new(None);
    let waits = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || waits.try_update_value(Option::take).flatten().iter().for_each(TimeoutHandle::clear);
    observe_size(frame, move |width, height| {
        let now = (width >= LEAST && height >= LEAST).then_some((width, height));
        if size.get_untracked().is_none() {
            return size.set(now);
        }
        stop();
        let settle = move || {
            size.try_set(now);
        };
        waits.set_value(set_timeout_with_handle(settle, CALM).ok());
    });
    on_cleanup(stop);
    let system_is_dark = dom::system_is_dark();
    Memo::new(move |_| {
        let (width, height) = size.get()?;
        let dark = match state.theme.get() {
            Theme::Auto => system_is_dark.get(),
            theme => theme == Theme::Dark,
        };
        Some(Canvas { width, height, ratio: dom::pixel_ratio(), dark })
    })
}

/// The wish, the room, the selection, the rows: each changes the picture.
fn draw_when_something_changes(form: Memo<Option<Form>>, canvas: Memo<Option<Canvas>>) {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    // Rows that arrive change it each time that they are twice as many, and at the end.
    let rows = Memo::new(move |_| {
        state.results.shown().map(|table| (table.id, table.rows.leading_zeros(), table.stage == Stage::Loading))
    });
    let changes = Memo::new(move |_| Some(state.pictures.sheet(state.results.current.get()?)?.changes));
    Effect::new(move || {
        rows.track();
        changes.track();
        if let (Some(_), Some(canvas)) = (form.get(), canvas.get()) {
            actions.draw(canvas);
        }
    });
}

/// Something goes on that takes long.
#[component]
fn Waiting() -> impl IntoView {
    let state = expect_context::<Actions>().state.pictures;
    let part = Memo::new(move |_| state.selecting.get().or(state.drawing.get()).map(f64::from));
    let some = Memo::new(move |_| part.get().is_some());
    move || {
        some.get().then(|| {
            view! {
                <div class="picture-waiting"><Progress label="Picture being made" done=part /></div>
            }
        })
    }
}

/// What is in the picture, and what is not.
fn counts(drawn: RwSignal<Option<crate::state::pictures::Drawn>, LocalStorage>) -> Option<String> {
    drawn.with(|drawn| {
        let drawn = drawn.as_ref()?;
        let whole = |number: u64| grouped(number as usize);
        let (inside, lit, outside, unvalued, notes) = match &drawn.made {
            Made::Points(picture, _) => (picture.drawn, picture.lit, picture.outside, picture.unvalued, &picture.notes),
            Made::Bins(histogram) => {
                let sum = |count: fn(&workbench::picture::Bin) -> u64| histogram.bins.iter().map(count).sum();
                (sum(|bin| bin.count), sum(|bin| bin.lit), histogram.outside, histogram.unvalued, &histogram.notes)
            }
        };
        let mut words = vec![format!("{} drawn", whole(inside))];
        for (number, what) in [(lit, "of them selected"), (outside, "outside"), (unvalued, "without a value")] {
            if number > 0 {
                words.push(format!("{} {what}", whole(number)));
            }
        }
        words.extend(notes.iter().cloned());
        Some(words.join(" · "))
    })
}

/// Where a place of a drawn picture is in the part of it that is seen; `None` outside.
fn seen(at: f64, from: f64, to: f64) -> Option<f64> {
    let at = (at - from) / (to - from);
    (-1e-6..=1.000_001).contains(&at).then_some(at)
}

/// The part of a drawn picture that is seen.
type Seen = Memo<Part>;
