//! Where a `Location` of an archive leads: to a path of the same archive, or nowhere.
//!
//! UWS 1.1, section 2.2.3, answers every change of a job with 303. A browser hides the address of a redirect from the page,
//! so the gateway reads it and hands it over as the `Location` of a 201, mapped to `/gw/{id}/…` (decision D3).

use reqwest::Url;

use crate::{
    config::{Archive, Place},
    target,
};

/// A place within an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// Encoded path, beginning with a slash.
    pub path: String,
    /// Query, as it was.
    pub query: Option<String>,
}

/// Why a redirect is not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// It names another host than the operator did.
    Host(String),
    /// It names a path outside the prefixes of the entry.
    Path(String),
    /// It is no http(s) address, or one with a user in it.
    Address,
}

impl Mapped {
    /// The address for the page.
    pub fn public(&self, id: &str) -> String {
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        format!("/gw/{id}{}{query}", self.path)
    }

    /// The address at the archive.
    pub fn at(&self, origin: &Url) -> Url {
        let mut url = origin.clone();
        url.set_path(&self.path);
        url.set_query(self.query.as_deref());
        url
    }
}

/// Maps a `Location` that answered a request for `asked`; `own` is where the page reaches it
/// (`http://host:port/gw/{id}`), by which the sandbox names itself.
pub fn map(archive: &Archive, asked: &Mapped, location: &str, own: &Url) -> Result<Mapped, Blocked> {
    let (origin, mount) = match &archive.place {
        Place::Upstream { origin, .. } => (origin, ""),
        Place::Inside => (own, own.path().trim_end_matches('/')),
    };
    let url = asked.at(origin).join(location.trim()).map_err(|_| Blocked::Address)?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return Err(Blocked::Address);
    }
    if !std::iter::once(origin).chain(&archive.aliases).any(|known| same_place(known, &url)) {
        return Err(Blocked::Host(host_and_port(&url)));
    }
    // Tomcat adds `;jsessionid=…` to its redirects when a client shows no cookie; sessions do not pass this gateway.
    let raw = url.path().split('/').map(|segment| segment.split(';').next().unwrap_or(""));
    let raw = raw.collect::<Vec<_>>().join("/");
    let raw = raw.strip_prefix(mount).map(str::to_owned).unwrap_or(raw);
    let path = target::clean(&raw).map_err(|_| Blocked::Path(raw.clone()))?;
    if !target::within(&path, &archive.prefixes) {
        return Err(Blocked::Path(path));
    }
    Ok(Mapped { path: target::encode(&path), query: url.query().map(str::to_owned) })
}

/// The same host and port; http and https are not told apart where both use their own port, because archives behind a
/// TLS front name themselves by http.
fn same_place(known: &Url, url: &Url) -> bool {
    let host = known.host_str() == url.host_str() || (loopback(known) && loopback(url));
    let default = |url: &Url| url.port().is_none();
    host && (known.port_or_known_default() == url.port_or_known_default() || (default(known) && default(url)))
}

/// A service on this machine may call itself by any name of the machine's own.
fn loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn host_and_port(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    fn archive(lines: &str) -> Archive {
        let text = format!("[[archive]]\nid = \"a\"\ntitle = \"A\"\n{lines}");
        Config::parse(&text).unwrap().archive("a").unwrap().clone()
    }

    /// What a `Location` becomes, asked at `/tap/async`.
    fn mapped(archive: &Archive, location: &str) -> Result<String, Blocked> {
        let asked = Mapped { path: "/tap/async".to_owned(), query: None };
        let own = Url::parse("http://127.0.0.1:8080/gw/sandbox").unwrap();
        map(archive, &asked, location, &own).map(|mapped| mapped.public("a"))
    }

    #[test]
    fn own_places_are_mapped_whatever_the_scheme() {
        let archive = archive("url = \"https://h.example/tap\"");
        let check = |location: &str, public: &str| assert_eq!(mapped(&archive, location).as_deref(), Ok(public));
        check("https://h.example/tap/async/1", "/gw/a/tap/async/1");
        check("http://H.example/tap/async/1?x=a%20b#z", "/gw/a/tap/async/1?x=a%20b");
        check("https://h.example:443/tap/async/1", "/gw/a/tap/async/1");
        check("/tap/async/1", "/gw/a/tap/async/1");
        check("async/1", "/gw/a/tap/async/1");
        check("//h.example/tap/async/1", "/gw/a/tap/async/1");
        check("/tap/async/1;jsessionid=0AC8", "/gw/a/tap/async/1");
        check("/__system__/tap/run/async/1", "/gw/a/__system__/tap/run/async/1");
    }

    #[test]
    fn foreign_places_are_blocked() {
        let archive = archive("url = \"https://h.example/tap\"");
        let host = |location: &str| assert!(matches!(mapped(&archive, location), Err(Blocked::Host(_))), "{location}");
        host("https://evil.example/tap/async/1");
        host("https://badh.example/tap/async/1");
        host("https://h.example.evil.example/tap/async/1");
        host("https://h.example./tap/async/1");
        host("https://h.example:8443/tap/async/1");
        host("//evil.example/tap/async/1");
        host("http://169.254.169.254/tap/async/1");
        host("http://127.0.0.1/tap/async/1");
        let path = |location: &str| assert!(matches!(mapped(&archive, location), Err(Blocked::Path(_))), "{location}");
        path("/admin");
        path("/tap/../admin");
        path("/tap/%252e%252e/admin");
        path("/tapx");
        let address = |location: &str| assert_eq!(mapped(&archive, location), Err(Blocked::Address), "{location}");
        address("javascript:alert(1)");
        address("data:text/html,x");
        address("file:///etc/passwd");
        address("https://user@h.example/tap/async/1");
        address("http://[");
    }

    #[test]
    fn the_sandbox_is_known_by_the_address_of_the_page() {
        let sandbox = Config::standard().unwrap().archive("sandbox").unwrap().clone();
        let check = |location: &str| {
            assert_eq!(mapped(&sandbox, location).as_deref(), Ok("/gw/a/tap-server/tap/async/1"), "{location}");
        };
        check("http://127.0.0.1:8080/gw/sandbox/tap-server/tap/async/1");
        check("/gw/sandbox/tap-server/tap/async/1");
        check("/tap-server/tap/async/1");
        assert!(mapped(&sandbox, "http://127.0.0.1:8081/gw/sandbox/tap-server/tap/async/1").is_err());
    }

    #[test]
    fn aliases_and_loopback_names_are_the_same_place() {
        let local = archive("url = \"http://127.0.0.1:9000/tap\"\nallow_private = true");
        assert_eq!(mapped(&local, "http://localhost:9000/tap/async/1").as_deref(), Ok("/gw/a/tap/async/1"));
        assert!(mapped(&local, "http://localhost:9001/tap/async/1").is_err());
        let aliased = archive("url = \"https://h.example/tap\"\naliases = [\"http://inner.example:8080\"]");
        assert_eq!(mapped(&aliased, "http://inner.example:8080/tap/async/1").as_deref(), Ok("/gw/a/tap/async/1"));
        assert!(mapped(&aliased, "http://inner.example/tap/async/1").is_err());
    }
}
