//! One bit a row: which cells hold a value. A column without nulls pays nothing for it.

use std::ops::Range;

/// Validity of the rows of a column.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    /// Bit set: the cell is null. Shorter than the column where the rest holds values.
    words: Vec<u64>,
    nulls: usize,
}

impl Mask {
    /// Marks `row` as null. Rows are marked in any order.
    pub fn set_null(&mut self, row: usize) {
        let word = row / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        let bit = 1u64 << (row % 64);
        self.nulls += usize::from(self.words[word] & bit == 0);
        self.words[word] |= bit;
    }

    /// Whether `row` is null.
    pub fn is_null(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// The null rows among `rows`, in order.
    pub fn nulls_in(&self, rows: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        let words = rows.start / 64..rows.end.div_ceil(64).min(self.words.len());
        let bits = words.filter(|word| self.words[*word] != 0).flat_map(|word| {
            let bits = self.words[word];
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| word * 64 + bit)
        });
        bits.filter(move |row| rows.contains(row))
    }

    /// How many rows are null.
    pub fn nulls(&self) -> usize {
        self.nulls
    }

    /// Forgets the rows from `rows` on.
    pub fn truncate(&mut self, rows: usize) {
        self.words.truncate(rows.div_ceil(64));
        if let (Some(last), true) = (self.words.get_mut(rows / 64), !rows.is_multiple_of(64)) {
            *last &= (1 << (rows % 64)) - 1;
        }
        self.nulls = self.words.iter().map(|word| word.count_ones() as usize).sum();
    }

    /// Bytes of memory held.
    pub fn memory(&self) -> usize {
        self.words.capacity() * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_are_remembered_and_forgotten() {
        let mut mask = Mask::default();
        assert!(!mask.is_null(1000));
        for row in [3, 64, 65, 200, 200] {
            mask.set_null(row);
        }
        assert_eq!(mask.nulls(), 4);
        assert!(mask.is_null(64) && !mask.is_null(63));
        mask.truncate(65);
        assert_eq!(mask.nulls(), 2);
        assert!(!mask.is_null(65));
    }
}
