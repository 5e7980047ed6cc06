//! Pictures and selected rows as files.

use js_sys::Uint8Array;
use leptos::{prelude::*, task::spawn_local};
use workbench::{
    protocol::{Event, Output},
    select::Rows,
};

use super::{Actions, command, slots, words};
use crate::{
    dom,
    state::{pictures::Kind, results::grouped},
};

/// A picture as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFile {
    /// Pixels, twice as many along each side as are seen.
    Png,
    /// Frame and words as shapes, points as pixels.
    Svg,
}

impl Actions {
    /// Saves the picture of the shown table, with its axes and a title.
    pub fn save_picture(&self, format: PictureFile) {
        let (Some(table), Some(canvas)) = (self.state.results.shown_untracked(), self.canvas.get_value()) else {
            return;
        };
        let Some(sheet) = self.state.pictures.sheet_untracked(table.id) else { return };
        let actions = *self;
        spawn_local(async move {
            let output = Output::Svg(words(&table.title));
            let make = |ticket| command(ticket, &sheet.form, canvas, output);
            let file = match actions.ask_worker(table.id, slots::FILE, None, make).await {
                Some((Event::Drawn { .. } | Event::Counted { .. }, Some(bytes))) => Some(bytes),
                _ => None,
            };
            let (file, mime, extension) = match (file, format) {
                (Some(svg), PictureFile::Png) => (dom::rasterised(&svg, 2.0).await, "image/png", "png"),
                (file, _) => (file, "image/svg+xml", "svg"),
            };
            let kind = match sheet.form.kind {
                Kind::Scatter => "scatter",
                Kind::Density => "density",
                Kind::Sky => "sky",
                Kind::Histogram => "histogram",
            };
            let name = format!("{}-{kind}.{extension}", table.file_stem());
            actions.saved_picture(&name, mime, file);
        });
    }

    fn saved_picture(&self, name: &str, mime: &str, file: Option<Uint8Array>) {
        match file {
            Some(bytes) if dom::save(name, mime, &bytes) => {
                self.notice(false, format!("{name} ({} bytes), drawn in this page.", grouped(bytes.length() as usize)));
            }
            Some(_) => {
                self.notice(true, format!("The browser refused to save {name}. The picture is still here; try again."))
            }
            None => self.notice(
                true,
                format!("{name} could not be made. The picture is still here; mend its axes and try again."),
            ),
        }
    }

    /// Writes the selected rows as a file.
    pub fn save_selected(&self, format: &str) {
        self.export(format, true, Rows::Selected);
    }
}
