//! Samples of MCMC_GSPPHOT and MCMC_MSC: values of each parameter, to be drawn as histograms and in pairs.

use serde::{Deserialize, Serialize};
use table::{Column, Table};

use super::{MOST, is_array, numbers, source_of};

/// Columns that tell of the sample and are no parameter.
const ABOUT: [&str; 5] = ["source_id", "solution_id", "nsamples", "log_pos", "log_lik"];

/// The samples of one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Samples {
    /// The source, where it is known.
    pub source: String,
    /// The parameters in the order of the columns: name, unit, values.
    pub parameters: Vec<(String, Option<String>, Vec<f64>)>,
}

/// How two parameters go together: counts in a grid of even cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Density {
    /// From and to in the first parameter.
    pub x: (f64, f64),
    /// From and to in the second.
    pub y: (f64, f64),
    /// Cells along each side.
    pub cells: usize,
    /// Row after row from the smallest `y`, each from the smallest `x`.
    pub counts: Vec<u32>,
}

/// The samples of a table, recognised by the logarithm of their posterior (`log_pos`); none, if it holds none.
pub fn samples(table: &Table, source: Option<&str>) -> Vec<Samples> {
    let Some(mark) = table.column("log_pos") else { return Vec::new() };
    let parameter = |column: &&Column| {
        let field = column.field();
        (field.datatype.is_number() || is_array(column))
            && !ABOUT.iter().any(|name| field.name.eq_ignore_ascii_case(name))
    };
    let columns: Vec<&Column> = table.columns.iter().filter(parameter).collect();
    let named = |column: &Column, values| (column.field().name.clone(), column.field().unit.clone(), values);
    let mut sets: Vec<Samples> = Vec::new();
    let most = MOST / columns.len().max(1);
    if is_array(mark) {
        let mut left = most;
        for row in 0..table.rows() {
            let parameters: Vec<_> = columns.iter().map(|column| named(column, numbers(Some(column), row))).collect();
            let longest = parameters.iter().map(|parameter| parameter.2.len()).max().unwrap_or(0);
            if longest > left {
                break;
            }
            left -= longest;
            sets.push(Samples { source: source_of(table, row, source), parameters });
        }
        return sets;
    }
    for row in 0..table.rows().min(most) {
        let of = source_of(table, row, source);
        if sets.last().is_none_or(|set| set.source != of) {
            let parameters = columns.iter().map(|column| named(column, Vec::new())).collect();
            sets.push(Samples { source: of, parameters });
        }
        let Some(set) = sets.last_mut() else { continue };
        for (column, parameter) in columns.iter().zip(&mut set.parameters) {
            parameter.2.push(column.number(row).unwrap_or(f64::NAN));
        }
    }
    sets
}

/// Counts the pairs of two parameters in a grid over all finite values; `None` where there is no pair.
pub fn pair_density(x: &[f64], y: &[f64], cells: usize) -> Option<Density> {
    let cells = cells.clamp(1, 500);
    let pairs = || x.iter().copied().zip(y.iter().copied()).filter(|(x, y)| x.is_finite() && y.is_finite());
    let range = |values: &mut dyn Iterator<Item = f64>| {
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        // One value has a cell around it.
        if low < high { (low, high) } else { (low - 0.5, high + 0.5) }
    };
    pairs().next()?;
    let (across, up) = (range(&mut pairs().map(|pair| pair.0)), range(&mut pairs().map(|pair| pair.1)));
    let cell =
        |value: f64, (low, high): (f64, f64)| (((value - low) / (high - low) * cells as f64) as usize).min(cells - 1);
    let mut counts = vec![0; cells * cells];
    for (x, y) in pairs() {
        counts[cell(y, up) * cells + cell(x, across)] += 1;
    }
    Some(Density { x: across, y: up, cells, counts })
}

#[cfg(test)]
mod tests {
    use table::{Datatype, Field};

    use super::*;

    #[test]
    fn parameters_are_the_columns_that_are_no_bookkeeping() {
        let names = ["source_id", "solution_id", "teff", "logg", "log_pos", "log_lik"];
        let mut table = Table::new(names.map(|name| Field::new(name, Datatype::Double)).to_vec());
        for row in 0..4 {
            table.columns.iter_mut().for_each(|column| column.push_double(f64::from(row)));
        }
        table.columns[0] = Column::new(Field::new("source_id", Datatype::Long));
        [7, 7, 7, 8].into_iter().for_each(|id| table.columns[0].push_integer(id));
        let found = samples(&table, None);
        assert_eq!(found.iter().map(|set| set.source.as_str()).collect::<Vec<_>>(), ["7", "8"]);
        assert_eq!(found[0].parameters[0], ("teff".into(), None, vec![0.0, 1.0, 2.0]));
        assert_eq!(found[0].parameters.len(), 2);
        assert!(samples(&Table::default(), None).is_empty());
    }

    #[test]
    fn pairs_fall_into_cells() {
        let density = pair_density(&[0.0, 1.0, 10.0, f64::NAN], &[0.0, 0.0, 4.0, 1.0], 2).unwrap();
        assert_eq!((density.x, density.y, density.counts), ((0.0, 10.0), (0.0, 4.0), vec![2, 0, 0, 1]));
        assert_eq!(pair_density(&[3.0, 3.0], &[1.0, 1.0], 2).unwrap().counts, [0, 0, 0, 2]);
        assert_eq!(pair_density(&[f64::NAN], &[1.0], 2), None);
    }
}
