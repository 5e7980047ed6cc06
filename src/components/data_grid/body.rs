//! The rows that are drawn, and their cells.

use std::time::Duration;

use leptos::prelude::*;

use super::{CellBlock, ColumnHead, model::Model};
use crate::components::css::css;

/// Texts longer than this are shown whole on hover.
const LONG: usize = 32;

/// Rows of a new grid that are built in one task.
const AT_ONCE: usize = 12;

/// An element as high as all rows, in it the rows that are seen.
#[component]
pub fn Body(model: Model) -> impl IntoView {
    let fractions = Memo::new(move |_| fractions(&model.columns.read(), &model.cells.read()));
    // A new grid is built some rows at a time, so that the page answers in between.
    let built = RwSignal::new(AT_ONCE);
    Effect::new(move || {
        if built.get() < model.drawn_rows.get().len() {
            let more = move || {
                built.try_update(|built| *built += AT_ONCE);
            };
            set_timeout(more, Duration::ZERO);
        }
    });
    view! {
        <div class="grid-body" role="presentation" style:height=move || css(model.height(), "px")>
            <div class="grid-window" role="presentation" style:top=move || css(model.top_of_drawn(), "px")>
                <For each=move || model.drawn_rows.get().take(built.get()) key=|row| *row let:row>
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
                <span class="grid-gutter" aria-hidden="true" on:click=move |event| mark.run((row, event.shift_key()))></span>
            })}
            <For each=move || drawn_cells(model) key=|cell| *cell let:cell>
                <Cell model row cell fractions active />
            </For>
        </div>
    }
}

/// The columns that are drawn, and whether each is one of numbers.
fn drawn_cells(model: Model) -> Vec<(usize, bool)> {
    let columns = model.columns.read();
    let numeric = |column: usize| columns.get(column).is_some_and(|column| column.numeric);
    model.drawn_columns.get().map(|column| (column, numeric(column))).collect()
}

/// One cell. What changes with rows that come lies inside of it: an element whose attributes are made anew loses the focus.
#[component]
fn Cell(
    model: Model,
    row: usize,
    cell: (usize, bool),
    fractions: Memo<Vec<usize>>,
    active: Memo<Option<usize>>,
) -> impl IntoView {
    let (column, numeric) = cell;
    let content = move || {
        let block = model.cells.read();
        let cell = block.row(row).map(|cells| cells.get(column).and_then(Option::as_deref));
        let fraction = fractions.read().get(column).copied().unwrap_or_default();
        let behind = if fraction > 0 { behind(cell.flatten(), fraction, model.room(column)) } else { 0 };
        content(cell, behind)
    };
    view! {
        <div
            class=if numeric { "grid-cell number" } else { "grid-cell" }
            role="gridcell"
            aria-colindex=column + 1
            tabindex=move || if active.get() == Some(column) { "0" } else { "-1" }
        >
            {content}
        </div>
    }
}

/// Text, null, or not here yet.
fn content(cell: Option<Option<&str>>, behind: usize) -> AnyView {
    match cell {
        None => view! { <span class="pending"></span> }.into_any(),
        Some(None) => view! { <span class="null" role="img" aria-label="null">"–"</span> }.into_any(),
        Some(Some(text)) if behind == 0 && text.len() <= LONG => text.to_owned().into_any(),
        Some(Some(text)) => view! {
            <span
                title=text.chars().nth(LONG).is_some().then(|| text.to_owned())
                style:padding-inline-end=(behind > 0).then(|| format!("{behind}ch"))
            >
                {text.to_owned()}
            </span>
        }
        .into_any(),
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
