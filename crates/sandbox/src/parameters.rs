//! Parameters of a request: from the query string, a form or a multipart body. Lenient, because clients are.
//!
//! Names compare without case (DALI 1.1, section 3); of duplicates the first counts. Bodies that are not percent-encoded,
//! boundaries with unusual characters and empty parts are all accepted.

use bytes::Bytes;
use http::{Method, Request, header};

use crate::fault::Fault;

/// Most parameters and files of a request: each costs memory many times its own size, and time in lists of jobs.
const MOST: usize = 10_000;

/// A file that came with a request.
#[derive(Clone, Debug)]
pub struct Part {
    /// Name of the part, to which `param:` refers.
    pub name: String,
    /// The content.
    pub body: Bytes,
}

/// The parameters of a request, in order.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    pairs: Vec<(String, String)>,
    files: Vec<Part>,
}

impl Parameters {
    /// Reads query string and body.
    pub fn read(request: &Request<Bytes>) -> Result<Parameters, Fault> {
        let mut parameters = Parameters::default();
        if matches!(*request.method(), Method::POST | Method::PUT) {
            let kind = request.headers().get(header::CONTENT_TYPE).map(|value| value.as_bytes()).unwrap_or_default();
            let kind = String::from_utf8_lossy(kind);
            if kind.to_ascii_lowercase().starts_with("multipart/") {
                let boundary = boundary(&kind).ok_or_else(|| Fault::bad("The multipart request has no boundary."))?;
                parameters.multipart(request.body(), &boundary)?;
            } else {
                parameters.form(&String::from_utf8_lossy(request.body()))?;
            }
        }
        parameters.form(request.uri().query().unwrap_or_default())?;
        Ok(parameters)
    }

    /// Parameters that were kept, without files.
    pub fn from_pairs(pairs: &[(String, String)]) -> Parameters {
        Parameters { pairs: pairs.to_vec(), files: Vec::new() }
    }

    /// The first value of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The first value of this name that is not empty, without blanks around it.
    pub fn value(&self, name: &str) -> Option<&str> {
        let mut values =
            self.pairs.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
        values.find(|value| !value.is_empty())
    }

    /// All values of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// All parameters in order, duplicates too.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The file of a part: of exactly this name, or else of one that differs in case only.
    pub fn file(&self, name: &str) -> Option<&Part> {
        let exact = self.files.iter().find(|part| part.name == name);
        exact.or_else(|| self.files.iter().find(|part| part.name.eq_ignore_ascii_case(name)))
    }

    /// Whether it is true: `true`, `1`, `yes`.
    pub fn flag(&self, name: &str) -> bool {
        self.value(name).is_some_and(|value| ["true", "1", "yes"].iter().any(|word| value.eq_ignore_ascii_case(word)))
    }

    fn form(&mut self, text: &str) -> Result<(), Fault> {
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            self.check_number()?;
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            self.pairs.push((percent_decode(key), percent_decode(value)));
        }
        Ok(())
    }

    /// Refuses one more of what there are too many of.
    fn check_number(&self) -> Result<(), Fault> {
        if self.pairs.len() < MOST && self.files.len() < MOST {
            return Ok(());
        }
        Err(Fault::bad(format!("The request has more than {MOST} parameters.")))
    }

    fn multipart(&mut self, body: &Bytes, boundary: &str) -> Result<(), Fault> {
        let marker = format!("--{boundary}").into_bytes();
        let mut at = find(body, &marker, 0)
            .ok_or_else(|| Fault::bad("The boundary of the multipart request does not occur in its body."))?
            + marker.len();
        while !body[at..].starts_with(b"--") {
            self.check_number()?;
            let start = skip_line_end(body, at);
            let inner = [b"\r\n--", boundary.as_bytes()].concat();
            let loose = [b"\n--", boundary.as_bytes()].concat();
            let strict = find(body, &inner, start.saturating_sub(2)).map(|end| (end, inner.len()));
            let (end, length) = strict
                .or_else(|| find(body, &loose, start.saturating_sub(1)).map(|end| (end, loose.len())))
                .ok_or_else(|| Fault::bad("The multipart request ends inside a part."))?;
            self.part(body.slice(start.min(end)..end));
            at = end + length;
        }
        Ok(())
    }

    fn part(&mut self, part: Bytes) {
        let (head, start) = match (find(&part, b"\r\n\r\n", 0), find(&part, b"\n\n", 0)) {
            (Some(at), loose) if loose.is_none_or(|loose| at < loose) => (at, at + 4),
            (_, Some(at)) => (at, at + 2),
            _ => (part.len(), part.len()),
        };
        let head_text = String::from_utf8_lossy(&part[..head]).into_owned();
        let disposition = head_text.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"));
        let Some(name) = disposition.and_then(|line| attribute(line, "name")) else { return };
        let body = part.slice(start..);
        if disposition.is_some_and(|line| attribute(line, "filename").is_some()) {
            self.files.push(Part { name, body });
        } else {
            let value = String::from_utf8_lossy(&body).into_owned();
            // `param:` may also name a part that was sent without a file name.
            self.files.push(Part { name: name.clone(), body });
            self.pairs.push((name, value));
        }
    }
}

/// The boundary in a `Content-Type`, with or without quotes, with `=` in it or not.
fn boundary(kind: &str) -> Option<String> {
    let at = kind.to_ascii_lowercase().find("boundary=")? + "boundary=".len();
    let rest = kind[at..].trim();
    let boundary = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => rest.split(';').next()?.trim(),
    };
    (!boundary.is_empty()).then(|| boundary.to_owned())
}

/// The value of an attribute of a header line.
fn attribute(line: &str, name: &str) -> Option<String> {
    for part in line.split(';').skip(1) {
        let Some((key, value)) = part.split_once('=') else { continue };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(value.trim().trim_matches('"').to_owned());
        }
    }
    None
}

fn skip_line_end(body: &[u8], at: usize) -> usize {
    let rest = &body[at..];
    at + if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) }
}

fn find(haystack: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let rest = haystack.get(from..)?;
    memchr::memmem::find(rest, needle).map(|at| at + from)
}

/// Undoes percent-encoding, `+` for a blank included; what is no encoding stays.
pub fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| (*byte as char).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
                continue;
            }
            (b'+', _, _) => out.push(b' '),
            (byte, _, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Text as a part of an address or a form: all but the unreserved characters of RFC 3986, section 2.3, is encoded.
pub fn percent_encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(kind: &str, body: &str) -> Parameters {
        let request = Request::post("/sync?extra=1").header("content-type", kind).body(Bytes::from(body.to_owned()));
        Parameters::read(&request.unwrap()).unwrap()
    }

    #[test]
    fn forms_may_be_sloppy() {
        let parameters =
            post("application/x-www-form-urlencoded", "LANG=ADQL&lang=ADQL&QUERY=a+b%2B%3d%&title=x y|z&empty=&&k");
        assert_eq!(parameters.get("lang"), Some("ADQL"));
        assert_eq!(parameters.get("query"), Some("a b+=%"));
        assert_eq!(parameters.get("TITLE"), Some("x y|z"));
        assert_eq!(parameters.value("empty"), None);
        assert_eq!(parameters.get("extra"), Some("1"));
    }

    #[test]
    fn multipart_of_any_client() {
        let boundary = "===1795168885199===";
        let body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"QUERY\"\r\n\r\nSELECT 1\r\n--{boundary}\r\n\
             Content-Disposition: form-data; name=\"t1\"; filename=\"a;b.vot\"\r\nContent-Type: None\r\n\r\n<VOTABLE/>\r\n\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"FILE\"; filename=\"\"\r\n\r\n\r\n--{boundary}--\r\n"
        );
        let parameters = post(&format!("multipart/form-data; boundary={boundary}"), &body);
        assert_eq!(parameters.get("query"), Some("SELECT 1"));
        assert_eq!(parameters.file("t1").unwrap().body, "<VOTABLE/>\r\n");
        assert!(parameters.file("FILE").unwrap().body.is_empty());
    }

    #[test]
    fn a_request_has_not_too_many_parameters() {
        let read = |kind: &str, body: String| {
            let request = Request::post("/sync").header("content-type", kind).body(Bytes::from(body));
            Parameters::read(&request.unwrap()).map(|parameters| parameters.pairs.len())
        };
        let form = "application/x-www-form-urlencoded";
        assert_eq!(read(form, "a&".repeat(MOST)), Ok(MOST));
        assert!(read(form, "a&".repeat(MOST + 1)).is_err_and(|fault| fault.message.contains("more than 10000")));
        let part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n";
        let parts = |number| format!("{}--x--", part.repeat(number));
        assert_eq!(read("multipart/form-data; boundary=x", parts(MOST)), Ok(MOST));
        assert!(read("multipart/form-data; boundary=x", parts(MOST + 1)).is_err());
    }

    #[test]
    fn cut_bodies_are_refused() {
        let request = Request::post("/sync").header("content-type", "multipart/form-data; boundary=x");
        let request =
            request.body(Bytes::from_static(b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb")).unwrap();
        assert!(Parameters::read(&request).is_err());
    }
}
