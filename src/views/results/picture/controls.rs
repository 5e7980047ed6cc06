//! What is drawn: ready-made pictures, the kind, the expressions, and how axes run.

use leptos::prelude::*;
use workbench::{
    expression::quoted,
    picture::{Axis, Fault, Part as Which, Scale},
};

use super::expression::{COLUMNS, ExpressionField};
use crate::{
    actions::{
        Actions,
        pictures::{PictureFile, fault_of},
    },
    components::{
        field::{CheckBox, Segmented},
        icon::Glyph,
        menu::{Menu, MenuItem},
    },
    state::pictures::{Form, Kind},
};

const KINDS: [(Kind, &str, &str); 4] = [
    (Kind::Scatter, "Scatter", ""),
    (Kind::Density, "Density", ""),
    (Kind::Sky, "Sky", ""),
    (Kind::Histogram, "Histogram", ""),
];

/// The controls above the picture.
#[component]
pub fn Controls(form: Memo<Option<Form>>, kind: Memo<Kind>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let sheet = Memo::new(move |_| state.pictures.sheet(state.results.current.get()?));
    let presets = Memo::new(move |_| sheet.with(|sheet| sheet.as_ref().map(|sheet| sheet.presets.clone())));
    let titles = Memo::new(move |_| {
        let items = presets.get().unwrap_or_default();
        items.iter().map(|preset| MenuItem::new(preset.title.clone())).collect::<Vec<_>>()
    });
    let files = Signal::stored(vec![
        MenuItem { detail: Some("Pixels, with axes and title".into()), ..MenuItem::new("PNG") },
        MenuItem { detail: Some("Axes and words as shapes, for papers".into()), ..MenuItem::new("SVG") },
    ]);
    let columns = Memo::new(move |_| {
        let fields = state.results.shown().map(|table| table.fields).unwrap_or_default();
        let usable = fields.iter().filter(|field| field.is_scalar_number());
        usable.map(|field| (quoted(&field.name), field.description.clone())).collect::<Vec<_>>()
    });
    let faults =
        Memo::new(move |_| sheet.with(|sheet| sheet.as_ref().map_or_else(Vec::new, |sheet| sheet.faults.clone())));
    view! {
        <div class="toolbar picture-kinds">
            {move || (!titles.with(Vec::is_empty)).then(|| view! {
                <Menu
                    label="Ready-made"
                    glyph=Glyph::Picture
                    items=titles
                    on_choose=Callback::new(move |at| actions.take_preset(at))
                />
            })}
            <Segmented
                legend="Kind of picture"
                choices=KINDS
                chosen=kind
                on_choose=move |kind| actions.wish(|form| form.kind = kind)
            />
            <span class="spacer"></span>
            <Menu
                label="Save picture"
                glyph=Glyph::Download
                items=files
                on_choose=Callback::new(move |at| {
                    actions.save_picture(if at == 0 { PictureFile::Png } else { PictureFile::Svg });
                })
                end=true
                class="quiet"
            />
        </div>
        <datalist id=COLUMNS>
            {move || columns.get().into_iter().map(|(name, description)| view! { <option value=name>{description}</option> }).collect_view()}
        </datalist>
        <div class="picture-axes">
            {move || match kind.get() {
                Kind::Scatter | Kind::Density => view! {
                    <AxisField label="x" form faults which=Which::X axis=(|form| &form.x, |form| &mut form.x) reversible=true />
                    <AxisField label="y" form faults which=Which::Y axis=(|form| &form.y, |form| &mut form.y) reversible=true />
                    <ColorField form faults />
                }.into_any(),
                Kind::Histogram => view! {
                    <AxisField label="x" form faults which=Which::X axis=(|form| &form.x, |form| &mut form.x) reversible=false />
                    <Bins form />
                }.into_any(),
                Kind::Sky => view! {
                    <SkyField label="Longitude" form faults which=Which::X text=(|form| &form.longitude, |form| &mut form.longitude) />
                    <SkyField label="Latitude" form faults which=Which::Y text=(|form| &form.latitude, |form| &mut form.latitude) />
                    <ColorField form faults />
                }.into_any(),
            }}
        </div>
    }
}

/// A part of the form: how to see it, and how to change it.
type Access<T> = (fn(&Form) -> &T, fn(&mut Form) -> &mut T);

fn part_of<T: Clone + Default + 'static>(form: Memo<Option<Form>>, see: fn(&Form) -> &T) -> impl Fn() -> T + Copy {
    move || form.with(|form| form.as_ref().map(|form| see(form).clone()).unwrap_or_default())
}

fn fault(faults: Memo<Vec<Fault>>, which: Which) -> Signal<Option<Fault>> {
    Signal::derive(move || faults.with(|faults| fault_of(faults, which).cloned()))
}

/// An axis: its expression, and how it runs.
#[component]
fn AxisField(
    label: &'static str,
    form: Memo<Option<Form>>,
    faults: Memo<Vec<Fault>>,
    which: Which,
    axis: Access<Axis>,
    reversible: bool,
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let (see, change) = axis;
    let axis = part_of(form, see);
    let written = move |text: String| {
        actions.wish(|form| {
            let axis = change(form);
            // Another value has other ranges, and its own way to run.
            *axis = Axis { scale: axis.scale, reversed: reversible && runs_down(&text), ..Axis::new(text) };
        });
    };
    view! {
        <ExpressionField
            label
            value=Signal::derive(move || axis().expression)
            fault=fault(faults, which)
            on_change=written
            beside=move || view! {
                <CheckBox
                    label="Log"
                    name=format!("Logarithmic {label} axis")
                    checked=Signal::derive(move || axis().scale == Scale::Log)
                    on_change=move |on| actions.wish(|form| {
                        let axis = change(form);
                        (axis.scale, axis.range) = (if on { Scale::Log } else { Scale::Linear }, None);
                    })
                />
                {reversible.then(|| view! {
                    <CheckBox
                        label="Reverse"
                        name=format!("Reversed {label} axis")
                        checked=Signal::derive(move || axis().reversed)
                        on_change=move |on| actions.wish(|form| change(form).reversed = on)
                    />
                })}
            }
        />
    }
}

/// By convention magnitudes grow downwards and right ascension to the left.
fn runs_down(expression: &str) -> bool {
    let text = expression.to_lowercase();
    // A difference of two magnitudes is a color, which grows as other numbers do.
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let magnitudes = words.filter(|word| word.ends_with("mag")).count();
    magnitudes == 1 || matches!(text.trim().trim_matches('"'), "ra" | "l" | "pmra" | "raj2000")
}

#[component]
fn SkyField(
    label: &'static str,
    form: Memo<Option<Form>>,
    faults: Memo<Vec<Fault>>,
    which: Which,
    text: Access<String>,
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let (see, change) = text;
    view! {
        <ExpressionField
            label
            value=Signal::derive(part_of(form, see))
            fault=fault(faults, which)
            on_change=move |text| actions.wish(|form| *change(form) = text)
        />
    }
}

#[component]
fn ColorField(form: Memo<Option<Form>>, faults: Memo<Vec<Fault>>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    view! {
        <ExpressionField
            label="Color by"
            placeholder="number of rows"
            value=Signal::derive(part_of(form, |form| &form.color))
            fault=fault(faults, Which::Color)
            on_change=move |text| actions.wish(|form| form.color = text)
        />
    }
}

#[component]
fn Bins(form: Memo<Option<Form>>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let bins = part_of(form, |form| &form.bins);
    let log = part_of(form, |form| &form.log_counts);
    view! {
        <div class="expression">
            <label class="field inline short">
                <span>"Bins"</span>
                <input
                    type="number"
                    min="1"
                    max="1000"
                    placeholder="as suits"
                    prop:value=move || bins().map(|bins| bins.to_string()).unwrap_or_default()
                    on:change=move |event| {
                        let bins = event_target_value(&event).parse().ok();
                        actions.wish(|form| form.bins = bins);
                    }
                />
            </label>
            <CheckBox
                label="Logarithmic counts"
                checked=Signal::derive(log)
                on_change=move |on| actions.wish(|form| form.log_counts = on)
            />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::runs_down;

    #[test]
    fn magnitudes_run_down_and_colors_do_not() {
        for text in ["phot_g_mean_mag", "phot_g_mean_mag + 5*log10(parallax) - 10", " ra ", "\"Gmag\""] {
            assert!(runs_down(text), "{text}");
        }
        for text in ["phot_bp_mean_mag - phot_rp_mean_mag", "bp_rp", "phot_g_mean_mag_error", "image", "parallax"] {
            assert!(!runs_down(text), "{text}");
        }
    }
}
