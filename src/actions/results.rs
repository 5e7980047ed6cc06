//! Tables in hand: loaded by the worker, shown in windows, sorted, saved.

use std::sync::Arc;

use js_sys::Uint8Array;
use leptos::prelude::*;
use table::sort::Direction;
use workbench::{
    completeness::Verdict,
    protocol::{Command, Event, Failure, FailureKind, SortKey, Source, TableId},
    select::Rows,
};

use super::Actions;
use crate::{
    dom,
    routes::{Route, View},
    state::{
        query,
        results::{Block, ResultTable, Stage, grouped},
        table_upload::{FileStage, Understood},
    },
};

/// Milliseconds without a byte after which a transfer counts as dead. Archives think for a while before the first row.
const STALL_MS: u32 = 180_000;
/// What the columns of one table may hold: three million rows of forty columns, and well below what a worker can address.
pub(super) const MEMORY_LIMIT: usize = 1_500_000_000;
/// Tables kept in the worker; the oldest go first.
const KEPT: usize = 6;

/// Where a result comes from.
pub(super) struct Origin {
    pub title: String,
    pub archive: String,
    pub adql: String,
    pub job: Option<String>,
}

impl Actions {
    /// Has the worker fetch a result and shows it. Gives the table's number.
    pub(super) fn load(&self, request: tap::Request, origin: Origin) -> TableId {
        let table = self.hold(origin);
        if !self.command(
            &Command::Load { table, source: source(&request), memory_limit: MEMORY_LIMIT },
            request.body_bytes(),
        ) {
            let message = "The worker that reads results does not run. Reload the page to start it again.";
            self.failed(table, Failure::here(FailureKind::Network, message));
        }
        table
    }

    /// Makes room for a result and shows it. Gives the table's number.
    pub(super) fn hold(&self, origin: Origin) -> TableId {
        let table = self.number();
        let result = ResultTable {
            id: table,
            title: origin.title,
            archive: origin.archive,
            adql: origin.adql,
            job: origin.job,
            fields: Arc::default(),
            infos: Vec::new(),
            rows: 0,
            bytes: 0,
            total: None,
            since: dom::now(),
            stage: Stage::Loading,
            sort: Vec::new(),
            sorting: false,
            exporting: false,
        };
        self.state.results.tables.update(|tables| tables.push(result));
        self.show(table);
        self.drop_surplus();
        table
    }

    /// Shows a table that is in hand.
    pub fn show(&self, table: TableId) {
        self.asked.set_value(None);
        self.state.results.block.set(Block::default());
        self.state.pictures.drawn.set(None);
        self.state.pictures.row.set(0);
        self.state.results.current.set(Some(table));
    }

    /// Stops a transfer; what has arrived stays.
    pub fn cancel_load(&self, table: TableId) {
        self.command(&Command::Cancel { table }, None);
    }

    /// Asks for the cells of some rows of the table that is shown.
    pub fn window(&self, start: usize, count: usize) {
        if let Some(table) = self.state.results.current.get_untracked() {
            self.asked.set_value(Some((start, count)));
            let rows = self.rows_in_grid();
            self.command(&Command::Window { table, sequence: self.number(), start, count, rows }, None);
        }
    }

    /// Asks again for the rows that were asked for last: their order or the selection is another.
    pub(super) fn ask_again(&self) {
        if let Some((start, count)) = self.asked.get_value() {
            self.window(start, count);
        }
    }

    /// Sorts the shown table by a column: ascending, descending, then as it arrived.
    pub fn sort(&self, column: usize) {
        let Some(table) = self.state.results.current.get_untracked() else { return };
        let mut keys = Vec::new();
        self.change(table, |result| {
            let direction = match result.sort.first() {
                Some(key) if key.column == column && key.direction == Direction::Ascending => {
                    Some(Direction::Descending)
                }
                Some(key) if key.column == column => None,
                _ => Some(Direction::Ascending),
            };
            keys = direction.map(|direction| SortKey { column, direction }).into_iter().collect();
            result.sort.clone_from(&keys);
            result.sorting = true;
        });
        self.command(&Command::Sort { table, keys }, None);
    }

    /// Writes the shown table as a file, in the order shown or in that of arrival.
    pub fn save(&self, format: &str, as_shown: bool) {
        self.export(format, as_shown, Rows::All);
    }

    pub(super) fn export(&self, format: &str, as_shown: bool, rows: Rows) {
        let Some(table) = self.state.results.current.get_untracked() else { return };
        self.change(table, |result| result.exporting = true);
        self.command(&Command::Export { table, format: format.to_owned(), as_shown, rows }, None);
    }

    /// Forgets a table.
    pub fn drop_table(&self, table: TableId) {
        self.command(&Command::Drop { table }, None);
        self.drop_sheet(table);
        self.state.results.tables.update(|tables| tables.retain(|result| result.id != table));
        if self.state.results.current.get_untracked() == Some(table) {
            let newest = self.state.results.tables.with_untracked(|tables| tables.last().map(|result| result.id));
            self.state.results.block.set(Block::default());
            self.state.results.current.set(newest);
        }
    }

    /// Puts the query of the shown table in the editor.
    pub fn edit_shown(&self) {
        match self.state.results.shown_untracked() {
            Some(result) if !result.adql.is_empty() => {
                self.edit_for(&result.adql, self.state.services.service_of(result.id).as_deref());
            }
            Some(_) => self.notice(false, "This table did not come from a query."),
            None => {}
        }
    }

    /// Sends a command to the worker. `false`: it does not run.
    pub(super) fn command(&self, command: &Command, bytes: Option<&[u8]>) -> bool {
        self.worker
            .try_with_value(|worker| worker.as_ref().map(|worker| worker.send(command, bytes)).is_some())
            .unwrap_or(false)
    }

    /// The worker's news.
    pub(super) fn on_worker(&self, event: Event, bytes: Option<Uint8Array>) {
        if self.is_awaited(&event) {
            return self.answered(event, bytes);
        }
        match event {
            Event::Ready => self.state.results.worker_problem.set(None),
            Event::Head { table, fields, infos } => {
                self.on_links_head(table, &fields);
                self.change(table, |result| {
                    result.fields = Arc::new(fields);
                    result.infos = infos;
                });
            }
            Event::Progress { table, rows, bytes, total } => {
                self.on_bundle_progress(table, bytes, total);
                self.change(table, |result| (result.rows, result.bytes, result.total) = (rows, bytes, total));
            }
            Event::End { table, rows, bytes, verdict, warnings, infos } => {
                self.change(table, |result| {
                    (result.rows, result.bytes, result.infos) = (rows, bytes, infos);
                    result.stage = Stage::Ended { verdict, warnings };
                });
                self.ended(table);
            }
            Event::Failed { table, failure } => self.failed(table, failure),
            Event::Window { table, sequence, start, cells, numbers, selected } => {
                let (numbers, selected) = (numbers.open().unwrap_or_default(), selected.open().unwrap_or_default());
                if self.row_came(sequence, &cells, &numbers, &selected) {
                    return;
                }
                let newer = self.state.results.block.with_untracked(|block| sequence > block.sequence);
                if newer && self.state.results.current.get_untracked() == Some(table) {
                    self.state.results.block.set(Block {
                        sequence,
                        start,
                        cells: Arc::new(cells),
                        numbers: Arc::new(numbers),
                        selected: Arc::new(selected),
                    });
                }
            }
            Event::Sorted { table, keys } => {
                self.change(table, |result| result.sorting &= result.sort != keys);
                // The cells in hand are those of the old order, and so are the places.
                if self.state.results.current.get_untracked() == Some(table) {
                    self.marked.set_value(None);
                    self.ask_again();
                    self.refresh_detail();
                }
            }
            Event::Exported { table, format, mime, extension } => {
                self.exported(table, &format, &mime, &extension, bytes)
            }
            Event::Converted { file, rows, fields, as_it_is, preview } if self.is_taken(file) => {
                let made = bytes.filter(|_| !as_it_is).and_then(|bytes| dom::blob(&bytes));
                self.read_file(file, FileStage::Ready(Understood { rows, fields, preview, converted: made }));
            }
            Event::NotConverted { file, reason } if self.is_taken(file) => {
                self.read_file(file, FileStage::Refused(reason))
            }
            Event::Converted { file, rows, fields, as_it_is, .. } => {
                let bytes = bytes.map(|bytes| bytes.to_vec()).unwrap_or_default();
                self.converted(file, rows, fields, as_it_is, bytes);
            }
            Event::Checked { sequence, objections } => self.checked(sequence, objections),
            Event::Coned { sequence, answer } => self.coned(sequence, answer),
            Event::NotConverted { file, reason } => self.attached(file, query::Stage::Refused(reason)),
            answer => self.answered(answer, bytes),
        }
    }

    /// The worker died: what it held is gone, queries and jobs are not.
    pub(super) fn on_worker_death(&self, error: &str) {
        let message = format!(
            "The worker that holds the results stopped ({error}). Your query and your jobs are kept; reload the page to start it again."
        );
        self.state.results.worker_problem.set(Some(message.clone()));
        self.drop_questions();
        let loading: Vec<TableId> = self.state.results.tables.with_untracked(|tables| {
            tables.iter().filter(|result| result.stage == Stage::Loading).map(|result| result.id).collect()
        });
        for table in loading {
            self.failed(table, Failure::here(FailureKind::Network, message.clone()));
        }
    }

    fn failed(&self, table: TableId, mut failure: Failure) {
        match failure.kind {
            FailureKind::TooLarge => {
                failure.message = format!("{}. {}", failure.message.trim_end_matches('.'), self.sizes())
            }
            FailureKind::SignIn => self.ask_to_sign_in(),
            _ => {}
        }
        let adql =
            self.state.results.tables.with_untracked(|tables| {
                tables.iter().find(|result| result.id == table).map(|result| result.adql.clone())
            });
        if let Some(adql) = adql {
            self.mark(&adql, &failure.message, failure.position);
        }
        self.mind_failure(table, &failure);
        self.change(table, |result| result.stage = Stage::Failed(failure));
        self.ended(table);
    }

    fn ended(&self, table: TableId) {
        for awaited in [self.awaited(false), self.awaited(true)] {
            if awaited.running.with_untracked(|running| running.as_ref().is_some_and(|r| r.table == Some(table))) {
                awaited.finish();
            }
        }
    }

    fn exported(&self, table: TableId, format: &str, mime: &str, extension: &str, bytes: Option<Uint8Array>) {
        let mut name = String::new();
        self.change(table, |result| {
            result.exporting = false;
            name = file_name(result, extension);
        });
        if self.took_result(table, format, bytes.as_ref()) {
            return;
        }
        let Some(bytes) = bytes else {
            return self.notice(true, format!("The file could not be written as {format}."));
        };
        if dom::save(&name, mime, &bytes) {
            let size = grouped(bytes.length() as usize);
            self.notice(false, format!("{name} ({size} bytes), written in this page from the rows in hand."));
        } else {
            self.notice(true, format!("The browser refused to save {name}. The rows are still here; try again."));
        }
    }

    fn change(&self, table: TableId, change: impl FnOnce(&mut ResultTable)) {
        self.state.results.tables.update(|tables| {
            if let Some(result) = tables.iter_mut().find(|result| result.id == table) {
                change(result);
            }
        });
    }

    fn drop_surplus(&self) {
        let oldest: Vec<TableId> = self.state.results.tables.with_untracked(|tables| {
            let surplus = tables.len().saturating_sub(KEPT);
            tables.iter().take(surplus).map(|result| result.id).collect()
        });
        for table in oldest {
            self.drop_table(table);
        }
    }

    /// Shows the results view.
    pub fn go_to_results(&self) {
        self.go(&Route::to(View::Results));
    }
}

/// A request as the worker sends it.
pub(super) fn source(request: &tap::Request) -> Source {
    let mut headers = request.headers.clone();
    headers.extend(request.content_type().map(|value| ("Content-Type".to_owned(), value)));
    Source { method: request.method.as_str().into(), url: request.url.clone(), headers, stall_ms: STALL_MS }
}

/// A name that says what is in the file, and that it is not all where it is not.
fn file_name(result: &ResultTable, extension: &str) -> String {
    let mut name = result.file_stem();
    match &result.stage {
        Stage::Ended { verdict: Verdict::Complete | Verdict::Unknown(_), .. } => {}
        Stage::Ended { verdict, .. } => name.push_str(&format!("-{}-{}-rows", verdict.word(), result.rows)),
        _ => name.push_str(&format!("-partial-{}-rows", result.rows)),
    }
    format!("{name}.{extension}")
}
