//! `gaiadr3.vari_cepheid`: periods, amplitudes and Fourier parameters of Cepheids.

use table::Datatype::{Char, Double, Float, Int, Long, Short};

use super::definition::{Definition, INDEXED, PK, PRINCIPAL, column as c};
use super::evolution::Stage;
use super::gaia_source::SOLUTION_ID;
use super::source::Source;

/// Absolute magnitude in G of a period given by its logarithm to the base of 10, in days (Leavitt's law).
pub fn absolute_magnitude(logarithm: f64) -> f64 {
    -4.2 - 2.43 * (logarithm - 1.0)
}

/// The light curve of a Cepheid.
pub struct Cepheid {
    /// The star.
    pub source_id: i64,
    /// Pulsates in the fundamental mode; otherwise in the first overtone.
    pub fundamental: bool,
    /// Period, d.
    pub period: f64,
    /// Amplitude in G, peak to peak, mag.
    pub amplitude: f64,
    /// Mean magnitudes in G, BP, RP.
    pub mean: [Option<f64>; 3],
    /// Time of maximum light, d since J2010.0 (TCB).
    pub epoch: f64,
    /// Ratio of the second to the first Fourier amplitude.
    pub r21: f64,
    /// Second phase relative to the first, rad.
    pub phi21: f64,
    /// Third phase relative to the first, rad.
    pub phi31: f64,
    /// Metallicity, dex.
    pub metallicity: f64,
    /// Observations in G.
    pub observations: i64,
}

impl Cepheid {
    /// The light curve of a source, if it is such a star.
    pub fn of(source: &Source) -> Option<Cepheid> {
        let star = &source.body.star;
        if star.stage != Stage::Cepheid {
            return None;
        }
        let mut random = source.stream(21);
        let fundamental = random.chance(0.8);
        // The law gives the period of the fundamental mode; that of the overtone is shorter by a known ratio.
        let logarithm = 1.0 - (star.absolute + 4.2) / 2.43 + random.gauss(0.0, 0.03);
        let period = libm::exp10(logarithm) * if fundamental { 1.0 } else { 0.71 };
        let amplitude = if fundamental { random.gauss(0.72, 0.12) } else { random.gauss(0.32, 0.05) };
        Some(Cepheid {
            source_id: source.source_id,
            fundamental,
            period,
            amplitude: amplitude.clamp(0.1, 1.1),
            mean: [Some(source.g.mag), source.bp.map(|b| b.mag), source.rp.map(|b| b.mag)],
            epoch: random.between(1650.0, 1650.0 + period),
            r21: if fundamental { random.gauss(0.4, 0.04) } else { random.gauss(0.18, 0.03) }.max(0.05),
            phi21: 4.2 + random.gauss(0.0, 0.1),
            phi31: 2.3 + random.gauss(0.0, 0.1),
            metallicity: star.metallicity,
            observations: source.transits - 3,
        })
    }
}

/// The columns.
#[rustfmt::skip]
pub const COLUMNS: &[Definition<Cepheid>] = &[
    c("solution_id", Long, "", "meta.version", 0, "Number of the processing run that made the row", |_| (SOLUTION_ID + 3).into()),
    c("source_id", Long, "", "meta.id;meta.main", PK | INDEXED | PRINCIPAL, "Identifier of the source, as in gaia_source", |s| s.source_id.into()),
    c("pf", Double, "d", "time.period", PRINCIPAL, "Period of the fundamental mode", |s| s.fundamental.then_some(s.period).into()),
    c("pf_error", Float, "d", "stat.error;time.period", 0, "Its error", |s| s.fundamental.then_some(2e-5 * s.period).into()),
    c("p1_o", Double, "d", "time.period", PRINCIPAL, "Period of the first overtone", |s| (!s.fundamental).then_some(s.period).into()),
    c("p1_o_error", Float, "d", "stat.error;time.period", 0, "Its error", |s| (!s.fundamental).then_some(2e-5 * s.period).into()),
    c("epoch_g", Double, "d", "time.epoch", 0, "Time of maximum light in G, barycentric Julian date in TCB less 2455197.5", |s| s.epoch.into()),
    c("int_average_g", Float, "mag", "phot.mag;stat.mean;em.opt", PRINCIPAL, "Intensity-averaged magnitude in G", |s| s.mean[0].into()),
    c("int_average_g_error", Float, "mag", "stat.error;phot.mag;em.opt", 0, "Its error", |_| 0.002.into()),
    c("int_average_bp", Float, "mag", "phot.mag;stat.mean;em.opt.B", 0, "Intensity-averaged magnitude in BP", |s| s.mean[1].into()),
    c("int_average_rp", Float, "mag", "phot.mag;stat.mean;em.opt.R", 0, "Intensity-averaged magnitude in RP", |s| s.mean[2].into()),
    c("peak_to_peak_g", Float, "mag", "src.var.amplitude;em.opt", PRINCIPAL, "Amplitude in G, from maximum to minimum", |s| s.amplitude.into()),
    c("peak_to_peak_g_error", Float, "mag", "stat.error;src.var.amplitude;em.opt", 0, "Its error", |s| (0.02 * s.amplitude).into()),
    c("peak_to_peak_bp", Float, "mag", "src.var.amplitude;em.opt.B", 0, "Amplitude in BP", |s| s.mean[1].map(|_| 1.3 * s.amplitude).into()),
    c("peak_to_peak_rp", Float, "mag", "src.var.amplitude;em.opt.R", 0, "Amplitude in RP", |s| s.mean[2].map(|_| 0.74 * s.amplitude).into()),
    c("metallicity", Float, "'dex'", "phys.abund.Z", 0, "Metallicity from the shape of the light curve", |s| s.metallicity.into()),
    c("metallicity_error", Float, "'dex'", "stat.error;phys.abund.Z", 0, "Its error", |_| 0.2.into()),
    c("r21_g", Float, "", "stat.fourier;arith.ratio", 0, "Second Fourier amplitude divided by the first", |s| s.r21.into()),
    c("phi21_g", Float, "rad", "stat.fourier;phys.angSize", 0, "Second Fourier phase less twice the first", |s| s.phi21.into()),
    c("phi31_g", Float, "rad", "stat.fourier;phys.angSize", 0, "Third Fourier phase less three times the first", |s| s.phi31.into()),
    c("num_clean_epochs_g", Int, "", "meta.number", 0, "Observations in G that were used", |s| s.observations.into()),
    c("num_harmonics_for_p1_g", Short, "", "meta.number", 0, "Harmonics used to model the light curve", |s| (if s.fundamental { 7_i64 } else { 4 }).into()),
    c("fund_freq1", Double, "d**-1", "phys.frequency;src.var", 0, "Frequency of the main pulsation", |s| (1.0 / s.period).into()),
    c("type_best_classification", Char, "", "meta.code.class", INDEXED | PRINCIPAL, "Kind of Cepheid: DCEP for classical ones", |_| "DCEP".into()),
    c("mode_best_classification", Char, "", "meta.code.class", PRINCIPAL, "FUNDAMENTAL or FIRST_OVERTONE", |s| (if s.fundamental { "FUNDAMENTAL" } else { "FIRST_OVERTONE" }).into()),
];
