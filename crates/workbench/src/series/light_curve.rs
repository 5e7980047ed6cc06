//! Light curves of EPOCH_PHOTOMETRY: magnitudes over time for each band, with errors and the flags that reject a value.

use serde::{Deserialize, Serialize};
use table::{Cell, Table};

use super::{MOST, at, numbers, source_of};

/// Magnitudes of a relative error of the flux of one: 2.5 / ln(10).
const MAGNITUDES: f64 = 1.085_736_204_758_129_6;

/// The bands and the columns of the RAW structure: time, magnitude, flux over its error, rejected by variability.
const BANDS: [(&str, [&str; 4]); 3] = [
    ("G", ["g_transit_time", "g_transit_mag", "g_transit_flux_over_error", "variability_flag_g_reject"]),
    ("BP", ["bp_obs_time", "bp_mag", "bp_flux_over_error", "variability_flag_bp_reject"]),
    ("RP", ["rp_obs_time", "rp_mag", "rp_flux_over_error", "variability_flag_rp_reject"]),
];

/// The observations of one source in one band, by time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LightCurve {
    /// The source, where it is known.
    pub source: String,
    /// `G`, `BP` or `RP`.
    pub band: String,
    /// What was observed; without those that have no time or no magnitude.
    pub observations: Vec<Observation>,
}

/// One observation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Days of barycentric coordinate time since JD 2455197.5.
    pub time: f64,
    /// Magnitude.
    pub magnitude: f64,
    /// Its error from that of the flux; `None` where it is not known.
    pub error: Option<f64>,
    /// Rejected by photometry or by variability.
    pub rejected: bool,
}

/// The light curves of a table; none, if it holds no epoch photometry.
pub fn light_curves(table: &Table, source: Option<&str>) -> Vec<LightCurve> {
    let mut curves =
        if table.column("g_transit_time").is_some() { raw(table, source) } else { individual(table, source) };
    for curve in &mut curves {
        curve.observations.sort_by(|a, b| a.time.total_cmp(&b.time));
    }
    curves.retain(|curve| !curve.observations.is_empty());
    curves
}

/// The phase of a time, from 0 to below 1; 0 at the epoch.
pub fn phase(time: f64, period: f64, epoch: f64) -> f64 {
    let phase = ((time - epoch) / period).rem_euclid(1.0);
    // The remainder of a tiny negative number rounds up to one.
    if phase < 1.0 { phase } else { 0.0 }
}

fn individual(table: &Table, source: Option<&str>) -> Vec<LightCurve> {
    let (Some(time), Some(magnitude), Some(band)) = (table.column("time"), table.column("mag"), table.column("band"))
    else {
        return Vec::new();
    };
    let number = |name: &str, row| table.column(name).and_then(|column| column.number(row)).unwrap_or(f64::NAN);
    let mut curves: Vec<LightCurve> = Vec::new();
    for row in 0..table.rows().min(MOST) {
        let Cell::Text(band) = band.cell(row) else { continue };
        let (Some(time), Some(magnitude)) = (time.number(row), magnitude.number(row)) else { continue };
        let signal = number("flux_over_error", row);
        let signal = if signal.is_nan() { number("flux", row) / number("flux_error", row) } else { signal };
        let rejected = ["rejected_by_photometry", "rejected_by_variability"].map(|name| number(name, row) == 1.0);
        let observation = Observation { time, magnitude, error: error(signal), rejected: rejected.contains(&true) };
        let source = source_of(table, row, source);
        // Rows of one curve stand together or nearly so: the last ones are looked at first.
        match curves.iter_mut().rev().find(|curve| curve.band == band.trim() && curve.source == source) {
            Some(curve) => curve.observations.push(observation),
            None => {
                curves.push(LightCurve { source, band: band.trim().to_owned(), observations: vec![observation] });
            }
        }
    }
    curves
}

fn raw(table: &Table, source: Option<&str>) -> Vec<LightCurve> {
    let mut curves = Vec::new();
    let mut left = MOST;
    for row in 0..table.rows() {
        for (band, columns) in BANDS {
            let [times, magnitudes, signals, rejected] = columns.map(|name| numbers(table.column(name), row));
            let observation = |place: usize| {
                let (time, magnitude) = (times[place], at(&magnitudes, place));
                let rejected = at(&rejected, place) == 1.0;
                let error = error(at(&signals, place));
                (time.is_finite() && magnitude.is_finite()).then_some(Observation { time, magnitude, error, rejected })
            };
            let observations: Vec<_> = (0..times.len().min(left)).filter_map(observation).collect();
            left -= observations.len();
            curves.push(LightCurve { source: source_of(table, row, source), band: band.to_owned(), observations });
        }
        if left == 0 {
            break;
        }
    }
    curves
}

fn error(signal: f64) -> Option<f64> {
    Some(MAGNITUDES / signal).filter(|error| error.is_finite() && *error > 0.0)
}

#[cfg(test)]
mod tests {
    use table::{ArraySize, Column, Data, Datatype, Field};

    use super::*;

    const ID: i64 = 6_917_528_997_577_384_321;

    fn one_by_one() -> Table {
        let mut table = Table::new(vec![
            Field::new("source_id", Datatype::Long),
            Field::new("band", Datatype::Char),
            Field::new("time", Datatype::Double),
            Field::new("mag", Datatype::Double),
            Field::new("flux_over_error", Datatype::Float),
            Field::new("rejected_by_photometry", Datatype::Boolean),
            Field::new("rejected_by_variability", Datatype::Boolean),
        ]);
        for (band, time, magnitude, rejected) in [
            ("G", 1700.5, 15.0, false),
            ("BP", 1700.6, 15.5, false),
            ("G", 1690.0, 15.2, true),
            ("G", 1800.0, f64::NAN, false),
        ] {
            table.columns[0].push_integer(ID);
            table.columns[1].push_text(band);
            table.columns[2].push_double(time);
            table.columns[3].push_double(magnitude);
            table.columns[4].push_double(100.0);
            table.columns[5].push_boolean(false);
            table.columns[6].push_boolean(rejected);
        }
        table
    }

    fn array(name: &str, datatype: Datatype, values: &[f64]) -> Column {
        let mut field = Field::new(name, datatype);
        field.arraysize = ArraySize::VARIABLE;
        let mut column = Column::new(field);
        match column.data_mut() {
            Data::Double(data) => data.extend(values),
            Data::Float(data) => data.extend(values.iter().map(|value| *value as f32)),
            Data::Boolean(data) => data.extend(values.iter().map(|value| *value as u8)),
            _ => {}
        }
        column.end_row(true);
        column
    }

    #[test]
    fn both_structures_give_the_same_curves() {
        let mut id = Column::new(Field::new("source_id", Datatype::Long));
        id.push_integer(ID);
        let rows = Table {
            columns: vec![
                id,
                array("g_transit_time", Datatype::Double, &[1700.5, 1690.0, 1800.0]),
                array("g_transit_mag", Datatype::Double, &[15.0, 15.2, f64::NAN]),
                array("g_transit_flux_over_error", Datatype::Float, &[100.0; 3]),
                array("variability_flag_g_reject", Datatype::Boolean, &[0.0, 1.0, 0.0]),
                array("bp_obs_time", Datatype::Double, &[1700.6, f64::NAN]),
                array("bp_mag", Datatype::Double, &[15.5, 15.5]),
                array("bp_flux_over_error", Datatype::Float, &[100.0; 2]),
            ],
            ..Table::default()
        };
        let curves = light_curves(&one_by_one(), None);
        assert_eq!(light_curves(&rows, None), curves);
        assert_eq!((curves.len(), curves[0].source.as_str(), curves[0].band.as_str()), (2, "6917528997577384321", "G"));
        let first = curves[0].observations[0];
        assert_eq!((first.time, first.magnitude, first.rejected), (1690.0, 15.2, true));
        assert!((first.error.unwrap() - 0.010_857).abs() < 1e-6);
        assert_eq!(curves[0].observations.len(), 2, "without magnitude there is no point");
    }

    #[test]
    fn the_error_follows_from_the_fluxes_too() {
        let mut table = one_by_one();
        table.columns.truncate(4);
        for (name, value) in [("flux", 500.0), ("flux_error", 5.0)] {
            let mut column = Column::new(Field::new(name, Datatype::Double));
            (0..4).for_each(|_| column.push_double(value));
            table.columns.push(column);
        }
        let error = light_curves(&table, None)[0].observations[0].error;
        assert!((error.unwrap() - 0.010_857).abs() < 1e-6);
        table.columns.truncate(4);
        assert_eq!(light_curves(&table, None)[0].observations[0].error, None);
        assert!(light_curves(&Table::default(), None).is_empty());
    }

    #[test]
    fn phases_begin_at_the_epoch() {
        assert_eq!((phase(10.0, 4.0, 10.0), phase(11.0, 4.0, 10.0), phase(9.0, 4.0, 10.0)), (0.0, 0.25, 0.75));
        assert!(phase(-1e-20, 1.0, 0.0) < 1.0);
    }
}
