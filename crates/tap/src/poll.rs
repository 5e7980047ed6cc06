//! When to ask a job for its phase again. The caller passes the time and a random number in.
//!
//! 1, 2, 5, 10, 20, then every 30 s; slower when nobody looks; `Retry-After` is heeded up to ten minutes;
//! transport errors back off; a job that stays PENDING is to be sent RUN once more (TAP services differ in
//! whether `PHASE=RUN` of the creating POST counts).

use crate::{
    error::{Error, ErrorKind, RetryAfter},
    timestamp::Timestamp,
    uws::Phase,
};

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The job is in this phase.
    Phase(Phase),
    /// The service answered 429 or 503 or likewise, and perhaps when to come back.
    Busy(Option<RetryAfter>),
    /// No answer at all, or one that a gateway made for it.
    NoAnswer,
    /// An answer that says nothing of a phase.
    Unreadable,
    /// 404 or 410: there is no such job.
    NotFound,
    /// 401 or 403.
    Forbidden,
}

impl From<&Error> for Answer {
    /// The answer that an error of this crate stands for.
    fn from(error: &Error) -> Self {
        match error.service().map(|error| &error.kind) {
            Some(ErrorKind::TooMany { retry_after } | ErrorKind::Unavailable { retry_after }) => {
                Self::Busy(*retry_after)
            }
            Some(ErrorKind::NotFound) => Self::NotFound,
            Some(ErrorKind::Unauthorized | ErrorKind::Forbidden) => Self::Forbidden,
            Some(ErrorKind::Server | ErrorKind::Maintenance { .. }) => Self::NoAnswer,
            _ => Self::Unreadable,
        }
    }
}

/// What the caller should do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Ask for the phase at `at`; `note` is what to tell the user meanwhile.
    Poll {
        /// When.
        at: Timestamp,
        /// Why it takes longer, if it does.
        note: Note,
    },
    /// Send `PHASE=RUN`, then ask for the phase and pass that answer in.
    SendRun,
    /// The job waits for its owner to press Run: it is HELD, or PENDING and RUN was sent in vain or is not
    /// wanted. Ask again at `at`, since another client may start it.
    Held {
        /// When.
        at: Timestamp,
    },
    /// The job has ended in this phase. ARCHIVED: the record is kept, the results are gone.
    Done(Phase),
    /// The service does not know the job (any more).
    Gone,
    /// The service does not tell this user. Polling ends until somebody signs in.
    Forbidden,
}

/// What is unusual about a job that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// Nothing.
    None,
    /// The service has paused the job and will go on with it.
    Suspended,
    /// The service cannot say where the job stands.
    Unknown,
    /// The answer could not be read.
    Unreadable,
    /// The service asked for patience.
    Busy,
    /// So many times in a row there was no answer. Worth telling from the third on.
    NoAnswer(u32),
}

/// The state of watching one job.
#[derive(Debug, Clone)]
pub struct Poller {
    started: Timestamp,
    last: Phase,
    /// Answers since the job entered its present phase.
    rung: usize,
    hidden: bool,
    /// How often RUN may still be sent.
    runs_left: u32,
    failures: u32,
    not_found: u32,
}

impl Poller {
    /// Watches a job that was made at `now` and that shall run: if it stays PENDING, RUN is asked for.
    pub fn new(now: Timestamp) -> Self {
        Self {
            started: now,
            last: Phase::Unknown,
            rung: 0,
            hidden: false,
            runs_left: MOST_RUNS,
            failures: 0,
            not_found: 0,
        }
    }

    /// Watches a job that somebody else started, or that shall stay PENDING: RUN is never asked for.
    pub fn watching(now: Timestamp) -> Self {
        Self { runs_left: 0, ..Self::new(now) }
    }

    /// The user pressed Run: a PENDING or HELD job is wanted to go on, and is asked quickly again.
    pub fn run_wanted(&mut self) {
        self.runs_left = MOST_RUNS;
        self.rung = 0;
    }

    /// Whether anybody looks; a hidden page asks four times less often.
    pub fn set_hidden(&mut self, hidden: bool) {
        self.hidden = hidden;
    }

    /// After sleep, reconnection or a tab that is seen again: when to ask, at most 2 s from `now`, so that many
    /// jobs do not ask in the same moment. `random` is in 0..1.
    pub fn wake(&mut self, now: Timestamp, random: f64) -> Timestamp {
        self.rung = 0;
        self.failures = 0;
        now.plus_millis((2000.0 * unit(random)) as i64)
    }

    /// When the watching began.
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// The phase last heard of; `Unknown` before the first.
    pub fn phase(&self) -> &Phase {
        &self.last
    }

    /// Takes an answer that came at `now` and says what to do. `random` in 0..1 spreads the requests of many
    /// clients: a delay becomes 0.8 to 1.2 times as long.
    pub fn on_answer(&mut self, now: Timestamp, answer: Answer, random: f64) -> Step {
        if answer != Answer::NotFound {
            self.not_found = 0;
        }
        match answer {
            Answer::Phase(phase) => self.on_phase(now, phase, random),
            Answer::Busy(after) => {
                self.failures += 1;
                // The service's wish is a lower bound: jitter only adds to it.
                let wish = after.map_or(0, |after| after.delay_millis(now));
                let delay = wish.max(self.backoff());
                let at = now
                    .plus_millis(((delay as f64 * (1.0 + 0.2 * unit(random))) as i64).min(RetryAfter::LONGEST_MILLIS));
                Step::Poll { at, note: Note::Busy }
            }
            Answer::NoAnswer => {
                self.failures += 1;
                let at = self.at(now, self.backoff(), random);
                Step::Poll { at, note: Note::NoAnswer(self.failures) }
            }
            Answer::Unreadable => {
                self.failures += 1;
                let at = self.at(now, self.backoff(), random);
                Step::Poll { at, note: Note::Unreadable }
            }
            Answer::NotFound => {
                self.not_found += 1;
                // Behind a load balancer another server may not know a new job yet, so one 404 is no proof.
                if self.not_found >= 2 {
                    Step::Gone
                } else {
                    Step::Poll { at: self.at(now, 2000, random), note: Note::Unknown }
                }
            }
            Answer::Forbidden => Step::Forbidden,
        }
    }

    fn on_phase(&mut self, now: Timestamp, phase: Phase, random: f64) -> Step {
        self.failures = 0;
        if phase != self.last {
            // A phase may also go backwards (another client, another server): the newest answer counts.
            // QUEUED and EXECUTING are one wait; the ladder begins anew only when a job comes out of a stop.
            if !is_busy(&phase) || !(is_busy(&self.last) || self.last == Phase::Unknown) {
                self.rung = 0;
            }
            self.last = phase.clone();
        }
        match phase {
            Phase::Completed | Phase::Error | Phase::Aborted | Phase::Archived => Step::Done(phase),
            Phase::Held => Step::Held { at: self.at(now, SLOW, random) },
            Phase::Pending if self.runs_left > 0 => self.on_pending(now, random),
            Phase::Pending => Step::Held { at: self.at(now, SLOW, random) },
            Phase::Suspended => Step::Poll { at: self.at(now, SLOW, random), note: Note::Suspended },
            Phase::Unknown | Phase::Other(_) => Step::Poll { at: self.at(now, SLOW, random), note: Note::Unknown },
            Phase::Queued | Phase::Executing => Step::Poll { at: self.next_rung(now, random), note: Note::None },
        }
    }

    /// Every other answer asks for RUN: the phase may lag behind the RUN that was just taken.
    fn on_pending(&mut self, now: Timestamp, random: f64) -> Step {
        self.rung += 1;
        if self.rung % 2 == 1 {
            self.runs_left -= 1;
            return Step::SendRun;
        }
        Step::Poll { at: self.at(now, 1000 * self.rung as i64, random), note: Note::None }
    }

    fn next_rung(&mut self, now: Timestamp, random: f64) -> Timestamp {
        let delay = LADDER[self.rung.min(LADDER.len() - 1)];
        self.rung += 1;
        self.at(now, delay, random)
    }

    fn backoff(&self) -> i64 {
        (1000_i64 << self.failures.saturating_sub(1).min(6)).min(60_000)
    }

    fn at(&self, now: Timestamp, delay: i64, random: f64) -> Timestamp {
        let delay = if self.hidden { delay * 4 } else { delay };
        now.plus_millis((delay as f64 * (0.8 + 0.4 * unit(random))) as i64)
    }
}

const LADDER: [i64; 6] = [1000, 2000, 5000, 10_000, 20_000, 30_000];
const SLOW: i64 = 30_000;
/// RUN does no harm when sent twice, but a service that ignores it three times will go on ignoring it.
const MOST_RUNS: u32 = 3;

fn is_busy(phase: &Phase) -> bool {
    matches!(phase, Phase::Queued | Phase::Executing)
}

fn unit(random: f64) -> f64 {
    if random.is_finite() { random.clamp(0.0, 1.0) } else { 0.5 }
}
