//! The archives known to this deployment and how each is reached: `archives.json`, written by the gateway or shipped with a
//! static site.

use serde::Deserialize;
use tap::Service;

/// How the page reaches an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// The archive allows pages of other sites to call it.
    Direct,
    /// Through `gw/{id}` of the gateway that serves this page.
    Gateway,
    /// Inside the page.
    Inside,
}

/// What the archive offers beside plain TAP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Capabilities {
    /// The resources of TAP+.
    pub tap_plus: bool,
}

/// One archive.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Archive {
    /// Short name, the key everywhere.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Scheme and host at which the archive is public.
    pub public_url: String,
    /// Path of TAP, such as `/tap-server/tap`.
    pub tap: String,
    /// Path of the data server.
    #[serde(default)]
    pub data: Option<String>,
    /// How it is reached.
    pub transport: Transport,
    /// What it offers.
    #[serde(default)]
    pub capabilities: Capabilities,
    /// Whether one can sign in: the gateway takes the password there and keeps the session.
    #[serde(default)]
    pub login: bool,
    /// Where names of objects can be looked up, if the deployment allows it: a Sesame service of the CDS.
    #[serde(default)]
    pub resolver: Option<String>,
    /// One sentence for the chooser, such as that the data are synthetic.
    #[serde(default)]
    pub note: Option<String>,
    /// Names of its products, where they are others than those that this page knows.
    #[serde(default)]
    pub products: Products,
}

/// Names that the data server takes; a list that is empty is that of [`tap::datalink`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Products {
    /// Retrieval types.
    pub retrieval_types: Vec<Named>,
    /// Formats.
    pub formats: Vec<Named>,
    /// Structures.
    pub structures: Vec<Named>,
    /// Data releases.
    pub releases: Vec<Named>,
}

/// The archive's name for something, and words for people.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The words.
    pub label: String,
}

impl Named {
    /// A name with its words.
    pub fn new(name: &str, label: &str) -> Named {
        Named { name: name.to_owned(), label: label.to_owned() }
    }
}

impl Archive {
    /// Where the archive's paths begin, as this page (at `page`, a URL that ends with `/`) reaches them.
    pub fn root(&self, page: &str) -> String {
        match self.transport {
            Transport::Direct => self.public_url.trim_end_matches('/').to_owned(),
            Transport::Gateway | Transport::Inside => format!("{page}gw/{}", self.id),
        }
    }

    /// The service, with absolute URLs.
    pub fn service(&self, page: &str) -> Service {
        let root = self.root(page);
        let data = self.data.as_ref().map(|data| format!("{root}{data}"));
        Service::new(&format!("{root}{}", self.tap), data.as_deref())
    }

    /// The URL at which this page reaches a job, given its path at the archive.
    pub fn job_url(&self, page: &str, path: &str) -> String {
        format!("{}{path}", self.root(page))
    }

    /// The path at the archive of a job's URL in any of the forms that services and gateways give: absolute, by path, or
    /// mapped by the gateway. `None` if it names no job.
    pub fn job_path(&self, url: &str) -> Option<String> {
        let without_query = url.split(['?', '#']).next().unwrap_or(url);
        let path = match without_query.split_once("://") {
            Some((_, rest)) => rest.find('/').map(|at| &rest[at..])?,
            None => without_query,
        };
        let mapped = format!("/gw/{}/", self.id);
        let path = match path.find(&mapped) {
            Some(at) => &path[at + mapped.len() - 1..],
            None => path,
        };
        let path = path.trim_end_matches('/');
        (path.starts_with('/') && path.len() > 1 && !path.ends_with("/async")).then(|| path.to_owned())
    }
}

impl Archive {
    /// The path at the archive of the job at an address that somebody has from elsewhere: public, of this page, or a path alone.
    /// What follows the job's id, such as `/results/result`, is left out. `None`: it leads elsewhere, or to no job.
    pub fn job_at(&self, page: &str, address: &str) -> Option<String> {
        tap::uws::job_path_in(address, &[&self.public_url, &self.root(page)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(transport: Transport) -> Archive {
        Archive {
            id: "gaia".into(),
            title: "Gaia".into(),
            public_url: "https://gea.esac.esa.int".into(),
            tap: "/tap-server/tap".into(),
            data: Some("/data-server".into()),
            transport,
            capabilities: Capabilities { tap_plus: true },
            login: false,
            resolver: None,
            note: None,
            products: Products::default(),
        }
    }

    #[test]
    fn each_transport_has_its_addresses() {
        let page = "https://portal.example/gaia/";
        assert_eq!(archive(Transport::Direct).service(page).tap, "https://gea.esac.esa.int/tap-server/tap");
        assert_eq!(archive(Transport::Gateway).service(page).tap, "https://portal.example/gaia/gw/gaia/tap-server/tap");
    }

    #[test]
    fn addresses_from_elsewhere_lead_to_jobs() {
        let gaia = archive(Transport::Gateway);
        let at = |address: &str| gaia.job_at("http://portal.example/p/", address);
        for address in [
            "https://gea.esac.esa.int/tap-server/tap/async/1-O",
            "http://gea.esac.esa.int/tap-server/tap/async/1-O/results/result?x=1",
            "http://portal.example/p/gw/gaia/tap-server/tap/async/1-O/",
            " /tap-server/tap/async/1-O/phase",
        ] {
            assert_eq!(at(address).as_deref(), Some("/tap-server/tap/async/1-O"), "{address}");
        }
        for address in ["https://evil.example/tap-server/tap/async/1-O", "https://gea.esac.esa.int/tap/async/", "a/b"] {
            assert_eq!(at(address), None, "{address}");
        }
    }

    #[test]
    fn a_job_is_known_by_its_path_at_the_archive() {
        let gaia = archive(Transport::Gateway);
        for url in [
            "/gw/gaia/tap-server/tap/async/1-O",
            "https://portal.example/gaia/gw/gaia/tap-server/tap/async/1-O",
            "http://gea.esac.esa.int/tap-server/tap/async/1-O/",
            "/tap-server/tap/async/1-O?WAIT=1",
        ] {
            assert_eq!(gaia.job_path(url).as_deref(), Some("/tap-server/tap/async/1-O"), "{url}");
        }
        assert_eq!(gaia.job_path("/tap-server/tap/async"), None);
        assert_eq!(
            gaia.job_url("http://h/", "/__system__/tap/run/async/7"),
            "http://h/gw/gaia/__system__/tap/run/async/7"
        );
    }
}
