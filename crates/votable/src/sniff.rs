//! What a document is that is no VOTable: the words for a person who got an error page instead of a table.

use crate::Error;
use crate::xml::text;

/// How much of a foreign document is kept to name it.
pub(crate) const ENOUGH: usize = 512;

/// How far the title of an HTML page is looked for.
const TITLE_WITHIN: usize = 64 * 1024;

/// Names a document that does not begin like XML, from its first bytes (white space left out).
pub(crate) fn name(head: &[u8]) -> String {
    let magic: [(&[u8], &str); 14] = [
        (b"\x1f\x8b", "gzip data"),
        (b"PK\x03\x04", "a ZIP file"),
        (b"SIMPLE  =", "a FITS file"),
        (b"\x89HDF", "an HDF5 file"),
        (b"PAR1", "a Parquet file"),
        (b"BZh", "bzip2 data"),
        (b"\xfd7zXZ", "xz data"),
        (b"(\xb5/\xfd", "Zstandard data"),
        (b"%PDF", "a PDF file"),
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"# %ECSV", "an ECSV file"),
        (b"{", "JSON"),
        (b"[", "JSON"),
    ];
    if let Some((_, name)) = magic.iter().find(|(begin, _)| head.starts_with(begin)) {
        return (*name).to_owned();
    }
    if head.iter().any(|byte| *byte < 9 || (14..27).contains(byte)) {
        return "binary data".to_owned();
    }
    let line = head.split(|byte| *byte == b'\n' || *byte == b'\r').next().unwrap_or_default();
    format!("text that begins with “{}”", shorten(&String::from_utf8_lossy(line), 80))
}

/// An HTML page, read just far enough to know its title.
#[derive(Clone, Debug, Default)]
pub(crate) struct HtmlPage {
    head: Vec<u8>,
    searched: usize,
}

impl HtmlPage {
    /// Takes a further piece; the error once the title is known or given up.
    pub(crate) fn push(&mut self, text: &[u8]) -> Option<Error> {
        let room = TITLE_WITHIN - self.head.len();
        self.head.extend_from_slice(&text[..text.len().min(room)]);
        // Only what is new can hold the end of the title, or begin less than its length before.
        let from = self.searched.saturating_sub(b"</title".len());
        let found = find(&self.head[from..], b"</title").is_some();
        self.searched = self.head.len();
        (found || self.head.len() == TITLE_WITHIN).then(|| self.error())
    }

    /// The error with the title as far as it came.
    pub(crate) fn error(&self) -> Error {
        Error::NotVotable { what: "an HTML page".to_owned(), title: self.title() }
    }

    fn title(&self) -> Option<String> {
        let begin = find(&self.head, b"<title")?;
        let begin = begin + memchr::memchr(b'>', &self.head[begin..])? + 1;
        let end = begin + find(&self.head[begin..], b"</title")?;
        let raw = String::from_utf8_lossy(&self.head[begin..end]);
        let text = text::attribute_value(&raw, &mut Vec::new());
        let words: Vec<&str> = text.split_whitespace().collect();
        Some(shorten(&words.join(" "), 200)).filter(|title| !title.is_empty())
    }
}

fn find(text: &[u8], lower: &[u8]) -> Option<usize> {
    text.windows(lower.len()).position(|window| window.eq_ignore_ascii_case(lower))
}

fn shorten(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
