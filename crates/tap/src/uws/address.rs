//! Addresses that a service gives (Location, `xlink:href`) mapped to what the page can reach.
//!
//! They may be percent-encoded as a whole, name http or an internal host, or leave out a proxy's path.
//! So only the path is taken from them, and placed where the service was reached.

use super::ResultRef;
use crate::error::Error;

/// Where the bytes of a result are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResultPlace {
    /// Below the job: an address that can be fetched as the job itself is.
    OfJob(String),
    /// Elsewhere: an address on another host or path, to be offered as a link and not fetched unasked.
    Elsewhere(String),
}

/// The URL of a job from the `Location` of an answer or from an href in a list, as seen from where
/// the service's base `tap` was reached (absolute or relative to the page).
///
/// A path below the base stays below it; a path that repeats the end of the base (`/tap-server/tap/async/1` for
/// `…/gw/gaia/tap-server/tap`) is put there; another path of the service is kept, behind a gateway's mount
/// `…/gw/{archive}` if there is one. The host is always that of `tap`.
///
/// # Errors
/// `Address` if it is empty or of a scheme other than http(s).
pub fn job_url_from_location(tap: &str, location: &str) -> Result<String, Error> {
    let refuse = |reason| Err(Error::Address { url: location.chars().take(200).collect(), reason });
    let given = decoded(location);
    let given = &given[..given.find(['?', '#']).unwrap_or(given.len())];
    let given = given.trim_end_matches('/');
    if given.is_empty() {
        return refuse("it is empty");
    }
    if given.contains(|c: char| c.is_control() || c == '\\') {
        return refuse("it contains characters that no address has");
    }
    let Some(path) = path_of_address(given) else {
        return refuse("its scheme is not http or https");
    };
    if climbs(path) {
        return refuse("it leads up the path");
    }
    let tap = tap.trim_end_matches('/');
    if !path.starts_with('/') {
        // Relative to the resource that was asked, which is the job list.
        return Ok(crate::request::job::usual(tap, path.trim_start_matches("./").trim_start_matches("async/")));
    }
    let (origin, base) = split_origin(tap);
    let base_path = format!("/{}", base.trim_start_matches('/'));
    if let Some(rest) = below(path, &base_path) {
        return Ok(format!("{tap}{rest}"));
    }
    for (at, _) in base_path.match_indices('/') {
        if let Some(rest) = below(path, &base_path[at..]) {
            return Ok(format!("{tap}{rest}"));
        }
    }
    match mount(&base_path) {
        Some(mount) => {
            let rest = below(path, mount).unwrap_or(path);
            let before = &tap[..tap.len() - (base_path.len() - mount.len())];
            Ok(format!("{before}{rest}"))
        }
        // A relative base without a mount knows no origin; the path is from the root of the page's host.
        None => Ok(format!("{origin}{path}")),
    }
}

/// The path of the job at an address that somebody has from elsewhere, below one of the `roots` at which its service is reached, or
/// as a path alone. What follows the job's id, such as `/results/result`, is left out. `None`: it leads elsewhere, or to no job.
pub fn job_path_in(address: &str, roots: &[&str]) -> Option<String> {
    let bare = |url: &str| url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/').to_owned();
    let address = bare(address.split(['?', '#']).next().unwrap_or_default().trim());
    let path = roots.iter().find_map(|root| address.strip_prefix(bare(root).as_str())).unwrap_or(&address);
    let (before, after) = path.split_once("/async/")?;
    let id = after.split('/').next().filter(|id| !id.is_empty())?;
    (path.starts_with('/') && !climbs(path)).then(|| format!("{before}/async/{id}"))
}

/// Where a result is, given the URL of its job. The address in the document is only believed as far as it
/// leads below the job; without one the result is at `{job}/results/{id}`.
pub fn result_place(job_url: &str, result: &ResultRef) -> ResultPlace {
    let end = job_url.find(['?', '#']).unwrap_or(job_url.len());
    let job_url = job_url[..end].trim_end_matches('/');
    let usual = || {
        ResultPlace::OfJob(
            crate::request::job::result(job_url, if result.id.is_empty() { "result" } else { &result.id }).url,
        )
    };
    let Some(href) = result.href.as_deref() else {
        return usual();
    };
    let given = decoded(href);
    let Some(path) = path_of_address(&given) else {
        return usual();
    };
    let job_id = job_url.rsplit('/').next().unwrap_or_default();
    let mark = format!("/{job_id}/");
    if !job_id.is_empty()
        && let Some(at) = path.find(&mark)
        && !climbs(path)
    {
        return ResultPlace::OfJob(format!("{job_url}/{}", &path[at + mark.len()..]));
    }
    if !path.starts_with('/') {
        // `results/result` relative to the job, `result` relative to its list of results.
        let tail = path.strip_prefix("./").unwrap_or(path);
        let tail = if tail.starts_with("results/") { tail.to_owned() } else { format!("results/{tail}") };
        return if climbs(&tail) { usual() } else { ResultPlace::OfJob(format!("{job_url}/{tail}")) };
    }
    ResultPlace::Elsewhere(given)
}

/// Decodes an address that is percent-encoded as a whole, as ESA's documentation shows them.
fn decoded(address: &str) -> String {
    let address = address.trim();
    let lower = address.get(..24).unwrap_or(address).to_ascii_lowercase();
    let encoded = !address.contains("://") && (lower.contains("%3a%2f%2f") || lower.starts_with("%2f"));
    if encoded { crate::request::percent_decoded(address, false) } else { address.to_owned() }
}

/// The path of an address without scheme and host; a relative address as it is; `None` for other schemes.
pub(crate) fn path_of_address(address: &str) -> Option<&str> {
    if let Some(rest) = address.strip_prefix("//") {
        return Some(rest.find('/').map_or("/", |at| &rest[at..]));
    }
    let before_path = address.split('/').next().unwrap_or_default();
    let Some((scheme, _)) = before_path.split_once(':') else {
        return Some(address);
    };
    if !(scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")) {
        return None;
    }
    let rest = address[scheme.len() + 1..].strip_prefix("//")?;
    Some(rest.find('/').map_or("/", |at| &rest[at..]))
}

/// Whether a segment means the parent; browsers take the escaped form for the same.
pub(crate) fn climbs(path: &str) -> bool {
    let path = &path[..path.find(['?', '#']).unwrap_or(path.len())];
    path.split('/').any(|segment| segment.to_ascii_lowercase().replace("%2e", ".") == "..")
}

fn split_origin(url: &str) -> (&str, &str) {
    match url.find("://") {
        Some(at) => {
            let end = url[at + 3..].find('/').map_or(url.len(), |slash| at + 3 + slash);
            url.split_at(end)
        }
        None => ("", url),
    }
}

/// What follows `base` in `path`, if it ends there at a border of segments.
fn below<'a>(path: &'a str, base: &str) -> Option<&'a str> {
    let base = base.trim_end_matches('/');
    if base.is_empty() {
        return None;
    }
    path.strip_prefix(base).filter(|rest| rest.starts_with('/'))
}

/// The part `…/gw/{archive}` of a base that goes through the gateway.
fn mount(base_path: &str) -> Option<&str> {
    let start = base_path.find("/gw/")? + 4;
    let end = base_path[start..].find('/').map_or(base_path.len(), |slash| start + slash);
    (end > start).then(|| &base_path[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tap: &str, location: &str, expect: &str) {
        assert_eq!(
            job_url_from_location(tap, location).unwrap_or_else(|error| error.to_string()),
            expect,
            "{location}"
        );
    }

    #[test]
    fn a_job_is_where_the_service_was_reached() {
        let gateway = "https://portal.org/gw/gaia/tap-server/tap";
        let job = "https://portal.org/gw/gaia/tap-server/tap/async/1O";
        check(gateway, "/gw/gaia/tap-server/tap/async/1O", job);
        check(gateway, "http://gea.esac.esa.int/tap-server/tap/async/1O?x=1", job);
        check(gateway, "http%3A%2F%2Fgea.esac.esa.int%2Ftap-server%2Ftap%2Fasync%2F1O", job);
        check(gateway, " https://portal.org/gw/gaia/tap-server/tap/async/1O/ ", job);
        check(gateway, "1O", job);
        check("gw/sandbox/tap-server/tap", "/gw/sandbox/tap-server/tap/async/7", "gw/sandbox/tap-server/tap/async/7");
        check(
            "gw/sandbox/tap-server/tap",
            "http://127.0.0.1:8080/sandbox/tap-server/tap/async/7",
            "gw/sandbox/tap-server/tap/async/7",
        );
        check(
            "/portal/gw/sandbox/tap-server/tap",
            "/gw/sandbox/tap-server/tap/async/7",
            "/portal/gw/sandbox/tap-server/tap/async/7",
        );
    }

    #[test]
    fn other_paths_of_the_service_are_kept() {
        check(
            "http://127.0.0.1:8080/tap",
            "http://dc.example/__system__/tap/run/async/x1",
            "http://127.0.0.1:8080/__system__/tap/run/async/x1",
        );
        check("gw/dc/tap", "/gw/dc/__system__/tap/run/async/x1", "gw/dc/__system__/tap/run/async/x1");
        check(
            "https://p/gw/dc/tap",
            "http://localhost:8080/__system__/tap/run/async/x1",
            "https://p/gw/dc/__system__/tap/run/async/x1",
        );
        check("https://vo.example/tap", "//vo.example/tap/async/9", "https://vo.example/tap/async/9");
    }

    #[test]
    fn strange_addresses_are_refused() {
        for location in [
            "",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://h/async/1",
            "http:x",
            "https://h/tap/../../etc",
            "/a\\b",
        ] {
            assert!(
                matches!(job_url_from_location("https://h/tap", location), Err(Error::Address { .. })),
                "{location}"
            );
        }
    }

    #[test]
    fn results_are_below_their_job() {
        let job = "gw/gaia/tap-server/tap/async/1O";
        let place = |href: Option<&str>| {
            result_place(job, &ResultRef { id: "result".into(), href: href.map(str::to_owned), ..ResultRef::default() })
        };
        let below = |tail: &str| ResultPlace::OfJob(format!("{job}/{tail}"));
        assert_eq!(place(None), below("results/result"));
        assert_eq!(
            place(Some("http%3A%2F%2Fgea%2Ftap-server%2Ftap%2Fasync%2F1O%2Fresults%2Fresult")),
            below("results/result")
        );
        assert_eq!(place(Some("http://internal:8080/tap/async/1O/results/out.vot?a=1")), below("results/out.vot?a=1"));
        assert_eq!(place(Some("results/result")), below("results/result"));
        assert_eq!(place(Some("results/../../x")), below("results/result"));
        assert_eq!(place(Some("javascript:alert(1)")), below("results/result"));
        assert_eq!(
            place(Some("http://else.where/file.vot")),
            ResultPlace::Elsewhere("http://else.where/file.vot".into())
        );
    }
}
