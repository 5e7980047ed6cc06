//! Ranges and conditions in numbers: what a hand does with a mouse, to the digit and by keyboard.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use workbench::picture::Part as Which;

use super::{Seen, expression::ExpressionField};
use crate::{
    actions::{Actions, pictures::fault_of},
    components::number::short,
    state::pictures::Kind,
};

/// Number fields for what is seen, and a condition.
#[component]
pub fn Ranges(part: Seen, kind: Memo<Kind>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let sheet = Memo::new(move |_| state.pictures.sheet(state.results.current.get()?));
    let condition = move || sheet.with(|sheet| sheet.as_ref().map(|sheet| sheet.condition.clone()).unwrap_or_default());
    let wrong = move || sheet.with(|sheet| fault_of(&sheet.as_ref()?.faults, Which::Condition).cloned());
    view! {
        <details class="picture-ranges">
            <summary>"Ranges and condition"</summary>
            <div class="picture-axes">
                {move || (kind.get() != Kind::Sky).then(|| view! { <Range part vertical=false /> })}
                {move || matches!(kind.get(), Kind::Scatter | Kind::Density).then(|| view! { <Range part vertical=true /> })}
                <div class="expression">
                    <button class="button" type="button" on:click=move |_| actions.select_view()>"Select in view"</button>
                </div>
                <ExpressionField
                    label="Where"
                    placeholder="bp_rp > 1 AND parallax > 5"
                    value=Signal::derive(condition)
                    fault=Signal::derive(wrong)
                    on_change=move |text| actions.write_condition(text)
                    beside=move || view! {
                        <button class="button" type="button" on:click=move |_| actions.select_by_condition()>"Select where"</button>
                    }
                />
            </div>
        </details>
    }
}

#[component]
fn Range(part: Seen, vertical: bool) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let label = if vertical { "y" } else { "x" };
    // What was typed counts to the digit; otherwise what is seen.
    let ends = Memo::new(move |_| {
        let typed = state.pictures.sheet(state.results.current.get()?).and_then(|sheet| {
            let axis = if vertical { sheet.form.y } else { sheet.form.x };
            axis.range
        });
        let [left, right, bottom, top] = part.get();
        let seen = || {
            state.pictures.drawn.with(|drawn| {
                let (x, y) = drawn.as_ref()?.axes();
                let (a, b) = if vertical { (y.value(bottom), y.value(top)) } else { (x.value(left), x.value(right)) };
                Some((a.min(b), a.max(b)))
            })
        };
        typed.or_else(seen)
    });
    let field = move |words: &'static str, upper: bool| {
        let change = move |event: web_sys::Event| {
            let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
            let value = input.map_or(f64::NAN, |input| input.value_as_number());
            if let Some((from, to)) = ends.get_untracked().filter(|_| value.is_finite()) {
                actions.set_range(vertical, if upper { (from, value) } else { (value, to) });
            }
        };
        view! {
            <label class="field inline">
                <span>{format!("{label} {words}")}</span>
                <input
                    type="number"
                    step="any"
                    prop:value=move || ends.get().map(|(from, to)| short(if upper { to } else { from })).unwrap_or_default()
                    on:change=change
                />
            </label>
        }
    };
    view! { <div class="expression range">{field("from", false)}{field("to", true)}</div> }
}
