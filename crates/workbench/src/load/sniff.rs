//! What a file is, from its first bytes: names and content types of services are not to be trusted.

/// How much is looked at.
pub(super) const ENOUGH: usize = 1024;

/// The kinds of files that are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Gzip,
    Votable,
    /// A web page.
    Html,
    /// CSV or its like; or plain words.
    Delimited,
    /// A noun with its article.
    Foreign(&'static str),
    /// Nothing but white space.
    Empty,
}

/// Names the file that begins with `head`.
pub(super) fn sniff(head: &[u8]) -> Kind {
    const MAGIC: [(&[u8], &str); 13] = [
        (b"PK\x03\x04", "a ZIP file"),
        (b"SIMPLE  =", "a FITS file"),
        (b"\x89HDF", "an HDF5 file"),
        (b"PAR1", "a Parquet file"),
        (b"BZh", "a bzip2 file"),
        (b"\xfd7zXZ", "an xz file"),
        (b"(\xb5/\xfd", "a Zstandard file"),
        (b"%PDF", "a PDF file"),
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
        (b"{\\rtf", "an RTF document"),
    ];
    if head.starts_with(b"\x1f\x8b\x08") {
        return Kind::Gzip;
    }
    if let Some((_, name)) = MAGIC.iter().find(|(begin, _)| head.starts_with(begin)) {
        return Kind::Foreign(name);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Kind::Foreign("a tar archive");
    }
    // A byte order mark of UTF-16: the reader of VOTable understands it, that of CSV does not.
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return if head.iter().take(12).any(|byte| *byte == b'<') {
            Kind::Votable
        } else {
            Kind::Foreign("UTF-16 text")
        };
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match text.first() {
        None => Kind::Empty,
        Some(b'<') if is_html(text) => Kind::Html,
        Some(b'<') => Kind::Votable,
        Some(b'{') => Kind::Foreign("JSON"),
        Some(b'[') if text[1..].trim_ascii_start().first().is_none_or(|byte| b"[{\"]-0123456789".contains(byte)) => {
            Kind::Foreign("JSON")
        }
        Some(_) if text.contains(&0) => Kind::Foreign("binary data"),
        Some(_) => Kind::Delimited,
    }
}

/// Whether the first element, or a document type before it, is of HTML.
fn is_html(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| *byte == b'<') {
        let tag = &rest[at + 1..];
        let begins = |name: &[u8]| tag.len() >= name.len() && tag[..name.len()].eq_ignore_ascii_case(name);
        if tag.starts_with(b"!--") {
            let Some(end) = tag.windows(3).position(|window| window == b"-->") else { return false };
            rest = &tag[end..];
        } else if tag.starts_with(b"?") {
            rest = tag;
        } else {
            let html = ["html", "head", "body", "title", "h1", "p>", "div", "!doctype html", "meta "];
            return html.iter().any(|name| begins(name.as_bytes()));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_first_bytes() {
        assert_eq!(sniff(b"\x1f\x8b\x08\0"), Kind::Gzip);
        assert_eq!(sniff(b"\xef\xbb\xbf \n<?xml version='1.0'?><!-- <html> --><VOTABLE>"), Kind::Votable);
        assert_eq!(sniff(b"\xff\xfe<\0V\0"), Kind::Votable);
        assert_eq!(sniff(b"<!DOCTYPE html>"), Kind::Html);
        assert_eq!(sniff(b"<?xml version='1.0'?>\n<!DOCTYPE HTML PUBLIC"), Kind::Html);
        assert_eq!(sniff(b"<HTML><head>"), Kind::Html);
        assert_eq!(sniff(b"<?xml version='1.0'?><!DOCTYPE VOTABLE SYSTEM 'x'>"), Kind::Votable);
        assert_eq!(sniff(b"{\"metadata\":"), Kind::Foreign("JSON"));
        assert_eq!(sniff(b"[ [1"), Kind::Foreign("JSON"));
        assert_eq!(sniff(b"[Fe/H],ra\n"), Kind::Delimited);
        assert_eq!(sniff(b"source_id,ra\n1,2\n"), Kind::Delimited);
        assert_eq!(sniff(b"SIMPLE  =   T"), Kind::Foreign("a FITS file"));
        assert_eq!(sniff(b" \n"), Kind::Empty);
        assert_eq!(sniff(b"ab\0c"), Kind::Foreign("binary data"));
    }
}
