//! Spread of the values of a group.

use rusqlite::Connection;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};

/// STDDEV.
pub fn deviation(connection: &Connection, name: &str, flags: FunctionFlags) -> rusqlite::Result<()> {
    connection.create_aggregate_function(name, 1, flags, Deviation { root: true })
}

/// VARIANCE.
pub fn variance(connection: &Connection, name: &str, flags: FunctionFlags) -> rusqlite::Result<()> {
    connection.create_aggregate_function(name, 1, flags, Deviation { root: false })
}

/// Sample variance in one pass (Welford).
struct Deviation {
    root: bool,
}

impl Aggregate<(u64, f64, f64), Option<f64>> for Deviation {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<(u64, f64, f64)> {
        Ok((0, 0.0, 0.0))
    }

    fn step(&self, context: &mut Context<'_>, (count, mean, squares): &mut (u64, f64, f64)) -> rusqlite::Result<()> {
        if let Some(value) = context.get::<Option<f64>>(0)? {
            *count += 1;
            let off = value - *mean;
            *mean += off / *count as f64;
            *squares += off * (value - *mean);
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, state: Option<(u64, f64, f64)>) -> rusqlite::Result<Option<f64>> {
        let variance = state.filter(|state| state.0 > 1).map(|(count, _, squares)| squares / (count - 1) as f64);
        Ok(variance.map(|variance| if self.root { libm::sqrt(variance) } else { variance }))
    }
}
