//! Which headers pass, both ways, and the headers of the gateway's own.
//!
//! Both lists name what passes, never what does not: a header that nobody thought of stays out. `Cookie`, `Set-Cookie` and
//! `Authorization` are on neither: sessions pass in cookies of the gateway's own ([`crate::cookies`]), and only where one
//! may sign in. `WWW-Authenticate` stays out for good: it would open the browser's own dialog.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Request headers that reach the archive.
const UP: [HeaderName; 7] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
    header::RANGE,
    header::IF_RANGE,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
];

/// Answer headers that reach the page, as they are.
const DOWN: [HeaderName; 8] = [
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::CONTENT_DISPOSITION,
    header::ETAG,
    header::LAST_MODIFIED,
    header::ACCEPT_RANGES,
    header::CONTENT_RANGE,
    header::RETRY_AFTER,
];

/// Types that a browser would run or render as a page.
const ACTIVE: [&str; 9] = [
    "text/html",
    "application/xhtml+xml",
    "image/svg+xml",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "text/ecmascript",
    "application/ecmascript",
    "text/xsl",
];

/// The policy of everything that comes from an archive: it may do nothing, wherever it is opened.
pub const ARCHIVE_POLICY: &str = "sandbox; default-src 'none'";

/// The headers for the archive.
pub fn up(client: &HeaderMap) -> HeaderMap {
    let named = hop_by_hop(client);
    let mut headers = HeaderMap::new();
    for name in UP.iter().filter(|name| !named.contains(name)) {
        for value in client.get_all(name) {
            headers.append(name.clone(), value.clone());
        }
    }
    // A browser takes a compressed body that was cut for a whole one, so the page asks for none (decision D5). A download
    // goes to a file, and its browser may say what it can unpack.
    let encoding = client.get(header::ACCEPT_ENCODING).filter(|_| is_navigation(client));
    headers.insert(header::ACCEPT_ENCODING, encoding.cloned().unwrap_or(HeaderValue::from_static("identity")));
    headers
}

/// The headers for the page, of an answer of an archive to a request with the headers `client`.
pub fn down(archive: &HeaderMap, client: &HeaderMap) -> HeaderMap {
    let named = hop_by_hop(archive);
    let mut headers = HeaderMap::new();
    for name in DOWN.iter().filter(|name| !named.contains(name)) {
        if let Some(value) = archive.get(name) {
            headers.insert(name.clone(), value.clone());
        }
    }
    if let Some(value) = archive.get(header::CONTENT_TYPE) {
        let text = value.to_str().unwrap_or("application/octet-stream");
        let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
        if ACTIVE.iter().any(|active| essence.trim().eq_ignore_ascii_case(active)) {
            let relabelled = match parameters.trim() {
                "" => HeaderValue::from_static("text/plain"),
                parameters => HeaderValue::try_from(format!("text/plain; {parameters}"))
                    .unwrap_or(HeaderValue::from_static("text/plain")),
            };
            headers.insert(header::CONTENT_TYPE, relabelled);
            headers.insert("x-gx-content-type", value.clone());
        } else {
            headers.insert(header::CONTENT_TYPE, value.clone());
        }
    }
    if client.get("sec-fetch-dest").is_none_or(|dest| dest != "empty") {
        let disposition = archive.get(header::CONTENT_DISPOSITION).and_then(|value| value.to_str().ok());
        headers.insert(header::CONTENT_DISPOSITION, attachment(disposition));
    }
    // A phase is old when it arrives, and a result is kept by the page itself or in a file.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers
}

/// Removes what is said about one connection only, from a message that goes on to the sandbox or comes from it.
pub fn strip_hop(headers: &mut HeaderMap) {
    let fixed =
        [header::CONNECTION, header::TRANSFER_ENCODING, header::TE, header::TRAILER, header::UPGRADE, header::EXPECT];
    let named = hop_by_hop(headers);
    for name in fixed.iter().chain(&named) {
        headers.remove(name);
    }
    headers.remove("keep-alive");
}

/// The security headers of every answer; a policy that is already there stays.
pub fn secure(headers: &mut HeaderMap, hsts: bool) {
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if hsts {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    let entry = headers.entry(header::CONTENT_SECURITY_POLICY);
    entry.or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
}

/// Whether the browser opens the address itself, instead of the page's script.
pub fn is_navigation(client: &HeaderMap) -> bool {
    client.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate")
}

/// `attachment` with the file name that the archive gave, if it gave one.
fn attachment(disposition: Option<&str>) -> HeaderValue {
    let plain = HeaderValue::from_static("attachment");
    let Some(name) = disposition.and_then(file_name) else { return plain };
    let quoted: String = name.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '_' }).collect();
    let mut text = format!("attachment; filename=\"{quoted}\"");
    if quoted != name {
        // RFC 8187 for names beyond ASCII.
        let escaped = name.bytes().map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        });
        text.push_str("; filename*=UTF-8''");
        text.extend(escaped);
    }
    HeaderValue::try_from(text).unwrap_or(plain)
}

/// The file name in a `Content-Disposition` (RFC 6266), without folders and characters that end a quoted string.
fn file_name(disposition: &str) -> Option<String> {
    let mut plain = None;
    let mut extended = None;
    for parameter in split_outside_quotes(disposition).into_iter().skip(1) {
        let Some((key, value)) = parameter.split_once('=') else { continue };
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "filename" => plain = Some(value.trim_matches('"').replace("\\\"", "\"")),
            "filename*" => {
                extended = value
                    .strip_prefix("UTF-8''")
                    .or_else(|| value.strip_prefix("utf-8''"))
                    .and_then(|text| crate::target::decode(text).ok());
            }
            _ => {}
        }
    }
    let name = extended.or(plain)?;
    let name = name.rsplit(['/', '\\']).next()?;
    let name: String = name.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\' | ';')).collect();
    let name = name.trim().trim_start_matches('.').to_owned();
    (!name.is_empty()).then_some(name)
}

fn split_outside_quotes(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    })
    .collect()
}

/// The headers that `Connection` declares to be for one hop only.
fn hop_by_hop(headers: &HeaderMap) -> Vec<HeaderName> {
    let values = headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).filter_map(|name| name.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_listed_headers_go_up() {
        let client = map(&[
            ("accept", "text/xml"),
            ("cookie", "a=b"),
            ("authorization", "Basic x"),
            ("x-gx", "1"),
            ("x-forwarded-for", "1.2.3.4"),
            ("x_forwarded_for", "1.2.3.4"),
            ("connection", "Range, close"),
            ("range", "bytes=0-1"),
            ("accept-encoding", "br"),
            ("transfer-encoding", "chunked"),
        ]);
        assert_eq!(up(&client), map(&[("accept", "text/xml"), ("accept-encoding", "identity")]));
        let download = map(&[("sec-fetch-mode", "navigate"), ("accept-encoding", "br, gzip")]);
        assert_eq!(up(&download), map(&[("accept-encoding", "br, gzip")]));
    }

    #[test]
    fn only_listed_headers_come_down() {
        let archive = map(&[
            ("content-type", "application/x-votable+xml"),
            ("set-cookie", "JSESSIONID=1; Path=/tap-server"),
            ("www-authenticate", "Basic realm=x"),
            ("access-control-allow-origin", "*"),
            ("service-worker-allowed", "/"),
            ("clear-site-data", "\"*\""),
            ("location", "https://evil.example/"),
            ("etag", "\"1\""),
        ]);
        let page = map(&[("sec-fetch-dest", "empty")]);
        let expected =
            map(&[("content-type", "application/x-votable+xml"), ("etag", "\"1\""), ("cache-control", "no-store")]);
        assert_eq!(down(&archive, &page), expected);
    }

    #[test]
    fn active_types_are_relabelled() {
        for active in ["text/html", "Text/HTML; charset=utf-8", "image/svg+xml", "application/javascript"] {
            let headers = down(&map(&[("content-type", active)]), &HeaderMap::new());
            assert!(headers["content-type"].to_str().unwrap().starts_with("text/plain"), "{active}");
            assert_eq!(headers["x-gx-content-type"], active);
        }
        let headers = down(&map(&[("content-type", "text/html;charset=ISO-8859-1")]), &HeaderMap::new());
        assert_eq!(headers["content-type"], "text/plain; charset=ISO-8859-1");
    }

    #[test]
    fn a_download_keeps_its_name_and_nothing_else() {
        let check = |given: &str, expected: &str| assert_eq!(attachment(Some(given)), expected, "{given}");
        check("attachment; filename=\"job 1.vot\"", "attachment; filename=\"job 1.vot\"");
        check("inline; filename=result.csv", "attachment; filename=\"result.csv\"");
        check("inline", "attachment");
        check("attachment; filename=\"../../etc/passwd\"", "attachment; filename=\"passwd\"");
        check("attachment; filename=\"a;b=.html\"", "attachment; filename=\"ab=.html\"");
        check("attachment; filename*=UTF-8''%C3%A9.vot", "attachment; filename=\"_.vot\"; filename*=UTF-8''%C3%A9.vot");
        check("attachment; filename*=UTF-8''a%0d%0ab.vot", "attachment; filename=\"ab.vot\"");
        assert_eq!(attachment(None), "attachment");
    }
}
