//! Pictures, statistics and selection of the tables in hand. Points stay in the worker; here is what was asked for and the one
//! picture that came last.

use std::sync::Arc;

use leptos::prelude::*;
use workbench::{
    picture::{Axis, AxisShown, Fault, Histogram, Picture, Plane, Preset},
    protocol::{NearRow, TableId},
    select::{Combine, Rows},
    statistics::Summary,
};

/// Pictures, statistics and selection.
#[derive(Clone, Copy)]
pub struct PicturesState {
    /// What is wished of each table that was shown.
    pub sheets: RwSignal<Vec<Sheet>>,
    /// The picture that came last. It holds pixels, which belong to this thread.
    pub drawn: RwSignal<Option<Drawn>, LocalStorage>,
    /// Part of the picture that is done, while one is being made and takes long.
    pub drawing: RwSignal<Option<f32>>,
    /// Whether a picture is being made.
    pub busy: RwSignal<bool>,
    /// Part of the selection that is done, while one is being made and takes long.
    pub selecting: RwSignal<Option<f32>>,
    /// What dragging over a picture does.
    pub mode: RwSignal<Mode>,
    /// What a new choice does to the selection.
    pub combine: RwSignal<Combine>,
    /// The row under the pointer.
    pub near: RwSignal<Option<NearRow>>,
    /// The row of the grid that had the focus last.
    pub row: RwSignal<usize>,
    /// The row whose values are all shown.
    pub detail: RwSignal<Option<Detail>>,
    /// Statistics that are being counted.
    pub counting: RwSignal<Option<Counting>>,
    /// Part of the column in hand that is counted.
    pub counted: RwSignal<Option<f32>>,
    /// Which part of a result is shown where there is room for one: table, picture, statistics.
    pub tab: RwSignal<usize>,
}

impl PicturesState {
    pub(super) fn new() -> PicturesState {
        PicturesState {
            sheets: RwSignal::default(),
            drawn: RwSignal::new_local(None),
            drawing: RwSignal::default(),
            busy: RwSignal::default(),
            selecting: RwSignal::default(),
            mode: RwSignal::default(),
            combine: RwSignal::new(Combine::Replace),
            near: RwSignal::default(),
            row: RwSignal::default(),
            detail: RwSignal::default(),
            counting: RwSignal::default(),
            counted: RwSignal::default(),
            tab: RwSignal::default(),
        }
    }

    /// What is wished of a table, for reactive reads.
    pub fn sheet(&self, table: TableId) -> Option<Sheet> {
        self.sheets.with(|sheets| sheets.iter().find(|sheet| sheet.table == table).cloned())
    }

    /// The same without subscribing.
    pub fn sheet_untracked(&self, table: TableId) -> Option<Sheet> {
        self.sheets.with_untracked(|sheets| sheets.iter().find(|sheet| sheet.table == table).cloned())
    }

    /// How many rows of a table are selected, for reactive reads.
    pub fn selected(&self, table: TableId) -> u64 {
        self.sheets.with(|sheets| sheets.iter().find(|sheet| sheet.table == table).map_or(0, |sheet| sheet.selected))
    }
}

/// What is wished of one table, and what is known of its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The table.
    pub table: TableId,
    /// Pictures that its columns allow.
    pub presets: Arc<Vec<Preset>>,
    /// The picture that is wished.
    pub form: Form,
    /// Whether it was chosen, or may still change with the number of rows.
    pub settled: bool,
    /// What is wrong with it, or with the condition.
    pub faults: Vec<Fault>,
    /// Which rows the user wants to select, as a condition.
    pub condition: String,
    /// Selected rows.
    pub selected: u64,
    /// Grows with each change of the selection.
    pub changes: u32,
    /// Whether the grid shows the selected rows alone.
    pub only_selected: bool,
    /// Statistics of the columns, if they were counted.
    pub statistics: Option<Statistics>,
}

/// A kind of picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Each row a point.
    #[default]
    Scatter,
    /// The number of rows in a place.
    Density,
    /// The whole sky.
    Sky,
    /// The number of rows with a value.
    Histogram,
}

/// The picture that is wished. What belongs to other kinds is kept for when they are chosen again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// Its kind.
    pub kind: Kind,
    /// The axis to the right.
    pub x: Axis,
    /// The axis upwards.
    pub y: Axis,
    /// Longitude on the sky, in degrees.
    pub longitude: String,
    /// Latitude on the sky, in degrees.
    pub latitude: String,
    /// Longitude in the middle of the sky.
    pub center: f64,
    /// The part of the sky that is seen.
    pub window: Option<[f64; 4]>,
    /// What colors mean; empty: nothing, or numbers of rows.
    pub color: String,
    /// Bins of a histogram, if not as many as suit the rows.
    pub bins: Option<u32>,
    /// Whether a histogram's counts are drawn as logarithms.
    pub log_counts: bool,
    /// Whether the selected rows alone are drawn.
    pub only_selected: bool,
}

impl Form {
    /// Which rows are drawn.
    pub fn rows(&self) -> Rows {
        if self.only_selected { Rows::Selected } else { Rows::All }
    }

    /// Where its points lie. In a histogram each value is its own height, so that a range of values is a region.
    pub fn plane(&self) -> Plane {
        match self.kind {
            Kind::Scatter | Kind::Density => Plane::Axes { x: self.x.clone(), y: self.y.clone() },
            Kind::Histogram => Plane::Axes { x: self.x.clone(), y: Axis { reversed: false, ..self.x.clone() } },
            Kind::Sky => Plane::Sky {
                longitude: self.longitude.clone(),
                latitude: self.latitude.clone(),
                center: self.center,
                window: self.window,
            },
        }
    }

    /// Takes over a picture that is ready-made.
    pub fn take(&mut self, plane: &Plane) {
        match plane {
            Plane::Axes { x, y } => {
                (self.x, self.y) = (x.clone(), y.clone());
                if !matches!(self.kind, Kind::Scatter | Kind::Density) {
                    self.kind = Kind::Scatter;
                }
            }
            Plane::Sky { longitude, latitude, center, window } => {
                (self.longitude, self.latitude) = (longitude.clone(), latitude.clone());
                (self.center, self.window, self.kind) = (*center, *window, Kind::Sky);
            }
        }
    }

    /// Whether the pictures of both forms have the same places, but for what part of them is seen.
    fn same_plane(&self, other: &Form) -> bool {
        let axis = |one: &Axis, other: &Axis| {
            one.expression == other.expression && one.scale == other.scale && one.reversed == other.reversed
        };
        self.kind == other.kind
            && match self.kind {
                Kind::Scatter | Kind::Density => axis(&self.x, &other.x) && axis(&self.y, &other.y),
                Kind::Histogram => axis(&self.x, &other.x),
                Kind::Sky => self.longitude == other.longitude && self.latitude == other.latitude,
            }
    }
}

/// A picture that came.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The table that it shows.
    pub table: TableId,
    /// What was asked for.
    pub form: Form,
    /// Width and height in pixels of the page.
    pub size: (f64, f64),
    /// What came.
    pub made: Made,
}

/// What came of a wish.
#[derive(Clone, Debug)]
pub enum Made {
    /// Points as pixels.
    Points(Arc<Picture>, web_sys::ImageData),
    /// Bins.
    Bins(Arc<Histogram>),
}

/// The part of a drawn picture that is to be seen: left, right, bottom and top, all of it being 0, 1, 0 and 1.
pub type Part = [f64; 4];

/// All of a picture.
pub const WHOLE: Part = [0.0, 1.0, 0.0, 1.0];

impl Drawn {
    /// Its axes, to the right and upwards.
    pub fn axes(&self) -> (&AxisShown, &AxisShown) {
        match &self.made {
            Made::Points(picture, _) => (&picture.x, &picture.y),
            Made::Bins(histogram) => (&histogram.x, &histogram.y),
        }
    }

    /// The part of it that a newer wish asks for. All, where the wish is for something else.
    pub fn part(&self, table: TableId, form: &Form) -> Part {
        if self.table != table || !self.form.same_plane(form) {
            return WHOLE;
        }
        let (x, y) = self.axes();
        let along = |axis: &AxisShown, range: Option<(f64, f64)>| {
            let places = range.map(|(from, to)| (axis.place(from), axis.place(to)));
            let places = places.map(|(from, to)| (from.min(to), from.max(to)));
            places.filter(|(from, to)| from.is_finite() && to - from > 1e-9).unwrap_or((0.0, 1.0))
        };
        let ((left, right), (bottom, top)) = match form.kind {
            Kind::Sky => {
                let window = form.window;
                (along(x, window.map(|it| (it[0], it[1]))), along(y, window.map(|it| (it[2], it[3]))))
            }
            Kind::Histogram => (along(x, form.x.range), (0.0, 1.0)),
            Kind::Scatter | Kind::Density => (along(x, form.x.range), along(y, form.y.range)),
        };
        [left, right, bottom, top]
    }
}

/// What dragging over a picture does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Moves it.
    #[default]
    Move,
    /// Selects the rows in a rectangle.
    Rectangle,
    /// Selects the rows that a line goes around.
    Lasso,
}

/// A row whose values are all shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Detail {
    /// Its table.
    pub table: TableId,
    /// Its place in the order in force.
    pub place: usize,
    /// Among which rows.
    pub rows: Rows,
    /// Number of the request for its cells.
    pub sequence: u32,
    /// Its number in the order of arrival, once known.
    pub number: Option<u32>,
    /// Its cells, once they came.
    pub cells: Vec<Option<String>>,
    /// Whether it is selected.
    pub selected: bool,
}

/// Statistics of a table's columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Of which rows.
    pub rows: Rows,
    /// Changes of the selection when they were counted.
    pub changes: u32,
    /// Rows of the table when they were counted.
    pub of: usize,
    /// For each column that is done, in order.
    pub columns: Vec<Option<Described>>,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    /// In numbers.
    pub summary: Arc<Summary>,
    /// How its values are distributed, if they are numbers.
    pub histogram: Option<Arc<Histogram>>,
}

/// Statistics that are being counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting {
    /// The table.
    pub table: TableId,
    /// Columns that are done.
    pub done: usize,
    /// Columns in all.
    pub columns: usize,
}
