//! Questions to the worker that have one answer: asked here, awaited where they are needed.

use std::collections::HashMap;

use futures_channel::oneshot;
use js_sys::Uint8Array;
use leptos::prelude::*;
use workbench::protocol::{Command, Event, TableId, Ticket};

use super::Actions;

/// The questions that wait for their answers, by sequence number.
#[derive(Default)]
pub(super) struct Questions(HashMap<u32, Question>);

struct Question {
    answer: oneshot::Sender<Answer>,
    progress: Option<RwSignal<Option<f32>>>,
}

/// The worker's answer, with the bytes that belong to it.
pub(super) type Answer = (Event, Option<Uint8Array>);

impl Actions {
    /// Asks the worker something about a table. `slot` is the place on the page where the answer is wanted: a newer question for
    /// the same place stops the older one. `progress` is told the part that is done, from 0 to 1. `None`: it was stopped, the
    /// table has no such column, or the worker is gone.
    pub(super) async fn ask_worker(
        &self,
        table: TableId,
        slot: u32,
        progress: Option<RwSignal<Option<f32>>>,
        command: impl FnOnce(Ticket) -> Command,
    ) -> Option<Answer> {
        let sequence = self.number();
        let (sender, receiver) = oneshot::channel();
        self.questions.update_value(|questions| {
            questions.0.insert(sequence, Question { answer: sender, progress });
        });
        if !self.command(&command(Ticket { table, slot, sequence }), None) {
            self.questions.update_value(|questions| drop(questions.0.remove(&sequence)));
        }
        let answer = receiver.await.ok();
        if let Some(progress) = progress {
            progress.try_set(None);
        }
        answer.filter(|(event, _)| !matches!(event, Event::Stopped { .. }))
    }

    /// Sends a command whose answer names no ticket but `number`: the table or bundle that it makes, or its sequence.
    pub(super) async fn ask_numbered(&self, number: u32, command: &Command, bytes: Option<&[u8]>) -> Option<Answer> {
        let (sender, receiver) = oneshot::channel();
        self.questions.update_value(|questions| {
            questions.0.insert(number, Question { answer: sender, progress: None });
        });
        if !self.command(command, bytes) {
            self.questions.update_value(|questions| drop(questions.0.remove(&number)));
        }
        receiver.await.ok()
    }

    /// Whether somebody waits for an event that others would have to deal with.
    pub(super) fn is_awaited(&self, event: &Event) -> bool {
        let number = match event {
            Event::Bundled { bundle: number, .. }
            | Event::End { table: number, .. }
            | Event::Failed { table: number, .. }
            | Event::Window { sequence: number, .. } => number,
            _ => return false,
        };
        self.questions.try_with_value(|questions| questions.0.contains_key(number)).unwrap_or(false)
    }

    /// Hands an answer to who asked.
    pub(super) fn answered(&self, event: Event, bytes: Option<Uint8Array>) {
        let Some(number) = number(&event) else { return };
        if let Event::Working { part, .. } = event {
            self.questions.with_value(|questions| {
                if let Some(progress) = questions.0.get(&number).and_then(|question| question.progress) {
                    progress.try_set(Some(part));
                }
            });
            return;
        }
        if let Some(Some(question)) = self.questions.try_update_value(|questions| questions.0.remove(&number)) {
            // Who asked may have gone.
            let _ = question.answer.send((event, bytes));
        }
    }

    /// The worker is gone: nobody will answer.
    pub(super) fn drop_questions(&self) {
        self.questions.update_value(|questions| questions.0.clear());
    }
}

/// The number of the question that an event answers.
fn number(event: &Event) -> Option<u32> {
    match event {
        Event::Bundled { bundle: number, .. }
        | Event::End { table: number, .. }
        | Event::Failed { table: number, .. }
        | Event::Window { sequence: number, .. } => Some(*number),
        Event::Working { ticket, .. }
        | Event::Drawn { ticket, .. }
        | Event::Counted { ticket, .. }
        | Event::Described { ticket, .. }
        | Event::Selected { ticket, .. }
        | Event::Nearest { ticket, .. }
        | Event::Series { ticket, .. }
        | Event::PeriodFound { ticket, .. }
        | Event::Texts { ticket, .. }
        | Event::File { ticket, .. }
        | Event::Charted { ticket, .. }
        | Event::NoPeriod { ticket, .. }
        | Event::Faulty { ticket, .. }
        | Event::Stopped { ticket } => Some(ticket.sequence),
        _ => None,
    }
}
