//! Text as XML 1.0 can hold it: markup escaped, characters that XML forbids replaced by U+FFFD.

/// Appends text that stands between tags.
pub(super) fn text(text: &str, out: &mut Vec<u8>) {
    escape(text, false, out);
}

/// Appends ` name="value"`.
pub(super) fn attribute(name: &str, value: &str, out: &mut Vec<u8>) {
    out.push(b' ');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"=\"");
    escape(value, true, out);
    out.push(b'"');
}

/// Appends the attribute if there is a value.
pub(super) fn optional(name: &str, value: Option<&str>, out: &mut Vec<u8>) {
    if let Some(value) = value {
        attribute(name, value, out);
    }
}

fn escape(text: &str, in_attribute: bool, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut done = 0;
    let mut at = 0;
    while at < bytes.len() {
        let (length, replacement): (usize, &[u8]) = match bytes[at] {
            b'&' => (1, b"&amp;"),
            b'<' => (1, b"&lt;"),
            b'>' => (1, b"&gt;"),
            b'"' if in_attribute => (1, b"&quot;"),
            // Readers turn line ends in text into line feeds, and all white space in attributes into blanks.
            b'\r' => (1, b"&#13;"),
            b'\n' if in_attribute => (1, b"&#10;"),
            b'\t' if in_attribute => (1, b"&#9;"),
            b'\n' | b'\t' => (0, b""),
            0..=0x1f => (1, "\u{fffd}".as_bytes()),
            0xef if matches!(bytes.get(at + 1..at + 3), Some([0xbf, 0xbe | 0xbf])) => (3, "\u{fffd}".as_bytes()),
            _ => (0, b""),
        };
        if length > 0 {
            out.extend_from_slice(&bytes[done..at]);
            out.extend_from_slice(replacement);
            done = at + length;
        }
        at += length.max(1);
    }
    out.extend_from_slice(&bytes[done..]);
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_xml_forbids_is_replaced() {
        let mut out = Vec::new();
        super::text("a<b>&\"'\r\n\t\u{1}\u{0}\u{ffff}é", &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "a&lt;b&gt;&amp;\"'&#13;\n\t\u{fffd}\u{fffd}\u{fffd}é");
        let mut out = Vec::new();
        super::attribute("value", "\"\n\t", &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), " value=\"&quot;&#10;&#9;\"");
    }
}
