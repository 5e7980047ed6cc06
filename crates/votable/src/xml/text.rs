//! References and line ends: how text in a document becomes text (XML 1.0, sections 2.11, 3.3.3 and 4.6).

/// The character for the name in a reference: one of the five that XML defines, or a number. Anything else would need a
/// document type declaration, and those are not read.
pub(crate) fn reference(name: &[u8]) -> Option<char> {
    match name {
        b"amp" => Some('&'),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        _ => {
            let digits = std::str::from_utf8(name.strip_prefix(b"#")?).ok()?;
            let number = match digits.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(number).filter(|character| *character != '\0')
        }
    }
}

/// Appends a piece of text, line ends as line feeds. `after_cr` remembers a carriage return at the end of a piece.
pub(crate) fn append(piece: &[u8], after_cr: &mut bool, text: &mut Vec<u8>) {
    let mut piece = piece;
    if std::mem::take(after_cr) {
        piece = piece.strip_prefix(b"\n").unwrap_or(piece);
    }
    while let Some(at) = memchr::memchr(b'\r', piece) {
        text.extend_from_slice(&piece[..at]);
        text.push(b'\n');
        piece = &piece[at + 1..];
        match piece.first() {
            None => *after_cr = true,
            Some(b'\n') => piece = &piece[1..],
            Some(_) => {}
        }
    }
    text.extend_from_slice(piece);
}

/// The value of an attribute: references resolved, white space as blanks. Unknown references stay as they are and are
/// added to `unknown`.
pub(crate) fn attribute_value(raw: &str, unknown: &mut Vec<String>) -> String {
    if memchr::memchr3(b'&', b'\n', b'\r', raw.as_bytes()).is_none() && !raw.contains('\t') {
        return raw.to_owned();
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\n', '\r', '\t']) {
        value.push_str(&rest[..at]);
        let (here, after) = rest[at..].split_at(1);
        rest = after;
        match here {
            "&" => match rest.find(';').filter(|end| *end <= super::REFERENCE) {
                Some(end) => {
                    let name = &rest[..end];
                    match reference(name.as_bytes()) {
                        Some(character) => {
                            value.push(character);
                            rest = &rest[end + 1..];
                        }
                        None => {
                            unknown.push(name.to_owned());
                            value.push('&');
                        }
                    }
                }
                None => value.push('&'),
            },
            "\r" if rest.starts_with('\n') => {}
            _ => value.push(' '),
        }
    }
    value.push_str(rest);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved() {
        let names = [("amp", '&'), ("#65", 'A'), ("#x1F600", '😀'), ("apos", '\'')];
        for (name, character) in names {
            assert_eq!(reference(name.as_bytes()), Some(character));
        }
        for name in ["nbsp", "#", "#x", "#xD800", "#0", "#99999999999", ""] {
            assert_eq!(reference(name.as_bytes()), None, "{name}");
        }
        let mut unknown = Vec::new();
        assert_eq!(attribute_value("a\r\nb\tc &lt;&nbsp; & d", &mut unknown), "a b c <&nbsp; & d");
        assert_eq!(unknown, ["nbsp"]);
    }

    #[test]
    fn line_ends_across_pieces() {
        for step in 1..8 {
            let (mut text, mut after_cr) = (Vec::new(), false);
            for piece in b"a\r\nb\rc\n\r\n\r".chunks(step) {
                append(piece, &mut after_cr, &mut text);
            }
            assert_eq!(text, b"a\nb\nc\n\n\n", "{step}");
        }
    }
}
