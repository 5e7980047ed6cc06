//! `external.twomass_like`: a ground-based infrared catalogue of the brighter sources, to practise cross-matches: positions
//! at J1999.5 with errors of 60 mas, three magnitudes, names from the positions.

use table::Datatype::{Char, Double, Float, Int};

use super::definition::{DEC, Definition, INDEXED, MAG, PK, PRINCIPAL, RA, column as c};
use super::source::Source;

/// An entry.
pub struct Entry {
    /// Running number.
    pub number: i64,
    /// Position, degrees.
    pub position: (f64, f64),
    /// Magnitudes J, H, Ks and their errors.
    pub magnitudes: [(f64, f64); 3],
}

impl Entry {
    /// The entry of a source that is bright enough in the infrared.
    pub fn of(source: &Source, number: i64) -> Option<Entry> {
        let rp = source.rp?.mag;
        let color = source.bp_rp()?;
        let mut random = source.stream(40);
        let dust = source.body.extinction;
        let truth =
            [rp - 0.25 - 0.42 * color, rp - 0.28 - 0.72 * color, rp - 0.30 - 0.80 * color].map(|m| m + 0.01 * dust);
        if truth[0] > 16.0 || !source.is_star() {
            return None;
        }
        let magnitudes = truth.map(|m| {
            let error = 0.02 + 0.1 * libm::exp10(0.3 * (m - 15.5));
            (m + error * random.normal(), error)
        });
        let years = 1999.5 - 2016.0;
        let (ra, dec) = source.position;
        let cos = libm::cos(dec.to_radians()).max(1e-6);
        let (pmra, pmdec) = if source.solved { (source.pmra.0, source.pmdec.0) } else { (0.0, 0.0) };
        let east = pmra * years + random.gauss(0.0, 60.0);
        let north = pmdec * years + random.gauss(0.0, 60.0);
        let position =
            ((ra + east / 3_600_000.0 / cos + 360.0) % 360.0, (dec + north / 3_600_000.0).clamp(-90.0, 90.0));
        Some(Entry { number, position, magnitudes })
    }

    /// `HHMMSSss+DDMMSSs`, from the position.
    fn designation(&self) -> String {
        let seconds = (self.position.0 / 15.0 * 360_000.0) as i64;
        let (hours, minutes) = (seconds / 360_000, seconds / 6_000 % 60);
        let arc = (self.position.1.abs() * 36_000.0) as i64;
        let sign = if self.position.1 < 0.0 { '-' } else { '+' };
        let (degrees, arcminutes) = (arc / 36_000, arc / 600 % 60);
        format!("{hours:02}{minutes:02}{:04}{sign}{degrees:02}{arcminutes:02}{:03}", seconds % 6_000, arc % 600)
    }
}

/// The columns.
#[rustfmt::skip]
pub const COLUMNS: &[Definition<Entry>] = &[
    c("oid", Int, "", "meta.record", PK | INDEXED, "Running number of the entry", |e| e.number.into()),
    c("designation", Char, "", "meta.id;meta.main", PRINCIPAL, "Name made of the position", |e| e.designation().into()),
    c("ra", Double, "deg", "pos.eq.ra;meta.main", RA | INDEXED | PRINCIPAL, "Right ascension at J1999.5, ICRS", |e| e.position.0.into()),
    c("dec", Double, "deg", "pos.eq.dec;meta.main", DEC | INDEXED | PRINCIPAL, "Declination at J1999.5, ICRS", |e| e.position.1.into()),
    c("err_maj", Float, "arcsec", "phys.angSize.smajAxis;pos.errorEllipse", 0, "Major axis of the error ellipse of the position", |_| 0.06.into()),
    c("j_m", Float, "mag", "phot.mag;em.IR.J", MAG | INDEXED | PRINCIPAL, "Magnitude in J", |e| e.magnitudes[0].0.into()),
    c("j_msigcom", Float, "mag", "stat.error;phot.mag;em.IR.J", 0, "Error of the magnitude in J", |e| e.magnitudes[0].1.into()),
    c("h_m", Float, "mag", "phot.mag;em.IR.H", MAG | PRINCIPAL, "Magnitude in H", |e| e.magnitudes[1].0.into()),
    c("h_msigcom", Float, "mag", "stat.error;phot.mag;em.IR.H", 0, "Error of the magnitude in H", |e| e.magnitudes[1].1.into()),
    c("ks_m", Float, "mag", "phot.mag;em.IR.K", MAG | PRINCIPAL, "Magnitude in Ks", |e| e.magnitudes[2].0.into()),
    c("ks_msigcom", Float, "mag", "stat.error;phot.mag;em.IR.K", 0, "Error of the magnitude in Ks", |e| e.magnitudes[2].1.into()),
    c("ph_qual", Char, "", "meta.code.qual;phot", 0, "Quality of the three magnitudes: A best, D worst", |e| quality(e).into()),
];

fn quality(entry: &Entry) -> String {
    let letter = |(_, error): (f64, f64)| match error {
        error if error < 0.1 => 'A',
        error if error < 0.15 => 'B',
        error if error < 0.22 => 'C',
        _ => 'D',
    };
    entry.magnitudes.map(letter).iter().collect()
}
