//! Which path of an archive a request means: one decoding, a list of refusals, and the path written anew.
//!
//! What is sent to the archive is never the text that the page sent but a path rebuilt from the checked bytes, so that
//! gateway and archive cannot read one address in two ways.

/// Why a path is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPath {
    /// `%` without two hexadecimal digits after it, or bytes that are not UTF-8.
    Encoding,
    /// A dot segment, an empty segment, a backslash, an encoded separator or a control byte.
    Traversal,
}

/// The decoded path, checked; `raw` begins with a slash.
pub fn clean(raw: &str) -> Result<String, BadPath> {
    let decoded = decode(raw)?;
    if !decoded.starts_with('/') {
        return Err(BadPath::Traversal);
    }
    for text in [raw, &decoded] {
        let lower = text.to_ascii_lowercase();
        // Looked for before and after the decoding: `%2e` and `%252e` are refused alike.
        if ["%2e", "%2f", "%5c", "%00", "//"].iter().any(|bad| lower.contains(bad)) {
            return Err(BadPath::Traversal);
        }
    }
    // `;` opens path parameters, which some servers drop before they look for `..`.
    if decoded.chars().any(|c| c.is_control() || c == '\\' || c == ';') {
        return Err(BadPath::Traversal);
    }
    if decoded.split('/').any(|segment| segment == "." || segment == "..") {
        return Err(BadPath::Traversal);
    }
    Ok(decoded)
}

/// Whether a decoded path lies at or below one of the prefixes; `/` allows everything.
pub fn within(path: &str, prefixes: &[String]) -> bool {
    prefixes.iter().any(|prefix| {
        prefix == "/" || path.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// A decoded path as it is written in an address.
pub fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'/' | b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b'='
            | b':' | b'@' => out.push(char::from(byte)),
            _ => {
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
    out
}

/// Percent-decoding, once.
pub fn decode(raw: &str) -> Result<String, BadPath> {
    let mut bytes = raw.bytes();
    let mut out = Vec::with_capacity(raw.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16)).ok_or(BadPath::Encoding);
        let high = digit(bytes.next())?;
        let low = digit(bytes.next())?;
        out.push((high * 16 + low) as u8);
    }
    String::from_utf8(out).map_err(|_| BadPath::Encoding)
}

/// The value of a query parameter, decoded, its name compared without case; the first one counts.
pub fn parameter(query: &str, name: &str) -> Option<String> {
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text: &str| decode(&text.replace('+', " ")).unwrap_or_default();
        decode(key).eq_ignore_ascii_case(name).then(|| decode(value))
    })
}

const HEX: &[u8; 16] = b"0123456789ABCDEF";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_paths_pass() {
        for path in ["/tap/async/123O/results/result", "/tap/", "/tap/sync", "/a.b/c..d", "/tap/tables/public.hip%20x"]
        {
            assert!(clean(path).is_ok(), "{path}");
        }
        assert_eq!(clean("/a%20b%C3%A9").unwrap(), "/a bé");
        assert_eq!(encode("/a bé;"), "/a%20b%C3%A9%3B");
    }

    #[test]
    fn attacks_are_refused() {
        for path in [
            "/tap/../x",
            "/tap/..",
            "/..",
            "/./tap",
            "/tap/%2e%2e/x",
            "/tap/%2E%2E/x",
            "/tap/.%2e/x",
            "/tap%2fx",
            "/tap/%252e%252e/x",
            "/tap%252fx",
            "/tap\\..\\x",
            "/tap%5c..%5cx",
            "/tap//x",
            "//evil.example/x",
            "/tap/%0d%0ax",
            "/tap/%00",
            "/tap/%7f",
            "/tap;x=1/y",
            "/tap/%3bx",
            "tap",
            "",
            "/tap/%",
            "/tap/%2",
            "/tap/%zz",
            "/tap/%ff",
        ] {
            assert!(clean(path).is_err(), "{path}");
        }
    }

    #[test]
    fn prefixes_end_at_a_segment() {
        let prefixes = ["/tap-server/tap".to_owned()];
        assert!(within("/tap-server/tap", &prefixes));
        assert!(within("/tap-server/tap/sync", &prefixes));
        assert!(!within("/tap-server/tapx", &prefixes));
        assert!(!within("/tap-server", &prefixes));
        assert!(!within("/TAP-SERVER/tap", &prefixes));
    }

    #[test]
    fn parameters_are_found_without_case() {
        assert_eq!(parameter("a=1&phase=R%55N", "PHASE").as_deref(), Some("RUN"));
        assert_eq!(parameter("a=1", "PHASE"), None);
    }
}
