//! The journal of this browser's jobs: written before anything is sent, shared by all tabs.

use leptos::{prelude::*, task::spawn_local};

use super::{Actions, tabs::Word};
use crate::state::{
    jobs::{Record, Stage},
    storage::Store,
};

impl Actions {
    /// Reads the journal.
    pub(super) async fn load_journal(&self) {
        self.read_journal().await;
        // A record that was never answered: the tab was closed while it was sent.
        for record in self.state.jobs.journal.get_untracked() {
            if record.stage == Stage::Intended && record.created < crate::dom::now() - 60_000.0 {
                self.look_for(&record.key);
            }
        }
    }

    /// Writes a record, in memory at once and on the disk when the future is done, and tells the other tabs.
    pub(super) async fn write_record(&self, record: &Record) {
        self.state.jobs.journal.update(|journal| match journal.iter_mut().find(|known| known.key == record.key) {
            Some(known) => known.clone_from(record),
            None => journal.insert(0, record.clone()),
        });
        if let Some(storage) = self.storage() {
            if !storage.put(Store::Journal, &record.key, record).await {
                self.state.lasting.set(false);
            }
            self.tell_tabs(&Word::Journal);
        }
    }

    /// Changes a record, if it is there.
    pub(super) async fn change_record(&self, key: &str, change: impl FnOnce(&mut Record)) {
        if let Some(mut record) = self.state.jobs.record(key) {
            let before = record.clone();
            change(&mut record);
            if record != before {
                self.write_record(&record).await;
            }
        }
    }

    /// Forgets a record. The job at the service is another matter.
    pub fn forget_record(&self, key: &str) {
        for awaited in [self.awaited(false), self.awaited(true)] {
            if awaited.is_for(key) {
                awaited.finish();
            }
        }
        let actions = *self;
        let key = key.to_owned();
        spawn_local(async move {
            actions.state.jobs.journal.update(|journal| journal.retain(|record| record.key != key));
            if let Some(storage) = actions.storage() {
                storage.remove(Store::Journal, &key).await;
                actions.tell_tabs(&Word::Journal);
            }
        });
    }

    pub(super) async fn read_journal(&self) {
        let Some(storage) = self.storage() else { return };
        if !storage.lasting() {
            return;
        }
        let mut journal: Vec<Record> = storage.all(Store::Journal).await;
        journal.sort_unstable_by(|a, b| b.created.total_cmp(&a.created));
        self.state.jobs.journal.set(journal);
        self.check_watch();
    }
}
