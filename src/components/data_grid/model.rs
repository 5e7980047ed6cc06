//! What the grid knows of itself: where it is scrolled, how wide its columns are, which cell is in the tab order.

use std::{collections::HashSet, ops::Range, sync::Arc};

use leptos::{html, prelude::*};

use super::{
    CellBlock, ColumnHead, Root,
    header::Hover,
    keyboard::Place,
    viewport::{self, HEADER, Scale},
    widths,
};
use crate::components::css::css;
use crate::components::focus::focus_in_place;

/// Milliseconds without a scroll after which the scroll bar is put where it belongs on the scale.
const CALM: std::time::Duration = std::time::Duration::from_millis(160);
/// Width of a digit in pixels while the grid cannot be measured.
const DIGIT: f64 = 7.8;

/// Width of what stands before a row that can be selected, as in the stylesheet.
const GUTTER: f64 = 28.0;

/// Which rows are selected.
#[derive(Clone, Copy)]
pub struct Marks {
    /// For each row of the block.
    pub marks: Signal<Arc<Vec<bool>>>,
    /// Selects a row, or no longer; `true`: and all from the one before.
    pub on_mark: Option<Callback<(usize, bool)>>,
}

/// Signals only, so that every part of the grid may have a copy.
#[derive(Clone, Copy)]
pub struct Model {
    pub root: Root,
    /// Twenty digits in the grid's font.
    pub ruler: NodeRef<html::Span>,
    pub columns: Signal<Vec<ColumnHead>>,
    pub rows: Signal<usize>,
    pub cells: Signal<CellBlock>,
    pub sort: Signal<Vec<(usize, bool)>>,
    pub marks: Marks,
    /// The cell in the tab order.
    pub active: RwSignal<Place>,
    /// Width of each column in pixels.
    pub widths: RwSignal<Vec<f64>>,
    /// The header cell whose description is shown.
    pub tip: RwSignal<Option<Hover>>,
    /// The rows that are drawn.
    pub drawn_rows: Memo<Range<usize>>,
    /// The columns that are drawn.
    pub drawn_columns: Memo<Range<usize>>,
    /// Virtual position of the upper edge, see [`viewport`].
    top: RwSignal<f64>,
    /// Position of the scroll bar.
    real: RwSignal<f64>,
    left: RwSignal<f64>,
    view_width: RwSignal<f64>,
    view_height: RwSignal<f64>,
    calm: StoredValue<Option<TimeoutHandle>>,
    /// Columns whose width the user chose.
    by_hand: StoredValue<HashSet<usize>>,
    /// Whether the widths of texts have been guessed from cells.
    filled: StoredValue<bool>,
}

impl Model {
    /// A grid at its first row. To be called by the component that owns it.
    pub fn new(
        columns: Signal<Vec<ColumnHead>>,
        rows: Signal<usize>,
        cells: Signal<CellBlock>,
        sort: Signal<Vec<(usize, bool)>>,
        marks: Marks,
    ) -> Self {
        let (top, left) = (RwSignal::new(0.0), RwSignal::new(0.0));
        let (view_width, view_height) = (RwSignal::new(0.0), RwSignal::new(0.0));
        let widths = RwSignal::new(Vec::new());
        let model = Self {
            root: Root::new(),
            ruler: NodeRef::new(),
            columns,
            rows,
            cells,
            sort,
            marks,
            active: RwSignal::new(Place::default()),
            widths,
            tip: RwSignal::new(None),
            drawn_rows: Memo::new(move |_| Scale::new(rows.get(), view_height.get()).rows(top.get())),
            drawn_columns: Memo::new(move |_| widths::seen(&widths.read(), left.get(), view_width.get())),
            top,
            real: RwSignal::new(0.0),
            left,
            view_width,
            view_height,
            calm: StoredValue::new(None),
            by_hand: StoredValue::new(HashSet::new()),
            filled: StoredValue::new(false),
        };
        model.start_afresh_with_columns();
        on_cleanup(move || {
            if let Some(Some(handle)) = model.calm.try_update_value(Option::take) {
                handle.clear();
            }
        });
        model
    }

    /// New columns are a new table: first row, first column, widths guessed from the names and then from the cells.
    fn start_afresh_with_columns(self) {
        Effect::new(move || {
            let columns = self.columns.get();
            self.by_hand.set_value(HashSet::new());
            self.filled.set_value(!self.cells.read_untracked().cells.is_empty());
            self.widths.set(widths::guess(&columns, &self.cells.get_untracked(), self.digit()));
            self.active.set(Place::default());
            self.tip.set(None);
            self.scroll_to(0.0);
            self.scroll_left_to(0.0);
        });
        // A later block may hold longer numbers. A number that is cut says something else, so its column grows.
        Effect::new(move || {
            let cells = self.cells.get();
            let columns = self.columns.read_untracked();
            let guess = widths::guess(&columns, &cells, self.digit());
            let widths = self.widths.get_untracked();
            let grown =
                widths.iter().zip(&guess).zip(columns.iter()).enumerate().map(|(index, ((now, guess), head))| {
                    let may_grow = self.by_hand.with_value(|by_hand| !by_hand.contains(&index));
                    if may_grow && (head.numeric || !self.filled.get_value()) { now.max(*guess) } else { *now }
                });
            let grown: Vec<f64> = grown.collect();
            self.filled.set_value(!cells.cells.is_empty());
            if grown != widths {
                self.widths.set(grown);
            }
        });
    }

    /// Asks for cells whenever rows come into view, or near it, that the last block does not hold.
    pub fn keep_asking(self, on_range: Callback<(usize, usize)>) {
        let waits = StoredValue::new(false);
        let asked = StoredValue::new(0..0);
        let seen = StoredValue::new((0, Vec::new()));
        let ask = move || {
            waits.try_set_value(false);
            let (Some(drawn), Some(rows)) = (self.drawn_rows.try_get_untracked(), self.rows.try_get_untracked()) else {
                return;
            };
            let needed = viewport::widen(&drawn, drawn.len(), rows);
            let held = self.cells.read_untracked().range();
            let asked_for = asked.get_value();
            if viewport::covers(&asked_for, &needed) && (!asked_for.is_empty() || viewport::covers(&held, &needed)) {
                return;
            }
            let wanted = viewport::widen(&drawn, 3 * drawn.len().max(20), rows);
            if !wanted.is_empty() {
                asked.set_value(wanted.clone());
                on_range.run((wanted.start, wanted.len()));
            }
        };
        Effect::new(move || {
            self.columns.track();
            asked.set_value(0..0);
        });
        Effect::new(move || {
            self.drawn_rows.track();
            self.columns.track();
            let now = (self.rows.get(), self.sort.get());
            // Another order, or fewer rows than there were: what was asked for is no longer what is there.
            if seen.with_value(|(rows, sort)| now.0 < *rows || now.1 != *sort) {
                asked.set_value(0..0);
            }
            seen.set_value(now);
            if !waits.get_value() {
                waits.set_value(true);
                request_animation_frame(ask);
            }
        });
    }

    /// Width of a digit in the grid's font, in pixels.
    fn digit(self) -> f64 {
        let ruler = self.ruler.get_untracked().map(|ruler| ruler.get_bounding_client_rect().width() / 20.0);
        ruler.filter(|&width| width > 0.0).unwrap_or(DIGIT)
    }

    /// The scale in force.
    pub fn scale(self) -> Scale {
        Scale::new(self.rows.get_untracked(), self.view_height.get_untracked())
    }

    /// Height of the element that makes the scroll bar.
    pub fn height(self) -> f64 {
        Scale::new(self.rows.get(), self.view_height.get()).height()
    }

    /// Where the first drawn row stands in the scrolled element.
    pub fn top_of_drawn(self) -> f64 {
        let first = self.drawn_rows.get().start as f64 * viewport::ROW;
        (first + self.real.get() - self.top.get()).round()
    }

    /// Widths of the drawn columns, for the rows' layout.
    pub fn template(self) -> String {
        let (widths, drawn) = (self.widths.read(), self.drawn_columns.get());
        let widths = widths.get(drawn).unwrap_or_default();
        let gutter = self.marks.on_mark.map(|_| GUTTER);
        gutter.iter().chain(widths).map(|width| css(*width, "px")).collect::<Vec<_>>().join(" ")
    }

    /// Width of what stands before each row.
    pub fn gutter(self) -> f64 {
        if self.marks.on_mark.is_some() { GUTTER } else { 0.0 }
    }

    /// Whether a row is selected; `None` where rows cannot be.
    pub fn is_marked(self, row: usize) -> Option<bool> {
        self.marks.on_mark?;
        let at = row.checked_sub(self.cells.read().start);
        Some(at.and_then(|at| self.marks.marks.read().get(at).copied()).unwrap_or_default())
    }

    /// How many digits fit into a cell of this column.
    pub fn room(self, column: usize) -> usize {
        self.widths.read().get(column).map_or(0, |width| ((width - widths::AROUND) / self.digit()) as usize)
    }

    /// Left edge of the first drawn column.
    pub fn left_of_drawn(self) -> f64 {
        widths::edge(&self.widths.read(), self.drawn_columns.get().start)
    }

    /// Width of all columns.
    pub fn width(self) -> f64 {
        self.gutter() + self.widths.read().iter().sum::<f64>()
    }

    /// How far the columns are scrolled to the left.
    pub fn left(self) -> f64 {
        self.left.get()
    }

    /// Width of what is seen.
    pub fn view_width(self) -> f64 {
        self.view_width.get()
    }

    /// Subscribes to the height of what is seen.
    pub fn track_height(self) {
        self.view_height.track();
    }

    /// Whether the cell in the tab order is in the page.
    pub fn active_is_drawn(self) -> bool {
        let Place { row, column } = self.active.get();
        self.drawn_columns.get().contains(&column) && (row == 0 || self.drawn_rows.get().contains(&(row - 1)))
    }

    /// The text of the cell in the tab order; of a header its name; of a null nothing.
    pub fn active_text(self) -> Option<String> {
        let Place { row, column } = self.active.get_untracked();
        match row.checked_sub(1) {
            None => Some(self.columns.read_untracked().get(column)?.name.clone()),
            Some(row) => Some(self.cells.read_untracked().row(row)?.get(column)?.clone().unwrap_or_default()),
        }
    }

    /// The grid has this inner size now.
    pub fn resize(self, width: f64, height: f64) {
        let at_end = self.top.get_untracked() >= self.scale().end() && self.top.get_untracked() > 0.0;
        self.view_width.set(width);
        self.view_height.set((height - HEADER).max(0.0));
        // A hidden grid has no size; what it showed comes back with it.
        if height > 0.0 {
            self.scroll_to(if at_end { self.scale().end() } else { self.top.get_untracked() });
        }
    }

    /// The user scrolled.
    pub fn scrolled(self) {
        let Some(root) = self.root.get_untracked() else { return };
        self.left.set(f64::from(root.scroll_left()));
        self.tip.set(None);
        let (before, now) = (self.real.get_untracked(), f64::from(root.scroll_top()));
        if before == now {
            return;
        }
        let top = self.scale().follow(self.top.get_untracked(), before, now);
        self.keep_focus_inside(top);
        self.real.set(now);
        self.top.set(top);
        self.calm.update_value(|calm| {
            if let Some(handle) = calm.take() {
                handle.clear();
            }
            *calm = set_timeout_with_handle(
                move || {
                    if let Some(top) = self.top.try_get_untracked() {
                        self.scroll_to(top);
                    }
                },
                CALM,
            )
            .ok();
        });
    }

    /// A cell that has the focus and is about to go hands it to the grid, so that the keys go on working.
    fn keep_focus_inside(self, top: f64) {
        let Some(row) = self.active.get_untracked().row.checked_sub(1) else { return };
        if self.scale().rows(top).contains(&row) {
            return;
        }
        let Some(root) = self.root.get_untracked() else { return };
        if let Ok(Some(_)) = root.query_selector("[role=gridcell]:focus") {
            focus_in_place(&root);
        }
    }

    /// Puts the upper edge at a virtual position.
    fn scroll_to(self, top: f64) {
        let scale = self.scale();
        let top = top.clamp(0.0, scale.end());
        if let Some(root) = self.root.get_untracked() {
            root.set_scroll_top(scale.to_real(top).round() as i32);
            self.real.set(f64::from(root.scroll_top()));
        }
        self.top.set(top);
    }

    fn scroll_left_to(self, left: f64) {
        if let Some(root) = self.root.get_untracked() {
            root.set_scroll_left(left.round() as i32);
            self.left.set(f64::from(root.scroll_left()));
        }
    }

    /// Makes a row of data the current one and shows it; the focus stays where it is.
    pub fn show_row(self, row: usize) {
        self.active.update(|active| active.row = row + 1);
        self.reveal(row);
    }

    fn reveal(self, row: usize) {
        self.scroll_to(self.scale().reveal(self.top.get_untracked(), row));
    }

    /// Makes this cell the one in the tab order, shows it and focuses it.
    pub fn go(self, place: Place) {
        self.active.set(place);
        if let Some(row) = place.row.checked_sub(1) {
            self.reveal(row);
        }
        let (start, width) = {
            let widths = self.widths.read_untracked();
            (widths::edge(&widths, place.column), widths.get(place.column).copied().unwrap_or_default())
        };
        let left = self.left.get_untracked();
        let lower = self.gutter() + start + width - self.view_width.get_untracked();
        let revealed = left.max(lower).min(start);
        if revealed != left {
            self.scroll_left_to(revealed);
        }
        // The cell is drawn by then.
        request_animation_frame(move || {
            let Some(root) = self.root.try_get_untracked().flatten() else { return };
            let selector = format!("[aria-rowindex='{}'] > [aria-colindex='{}']", place.row + 1, place.column + 1);
            if let Ok(Some(cell)) = root.query_selector(&selector) {
                focus_in_place(&cell);
            }
        });
    }

    /// Makes a column wider by so many pixels.
    pub fn widen(self, column: usize, by: f64) {
        self.by_hand.update_value(|by_hand| {
            by_hand.insert(column);
        });
        self.widths.update(|widths| {
            if let Some(width) = widths.get_mut(column) {
                *width = (*width + by).max(widths::LEAST);
            }
        });
    }

    /// Makes a column as wide as its cells at hand.
    pub fn fit(self, column: usize) {
        let guess = self
            .columns
            .read_untracked()
            .get(column)
            .map(|head| widths::guess_one(head, column, &self.cells.read_untracked(), self.digit()));
        self.widths.update(|widths| {
            if let (Some(width), Some(guess)) = (widths.get_mut(column), guess) {
                *width = guess;
            }
        });
    }
}
