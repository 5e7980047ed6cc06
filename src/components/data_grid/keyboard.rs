//! Where a key leads in the grid (ARIA Authoring Practices, grid pattern).

/// A cell of the grid: row 0 is the header, row 1 the first row of data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Counted from the header.
    pub row: usize,
    /// Counted from the left.
    pub column: usize,
}

/// The cell to go to, or `None` if the key is none of the grid's.
pub fn step(key: &str, control: bool, from: Place, rows: usize, columns: usize, page: usize) -> Option<Place> {
    let Place { row, column } = from;
    let last = columns.saturating_sub(1);
    let (row, column) = match (key, control) {
        ("ArrowUp", false) => (row.saturating_sub(1), column),
        ("ArrowDown", false) => (row + 1, column),
        ("ArrowLeft", false) => (row, column.saturating_sub(1)),
        ("ArrowRight", false) => (row, column + 1),
        ("ArrowUp", true) => (0, column),
        ("ArrowDown", true) => (rows, column),
        ("ArrowLeft", true) | ("Home", false) => (row, 0),
        ("ArrowRight", true) | ("End", false) => (row, last),
        // From data a page stays in the data.
        ("PageUp", _) => (if row == 0 { 0 } else { row.saturating_sub(page).max(1) }, column),
        ("PageDown", _) => (row + page, column),
        ("Home", true) => (rows.min(1), 0),
        ("End", true) => (rows, last),
        _ => return None,
    };
    Some(Place { row: row.min(rows), column: column.min(last) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_inside() {
        let at = |row, column| Place { row, column };
        let go = |key, control, from| step(key, control, from, 100, 5, 10);
        assert_eq!(go("ArrowUp", false, at(1, 2)), Some(at(0, 2)));
        assert_eq!(go("ArrowUp", false, at(0, 2)), Some(at(0, 2)));
        assert_eq!(go("ArrowRight", false, at(3, 4)), Some(at(3, 4)));
        assert_eq!(go("PageDown", false, at(95, 0)), Some(at(100, 0)));
        assert_eq!(go("PageUp", false, at(5, 0)), Some(at(1, 0)));
        assert_eq!(go("End", true, at(0, 0)), Some(at(100, 4)));
        assert_eq!(go("Home", true, at(50, 3)), Some(at(1, 0)));
        assert_eq!(go("x", false, at(50, 3)), None);
        assert_eq!(step("End", true, at(0, 0), 0, 0, 1), Some(at(0, 0)));
    }
}
