//! The form of an upload: where the table comes from, what was understood, what it will be called, how far it is.

use leptos::prelude::*;
use table::Field;
use tap::user_tables::TableFormat;
use web_sys::Blob;
use workbench::protocol::{Preview, TableId};

use super::query::Problem;

/// The form of an upload. It is kept until the archive has the table.
#[derive(Clone, Copy)]
pub struct UploadState {
    /// Whether its dialog is open.
    pub open: RwSignal<bool>,
    /// Index of the source in [`Source::ALL`].
    pub source: RwSignal<usize>,
    /// The file, pasted text or result that was taken.
    pub file: RwSignal<Option<TableFile>, LocalStorage>,
    /// The result in hand that is being written for the upload.
    pub awaited: RwSignal<Option<TableId>>,
    /// What is typed.
    pub form: RwSignal<UploadForm>,
    /// How far it is, while it is on its way.
    pub sending: RwSignal<Option<Sending>>,
    /// Why it did not go through.
    pub problem: RwSignal<Option<Problem>>,
}

impl UploadState {
    pub(super) fn new() -> UploadState {
        UploadState {
            open: RwSignal::default(),
            source: RwSignal::default(),
            file: RwSignal::new_local(None),
            awaited: RwSignal::default(),
            form: RwSignal::default(),
            sending: RwSignal::default(),
            problem: RwSignal::default(),
        }
    }
}

/// Where a table comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file of the user's.
    File,
    /// Pasted text.
    Text,
    /// A result in hand.
    Result,
    /// The result of a job, which the archive copies.
    Job,
    /// An address, from which the archive fetches it.
    Address,
}

impl Source {
    /// In the order of the tabs.
    pub const ALL: [Source; 5] = [Source::File, Source::Text, Source::Result, Source::Job, Source::Address];

    /// The word on its tab.
    pub fn label(self) -> &'static str {
        match self {
            Source::File => "File",
            Source::Text => "Paste",
            Source::Result => "Result in hand",
            Source::Job => "Job",
            Source::Address => "Address",
        }
    }

    /// Whether the table goes through this page.
    pub fn is_here(self) -> bool {
        matches!(self, Source::File | Source::Text | Source::Result)
    }
}

/// What is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UploadForm {
    /// Pasted text.
    pub text: String,
    /// Path of the job.
    pub job: String,
    /// The address.
    pub address: String,
    /// Format of what lies there.
    pub address_format: TableFormat,
    /// What the table shall be called.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Columns of right ascension and declination; empty: not said.
    pub position: (String, String),
    /// How the file is sent: as a VOTable, or as it is in this format.
    pub format: TableFormat,
}

/// A file that was taken.
#[derive(Clone, Debug)]
pub struct TableFile {
    /// Its number in this visit.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// As it was given.
    pub original: Blob,
    /// What was understood.
    pub stage: FileStage,
}

/// What was understood of a file.
#[derive(Clone, Debug)]
pub enum FileStage {
    /// It is being read.
    Reading,
    /// It is a table.
    Ready(Understood),
    /// It is none.
    Refused(String),
}

/// A file that is a table.
#[derive(Clone, Debug)]
pub struct Understood {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub fields: Vec<Field>,
    /// First rows and position.
    pub preview: Preview,
    /// The VOTable made of it; `None`: it is one.
    pub converted: Option<Blob>,
}

impl Understood {
    /// The name of a column in what is sent: where names had to change, a file sent as it is still has its own.
    pub fn column<'a>(&self, field: &'a Field, format: TableFormat) -> &'a str {
        match &field.description {
            Some(own) if self.converted.is_some() && format != TableFormat::VoTable => own,
            _ => &field.name,
        }
    }
}

impl TableFile {
    /// What is sent in this format, if it is a table.
    pub fn content(&self, format: TableFormat) -> Option<&Blob> {
        match &self.stage {
            FileStage::Ready(Understood { converted: Some(made), .. }) if format == TableFormat::VoTable => Some(made),
            FileStage::Ready(_) => Some(&self.original),
            _ => None,
        }
    }
}

/// How far an upload is.
#[derive(Clone, Debug, PartialEq)]
pub struct Sending {
    /// Bytes that have gone out, of how many; `None` where the archive fetches the table itself.
    pub bytes: Option<(f64, f64)>,
    /// Phase of the archive's job, if it made one.
    pub phase: Option<String>,
}
