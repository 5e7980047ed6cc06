//! Choosing rows: by a region of a picture, by a condition, one by one; the same selection is lit everywhere.

use leptos::{prelude::*, task::spawn_local};
use workbench::{
    picture::{Axis, AxisShown, Part as Which, Plane},
    protocol::{Command, Event, TableId, Ticket},
    select::{Choice, Combine, Region, Rows, Shape},
};

use super::{Actions, slots};
use crate::state::pictures::{Kind, Part};

/// The row of the grid that was marked last.
#[derive(Clone, Copy)]
pub(in crate::actions) struct Marked {
    /// Its table.
    table: TableId,
    /// Its place.
    place: usize,
    /// Among which rows.
    rows: Rows,
    /// Whether it was selected then, or no longer.
    how: Combine,
}

impl Actions {
    /// What a new choice does to the selection from now on.
    pub fn combine_by(&self, how: Combine) {
        self.state.pictures.combine.set(how);
    }

    /// Writes down the condition that is being written.
    pub fn write_condition(&self, text: String) {
        self.change_sheet(|sheet| {
            sheet.condition = text;
            sheet.faults.retain(|fault| fault.part != Which::Condition);
        });
    }

    /// Selects the rows that fulfil the condition.
    pub fn select_by_condition(&self) {
        let Some(table) = self.state.results.current.get_untracked() else { return };
        let condition = self.state.pictures.sheet_untracked(table).map(|sheet| sheet.condition).unwrap_or_default();
        if !condition.trim().is_empty() {
            self.select(Choice::Condition(condition), self.state.pictures.combine.get_untracked());
        }
    }

    /// Selects the rows in a part of what is seen: left, right, bottom and top.
    pub fn select_part(&self, part: Part, how: Combine) {
        let [left, right, bottom, top] = part;
        self.select_shape(&[(left, bottom), (right, top)], false, how);
    }

    /// Selects the rows that a line goes around.
    pub fn select_inside(&self, corners: &[(f64, f64)], how: Combine) {
        self.select_shape(corners, true, how);
    }

    fn select_shape(&self, places: &[(f64, f64)], lasso: bool, how: Combine) {
        let Some(drawn) = self.state.pictures.drawn.get_untracked() else { return };
        let Some(sheet) = self.state.pictures.sheet_untracked(drawn.table) else { return };
        let [left, right, bottom, top] = drawn.part(sheet.table, &sheet.form);
        let (x, y) = drawn.axes();
        let value = |axis: &AxisShown, from: f64, to: f64, at: f64| axis.value(from + at * (to - from));
        let histogram = drawn.form.kind == Kind::Histogram;
        let at = |(across, up): &(f64, f64)| {
            let across = value(x, left, right, *across);
            (across, if histogram { across } else { value(y, bottom, top, *up) })
        };
        let corners: Vec<(f64, f64)> = places.iter().map(at).collect();
        let shape = match (&corners[..], lasso && !histogram) {
            ([from, to], false) => Shape::Rectangle { from: *from, to: *to },
            (_, true) => Shape::Polygon(corners),
            // Of a line around bars only its width counts.
            (all, false) => {
                let edge = |pick: fn(f64, f64) -> f64, start| all.iter().map(|corner| corner.0).fold(start, pick);
                let (from, to) = (edge(f64::min, f64::INFINITY), edge(f64::max, f64::NEG_INFINITY));
                Shape::Rectangle { from: (from, from), to: (to, to) }
            }
        };
        self.select_region(drawn.form.plane(), shape, how);
    }

    fn select_region(&self, plane: Plane, shape: Shape, how: Combine) {
        self.select(Choice::Region(Region { plane, shape }), how);
    }

    /// Selects the rows that lie in what is seen, to the digit where ranges were typed.
    pub fn select_view(&self) {
        let how = self.state.pictures.combine.get_untracked();
        let Some(drawn) = self.state.pictures.drawn.get_untracked() else { return };
        let Some(sheet) = self.state.pictures.sheet_untracked(drawn.table) else { return };
        let (x, y) = drawn.axes();
        let (mut across, mut up) = (sheet.form.x.range, sheet.form.y.range);
        if let (Kind::Sky, Some([left, right, bottom, top])) = (sheet.form.kind, sheet.form.window) {
            (across, up) = (Some((left, right)), Some((bottom, top)));
        }
        let across = across.unwrap_or((x.low, x.high));
        let up = if drawn.form.kind == Kind::Histogram { across } else { up.unwrap_or((y.low, y.high)) };
        self.select_region(drawn.form.plane(), Shape::Rectangle { from: (across.0, up.0), to: (across.1, up.1) }, how);
    }

    /// Shows the values from one number to another along the horizontal or the vertical axis.
    pub fn set_range(&self, vertical: bool, range: (f64, f64)) {
        let axes = self.state.pictures.drawn.get_untracked();
        self.wish(|form| {
            let axis: &mut Axis = if vertical { &mut form.y } else { &mut form.x };
            axis.range = Some((range.0.min(range.1), range.0.max(range.1)));
            // The other axis stays as it is seen.
            if let (Some(drawn), Kind::Scatter | Kind::Density) = (&axes, form.kind) {
                let (x, y) = drawn.axes();
                let (other, shown) = if vertical { (&mut form.x, x) } else { (&mut form.y, y) };
                other.range = other.range.or(Some((shown.low, shown.high)));
            }
        });
    }

    /// Selects a row of the grid, or no longer; `along`: and with it all rows from the one that was marked before.
    pub fn mark_row(&self, row: usize, along: bool) {
        let (Some(table), rows) = (self.state.results.current.get_untracked(), self.rows_in_grid()) else { return };
        let before = self.marked.get_value().filter(|marked| along && (marked.table, marked.rows) == (table, rows));
        if let Some(Marked { place, how, .. }) = before {
            let (start, count) = (place.min(row), place.abs_diff(row) + 1);
            return self.change_selection(move |ticket| Command::SelectPlaces { ticket, start, count, rows, how });
        }
        let block = self.state.results.block.get_untracked();
        let at = row.checked_sub(block.start);
        let found = at.and_then(|at| Some((*block.numbers.get(at)?, *block.selected.get(at)?)));
        if let Some((number, selected)) = found {
            let how = self.toggle_number(number, selected);
            self.marked.set_value(Some(Marked { table, place: row, rows, how }));
        }
    }

    /// Selects a row by its number in the order of arrival, or no longer; gives which of both.
    pub fn toggle_number(&self, number: u32, selected: bool) -> Combine {
        let how = if selected { Combine::Remove } else { Combine::Add };
        self.select(Choice::Rows(vec![number]), how);
        how
    }

    /// Changes the selection of the shown table.
    pub fn select(&self, choice: Choice, how: Combine) {
        self.marked.set_value(None);
        self.change_selection(move |ticket| Command::Select { ticket, choice, how });
    }

    fn change_selection(&self, command: impl FnOnce(Ticket) -> Command + 'static) {
        let Some(table) = self.state.results.current.get_untracked() else { return };
        let actions = *self;
        let progress = Some(self.state.pictures.selecting);
        spawn_local(async move {
            match actions.ask_worker(table, slots::SELECTION, progress, command).await {
                Some((Event::Selected { count, .. }, _)) => actions.selected(table, count),
                Some((Event::Faulty { faults, .. }, _)) => {
                    let faults = faults.open().unwrap_or_default();
                    actions.change_sheet_of(table, |sheet| {
                        sheet.faults.retain(|fault| fault.part != Which::Condition);
                        sheet.faults.extend(faults);
                    });
                }
                _ => {}
            }
        });
    }

    fn selected(&self, table: TableId, count: u64) {
        self.change_sheet_of(table, |sheet| {
            sheet.selected = count;
            sheet.changes += 1;
            // Nothing would be seen.
            sheet.only_selected &= count > 0;
            sheet.form.only_selected &= count > 0;
        });
        self.ask_again();
        self.refresh_detail();
    }

    /// Shows the selected rows alone in the grid, or all of them.
    pub fn show_only_selected(&self, only: bool) {
        self.change_sheet(|sheet| sheet.only_selected = only);
        self.ask_again();
    }

    /// Which rows of the shown table the grid shows.
    pub(in crate::actions) fn rows_in_grid(&self) -> Rows {
        let table = self.state.results.current.get_untracked();
        let sheet = table.and_then(|table| self.state.pictures.sheet_untracked(table));
        if sheet.is_some_and(|sheet| sheet.only_selected) { Rows::Selected } else { Rows::All }
    }
}
