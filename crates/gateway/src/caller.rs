//! Who asks: `Host`, `Origin`, Fetch Metadata and `X-Gx` decide whether a request is the page's own (decision D10).
//!
//! A foreign page can make a browser send requests here. It can set neither `Sec-Fetch-Site` nor, without a preflight that
//! nobody answers, `X-Gx`; and a foreign name that was made to point at this machine shows in `Host`.

use std::net::IpAddr;

use http::{HeaderMap, Method, Request, StatusCode, header, uri::Authority};
use reqwest::Url;

use crate::{answer::Refusal, config::Server};

/// The names under which this gateway answers.
#[derive(Clone, Debug)]
pub struct Names {
    /// Lower-case hosts without a port; `None`: any.
    hosts: Option<Vec<String>>,
    public_url: Option<String>,
}

impl Names {
    /// The names of the configuration; a gateway on loopback answers to the names of loopback only.
    pub fn new(server: &Server, listen: IpAddr) -> Names {
        let mut hosts = server.hosts.clone();
        if hosts.is_none() && listen.is_loopback() {
            hosts = Some(["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).to_vec());
        }
        let public = server.public_url.as_deref().and_then(|url| Url::parse(url).ok());
        if let (Some(hosts), Some(host)) = (&mut hosts, public.as_ref().and_then(Url::host_str)) {
            hosts.push(host.to_owned());
        }
        let hosts = hosts.map(|hosts| hosts.iter().map(|host| host.to_ascii_lowercase()).collect());
        Names { hosts, public_url: server.public_url.clone() }
    }

    /// The gateway's own origin as this request sees it, without a slash at its end; or why the request is not for us.
    pub fn origin<B>(&self, request: &Request<B>) -> Result<String, Refusal> {
        let bad = |message: &str| Refusal::new(StatusCode::BAD_REQUEST, "bad_host", message);
        let mut named = request.headers().get_all(header::HOST).iter();
        let host = named.next().and_then(|host| host.to_str().ok()).ok_or_else(|| bad("the request names no host"))?;
        let authority: Authority = host.parse().map_err(|_| bad("the request's Host is no host"))?;
        if named.next().is_some() || authority.as_str().contains('@') {
            return Err(bad("the request's Host is ambiguous"));
        }
        if request.uri().authority().is_some_and(|target| target != &authority) {
            return Err(bad("the request's address and its Host differ"));
        }
        let known = |hosts: &Vec<String>| hosts.iter().any(|name| name.eq_ignore_ascii_case(authority.host()));
        if !self.hosts.as_ref().is_none_or(known) {
            let message = "this gateway does not answer to that name; the operator lists names as [server] hosts";
            return Err(Refusal::new(StatusCode::MISDIRECTED_REQUEST, "wrong_host", message));
        }
        let seen = || format!("http://{}", authority.as_str().to_ascii_lowercase());
        Ok(self.public_url.clone().unwrap_or_else(seen))
    }
}

/// Refuses a request on `/gw` that is not the page's own; `own` is the gateway's origin.
pub fn check_page(method: &Method, headers: &HeaderMap, own: &str) -> Result<(), Refusal> {
    let forbidden = |code, message: &str| Err(Refusal::new(StatusCode::FORBIDDEN, code, message));
    if headers.contains_key("service-worker") {
        return forbidden("service_worker", "nothing here is a service worker");
    }
    let get = *method == Method::GET;
    let site = value(headers, "sec-fetch-site");
    let origin = value(headers, "origin");
    match (site, origin) {
        (Some("same-origin"), _) => {}
        // An address that a person typed, or opened from a bookmark.
        (Some("none"), _) if get => {}
        (None, None) => {}
        (None, Some(origin)) if origin.eq_ignore_ascii_case(own) => {}
        _ => return forbidden("cross_site", "only the gateway's own page may ask for this"),
    }
    if headers.get("x-gx").is_some_and(|mark| mark == "1") {
        return Ok(());
    }
    // A download is a navigation, and a navigation cannot carry a header of ours.
    let script = matches!(value(headers, "sec-fetch-mode"), Some("cors" | "websocket"));
    if get && !script {
        return Ok(());
    }
    forbidden("missing_x_gx", "the request needs the header X-Gx: 1")
}

/// Refuses a request on `/sandbox` that a web page of another origin caused, or that comes from another machine.
pub fn check_local(headers: &HeaderMap, own: &str, peer: IpAddr) -> Result<(), Refusal> {
    let forbidden = |code, message: &str| Err(Refusal::new(StatusCode::FORBIDDEN, code, message));
    // Behind a front every peer is loopback; a forwarded request says so itself.
    let forwarded = ["forwarded", "x-forwarded-for", "via"].iter().any(|name| headers.contains_key(*name));
    if !peer.to_canonical().is_loopback() || forwarded {
        return forbidden("not_local", "the sandbox is served to programs on this machine only");
    }
    let site = value(headers, "sec-fetch-site");
    let foreign = site.is_some_and(|site| site != "same-origin" && site != "none");
    if foreign || value(headers, "origin").is_some_and(|origin| !origin.eq_ignore_ascii_case(own)) {
        return forbidden("cross_site", "only programs and the gateway's own page may ask for this");
    }
    Ok(())
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    // What is not text is nobody's origin; it must not count as absent.
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "http://127.0.0.1:8080";

    /// Headers from lines of `name: value`.
    fn headers(lines: &str) -> HeaderMap {
        let pairs = lines.lines().filter_map(|line| line.trim().split_once(": "));
        pairs.map(|(name, value)| (name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn pages_of_others_are_refused() {
        let check = |method: Method, lines: &str| check_page(&method, &headers(lines), OWN).is_ok();
        assert!(check(Method::POST, "x-gx: 1\nsec-fetch-site: same-origin"));
        assert!(check(Method::POST, "x-gx: 1\norigin: http://127.0.0.1:8080"));
        assert!(check(Method::POST, "x-gx: 1"));
        assert!(!check(Method::POST, "sec-fetch-site: same-origin"));
        assert!(!check(Method::POST, ""));
        assert!(!check(Method::DELETE, ""));
        for site in ["cross-site", "same-site", "none", "?"] {
            assert!(!check(Method::POST, &format!("x-gx: 1\nsec-fetch-site: {site}")), "{site}");
        }
        for origin in ["http://evil.example", "http://127.0.0.1:8081", "https://127.0.0.1:8080", "null"] {
            assert!(!check(Method::POST, &format!("x-gx: 1\norigin: {origin}")), "{origin}");
            assert!(!check(Method::GET, &format!("x-gx: 1\norigin: {origin}")), "{origin}");
        }
        assert!(!check(Method::GET, "x-gx: 1\nservice-worker: script\nsec-fetch-site: same-origin"));
    }

    #[test]
    fn downloads_are_navigations() {
        let check = |lines: &str| check_page(&Method::GET, &headers(lines), OWN).is_ok();
        assert!(check("sec-fetch-site: same-origin\nsec-fetch-mode: navigate"));
        assert!(check("sec-fetch-site: none\nsec-fetch-mode: navigate"));
        assert!(!check("sec-fetch-site: cross-site\nsec-fetch-mode: navigate"));
        assert!(!check("sec-fetch-site: same-origin\nsec-fetch-mode: cors"));
        assert!(check("sec-fetch-site: same-origin\nsec-fetch-mode: cors\nx-gx: 1"));
    }

    #[test]
    fn the_sandbox_is_for_this_machine() {
        let (here, there): (IpAddr, IpAddr) = ([127, 0, 0, 1].into(), [192, 0, 2, 1].into());
        assert!(check_local(&headers(""), OWN, here).is_ok());
        assert!(check_local(&headers(""), OWN, "::ffff:127.0.0.1".parse().unwrap()).is_ok());
        assert!(check_local(&headers(""), OWN, there).is_err());
        assert!(check_local(&headers("x-forwarded-for: 192.0.2.1"), OWN, here).is_err());
        assert!(check_local(&headers("origin: http://evil.example"), OWN, here).is_err());
        assert!(check_local(&headers("sec-fetch-site: cross-site"), OWN, here).is_err());
    }

    #[test]
    fn foreign_names_of_this_machine_are_refused() {
        let names = Names::new(&Server::default(), [127, 0, 0, 1].into());
        let origin = |host: &str| names.origin(&Request::builder().header("host", host).body(()).unwrap());
        assert_eq!(origin("127.0.0.1:8080").as_deref(), Ok("http://127.0.0.1:8080"));
        assert_eq!(origin("LOCALHOST:8080").as_deref(), Ok("http://localhost:8080"));
        assert!(origin("[::1]:8080").is_ok());
        for host in ["rebound.example:8080", "127.0.0.1.evil.example", "user@127.0.0.1", "", "a b"] {
            assert!(origin(host).is_err(), "{host}");
        }
        let other = Request::builder().uri("http://evil.example/").header("host", "127.0.0.1").body(()).unwrap();
        assert!(names.origin(&other).is_err());
        let open = Names::new(&Server::default(), [0, 0, 0, 0].into());
        assert!(open.origin(&Request::builder().header("host", "gaia.example").body(()).unwrap()).is_ok());
    }
}
