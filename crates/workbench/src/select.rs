//! The rows that a person chose: one bit a row, combined with each new choice, listed in windows and lit in pictures.

mod choose;
mod near;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use choose::{Choice, Choosing, Region, Shape};
pub use near::{Near, Nearing};

/// How a choice changes the selection that is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Combine {
    /// The choice alone.
    Replace,
    /// Both.
    Add,
    /// What was selected and is not in the choice.
    Remove,
    /// What is in both.
    Intersect,
}

/// Which rows a command is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rows {
    /// All of the table.
    #[default]
    All,
    /// The selected ones.
    Selected,
}

/// A set of rows of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Bit set: the row is selected. Rows behind the end are not.
    words: Vec<u64>,
    count: usize,
}

impl Selection {
    /// The set of all rows below `rows`.
    pub fn all(rows: usize) -> Selection {
        let mut words = vec![u64::MAX; rows.div_ceil(64)];
        if let (Some(last), rest @ 1..) = (words.last_mut(), rows % 64) {
            *last = (1 << rest) - 1;
        }
        Selection { words, count: rows }
    }

    /// Adds a row.
    pub fn insert(&mut self, row: usize) {
        let (word, bit) = (row / 64, 1u64 << (row % 64));
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.count += usize::from(self.words[word] & bit == 0);
        self.words[word] |= bit;
    }

    /// Whether the row is selected.
    pub fn contains(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// Number of selected rows.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether no row is selected.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The selected rows among `rows`, in order.
    pub fn iter(&self, rows: Range<usize>) -> impl Iterator<Item = usize> + '_ {
        let words = rows.start / 64..rows.end.div_ceil(64).min(self.words.len());
        let bits = words.flat_map(|word| {
            let mut bits = self.words[word];
            std::iter::from_fn(move || {
                let bit = bits.trailing_zeros() as usize;
                (bits != 0).then(|| {
                    bits &= bits - 1;
                    word * 64 + bit
                })
            })
        });
        bits.filter(move |row| rows.contains(row))
    }

    /// Changes the selection by a choice.
    pub fn combine(&mut self, how: Combine, choice: &Selection) {
        let len = self.words.len().max(choice.words.len());
        self.words.resize(len, 0);
        for (at, word) in self.words.iter_mut().enumerate() {
            let chosen = choice.words.get(at).copied().unwrap_or(0);
            *word = match how {
                Combine::Replace => chosen,
                Combine::Add => *word | chosen,
                Combine::Remove => *word & !chosen,
                Combine::Intersect => *word & chosen,
            };
        }
        self.count = self.words.iter().map(|word| word.count_ones() as usize).sum();
    }

    /// All rows below `rows` that are not selected.
    pub fn inverted(&self, rows: usize) -> Selection {
        let mut all = Selection::all(rows);
        all.combine(Combine::Remove, self);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(rows: &[usize]) -> Selection {
        let mut selection = Selection::default();
        rows.iter().for_each(|row| selection.insert(*row));
        selection
    }

    fn rows(selection: &Selection) -> Vec<usize> {
        selection.iter(0..usize::MAX - 64).collect()
    }

    #[test]
    fn choices_combine_as_sets_do() {
        for (how, expected) in [
            (Combine::Replace, vec![2, 500]),
            (Combine::Add, vec![1, 2, 64, 500]),
            (Combine::Remove, vec![1, 64]),
            (Combine::Intersect, vec![2]),
        ] {
            let mut selection = set(&[1, 2, 64]);
            selection.combine(how, &set(&[2, 500]));
            assert_eq!(rows(&selection), expected, "{how:?}");
            assert_eq!(selection.len(), expected.len());
        }
    }

    #[test]
    fn all_is_all_and_not_more() {
        for count in [0, 1, 63, 64, 65, 200] {
            assert_eq!(rows(&Selection::all(count)), (0..count).collect::<Vec<_>>());
        }
        assert_eq!(rows(&set(&[0, 2]).inverted(4)), [1, 3]);
        assert_eq!(set(&[5, 70, 130]).iter(6..130).collect::<Vec<_>>(), [70]);
        assert!(!set(&[5]).contains(1000));
    }
}
