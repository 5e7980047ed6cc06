//! Folding a light curve by a period, typed or found.

use leptos::prelude::*;
use workbench::series::{ChartSpec, Charts};

use crate::{
    actions::Actions,
    components::{
        field::{Text, TextField},
        icon::{Glyph, Icon},
        progress::Progress,
    },
    state::{datalink::Search, schema::Loadable},
};

/// Folding by a period that is typed or searched for.
#[component]
pub fn Folding(charts: Memo<Option<Loadable<Charts>>>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let picture = actions.state.datalink.picture;
    let progress = RwSignal::new(None::<f32>);
    let spec = move |get: fn(&ChartSpec) -> &String| {
        picture.with(|picture| picture.as_ref().map(|picture| get(&picture.spec).clone()).unwrap_or_default())
    };
    let search = move |get: fn(&Search) -> &String| {
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
            <TextField
                label="Fold by period (days)"
                class="inline short"
                kind=Text::Number
                value=Signal::derive(move || spec(|spec| &spec.period))
                on_input=move |text| actions.edit_picture(|spec| spec.period = text)
            />
            <TextField
                label="Phase zero at (days)"
                class="inline"
                kind=Text::Number
                hint="first observation"
                value=Signal::derive(move || spec(|spec| &spec.epoch))
                on_input=move |text| actions.edit_picture(|spec| spec.epoch = text)
            />
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
            <TextField
                label="from (days)"
                class="inline short"
                kind=Text::Number
                value=Signal::derive(move || search(|search| &search.shortest))
                on_input=move |text| actions.edit_period_search(|search| search.shortest = text)
            />
            <TextField
                label="to (days)"
                class="inline short"
                kind=Text::Number
                value=Signal::derive(move || search(|search| &search.longest))
                on_input=move |text| actions.edit_period_search(|search| search.longest = text)
            />
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
