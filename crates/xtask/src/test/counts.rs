//! How many tests a step ran, read from the closing lines of its output: cargo's `test result:` and the plain `N passed, N failed`.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Counts {
    /// The sum over all closing lines in `output`.
    pub fn read(output: &str) -> Self {
        let mut sum = Self::default();
        for counts in output.lines().filter_map(line) {
            sum += counts;
        }
        sum
    }
}

fn line(text: &str) -> Option<Counts> {
    let text = text.trim();
    match text.strip_prefix("test result: ") {
        Some(result) => {
            let (_, counted) = result.split_once(". ")?;
            let mut parts = counted.split("; ");
            Some(Counts { passed: number(parts.next()?, "passed")?, failed: number(parts.next()?, "failed")? })
        }
        None => {
            let (passed, failed) = text.split_once(", ")?;
            Some(Counts { passed: number(passed, "passed")?, failed: number(failed, "failed")? })
        }
    }
}

fn number(text: &str, word: &str) -> Option<u64> {
    text.strip_suffix(word)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_closing_line() {
        let output = "running 3 tests\n\
            test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s\n\
            test result: FAILED. 7 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out\n\
            4 passed, 1 failed\n\
            what passed, what failed\n5 passed\n";
        assert_eq!(Counts::read(output), Counts { passed: 14, failed: 3 });
    }
}
