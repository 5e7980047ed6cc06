//! EPOCH_PHOTOMETRY: magnitudes in G, BP and RP at each transit.
//!
//! The standard structure has a row for each transit and band, that of the data model a row for the source with arrays over
//! its transits and all 25 photometric flags.

use table::Column;
use table::Datatype::{Boolean, Char, Double, Float, Long, Short};

use super::light_curve::LightCurve;
use super::product::{Product, booleans, field, identity, integers, numbers, optional, texts};
use super::scan::{self, Transit};
use super::subject::Subject;
use crate::catalogue::{Random, ZERO_POINTS};

const PURPOSE: u64 = 5;
/// The processing run.
const RUN: i64 = 20;
const BANDS: [&str; 3] = ["G", "BP", "RP"];

/// The flags of the data model, in the order of the bits of `other_flags`.
const FLAGS: [&str; 25] = [
    "noisy_data",
    "sm_unavailable",
    "af1_unavailable",
    "af2_unavailable",
    "af3_unavailable",
    "af4_unavailable",
    "af5_unavailable",
    "af6_unavailable",
    "af7_unavailable",
    "af8_unavailable",
    "af9_unavailable",
    "bp_unavailable",
    "rp_unavailable",
    "sm_reject",
    "af1_reject",
    "af2_reject",
    "af3_reject",
    "af4_reject",
    "af5_reject",
    "af6_reject",
    "af7_reject",
    "af8_reject",
    "af9_reject",
    "bp_reject",
    "rp_reject",
];

/// What was measured in a band at a transit.
#[derive(Clone, Copy, Debug, Default)]
struct Observation {
    time: Option<f64>,
    /// Flux and its error, e-/s.
    flux: Option<(f64, f64)>,
    /// The photometry rejects it.
    rejected: bool,
    /// The search for variability rejects it.
    outlier: bool,
}

/// All bands of a transit.
struct Epoch {
    transit: Transit,
    bands: [Observation; 3],
    n_obs: i64,
    flags: u32,
}

/// One row for each transit and band.
pub fn standard(subject: &Subject) -> Product {
    let epochs = observe(subject);
    let rows = || {
        (0..3)
            .flat_map(|band| epochs.iter().map(move |epoch| (band, epoch, epoch.bands[band])))
            .filter(|(_, _, o)| o.time.is_some())
    };
    let number = |name, datatype, unit, ucd, description, value: fn(usize, Observation) -> Option<f64>| {
        optional(field(name, datatype, unit, ucd, description), rows().map(|(band, _, o)| value(band, o)))
    };
    let mut head = identity(subject, RUN);
    // Here the processing run stands last.
    let solution = head.pop();
    let mut series = vec![
        integers(
            field("transit_id", Long, "", "meta.version", "Identifier of the transit"),
            rows().map(|row| row.1.transit.id),
        ),
        texts(field("band", Char, "", "instr.bandpass", "Band: G, BP or RP"), rows().map(|row| BANDS[row.0])),
        number("time", Double, "d", "time.epoch", "Barycentric Julian date in TCB less 2455197.5", |_, o| o.time),
        number("mag", Double, "mag", "phot.mag;em.opt", "Magnitude, Vega scale", magnitude),
        number("flux", Double, "'electron'.s**-1", "phot.flux;em.opt", "Flux", |_, o| o.flux.map(|flux| flux.0)),
        number("flux_error", Double, "'electron'.s**-1", "stat.error;phot.flux;em.opt", "Error of the flux", |_, o| {
            o.flux.map(|flux| flux.1)
        }),
        number("flux_over_error", Float, "", "stat.snr;phot.flux;em.opt", "Flux divided by its error", |_, o| {
            over_error(o)
        }),
        booleans(
            field("rejected_by_photometry", Boolean, "", "meta.code.qual", "Rejected by the photometric processing"),
            rows().map(|row| row.2.rejected),
        ),
        booleans(
            field("rejected_by_variability", Boolean, "", "meta.code.qual", "Rejected by the search for variability"),
            rows().map(|row| row.2.outlier),
        ),
        integers(
            field("other_flags", Long, "", "meta.code.qual", "The 25 photometric flags of the data model as bits"),
            rows().map(|row| row.1.flags.into()),
        ),
    ];
    series.extend(solution.map(|solution| {
        let mut column = Column::new(solution.field().clone());
        rows().for_each(|_| column.push_from(&solution, 0));
        column
    }));
    Product { head, series }
}

/// The standard structure without rows that have no flux or that the photometry rejects (VALID_DATA).
pub fn valid(columns: Vec<Column>) -> Vec<Column> {
    let find = |name: &str| columns.iter().find(|column| column.field().name == name);
    let (Some(flux), Some(rejected)) = (find("flux"), find("rejected_by_photometry")) else { return columns };
    let good: Vec<usize> =
        (0..flux.len()).filter(|row| !flux.is_null(*row) && rejected.number(*row) != Some(1.0)).collect();
    let keep = |column: &Column| {
        let mut kept = Column::new(column.field().clone());
        good.iter().for_each(|row| kept.push_from(column, *row));
        kept
    };
    columns.iter().map(keep).collect()
}

/// Arrays over the transits.
pub fn raw(subject: &Subject) -> Product {
    let epochs = observe(subject);
    let mut series = vec![integers(
        field("transit_id", Long, "", "meta.version", "Identifiers of the transits"),
        epochs.iter().map(|epoch| epoch.transit.id),
    )];
    // The data model calls things differently in G than in BP and RP.
    for (band, [time, prefix]) in
        [["g_transit_time", "g_transit"], ["bp_obs_time", "bp"], ["rp_obs_time", "rp"]].iter().enumerate()
    {
        let mut number = |name: &str, datatype, unit, ucd, value: fn(usize, Observation) -> Option<f64>| {
            let description = format!("{}: {name}", BANDS[band]);
            let values = epochs.iter().map(|epoch| value(band, epoch.bands[band]).unwrap_or(f64::NAN));
            series.push(numbers(field(name, datatype, unit, ucd, &description), values));
        };
        number(time, Double, "d", "time.epoch", |_, o| o.time);
        number(&format!("{prefix}_flux"), Double, "'electron'.s**-1", "phot.flux;em.opt", |_, o| {
            o.flux.map(|flux| flux.0)
        });
        number(&format!("{prefix}_flux_error"), Double, "'electron'.s**-1", "stat.error;phot.flux;em.opt", |_, o| {
            o.flux.map(|flux| flux.1)
        });
        number(&format!("{prefix}_flux_over_error"), Float, "", "stat.snr;phot.flux;em.opt", |_, o| over_error(o));
        number(&format!("{prefix}_mag"), Double, "mag", "phot.mag;em.opt", magnitude);
        if band == 0 {
            let n_obs = field("g_transit_n_obs", Short, "", "meta.number", "Observations in G of the transits");
            series.push(integers(n_obs, epochs.iter().map(|epoch| epoch.n_obs)));
        }
    }
    for (bit, name) in FLAGS.iter().enumerate() {
        let name = format!("photometry_flag_{name}");
        let flags = epochs.iter().map(|epoch| epoch.flags >> bit & 1 == 1);
        series.push(booleans(field(&name, Boolean, "", "meta.code.qual", "Photometric flag"), flags));
    }
    for (band, name) in ["g", "bp", "rp"].iter().enumerate() {
        let name = format!("variability_flag_{name}_reject");
        let flags = epochs.iter().map(|epoch| epoch.bands[band].outlier);
        series.push(booleans(
            field(&name, Boolean, "", "meta.code.qual", "Rejected by the search for variability"),
            flags,
        ));
    }
    let mut head = identity(subject, RUN);
    head.swap(0, 1);
    Product { head, series }.counted("n_transits", "Number of transits")
}

fn magnitude(band: usize, observation: Observation) -> Option<f64> {
    observation.flux.filter(|flux| flux.0 > 0.0).map(|flux| ZERO_POINTS[band] - 2.5 * libm::log10(flux.0))
}

fn over_error(observation: Observation) -> Option<f64> {
    observation.flux.map(|(flux, error)| flux / error)
}

/// All transits of a source with what was measured.
fn observe(subject: &Subject) -> Vec<Epoch> {
    let transits = scan::transits(subject);
    let times: Vec<f64> = transits.iter().map(|transit| transit.time).collect();
    let curve = LightCurve::of(subject, &times);
    let mut random = subject.stream(PURPOSE);
    let count = libm::sqrt(transits.len() as f64);
    transits
        .into_iter()
        .map(|transit| {
            let mut flags = u32::from(random.chance(0.02));
            let photometry = [Some(subject.g), subject.bp, subject.rp];
            let bands = std::array::from_fn(|band| {
                // The mean of n transits has an error smaller by the square root of n.
                let measured = photometry[band].map(|mean| {
                    let flux = mean.flux * libm::exp10(-0.4 * curve.at(transit.time, band));
                    (flux, mean.error * count * libm::sqrt(flux / mean.flux))
                });
                let observation = observe_band(transit.time, measured, [0.01, 0.03, 0.03][band], &mut random);
                if band > 0 {
                    flags |= u32::from(observation.flux.is_none()) << (10 + band);
                    flags |= u32::from(observation.rejected) << (22 + band);
                }
                observation
            });
            let lost = random.bits() % 40;
            if lost < 9 {
                // One of the nine detectors of the astrometric field did not count.
                flags |= 1 << (14 + lost);
            }
            Epoch { transit, bands, n_obs: if lost < 9 { 8 } else { 9 }, flags }
        })
        .collect()
}

/// One band of a transit: with noise; now and then nothing, now and then something wrong.
fn observe_band(time: f64, measured: Option<(f64, f64)>, trouble: f64, random: &mut Random) -> Observation {
    let (fate, noise, spread) = (random.uniform(), random.normal(), random.between(0.85, 1.2));
    let wrong = random.between(-0.4, 0.8);
    let Some((flux, error)) = measured else { return Observation::default() };
    // A few seconds lie between the fields of the detectors; the times in BP and RP are those of G here.
    let time = Some(time);
    if fate < trouble {
        return Observation { time, ..Observation::default() };
    }
    let error = error * spread;
    let rejected = fate < 2.0 * trouble;
    let flux = if rejected { flux * (1.0 + wrong) } else { flux + error * noise };
    let outlier = rejected || fate > 0.985;
    Observation { time, flux: Some((flux.max(0.02 * error), error)), rejected, outlier }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datalink::light_curve::phase;
    use crate::datalink::subject::{Pulsation, tests::star};

    fn rr_lyrae(magnitude: f64) -> Subject {
        let pulsation = Pulsation {
            period: 0.543_217,
            epoch: 1_650.3,
            amplitudes: [0.9, 1.1, 0.7],
            r21: 0.46,
            phi21: None,
            phi31: 2.0,
        };
        Subject { pulsation: Some(pulsation), ..star(6_700.0, magnitude) }
    }

    /// Time, magnitude of the good observations in a band.
    fn points(columns: &[Column], band: &str) -> Vec<(f64, f64)> {
        let find = |name: &str| columns.iter().find(|column| column.field().name == name).unwrap();
        let (bands, times, magnitudes) = (find("band"), find("time"), find("mag"));
        let rows = (0..times.len()).filter(|row| bands.cell(*row) == table::Cell::Text(band));
        rows.filter_map(|row| Some((times.number(row)?, magnitudes.number(row)?))).collect()
    }

    /// Length of the string through the points in the order of their phases: shortest at the true period.
    fn string_length(points: &[(f64, f64)], period: f64) -> f64 {
        let mut folded: Vec<(f64, f64)> = points.iter().map(|(time, mag)| (phase(*time, 0.0, period), *mag)).collect();
        folded.sort_by(|a, b| a.0.total_cmp(&b.0));
        folded.windows(2).map(|pair| libm::hypot(pair[1].0 - pair[0].0, pair[1].1 - pair[0].1)).sum()
    }

    #[test]
    fn folding_finds_the_period() {
        let subject = rr_lyrae(15.0);
        let points = points(&valid(standard(&subject).unfold(false)), "G");
        assert!(points.len() > 40, "{}", points.len());
        // Frequencies from 0.8 to 4 per day, in steps that a thousand days can tell apart.
        let best = (0..32_000)
            .map(|step| 1.0 / (0.8 + 1e-4 * f64::from(step)))
            .min_by(|a, b| string_length(&points, *a).total_cmp(&string_length(&points, *b)))
            .unwrap();
        assert!((best - 0.543_217).abs() < 1e-4, "{best}");
    }

    #[test]
    fn amplitudes_depend_on_the_band_and_errors_on_the_magnitude() {
        let range = |band: &str| {
            let points = points(&valid(standard(&rr_lyrae(14.0)).unfold(false)), band);
            let (low, high) = points.iter().fold((99.0, 0.0), |(low, high), (_, mag)| (mag.min(low), mag.max(high)));
            high - low
        };
        assert!(range("BP") > range("G") && range("G") > range("RP"), "{} {} {}", range("BP"), range("G"), range("RP"));
        assert!((0.7..1.0).contains(&range("G")), "{}", range("G"));
        let curve = LightCurve::of(&rr_lyrae(14.0), &[]);
        assert!(curve.at(1_650.3, 0) < curve.at(1_650.3 + 0.27, 0) - 0.4, "maximum light at the epoch");
    }

    #[test]
    fn some_rows_are_null_or_rejected_and_valid_data_drops_them() {
        let all = standard(&rr_lyrae(16.0)).unfold(true);
        let good = valid(standard(&rr_lyrae(16.0)).unfold(true));
        let nulls = all.iter().find(|column| column.field().name == "flux").unwrap().nulls();
        assert!(nulls > 0 && all[0].len() > good[0].len());
        assert!(good.iter().all(|column| column.nulls() == 0));
    }

    #[test]
    fn both_structures_hold_the_same_fluxes() {
        let rows = standard(&rr_lyrae(15.0)).unfold(false);
        let raw = raw(&rr_lyrae(15.0)).series;
        let find = |columns: &[Column], name: &str| {
            let column = columns.iter().find(|column| column.field().name == name).unwrap();
            (0..column.len()).map(|row| column.number(row)).collect::<Vec<_>>()
        };
        let flux = find(&raw, "g_transit_flux");
        assert_eq!(find(&rows, "flux")[..flux.len()], flux);
        assert_eq!(raw.iter().filter(|column| column.field().name.starts_with("photometry_flag_")).count(), 25);
    }
}
