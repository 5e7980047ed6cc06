//! XP_CONTINUOUS: the coefficients of basis functions that make the mean BP and RP spectra. The functions themselves are no part
//! of the product, so that what can be shown without them are the coefficients with their errors.

use serde::{Deserialize, Serialize};
use table::Table;

use super::{MOST, at, numbers, source_of};

/// The instruments and the beginnings of their columns' names.
const INSTRUMENTS: [(&str, &str); 2] = [("BP", "bp"), ("RP", "rp")];

/// The coefficients of one source and instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coefficients {
    /// The source, where it is known.
    pub source: String,
    /// `BP` or `RP`.
    pub instrument: String,
    /// Each coefficient with its error, NaN where that is missing.
    pub values: Vec<(f64, f64)>,
}

/// The coefficients in a table; none, if it holds none.
pub fn coefficients(table: &Table, source: Option<&str>) -> Vec<Coefficients> {
    let mut out = Vec::new();
    let mut left = MOST;
    for row in 0..table.rows() {
        for (instrument, prefix) in INSTRUMENTS {
            let list = |what: &str| numbers(table.column(&format!("{prefix}_{what}")), row);
            let (values, errors) = (list("coefficients"), list("coefficient_errors"));
            // A single number is no list: text that could not be read as one.
            if values.len() < 2 || values.len() > left {
                continue;
            }
            left -= values.len();
            let values = values.iter().enumerate().map(|(number, value)| (*value, at(&errors, number))).collect();
            let source = source_of(table, row, source);
            out.push(Coefficients { source, instrument: instrument.to_owned(), values });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use table::{ArraySize, Column, Data, Datatype, Field};

    use super::*;

    #[test]
    fn each_instrument_has_its_list() {
        let list = |name: &str, values: &[f64]| {
            let mut field = Field::new(name, Datatype::Double);
            field.arraysize = ArraySize::VARIABLE;
            let mut column = Column::new(field);
            if let Data::Double(data) = column.data_mut() {
                data.extend(values);
            }
            column.end_row(true);
            column
        };
        let columns = vec![
            list("bp_coefficients", &[1.0, 2.0]),
            list("bp_coefficient_errors", &[0.1]),
            list("rp_coefficients", &[3.0, 4.0]),
        ];
        let found = coefficients(&Table { columns, ..Table::default() }, Some("7"));
        assert_eq!(found.iter().map(|one| one.instrument.as_str()).collect::<Vec<_>>(), ["BP", "RP"]);
        assert_eq!((found[0].source.as_str(), found[0].values[0], found[0].values[1].0), ("7", (1.0, 0.1), 2.0));
        assert!(found[0].values[1].1.is_nan());
        assert!(coefficients(&Table::default(), None).is_empty());
    }
}
