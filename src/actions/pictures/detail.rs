//! One row: the nearest to the pointer, and all of its values.

use leptos::{prelude::*, task::spawn_local};
use workbench::{
    protocol::{Command, Event},
    select::Rows,
};

use super::{Actions, slots};
use crate::state::pictures::{Detail, Kind};

/// Pixels up to which a point is near.
const NEAR: f64 = 12.0;

impl Actions {
    /// Finds the row whose point is nearest to a place in the picture (from left and bottom, 0 to 1), and opens it if `open`.
    /// While one is searched for, others are not.
    pub fn point_at(&self, place: (f64, f64), open: bool) {
        let state = self.state.pictures;
        let Some(drawn) = state.drawn.get_untracked().filter(|drawn| drawn.form.kind != Kind::Histogram) else {
            return;
        };
        let Some(sheet) = state.sheet_untracked(drawn.table) else { return };
        if self.pointing.get_value() && !open {
            return;
        }
        self.pointing.set_value(true);
        let [left, right, bottom, top] = drawn.part(sheet.table, &sheet.form);
        let (x, y) = drawn.axes();
        let at = (x.value(left + place.0 * (right - left)), y.value(bottom + place.1 * (top - bottom)));
        // The plane as it is drawn now, and its ranges with it.
        let mut form = drawn.form.clone();
        (form.x.range, form.y.range) = (Some((x.low, x.high)), Some((y.low, y.high)));
        if form.kind == Kind::Sky {
            form.window = Some([x.low, x.high, y.low, y.high]);
        }
        let scale = (right - left).max(1e-9);
        let size = (drawn.size.0 as u32, drawn.size.1 as u32);
        let actions = *self;
        spawn_local(async move {
            let plane = Box::new(form.plane());
            let command = |ticket| Command::Nearest { ticket, plane, size, at, tolerance: NEAR * scale };
            let answer = actions.ask_worker(drawn.table, slots::NEAREST, None, command).await;
            actions.pointing.set_value(false);
            let Some((Event::Nearest { near, .. }, _)) = answer else { return };
            let near = near.open().flatten();
            if let (true, Some(near)) = (open, &near) {
                actions.open_row(near.place as usize, Rows::All);
            }
            actions.state.pictures.near.set(near);
        });
    }

    /// The pointer left the picture.
    pub fn point_nowhere(&self) {
        self.state.pictures.near.set(None);
    }

    /// The row of the grid that has the focus.
    pub fn stand_on(&self, row: usize) {
        self.state.pictures.row.set(row);
    }

    /// Shows all values of the row of the grid that had the focus last.
    pub fn open_row_stood_on(&self) {
        self.open_row_of_grid(self.state.pictures.row.get_untracked());
    }

    /// Shows all values of a row of the grid.
    pub fn open_row_of_grid(&self, row: usize) {
        self.open_row(row, self.rows_in_grid());
    }

    /// Shows all values of the row at a place in the order in force.
    pub fn open_row(&self, place: usize, rows: Rows) {
        let Some(table) = self.state.results.current.get_untracked() else { return };
        let sequence = self.number();
        self.state.pictures.detail.update(|detail| {
            let cells =
                detail.take().filter(|detail| detail.table == table).map_or_else(Vec::new, |detail| detail.cells);
            *detail = Some(Detail { table, place, rows, sequence, number: None, cells, selected: false });
        });
        self.command(&Command::Window { table, sequence, start: place, count: 1, rows }, None);
    }

    /// Asks again for the row that is shown: which it is and whether it is selected may have changed.
    pub(in crate::actions) fn refresh_detail(&self) {
        let now = self.state.pictures.detail.get_untracked();
        if let Some(detail) = now.filter(|detail| Some(detail.table) == self.state.results.current.get_untracked()) {
            self.open_row(detail.place, detail.rows);
        }
    }

    /// Closes the row.
    pub fn close_row(&self) {
        self.state.pictures.detail.set(None);
    }

    /// Cells that came. `true`: they were those of the one row.
    pub(in crate::actions) fn row_came(
        &self,
        sequence: u32,
        cells: &[Vec<Option<String>>],
        numbers: &[u32],
        selected: &[bool],
    ) -> bool {
        let detail = self.state.pictures.detail;
        let its = detail.with_untracked(|detail| detail.as_ref().is_some_and(|detail| detail.sequence == sequence));
        if its {
            detail.update(|detail| match (detail.as_mut(), cells.first()) {
                (Some(shown), Some(row)) => {
                    shown.cells.clone_from(row);
                    shown.number = numbers.first().copied();
                    shown.selected = selected.first().copied().unwrap_or_default();
                }
                // The place is behind the end: rows were taken out of the selection.
                _ => *detail = None,
            });
        }
        its
    }
}
