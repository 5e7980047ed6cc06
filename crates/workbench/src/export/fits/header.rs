//! The cards of a FITS header (FITS 4.0, section 4): 80 bytes each, ASCII, with CONTINUE for long text (section 4.2.1.2).

use std::collections::HashSet;
use std::fmt::Display;

const CARD: usize = 80;

#[derive(Default)]
pub(super) struct Header {
    cards: Vec<u8>,
    keywords: HashSet<String>,
}

impl Header {
    pub(super) fn number(&mut self, keyword: &str, value: impl Display, comment: &str) {
        self.fixed(keyword, &value.to_string(), comment);
    }

    pub(super) fn logical(&mut self, keyword: &str, value: bool, comment: &str) {
        self.fixed(keyword, if value { "T" } else { "F" }, comment);
    }

    /// A text of any length.
    pub(super) fn text(&mut self, keyword: &str, value: &str, comment: &str) {
        self.keywords.insert(keyword.to_owned());
        let value = ascii(value).replace('\'', "''");
        let mut rest = value.as_str();
        let mut begin = format!("{keyword:<8}= ");
        while rest.len() > 68 {
            // A doubled quote must not be torn; 67 leaves room for the ampersand that announces more.
            let before = rest[..67].bytes().rev().take_while(|byte| *byte == b'\'').count();
            let (part, more) = rest.split_at(if before % 2 == 1 { 66 } else { 67 });
            self.card(&format!("{begin}'{part}&'"));
            rest = more;
            begin = "CONTINUE  ".to_owned();
        }
        let comment = if comment.is_empty() { String::new() } else { format!(" / {comment}") };
        self.card(&format!("{begin}'{rest:<8}'{comment}"));
    }

    /// A text under the first eight characters of its name, or, where that keyword is taken or means something in FITS, as a comment.
    pub(super) fn named_text(&mut self, name: &str, value: &str) {
        let keyword: String = name.to_ascii_uppercase().chars().map(keyword_character).take(8).collect();
        let taken = keyword.is_empty() || self.keywords.contains(&keyword) || reserved(&keyword);
        if taken {
            self.comment(&format!("{name} = {value}"));
        } else {
            self.text(&keyword, value, "");
        }
    }

    pub(super) fn comment(&mut self, text: &str) {
        let text = ascii(text);
        let mut rest = text.as_str();
        loop {
            let (line, more) = rest.split_at(rest.len().min(CARD - 8));
            self.card(&format!("COMMENT {line}"));
            rest = more;
            if rest.is_empty() {
                return;
            }
        }
    }

    pub(super) fn finish(mut self, out: &mut Vec<u8>) {
        self.card("END");
        let start = out.len();
        out.append(&mut self.cards);
        super::pad(out, start, b' ');
    }

    fn fixed(&mut self, keyword: &str, value: &str, comment: &str) {
        self.keywords.insert(keyword.to_owned());
        let comment = if comment.is_empty() { String::new() } else { format!(" / {comment}") };
        self.card(&format!("{keyword:<8}= {value:>20}{comment}"));
    }

    /// Every caller passes ASCII.
    fn card(&mut self, text: &str) {
        let text = &text.as_bytes()[..text.len().min(CARD)];
        self.cards.extend_from_slice(text);
        self.cards.extend(std::iter::repeat_n(b' ', CARD - text.len()));
    }
}

/// Text in the characters that a header may hold: line breaks become blanks, other characters than ASCII a question mark.
pub(super) fn ascii(text: &str) -> String {
    let character = |c: char| match c {
        ' '..='~' => c,
        c if c.is_whitespace() => ' ',
        _ => '?',
    };
    text.trim().chars().map(character).collect()
}

fn keyword_character(c: char) -> char {
    if c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-' { c } else { '_' }
}

/// Keywords whose meaning FITS fixes; a name of a service must not change what the file is.
fn reserved(keyword: &str) -> bool {
    const FIXED: [&str; 16] = [
        "SIMPLE", "XTENSION", "BITPIX", "NAXIS", "PCOUNT", "GCOUNT", "TFIELDS", "THEAP", "EXTEND", "END", "COMMENT",
        "HISTORY", "CONTINUE", "EXTNAME", "BLOCKED", "GROUPS",
    ];
    // T…n and NAXISn, whatever the letters.
    let numbered =
        keyword.ends_with(|c: char| c.is_ascii_digit()) && (keyword.starts_with('T') || keyword.starts_with("NAXIS"));
    FIXED.contains(&keyword) || numbered || keyword.starts_with("BZERO") || keyword.starts_with("BSCALE")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cards(header: Header) -> Vec<String> {
        let mut out = Vec::new();
        header.finish(&mut out);
        assert_eq!(out.len() % 2880, 0);
        let text = String::from_utf8(out).unwrap();
        text.as_bytes().chunks(80).map(|card| String::from_utf8_lossy(card).trim_end().to_owned()).collect()
    }

    #[test]
    fn long_text_goes_on() {
        let mut header = Header::default();
        header.text("QUERY", &format!("{}'{}", "a".repeat(66), "b".repeat(100)), "");
        let cards = cards(header);
        assert_eq!(cards[0], format!("QUERY   = '{}&'", "a".repeat(66)));
        assert_eq!(cards[1], format!("CONTINUE  '''{}&'", "b".repeat(65)));
        assert_eq!(cards[2], format!("CONTINUE  '{}'", "b".repeat(35)));
        assert_eq!(cards[3], "END");
    }

    #[test]
    fn names_cannot_break_the_file() {
        let mut header = Header::default();
        header.named_text("NAXIS2", "0");
        header.named_text("query_status", "OK");
        header.named_text("QUERY_STATISTICS", "é\nx");
        assert_eq!(
            cards(header)[..3],
            ["COMMENT NAXIS2 = 0", "QUERY_ST= 'OK      '", "COMMENT QUERY_STATISTICS = ? x"]
        );
    }
}
