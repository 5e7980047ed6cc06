//! `gaiadr3.vari_rrlyrae`: periods, amplitudes and Fourier parameters of RR Lyrae stars.

use table::Datatype::{Char, Double, Float, Int, Long, Short};

use super::definition::{Definition, INDEXED, PK, PRINCIPAL, column as c};
use super::evolution::Stage;
use super::gaia_source::SOLUTION_ID;
use super::source::Source;

/// The light curve of an RR Lyrae star.
pub struct RrLyrae {
    /// The star.
    pub source_id: i64,
    /// Type ab: pulsates in the fundamental mode; otherwise c, in the first overtone.
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
    /// Third phase relative to the first, rad.
    pub phi31: f64,
    /// Metallicity, dex.
    pub metallicity: f64,
    /// Observations in G.
    pub observations: i64,
    /// Extinction in G, mag.
    pub absorption: f64,
}

impl RrLyrae {
    /// The light curve of a source, if it is such a star.
    pub fn of(source: &Source) -> Option<RrLyrae> {
        if source.body.star.stage != Stage::RrLyrae {
            return None;
        }
        let mut random = source.stream(20);
        let fundamental = random.chance(0.74);
        let metallicity = source.body.star.metallicity;
        // Longer periods at lower metallicity (the Oosterhoff groups) and smaller amplitudes at longer periods.
        let (period, amplitude) = if fundamental {
            let period = (random.gauss(0.575, 0.065) - 0.03 * (metallicity + 1.4)).clamp(0.42, 0.9);
            (period, (1.05 - 3.0 * (period - 0.55) + random.gauss(0.0, 0.1)).clamp(0.2, 1.35))
        } else {
            (random.gauss(0.325, 0.035).clamp(0.22, 0.43), random.gauss(0.42, 0.06).clamp(0.15, 0.6))
        };
        Some(RrLyrae {
            source_id: source.source_id,
            fundamental,
            period,
            amplitude,
            mean: [Some(source.g.mag), source.bp.map(|b| b.mag), source.rp.map(|b| b.mag)],
            epoch: random.between(1650.0, 1651.0),
            r21: if fundamental { random.gauss(0.45, 0.05) } else { random.gauss(0.16, 0.05).max(0.02) },
            phi31: if fundamental {
                2.0 + 0.7 * (metallicity + 1.4) + 5.0 * (period - 0.57)
            } else {
                random.gauss(4.2, 0.8)
            },
            metallicity,
            observations: source.transits - 3,
            absorption: source.body.extinction * 0.84,
        })
    }
}

/// The columns.
#[rustfmt::skip]
pub const COLUMNS: &[Definition<RrLyrae>] = &[
    c("solution_id", Long, "", "meta.version", 0, "Number of the processing run that made the row", |_| (SOLUTION_ID + 2).into()),
    c("source_id", Long, "", "meta.id;meta.main", PK | INDEXED | PRINCIPAL, "Identifier of the source, as in gaia_source", |s| s.source_id.into()),
    c("pf", Double, "d", "time.period", PRINCIPAL, "Period of the fundamental mode", |s| s.fundamental.then_some(s.period).into()),
    c("pf_error", Float, "d", "stat.error;time.period", 0, "Its error", |s| s.fundamental.then_some(2e-6).into()),
    c("p1_o", Double, "d", "time.period", PRINCIPAL, "Period of the first overtone", |s| (!s.fundamental).then_some(s.period).into()),
    c("p1_o_error", Float, "d", "stat.error;time.period", 0, "Its error", |s| (!s.fundamental).then_some(1e-6).into()),
    c("epoch_g", Double, "d", "time.epoch", 0, "Time of maximum light in G, barycentric Julian date in TCB less 2455197.5", |s| s.epoch.into()),
    c("int_average_g", Float, "mag", "phot.mag;stat.mean;em.opt", PRINCIPAL, "Intensity-averaged magnitude in G", |s| s.mean[0].into()),
    c("int_average_g_error", Float, "mag", "stat.error;phot.mag;em.opt", 0, "Its error", |_| 0.002.into()),
    c("int_average_bp", Float, "mag", "phot.mag;stat.mean;em.opt.B", 0, "Intensity-averaged magnitude in BP", |s| s.mean[1].into()),
    c("int_average_rp", Float, "mag", "phot.mag;stat.mean;em.opt.R", 0, "Intensity-averaged magnitude in RP", |s| s.mean[2].into()),
    c("peak_to_peak_g", Float, "mag", "src.var.amplitude;em.opt", PRINCIPAL, "Amplitude in G, from maximum to minimum", |s| s.amplitude.into()),
    c("peak_to_peak_g_error", Float, "mag", "stat.error;src.var.amplitude;em.opt", 0, "Its error", |s| (0.02 * s.amplitude).into()),
    c("peak_to_peak_bp", Float, "mag", "src.var.amplitude;em.opt.B", 0, "Amplitude in BP", |s| s.mean[1].map(|_| 1.22 * s.amplitude).into()),
    c("peak_to_peak_rp", Float, "mag", "src.var.amplitude;em.opt.R", 0, "Amplitude in RP", |s| s.mean[2].map(|_| 0.78 * s.amplitude).into()),
    c("metallicity", Float, "'dex'", "phys.abund.Z", 0, "Metallicity from the shape of the light curve", |s| s.metallicity.into()),
    c("metallicity_error", Float, "'dex'", "stat.error;phys.abund.Z", 0, "Its error", |_| 0.25.into()),
    c("r21_g", Float, "", "stat.fourier;arith.ratio", 0, "Second Fourier amplitude divided by the first", |s| s.r21.into()),
    c("phi31_g", Float, "rad", "stat.fourier;phys.angSize", 0, "Third Fourier phase less three times the first", |s| s.phi31.into()),
    c("num_clean_epochs_g", Int, "", "meta.number", 0, "Observations in G that were used", |s| s.observations.into()),
    c("num_harmonics_for_p1_g", Short, "", "meta.number", 0, "Harmonics used to model the light curve", |s| (if s.fundamental { 7_i64 } else { 4 }).into()),
    c("fund_freq1", Double, "d**-1", "phys.frequency;src.var", 0, "Frequency of the main pulsation", |s| (1.0 / s.period).into()),
    c("g_absorption", Float, "mag", "phys.absorption;em.opt", 0, "Absorption in G", |s| s.absorption.into()),
    c("best_classification", Char, "", "meta.code.class", INDEXED | PRINCIPAL, "RRab or RRc", |s| (if s.fundamental { "RRab" } else { "RRc" }).into()),
];
