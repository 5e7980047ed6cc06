//! The known name that a misspelt one probably means.

/// The nearest of `known` by edits, if it is near: one edit, or one for each three letters.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let most = (name.chars().count() / 3).max(1);
    known
        .map(|candidate| (edits(&name, &candidate.to_lowercase()), candidate))
        .filter(|(edits, _)| *edits <= most)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Damerau's distance: letters to insert, leave out or replace, and neighbors to exchange.
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(table[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(table[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        table.push(row);
    }
    table[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        assert_eq!(
            (edits("kitten", "sitting"), edits("", "abc"), edits("same", "same"), edits("ab", "ba")),
            (3, 3, 0, 1)
        );
        let known = ["parallax", "pmra", "pmdec"];
        assert_eq!(nearest("Paralax", known.into_iter()), Some("parallax"));
        assert_eq!(nearest("pmre", known.into_iter()), Some("pmra"));
        assert_eq!(nearest("teff", known.into_iter()), None);
    }
}
