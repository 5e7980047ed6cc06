//! Spectra: XP_SAMPLED, RVS, and any table with a wavelength and a flux.

use serde::{Deserialize, Serialize};
use table::{Column, Table};

use super::{MOST, at, is_array, numbers, source_of};

/// The wavelengths that RAW spectra leave out, by their number of points: first one and step, in nm.
const GRIDS: [(usize, f64, f64); 2] = [(343, 336.0, 2.0), (2401, 846.0, 0.01)];

/// The spectrum of one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spectrum {
    /// The source, where it is known.
    pub source: String,
    /// Unit of the wavelengths; `None` if they are but numbered.
    pub wavelength_unit: Option<String>,
    /// Unit of the fluxes; none for normalised ones.
    pub flux_unit: Option<String>,
    /// Wavelength, flux and its error by wavelength; NaN for what is missing.
    pub points: Vec<(f64, f64, f64)>,
}

/// The spectra of a table; none, if it holds none.
pub fn spectra(table: &Table, source: Option<&str>) -> Vec<Spectrum> {
    let Some(flux) = table.column("flux") else { return Vec::new() };
    let wavelength = table.column("wavelength");
    let error = table.column("flux_error");
    let unit = |column: Option<&Column>| column.and_then(|column| column.field().unit.clone());
    let new = |row: usize, wavelength_unit: Option<String>| Spectrum {
        source: source_of(table, row, source),
        wavelength_unit,
        flux_unit: unit(Some(flux)),
        points: Vec::new(),
    };
    let mut spectra: Vec<Spectrum> = Vec::new();
    if is_array(flux) {
        let mut left = MOST;
        for row in 0..table.rows() {
            let [wavelengths, fluxes, errors] = [wavelength, Some(flux), error].map(|column| numbers(column, row));
            let grid = GRIDS.iter().find(|(count, ..)| *count == fluxes.len());
            let place = |number: usize| match grid {
                _ if !wavelengths.is_empty() => at(&wavelengths, number),
                Some((_, first, step)) => first + step * number as f64,
                None => number as f64,
            };
            let given = unit(wavelength).filter(|_| !wavelengths.is_empty());
            let mut spectrum = new(row, given.or_else(|| grid.map(|_| "nm".to_owned())));
            let points = (0..fluxes.len().min(left)).map(|number| (place(number), fluxes[number], at(&errors, number)));
            spectrum.points = points.collect();
            left -= spectrum.points.len();
            spectra.push(spectrum);
            if left == 0 {
                break;
            }
        }
    } else if let Some(wavelength) = wavelength {
        let number = |column: Option<&Column>, row| column.and_then(|column| column.number(row)).unwrap_or(f64::NAN);
        for row in 0..table.rows().min(MOST) {
            let point = (number(Some(wavelength), row), number(Some(flux), row), number(error, row));
            let of = source_of(table, row, source);
            match spectra.last_mut().filter(|spectrum| spectrum.source == of) {
                Some(spectrum) => spectrum.points.push(point),
                None => {
                    let mut spectrum = new(row, unit(Some(wavelength)));
                    spectrum.points.push(point);
                    spectra.push(spectrum);
                }
            }
        }
    }
    for spectrum in &mut spectra {
        spectrum.points.retain(|point| point.0.is_finite());
        spectrum.points.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    spectra.retain(|spectrum| !spectrum.points.is_empty());
    spectra
}

#[cfg(test)]
mod tests {
    use table::{ArraySize, Data, Datatype, Field};

    use super::*;

    fn field(name: &str, datatype: Datatype, unit: &str) -> Field {
        Field { unit: Some(unit.to_owned()).filter(|unit| !unit.is_empty()), ..Field::new(name, datatype) }
    }

    #[test]
    fn both_structures_give_the_same_spectrum() {
        let mut rows = Table::new(vec![
            field("wavelength", Datatype::Double, "nm"),
            field("flux", Datatype::Float, "W.m**-2.nm**-1"),
            field("flux_error", Datatype::Float, "W.m**-2.nm**-1"),
        ]);
        let mut arrays = Table::new(vec![Field::new("source_id", Datatype::Long)]);
        arrays.columns[0].push_integer(42);
        for name in ["flux", "flux_error"] {
            let mut array = field(name, Datatype::Float, "W.m**-2.nm**-1");
            array.arraysize = ArraySize::fixed(343);
            let mut column = Column::new(array);
            if let Data::Float(data) = column.data_mut() {
                data.extend((0..343).map(|at| at as f32));
            }
            column.end_row(true);
            arrays.columns.push(column);
        }
        for at in (0..343).rev() {
            rows.columns[0].push_double(336.0 + 2.0 * f64::from(at));
            rows.columns[1].push_double(f64::from(at));
            rows.columns[2].push_double(f64::from(at));
        }
        let found = spectra(&arrays, None);
        assert_eq!(spectra(&rows, Some("42")), found);
        assert_eq!((found.len(), found[0].points.len(), found[0].points[342]), (1, 343, (1020.0, 342.0, 342.0)));
        assert_eq!(found[0].wavelength_unit.as_deref(), Some("nm"));
    }

    #[test]
    fn sources_that_follow_each_other_are_told_apart() {
        let names = ["source_id", "wavelength", "flux"];
        let mut table = Table::new(names.map(|name| Field::new(name, Datatype::Int)).to_vec());
        for (source, wavelength) in [(1, 400), (1, 402), (2, 400)] {
            table.columns[0].push_integer(source);
            table.columns[1].push_integer(wavelength);
            table.columns[2].push_null();
        }
        let found = spectra(&table, None);
        assert_eq!(found.iter().map(|spectrum| spectrum.points.len()).collect::<Vec<_>>(), [2, 1]);
        assert!(found[0].points[0].1.is_nan());
        assert!(spectra(&Table::default(), None).is_empty());
    }
}
