//! Who wants to know when something has changed: whatever waits for an answer, and the threads that run jobs.

use std::sync::{Mutex, PoisonError};

type Notify = Box<dyn Fn() + Send + Sync>;

/// The listeners.
#[derive(Default)]
pub struct Changes {
    listeners: Mutex<Vec<Notify>>,
}

impl Changes {
    /// Has `notify` called after each change.
    pub fn listen(&self, notify: Notify) {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(notify);
    }

    /// Something has changed.
    pub fn tell(&self) {
        for notify in self.listeners.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            notify();
        }
    }
}
