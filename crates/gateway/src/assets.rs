//! The built page: files of one folder, with their types, their compressed forms and the page's policy.
//!
//! Trunk puts a hash of the content in the names of the files that it makes: those never change and are kept for a year.
//! Everything else is asked for again, with an entity tag.

use std::{
    fs::Metadata,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use base64::Engine as _;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use sha2::{Digest as _, Sha256};

use crate::{
    Config, Error, answer,
    answer::Body,
    config::{Place, Transport},
    html, target,
};

/// The folder of the built page.
#[derive(Clone, Debug)]
pub struct Site {
    root: PathBuf,
    sources: Sources,
}

/// What the configuration adds to the page's policy.
#[derive(Clone, Debug, Default)]
struct Sources {
    /// Origins that the page may connect to, beside this one.
    connect: Vec<String>,
    /// Origins that may show the page in a frame, beside this one.
    ancestors: Vec<String>,
}

impl Site {
    /// The site in a folder, which must have an `index.html`.
    pub fn open(root: &Path, config: &Config) -> Result<Site, Error> {
        let index = root.join("index.html");
        std::fs::metadata(&index).map_err(|source| Error::File { path: index, source })?;
        let direct = config.archives.iter().filter(|archive| archive.transport == Transport::Direct);
        let direct = direct.filter_map(|archive| match &archive.place {
            Place::Upstream { origin, .. } => Some(origin.as_str().trim_end_matches('/').to_owned()),
            Place::Inside => None,
        });
        let resolvers = config.archives.iter().filter_map(|archive| archive.resolver.as_ref());
        let mut connect: Vec<String> = direct.chain(resolvers.map(|url| url.origin().ascii_serialization())).collect();
        connect.sort_unstable();
        connect.dedup();
        let sources = Sources { connect, ancestors: config.server.frame_ancestors.clone() };
        Ok(Site { root: root.to_owned(), sources })
    }

    /// Answers a request for a file; `path` is the path of the address, undecoded.
    pub async fn answer(&self, method: &Method, path: &str, client: &HeaderMap) -> Response<Body> {
        if !answer::is_reading(method) {
            return answer::method_not_allowed("GET, HEAD");
        }
        let Some(path) = self.locate(path) else { return not_found() };
        let Some(plain) = file(&path).await else { return not_found() };
        let kind = content_type(&path);
        let mut chosen = (path.clone(), plain, None);
        let mut varies = false;
        for (suffix, coding) in [("br", "br"), ("gz", "gzip")] {
            let mut name = path.clone().into_os_string();
            name.push(".");
            name.push(suffix);
            let Some(metadata) = file(Path::new(&name)).await else { continue };
            varies = true;
            if chosen.2.is_none() && accepts(client, coding) {
                chosen = (name.into(), metadata, Some(coding));
            }
        }
        let (chosen, metadata, coding) = chosen;

        let mut response = Response::new(answer::empty());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if varies {
            headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        let lasting = path.file_name().and_then(|name| name.to_str()).is_some_and(is_hashed);
        let cache = if lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        let tag = entity_tag(&metadata, coding);
        if let Ok(tag) = HeaderValue::try_from(&tag) {
            headers.insert(header::ETAG, tag);
        }
        let policy = if kind.starts_with("text/html") {
            let Ok(text) = tokio::fs::read_to_string(&path).await else { return not_found() };
            Some(self.sources.page_policy(&text))
        } else {
            kind.starts_with("text/javascript").then(|| self.sources.script_policy())
        };
        if let Some(policy) = policy.and_then(|policy| HeaderValue::try_from(policy).ok()) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        if client
            .get(header::IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|list| matches(list, &tag))
        {
            headers.remove(header::CONTENT_TYPE);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(metadata.len()));
        if *method == Method::GET {
            let Ok(bytes) = tokio::fs::read(&chosen).await else { return not_found() };
            // The file may have been written anew since its length was read.
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
            *response.body_mut() = answer::full(bytes);
        }
        response
    }

    /// The file that an address names. Hidden files are nobody's business.
    fn locate(&self, path: &str) -> Option<PathBuf> {
        let path = target::clean(path).ok()?;
        let mut located = self.root.clone();
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            if segment.starts_with('.') || segment.contains(['\0', ':']) {
                return None;
            }
            located.push(segment);
        }
        if path.ends_with('/') {
            located.push("index.html");
        }
        Some(located)
    }
}

impl Sources {
    /// The policy of an HTML page: that of its own `meta` element for scripts and styles, else one made from its text.
    fn page_policy(&self, html: &str) -> String {
        let tags = html::tags(html);
        let meta = tags.iter().find(|tag| {
            let equivalent = tag.attribute("http-equiv").unwrap_or("");
            tag.name == "meta" && equivalent.eq_ignore_ascii_case("content-security-policy")
        });
        let written = |directive: &str| {
            let policy = meta.and_then(|tag| tag.attribute("content"))?;
            policy.split(';').find_map(|part| part.trim().strip_prefix(directive)?.strip_prefix(' ').map(str::to_owned))
        };
        let hashes = |name: &str| -> String {
            let inline = tags.iter().filter(|tag| tag.name == name && tag.attribute("src").is_none());
            inline.map(|tag| format!(" 'sha256-{}'", sha256(tag.text))).collect()
        };
        let script = written("script-src").unwrap_or_else(|| format!("'self' 'wasm-unsafe-eval'{}", hashes("script")));
        let style = written("style-src").unwrap_or_else(|| format!("'self'{}", hashes("style")));
        let base = if tags.iter().any(|tag| tag.name == "base") { "'self'" } else { "'none'" };
        let connect = self.connect();
        let ancestors: String = self.ancestors.iter().map(|origin| format!(" {origin}")).collect();
        format!(
            "default-src 'none'; script-src {script}; style-src {style}; img-src 'self' data: blob:; font-src 'self'; \
             connect-src 'self'{connect}; worker-src 'self'; manifest-src 'self'; base-uri {base}; form-action 'none'; \
             frame-ancestors 'self'{ancestors}; object-src 'none'"
        )
    }

    /// The policy of a script. It matters to workers: they obey that of their own file, and wasm needs the permission by
    /// name there too.
    fn script_policy(&self) -> String {
        let connect = self.connect();
        format!("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'{connect}")
    }

    /// The archives that the browser asks itself.
    fn connect(&self) -> String {
        self.connect.iter().map(|origin| format!(" {origin}")).collect()
    }
}

/// The hash by which a policy allows an inline script; a browser reads line ends as `\n`.
fn sha256(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes()))
}

async fn file(path: &Path) -> Option<Metadata> {
    tokio::fs::metadata(path).await.ok().filter(Metadata::is_file)
}

fn not_found() -> Response<Body> {
    answer::text(StatusCode::NOT_FOUND, "There is no such file in this build.\n")
}

/// Trunk's pattern: `name-0123456789abcdef.js`, `name-0123456789abcdef_bg.wasm`.
fn is_hashed(name: &str) -> bool {
    name.split('-').skip(1).any(|part| {
        let digits = part.bytes().take_while(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).count();
        digits >= 16 && part[digits..].starts_with(['.', '_'])
    })
}

fn entity_tag(metadata: &Metadata, coding: Option<&str>) -> String {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let coding = coding.map(|coding| format!("-{coding}")).unwrap_or_default();
    format!("\"{:x}-{:x}{coding}\"", metadata.len(), modified.map_or(0, |time| time.as_nanos()))
}

/// Whether a list of `If-None-Match` has the tag, compared weakly.
fn matches(list: &str, tag: &str) -> bool {
    list.split(',').map(str::trim).any(|listed| listed == "*" || listed.strip_prefix("W/").unwrap_or(listed) == tag)
}

/// Whether `Accept-Encoding` (RFC 9110, section 12.5.3) has a content coding with a weight above zero.
fn accepts(client: &HeaderMap, coding: &str) -> bool {
    let mut starred = false;
    for value in client.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()) {
        for item in value.split(',') {
            let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
            let weight = parameters.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>).unwrap_or(0.0);
            match name.trim() {
                name if name.eq_ignore_ascii_case(coding) => return weight > 0.0,
                "*" => starred = weight > 0.0,
                _ => {}
            }
        }
    }
    starred
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "xml" => "text/xml",
        "vot" => "application/x-votable+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunk_names_are_known() {
        for name in
            ["parallax-0123456789abcdef.js", "parallax-0123456789abcdef_bg.wasm", "a-b-00112233445566778899.css"]
        {
            assert!(is_hashed(name), "{name}");
        }
        for name in
            ["index.html", "parallax.js", "a-0123456789abcde.js", "a-0123456789abcdeg.js", "0123456789abcdef.js"]
        {
            assert!(!is_hashed(name), "{name}");
        }
    }

    #[test]
    fn encodings_have_weights() {
        let check = |value: &str, coding: &str| {
            accepts(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())]), coding)
        };
        assert!(check("gzip, deflate, BR", "br"));
        assert!(check("gzip;q=0.5, *", "br"));
        assert!(!check("br;q=0, *", "br"));
        assert!(!check("gzip", "br"));
        assert!(!check("identity", "gzip"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn the_policy_has_the_hashes_of_inline_scripts() {
        let html = "<script type=\"module\">init()</script><script src=\"a.js\"></script><style>p{}</style>";
        let policy = Sources::default().page_policy(html);
        // echo -n 'init()' | openssl dgst -sha256 -binary | base64
        assert!(
            policy.contains(
                "script-src 'self' 'wasm-unsafe-eval' 'sha256-w4ujnOpjBoH2vcasx+reJRUwYivG8Q3afx/XevGJod8=';"
            ),
            "{policy}"
        );
        assert!(policy.contains("style-src 'self' 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y=';"), "{policy}");
        assert!(policy.contains("base-uri 'none'"), "{policy}");
    }

    #[test]
    fn the_policy_follows_the_meta_element() {
        let html = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
            script-src 'self' 'sha256-x'; style-src-attr 'none'; style-src 'self'\"><script>a</script>";
        let sources =
            Sources { connect: vec!["https://d.example".into()], ancestors: vec!["https://portal.example".into()] };
        let policy = sources.page_policy(html);
        assert!(policy.contains("; script-src 'self' 'sha256-x'; style-src 'self'; "), "{policy}");
        assert!(policy.contains("connect-src 'self' https://d.example;"), "{policy}");
        assert!(policy.contains("frame-ancestors 'self' https://portal.example;"), "{policy}");
    }
}
