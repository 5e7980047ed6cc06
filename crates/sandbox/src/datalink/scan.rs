//! When the satellite saw a source: in groups of transits weeks apart, from July 2014 to May 2017 as for DR3.

use crate::catalogue::Random;

/// Purpose of the random numbers.
const PURPOSE: u64 = 3;
/// Begin and end of the observations, d since J2010.0.
const SPAN: (f64, f64) = (1_666.4, 2_704.0);
/// Between the two fields of view, and from the second on to the first again, d: they are 106.5° apart on a circle of 6 h.
const STEPS: [f64; 2] = [0.073_96, 0.176_04];

/// One passage over the field of view.
#[derive(Clone, Copy, Debug)]
pub struct Transit {
    /// Identifier.
    pub id: i64,
    /// Barycentric time, d since J2010.0 (TCB).
    pub time: f64,
}

/// The transits of a source, in order.
pub fn transits(subject: &super::subject::Subject) -> Vec<Transit> {
    let mut random = subject.stream(PURPOSE);
    let wanted = subject.transits.max(1) as usize;
    let mut transits = Vec::with_capacity(wanted + 4);
    while transits.len() < wanted {
        group(&mut random, &mut transits);
    }
    transits.truncate(wanted);
    transits.sort_by(|a, b| a.time.total_cmp(&b.time));
    transits
}

/// A group: one to five transits while the source stays near the great circle of the scan.
fn group(random: &mut Random, transits: &mut Vec<Transit>) {
    let mut time = random.between(SPAN.0, SPAN.1 - 1.0);
    let mut field = (random.bits() % 2) as usize;
    let row = 1 + random.bits() % 7;
    for _ in 0..1 + random.bits() % 5 {
        transits.push(Transit { id: identifier(time, field as u64, row, random.bits() % 1024), time });
        time += STEPS[field] * (1.0 + 1e-3 * random.normal());
        field = 1 - field;
    }
}

/// As the archive makes them: the time on board in units of 204.8 µs, then field of view, row and column of the detectors.
fn identifier(time: f64, field: u64, row: u64, column: u64) -> i64 {
    let units = ((time - 1_424.0) * 86_400.0 / 204.8e-6) as u64;
    ((units << 15) | ((field + 1) << 13) | (row << 10) | column) as i64
}
