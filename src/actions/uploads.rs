//! Files that go along with a query: read in the page, made VOTables in the worker.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;
use workbench::protocol::Command;

use super::Actions;
use crate::state::{
    query::{Stage, Upload},
    results::grouped,
};

impl Actions {
    /// What the files that go along weigh, and what the archive takes.
    pub(super) fn sizes(&self) -> String {
        let size = |upload: &Upload| match &upload.stage {
            Stage::Ready { bytes, .. } => bytes.len(),
            _ => 0,
        };
        let sent = self.state.query.uploads.with_untracked(|uploads| uploads.iter().map(size).sum());
        let limit =
            self.state.service.capabilities.with_untracked(|known| Some(known.here()?.upload_limit.bytes? as usize));
        let limit = limit.map(|limit| format!("; the archive takes {}", grouped(limit))).unwrap_or_default();
        format!("{} bytes went along{limit}.", grouped(sent))
    }

    /// Attaches a file. It is read now; whether it is a table is said beside its name.
    pub fn attach(&self, file: web_sys::File) {
        let number = self.number();
        let file_name = file.name();
        let upload = Upload { file: number, table: self.free_name(&file_name), file_name, stage: Stage::Reading };
        self.state.query.uploads.update(|uploads| uploads.push(upload.clone()));
        let actions = *self;
        spawn_local(async move {
            let read = JsFuture::from(file.array_buffer()).await;
            match read {
                Ok(buffer) => {
                    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
                    let command = Command::Convert { file: number, name: upload.file_name };
                    if !actions.command(&command, Some(&bytes)) {
                        actions.attached(number, Stage::Refused("The worker that reads files does not run.".into()));
                    }
                }
                Err(_) => {
                    let reason = "The browser could not read the file. It may have been moved or changed.";
                    actions.attached(number, Stage::Refused(reason.into()));
                }
            }
        });
    }

    /// Gives an attached table another name in `TAP_UPLOAD`.
    pub fn name_upload(&self, file: u32, table: &str) {
        self.state.query.uploads.update(|uploads| {
            if let Some(upload) = uploads.iter_mut().find(|upload| upload.file == file) {
                upload.table = table.trim().to_owned();
            }
        });
    }

    /// Detaches a file.
    pub fn detach(&self, file: u32) {
        self.state.query.uploads.update(|uploads| uploads.retain(|upload| upload.file != file));
    }

    /// The worker's word on a file.
    pub(super) fn attached(&self, file: u32, stage: Stage) {
        self.state.query.uploads.update(|uploads| {
            if let Some(upload) = uploads.iter_mut().find(|upload| upload.file == file) {
                upload.stage = stage;
            }
        });
    }

    pub(super) fn converted(&self, file: u32, rows: usize, fields: Vec<table::Field>, as_it_is: bool, bytes: Vec<u8>) {
        self.attached(file, Stage::Ready { bytes: Arc::new(bytes), rows, fields, as_it_is });
    }

    fn free_name(&self, file_name: &str) -> String {
        let name = tap::upload::upload_name_from(file_name);
        let taken = |name: &str| {
            self.state
                .query
                .uploads
                .with_untracked(|uploads| uploads.iter().any(|u| u.table.eq_ignore_ascii_case(name)))
        };
        if !taken(&name) {
            return name;
        }
        (2..).map(|n| format!("{name}_{n}")).find(|name| !taken(name)).unwrap_or(name)
    }
}
