//! `gaiadr2.gaia_source` and `gaiadr3.dr2_neighbourhood`: the same sky in the older release, with other identifiers, another
//! epoch and larger errors, and the table that connects the two.

use table::Datatype::{Boolean, Char, Double, Float, Int, Long, Short};

use super::definition::{DEC, Definition, INDEXED, MAG, PK, PRINCIPAL, RA, Value, column as c};
use super::source::Source;

/// A source in DR2.
pub struct OldSource {
    /// The source in DR3.
    pub new: Source,
    /// Its identifier in DR2.
    pub source_id: i64,
    /// Position at J2015.5, degrees.
    pub position: (f64, f64),
    /// Parallax and its error, mas.
    pub parallax: (f64, f64),
    /// Proper motions, mas/yr.
    pub motion: (f64, f64),
    /// Distance from the position in DR3 brought back to J2015.5, mas.
    pub separation: f64,
    /// Difference of the magnitudes in G, DR3 less DR2.
    pub magnitude_difference: f64,
}

impl OldSource {
    /// The source in DR2; some faint ones were not seen then.
    pub fn of(source: &Source) -> Option<OldSource> {
        let mut random = source.stream(30);
        if random.chance(if source.g.mag > 20.0 { 0.12 } else { 0.015 }) {
            return None;
        }
        // Most kept their identifier; where DR2 was processed anew, the running number differs.
        let source_id = if random.chance(0.97) { source.source_id } else { source.source_id ^ (1 << 31) };
        let worse = 1.55;
        let error = source.parallax.1 * worse;
        let (ra, dec) = source.position;
        let back = -0.5 / 3_600_000.0;
        let offset = (random.gauss(0.0, error * 0.6), random.gauss(0.0, error * 0.6));
        let cos = libm::cos(dec.to_radians()).max(1e-6);
        let position = (
            (ra + (source.pmra.0 * back + offset.0 / 3_600_000.0) / cos + 360.0) % 360.0,
            (dec + source.pmdec.0 * back + offset.1 / 3_600_000.0).clamp(-90.0, 90.0),
        );
        Some(OldSource {
            source_id,
            position,
            parallax: (source.parallax.0 + random.gauss(-0.01, error * 0.8), error),
            motion: (
                source.pmra.0 + random.gauss(0.0, source.pmra.1 * 1.8),
                source.pmdec.0 + random.gauss(0.0, source.pmdec.1 * 1.8),
            ),
            separation: libm::hypot(offset.0, offset.1),
            magnitude_difference: random.gauss(-0.01, 0.01),
            new: source.clone(),
        })
    }

    fn full(&self, value: f64) -> Value {
        if self.new.solved && self.new.g.mag < 20.8 { value.into() } else { Value::Null }
    }
}

/// The columns of `gaiadr2.gaia_source`.
#[rustfmt::skip]
pub const SOURCE_COLUMNS: &[Definition<OldSource>] = &[
    c("solution_id", Long, "", "meta.version", 0, "Number of the processing run that made the row", |_| 1_635_721_458_409_799_680_i64.into()),
    c("designation", Char, "", "meta.id;meta.main", PRINCIPAL, "Name of the source: release and source identifier", |s| format!("Gaia DR2 {}", s.source_id).into()),
    c("source_id", Long, "", "meta.id", PK | INDEXED | PRINCIPAL, "Identifier of the source, unique in this release", |s| s.source_id.into()),
    c("random_index", Long, "", "meta.code", 0, "Random number of the source", |s| s.new.random_index.into()),
    c("ref_epoch", Double, "yr", "meta.ref;time.epoch", 0, "Epoch to which positions refer, Julian years in TCB", |_| 2015.5.into()),
    c("ra", Double, "deg", "pos.eq.ra;meta.main", RA | INDEXED | PRINCIPAL, "Right ascension at the reference epoch, ICRS", |s| s.position.0.into()),
    c("ra_error", Double, "mas", "stat.error;pos.eq.ra", 0, "Standard error of the right ascension, times cos(dec)", |s| (s.parallax.1 * 0.8).into()),
    c("dec", Double, "deg", "pos.eq.dec;meta.main", DEC | INDEXED | PRINCIPAL, "Declination at the reference epoch, ICRS", |s| s.position.1.into()),
    c("dec_error", Double, "mas", "stat.error;pos.eq.dec", 0, "Standard error of the declination", |s| (s.parallax.1 * 0.75).into()),
    c("parallax", Double, "mas", "pos.parallax.trig", PRINCIPAL, "Parallax; the zero point is not subtracted", |s| s.full(s.parallax.0)),
    c("parallax_error", Double, "mas", "stat.error;pos.parallax.trig", 0, "Standard error of the parallax", |s| s.full(s.parallax.1)),
    c("parallax_over_error", Float, "", "stat.snr;pos.parallax.trig", 0, "Parallax divided by its standard error", |s| s.full(s.parallax.0 / s.parallax.1)),
    c("pmra", Double, "mas.yr**-1", "pos.pm;pos.eq.ra", PRINCIPAL, "Proper motion in right ascension, times cos(dec)", |s| s.full(s.motion.0)),
    c("pmra_error", Double, "mas.yr**-1", "stat.error;pos.pm;pos.eq.ra", 0, "Standard error of the proper motion in right ascension", |s| s.full(s.new.pmra.1 * 1.9)),
    c("pmdec", Double, "mas.yr**-1", "pos.pm;pos.eq.dec", PRINCIPAL, "Proper motion in declination", |s| s.full(s.motion.1)),
    c("pmdec_error", Double, "mas.yr**-1", "stat.error;pos.pm;pos.eq.dec", 0, "Standard error of the proper motion in declination", |s| s.full(s.new.pmdec.1 * 1.9)),
    c("astrometric_n_obs_al", Int, "", "meta.number", 0, "Observations along the scan that entered the solution", |s| (s.new.transits * 6).into()),
    c("astrometric_chi2_al", Float, "", "stat.fit.chi2", 0, "Chi-square of the fit along the scan", |s| ((s.new.transits * 6) as f64 * s.new.ruwe * s.new.ruwe).into()),
    c("visibility_periods_used", Int, "", "meta.number", 0, "Groups of observations that are at least four days apart", |s| (s.new.transits / 4 + 3).into()),
    c("duplicated_source", Boolean, "", "meta.code.status", 0, "Whether several detections of the source were merged", |s| s.new.index.is_multiple_of(89).into()),
    c("phot_g_mean_flux", Double, "'electron'.s**-1", "phot.flux;em.opt", 0, "Mean flux in G", |s| s.new.g.flux.into()),
    c("phot_g_mean_mag", Float, "mag", "phot.mag;em.opt", MAG | INDEXED | PRINCIPAL, "Mean magnitude in G, Vega scale", |s| (s.new.g.mag - s.magnitude_difference).into()),
    c("phot_bp_mean_mag", Float, "mag", "phot.mag;em.opt.B", MAG | PRINCIPAL, "Mean magnitude in BP, Vega scale", |s| s.new.bp.map(|b| b.mag + 0.01).into()),
    c("phot_rp_mean_mag", Float, "mag", "phot.mag;em.opt.R", MAG | PRINCIPAL, "Mean magnitude in RP, Vega scale", |s| s.new.rp.map(|b| b.mag + 0.02).into()),
    c("bp_rp", Float, "mag", "phot.color;em.opt.B;em.opt.R", PRINCIPAL, "Color BP - RP", |s| s.new.bp_rp().map(|color| color - 0.01).into()),
    c("radial_velocity", Double, "km.s**-1", "spect.dopplerVeloc.opt;em.opt.I", 0, "Radial velocity; only bright stars of medium temperature have one in this release", |s| s.new.radial_velocity.filter(|_| s.new.g.mag < 13.0).map(|v| v.0).into()),
    c("radial_velocity_error", Double, "km.s**-1", "stat.error;spect.dopplerVeloc.opt;em.opt.I", 0, "Error of the radial velocity", |s| s.new.radial_velocity.filter(|_| s.new.g.mag < 13.0).map(|v| v.1 * 1.4).into()),
    c("phot_variable_flag", Char, "", "meta.code;src.var", 0, "VARIABLE if found so, otherwise NOT_AVAILABLE", |s| (if s.new.is_variable() && s.new.g.mag < 19.0 { "VARIABLE" } else { "NOT_AVAILABLE" }).into()),
    c("teff_val", Float, "K", "phys.temperature.effective", 0, "Effective temperature from the three magnitudes", |s| s.new.parameters.filter(|_| s.new.g.mag < 17.0).map(|p| p.teff.value * 0.99).into()),
    c("a_g_val", Float, "mag", "phys.absorption;em.opt", 0, "Extinction in G", |s| s.new.parameters.filter(|_| s.new.g.mag < 17.0).map(|p| p.ag.value).into()),
];

/// A row of the neighbourhood: a DR3 source and a DR2 source near it.
pub struct Pair {
    /// Identifier in DR2.
    pub old: i64,
    /// Identifier in DR3.
    pub new: i64,
    /// Angular distance, mas.
    pub distance: f64,
    /// Difference of the magnitudes in G, mag.
    pub magnitude_difference: Option<f64>,
    /// Whether the proper motion of DR3 was used.
    pub propagated: bool,
}

/// The columns of `gaiadr3.dr2_neighbourhood`.
#[rustfmt::skip]
pub const NEIGHBOURHOOD_COLUMNS: &[Definition<Pair>] = &[
    c("dr2_source_id", Long, "", "meta.id", INDEXED | PRINCIPAL, "Identifier of the source in DR2", |p| p.old.into()),
    c("dr3_source_id", Long, "", "meta.id;meta.main", INDEXED | PRINCIPAL, "Identifier of the source in DR3", |p| p.new.into()),
    c("angular_distance", Float, "mas", "pos.angDistance", PRINCIPAL, "Distance between the two positions at J2015.5", |p| p.distance.into()),
    c("magnitude_difference", Float, "mag", "phot.mag;arith.diff", 0, "Magnitude in G in DR3 less that in DR2", |p| p.magnitude_difference.into()),
    c("proper_motion_propagation", Boolean, "", "meta.code", 0, "Whether the position in DR3 was moved with its proper motion before the comparison", |p| p.propagated.into()),
    c("number_of_candidates", Short, "", "meta.number", 0, "Always 1 here: each source of DR3 is compared with its own past", |_| 1_i64.into()),
];
