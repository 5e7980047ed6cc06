//! Queries on other TAP services through the archive (TAP+): `REQUEST=external_tap`.
//!
//! The archive's server sends the query on, so neither the page nor its gateway contacts the other service.
//! Names of tables are quoted by [`crate::name::table`].

use crate::{
    error::Error,
    request::{Query, Request, Service},
};

impl Service {
    /// A synchronous query on the service at `external`: the answer is its result, passed through.
    pub fn external_sync(&self, external: &str, query: &Query) -> Request {
        self.query("sync", query, false, Some(external))
    }

    /// A job of the archive that queries the service at `external` and keeps the result.
    pub fn external_job(&self, external: &str, query: &Query, run: bool) -> Request {
        self.query("async", query, run, Some(external))
    }
}

/// The base of a TAP service from what a person or a registry gives: without `/sync`, `/async` or a query string behind it.
///
/// # Errors
/// `Address` if it is not an absolute address of http or https, or names a user.
pub fn service_url(text: &str) -> Result<String, Error> {
    let text = text.trim();
    let refuse = |reason| Err(Error::Address { url: text.chars().take(200).collect(), reason });
    if text.contains(|c: char| c.is_control() || c.is_whitespace() || matches!(c, '\\' | '"' | '<' | '>')) {
        return refuse("it contains characters that no address has");
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return refuse("it does not begin with https:// or http://");
    };
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") {
        return refuse("its scheme is not http or https");
    }
    let rest = rest[..rest.find(['?', '#']).unwrap_or(rest.len())].trim_end_matches('/');
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() {
        return refuse("it names no host");
    }
    if host.contains('@') {
        return refuse("it names a user");
    }
    let resources = ["/sync", "/async", "/tables", "/capabilities", "/availability", "/examples"];
    let base = resources.iter().find_map(|resource| rest.strip_suffix(resource)).unwrap_or(rest);
    Ok(format!("{scheme}://{}", base.trim_end_matches('/')))
}

/// The host of an address, with its port: what one calls a service that has no other name.
pub fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_services() {
        for (text, expect) in [
            (" http://tapvizier.u-strasbg.fr/TAPVizieR/tap/ ", "http://tapvizier.u-strasbg.fr/TAPVizieR/tap"),
            ("HTTPS://h.example/tap/sync?QUERY=x#y", "https://h.example/tap"),
            ("https://h.example/tap/tables/", "https://h.example/tap"),
            ("https://h.example:8080", "https://h.example:8080"),
            ("https://h.example/async", "https://h.example"),
        ] {
            assert_eq!(service_url(text).unwrap(), expect);
        }
        assert_eq!(host("https://h.example:8080/tap"), "h.example:8080");
        for text in [
            "",
            "h.example/tap",
            "ftp://h/tap",
            "javascript:alert(1)",
            "https://",
            "https:///tap",
            "https://a@h/",
            "https://h/ a",
        ] {
            assert!(service_url(text).is_err(), "{text}");
        }
    }
}
