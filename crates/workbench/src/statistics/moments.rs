//! Mean and deviation in one pass: sums over a block about its first value, blocks put together by the formula of Chan, Golub and
//! LeVeque (1979), which loses no digits to a large offset.

#[derive(Debug, Default)]
pub(super) struct Moments {
    count: f64,
    mean: f64,
    /// Sum of the squares of differences from the mean.
    squares: f64,
    block: Block,
}

#[derive(Debug, Default)]
struct Block {
    origin: f64,
    count: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    pub(super) fn add(&mut self, value: f64) {
        let block = &mut self.block;
        if block.count == 0.0 {
            block.origin = value;
        }
        let difference = value - block.origin;
        block.count += 1.0;
        block.sum += difference;
        block.squares += difference * difference;
    }

    /// Takes in what was added since the last time; a block has some thousand values.
    pub(super) fn close(&mut self) {
        let block = std::mem::take(&mut self.block);
        if block.count == 0.0 {
            return;
        }
        let mean = block.origin + block.sum / block.count;
        let squares = (block.squares - block.sum * block.sum / block.count).max(0.0);
        let count = self.count + block.count;
        let difference = mean - self.mean;
        self.squares += squares + difference * difference * self.count * block.count / count;
        self.mean += difference * block.count / count;
        self.count = count;
    }

    pub(super) fn mean(&self) -> Option<f64> {
        (self.count > 0.0).then_some(self.mean)
    }

    pub(super) fn deviation(&self) -> f64 {
        if self.count > 1.0 { (self.squares / (self.count - 1.0)).sqrt() } else { 0.0 }
    }
}
