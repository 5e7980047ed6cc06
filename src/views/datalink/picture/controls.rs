//! What can be changed about a picture: source, errors, rejected points, pairs of parameters.

use leptos::prelude::*;
use workbench::series::{Charts, Kind};

use crate::{actions::Actions, components::field::CheckBox, state::schema::Loadable};

/// What every kind of picture has: source, errors, rejected points.
#[component]
pub fn Controls(kind: Kind, charts: Memo<Option<Loadable<Charts>>>) -> impl IntoView {
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
            <CheckBox
                label="Errors"
                checked=Signal::derive(move || spec().is_some_and(|spec| spec.errors))
                on_change=move |on| actions.edit_picture(|spec| spec.errors = on)
            />
        })}
        {(kind == Kind::Spectrum).then(|| view! {
            <CheckBox
                label="Same scale for all"
                title="Each divided by its mean flux"
                checked=Signal::derive(move || spec().is_some_and(|spec| spec.scaled))
                on_change=move |on| actions.edit_picture(|spec| spec.scaled = on)
            />
        })}
        {(kind == Kind::LightCurve).then(|| view! {
            <CheckBox
                label="Rejected observations (crosses)"
                checked=Signal::derive(move || spec().is_some_and(|spec| spec.rejected))
                on_change=move |on| actions.edit_picture(|spec| spec.rejected = on)
            />
        })}
    }
}

/// Which parameters are drawn in pairs.
#[component]
pub fn Pairs(charts: Memo<Option<Loadable<Charts>>>) -> impl IntoView {
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
