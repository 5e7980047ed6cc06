//! `gaiadr3.gaia_source`: the main table, with the names, types, units and UCDs of the real one.

use table::Datatype::{Boolean, Char, Double, Float, Long, Short};

use super::definition::{DEC, Definition, FLUX, INDEXED, MAG, PK, PRINCIPAL, RA, Value, column as c};
use super::evolution::Stage;
use super::parameters::classify;
use super::sky;
use super::source::{Band, Source};

/// The solution that made all rows.
pub const SOLUTION_ID: i64 = 1_636_148_068_921_376_768;

/// The columns.
#[rustfmt::skip]
pub const COLUMNS: &[Definition<Source>] = &[
    c("solution_id", Long, "", "meta.version", 0, "Number of the processing run that made the row; the same in all rows", |_| SOLUTION_ID.into()),
    c("designation", Char, "", "meta.id;meta.main", PRINCIPAL, "Name of the source: release and source identifier", |s| format!("Gaia DR3 {}", s.source_id).into()),
    c("source_id", Long, "", "meta.id", PK | INDEXED | PRINCIPAL, "Identifier of the source, unique in this release; its upper bits are the HEALPix index of order 12 (divide by 34359738368)", |s| s.source_id.into()),
    c("random_index", Long, "", "meta.code", INDEXED, "Random number of the source, 0 to the number of sources less one: a range of it is a random sample", |s| s.random_index.into()),
    c("ref_epoch", Double, "yr", "meta.ref;time.epoch", 0, "Epoch to which positions and proper motions refer, Julian years in TCB", |_| 2016.0.into()),
    c("ra", Double, "deg", "pos.eq.ra;meta.main", RA | INDEXED | PRINCIPAL, "Right ascension at the reference epoch, ICRS", |s| s.position.0.into()),
    c("ra_error", Float, "mas", "stat.error;pos.eq.ra", 0, "Standard error of the right ascension, times cos(dec)", |s| s.position_error.0.into()),
    c("dec", Double, "deg", "pos.eq.dec;meta.main", DEC | INDEXED | PRINCIPAL, "Declination at the reference epoch, ICRS", |s| s.position.1.into()),
    c("dec_error", Float, "mas", "stat.error;pos.eq.dec", 0, "Standard error of the declination", |s| s.position_error.1.into()),
    c("parallax", Double, "mas", "pos.parallax.trig", INDEXED | PRINCIPAL, "Parallax; the zero point is not subtracted", |s| solved(s, s.parallax.0)),
    c("parallax_error", Float, "mas", "stat.error;pos.parallax.trig", 0, "Standard error of the parallax", |s| solved(s, s.parallax.1)),
    c("parallax_over_error", Float, "", "stat.snr;pos.parallax.trig", 0, "Parallax divided by its standard error", |s| solved(s, s.parallax.0 / s.parallax.1)),
    c("pm", Float, "mas.yr**-1", "pos.pm;pos.eq", 0, "Total proper motion", |s| solved(s, libm::hypot(s.pmra.0, s.pmdec.0))),
    c("pmra", Double, "mas.yr**-1", "pos.pm;pos.eq.ra", INDEXED | PRINCIPAL, "Proper motion in right ascension, times cos(dec)", |s| solved(s, s.pmra.0)),
    c("pmra_error", Float, "mas.yr**-1", "stat.error;pos.pm;pos.eq.ra", 0, "Standard error of the proper motion in right ascension", |s| solved(s, s.pmra.1)),
    c("pmdec", Double, "mas.yr**-1", "pos.pm;pos.eq.dec", INDEXED | PRINCIPAL, "Proper motion in declination", |s| solved(s, s.pmdec.0)),
    c("pmdec_error", Float, "mas.yr**-1", "stat.error;pos.pm;pos.eq.dec", 0, "Standard error of the proper motion in declination", |s| solved(s, s.pmdec.1)),
    c("ra_dec_corr", Float, "", "stat.correlation;pos.eq.ra;pos.eq.dec", 0, "Correlation of right ascension and declination", |s| s.correlations[0].into()),
    c("ra_parallax_corr", Float, "", "stat.correlation;pos.eq.ra;pos.parallax.trig", 0, "Correlation of right ascension and parallax", |s| solved(s, s.correlations[1])),
    c("ra_pmra_corr", Float, "", "stat.correlation;pos.eq.ra;pos.pm;pos.eq.ra", 0, "Correlation of right ascension and its proper motion", |s| solved(s, s.correlations[2])),
    c("ra_pmdec_corr", Float, "", "stat.correlation;pos.eq.ra;pos.pm;pos.eq.dec", 0, "Correlation of right ascension and proper motion in declination", |s| solved(s, s.correlations[3])),
    c("dec_parallax_corr", Float, "", "stat.correlation;pos.eq.dec;pos.parallax.trig", 0, "Correlation of declination and parallax", |s| solved(s, s.correlations[4])),
    c("dec_pmra_corr", Float, "", "stat.correlation;pos.eq.dec;pos.pm;pos.eq.ra", 0, "Correlation of declination and proper motion in right ascension", |s| solved(s, s.correlations[5])),
    c("dec_pmdec_corr", Float, "", "stat.correlation;pos.eq.dec;pos.pm;pos.eq.dec", 0, "Correlation of declination and its proper motion", |s| solved(s, s.correlations[6])),
    c("parallax_pmra_corr", Float, "", "stat.correlation;pos.parallax.trig;pos.pm;pos.eq.ra", 0, "Correlation of parallax and proper motion in right ascension", |s| solved(s, s.correlations[7])),
    c("parallax_pmdec_corr", Float, "", "stat.correlation;pos.parallax.trig;pos.pm;pos.eq.dec", 0, "Correlation of parallax and proper motion in declination", |s| solved(s, s.correlations[8])),
    c("pmra_pmdec_corr", Float, "", "stat.correlation;pos.pm;pos.eq.ra;pos.pm;pos.eq.dec", 0, "Correlation of the two proper motions", |s| solved(s, s.correlations[9])),
    c("astrometric_n_obs_al", Short, "", "meta.number", 0, "Observations along the scan that entered the solution", |s| (s.transits * 9).into()),
    c("astrometric_n_obs_ac", Short, "", "meta.number", 0, "Observations across the scan; only bright sources have them", |s| (if s.g.mag < 13.0 { s.transits * 9 } else { 0 }).into()),
    c("astrometric_n_good_obs_al", Short, "", "meta.number", 0, "Observations along the scan that were not down-weighted", |s| (s.transits * 9 - s.transits % 7).into()),
    c("astrometric_n_bad_obs_al", Short, "", "meta.number", 0, "Observations along the scan that were down-weighted", |s| (s.transits % 7).into()),
    c("astrometric_gof_al", Float, "", "stat.fit.goodness", 0, "Goodness of the fit along the scan; near 0 for a single star", |s| ((s.ruwe - 1.0) * 22.0).into()),
    c("astrometric_chi2_al", Float, "", "stat.fit.chi2", 0, "Chi-square of the fit along the scan", |s| (s.ruwe * s.ruwe * (s.transits * 9 - 5) as f64).into()),
    c("astrometric_excess_noise", Float, "mas", "stat.value", 0, "Noise that must be added so that residuals fit their errors", |s| ((s.ruwe - 1.05).max(0.0) * 0.35).into()),
    c("astrometric_excess_noise_sig", Float, "", "stat.value", 0, "Significance of the excess noise; above 2 it is real", |s| ((s.ruwe - 1.05).max(0.0) * 30.0).into()),
    c("astrometric_params_solved", Short, "", "meta.number", 0, "Which parameters were solved: 31 five, 95 six, 3 the position only", |s| (if !s.solved { 3_i64 } else if s.bp.is_some() { 31 } else { 95 }).into()),
    c("astrometric_primary_flag", Boolean, "", "meta.code", 0, "Whether the source helped to fix the attitude", |s| (s.g.mag < 18.0 && s.ruwe < 1.1 && s.index.is_multiple_of(5)).into()),
    c("nu_eff_used_in_astrometry", Float, "um**-1", "em.wavenumber", 0, "Effective wavenumber used in the astrometric solution", |s| if s.solved { s.bp_rp().map(|c| 1.76 - 0.5125 * libm::atan(0.531 * c)).into() } else { Value::Null }),
    c("pseudocolour", Float, "um**-1", "em.wavenumber", 0, "Effective wavenumber found by the astrometric solution, for sources without color", |s| (s.solved && s.bp.is_none()).then_some(1.45).into()),
    c("visibility_periods_used", Short, "", "meta.number", 0, "Groups of observations that are at least four days apart", |s| (s.transits * 2 / 5 + 3).into()),
    c("astrometric_sigma5d_max", Float, "mas", "stat.max;phys.angSize", 0, "Longest semi-axis of the error ellipsoid of the five parameters", |s| solved(s, s.parallax.1 * 1.35)),
    c("matched_transits", Short, "", "meta.number", 0, "Transits matched to the source", |s| s.transits.into()),
    c("ipd_gof_harmonic_amplitude", Float, "", "stat.value", 0, "How much the quality of the image fit depends on the direction of the scan", |s| (0.01 + (s.ruwe - 1.0).max(0.0) * 0.08).into()),
    c("ipd_frac_multi_peak", Short, "", "stat.value", 0, "Percentage of windows with more than one peak", |s| (if s.ruwe > 1.4 { 12_i64 } else { 0 }).into()),
    c("ipd_frac_odd_win", Short, "", "stat.value", 0, "Percentage of transits with a truncated window", |s| (s.index as i64 % 31 / 30).into()),
    c("ruwe", Float, "", "stat.error", 0, "Renormalised unit weight error: 1 for a well-behaved single star, above 1.4 doubtful", |s| solved(s, s.ruwe)),
    c("duplicated_source", Boolean, "", "meta.code.status", 0, "Whether several detections of the source were merged", |s| s.index.is_multiple_of(97).into()),
    c("phot_g_n_obs", Short, "", "meta.number", 0, "Observations in G", |s| s.g.n_obs.into()),
    c("phot_g_mean_flux", Double, "'electron'.s**-1", "phot.flux;em.opt", FLUX, "Mean flux in G", |s| s.g.flux.into()),
    c("phot_g_mean_flux_error", Float, "'electron'.s**-1", "stat.error;phot.flux;em.opt", 0, "Error of the mean flux in G", |s| s.g.error.into()),
    c("phot_g_mean_flux_over_error", Float, "", "stat.snr;phot.flux;em.opt", 0, "Mean flux in G divided by its error", |s| (s.g.flux / s.g.error).into()),
    c("phot_g_mean_mag", Float, "mag", "phot.mag;em.opt", MAG | INDEXED | PRINCIPAL, "Mean magnitude in G, Vega scale", |s| s.g.mag.into()),
    c("phot_bp_n_obs", Short, "", "meta.number", 0, "Observations in BP", |s| s.bp.map_or(0, |b| b.n_obs).into()),
    c("phot_bp_mean_flux", Double, "'electron'.s**-1", "phot.flux;em.opt.B", FLUX, "Integrated mean flux in BP", |s| band(s.bp, |b| b.flux)),
    c("phot_bp_mean_flux_error", Float, "'electron'.s**-1", "stat.error;phot.flux;em.opt.B", 0, "Error of the mean flux in BP", |s| band(s.bp, |b| b.error)),
    c("phot_bp_mean_flux_over_error", Float, "", "stat.snr;phot.flux;em.opt.B", 0, "Mean flux in BP divided by its error", |s| band(s.bp, |b| b.flux / b.error)),
    c("phot_bp_mean_mag", Float, "mag", "phot.mag;em.opt.B", MAG | INDEXED | PRINCIPAL, "Mean magnitude in BP, Vega scale", |s| band(s.bp, |b| b.mag)),
    c("phot_rp_n_obs", Short, "", "meta.number", 0, "Observations in RP", |s| s.rp.map_or(0, |b| b.n_obs).into()),
    c("phot_rp_mean_flux", Double, "'electron'.s**-1", "phot.flux;em.opt.R", FLUX, "Integrated mean flux in RP", |s| band(s.rp, |b| b.flux)),
    c("phot_rp_mean_flux_error", Float, "'electron'.s**-1", "stat.error;phot.flux;em.opt.R", 0, "Error of the mean flux in RP", |s| band(s.rp, |b| b.error)),
    c("phot_rp_mean_flux_over_error", Float, "", "stat.snr;phot.flux;em.opt.R", 0, "Mean flux in RP divided by its error", |s| band(s.rp, |b| b.flux / b.error)),
    c("phot_rp_mean_mag", Float, "mag", "phot.mag;em.opt.R", MAG | INDEXED | PRINCIPAL, "Mean magnitude in RP, Vega scale", |s| band(s.rp, |b| b.mag)),
    c("phot_bp_rp_excess_factor", Float, "", "arith.factor;phot.flux;em.opt", 0, "Flux in BP and RP together divided by that in G; large where neighbors add light", |s| s.bp.zip(s.rp).map(|(b, r)| (b.flux + r.flux) / s.g.flux).into()),
    c("phot_proc_mode", Short, "", "meta.code", 0, "How the photometry was made: 0 with color, 1 with an assumed one", |s| i64::from(s.bp.is_none()).into()),
    c("bp_rp", Float, "mag", "phot.color;em.opt.B;em.opt.R", INDEXED | PRINCIPAL, "Color BP - RP", |s| s.bp_rp().into()),
    c("bp_g", Float, "mag", "phot.color;em.opt.B;em.opt", 0, "Color BP - G", |s| s.bp.map(|b| b.mag - s.g.mag).into()),
    c("g_rp", Float, "mag", "phot.color;em.opt;em.opt.R", 0, "Color G - RP", |s| s.rp.map(|r| s.g.mag - r.mag).into()),
    c("radial_velocity", Float, "km.s**-1", "spect.dopplerVeloc.opt;em.opt.I", PRINCIPAL, "Radial velocity relative to the barycenter of the solar system", |s| s.radial_velocity.map(|v| v.0).into()),
    c("radial_velocity_error", Float, "km.s**-1", "stat.error;spect.dopplerVeloc.opt;em.opt.I", 0, "Error of the radial velocity", |s| s.radial_velocity.map(|v| v.1).into()),
    c("rv_method_used", Short, "", "meta.code.class", 0, "How the radial velocity was found: 1 from single transits, 2 from all together", |s| s.radial_velocity.map(|_| if s.g.mag < 12.5 { 1_i64 } else { 2 }).into()),
    c("rv_nb_transits", Short, "", "meta.number", 0, "Transits used for the radial velocity", |s| (if s.radial_velocity.is_some() { s.transits * 9 / 20 } else { 0 }).into()),
    c("rv_expected_sig_to_noise", Float, "", "stat.snr", 0, "Expected ratio of signal to noise of the combined spectrum", |s| s.radial_velocity.map(|v| 12.0 / v.1).into()),
    c("rv_template_teff", Float, "K", "phys.temperature.effective", 0, "Temperature of the template spectrum", |s| s.radial_velocity.map(|_| libm::round(s.body.star.teff / 250.0) * 250.0).into()),
    c("vbroad", Float, "km.s**-1", "spect.line.broad", 0, "Broadening of the spectral lines", |s| broadening(s).map(|v| v.0).into()),
    c("vbroad_error", Float, "km.s**-1", "stat.error;spect.line.broad", 0, "Error of the broadening", |s| broadening(s).map(|v| v.1).into()),
    c("grvs_mag", Float, "mag", "phot.mag;em.opt.I", MAG, "Magnitude in the band of the spectrometer, from its spectra", |s| s.radial_velocity.and(s.rvs_magnitude()).into()),
    c("phot_variable_flag", Char, "", "meta.code;src.var", 0, "VARIABLE if found so, otherwise NOT_AVAILABLE", |s| (if s.is_variable() { "VARIABLE" } else { "NOT_AVAILABLE" }).into()),
    c("l", Double, "deg", "pos.galactic.lon", 0, "Galactic longitude", |s| galactic(s).0.into()),
    c("b", Double, "deg", "pos.galactic.lat", 0, "Galactic latitude", |s| galactic(s).1.into()),
    c("ecl_lon", Double, "deg", "pos.ecliptic.lon", 0, "Ecliptic longitude", |s| ecliptic(s).0.into()),
    c("ecl_lat", Double, "deg", "pos.ecliptic.lat", 0, "Ecliptic latitude", |s| ecliptic(s).1.into()),
    c("in_qso_candidates", Boolean, "", "meta.code.status", 0, "Whether the source is among the candidates for quasars", |s| (s.body.star.stage == Stage::Quasar).into()),
    c("in_galaxy_candidates", Boolean, "", "meta.code.status", 0, "Whether the source is among the candidates for galaxies", |s| (s.body.star.stage == Stage::Galaxy).into()),
    c("non_single_star", Short, "", "meta.code.status", 0, "Bits: 1 astrometric, 2 spectroscopic, 4 eclipsing binary", |s| (if s.body.star.binary && s.ruwe > 1.8 && s.g.mag < 17.0 { 1_i64 } else { 0 }).into()),
    c("has_xp_continuous", Boolean, "", "meta.code.status", 0, "Whether there is a mean BP/RP spectrum as coefficients", |s| has_spectrum(s, 17.65).into()),
    c("has_xp_sampled", Boolean, "", "meta.code.status", 0, "Whether there is a mean BP/RP spectrum as samples", |s| has_spectrum(s, 15.0).into()),
    c("has_rvs", Boolean, "", "meta.code.status", 0, "Whether there is a mean spectrum of the radial velocity spectrometer", |s| (s.radial_velocity.is_some() && s.g.mag < 12.0 && s.index.is_multiple_of(2)).into()),
    c("has_epoch_photometry", Boolean, "", "meta.code.status", 0, "Whether there are light curves", |s| (s.is_variable() && s.bp.is_some()).into()),
    c("has_epoch_rv", Boolean, "", "meta.code.status", 0, "Whether there are single radial velocities", |s| (s.body.star.stage == Stage::RrLyrae && s.radial_velocity.is_some()).into()),
    c("has_mcmc_gspphot", Boolean, "", "meta.code.status", 0, "Whether there are samples of the stellar parameters by GSP-Phot", |s| s.has_parameters().into()),
    c("has_mcmc_msc", Boolean, "", "meta.code.status", 0, "Whether there are samples of the parameters of an assumed binary", |s| (s.has_parameters() && s.g.mag < 18.25).into()),
    c("in_andromeda_survey", Boolean, "", "meta.code.status", 0, "Whether the source lies in the field around M 31 whose photometry is all public", |s| near_andromeda(s).into()),
    c("classprob_dsc_combmod_quasar", Float, "", "stat.probability", 0, "Probability that it is a quasar", |s| classify(s)[0].into()),
    c("classprob_dsc_combmod_galaxy", Float, "", "stat.probability", 0, "Probability that it is a galaxy", |s| classify(s)[1].into()),
    c("classprob_dsc_combmod_star", Float, "", "stat.probability", 0, "Probability that it is a star", |s| classify(s)[2].into()),
    c("teff_gspphot", Float, "K", "phys.temperature.effective", PRINCIPAL, "Effective temperature by GSP-Phot, from BP/RP spectra, G and parallax", |s| s.parameters.as_ref().map(|p| p.teff.value).into()),
    c("teff_gspphot_lower", Float, "K", "phys.temperature.effective;stat.min", 0, "Its 16th percentile", |s| s.parameters.as_ref().map(|p| p.teff.lower).into()),
    c("teff_gspphot_upper", Float, "K", "phys.temperature.effective;stat.max", 0, "Its 84th percentile", |s| s.parameters.as_ref().map(|p| p.teff.upper).into()),
    c("logg_gspphot", Float, "log(cm.s**-2)", "phys.gravity", 0, "Surface gravity by GSP-Phot", |s| s.parameters.as_ref().map(|p| p.logg.value).into()),
    c("logg_gspphot_lower", Float, "log(cm.s**-2)", "phys.gravity;stat.min", 0, "Its 16th percentile", |s| s.parameters.as_ref().map(|p| p.logg.lower).into()),
    c("logg_gspphot_upper", Float, "log(cm.s**-2)", "phys.gravity;stat.max", 0, "Its 84th percentile", |s| s.parameters.as_ref().map(|p| p.logg.upper).into()),
    c("mh_gspphot", Float, "'dex'", "phys.abund.Z", 0, "Metallicity by GSP-Phot", |s| s.parameters.as_ref().map(|p| p.mh.value).into()),
    c("mh_gspphot_lower", Float, "'dex'", "phys.abund.Z;stat.min", 0, "Its 16th percentile", |s| s.parameters.as_ref().map(|p| p.mh.lower).into()),
    c("mh_gspphot_upper", Float, "'dex'", "phys.abund.Z;stat.max", 0, "Its 84th percentile", |s| s.parameters.as_ref().map(|p| p.mh.upper).into()),
    c("distance_gspphot", Float, "pc", "pos.distance;pos.eq", 0, "Distance by GSP-Phot", |s| s.parameters.as_ref().map(|p| p.distance.value).into()),
    c("distance_gspphot_lower", Float, "pc", "pos.distance;pos.eq;stat.min", 0, "Its 16th percentile", |s| s.parameters.as_ref().map(|p| p.distance.lower).into()),
    c("distance_gspphot_upper", Float, "pc", "pos.distance;pos.eq;stat.max", 0, "Its 84th percentile", |s| s.parameters.as_ref().map(|p| p.distance.upper).into()),
    c("azero_gspphot", Float, "mag", "phys.absorption;em.opt", 0, "Extinction at 547.7 nm by GSP-Phot", |s| s.parameters.as_ref().map(|p| p.azero.value).into()),
    c("azero_gspphot_lower", Float, "mag", "phys.absorption;em.opt;stat.min", 0, "Its 16th percentile", |s| s.parameters.as_ref().map(|p| p.azero.lower).into()),
    c("azero_gspphot_upper", Float, "mag", "phys.absorption;em.opt;stat.max", 0, "Its 84th percentile", |s| s.parameters.as_ref().map(|p| p.azero.upper).into()),
    c("ag_gspphot", Float, "mag", "phys.absorption;em.opt", 0, "Extinction in G by GSP-Phot", |s| s.parameters.as_ref().map(|p| p.ag.value).into()),
    c("ag_gspphot_lower", Float, "mag", "phys.absorption;em.opt;stat.min", 0, "Its 16th percentile", |s| s.parameters.as_ref().map(|p| p.ag.lower).into()),
    c("ag_gspphot_upper", Float, "mag", "phys.absorption;em.opt;stat.max", 0, "Its 84th percentile", |s| s.parameters.as_ref().map(|p| p.ag.upper).into()),
    c("ebpminrp_gspphot", Float, "mag", "phot.color.excess", 0, "Reddening of BP - RP by GSP-Phot", |s| s.parameters.as_ref().map(|p| p.reddening.value).into()),
    c("ebpminrp_gspphot_lower", Float, "mag", "phot.color.excess;stat.min", 0, "Its 16th percentile", |s| s.parameters.as_ref().map(|p| p.reddening.lower).into()),
    c("ebpminrp_gspphot_upper", Float, "mag", "phot.color.excess;stat.max", 0, "Its 84th percentile", |s| s.parameters.as_ref().map(|p| p.reddening.upper).into()),
    c("libname_gspphot", Char, "", "meta.note", 0, "Library of model spectra that fitted best", |s| s.has_parameters().then_some(if s.body.star.teff < 5000.0 { "MARCS" } else { "PHOENIX" }).into()),
];

/// What only the full astrometric solution gives.
fn solved(source: &Source, value: f64) -> Value {
    if source.solved { value.into() } else { Value::Null }
}

fn band(band: Option<Band>, value: fn(Band) -> f64) -> Value {
    band.map(value).into()
}

fn has_spectrum(source: &Source, limit: f64) -> bool {
    source.bp.is_some() && source.g.mag < limit && source.transits > 15
}

/// Rotation broadens the lines of hot stars most.
fn broadening(source: &Source) -> Option<(f64, f64)> {
    let (_, error) = source.radial_velocity?;
    let magnitude = source.rvs_magnitude().filter(|magnitude| *magnitude < 12.0)?;
    let mut random = source.stream(3);
    let hot = ((source.body.star.teff - 5500.0) / 2500.0).clamp(0.0, 1.0);
    let broadening = 5.0 + random.exponential(4.0 + 80.0 * hot);
    Some((broadening, (1.0 + error) * (1.0 + 0.1 * (magnitude - 6.0).max(0.0))))
}

fn galactic(source: &Source) -> (f64, f64) {
    let (l, b, _) = sky::spherical(sky::to_galactic(source.body.position));
    (l, b)
}

fn ecliptic(source: &Source) -> (f64, f64) {
    let (longitude, latitude, _) = sky::spherical(sky::to_ecliptic(source.body.position));
    (longitude, latitude)
}

fn near_andromeda(source: &Source) -> bool {
    let (ra, dec) = source.position;
    sky::dot(sky::unit(ra, dec), sky::unit(10.684_79, 41.269_08)) > libm::cos(5.5_f64.to_radians())
}
