//! Parameters on their way out: `application/x-www-form-urlencoded` and `multipart/form-data`.

use super::Upload;

/// Parameters in the order in which they were added; a name may come twice (DALI 1.1 section 3).
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn of(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    pub(crate) fn add(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn add_some(&mut self, name: &str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.add(name, value.as_ref());
        }
    }

    /// A flag that is not set is not sent.
    pub(crate) fn add_flag(&mut self, name: &str, set: bool) {
        if set {
            self.add(name, "true");
        }
    }

    pub(crate) fn encoded(&self) -> String {
        let mut out = String::new();
        for (name, value) in &self.0 {
            if !out.is_empty() {
                out.push('&');
            }
            escape(name, true, &mut out);
            out.push('=');
            escape(value, true, &mut out);
        }
        out
    }
}

/// One segment of a path: `/`, `%` and all that is not plain is escaped.
pub(crate) fn escape_segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // A segment of dots only would walk up the path; no service gives such an id.
    if text.bytes().all(|b| b == b'.') {
        text.bytes().for_each(|_| out.push_str("%2E"));
    } else {
        escape(text, false, &mut out);
    }
    out
}

/// The name of the part that carries upload number `n`. Not the table's name, which may need quotes.
pub(super) fn part_name(n: usize) -> String {
    format!("upload_{}", n + 1)
}

/// Boundary and body of the parameters and the files. The boundary is a function of the content
/// (there is no random source here) and occurs nowhere in it.
pub(crate) fn multipart(form: &Form, uploads: &[Upload], part: impl Fn(usize) -> String) -> (String, Vec<u8>) {
    let boundary = boundary_for(form, uploads);
    let mut out = Vec::with_capacity(uploads.iter().map(|upload| upload.bytes.len() + 512).sum::<usize>() + 1024);
    write_fields(form, &boundary, &mut out);
    for (n, upload) in uploads.iter().enumerate() {
        write_file_head(&part(n), &upload.file_name, &upload.content_type, &boundary, &mut out);
        out.extend_from_slice(&upload.bytes);
        out.extend_from_slice(b"\r\n");
    }
    write_end(&boundary, &mut out);
    (boundary, out)
}

/// What stands before and behind a file that is not here: boundary, head and tail. `random` keeps the boundary from
/// being in the file, which nobody can look through beforehand.
pub(crate) fn envelope(
    form: &Form,
    part: &str,
    file_name: &str,
    content_type: &str,
    random: u64,
) -> (String, Vec<u8>, Vec<u8>) {
    let boundary = boundary_of(random);
    let (mut head, mut tail) = (Vec::new(), b"\r\n".to_vec());
    write_fields(form, &boundary, &mut head);
    write_file_head(part, file_name, content_type, &boundary, &mut head);
    write_end(&boundary, &mut tail);
    (boundary, head, tail)
}

fn write_fields(form: &Form, boundary: &str, out: &mut Vec<u8>) {
    for (name, value) in &form.0 {
        let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n", quoted(name));
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
}

fn write_file_head(part: &str, file_name: &str, content_type: &str, boundary: &str, out: &mut Vec<u8>) {
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
        quoted(part),
        quoted(file_name),
        header_value(content_type),
    );
    out.extend_from_slice(head.as_bytes());
}

fn write_end(boundary: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
}

/// One part of a body that [`multipart`] or [`envelope`] made.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub name: String,
    /// Name and MIME type of a file; `None` for a field.
    pub file: Option<(String, String)>,
    /// The value of a field; empty for a file.
    pub value: String,
}

/// The parts of a body of our own making, files without their content.
pub(crate) fn parts_of(boundary: &str, body: &[u8]) -> Vec<Part> {
    let mark = format!("--{boundary}\r\n").into_bytes();
    let ends = format!("\r\n--{boundary}").into_bytes();
    let mut out = Vec::new();
    let mut rest = body;
    while let Some(inside) = rest.strip_prefix(mark.as_slice()) {
        let Some(head_end) = find(inside, b"\r\n\r\n") else { break };
        let content = &inside[head_end + 4..];
        let end = find(content, &ends).unwrap_or(content.len());
        let head = String::from_utf8_lossy(&inside[..head_end]);
        let word = |mark: &str| {
            let at = head.find(mark)? + mark.len();
            let rest = &head[at..];
            Some(&rest[..rest.find(['"', '\r']).unwrap_or(rest.len())])
        };
        let plain = |text: &str| text.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
        let file = word("; filename=\"").map(plain).zip(word("Content-Type: ").map(str::to_owned));
        let value = if file.is_none() { String::from_utf8_lossy(&content[..end]).into_owned() } else { String::new() };
        out.push(Part { name: word("; name=\"").map(plain).unwrap_or_default(), file, value });
        rest = content.get(end + 2..).unwrap_or_default();
    }
    out
}

/// The parameters of a query string or an encoded form, decoded; `None` if it holds anything but `name=value`.
pub(crate) fn pairs_of(encoded: &str) -> Option<Vec<(String, String)>> {
    let pieces = encoded.split('&').filter(|piece| !piece.is_empty());
    pieces
        .map(|piece| {
            let (name, value) = piece.split_once('=')?;
            Some((percent_decoded(name, true), percent_decoded(value, true)))
        })
        .collect()
}

/// The text that was percent-encoded; in forms a plus stands for a blank.
pub(crate) fn percent_decoded(text: &str, plus_for_blank: bool) -> String {
    let hex = |byte: u8| (byte as char).to_digit(16);
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| Some(hex(pair[0])? * 16 + hex(pair[1])?));
        match (bytes[at], pair) {
            (b'%', Some(byte)) => {
                out.push(byte as u8);
                at += 2;
            }
            (b'+', _) if plus_for_blank => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn escape(text: &str, plus_for_blank: bool, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in text.as_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(byte as char),
            b' ' if plus_for_blank => out.push('+'),
            _ => {
                out.push('%');
                out.push(HEX[usize::from(byte >> 4)] as char);
                out.push(HEX[usize::from(byte & 15)] as char);
            }
        }
    }
}

/// A name inside double quotes, escaped as browsers do (WHATWG HTML, multipart form data).
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("%22"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            _ => out.push(c),
        }
    }
    out
}

fn header_value(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    if clean.trim().is_empty() { "application/octet-stream".to_owned() } else { clean }
}

fn boundary_for(form: &Form, uploads: &[Upload]) -> String {
    let values = form.0.iter().map(|(_, value)| value.as_bytes());
    let contents: Vec<&[u8]> = values.chain(uploads.iter().map(|upload| upload.bytes.as_slice())).collect();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for content in &contents {
        // The ends are enough to tell requests apart, and files are large.
        let ends = content.iter().take(256).chain(content.iter().rev().take(256));
        for byte in ends {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        hash = hash.wrapping_add(content.len() as u64);
    }
    loop {
        let boundary = boundary_of(hash);
        if !contents.iter().any(|content| find(content, boundary.as_bytes()).is_some()) {
            return boundary;
        }
        hash = hash.wrapping_mul(0x0100_0000_01b3).wrapping_add(1);
    }
}

fn boundary_of(number: u64) -> String {
    format!("parallax-{number:016x}")
}

/// The first byte is compared alone because files are large and this runs over all of them.
fn find(content: &[u8], wanted: &[u8]) -> Option<usize> {
    content.windows(wanted.len()).position(|window| window[0] == wanted[0] && window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_a_form_must() {
        let mut form = Form::new();
        form.add("QUERY", "select 'a+b%' || \"é\"\n--#&;=");
        assert_eq!(form.encoded(), "QUERY=select+%27a%2Bb%25%27+%7C%7C+%22%C3%A9%22%0A--%23%26%3B%3D");
    }

    #[test]
    fn segments_stay_segments() {
        assert_eq!(escape_segment("a/b c"), "a%2Fb%20c");
        assert_eq!(escape_segment(".."), "%2E%2E");
        assert_eq!(escape_segment("b2242729-f44b-O"), "b2242729-f44b-O");
    }

    #[test]
    fn a_boundary_is_never_in_the_content() {
        let upload = |bytes: &[u8]| Upload {
            table: "t".into(),
            file_name: "t.vot".into(),
            content_type: String::new(),
            bytes: bytes.to_vec(),
        };
        let (first, _) = multipart(&Form::new(), &[upload(b"x")], part_name);
        // A file made to hold the boundary of its own kind cannot, since the boundary follows the content;
        // the loop is reached by a content that holds every first choice, tried here by its search.
        assert_eq!(find(b"x", first.as_bytes()), None);
        assert_eq!(find(format!("xx{first}yy").as_bytes(), first.as_bytes()), Some(2));
    }

    #[test]
    fn names_cannot_break_out_of_their_header() {
        let upload = Upload {
            table: "t".into(),
            file_name: "a\"\r\nX: y".into(),
            content_type: "text/xml\r\nX: y".into(),
            bytes: vec![],
        };
        let (_, bytes) = multipart(&Form::new(), &[upload], part_name);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("filename=\"a%22%0D%0AX: y\"\r\nContent-Type: text/xmlX: y\r\n"), "{text}");
    }

    #[test]
    fn a_body_can_be_taken_apart() {
        let mut form = Form::of(&[("QUERY", "a\r\n--b\r\n\r\nc é"), ("EMPTY", "")]);
        form.add_flag("F", true);
        form.add_flag("G", false);
        let field = |name: &str, value: &str| Part { name: name.into(), file: None, value: value.into() };
        let fields = [field("QUERY", "a\r\n--b\r\n\r\nc é"), field("EMPTY", ""), field("F", "true")];
        let file = |name: &str, file: &str, mime: &str| Part {
            name: name.into(),
            file: Some((file.into(), mime.into())),
            value: String::new(),
        };
        let upload = Upload {
            table: "t".into(),
            file_name: "a\".vot".into(),
            content_type: "text/xml".into(),
            bytes: b"\r\n--parallax-\r\n\r\n".to_vec(),
        };
        let (boundary, bytes) = multipart(&form, &[upload.clone(), upload], part_name);
        let parts = parts_of(&boundary, &bytes);
        assert_eq!(parts[..3], fields);
        assert_eq!(parts[3..], [file("upload_1", "a\".vot", "text/xml"), file("upload_2", "a\".vot", "text/xml")]);
        let (boundary, head, tail) = envelope(&form, "FILE", "x.csv", "", 7);
        let parts = parts_of(&boundary, &[head.as_slice(), b"1,2", &tail].concat());
        assert_eq!(parts[..3], fields);
        assert_eq!(parts[3..], [file("FILE", "x.csv", "application/octet-stream")]);
        for end in 0..bytes.len() {
            parts_of(&boundary, &bytes[..end]);
        }
    }

    #[test]
    fn what_was_escaped_comes_back() {
        let mut form = Form::new();
        form.add("a b", "x+y %41 = é\u{1}");
        assert_eq!(pairs_of(&form.encoded()), Some(vec![("a b".into(), "x+y %41 = é\u{1}".into())]));
        assert_eq!(pairs_of("a=1&&b"), None);
        assert_eq!(percent_decoded("%4%zz%", false), "%4%zz%");
        assert_eq!(percent_decoded("%E9", false), "\u{FFFD}");
    }
}
