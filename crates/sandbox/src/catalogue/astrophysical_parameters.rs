//! `gaiadr3.astrophysical_parameters`: the main columns, for sources that have stellar parameters or a class.

use table::Datatype::{Char, Float, Long};

use super::definition::{Definition, INDEXED, PK, PRINCIPAL, Value, column as c};
use super::evolution::Stage;
use super::gaia_source::SOLUTION_ID;
use super::parameters::{Estimate, classify};
use super::source::Source;

/// Whether a source has a row.
pub fn has_row(source: &Source) -> bool {
    source.bp.is_some() && source.g.mag < 19.25
}

/// The columns.
#[rustfmt::skip]
pub const COLUMNS: &[Definition<Source>] = &[
    c("solution_id", Long, "", "meta.version", 0, "Number of the processing run that made the row", |_| (SOLUTION_ID + 1).into()),
    c("source_id", Long, "", "meta.id;meta.main", PK | INDEXED | PRINCIPAL, "Identifier of the source, as in gaia_source", |s| s.source_id.into()),
    c("classprob_dsc_combmod_quasar", Float, "", "stat.probability", 0, "Probability that it is a quasar", |s| classify(s)[0].into()),
    c("classprob_dsc_combmod_galaxy", Float, "", "stat.probability", 0, "Probability that it is a galaxy", |s| classify(s)[1].into()),
    c("classprob_dsc_combmod_star", Float, "", "stat.probability", 0, "Probability that it is a star", |s| classify(s)[2].into()),
    c("classprob_dsc_combmod_whitedwarf", Float, "", "stat.probability", 0, "Probability that it is a white dwarf", |s| (if s.body.star.stage == Stage::WhiteDwarf { 0.98 } else { 1e-6 }).into()),
    c("teff_gspphot", Float, "K", "phys.temperature.effective", INDEXED | PRINCIPAL, "Effective temperature by GSP-Phot", |s| s.parameters.map(|p| p.teff.value).into()),
    c("teff_gspphot_lower", Float, "K", "phys.temperature.effective;stat.min", 0, "Its 16th percentile", |s| s.parameters.map(|p| p.teff.lower).into()),
    c("teff_gspphot_upper", Float, "K", "phys.temperature.effective;stat.max", 0, "Its 84th percentile", |s| s.parameters.map(|p| p.teff.upper).into()),
    c("logg_gspphot", Float, "log(cm.s**-2)", "phys.gravity", PRINCIPAL, "Surface gravity by GSP-Phot", |s| s.parameters.map(|p| p.logg.value).into()),
    c("mh_gspphot", Float, "'dex'", "phys.abund.Z", PRINCIPAL, "Metallicity by GSP-Phot", |s| s.parameters.map(|p| p.mh.value).into()),
    c("distance_gspphot", Float, "pc", "pos.distance;pos.eq", PRINCIPAL, "Distance by GSP-Phot", |s| s.parameters.map(|p| p.distance.value).into()),
    c("azero_gspphot", Float, "mag", "phys.absorption;em.opt", 0, "Extinction at 547.7 nm by GSP-Phot", |s| s.parameters.map(|p| p.azero.value).into()),
    c("ag_gspphot", Float, "mag", "phys.absorption;em.opt", 0, "Extinction in G by GSP-Phot", |s| s.parameters.map(|p| p.ag.value).into()),
    c("ebpminrp_gspphot", Float, "mag", "phot.color.excess", 0, "Reddening of BP - RP by GSP-Phot", |s| s.parameters.map(|p| p.reddening.value).into()),
    c("mg_gspphot", Float, "mag", "phys.magAbs;em.opt", PRINCIPAL, "Absolute magnitude in G by GSP-Phot", |s| s.parameters.map(|p| p.absolute.value).into()),
    c("radius_gspphot", Float, "solRad", "phys.size.radius", 0, "Radius by GSP-Phot", |s| s.parameters.map(|p| p.radius.value).into()),
    c("logposterior_gspphot", Float, "", "stat.likelihood", 0, "Logarithm of the posterior by GSP-Phot", |s| s.parameters.map(|_| -900.0 - (s.index % 4000) as f64).into()),
    c("libname_gspphot", Char, "", "meta.note", 0, "Library of model spectra that fitted best", |s| s.has_parameters().then_some(if s.body.star.teff < 5000.0 { "MARCS" } else { "PHOENIX" }).into()),
    c("teff_gspspec", Float, "K", "phys.temperature.effective", 0, "Effective temperature by GSP-Spec, from spectra of the radial velocity spectrometer", |s| spectral(s, 1, s.body.star.teff, 70.0)),
    c("logg_gspspec", Float, "log(cm.s**-2)", "phys.gravity", 0, "Surface gravity by GSP-Spec", |s| spectral(s, 2, s.body.star.logg, 0.12)),
    c("mh_gspspec", Float, "'dex'", "phys.abund.Z", 0, "Metallicity by GSP-Spec", |s| spectral(s, 3, s.body.star.metallicity, 0.07)),
    c("alphafe_gspspec", Float, "'dex'", "phys.abund", 0, "Alpha elements relative to iron by GSP-Spec", |s| spectral(s, 4, (-0.25 * s.body.star.metallicity).clamp(-0.05, 0.38), 0.05)),
    c("lum_flame", Float, "solLum", "phys.luminosity", 0, "Luminosity by FLAME", |s| flame(s, |radius, teff| radius * radius * libm::pow(teff / 5772.0, 4.0))),
    c("radius_flame", Float, "solRad", "phys.size.radius", 0, "Radius by FLAME", |s| flame(s, |radius, _| radius)),
    c("mass_flame", Float, "solMass", "phys.mass", 0, "Mass by FLAME; only for stars that are not too evolved", mass),
    c("spectraltype_esphs", Char, "", "src.spType", 0, "Spectral class", |s| spectral_class(s).into()),
];

fn spectral(source: &Source, purpose: u64, truth: f64, sigma: f64) -> Value {
    let measured = source.radial_velocity.is_some() && source.g.mag < 13.5;
    measured.then(|| truth + source.stream(10 + purpose).gauss(0.0, sigma)).into()
}

fn flame(source: &Source, value: fn(f64, f64) -> f64) -> Value {
    let good = source.g.mag < 18.25;
    source.parameters.filter(|_| good).map(|p| value(p.radius.value, p.teff.value)).into()
}

fn mass(source: &Source) -> Value {
    let star = &source.body.star;
    let dwarf = star.stage == Stage::MainSequence && star.absolute < 8.5 && source.g.mag < 18.25;
    let Estimate { value, .. } = source.parameters.unwrap_or_default().absolute;
    (dwarf && source.parameters.is_some()).then(|| libm::exp10((4.7 - value) / 10.0)).into()
}

fn spectral_class(source: &Source) -> &'static str {
    match source.body.star.teff {
        teff if !source.is_star() || teff < 2500.0 => "unknown",
        teff if teff > 30_000.0 => "O",
        teff if teff > 10_000.0 => "B",
        teff if teff > 7_500.0 => "A",
        teff if teff > 6_000.0 => "F",
        teff if teff > 5_200.0 => "G",
        teff if teff > 3_900.0 => "K",
        _ => "M",
    }
}
