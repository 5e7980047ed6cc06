//! Line and column of a byte, as editors and error messages count them.

/// Line and column of byte `byte` of `text`, both from 1; columns count characters, not bytes.
///
/// A byte inside a character belongs to that character; one beyond the end is the place after the last character.
pub fn position(text: &str, byte: usize) -> (usize, usize) {
    let mut line = 1;
    let mut column = 1;
    for (start, character) in text.char_indices() {
        if start + character.len_utf8() > byte {
            break;
        }
        if character == '\n' {
            line += 1;
            column = 1;
        } else {
            column += 1;
        }
    }
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn counts_characters_and_lines() {
        let text = "SELECT é\nFROM x";
        assert_eq!(position(text, 0), (1, 1));
        assert_eq!(position(text, 7), (1, 8));
        assert_eq!(position(text, 8), (1, 8), "second byte of é");
        assert_eq!(position(text, 9), (1, 9));
        assert_eq!(position(text, 10), (2, 1));
        assert_eq!(position(text, 99), (2, 7));
        assert_eq!(position("", 3), (1, 1));
    }
}
