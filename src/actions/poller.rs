//! News of open jobs. One tab asks for all: the one that holds the lock; the others read the journal that it writes.

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use tap::{Answer, Note, Poller, Step, Timestamp, request::job as request};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

use super::{ActionError, Actions};
use crate::{
    dom,
    state::jobs::{JobKey, Stage},
};

/// How often it is looked whether a job is due; asking is rarer.
const TICK_MS: u32 = 250;
/// How long after RUN was sent the job is asked.
const RUN_MS: i64 = 1_000;
/// How soon a job is asked again that waits for somebody to start it.
const WAITING_MS: i64 = 5_000;
/// How long a job that is not told of is left alone; somebody may sign in meanwhile.
const FORBIDDEN_MS: i64 = 120_000;

/// When each open job is asked next.
#[derive(Default)]
pub(super) struct Pollers {
    watched: Vec<Watched>,
    was_online: bool,
}

/// One open job.
struct Watched {
    key: JobKey,
    poller: Poller,
    /// When it is asked next.
    at: Timestamp,
    /// Whether it is being asked.
    asking: bool,
    /// Whether the answer that is under way is too old: something has changed since it was asked for.
    again: bool,
}

impl Pollers {
    fn find(&mut self, key: &str) -> Option<&mut Watched> {
        self.watched.iter_mut().find(|watched| watched.key == key)
    }

    /// Has jobs asked at the next tick. Those that are being asked are asked once more, not twice at a time.
    fn hasten(&mut self, which: impl Fn(&Watched) -> bool) {
        self.watched.retain_mut(|watched| {
            let hurry = which(watched);
            watched.again |= hurry && watched.asking;
            !hurry || watched.asking
        });
    }
}

fn now() -> Timestamp {
    Timestamp::from_millis(dom::now() as i64)
}

impl Actions {
    /// Waits for the lock, for as long as other tabs hold it; then asks for news until this tab closes.
    pub(super) fn start_polling(&self) {
        let actions = *self;
        if !self.state.lasting.get_untracked() {
            // Without a shared journal each tab has to ask for its own jobs.
            return actions.poll_here();
        }
        let granted = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
            actions.poll_here();
            // Never settles: the lock is held until the tab is gone.
            js_sys::Promise::new(&mut |_, _| {}).into()
        });
        if !dom::hold_lock("parallax-poller", granted.unchecked_ref()) {
            self.poll_here();
        }
    }

    /// Asks for news of all open jobs soon, as when somebody signed in.
    pub(super) fn poll_all(&self) {
        self.poller.update_value(|pollers| pollers.hasten(|_| true));
    }

    /// Asks for news of a job soon.
    pub(super) fn poll_now(&self, key: &str) {
        self.poller.try_update_value(|pollers| pollers.hasten(|watched| watched.key == key));
    }

    fn poll_here(&self) {
        let actions = *self;
        self.state.jobs.polling_here.set(true);
        spawn_local(async move {
            loop {
                actions.tick();
                actions.listen();
                TimeoutFuture::new(TICK_MS).await;
            }
        });
    }

    /// Asks for those that are due. Offline nothing is asked; back online all are asked at once.
    fn tick(&self) {
        if !self.state.online.get_untracked() {
            self.poller.update_value(|pollers| pollers.was_online = false);
            return;
        }
        let open: Vec<JobKey> = self.state.jobs.journal.with_untracked(|journal| {
            journal
                .iter()
                .filter(|record| record.open() && record.path.is_some())
                .map(|record| record.key.clone())
                .collect()
        });
        let now = now();
        let due = self.poller.try_update_value(|pollers| {
            if !std::mem::replace(&mut pollers.was_online, true) {
                for watched in &mut pollers.watched {
                    watched.at = watched.poller.wake(now, dom::random());
                }
            }
            pollers.watched.retain(|watched| open.contains(&watched.key));
            for key in open {
                if pollers.find(&key).is_none() {
                    pollers.watched.push(Watched {
                        key,
                        poller: Poller::new(now),
                        at: now,
                        asking: false,
                        again: false,
                    });
                }
            }
            let due = pollers.watched.iter_mut().filter(|watched| watched.at <= now && !watched.asking);
            due.map(|watched| {
                watched.asking = true;
                watched.key.clone()
            })
            .collect::<Vec<JobKey>>()
        });
        for key in due.unwrap_or_default() {
            let actions = *self;
            spawn_local(async move {
                actions.poll(&key).await;
                actions.poller.try_update_value(|pollers| {
                    if let Some(watched) = pollers.find(&key) {
                        watched.asking = false;
                    }
                });
            });
        }
    }

    /// Asks for one job and does what its answer asks for.
    async fn poll(&self, key: &str) {
        let Some(record) = self.state.jobs.record(key) else { return };
        let (Some(archive), Some(path)) = (self.state.archive_by_id(&record.archive), record.path) else { return };
        let adopted = record.adopted;
        let answer = match self.job_document(&archive, &path).await {
            Ok(job) => {
                let phase = job.phase.clone();
                self.change_record(key, |record| (record.job, record.note) = (Some(job), None)).await;
                self.tell_end(key).await;
                self.check_watch();
                Answer::Phase(phase)
            }
            Err(ActionError::Tap(error)) => Answer::from(&error),
            Err(ActionError::Fetch(_)) => Answer::NoAnswer,
        };
        let step = self.poller.try_update_value(|pollers| {
            let watched = pollers.find(key)?;
            watched.poller.set_hidden(dom::hidden());
            let step = watched.poller.on_answer(now(), answer, dom::random());
            watched.at = match &step {
                Step::Poll { at, .. } | Step::Held { at } => *at,
                Step::SendRun if adopted => now().plus_millis(WAITING_MS),
                Step::SendRun => now().plus_millis(RUN_MS),
                _ => now().plus_millis(FORBIDDEN_MS),
            };
            // An archive that is busy is given its time all the same.
            if std::mem::take(&mut watched.again) && !matches!(step, Step::Poll { note: Note::Busy, .. }) {
                watched.at = now();
            }
            Some(step)
        });
        let note = match step.flatten() {
            Some(Step::SendRun) if adopted => Some("The job waits for Run to be pressed.".into()),
            Some(Step::SendRun) => {
                let url = archive.job_url(&self.base(), &path);
                // Whether it worked is seen in the next answer.
                let _ = self.ask(&request::run(&url)).await;
                None
            }
            Some(Step::Gone) => {
                let note = "The archive no longer has this job. Its query is kept here; run it again.";
                self.change_record(key, |record| (record.stage, record.note) = (Stage::Gone, Some(note.into()))).await;
                return self.check_watch();
            }
            Some(Step::Forbidden) => {
                Some("The archive does not tell you of this job; you may have been signed out. The job goes on: sign in to see it.".into())
            }
            Some(Step::Held { .. }) => Some("The archive holds this job: press Run.".into()),
            Some(Step::Poll { note, at }) => sentence(note, at),
            Some(Step::Done(_)) | None => None,
        };
        if note.is_some() {
            self.change_record(key, |record| record.note = note).await;
        }
    }
}

fn sentence(note: Note, at: Timestamp) -> Option<String> {
    Some(match note {
        Note::None => return None,
        Note::Suspended => "Paused by the archive; it will go on by itself.".into(),
        Note::Unknown => "The archive cannot say how far the job is; asking again.".into(),
        Note::Unreadable => "The archive's answer could not be read; asking again.".into(),
        Note::Busy => {
            let at = dom::time_of_day(at.millis() as f64);
            format!("The archive is busy; it is asked again at {at}. The job goes on without this page.")
        }
        Note::NoAnswer(times) if times < 3 => return None,
        Note::NoAnswer(_) => "No connection to the archive; trying again. The job goes on without this page.".into(),
    })
}
