//! One table in hand: it is loaded, ordered, looked at and exported.

use std::cell::OnceCell;
use std::sync::Arc;

use table::{Column, Field, Table, sort};
use votable::model::Info;
use votable::writer::Preamble;

use super::{Out, PROGRESS, Refusal, ResponseHead, failed};
use crate::completeness::Verdict;
use crate::export::{COMPLETENESS, Exporter, Format, SELECTION};
use crate::load::{EndOfStream, Flow, KEPT, Limits, Loader, Outcome};
use crate::protocol::{Event, FailureKind, NearRow, Packed, SortKey, TableId};
use crate::select::{Combine, Near, Rows, Selection};

/// Rows that are put in order and written at a time.
const BLOCK: usize = 4096;

/// Bytes of an exported file. The table, the file and its copy for the page must fit into the worker's 4 GiB.
const FILE: usize = 1 << 30;

/// Characters of one cell in a window; a spectrum as text would stall the page.
const CELL: usize = 16 * 1024;

#[derive(Debug)]
pub(super) struct Held {
    loader: Loader,
    head: ResponseHead,
    phase: Phase,
    /// What was told of the columns.
    told: Option<Vec<Field>>,
    reported: Option<u64>,
    keys: Vec<SortKey>,
    /// Rows in the order in force; rows behind its end are in the order of arrival.
    order: Option<Vec<u32>>,
    /// Shared with work that reads it while it may change.
    selection: Arc<Selection>,
    /// The selected rows in the order in force, once somebody asked for them.
    listed: OnceCell<Vec<u32>>,
}

/// Which cells are asked for.
pub(super) struct Ask {
    pub table: TableId,
    pub sequence: u32,
    pub start: usize,
    pub count: usize,
    pub rows: Rows,
}

#[derive(Debug)]
enum Phase {
    /// The answer is a result, so far.
    Loading,
    /// The answer is a refusal: its body.
    Refused(Vec<u8>),
    /// Nothing more comes; `None`: there is no table.
    Over(Option<Verdict>),
}

impl Held {
    pub(super) fn new(memory_limit: usize) -> Held {
        Held {
            loader: Loader::new(Limits::with_memory(memory_limit)),
            head: ResponseHead { status: 200, ..ResponseHead::default() },
            phase: Phase::Loading,
            told: None,
            reported: None,
            keys: Vec::new(),
            order: None,
            selection: Arc::default(),
            listed: OnceCell::new(),
        }
    }

    pub(super) fn is_loading(&self) -> bool {
        !matches!(self.phase, Phase::Over(_))
    }

    pub(super) fn memory(&self) -> usize {
        self.loader.table().map_or(0, Table::memory)
    }

    pub(super) fn head(&mut self, head: ResponseHead) {
        if !(200..300).contains(&head.status) && self.is_loading() {
            self.phase = Phase::Refused(Vec::new());
        }
        self.head = head;
    }

    pub(super) fn chunk(&mut self, table: TableId, chunk: &[u8], now_ms: u64) -> Vec<Out> {
        match &mut self.phase {
            Phase::Over(_) => Vec::new(),
            Phase::Refused(body) => {
                let room = KEPT - body.len();
                body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if chunk.len() < room {
                    return Vec::new();
                }
                let mut out = vec![Out::Abort { table }];
                out.extend(self.end(table, EndOfStream::Clean));
                out
            }
            Phase::Loading => {
                let flow = self.loader.push(chunk);
                let mut out = self.tell_head(table);
                if flow == Flow::Enough {
                    out.push(Out::Abort { table });
                    out.extend(self.end(table, EndOfStream::Clean));
                } else if self.reported.is_none_or(|last| now_ms.saturating_sub(last) >= PROGRESS) {
                    self.reported = Some(now_ms);
                    out.push(self.progress(table));
                }
                out
            }
        }
    }

    pub(super) fn end(&mut self, table: TableId, end: EndOfStream) -> Vec<Out> {
        match std::mem::replace(&mut self.phase, Phase::Over(None)) {
            Phase::Over(verdict) => {
                self.phase = Phase::Over(verdict);
                Vec::new()
            }
            Phase::Refused(_) if end == EndOfStream::Cancelled => {
                vec![failed(table, FailureKind::Cancelled, 0, "stopped by you".to_owned())]
            }
            Phase::Refused(body) => {
                let kind = if self.head.status < 500 { FailureKind::Query } else { FailureKind::Service };
                vec![self.refused(table, kind, body)]
            }
            Phase::Loading => match self.loader.finish(end) {
                Outcome::Table(verdict) => self.table_ended(table, verdict),
                Outcome::Words(kind, body) => vec![self.refused(table, kind, body)],
                Outcome::Failed(kind, message) => {
                    let status = if kind == FailureKind::NotATable { self.head.status } else { 0 };
                    vec![failed(table, kind, status, message)]
                }
            },
        }
    }

    pub(super) fn sort(&mut self, keys: Vec<SortKey>) {
        self.keys = keys;
        self.listed = OnceCell::new();
        self.order = self.loader.table().and_then(|table| {
            let column = |key: &SortKey| Some((table.columns.get(key.column)?, key.direction));
            let keys: Vec<_> = self.keys.iter().filter_map(column).collect();
            (!keys.is_empty()).then(|| sort::order(&keys, table.rows()))
        });
    }

    pub(super) fn sorted(&self, table: TableId) -> Event {
        Event::Sorted { table, keys: self.keys.clone() }
    }

    pub(super) fn window(&self, ask: Ask) -> Event {
        let Ask { table: id, sequence, start, count, rows } = ask;
        let numbers = self.numbers(start, count, rows);
        let cells = self
            .loader
            .table()
            .map_or_else(Vec::new, |table| numbers.iter().map(|row| self::cells(table, *row as usize)).collect());
        let selected: Vec<bool> = numbers.iter().map(|row| self.selection.contains(*row as usize)).collect();
        let (numbers, selected) = (Packed::new(&numbers), Packed::new(&selected));
        Event::Window { table: id, sequence, start, cells, numbers, selected }
    }

    /// The rows that stand at `count` places from `start`, by their numbers in the order of arrival.
    pub(super) fn numbers(&self, start: usize, count: usize, rows: Rows) -> Vec<u32> {
        let Some(table) = self.loader.table() else { return Vec::new() };
        let listed = (rows == Rows::Selected).then(|| self.listed(table));
        let end = start.saturating_add(count).min(listed.map_or(table.rows(), <[u32]>::len));
        let row = |place: usize| listed.map_or_else(|| self.row(place) as u32, |listed| listed[place]);
        (start.min(end)..end).map(row).collect()
    }

    /// The texts of a column, in the order of arrival; without nulls.
    pub(super) fn texts(&self, column: usize, rows: Rows, most: usize) -> Vec<String> {
        let Some((table, column)) = self.table().and_then(|table| Some((table, table.columns.get(column)?))) else {
            return Vec::new();
        };
        let wanted = |row: &usize| rows == Rows::All || self.selection.contains(*row);
        let rows = (0..table.rows()).filter(wanted).filter(|row| !column.is_null(*row));
        rows.take(most).map(|row| column.display(row).to_string()).collect()
    }

    pub(super) fn table(&self) -> Option<&Table> {
        self.loader.table()
    }

    pub(super) fn selection(&self) -> &Arc<Selection> {
        &self.selection
    }

    pub(super) fn select(&mut self, how: Combine, choice: &Selection) {
        self.listed = OnceCell::new();
        Arc::make_mut(&mut self.selection).combine(how, choice);
    }

    /// A row that was found, with its cells.
    pub(super) fn near(&self, near: Near) -> Option<NearRow> {
        let table = self.loader.table()?;
        let place = self.order.as_ref().and_then(|order| order.iter().position(|row| *row as usize == near.row));
        Some(NearRow {
            row: near.row as u64,
            place: place.unwrap_or(near.row) as u64,
            x: near.x,
            y: near.y,
            distance: near.distance,
            cells: cells(table, near.row),
        })
    }

    /// The selected rows in the order in force.
    fn listed(&self, table: &Table) -> &[u32] {
        self.listed.get_or_init(|| match self.order {
            Some(_) => {
                let rows = (0..table.rows()).map(|place| self.row(place));
                rows.filter(|row| self.selection.contains(*row)).map(|row| row as u32).collect()
            }
            None => self.selection.iter(0..table.rows()).map(|row| row as u32).collect(),
        })
    }

    /// A file of the table; an event without bytes where that cannot be.
    pub(super) fn export(&self, table: TableId, name: &str, as_shown: bool, rows: Rows) -> Out {
        let format = Format::parse(name);
        let exported = Event::Exported {
            table,
            format: format.map_or_else(|| name.to_owned(), |format| format.name().to_owned()),
            mime: format.map_or("application/octet-stream", Format::mime).to_owned(),
            extension: format.map_or("bin", Format::extension).to_owned(),
        };
        Out::Event(exported, format.and_then(|format| self.file(format, as_shown, rows)))
    }

    fn file(&self, format: Format, as_shown: bool, rows: Rows) -> Option<Vec<u8>> {
        let table = self.loader.table()?;
        // FITS keeps the rows until it knows how many there are.
        if format == Format::Fits && table.memory() > FILE {
            return None;
        }
        let selected: Option<Vec<u32>> = (rows == Rows::Selected).then(|| {
            if as_shown {
                self.listed(table).to_vec()
            } else {
                self.selection.iter(0..table.rows()).map(|row| row as u32).collect()
            }
        });
        let count = selected.as_ref().map_or(table.rows(), Vec::len);
        let (mut preamble, trailing, descriptors) = self.metadata(table);
        preamble.nrows = Some(count);
        if selected.is_some() {
            let note = format!("{count} of {} rows were selected by hand", table.rows());
            preamble.infos.push(Info::new(SELECTION, note));
        }
        let mut exporter = Exporter::new(format, preamble);
        let mut bytes = Vec::new();
        exporter.start(&mut bytes);
        for start in (0..count).step_by(BLOCK) {
            let end = (start + BLOCK).min(count);
            if let Some(selected) = &selected {
                let block = block(table, selected[start..end].iter().map(|row| *row as usize));
                exporter.rows(&block, 0..end - start, &mut bytes);
            } else if as_shown && self.order.is_some() {
                let block = block(table, (start..end).map(|place| self.row(place)));
                exporter.rows(&block, 0..end - start, &mut bytes);
            } else {
                exporter.rows(&table.columns, start..end, &mut bytes);
            }
            if bytes.len() > FILE {
                return None;
            }
        }
        exporter.finish(&trailing, &descriptors, &mut bytes).ok()?;
        Some(bytes)
    }

    /// The row to show at a place.
    fn row(&self, place: usize) -> usize {
        self.order.as_ref().and_then(|order| order.get(place)).map_or(place, |row| *row as usize)
    }

    fn table_ended(&mut self, id: TableId, verdict: Verdict) -> Vec<Out> {
        self.phase = Phase::Over(Some(verdict.clone()));
        let mut out = self.tell_head(id);
        if !self.keys.is_empty() {
            let keys = std::mem::take(&mut self.keys);
            self.sort(keys);
            out.push(Out::Event(self.sorted(id), None));
        }
        let end = Event::End {
            table: id,
            rows: self.loader.table().map_or(0, Table::rows),
            bytes: self.loader.received(),
            verdict,
            warnings: self.loader.warnings(),
            infos: self.infos(),
        };
        out.push(Out::Event(end, None));
        out
    }

    /// Tells the columns, and tells them again when the last line of a CSV file has settled their types.
    fn tell_head(&mut self, id: TableId) -> Vec<Out> {
        let Some(table) = self.loader.table() else { return Vec::new() };
        let over = matches!(self.phase, Phase::Over(_));
        if self.told.is_some() && !over {
            return Vec::new();
        }
        let fields: Vec<Field> = table.columns.iter().map(|column| column.field().clone()).collect();
        if self.told.as_ref() == Some(&fields) {
            return Vec::new();
        }
        self.told = Some(fields.clone());
        vec![Out::Event(Event::Head { table: id, fields, infos: self.infos() }, None)]
    }

    fn progress(&self, id: TableId) -> Out {
        // The length counts the bytes that come only where nobody inflates them on the way.
        let total = self.head.content_length.filter(|_| self.head.content_encoding.is_none());
        let rows = self.loader.table().map_or(0, Table::rows);
        Out::Event(Event::Progress { table: id, rows, bytes: self.loader.received(), total }, None)
    }

    fn refused(&self, table: TableId, kind: FailureKind, body: Vec<u8>) -> Out {
        Out::Refused(Refusal {
            table,
            kind,
            status: self.head.status,
            content_type: self.head.content_type.clone(),
            retry_after: self.head.retry_after.clone(),
            body,
        })
    }

    /// INFO of the document, its resources and its tables.
    fn infos(&self) -> Vec<(String, String)> {
        let Some(document) = self.loader.document() else { return Vec::new() };
        let resources = document.walk().flat_map(|resource| {
            resource.infos.iter().chain(resource.tables.iter().flat_map(|element| element.infos.iter()))
        });
        document.infos.iter().chain(resources).map(|info| (info.name.clone(), words(info))).collect()
    }

    /// What an exported file says beside the cells: what the document said, and whether it is whole.
    fn metadata(&self, table: &Table) -> (Preamble, Vec<Info>, Vec<votable::ServiceDescriptor>) {
        let mut preamble = Preamble {
            table_name: table.name.clone(),
            table_description: table.description.clone(),
            fields: table.columns.iter().map(|column| column.field().clone()).collect(),
            nrows: Some(table.rows()),
            ..Preamble::default()
        };
        let mut descriptors = Vec::new();
        preamble.infos.push(Info::new("QUERY_STATUS", "OK"));
        if let Some(document) = self.loader.document() {
            let about: Vec<_> = document.walk().filter(|resource| resource.kind.as_deref() != Some("meta")).collect();
            let infos = document.infos.iter().chain(about.iter().flat_map(|resource| &resource.infos));
            preamble
                .infos
                .extend(infos.filter(|info| info.name != "QUERY_STATUS" && info.name != COMPLETENESS).cloned());
            let params = document.params.iter().chain(about.iter().flat_map(|resource| &resource.params));
            preamble.params.extend(params.cloned());
            let coosys = document.coosys.iter().chain(about.iter().flat_map(|resource| &resource.coosys));
            preamble.coosys.extend(coosys.cloned());
            let timesys = document.timesys.iter().chain(about.iter().flat_map(|resource| &resource.timesys));
            preamble.timesys.extend(timesys.cloned());
            descriptors = document.service_descriptors();
        }
        let (note, trailing) = match &self.phase {
            Phase::Over(Some(Verdict::Complete)) => (None, Vec::new()),
            Phase::Over(Some(Verdict::Overflow(rows))) => {
                let note = format!("overflow: the service cut the result at {rows} rows");
                (Some(note), vec![Info::new("QUERY_STATUS", "OVERFLOW")])
            }
            Phase::Over(Some(Verdict::Partial(reason))) => (Some(format!("partial: {reason}")), Vec::new()),
            Phase::Over(Some(Verdict::Unknown(reason))) => (Some(format!("unknown: {reason}")), Vec::new()),
            _ => (Some("partial: exported while it was loading".to_owned()), Vec::new()),
        };
        preamble.infos.extend(note.map(|note| Info::new(COMPLETENESS, note)));
        (preamble, trailing, descriptors)
    }
}

/// Copies of these rows.
fn block(table: &Table, rows: impl Iterator<Item = usize> + Clone) -> Vec<Column> {
    let copied = |column: &Column| {
        let mut block = Column::new(column.field().clone());
        rows.clone().for_each(|row| block.push_from(column, row));
        block
    };
    table.columns.iter().map(copied).collect()
}

/// The value of an INFO; where its text repeats the value with line breaks, the text.
fn words(info: &Info) -> String {
    let text = info.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    match text {
        Some(text) if info.name != "QUERY_STATUS" && text.len() >= info.value.trim().len() => text.to_owned(),
        _ => info.value.clone(),
    }
}

pub(super) fn cells(table: &Table, row: usize) -> Vec<Option<String>> {
    let cell = |column: &Column| {
        (!column.is_null(row)).then(|| {
            let mut text = String::new();
            column.write_text(row, &mut text);
            if let Some((end, _)) = text.char_indices().nth(CELL) {
                text.truncate(end);
                text.push('…');
            }
            text
        })
    };
    table.columns.iter().map(cell).collect()
}
