//! The source of a product: what the catalogue says of it, read by SQL.

use rusqlite::Row;

use crate::Error;
use crate::catalogue::Random;
use crate::database::Database;

/// A mean magnitude with its flux and the flux's error, e-/s.
#[derive(Clone, Copy, Debug)]
pub struct Photometry {
    /// Magnitude.
    pub mag: f64,
    /// Flux.
    pub flux: f64,
    /// Error of the flux.
    pub error: f64,
}

/// A parameter with its standard error.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// Value.
    pub value: f64,
    /// Half the distance of its 16th and 84th percentiles.
    pub error: f64,
}

/// The stellar parameters of GSP-Phot.
#[derive(Clone, Copy, Debug)]
pub struct Parameters {
    /// Effective temperature, K.
    pub teff: Estimate,
    /// Surface gravity, log cm/s².
    pub logg: Estimate,
    /// Metallicity, dex.
    pub mh: Estimate,
    /// Distance, pc.
    pub distance: Estimate,
    /// Extinction at 547.7 nm, mag.
    pub azero: Estimate,
    /// Extinction in G, mag.
    pub ag: Estimate,
    /// Reddening of BP − RP, mag.
    pub reddening: Estimate,
    /// Absolute magnitude in G.
    pub absolute: f64,
    /// Radius, solar radii.
    pub radius: f64,
    /// Logarithm of the posterior.
    pub posterior: f64,
}

/// A pulsation, as the table of its kind has it.
#[derive(Clone, Copy, Debug)]
pub struct Pulsation {
    /// Period, d.
    pub period: f64,
    /// Time of maximum light in G, d since J2010.0 (TCB).
    pub epoch: f64,
    /// Amplitudes from maximum to minimum in G, BP, RP, mag.
    pub amplitudes: [f64; 3],
    /// Ratio of the second to the first Fourier amplitude.
    pub r21: f64,
    /// Second phase relative to the first, rad, if the table has it.
    pub phi21: Option<f64>,
    /// Third phase relative to the first, rad.
    pub phi31: f64,
}

/// A source.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Identifier.
    pub source_id: i64,
    /// Right ascension, degrees.
    pub ra: f64,
    /// Declination, degrees.
    pub dec: f64,
    /// Random number of the source, from 0 on.
    pub random_index: i64,
    /// G.
    pub g: Photometry,
    /// BP.
    pub bp: Option<Photometry>,
    /// RP.
    pub rp: Option<Photometry>,
    /// Transits over the field of view.
    pub transits: i64,
    /// Radial velocity, km/s.
    pub radial_velocity: Option<f64>,
    /// Transits over the spectrometer that were used.
    pub rv_transits: i64,
    /// Magnitude in the band of the spectrometer.
    pub rvs_magnitude: Option<f64>,
    /// A candidate for a quasar.
    pub quasar: bool,
    /// Stellar parameters.
    pub parameters: Option<Parameters>,
    /// How it pulsates.
    pub pulsation: Option<Pulsation>,
}

/// The tables of pulsating stars have the same names for what is read here, but for `phi21_g`.
const SQL: &str = "
    SELECT g.*, a.mg_gspphot, a.radius_gspphot, a.logposterior_gspphot,
           coalesce(r.pf, r.p1_o, c.pf, c.p1_o) AS period, coalesce(r.epoch_g, c.epoch_g) AS epoch,
           coalesce(r.peak_to_peak_g, c.peak_to_peak_g) AS amplitude_g,
           coalesce(r.peak_to_peak_bp, c.peak_to_peak_bp, 0) AS amplitude_bp,
           coalesce(r.peak_to_peak_rp, c.peak_to_peak_rp, 0) AS amplitude_rp,
           coalesce(r.r21_g, c.r21_g) AS r21, c.phi21_g AS phi21, coalesce(r.phi31_g, c.phi31_g) AS phi31
    FROM catalogue.\"gaiadr3.gaia_source\" AS g
    LEFT JOIN catalogue.\"gaiadr3.astrophysical_parameters\" AS a ON a.source_id = g.source_id
    LEFT JOIN catalogue.\"gaiadr3.vari_rrlyrae\" AS r ON r.source_id = g.source_id
    LEFT JOIN catalogue.\"gaiadr3.vari_cepheid\" AS c ON c.source_id = g.source_id
    WHERE g.source_id IN (SELECT value FROM json_each(?1)) ORDER BY g.source_id";

impl Subject {
    /// The sources of these identifiers that the catalogue has, in order.
    pub fn load(database: &Database, identifiers: &[i64]) -> Result<Vec<Subject>, Error> {
        let session = database.connect()?;
        let mut statement = session.prepare(SQL)?;
        let subjects = statement.query_map([json(identifiers)], Subject::of)?;
        Ok(subjects.collect::<Result<_, _>>()?)
    }

    fn of(row: &Row<'_>) -> rusqlite::Result<Subject> {
        let number = |name: &str| row.get::<_, Option<f64>>(name);
        let photometry = |band: &str| -> rusqlite::Result<Option<Photometry>> {
            let of = |column: &str| number(&format!("phot_{band}_mean_{column}"));
            let (mag, flux, error) = (of("mag")?, of("flux")?, of("flux_error")?);
            Ok(mag.zip(flux).zip(error).map(|((mag, flux), error)| Photometry { mag, flux, error }))
        };
        let estimate = |name: &str| -> rusqlite::Result<Option<Estimate>> {
            let of = |end: &str| number(&format!("{name}_gspphot{end}"));
            let (value, lower, upper) = (of("")?, of("_lower")?, of("_upper")?);
            Ok(value
                .zip(lower)
                .zip(upper)
                .map(|((value, lower), upper)| Estimate { value, error: (upper - lower) / 2.0 }))
        };
        let parameters = || -> rusqlite::Result<Option<Parameters>> {
            let Some(teff) = estimate("teff")? else { return Ok(None) };
            let none = Estimate { value: 0.0, error: 0.0 };
            Ok(Some(Parameters {
                teff,
                logg: estimate("logg")?.unwrap_or(none),
                mh: estimate("mh")?.unwrap_or(none),
                distance: estimate("distance")?.unwrap_or(none),
                azero: estimate("azero")?.unwrap_or(none),
                ag: estimate("ag")?.unwrap_or(none),
                reddening: estimate("ebpminrp")?.unwrap_or(none),
                absolute: number("mg_gspphot")?.unwrap_or_default(),
                radius: number("radius_gspphot")?.unwrap_or(1.0),
                posterior: number("logposterior_gspphot")?.unwrap_or_default(),
            }))
        };
        let pulsation = || -> rusqlite::Result<Option<Pulsation>> {
            let Some(period) = number("period")? else { return Ok(None) };
            Ok(Some(Pulsation {
                period,
                epoch: row.get("epoch")?,
                amplitudes: [row.get("amplitude_g")?, row.get("amplitude_bp")?, row.get("amplitude_rp")?],
                r21: row.get("r21")?,
                phi21: number("phi21")?,
                phi31: row.get("phi31")?,
            }))
        };
        let source_id = row.get("source_id")?;
        Ok(Subject {
            source_id,
            ra: row.get("ra")?,
            dec: row.get("dec")?,
            random_index: row.get("random_index")?,
            // Every source was seen in G.
            g: photometry("g")?.ok_or(rusqlite::Error::IntegralValueOutOfRange(0, source_id))?,
            bp: photometry("bp")?,
            rp: photometry("rp")?,
            transits: row.get("matched_transits")?,
            radial_velocity: number("radial_velocity")?,
            rv_transits: row.get("rv_nb_transits")?,
            rvs_magnitude: number("grvs_mag")?,
            quasar: row.get("in_qso_candidates")?,
            parameters: parameters()?,
            pulsation: pulsation()?,
        })
    }

    /// `Gaia DR3 …`
    pub fn designation(&self) -> String {
        format!("Gaia DR3 {}", self.source_id)
    }

    /// BP − RP, mag.
    pub fn color(&self) -> Option<f64> {
        Some(self.bp?.mag - self.rp?.mag)
    }

    /// Random numbers that depend only on the source and on what they are for.
    pub fn stream(&self, purpose: u64) -> Random {
        Random::new(self.source_id as u64 ^ 0xDA7A_1144, purpose)
    }
}

/// Identifiers as the one parameter of a statement.
pub fn json(identifiers: &[i64]) -> String {
    let list: Vec<String> = identifiers.iter().map(i64::to_string).collect();
    format!("[{}]", list.join(","))
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A star of this temperature and G.
    pub fn star(teff: f64, magnitude: f64) -> Subject {
        let of = |zero: f64, magnitude: f64| {
            let flux = libm::exp10(0.4 * (zero - magnitude));
            Photometry { mag: magnitude, flux, error: 0.001 * flux }
        };
        let estimate = |value, error| Estimate { value, error };
        let color = (5040.0 / teff - 0.5) / 0.43;
        Subject {
            source_id: 4_000_000_000_000_000_128,
            ra: 100.0,
            dec: -30.0,
            random_index: 5,
            g: of(25.687, magnitude),
            bp: Some(of(25.339, magnitude + 0.45 * color)),
            rp: Some(of(24.748, magnitude - 0.55 * color)),
            transits: 50,
            radial_velocity: Some(80.0),
            rv_transits: 20,
            rvs_magnitude: Some(magnitude - 0.6),
            quasar: false,
            parameters: Some(Parameters {
                teff: estimate(teff, 50.0),
                logg: estimate(4.4, 0.05),
                mh: estimate(-0.1, 0.1),
                distance: estimate(200.0, 4.0),
                azero: estimate(0.0, 0.03),
                ag: estimate(0.0, 0.025),
                reddening: estimate(0.0, 0.015),
                absolute: magnitude - 6.5,
                radius: 1.0,
                posterior: -1000.0,
            }),
            pulsation: None,
        }
    }
}
