//! Pictures of the shown table: what is wished of them, and having the worker draw it.

mod detail;
mod saving;
mod selection;
mod statistics;

use std::sync::Arc;

pub use saving::PictureFile;
pub(super) use selection::Marked;

use js_sys::{Uint8Array, Uint8ClampedArray};
use leptos::{prelude::*, task::spawn_local};
use workbench::{
    expression::quoted,
    picture::{Axis, AxisShown, Fault, Ground, HistogramSpec, Part as Which, Picture, Scale, Spec, Style, presets},
    protocol::{Command, Event, Output, Packed, TableId, Ticket},
    svg::Words,
};

use super::Actions;
use crate::state::{
    pictures::{Drawn, Form, Kind, Made, Mode, Part, Sheet},
    results::{ResultTable, Stage},
};

/// Places on the page that wait for the worker's answers.
mod slots {
    pub(super) const PICTURE: u32 = 1;
    pub(super) const SELECTION: u32 = 2;
    pub(super) const NEAREST: u32 = 3;
    pub(super) const STATISTICS: u32 = 4;
    pub(super) const FILE: u32 = 5;
    pub(super) const BINS: u32 = 6;
}

/// More rows than this are first shown as a density.
const MANY: usize = 5000;

/// What a picture is drawn on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Canvas {
    /// Width in pixels of the page.
    pub width: f64,
    /// Height in pixels of the page.
    pub height: f64,
    /// Pixels of the screen for each of the page.
    pub ratio: f64,
    /// Whether it is dark.
    pub dark: bool,
}

impl Canvas {
    fn ground(&self) -> Ground {
        if self.dark { Ground::Dark } else { Ground::Light }
    }
}

impl Actions {
    /// Begins a sheet for a table whose columns are known, with the picture that says most.
    pub fn begin_sheet(&self, table: &ResultTable) {
        let known =
            self.state.pictures.sheets.with_untracked(|sheets| sheets.iter().any(|sheet| sheet.table == table.id));
        if known || table.fields.is_empty() {
            return;
        }
        let presets = presets(&table.fields);
        let mut form = Form::default();
        let mut numbers = table.fields.iter().filter(|field| field.is_scalar_number());
        // Identifiers are numbers of which no picture says anything.
        let mut measured = numbers.clone().filter(|field| !field.datatype.is_integer());
        let first = measured.next().or_else(|| numbers.next());
        let second = measured.next().or_else(|| numbers.find(|field| Some(*field) != first));
        let axis = |field: Option<&table::Field>| Axis::new(field.map(|field| quoted(&field.name)).unwrap_or_default());
        (form.x, form.y) = (axis(first), axis(second));
        let named = |name: &str| presets.iter().find(|preset| preset.name == name);
        if let Some(sky) = named("sky").or_else(|| presets.iter().find(|preset| preset.name.starts_with("sky"))) {
            form.take(&sky.plane);
        }
        if let Some(best) = named("color-magnitude").or_else(|| presets.first()) {
            form.take(&best.plane);
        } else if second.is_none() {
            form.kind = Kind::Histogram;
        }
        self.state.pictures.sheets.update(|sheets| {
            sheets.push(Sheet {
                table: table.id,
                presets: Arc::new(presets),
                form,
                settled: false,
                faults: Vec::new(),
                condition: String::new(),
                selected: 0,
                changes: 0,
                only_selected: false,
                statistics: None,
            });
        });
    }

    /// Forgets what was wished of a table that is gone.
    pub(super) fn drop_sheet(&self, table: TableId) {
        let state = self.state.pictures;
        state.sheets.update(|sheets| sheets.retain(|sheet| sheet.table != table));
        state.detail.update(|detail| *detail = detail.take().filter(|detail| detail.table != table));
        state.drawn.update(|drawn| *drawn = drawn.take().filter(|drawn| drawn.table != table));
    }

    /// Changes the picture that is wished of the shown table.
    pub fn wish(&self, change: impl FnOnce(&mut Form)) {
        self.change_sheet(|sheet| {
            sheet.settled = true;
            change(&mut sheet.form);
        });
        self.state.pictures.near.set(None);
    }

    /// Shows the table, the picture or the statistics, where there is room for one.
    pub fn show_tab(&self, tab: usize) {
        self.state.pictures.tab.set(tab);
    }

    /// Draws what is ready-made.
    pub fn take_preset(&self, at: usize) {
        self.change_sheet(|sheet| {
            if let Some(preset) = Arc::clone(&sheet.presets).get(at) {
                sheet.form.take(&preset.plane);
                sheet.settled = true;
                sheet.faults.clear();
            }
        });
    }

    /// What dragging over a picture does from now on.
    pub fn drag_to(&self, mode: Mode) {
        self.state.pictures.mode.set(mode);
    }

    /// Shows another part of what is seen: left, right, bottom and top, in parts of what is seen now.
    pub fn look_at(&self, part: Part) {
        let Some(drawn) = self.state.pictures.drawn.get_untracked() else { return };
        self.change_sheet(|sheet| {
            let [left, right, bottom, top] = drawn.part(sheet.table, &sheet.form);
            let (x, y) = drawn.axes();
            let along = |axis: &AxisShown, from: f64, to: f64, part: (f64, f64)| {
                let value = |at: f64| axis.value(from + at * (to - from));
                let (a, b) = (value(part.0), value(part.1));
                // Closer than this, neighboring pixels would be one number.
                let fine = (b - a).abs() > 1e-11 * a.abs().max(b.abs());
                (a.is_finite() && b.is_finite() && fine).then(|| (a.min(b), a.max(b)))
            };
            let across = along(x, left, right, (part[0], part[1]));
            let up = along(y, bottom, top, (part[2], part[3]));
            let form = &mut sheet.form;
            match (form.kind, across, up) {
                (Kind::Sky, Some(across), Some(up)) if across.1 - across.0 < 12.0 => {
                    form.window = Some([across.0, across.1, up.0, up.1]);
                }
                (Kind::Histogram, Some(across), _) => form.x.range = Some(across),
                (Kind::Scatter | Kind::Density, Some(across), Some(up)) => {
                    (form.x.range, form.y.range) = (Some(across), Some(up));
                }
                _ => {}
            }
        });
    }

    /// Shows all of the picture.
    pub fn look_at_all(&self) {
        self.wish(|form| (form.x.range, form.y.range, form.window) = (None, None, None));
    }

    /// Has the worker draw the picture that is wished of the shown table. While it draws, the newest wish waits.
    pub fn draw(&self, canvas: Canvas) {
        self.canvas.set_value(Some(canvas));
        if self.state.pictures.busy.get_untracked() {
            return self.draw_again.set_value(true);
        }
        self.state.pictures.busy.set(true);
        let actions = *self;
        spawn_local(async move {
            loop {
                actions.draw_again.set_value(false);
                actions.draw_now().await;
                if !actions.draw_again.get_value() {
                    break;
                }
            }
            actions.state.pictures.busy.set(false);
        });
    }

    async fn draw_now(&self) {
        let (Some(canvas), Some(table)) = (self.canvas.get_value(), self.state.results.current.get_untracked()) else {
            return;
        };
        self.settle(table);
        self.keep_proportion(canvas);
        let Some(form) = self.state.pictures.sheet_untracked(table).map(|sheet| sheet.form) else { return };
        let progress = Some(self.state.pictures.drawing);
        let answer = self
            .ask_worker(table, slots::PICTURE, progress, |ticket| command(ticket, &form, canvas, Output::Pixels))
            .await;
        let made = match answer {
            Some((Event::Drawn { picture, .. }, Some(bytes))) => points(&picture, &bytes),
            Some((Event::Counted { histogram, .. }, _)) => {
                histogram.open().map(|histogram| Made::Bins(Arc::new(histogram)))
            }
            Some((Event::Faulty { faults, .. }, _)) => {
                let faults = faults.open().unwrap_or_default();
                return self.change_sheet(|sheet| {
                    sheet.faults.retain(|fault| fault.part == Which::Condition);
                    sheet.faults.extend(faults);
                });
            }
            _ => None,
        };
        let Some(made) = made else { return };
        self.change_sheet(|sheet| sheet.faults.retain(|fault| fault.part == Which::Condition));
        let size = (canvas.width, canvas.height);
        self.state.pictures.drawn.set(Some(Drawn { table, form, size, made }));
    }

    /// Many points say more as a density. How many there are is known at the end, or when they are many.
    fn settle(&self, table: TableId) {
        let Some(result) = self.state.results.shown_untracked().filter(|result| result.id == table) else { return };
        self.change_sheet(|sheet| {
            if !sheet.settled && (result.rows > MANY || result.stage != Stage::Loading) {
                sheet.settled = true;
                if sheet.form.kind == Kind::Scatter && result.rows > MANY {
                    sheet.form.kind = Kind::Density;
                }
            }
        });
    }

    /// A sky is not stretched: the part that is seen has the proportion of the canvas.
    fn keep_proportion(&self, canvas: Canvas) {
        let wanted = canvas.height / canvas.width;
        let change = |[left, right, bottom, top]: [f64; 4]| {
            let (middle, half) = ((bottom + top) / 2.0, (right - left) / 2.0 * wanted);
            [left, right, middle - half, middle + half]
        };
        self.change_sheet(|sheet| {
            if let Some(window) = sheet.form.window {
                let now = (window[3] - window[2]) / (window[1] - window[0]);
                if (now / wanted - 1.0).abs() > 0.005 {
                    sheet.form.window = Some(change(window));
                }
            }
        });
    }

    /// Changes the sheet of the shown table; views hear of it only if something changed.
    fn change_sheet(&self, change: impl FnOnce(&mut Sheet)) {
        let Some(table) = self.state.results.current.get_untracked() else { return };
        self.change_sheet_of(table, change);
    }

    fn change_sheet_of(&self, table: TableId, change: impl FnOnce(&mut Sheet)) {
        self.state.pictures.sheets.maybe_update(|sheets| {
            let Some(sheet) = sheets.iter_mut().find(|sheet| sheet.table == table) else { return false };
            let before = sheet.clone();
            change(sheet);
            *sheet != before
        });
    }
}

/// The command that makes a picture.
fn command(ticket: Ticket, form: &Form, canvas: Canvas, output: Output) -> Command {
    let (width, height) = (canvas.width.max(1.0), canvas.height.max(1.0));
    if form.kind == Kind::Histogram {
        let svg = match output {
            Output::Svg(words) => Some(words),
            Output::Pixels | Output::Png => None,
        };
        let spec = HistogramSpec {
            axis: Axis { reversed: false, ..form.x.clone() },
            bins: form.bins,
            counts: if form.log_counts { Scale::Log } else { Scale::Linear },
            rows: form.rows(),
            size: (width as u32, height as u32),
            ground: canvas.ground(),
        };
        return Command::Count { ticket, spec: Box::new(spec), svg };
    }
    let (ratio, color) = (canvas.ratio, form.color.trim());
    let mut spec = Spec::new(form.plane(), (width * ratio).round() as u32, (height * ratio).round() as u32);
    spec.ratio = ratio as f32;
    spec.ground = canvas.ground();
    spec.rows = form.rows();
    spec.style = match form.kind {
        _ if !color.is_empty() => Style::Mean { expression: color.to_owned(), range: None },
        Kind::Scatter => Style::Points,
        Kind::Density => Style::Density(Scale::Log),
        Kind::Sky | Kind::Histogram => Style::Auto,
    };
    Command::Draw { ticket, spec: Box::new(spec), output }
}

fn points(picture: &Packed<Picture>, bytes: &Uint8Array) -> Option<Made> {
    let picture = picture.open()?;
    // The pixels stay where they are: neither side of the page copies them.
    let pixels = Uint8ClampedArray::new(&bytes.buffer());
    let image = web_sys::ImageData::new_with_js_u8_clamped_array_and_sh(&pixels, picture.width, picture.height).ok()?;
    Some(Made::Points(Arc::new(picture), image))
}

/// The words around a picture that is saved.
fn words(title: &str) -> Words {
    Words { title: title.to_owned(), ..Words::default() }
}

/// What is wrong with one expression.
pub fn fault_of(faults: &[Fault], part: Which) -> Option<&Fault> {
    faults.iter().find(|fault| fault.part == part)
}
