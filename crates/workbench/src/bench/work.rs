//! Work that takes longer than a message may: pictures, histograms, statistics, selections, searches. Requests wait here; the most
//! urgent one is done piece by piece, and one that was overtaken by a newer one is never finished.

use std::collections::HashMap;
use std::sync::Arc;

use table::{Column, Field, Table};

use super::Out;
use super::held::Held;
use crate::picture::{Counting, Drawing, Fault, HistogramSpec, Plane, Spec};
use crate::progress::Progress;
use crate::protocol::{Event, Output, Packed, TableId, Ticket};
use crate::select::{Choice, Choosing, Combine, Nearing, Rows, Selection};
use crate::series::{Search, SearchSpec, series};
use crate::statistics::Statistics;
use crate::svg::{self, Words};

/// Rows of one piece.
const PIECE: usize = 1 << 17;

/// Points that a search for a period touches in one piece; each costs a sine and a cosine.
const POINTS: usize = 1 << 18;

/// What was asked for.
#[derive(Debug)]
pub(super) enum Request {
    Draw(Box<Spec>, Output),
    Count(Box<HistogramSpec>, Option<Words>),
    Describe(usize, Rows),
    Select(Choice, Combine),
    Nearest { plane: Box<Plane>, size: (u32, u32), at: (f64, f64), tolerance: f64 },
    Series(Option<String>),
    FindPeriod(Box<SearchSpec>),
}

/// What is being done. It begins with the first piece, so that a picture shows the selection that was asked for before it.
#[derive(Debug)]
enum Doing {
    Drawing(Box<Drawing>),
    Counting(Box<Counting>),
    Describing(Box<Statistics>),
    Choosing(Box<Choosing>),
    Nearing(Box<Nearing>),
    Searching(Box<Search>),
    Reading,
}

#[derive(Debug)]
struct Task {
    ticket: Ticket,
    request: Request,
    doing: Option<Doing>,
}

/// Everything that waits.
#[derive(Debug, Default)]
pub(super) struct Work {
    tasks: Vec<Task>,
}

/// Why a task does not begin.
enum Refused {
    Faults(Vec<Fault>),
    /// There is nothing to do it with.
    Nothing,
}

impl Work {
    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Writes a request down, in the place of what it overtakes.
    pub(super) fn ask(&mut self, ticket: Ticket, request: Request) -> Vec<Out> {
        let replaces = matches!(request, Request::Select(_, Combine::Replace));
        let selects = matches!(request, Request::Select(..));
        let overtaken = self.give_up(|task| {
            let same_table = task.ticket.table == ticket.table;
            match task.request {
                Request::Select(..) => same_table && replaces,
                _ => !selects && same_table && task.ticket.slot == ticket.slot,
            }
        });
        self.tasks.push(Task { ticket, request, doing: None });
        overtaken
    }

    /// Gives up what was asked for a place.
    pub(super) fn stop(&mut self, table: TableId, slot: u32) -> Vec<Out> {
        self.give_up(|task| task.ticket.table == table && task.ticket.slot == slot)
    }

    /// Gives up everything about a table.
    pub(super) fn forget(&mut self, table: TableId) -> Vec<Out> {
        self.give_up(|task| task.ticket.table == table)
    }

    /// Gives up tasks, and says so to those who wait for them.
    fn give_up(&mut self, which: impl Fn(&Task) -> bool) -> Vec<Out> {
        self.tasks.extract_if(.., |task| which(task)).map(|task| stopped(task.ticket)).collect()
    }

    /// Does one piece of the most urgent task.
    pub(super) fn step(&mut self, tables: &mut HashMap<TableId, Held>) -> Vec<Out> {
        let urgent = self.tasks.iter().enumerate().min_by_key(|(at, task)| (task.request.urgency(), *at));
        let Some(at) = urgent.map(|(at, _)| at) else { return Vec::new() };
        let task = &mut self.tasks[at];
        let ticket = task.ticket;
        match task.step(tables) {
            Ok(Progress::More(part)) => vec![Out::Event(Event::Working { ticket, part }, None)],
            Ok(Progress::Done(out)) => {
                self.tasks.remove(at);
                vec![out]
            }
            Err(refused) => {
                self.tasks.remove(at);
                match refused {
                    Refused::Faults(faults) => {
                        vec![Out::Event(Event::Faulty { ticket, faults: Packed::new(&faults) }, None)]
                    }
                    Refused::Nothing => vec![stopped(ticket)],
                }
            }
        }
    }
}

impl Request {
    /// What a hand waits for comes first; pictures after the selection that they show.
    fn urgency(&self) -> u8 {
        match self {
            Request::Select(..) => 0,
            Request::Nearest { .. } => 1,
            Request::Draw(_, Output::Pixels) | Request::Series(_) => 2,
            Request::Count(..) => 3,
            Request::Draw(..) | Request::Describe(..) | Request::FindPeriod(_) => 4,
        }
    }

    fn begin(&self, table: &Table, selection: &Arc<Selection>) -> Result<Doing, Refused> {
        let fields: Vec<&Field> = table.columns.iter().map(Column::field).collect();
        let rows = table.rows();
        let selected = || Some(Arc::clone(selection));
        Ok(match self {
            Request::Draw(spec, _) => {
                Doing::Drawing(Box::new(Drawing::new((**spec).clone(), &fields, rows, selected())?))
            }
            Request::Count(spec, _) => {
                Doing::Counting(Box::new(Counting::new((**spec).clone(), &fields, rows, selected())?))
            }
            Request::Describe(column, only) => {
                table.columns.get(*column).ok_or(Refused::Nothing)?;
                let only = if *only == Rows::Selected { selected() } else { None };
                Doing::Describing(Box::new(Statistics::new(rows, only)))
            }
            Request::Select(choice, _) => Doing::Choosing(Box::new(Choosing::new(choice, &fields, rows, selection)?)),
            Request::Nearest { plane, size, at, tolerance } => {
                Doing::Nearing(Box::new(Nearing::new(plane, &fields, rows, *size, *at, *tolerance)?))
            }
            Request::Series(_) | Request::FindPeriod(_) => Doing::Reading,
        })
    }
}

impl From<Vec<Fault>> for Refused {
    fn from(faults: Vec<Fault>) -> Refused {
        Refused::Faults(faults)
    }
}

impl Task {
    fn step(&mut self, tables: &mut HashMap<TableId, Held>) -> Result<Progress<Out>, Refused> {
        let ticket = self.ticket;
        // The points of a search come with it.
        if let Request::FindPeriod(spec) = &self.request {
            return Ok(search(ticket, spec, &mut self.doing));
        }
        // A table that is gone took its tasks with it; one that never was has none to answer to.
        let held = tables.get_mut(&ticket.table).ok_or(Refused::Nothing)?;
        let table = held.table().ok_or(Refused::Nothing)?;
        let doing = match &mut self.doing {
            Some(doing) => doing,
            None => self.doing.insert(self.request.begin(table, held.selection())?),
        };
        let event = |event: Event| Out::Event(event, None);
        Ok(match (doing, &self.request) {
            (Doing::Drawing(drawing), Request::Draw(spec, output)) => {
                drawing.step(table, PIECE).map(|(picture, pixels)| {
                    let bytes = match output {
                        Output::Pixels => pixels,
                        Output::Png => svg::png(picture.width, picture.height, &pixels),
                        Output::Svg(words) => {
                            svg::figure(&picture, &pixels, spec.ratio, spec.ground, words).into_bytes()
                        }
                    };
                    Out::Event(Event::Drawn { ticket, picture: Packed::new(&picture) }, Some(bytes))
                })
            }
            (Doing::Counting(counting), Request::Count(spec, words)) => counting.step(table, PIECE).map(|histogram| {
                let size = (f64::from(spec.size.0), f64::from(spec.size.1));
                let file = words.as_ref().map(|words| svg::histogram(&histogram, size, spec.ground, words));
                let counted = Event::Counted { ticket, histogram: Packed::new(&histogram) };
                Out::Event(counted, file.map(String::into_bytes))
            }),
            (Doing::Describing(statistics), Request::Describe(column, _)) => {
                let of = table.columns.get(*column).ok_or(Refused::Nothing)?;
                let summary = statistics.step(of, PIECE);
                summary
                    .map(|summary| event(Event::Described { ticket, column: *column, summary: Packed::new(&summary) }))
            }
            (Doing::Choosing(choosing), Request::Select(_, how)) => match choosing.step(table, PIECE) {
                Progress::More(part) => Progress::More(part),
                Progress::Done(choice) => {
                    held.select(*how, &choice);
                    let count = held.selection().len() as u64;
                    Progress::Done(event(Event::Selected { ticket, count }))
                }
            },
            (Doing::Nearing(nearing), _) => nearing.step(table, PIECE).map(|near| {
                event(Event::Nearest { ticket, near: Packed::new(&near.and_then(|near| held.near(near))) })
            }),
            (_, Request::Series(source)) => {
                let series = series(table, source.as_deref());
                Progress::Done(event(Event::Series { ticket, series: Packed::new(&series) }))
            }
            _ => return Err(Refused::Nothing),
        })
    }
}

/// Searches on. Points that cannot be searched are no mistake; the answer says so.
fn search(ticket: Ticket, spec: &SearchSpec, doing: &mut Option<Doing>) -> Progress<Out> {
    let found = |period| Out::Event(Event::PeriodFound { ticket, period: Packed::new(&period) }, None);
    if doing.is_none() {
        *doing = Search::new(spec).map(|search| Doing::Searching(Box::new(search)));
    }
    match doing {
        Some(Doing::Searching(search)) => search.step(POINTS).map(|period| found(Some(period))),
        _ => Progress::Done(found(None)),
    }
}

fn stopped(ticket: Ticket) -> Out {
    Out::Event(Event::Stopped { ticket }, None)
}
