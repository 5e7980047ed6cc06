//! What is given for an upload: a file, text or a result, read in the worker and shown before it is sent.

use js_sys::{ArrayBuffer, Uint8Array};
use leptos::{prelude::*, task::spawn_local};
use tap::{upload::upload_name_from, user_tables::TableFormat};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;
use workbench::{
    protocol::{Command, TableId},
    select::Rows,
};

use super::Actions;
use crate::{
    dom,
    state::table_upload::{FileStage, TableFile, Understood},
};

/// The format in which a result in hand is written for an upload.
const RESULT: &str = "votable";

impl Actions {
    /// Takes a file for the upload.
    pub fn take_file(&self, file: web_sys::File) {
        let name = file.name();
        self.take(name, file.into());
    }

    /// Takes the pasted text.
    pub fn take_text(&self) {
        let text = self.state.user_tables.upload.form.with_untracked(|form| form.text.clone());
        if let Some(blob) = dom::text_blob(&text) {
            self.take("pasted.csv".into(), blob);
        }
    }

    /// Takes a result in hand: the worker writes it as a VOTable.
    pub fn take_result(&self, table: TableId) {
        let upload = self.state.user_tables.upload;
        upload.file.set(None);
        upload.awaited.set(Some(table));
        let command = Command::Export { table, format: RESULT.into(), as_shown: false, rows: Rows::All };
        if !self.command(&command, None) {
            upload.awaited.set(None);
        }
    }

    /// A table was written as a file. `true`: it was for an upload.
    pub(super) fn took_result(&self, table: TableId, format: &str, bytes: Option<&Uint8Array>) -> bool {
        let upload = self.state.user_tables.upload;
        if upload.awaited.get_untracked() != Some(table) || format != RESULT {
            return false;
        }
        upload.awaited.set(None);
        let title = self.state.results.tables.with_untracked(|tables| {
            tables.iter().find(|result| result.id == table).map(|result| result.title.clone()).unwrap_or_default()
        });
        match bytes.and_then(dom::blob) {
            Some(blob) => self.take(format!("{}.vot", title.replace(['/', '.'], " ")), blob),
            None => self.notice(true, "The result is too large to be written as a file in this page."),
        }
        true
    }

    fn take(&self, name: String, original: Blob) {
        let upload = self.state.user_tables.upload;
        let number = self.number();
        upload.problem.set(None);
        self.edit_upload(|form| {
            form.format = TableFormat::VoTable;
            form.position = Default::default();
            if form.name.is_empty() {
                form.name = upload_name_from(&name);
            }
        });
        upload.file.set(Some(TableFile {
            number,
            name: name.clone(),
            original: original.clone(),
            stage: FileStage::Reading,
        }));
        let actions = *self;
        spawn_local(async move {
            let read = JsFuture::from(original.array_buffer()).await;
            let reason = match read.and_then(|buffer| buffer.dyn_into::<ArrayBuffer>()) {
                Ok(buffer) => {
                    let command = Command::Convert { file: number, name };
                    let sent = actions.worker.try_with_value(|worker| {
                        worker.as_ref().map(|worker| worker.send_buffer(&command, Some(&buffer))).is_some()
                    });
                    if sent == Some(true) {
                        return;
                    }
                    "The worker that reads files does not run. Reload the page to start it again."
                }
                Err(_) => "The browser could not read the file. It may have been moved or changed.",
            };
            actions.read_file(number, FileStage::Refused(reason.into()));
        });
    }

    /// Whether a file that the worker reads is the upload's.
    pub(super) fn is_taken(&self, number: u32) -> bool {
        self.state
            .user_tables
            .upload
            .file
            .with_untracked(|file| file.as_ref().is_some_and(|file| file.number == number))
    }

    /// What the worker made of the file.
    pub(super) fn read_file(&self, number: u32, stage: FileStage) {
        if !self.is_taken(number) {
            return;
        }
        if let FileStage::Ready(Understood { fields, preview, .. }) = &stage
            && let Some((ra, dec)) = preview.position
        {
            let name = |at: usize| fields.get(at).map(|field| field.name.clone()).unwrap_or_default();
            self.edit_upload(|form| form.position = (name(ra), name(dec)));
        }
        self.state.user_tables.upload.file.update(|file| {
            if let Some(file) = file {
                file.stage = stage;
            }
        });
    }

    /// Lets go of the file.
    pub fn drop_file(&self) {
        self.state.user_tables.upload.file.set(None);
    }
}
