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

    /// Hands an answer to who asked.
    pub(super) fn answered(&self, event: Event, bytes: Option<Uint8Array>) {
        let Some(ticket) = ticket(&event) else { return };
        if let Event::Working { part, .. } = event {
            self.questions.with_value(|questions| {
                if let Some(progress) = questions.0.get(&ticket.sequence).and_then(|question| question.progress) {
                    progress.try_set(Some(part));
                }
            });
            return;
        }
        if let Some(Some(question)) = self.questions.try_update_value(|questions| questions.0.remove(&ticket.sequence))
        {
            // Who asked may have gone.
            let _ = question.answer.send((event, bytes));
        }
    }

    /// The worker is gone: nobody will answer.
    pub(super) fn drop_questions(&self) {
        self.questions.update_value(|questions| questions.0.clear());
    }
}

fn ticket(event: &Event) -> Option<Ticket> {
    match event {
        Event::Working { ticket, .. }
        | Event::Drawn { ticket, .. }
        | Event::Counted { ticket, .. }
        | Event::Described { ticket, .. }
        | Event::Selected { ticket, .. }
        | Event::Nearest { ticket, .. }
        | Event::Series { ticket, .. }
        | Event::PeriodFound { ticket, .. }
        | Event::Faulty { ticket, .. }
        | Event::Stopped { ticket } => Some(*ticket),
        _ => None,
    }
}
