//! The tables in the worker's hands: commands and bytes come in, events and requests go out. No fetch and no clock here.

mod bundle;
mod convert;
mod held;
mod work;

use std::collections::HashMap;

use self::bundle::{Bundle, Bundles};
use self::held::{Ask, Held};
use self::work::{Request, Work};
use crate::check::objections;
use crate::cone;
use crate::load::EndOfStream;
use crate::protocol::{Command, Event, Failure, FailureKind, Packed, Source, TableId};
use crate::select::Choice;

/// Milliseconds between two reports of progress.
const PROGRESS: u64 = 100;

/// Rows of one window.
const WINDOW: usize = 10_000;

/// What the loop around the workbench shall do.
#[derive(Clone, Debug, PartialEq)]
pub enum Out {
    /// Send this to the page, with the bytes that belong to it.
    Event(Event, Option<Vec<u8>>),
    /// Fetch this and hand what comes to [`Workbench::on_response_head`], [`Workbench::on_chunk`] and [`Workbench::on_end`].
    Fetch {
        /// The table to be.
        table: TableId,
        /// The request.
        source: Source,
        /// Its body.
        body: Option<Vec<u8>>,
    },
    /// Stop the fetch of this table. What it still delivers is ignored.
    Abort {
        /// The table.
        table: TableId,
    },
    /// The service refused, or sent words instead of a table: find the message in the body, and send it as [`Event::Failed`].
    Refused(Refusal),
}

/// An answer without a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The table that was to be.
    pub table: TableId,
    /// What the bytes look like, where the status does not tell.
    pub kind: FailureKind,
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// `Retry-After`, as sent.
    pub retry_after: Option<String>,
    /// The first bytes of the body, inflated.
    pub body: Vec<u8>,
}

/// The head of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseHead {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// `Content-Length`.
    pub content_length: Option<u64>,
    /// The file name in `Content-Disposition`.
    pub file_name: Option<String>,
    /// `Content-Encoding`: if there is one, the length counts other bytes than those that come.
    pub content_encoding: Option<String>,
}

/// All tables of one worker.
#[derive(Debug, Default)]
pub struct Workbench {
    tables: HashMap<TableId, Held>,
    bundles: Bundles,
    work: Work,
}

impl Workbench {
    /// A workbench without tables.
    pub fn new() -> Workbench {
        Workbench::default()
    }

    /// Does what the page asks. `attachment`: the bytes beside the message. A table that is not there is nobody's fault: its
    /// command crossed a [`Command::Drop`], and nothing happens.
    pub fn handle(&mut self, command: Command, attachment: Option<Vec<u8>>) -> Vec<Out> {
        match command {
            Command::Load { table, source, memory_limit } => {
                let mut out = self.work.forget(table);
                if self.tables.insert(table, Held::new(memory_limit)).is_some_and(|old| old.is_loading()) {
                    out.push(Out::Abort { table });
                }
                out.push(Out::Fetch { table, source, body: attachment });
                out
            }
            Command::Cancel { table } if self.bundles.is_loading(table) => {
                let mut out = vec![Out::Abort { table }];
                out.extend(self.bundles.end(table, EndOfStream::Cancelled));
                out
            }
            Command::Cancel { table } => {
                let Some(held) = self.tables.get_mut(&table).filter(|held| held.is_loading()) else {
                    return Vec::new();
                };
                let mut out = vec![Out::Abort { table }];
                out.extend(held.end(table, EndOfStream::Cancelled));
                out
            }
            Command::Check { sequence, adql } => {
                vec![Out::Event(Event::Checked { sequence, objections: objections(&adql) }, None)]
            }
            Command::Cone { sequence, form } => {
                vec![Out::Event(Event::Coned { sequence, answer: cone::query(&form) }, None)]
            }
            Command::Window { table, sequence, start, count, rows } => {
                let Some(held) = self.tables.get(&table) else { return Vec::new() };
                vec![Out::Event(held.window(Ask { table, sequence, start, count: count.min(WINDOW), rows }), None)]
            }
            Command::Sort { table, keys } => {
                let Some(held) = self.tables.get_mut(&table) else { return Vec::new() };
                held.sort(keys);
                vec![Out::Event(held.sorted(table), None)]
            }
            Command::Export { table, format, as_shown, rows } => {
                self.tables.get(&table).map_or_else(Vec::new, |held| vec![held.export(table, &format, as_shown, rows)])
            }
            Command::Draw { ticket, spec, output } => self.work.ask(ticket, Request::Draw(spec, output)),
            Command::Count { ticket, spec, svg } => self.work.ask(ticket, Request::Count(spec, svg)),
            Command::Describe { ticket, column, rows } => self.work.ask(ticket, Request::Describe(column, rows)),
            Command::Select { ticket, choice, how } => self.work.ask(ticket, Request::Select(choice, how)),
            Command::SelectPlaces { ticket, start, count, rows, how } => {
                let Some(held) = self.tables.get(&ticket.table) else { return Vec::new() };
                self.work.ask(ticket, Request::Select(Choice::Rows(held.numbers(start, count, rows)), how))
            }
            Command::Nearest { ticket, plane, size, at, tolerance } => {
                self.work.ask(ticket, Request::Nearest { plane, size, at, tolerance })
            }
            Command::Series { ticket, source } => self.work.ask(ticket, Request::Series(source)),
            Command::FindPeriod { ticket, spec } => self.work.ask(ticket, Request::FindPeriod(spec)),
            Command::Texts { ticket, column, rows, most } => {
                let texts = self.tables.get(&ticket.table).map(|held| held.texts(column, rows, most));
                let event = match texts {
                    Some(texts) => Event::Texts { ticket, texts: Packed::new(&texts) },
                    None => Event::Stopped { ticket },
                };
                vec![Out::Event(event, None)]
            }
            Command::Bundle { bundle, source, memory_limit } => {
                self.bundles.0.insert(bundle, Bundle::new(memory_limit));
                vec![Out::Fetch { table: bundle, source, body: attachment }]
            }
            Command::Open { table, of, memory_limit } => match self.bundles.file(of) {
                Ok(bytes) => {
                    let mut held = Held::new(memory_limit);
                    let mut out = held.chunk(table, &bytes, 0);
                    out.extend(held.end(table, EndOfStream::Clean));
                    // Nothing is fetched that could be stopped.
                    out.retain(|out| !matches!(out, Out::Abort { .. }));
                    self.tables.insert(table, held);
                    out
                }
                Err(reason) => vec![failed(table, FailureKind::NotATable, 0, reason)],
            },
            Command::File { ticket, file } => vec![self.bundles.send(ticket, file)],
            Command::Chart { ticket, of, spec, svg } => vec![self.bundles.chart(ticket, &of, &spec, svg)],
            Command::ChartPeriod { ticket, of, curve, range } => {
                match self.bundles.search(&of, (&curve.0, &curve.1), (&range.0, &range.1)) {
                    Ok(spec) => self.work.ask(ticket, Request::FindPeriod(Box::new(spec))),
                    Err(reason) => vec![Out::Event(Event::NoPeriod { ticket, reason }, None)],
                }
            }
            Command::Stop { table, slot } => self.work.stop(table, slot),
            Command::Convert { file, name } => vec![convert::convert(file, &name, attachment.unwrap_or_default())],
            Command::Drop { table } => {
                let mut out = self.work.forget(table);
                let bundle = self.bundles.0.remove(&table).is_some_and(|bundle| bundle.is_loading());
                if self.tables.remove(&table).is_some_and(|held| held.is_loading()) || bundle {
                    out.push(Out::Abort { table });
                }
                out
            }
        }
    }

    /// The head of an answer came.
    pub fn on_response_head(&mut self, table: TableId, head: ResponseHead) -> Vec<Out> {
        if let Some(held) = self.tables.get_mut(&table) {
            held.head(head);
        } else if let Some(bundle) = self.bundles.0.get_mut(&table) {
            bundle.head(head);
        }
        Vec::new()
    }

    /// A part of the body came, at `now_ms` of any clock that does not go back.
    pub fn on_chunk(&mut self, table: TableId, chunk: &[u8], now_ms: u64) -> Vec<Out> {
        match self.tables.get_mut(&table) {
            Some(held) => held.chunk(table, chunk, now_ms),
            None => self.bundles.chunk(table, chunk, now_ms),
        }
    }

    /// Nothing more comes.
    pub fn on_end(&mut self, table: TableId, end: EndOfStream) -> Vec<Out> {
        match self.tables.get_mut(&table) {
            Some(held) => held.end(table, end),
            None => self.bundles.end(table, end),
        }
    }

    /// Whether work waits that [`Workbench::work`] goes on with. Pictures, statistics and selections are work: a command for them
    /// is only written down, so that a newer one can take its place.
    pub fn is_busy(&self) -> bool {
        !self.work.is_empty()
    }

    /// Does a piece of the most urgent work: some hundred thousand rows, a few milliseconds. The loop calls it while
    /// [`Workbench::is_busy`], and hears the page between.
    pub fn work(&mut self) -> Vec<Out> {
        self.work.step(&mut self.tables)
    }

    /// Bytes that all tables hold.
    pub fn memory(&self) -> usize {
        self.tables.values().map(Held::memory).sum::<usize>() + self.bundles.memory()
    }
}

fn failed(table: TableId, kind: FailureKind, status: u16, message: String) -> Out {
    Out::Event(
        Event::Failed { table, failure: Failure { kind, status, message, position: None, wait_until: None } },
        None,
    )
}
