//! Statistics of the columns, counted one after the other.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use workbench::{
    expression::quoted,
    picture::{Axis, Ground, Histogram, HistogramSpec, Scale},
    protocol::{Command, Event, TableId},
    select::Rows,
};

use super::{Actions, slots};
use crate::state::pictures::{Counting, Described, Statistics};

/// Bins of the small histograms.
const BINS: u32 = 24;

impl Actions {
    /// Counts the values of all columns of the shown table, or of its selected rows.
    pub fn count_columns(&self, rows: Rows) {
        let Some(table) = self.state.results.shown_untracked() else { return };
        if self.state.pictures.counting.with_untracked(Option::is_some) {
            self.stop_counting();
        }
        let columns = table.fields.len();
        let counting = Counting { table: table.id, done: 0, columns };
        self.state.pictures.counting.set(Some(counting));
        self.change_sheet_of(table.id, |sheet| {
            let columns = vec![None; columns];
            sheet.statistics = Some(Statistics { rows, changes: sheet.changes, of: table.rows, columns });
        });
        let actions = *self;
        spawn_local(async move {
            for (column, field) in table.fields.iter().enumerate() {
                let Some(described) = actions.describe(table.id, column, field, rows).await else { break };
                let goes_on =
                    actions.state.pictures.counting.with_untracked(|now| now.is_some_and(|now| now.table == table.id));
                if !goes_on {
                    return;
                }
                actions.change_sheet_of(table.id, |sheet| {
                    let place = sheet.statistics.as_mut().and_then(|statistics| statistics.columns.get_mut(column));
                    if let Some(place) = place {
                        *place = Some(described);
                    }
                });
                actions.state.pictures.counting.set(Some(Counting { done: column + 1, ..counting }));
            }
            actions.state.pictures.counting.update(|now| *now = now.filter(|now| now.table != table.id));
        });
    }

    /// Stops counting; what is counted stays.
    pub fn stop_counting(&self) {
        if let Some(Some(counting)) = self.state.pictures.counting.try_update(Option::take) {
            self.command(&Command::Stop { table: counting.table, slot: slots::STATISTICS }, None);
            self.command(&Command::Stop { table: counting.table, slot: slots::BINS }, None);
        }
    }

    async fn describe(&self, table: TableId, column: usize, field: &table::Field, rows: Rows) -> Option<Described> {
        let progress = Some(self.state.pictures.counted);
        let command = |ticket| Command::Describe { ticket, column, rows };
        let (event, _) = self.ask_worker(table, slots::STATISTICS, progress, command).await?;
        let Event::Described { summary, .. } = event else { return None };
        let summary = summary.open()?;
        let histogram =
            if summary.numbers.is_some() { self.bins(table, &quoted(&field.name), rows).await } else { None };
        Some(Described { summary: Arc::new(summary), histogram })
    }

    async fn bins(&self, table: TableId, expression: &str, rows: Rows) -> Option<Arc<Histogram>> {
        let spec = HistogramSpec {
            axis: Axis::new(expression),
            bins: Some(BINS),
            counts: Scale::Linear,
            rows,
            size: (96, 24),
            ground: Ground::Light,
        };
        let command = |ticket| Command::Count { ticket, spec: Box::new(spec), svg: None };
        let (event, _) = self.ask_worker(table, slots::BINS, None, command).await?;
        let Event::Counted { histogram, .. } = event else { return None };
        histogram.open().map(Arc::new)
    }
}
