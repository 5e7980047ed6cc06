//! An axis as it is shown: its range is known, its ticks are placed, and places become values again.

use serde::{Deserialize, Serialize};

use super::{Scale, ticks};

/// An axis as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AxisShown {
    /// The name of what is drawn along it.
    pub label: String,
    /// Its unit, where it follows.
    pub unit: Option<String>,
    /// How values become places.
    pub scale: Scale,
    /// Whether small values are at the right or at the top.
    pub reversed: bool,
    /// The smallest value.
    pub low: f64,
    /// The greatest value, above `low`.
    pub high: f64,
    /// Its ticks, from small to great.
    pub ticks: Vec<Tick>,
}

/// A tick of an axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tick {
    /// The value.
    pub value: f64,
    /// Its place: 0 at the left or at the bottom, 1 at the other end.
    pub at: f64,
    /// What stands at it; empty for the small ones between.
    pub label: String,
}

impl AxisShown {
    /// An axis over a range, with room for about `most` labels.
    pub(crate) fn new(label: String, unit: Option<String>, scale: Scale, range: (f64, f64), most: usize) -> AxisShown {
        let (low, high) = range;
        let ticks = ticks::ticks(scale, low, high, most);
        AxisShown { label, unit, scale, reversed: false, low, high, ticks }
    }

    /// The same axis in the other direction, if `reversed`.
    pub(crate) fn turned(mut self, reversed: bool) -> AxisShown {
        if reversed {
            self.reversed = !self.reversed;
            self.ticks.iter_mut().for_each(|tick| tick.at = 1.0 - tick.at);
        }
        self
    }

    /// The place of a value: 0 at the left or at the bottom, 1 at the other end, beyond them outside. NaN: it has none.
    pub fn place(&self, value: f64) -> f64 {
        let (low, high) = (self.scale.forward(self.low), self.scale.forward(self.high));
        let at = (self.scale.forward(value) - low) / (high - low);
        if self.reversed { 1.0 - at } else { at }
    }

    /// The value at a place.
    pub fn value(&self, place: f64) -> f64 {
        let (low, high) = (self.scale.forward(self.low), self.scale.forward(self.high));
        let at = if self.reversed { 1.0 - place } else { place };
        self.scale.backward(low + at * (high - low))
    }
}

impl Scale {
    /// From a value to what is drawn in proportion; NaN where a logarithm does not exist.
    pub(crate) fn forward(self, value: f64) -> f64 {
        match self {
            Scale::Linear => value,
            Scale::Log if value > 0.0 => value.log10(),
            Scale::Log => f64::NAN,
        }
    }

    /// Back to the value.
    pub(crate) fn backward(self, drawn: f64) -> f64 {
        match self {
            Scale::Linear => drawn,
            Scale::Log => 10f64.powf(drawn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_values_belong_together() {
        for (scale, reversed) in
            [(Scale::Linear, false), (Scale::Linear, true), (Scale::Log, false), (Scale::Log, true)]
        {
            let axis = AxisShown::new("x".into(), None, scale, (1.0, 100.0), 5).turned(reversed);
            for place in [0.0, 0.25, 1.0, 1.5] {
                assert!((axis.place(axis.value(place)) - place).abs() < 1e-12);
            }
            for tick in &axis.ticks {
                assert!((axis.place(tick.value) - tick.at).abs() < 1e-12);
            }
            assert_eq!(axis.place(1.0), f64::from(u8::from(reversed)));
        }
        assert!(AxisShown::new("x".into(), None, Scale::Log, (1.0, 2.0), 5).place(-1.0).is_nan());
    }
}
