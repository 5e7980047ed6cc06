//! Products as pictures on the spot, with what can be changed about them.

mod controls;
mod folding;

use controls::{Controls, Pairs};
use folding::Folding;
use leptos::{html, prelude::*};
use workbench::series::{Charts, Kind};

use crate::{
    actions::Actions,
    components::{
        focus::focus_in_place,
        icon::{Glyph, Icon},
        menu::{Menu, MenuItem},
        series_plot::{SeriesPlot, frame_size},
        size::observe_size,
    },
    state::schema::Loadable,
};

/// Height of a frame, and the least width of a small picture of many.
const HEIGHT: u32 = 300;
const SMALL: (f64, u32) = (300.0, 150);

/// The picture, if one is drawn.
#[component]
pub fn PicturePanel() -> impl IntoView {
    let state = expect_context::<Actions>().state.datalink;
    let open = Memo::new(move |_| state.picture.with(Option::is_some));
    move || open.get().then(|| view! { <Opened /> })
}

#[component]
fn Opened() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.datalink;
    let charts =
        Memo::new(move |_| state.picture.with(|picture| picture.as_ref().map(|picture| picture.charts.clone())));
    let kind = Memo::new(move |_| charts.with(|charts| charts.as_ref()?.here().map(|charts| charts.kind)));
    let head = NodeRef::<html::H3>::new();
    // A picture that is asked for from far below comes into view; one that another product is laid over stays where it is.
    Effect::new(move || {
        if let Some(head) = head.get() {
            head.scroll_into_view();
            focus_in_place(&head);
        }
    });
    let frame = NodeRef::<html::Div>::new();
    let width = RwSignal::new(640.0);
    observe_size(frame, move |across, _| width.set(across));
    Effect::new(move || {
        let across = width.get();
        let size = match kind.get() {
            Some(Kind::Samples) => frame_size((across / (across / SMALL.0).floor().max(1.0)) - 12.0, SMALL.1),
            _ => frame_size(across, HEIGHT),
        };
        actions.edit_picture(|spec| spec.size = size);
    });
    let title = move || {
        kind.get().map_or("Picture", |kind| match kind {
            Kind::LightCurve => "Light curve",
            Kind::Spectrum => "Spectrum",
            Kind::Coefficients => "Coefficients of the spectrum",
            Kind::Samples => "Posterior samples",
        })
    };
    view! {
        <section class="datalink-picture" aria-label="Picture">
            <div class="panel-head">
                <h3 tabindex="-1" node_ref=head>{title}</h3>
                {move || kind.get().map(|kind| view! { <Controls kind charts /> })}
                <button class="button quiet icon-only" type="button" aria-label="Close the picture" on:click=move |_| actions.close_picture()>
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            {move || (kind.get() == Some(Kind::LightCurve)).then(|| view! { <Folding charts /> })}
            {move || (kind.get() == Some(Kind::Samples)).then(|| view! { <Pairs charts /> })}
            <div class="datalink-charts" class:small=move || kind.get() == Some(Kind::Samples) node_ref=frame>
                {move || match charts.get() {
                    None | Some(Loadable::Absent) => ().into_any(),
                    Some(Loadable::Loading) => view! { <p class="muted">"Drawing"</p> }.into_any(),
                    Some(Loadable::Failed(reason)) => view! { <p class="notice warning" role="alert">{reason}</p> }.into_any(),
                    Some(Loadable::Here(charts)) => view! { <Drawn charts /> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn Drawn(charts: Charts) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let several = charts.charts.len() > 1;
    let chart = move |(number, chart): (usize, workbench::series::Chart)| {
        let title = chart.title.clone();
        let items = Signal::stored(vec![MenuItem::new("PNG"), MenuItem::new("SVG")]);
        let name = Signal::stored(format!("Save {title}"));
        let save = Callback::new(move |at| actions.save_chart(number, at == 0));
        view! {
            <figure class="datalink-chart">
                <figcaption class="row">
                    <span class="grow small number">{title}</span>
                    <Menu label=if several { "" } else { "Save" } name glyph=Glyph::Download class="quiet small" items on_choose=save end=true />
                </figcaption>
                <div class="scroll"><SeriesPlot chart /></div>
            </figure>
        }
    };
    view! {
        {charts.problem.map(|problem| view! { <p class="error-text" role="alert">{problem}</p> })}
        {(charts.kind == Kind::Coefficients).then(|| view! {
            <p class="notice info small">
                "These are coefficients of basis functions that are no part of the product. For the spectrum over wavelength get XP_SAMPLED."
            </p>
        })}
        {(charts.kind == Kind::Samples && charts.charts.iter().any(|chart| chart.y.label == "Samples")).then(|| view! {
            <p class="muted small">"The lines stand at the median and at the limits of the middle 68 % of the samples."</p>
        })}
        {charts.charts.into_iter().enumerate().map(chart).collect_view()}
    }
}
