//! The rows that are drawn, and their cells.

use leptos::prelude::*;

use super::{CellBlock, ColumnHead, model::Model};
use crate::components::css::css;

/// Texts longer than this are shown whole on hover.
const LONG: usize = 32;

/// An element as high as all rows, in it the rows that are seen.
#[component]
pub fn Body(model: Model) -> impl IntoView {
    let fractions = Memo::new(move |_| fractions(&model.columns.read(), &model.cells.read()));
    view! {
        <div class="grid-body" role="presentation" style:height=move || css(model.height(), "px")>
            <div class="grid-window" role="presentation" style:top=move || css(model.top_of_drawn(), "px")>
                <For each=move || model.drawn_rows.get() key=|row| *row let:row>
                    <Row model row fractions />
                </For>
            </div>
        </div>
    }
}

#[component]
fn Row(model: Model, row: usize, fractions: Memo<Vec<usize>>) -> impl IntoView {
    // Of all rows only two are drawn anew when the focus moves.
    let active = Memo::new(move |_| {
        let active = model.active.get();
        (active.row == row + 1).then_some(active.column)
    });
    let marked = Memo::new(move |_| model.is_marked(row));
    view! {
        <div
            class="grid-row"
            role="row"
            class:odd=row % 2 == 1
            class:current=move || active.get().is_some()
            class:selected=move || marked.get() == Some(true)
            aria-selected=move || marked.get().map(|marked| marked.to_string())
            aria-rowindex=row + 2
        >
            {model.marks.on_mark.map(|mark| view! {
                <span class="grid-gutter" aria-hidden="true" on:click=move |_| mark.run(row)></span>
            })}
            <For each=move || model.drawn_columns.get() key=|column| *column let:column>
                <Cell model row column fractions active />
            </For>
        </div>
    }
}

/// What one cell shows.
#[derive(Clone, PartialEq, Eq)]
struct Look {
    class: &'static str,
    text: Option<String>,
    behind: usize,
}

/// One cell: text, null, or not here yet. What changes is bound one by one: an element that is drawn anew loses the focus.
#[component]
fn Cell(
    model: Model,
    row: usize,
    column: usize,
    fractions: Memo<Vec<usize>>,
    active: Memo<Option<usize>>,
) -> impl IntoView {
    let look = Memo::new(move |_| {
        let block = model.cells.read();
        let cell = block.row(row).map(|cells| cells.get(column).and_then(Option::as_deref));
        let class = match (cell, model.columns.read().get(column).is_some_and(|column| column.numeric)) {
            (Some(Some(_)), false) => "grid-cell",
            (Some(Some(_)), true) => "grid-cell number",
            (Some(None), false) => "grid-cell null",
            (Some(None), true) => "grid-cell number null",
            (None, _) => "grid-cell pending",
        };
        let fraction = fractions.read().get(column).copied().unwrap_or_default();
        let behind = if fraction > 0 { behind(cell.flatten(), fraction, model.room(column)) } else { 0 };
        Look { class, text: cell.flatten().map(str::to_owned), behind }
    });
    let is_null = move || look.with(|look| look.text.is_none() && !look.class.ends_with("pending"));
    let long = move || look.with(|look| look.text.clone().filter(|text| text.chars().nth(LONG).is_some()));
    let free = move || look.with(|look| (look.behind > 0).then(|| format!("calc(10px + {}ch)", look.behind)));
    view! {
        <div
            class=move || look.with(|look| look.class)
            role="gridcell"
            aria-colindex=column + 1
            aria-label=move || is_null().then_some("null")
            tabindex=move || if active.get() == Some(column) { "0" } else { "-1" }
            title=long
            style:padding-inline-end=free
        >
            {move || if is_null() { "–".to_owned() } else { look.with(|look| look.text.clone().unwrap_or_default()) }}
        </div>
    }
}

/// Digits to leave free behind a number, so that the points of a column stand in one line; none where it would be cut.
fn behind(number: Option<&str>, fraction: usize, room: usize) -> usize {
    number.map_or(0, |number| {
        let missing = fraction - fraction.min(after_integer(number));
        missing.min(room.saturating_sub(number.len()))
    })
}

/// For each column of numbers the most characters behind the integer part among the cells at hand.
fn fractions(columns: &[ColumnHead], block: &CellBlock) -> Vec<usize> {
    let mut fractions = vec![0; columns.len()];
    for row in block.cells.iter() {
        for ((fraction, cell), column) in fractions.iter_mut().zip(row).zip(columns) {
            if let (true, Some(text)) = (column.numeric, cell) {
                *fraction = after_integer(text).max(*fraction);
            }
        }
    }
    fractions
}

/// Characters from the point on; none for a whole number.
fn after_integer(number: &str) -> usize {
    number.find('.').map_or(0, |point| number.len() - point)
}
