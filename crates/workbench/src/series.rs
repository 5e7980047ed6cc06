//! Products of DataLink as series of points, in either structure of the archive: INDIVIDUAL (one table for each source, a row
//! for each point) and RAW (one row for each source, arrays in its cells).

mod chart;
mod coefficients;
mod light_curve;
mod period;
mod samples;
mod spectrum;

use serde::{Deserialize, Serialize};
use table::{Cell, Column, Table};

pub use chart::{Chart, ChartSpec, Charts, Kind, Layer, charts, search};
pub use coefficients::{Coefficients, coefficients};
pub use light_curve::{LightCurve, Observation, light_curves, phase};
pub use period::{Period, Search, SearchSpec};
pub use samples::{Density, Samples, pair_density, samples};
pub use spectrum::{Spectrum, spectra};

/// Points that all series of one table may have together: what a page can draw.
const MOST: usize = 500_000;

/// A product's series, by its kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Series {
    /// Magnitudes over time, one for each source and band.
    LightCurves(Vec<LightCurve>),
    /// Fluxes over wavelength.
    Spectra(Vec<Spectrum>),
    /// Coefficients of spectra, one list for each source and instrument.
    Coefficients(Vec<Coefficients>),
    /// Samples of a posterior distribution.
    Samples(Vec<Samples>),
}

/// What a table of a product holds, by its columns. `source`: which source it is of, where the table does not say.
pub fn series(table: &Table, source: Option<&str>) -> Option<Series> {
    let found = light_curves(table, source);
    if !found.is_empty() {
        return Some(Series::LightCurves(found));
    }
    let found = spectra(table, source);
    if !found.is_empty() {
        return Some(Series::Spectra(found));
    }
    let found = coefficients(table, source);
    if !found.is_empty() {
        return Some(Series::Coefficients(found));
    }
    let found = samples(table, source);
    (!found.is_empty()).then_some(Series::Samples(found))
}

/// The source of a row, as text: identifiers keep every digit.
fn source_of(table: &Table, row: usize, otherwise: Option<&str>) -> String {
    match table.column("source_id").filter(|column| row < column.len() && !column.is_null(row)) {
        Some(column) => column.display(row).to_string(),
        None => otherwise.unwrap_or_default().to_owned(),
    }
}

/// The numbers of a cell, an array's or a single one; NaN for null.
fn numbers(column: Option<&Column>, row: usize) -> Vec<f64> {
    let number = |cell: Cell<'_>| match cell {
        Cell::Integer(value) => value as f64,
        Cell::Float(value) => value.into(),
        Cell::Double(value) => value,
        Cell::Boolean(value) => f64::from(u8::from(value)),
        _ => f64::NAN,
    };
    match column.filter(|column| row < column.len()).map(|column| column.cell(row)) {
        Some(Cell::Array(array)) => array.iter().take(MOST).map(number).collect(),
        None | Some(Cell::Null) => Vec::new(),
        // CSV has no arrays: the archive writes them as `(1.0, 2.0)`, in ECSV as `[1.0,2.0]`.
        Some(Cell::Text(list)) => {
            let elements = list.trim_matches(['(', ')', '[', ']', ' ']).split(',').map(str::trim);
            elements
                .take(MOST)
                .map(|text| text.parse().unwrap_or(if text == "true" { 1.0 } else { f64::NAN }))
                .collect()
        }
        Some(cell) => vec![number(cell)],
    }
}

/// Whether the cells of a column are arrays, or lists in text.
fn is_array(column: &Column) -> bool {
    if column.field().is_text() {
        let first = if column.is_empty() { Cell::Null } else { column.cell(0) };
        return matches!(first, Cell::Text(text) if text.starts_with(['(', '[']));
    }
    !column.field().arraysize.is_scalar()
}

/// The value at a place; NaN behind the end.
fn at(values: &[f64], place: usize) -> f64 {
    values.get(place).copied().unwrap_or(f64::NAN)
}
