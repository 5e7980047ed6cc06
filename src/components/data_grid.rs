//! The grid that shows a result: columns known at run time, millions of rows, only those drawn that are seen.
//!
//! Follows the grid pattern of the ARIA Authoring Practices with one cell in the tab order. The grid holds no table: it
//! asks for the cells of a range of rows and shows what came last.

mod body;
mod header;
mod keyboard;
mod model;
mod viewport;
mod widths;

use std::{ops::Range, sync::Arc};

use leptos::{html, prelude::*};

use crate::components::css::css;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::components::{focus::text_is_marked, size::observe_size};
use body::Body;
use header::{Header, Tip};
use keyboard::Place;
use model::{Marks, Model};

/// What the header says about a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnHead {
    /// Name.
    pub name: String,
    /// Unit, as the FIELD has it.
    pub unit: Option<String>,
    /// UCD.
    pub ucd: Option<String>,
    /// Description, as plain text.
    pub description: Option<String>,
    /// Datatype in words, such as `double` or `char(*)`.
    pub datatype: String,
    /// Whether cells are numbers and stand at the right.
    pub numeric: bool,
}

/// Cells of consecutive rows.
#[derive(Clone, Debug, Default)]
pub struct CellBlock {
    /// The first row.
    pub start: usize,
    /// Row after row; `None` is null.
    pub cells: Arc<Vec<Vec<Option<String>>>>,
}

impl CellBlock {
    /// The rows that it holds.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.cells.len()
    }

    /// The cells of one row, if it holds them.
    pub fn row(&self, row: usize) -> Option<&[Option<String>]> {
        self.cells.get(row.checked_sub(self.start)?).map(Vec::as_slice)
    }
}

/// A virtual grid. It fills the height that it is given.
#[component]
pub fn DataGrid(
    /// Accessible name.
    #[prop(default = "Result".to_owned(), into)]
    label: String,
    /// The columns; a change starts the grid afresh.
    #[prop(into)]
    columns: Signal<Vec<ColumnHead>>,
    /// Number of rows known so far.
    #[prop(into)]
    rows: Signal<usize>,
    /// The last block of cells that came.
    #[prop(into)]
    cells: Signal<CellBlock>,
    /// Asks for the cells of `count` rows from `start`; at most once a frame. What is shown stays till the block comes.
    on_range: Callback<(usize, usize)>,
    /// The columns that the rows are sorted by, first key first; `true` means descending.
    #[prop(optional, into)]
    sort: Signal<Vec<(usize, bool)>>,
    /// A header was clicked (or Enter pressed on it): ascending, then descending, then not sorted.
    on_sort: Callback<usize>,
    /// Whether each row of the block is selected.
    #[prop(optional, into)]
    marks: Signal<Arc<Vec<bool>>>,
    /// A row is to be selected, or no longer (Space, or a click before the row), with Shift (`true`) all rows between it and
    /// the one before; without it rows cannot be selected.
    #[prop(optional, into)]
    on_mark: Option<Callback<(usize, bool)>>,
    /// Hears which row has the focus now.
    #[prop(optional, into)]
    on_row: Option<Callback<usize>>,
    /// Enter was pressed on a row, or it was clicked twice.
    #[prop(optional, into)]
    on_open: Option<Callback<usize>>,
    /// A row that is looked at elsewhere: it is shown, and is the current one.
    #[prop(optional, into)]
    current: Signal<Option<usize>>,
) -> impl IntoView {
    let model = Model::new(columns, rows, cells, sort, Marks { marks, on_mark });
    model.keep_asking(on_range);
    observe_size(model.root, move |width, height| model.resize(width, height));
    Effect::new(move || {
        // What looks at the row may have taken room from the grid.
        model.track_height();
        if let Some(row) = current.get() {
            model.show_row(row);
        }
    });

    view! {
        <div class="grid-box">
            <div
                class="grid"
                role="grid"
                aria-label=label
                aria-multiselectable=on_mark.is_some().then_some("true")
                aria-rowcount=move || rows.get() + 1
                aria-colcount=move || columns.read().len()
                // While the cell in the tab order is not drawn, the grid itself stands in for it.
                tabindex=move || if model.active_is_drawn() { "-1" } else { "0" }
                style=("--grid-columns", move || model.template())
                style=("--grid-left", move || css(model.left_of_drawn(), "px"))
                style=("--grid-width", move || css(model.width(), "px"))
                on:scroll=move |_| model.scrolled()
                on:focusin=move |event| focused(model, on_row, &event)
                on:keydown=move |event| key_down(model, on_sort, on_open, &event)
                on:dblclick=move |event| clicked_twice(on_open, &event)
                on:copy=move |event| copy(model, &event)
                node_ref=model.root
            >
                <Header model on_sort />
                <Body model />
            </div>
            <span class="visually-hidden" aria-hidden="true">
                <span class="grid-ruler" node_ref=model.ruler>
                    "00000000000000000000"
                </span>
            </span>
            <Tip model />
        </div>
    }
}

/// The cell that takes the focus, by mouse or script, is the one in the tab order from now on.
fn focused(model: Model, on_row: Option<Callback<usize>>, event: &web_sys::FocusEvent) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else { return };
    let number = |node: &web_sys::Element, name| node.get_attribute(name)?.parse::<usize>().ok()?.checked_sub(1);
    let cell = target.closest("[aria-colindex]").ok().flatten();
    let row = target.closest("[aria-rowindex]").ok().flatten();
    if let (Some(cell), Some(row)) = (cell, row)
        && let (Some(column), Some(row)) = (number(&cell, "aria-colindex"), number(&row, "aria-rowindex"))
    {
        model.active.set(Place { row, column });
        if let (Some(tell), Some(row)) = (on_row, row.checked_sub(1)) {
            tell.run(row);
        }
    }
}

/// A row that is clicked twice is opened.
fn clicked_twice(on_open: Option<Callback<usize>>, event: &web_sys::MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let row = target.and_then(|target| target.closest("[role=gridcell]").ok().flatten()?.parent_element());
    let number = row.and_then(|row| row.get_attribute("aria-rowindex")?.parse::<usize>().ok()?.checked_sub(2));
    if let (Some(open), Some(row)) = (on_open, number) {
        open.run(row);
    }
}

fn key_down(model: Model, on_sort: Callback<usize>, on_open: Option<Callback<usize>>, event: &web_sys::KeyboardEvent) {
    if event.alt_key() {
        return;
    }
    let (key, control) = (event.key(), event.ctrl_key() || event.meta_key());
    let active = model.active.get_untracked();
    if active.row == 0 && !control {
        match key.as_str() {
            "Enter" | " " => {
                event.prevent_default();
                return on_sort.run(active.column);
            }
            "ArrowLeft" | "ArrowRight" if event.shift_key() => {
                event.prevent_default();
                return model.widen(active.column, if key == "ArrowLeft" { -16.0 } else { 16.0 });
            }
            "Escape" => model.tip.set(None),
            _ => {}
        }
    }
    if let (Some(row), false) = (active.row.checked_sub(1), control) {
        if let (" ", Some(mark)) = (key.as_str(), model.marks.on_mark) {
            event.prevent_default();
            return mark.run((row, event.shift_key()));
        }
        if let ("Enter", Some(open)) = (key.as_str(), on_open) {
            event.prevent_default();
            return open.run(row);
        }
    }
    let (rows, columns) = (model.rows.get_untracked(), model.columns.read_untracked().len());
    if let Some(next) = keyboard::step(&key, control, active, rows, columns, model.scale().page()) {
        event.prevent_default();
        model.go(next);
    }
}

/// Copies the text of the cell, unless the user has marked some text.
fn copy(model: Model, event: &web_sys::Event) {
    let Some(text) = model.active_text().filter(|_| !text_is_marked()) else { return };
    let data = js_sys::Reflect::get(event, &JsValue::from("clipboardData")).ok();
    if let Some(data) = data.and_then(|data| data.dyn_into::<web_sys::DataTransfer>().ok())
        && data.set_data("text/plain", &text).is_ok()
    {
        event.prevent_default();
    }
}

/// The element that scrolls.
type Root = NodeRef<html::Div>;
