//! Caps and timeouts, and the two things that hold them: a counter of streams and a body with a clock.
//!
//! There is no limit on the whole time or size of an answer: a result of millions of rows may take hours. What is limited is
//! silence.

use std::{
    collections::HashMap,
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use serde::Deserialize;
use tokio::time::{Instant, Sleep, sleep};

use crate::answer::BoxError;

/// Section `[limits]`; times in seconds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// From the opening of a connection to its first byte.
    pub first_byte: f64,
    /// For the head of a request, and for a connection that is kept alive without a request.
    pub header: f64,
    /// Silence of the client within the body of its request.
    pub request_stall: f64,
    /// To open a connection to an archive.
    pub connect: f64,
    /// From the end of a request to the head of its answer.
    pub answer: f64,
    /// The same for a synchronous query, which works before it answers.
    pub sync_answer: f64,
    /// Silence of an archive within the body of its answer.
    pub stall: f64,
    /// How long open requests may go on after the order to end.
    pub grace: f64,
    /// Open connections.
    pub connections: usize,
    /// Open connections of one address.
    pub connections_per_ip: usize,
    /// Open requests to archives.
    pub streams: usize,
    /// Open requests to archives of one address; a class behind one address needs many.
    pub streams_per_ip: usize,
    /// Bytes in the body of a request.
    pub request_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            first_byte: 10.0,
            header: 10.0,
            request_stall: 30.0,
            connect: 10.0,
            answer: 30.0,
            sync_answer: 120.0,
            stall: 60.0,
            grace: 5.0,
            connections: 2048,
            connections_per_ip: 256,
            streams: 256,
            streams_per_ip: 64,
            request_bytes: 2 << 30,
        }
    }
}

impl Limits {
    /// The first setting that makes no sense, with the reason.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        let times = [
            ("first_byte", self.first_byte),
            ("header", self.header),
            ("request_stall", self.request_stall),
            ("connect", self.connect),
            ("answer", self.answer),
            ("sync_answer", self.sync_answer),
            ("stall", self.stall),
            ("grace", self.grace),
        ];
        // Also refuses NaN, which compares false with everything.
        if let Some((key, _)) = times.into_iter().find(|(_, seconds)| !(*seconds > 0.0 && *seconds <= 86_400.0)) {
            return Err((key, "must be a number of seconds between 0 and 86400".to_owned()));
        }
        let counts = [
            ("connections", self.connections),
            ("connections_per_ip", self.connections_per_ip),
            ("streams", self.streams),
            ("streams_per_ip", self.streams_per_ip),
        ];
        match counts.into_iter().find(|(_, count)| *count == 0) {
            Some((key, _)) => Err((key, "must be at least 1".to_owned())),
            None => Ok(()),
        }
    }
}

/// Seconds of a setting as a duration.
pub fn seconds(setting: f64) -> Duration {
    Duration::try_from_secs_f64(setting).unwrap_or(Duration::MAX)
}

/// Counts what is open, in all and for each address.
#[derive(Debug)]
pub struct Counter {
    most: usize,
    most_per_ip: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    per_ip: HashMap<IpAddr, usize>,
}

impl Counter {
    /// A counter with these caps.
    pub fn new(most: usize, most_per_ip: usize) -> Arc<Counter> {
        Arc::new(Counter { most, most_per_ip, open: Mutex::default() })
    }

    /// One more, unless a cap is reached; it counts until the slot is dropped.
    pub fn enter(self: &Arc<Self>, ip: IpAddr) -> Option<Slot> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = open.per_ip.get(&ip).copied().unwrap_or(0);
        if open.all >= self.most || mine >= self.most_per_ip {
            return None;
        }
        open.all += 1;
        open.per_ip.insert(ip, mine + 1);
        Some(Slot { counter: Arc::clone(self), ip })
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).all
    }
}

/// One open stream or connection; leaves the count when dropped.
#[derive(Debug)]
pub struct Slot {
    counter: Arc<Counter>,
    ip: IpAddr,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self.counter.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all -= 1;
        match open.per_ip.get_mut(&self.ip) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                open.per_ip.remove(&self.ip);
            }
        }
    }
}

/// Why a limited body ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No byte for too long.
    #[error("no data for too long")]
    Stalled,
    /// More bytes than allowed.
    #[error("too many bytes")]
    TooLarge,
}

/// What is known of a body on its way: when it last moved, and what stopped it.
#[derive(Debug)]
pub struct Progress {
    state: Mutex<(Instant, Option<Fault>)>,
}

impl Progress {
    /// A body that moved just now.
    pub fn new() -> Arc<Progress> {
        Arc::new(Progress { state: Mutex::new((Instant::now(), None)) })
    }

    /// When the body last moved, or ended.
    pub fn last(&self) -> Instant {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// What stopped the body, if it was not its end.
    pub fn fault(&self) -> Option<Fault> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    fn moved(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0 = Instant::now();
    }

    fn stopped(&self, fault: Fault) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1 = Some(fault);
    }
}

/// A body that may not be silent for longer than `stall`, nor longer than `left` bytes.
///
/// It passes frames on as they come and asks for the next one only when asked itself, so the slower end sets the pace.
pub struct Limited<B> {
    inner: B,
    stall: Duration,
    left: u64,
    clock: Pin<Box<Sleep>>,
    ticking: bool,
    progress: Arc<Progress>,
    // Held until the body is dropped, which is when its stream is over.
    _slot: Option<Slot>,
}

impl<B> Limited<B> {
    /// Limits `inner`; `slot` is given back when the body ends or is dropped.
    pub fn new(inner: B, stall: Duration, bytes: u64, progress: Arc<Progress>, slot: Option<Slot>) -> Self {
        let clock = Box::pin(sleep(stall));
        Limited { inner, stall, left: bytes, clock, ticking: false, progress, _slot: slot }
    }
}

impl<B> Body for Limited<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(context) else {
            // The clock runs only while somebody waits: a reader who is slow does not make the writer late.
            if !this.ticking {
                this.ticking = true;
                this.clock.as_mut().reset(Instant::now() + this.stall);
            }
            ready!(this.clock.as_mut().poll(context));
            this.progress.stopped(Fault::Stalled);
            return Poll::Ready(Some(Err(Fault::Stalled.into())));
        };
        this.ticking = false;
        this.progress.moved();
        Poll::Ready(match frame {
            Some(Ok(frame)) => {
                let size = frame.data_ref().map_or(0, Bytes::len) as u64;
                match this.left.checked_sub(size) {
                    Some(left) => {
                        this.left = left;
                        Some(Ok(frame))
                    }
                    None => {
                        this.progress.stopped(Fault::TooLarge);
                        Some(Err(Fault::TooLarge.into()))
                    }
                }
            }
            Some(Err(error)) => Some(Err(error.into())),
            None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_knows_both_caps_and_forgets_the_gone() {
        let counter = Counter::new(3, 2);
        let (one, two): (IpAddr, IpAddr) = ([127, 0, 0, 1].into(), [127, 0, 0, 2].into());
        let first = counter.enter(one).unwrap();
        let _second = counter.enter(one).unwrap();
        assert!(counter.enter(one).is_none());
        let third = counter.enter(two).unwrap();
        assert!(counter.enter(two).is_none());
        drop((first, third));
        assert_eq!(counter.open(), 1);
        assert_eq!(counter.open.lock().unwrap().per_ip.len(), 1);
        assert!(counter.enter(one).is_some());
    }

    #[test]
    fn senseless_times_are_refused() {
        assert!(Limits::default().check().is_ok());
        for header in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let error = Limits { header, ..Limits::default() }.check().unwrap_err();
            assert_eq!(error.0, "header");
        }
    }
}
