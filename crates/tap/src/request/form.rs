//! Parameters on their way out: `application/x-www-form-urlencoded` and `multipart/form-data`.

use super::Upload;

/// Parameters in the order in which they were added; a name may come twice (DALI 1.1 section 3).
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    pub(super) fn add_some(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value {
            self.0.push((name.to_owned(), value));
        }
    }

    pub(super) fn encoded(&self) -> String {
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
pub(super) fn escape_segment(text: &str) -> String {
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
pub(super) fn multipart(form: &Form, uploads: &[Upload]) -> (String, Vec<u8>) {
    let boundary = boundary_for(form, uploads);
    let mut out = Vec::with_capacity(uploads.iter().map(|upload| upload.bytes.len() + 512).sum::<usize>() + 1024);
    for (name, value) in &form.0 {
        out.extend_from_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n", quoted(name)).as_bytes(),
        );
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    for (n, upload) in uploads.iter().enumerate() {
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
            part_name(n),
            quoted(&upload.file_name),
            header_value(&upload.content_type),
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(&upload.bytes);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (boundary, out)
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
        let boundary = format!("parallax-{hash:016x}");
        if !contents.iter().any(|content| contains(content, boundary.as_bytes())) {
            return boundary;
        }
        hash = hash.wrapping_mul(0x0100_0000_01b3).wrapping_add(1);
    }
}

/// The first byte is compared alone because files are large and this runs over all of them.
fn contains(content: &[u8], boundary: &[u8]) -> bool {
    content.windows(boundary.len()).any(|window| window[0] == boundary[0] && window == boundary)
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
        let (first, _) = multipart(&Form::new(), &[upload(b"x")]);
        // A file made to hold the boundary of its own kind cannot, since the boundary follows the content;
        // the loop is reached by a content that holds every first choice, tried here by its search.
        assert!(!contains(b"x", first.as_bytes()));
        assert!(contains(format!("xx{first}yy").as_bytes(), first.as_bytes()));
    }

    #[test]
    fn names_cannot_break_out_of_their_header() {
        let upload = Upload {
            table: "t".into(),
            file_name: "a\"\r\nX: y".into(),
            content_type: "text/xml\r\nX: y".into(),
            bytes: vec![],
        };
        let (_, bytes) = multipart(&Form::new(), &[upload]);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("filename=\"a%22%0D%0AX: y\"\r\nContent-Type: text/xmlX: y\r\n"), "{text}");
    }
}
