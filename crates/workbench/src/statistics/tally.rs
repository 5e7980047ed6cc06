//! Different values and how often each occurs: a hash table with open addresses over 64-bit keys. Two texts with the same 64-bit
//! hash would count as one; among a million of them that happens once in forty million columns.

use super::Distinct;

/// Different values after which no new one is taken: 32 MiB.
const MOST: usize = 1_000_000;

#[derive(Debug, Default)]
pub(super) struct Tally {
    /// A power of two of them, at most half taken; a count of zero is a free one.
    slots: Vec<Slot>,
    taken: usize,
    full: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    key: u64,
    row: u32,
    count: u32,
}

impl Tally {
    /// Counts a value, by its key; `row` is one where it stands, below 2^32.
    pub(super) fn add(&mut self, key: u64, row: usize) {
        if self.taken * 2 >= self.slots.len() && !self.full {
            self.grow();
        }
        let at = place(&self.slots, key);
        let slot = &mut self.slots[at];
        if slot.count > 0 {
            slot.count += 1;
        } else if self.taken < MOST {
            *slot = Slot { key, row: row as u32, count: 1 };
            self.taken += 1;
        } else {
            self.full = true;
        }
    }

    /// Whether new values are no longer taken.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    pub(super) fn distinct(&self) -> Distinct {
        let taken = self.taken as u64;
        if self.full { Distinct::MoreThan(taken) } else { Distinct::Exactly(taken) }
    }

    /// A row of each of the `most` most frequent values and how often it occurs, twice or more; of equals the earlier first.
    pub(super) fn frequent(self, most: usize) -> Vec<(usize, u64)> {
        let mut slots: Vec<Slot> = self.slots.into_iter().filter(|slot| slot.count > 1).collect();
        slots.sort_unstable_by_key(|slot| (std::cmp::Reverse(slot.count), slot.row));
        slots.iter().take(most).map(|slot| (slot.row as usize, slot.count.into())).collect()
    }

    fn grow(&mut self) {
        let larger = vec![Slot::default(); (self.slots.len() * 4).max(64)];
        for slot in std::mem::replace(&mut self.slots, larger).into_iter().filter(|slot| slot.count > 0) {
            let at = place(&self.slots, slot.key);
            self.slots[at] = slot;
        }
    }
}

/// The slot of a key, or the free one where it belongs.
fn place(slots: &[Slot], key: u64) -> usize {
    let mask = slots.len() - 1;
    let mut at = mix(key) as usize & mask;
    while slots[at].count > 0 && slots[at].key != key {
        at = (at + 1) & mask;
    }
    at
}

/// The last step of SplitMix64: every bit of the key moves every bit of the place.
fn mix(key: u64) -> u64 {
    let key = (key ^ (key >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let key = (key ^ (key >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    key ^ (key >> 31)
}

/// A 64-bit hash of a text.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(bytes.len() as u64, |hash, chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        mix(hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_add(0x9e37_79b9_7f4a_7c15)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_while_the_table_grows() {
        let mut tally = Tally::default();
        for row in 0..10_000 {
            tally.add((row % 1000) as u64 * 7, row);
            tally.add(0, row);
        }
        assert_eq!(tally.distinct(), Distinct::Exactly(1000));
        let frequent = tally.frequent(3);
        assert_eq!(frequent, [(0, 10_010), (1, 10), (2, 10)]);
    }

    #[test]
    fn hashes_tell_texts_apart() {
        let hashes: std::collections::HashSet<u64> =
            (0..10_000).map(|n| hash(format!("Gaia DR3 {n}").as_bytes())).collect();
        assert_eq!(hashes.len(), 10_000);
        assert_ne!(hash(b""), hash(b"\0"));
        assert_ne!(hash(b"a"), hash(b"a\0"));
    }
}
