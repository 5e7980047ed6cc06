//! Products as pictures on the spot, with what can be changed about them.

use leptos::{html, prelude::*};
use workbench::series::{Charts, Kind};

use crate::{
    actions::Actions,
    components::{
        focus::focus_in_place,
        icon::{Glyph, Icon},
        menu::{Menu, MenuItem},
        progress::Progress,
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

/// What every kind of picture has: source, errors, rejected points.
#[component]
fn Controls(kind: Kind, charts: Memo<Option<Loadable<Charts>>>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let spec =
        move || actions.state.datalink.picture.with(|picture| picture.as_ref().map(|picture| picture.spec.clone()));
    let sources = Memo::new(move |_| {
        charts
            .with(|charts| charts.as_ref().and_then(Loadable::here).map(|charts| charts.sources.clone()))
            .unwrap_or_default()
    });
    let chosen = move || spec().and_then(|spec| spec.sources.first().cloned()).unwrap_or_default();
    view! {
        {move || sources.with(|sources| sources.len() > 1).then(|| view! {
            <label class="field inline">
                <span>"Source"</span>
                <select
                    class="mono"
                    on:change=move |event| {
                        let source = event_target_value(&event);
                        actions.edit_picture(|spec| spec.sources = Some(source).filter(|id| !id.is_empty()).into_iter().collect());
                    }
                >
                    <option value="" selected=move || chosen().is_empty()>"The first ones"</option>
                    {sources.get().into_iter().map(|id| {
                        let (own, label) = (id.clone(), id.clone());
                        view! { <option value=id selected=move || chosen() == own>{label}</option> }
                    }).collect_view()}
                </select>
            </label>
        })}
        {(kind != Kind::Samples).then(|| view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || spec().is_some_and(|spec| spec.errors)
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        actions.edit_picture(|spec| spec.errors = on);
                    }
                />
                "Errors"
            </label>
        })}
        {(kind == Kind::Spectrum).then(|| view! {
            <label class="check" title="Each divided by its mean flux">
                <input
                    type="checkbox"
                    prop:checked=move || spec().is_some_and(|spec| spec.scaled)
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        actions.edit_picture(|spec| spec.scaled = on);
                    }
                />
                "Same scale for all"
            </label>
        })}
        {(kind == Kind::LightCurve).then(|| view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || spec().is_some_and(|spec| spec.rejected)
                    on:change=move |event| {
                        let on = event_target_checked(&event);
                        actions.edit_picture(|spec| spec.rejected = on);
                    }
                />
                "Rejected observations (crosses)"
            </label>
        })}
    }
}

/// Folding by a period that is typed or searched for.
#[component]
fn Folding(charts: Memo<Option<Loadable<Charts>>>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let picture = actions.state.datalink.picture;
    let progress = RwSignal::new(None::<f32>);
    let spec = move |get: fn(&workbench::series::ChartSpec) -> &String| {
        picture.with(|picture| picture.as_ref().map(|picture| get(&picture.spec).clone()).unwrap_or_default())
    };
    let search = move |get: fn(&crate::state::datalink::Search) -> &String| {
        picture.with(|picture| picture.as_ref().map(|picture| get(&picture.search).clone()).unwrap_or_default())
    };
    let bands = Memo::new(move |_| {
        charts
            .with(|charts| charts.as_ref().and_then(Loadable::here).map(|charts| charts.bands.clone()))
            .unwrap_or_default()
    });
    let said =
        Memo::new(move |_| picture.with(|picture| picture.as_ref().and_then(|picture| picture.search.said.clone())));
    view! {
        <div class="row loose">
            <label class="field inline">
                <span>"Fold by period (days)"</span>
                <input
                    type="text"
                    inputmode="decimal"
                    class="short number"
                    autocomplete="off"
                    prop:value=move || spec(|spec| &spec.period)
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        actions.edit_picture(|spec| spec.period = text);
                    }
                />
            </label>
            <label class="field inline">
                <span>"Phase zero at (days)"</span>
                <input
                    type="text"
                    inputmode="decimal"
                    class="number"
                    autocomplete="off"
                    placeholder="first observation"
                    prop:value=move || spec(|spec| &spec.epoch)
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        actions.edit_picture(|spec| spec.epoch = text);
                    }
                />
            </label>
        </div>
        <div class="row">
            <label class="field inline">
                <span>"Search band"</span>
                <select
                    on:change=move |event| {
                        let band = event_target_value(&event);
                        actions.edit_period_search(|search| search.band = band);
                    }
                >
                    {move || bands.get().into_iter().map(|band| {
                        let (own, label) = (band.clone(), band.clone());
                        view! { <option value=band selected=move || search(|search| &search.band) == own>{label}</option> }
                    }).collect_view()}
                </select>
            </label>
            <label class="field inline">
                <span>"from (days)"</span>
                <input
                    type="text"
                    inputmode="decimal"
                    class="short number"
                    prop:value=move || search(|search| &search.shortest)
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        actions.edit_period_search(|search| search.shortest = text);
                    }
                />
            </label>
            <label class="field inline">
                <span>"to (days)"</span>
                <input
                    type="text"
                    inputmode="decimal"
                    class="short number"
                    prop:value=move || search(|search| &search.longest)
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        actions.edit_period_search(|search| search.longest = text);
                    }
                />
            </label>
            {move || match progress.get() {
                Some(_) => view! {
                    <button class="button" type="button" on:click=move |_| actions.stop_search()><Icon glyph=Glyph::Stop />"Stop the search"</button>
                    <div class="datalink-search"><Progress label="Looking for a period" done=Signal::derive(move || progress.get().map(f64::from)) /></div>
                }.into_any(),
                None => view! {
                    <button class="button" type="button" on:click=move |_| actions.find_period(progress)><Icon glyph=Glyph::Search />"Search for the period"</button>
                }.into_any(),
            }}
            <span class="small" role="status">{move || said.get()}</span>
        </div>
    }
}

/// Which parameters are drawn in pairs.
#[component]
fn Pairs(charts: Memo<Option<Loadable<Charts>>>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let picture = actions.state.datalink.picture;
    let parameters = Memo::new(move |_| {
        charts
            .with(|charts| charts.as_ref().and_then(Loadable::here).map(|charts| charts.parameters.clone()))
            .unwrap_or_default()
    });
    let ticked = move |name: &str| {
        picture.with(|picture| {
            picture.as_ref().is_some_and(|picture| picture.spec.pairs.iter().any(|other| other == name))
        })
    };
    view! {
        <fieldset class="row datalink-pairs">
            <legend class="muted small">"Histograms of all, or pairs of these"</legend>
            {move || parameters.get().into_iter().map(|name| {
                let (own, label) = (name.clone(), name.clone());
                view! {
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || ticked(&own)
                            on:change=move |event| {
                                let on = event_target_checked(&event);
                                actions.edit_picture(|spec| {
                                    spec.pairs.retain(|other| *other != name);
                                    if on {
                                        spec.pairs.push(name.clone());
                                    }
                                });
                            }
                        />
                        <span class="mono small">{label}</span>
                    </label>
                }
            }).collect_view()}
        </fieldset>
    }
}
