//! The operator's file: which archives there are, how they are reached, and the limits.
//!
//! One `[[archive]]` entry for each archive; `/archives.json`, from which the page learns its archives, is generated from
//! them. Every complaint names the key and the line.

mod complain;
mod entry;

use std::collections::BTreeMap;

use reqwest::Url;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use complain::{Complain, line_of};
use entry::Entry;

use crate::{Error, limits::Limits};

/// Everything that an operator can set, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// The archives, in the order in which the page offers them; the first is the default.
    pub archives: Vec<Archive>,
    /// How this gateway is seen from outside.
    pub server: Server,
    /// Caps and timeouts.
    pub limits: Limits,
}

/// One archive: a TAP service, with or without the TAP+ extensions.
#[derive(Clone, Debug)]
pub struct Archive {
    /// Short name in addresses: `/gw/{id}/…`.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Where requests go.
    pub place: Place,
    /// Path of the TAP service, such as `/tap-server/tap`; empty for a service at the root.
    pub tap: String,
    /// Path of the data server (DataLink), if there is one.
    pub data: Option<String>,
    /// What the page is told about how to reach the archive.
    pub transport: Transport,
    /// Paths that may be asked for; everything else is refused.
    pub prefixes: Vec<String>,
    /// Other origins under which the service names itself in its redirects; never contacted.
    pub aliases: Vec<Url>,
    /// What the archive can do beyond TAP 1.1, by name.
    pub capabilities: BTreeMap<String, bool>,
    /// Whether one may sign in to it through this gateway, which then carries the password.
    pub login: bool,
    /// Where the page may look up names of objects: a Sesame service, asked by the page itself.
    pub resolver: Option<Url>,
    /// A sentence for people, shown beside the title.
    pub note: Option<String>,
    /// The products of its data server, where they are others than those that the page knows.
    pub products: Option<Products>,
}

/// Names that `/data` of an archive takes; a list that is empty is the page's own. So that those of a new release need no new page.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Products {
    /// Values of RETRIEVAL_TYPE.
    pub retrieval_types: Vec<Named>,
    /// Values of FORMAT.
    pub formats: Vec<Named>,
    /// Values of DATA_STRUCTURE.
    pub structures: Vec<Named>,
    /// Values of RELEASE.
    pub releases: Vec<Named>,
}

/// The archive's name for something, and words for people.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The words.
    pub label: String,
}

/// Where the requests for an archive go.
#[derive(Clone, Debug)]
pub enum Place {
    /// Another host, contacted by HTTP.
    Upstream {
        /// Scheme, host and port; the path is `/`.
        origin: Url,
        /// Whether the host may have a private address.
        allow_private: bool,
    },
    /// The sandbox in this process.
    Inside,
}

/// How the page reaches an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// Through this gateway.
    Gateway,
    /// From the browser straight to the archive, which must allow it by CORS.
    Direct,
}

/// How the gateway is seen from outside: section `[server]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Origin under which browsers reach this gateway, when a TLS front stands before it: `https://gaia.example.edu`.
    pub public_url: Option<String>,
    /// Names that a request's `Host` may have. Without it: loopback names if it listens on loopback, else any.
    pub hosts: Option<Vec<String>>,
    /// Whether to send `Strict-Transport-Security`; only for a gateway that is behind TLS.
    pub hsts: bool,
    /// Origins of portals whose pages may show this one in a frame.
    pub frame_ancestors: Vec<String>,
}

impl Config {
    /// The configuration of a gateway without a file: the sandbox and ESA's Gaia Archive.
    pub fn standard() -> Result<Config, Error> {
        Config::parse(include_str!("default.toml"))
    }

    /// Reads and checks the text of a configuration file.
    pub fn parse(text: &str) -> Result<Config, Error> {
        let file: File = toml::from_str(text).map_err(|error| Error::Config {
            line: line_of(text, error.span().unwrap_or(0..0).start),
            key: "syntax".to_owned(),
            message: error.message().to_owned(),
        })?;
        let complain = Complain { text };
        let mut archives = Vec::new();
        if file.sandbox.enabled {
            archives.push(sandbox());
        }
        for entry in &file.archive {
            let archive = entry.check(&complain)?;
            if archives.iter().any(|other| other.id == archive.id) {
                return Err(complain.archive("id", &entry.id, format!("\"{}\" is used twice", archive.id)));
            }
            archives.push(archive);
        }
        if archives.is_empty() {
            let message = "there is no archive: add an entry, or leave the sandbox enabled".to_owned();
            return Err(Error::Config { line: 1, key: "[[archive]]".to_owned(), message });
        }
        let server = complain.server(file.server)?;
        file.limits.get_ref().check().map_err(|(key, message)| Error::Config {
            line: line_of(text, file.limits.span().start),
            key: format!("[limits] {key}"),
            message,
        })?;
        Ok(Config { archives, server, limits: file.limits.into_inner() })
    }

    /// The archive of this id.
    pub fn archive(&self, id: &str) -> Option<&Archive> {
        self.archives.iter().find(|archive| archive.id == id)
    }

    /// The document `/archives.json`; `base` is this gateway's own origin, without a path.
    pub fn archives_json(&self, base: &str) -> Vec<u8> {
        let listed: Vec<Listed> = self.archives.iter().map(|archive| archive.listed(base)).collect();
        // Strings, lists and booleans always have a JSON form.
        serde_json::to_vec_pretty(&listed).unwrap_or_default()
    }
}

impl Archive {
    fn listed<'a>(&'a self, base: &str) -> Listed<'a> {
        Listed {
            id: &self.id,
            title: &self.title,
            public_url: match &self.place {
                Place::Upstream { origin, .. } => origin.as_str().trim_end_matches('/').to_owned(),
                // What a person may give to another program on this machine.
                Place::Inside => format!("{base}/sandbox"),
            },
            tap: &self.tap,
            data: self.data.as_deref(),
            transport: self.transport,
            prefixes: &self.prefixes,
            aliases: self.aliases.iter().map(|alias| alias.as_str().trim_end_matches('/').to_owned()).collect(),
            capabilities: &self.capabilities,
            login: self.login,
            resolver: self.resolver.as_ref().map(Url::as_str),
            note: self.note.as_deref(),
            products: self.products.as_ref(),
        }
    }
}

/// An archive as `/archives.json` has it.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    title: &'a str,
    public_url: String,
    tap: &'a str,
    data: Option<&'a str>,
    transport: Transport,
    prefixes: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    capabilities: &'a BTreeMap<String, bool>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    login: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolver: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    products: Option<&'a Products>,
}

fn sandbox() -> Archive {
    Archive {
        id: "sandbox".to_owned(),
        title: "Sandbox (synthetic)".to_owned(),
        place: Place::Inside,
        tap: "/tap-server/tap".to_owned(),
        data: Some("/data-server".to_owned()),
        transport: Transport::Gateway,
        prefixes: vec!["/tap-server".to_owned(), "/data-server".to_owned()],
        aliases: Vec::new(),
        capabilities: BTreeMap::from([("tap_plus".to_owned(), true), ("datalink".to_owned(), true)]),
        login: true,
        resolver: None,
        note: Some("A generated catalogue to try things on. Its stars are not real.".to_owned()),
        products: None,
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    archive: Vec<Entry>,
    #[serde(default)]
    sandbox: SandboxSection,
    #[serde(default)]
    server: Option<Spanned<Server>>,
    #[serde(default = "no_limits")]
    limits: Spanned<Limits>,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SandboxSection {
    enabled: bool,
}

impl Default for SandboxSection {
    fn default() -> Self {
        SandboxSection { enabled: true }
    }
}

fn no_limits() -> Spanned<Limits> {
    Spanned::new(0..0, Limits::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = "[[archive]]\nid = \"a\"\ntitle = \"A\"\n";

    /// The complaint about an entry with these lines added, as text.
    #[track_caller]
    fn complaint(lines: &str) -> String {
        Config::parse(&format!("{ENTRY}{lines}")).unwrap_err().to_string()
    }

    #[test]
    fn the_standard_configuration_has_the_sandbox_first() {
        let config = Config::standard().unwrap();
        let ids: Vec<&str> = config.archives.iter().map(|archive| archive.id.as_str()).collect();
        assert_eq!(ids, ["sandbox", "gaia"]);
        assert_eq!(config.archives[1].capabilities.get("tap_plus"), Some(&true));
    }

    #[test]
    fn one_url_makes_an_entry() {
        let config = Config::parse(&format!("{ENTRY}url = \"https://dc.example.org/tap/\"")).unwrap();
        let archive = config.archive("a").unwrap();
        assert_eq!(archive.tap, "/tap");
        assert_eq!(archive.prefixes, ["/tap", "/__system__/tap/run"]);
        let Place::Upstream { origin, allow_private } = &archive.place else { panic!("not upstream") };
        assert_eq!((origin.as_str(), *allow_private), ("https://dc.example.org/", false));
    }

    #[test]
    fn products_of_a_new_release_are_handed_on() {
        let lines = "url = \"https://a.example/tap\"\n[archive.products]\nretrieval_types = [{ name = \"X\", label = \"Exes\" }]";
        let config = Config::parse(&format!("{ENTRY}{lines}")).unwrap();
        let list: serde_json::Value = serde_json::from_slice(&config.archives_json("http://h")).unwrap();
        assert_eq!(list[1]["products"]["retrieval_types"][0]["label"], "Exes");
        assert_eq!(list[0].get("products"), None, "the page knows those of the sandbox");
        assert!(complaint("url = \"https://a.example/tap\"\n[archive.products]\ntypes = []").contains("types"));
    }

    #[test]
    fn a_service_at_the_root_has_an_empty_path() {
        let text = format!("{ENTRY}url = \"http://127.0.0.1:8080/\"\nallow_private = true");
        let config = Config::parse(&text).unwrap();
        assert_eq!(config.archive("a").unwrap().tap, "");
        assert_eq!(config.archive("a").unwrap().prefixes, ["/"]);
    }

    #[test]
    fn complaints_name_key_and_line() {
        let check = |lines: &str, line: usize, key: &str, words: &str| {
            let text = complaint(lines);
            assert!(text.starts_with(&format!("configuration, line {line}, {key}:")), "{text}");
            assert!(text.contains(words), "{text}");
        };
        check("url = \"http://h.example/tap\"", 4, "[[archive]] url", "https://");
        check("\nurl = \"https://192.0.2.1/tap\"", 5, "[[archive]] url", "address");
        check("url = \"https://[::1]/tap\"", 4, "[[archive]] url", "address");
        check("url = \"https://0x7f000001/tap\"", 4, "[[archive]] url", "address");
        check("url = \"https://u:p@h.example/tap\"", 4, "[[archive]] url", "user");
        check("url = \"ftp://h.example/tap\"", 4, "[[archive]] url", "https://");
        check("url = \"https://h.example./tap\"", 4, "[[archive]] url", "dot");
        check("public_url = \"https://h.example/x\"\ntap = \"/tap\"", 4, "[[archive]] public_url", "origin");
        check("public_url = \"https://h.example\"\ntap = \"tap\"", 5, "[[archive]] tap", "absolute");
        check("public_url = \"https://h.example\"\ntap = \"/a/../b\"", 5, "[[archive]] tap", "absolute");
        check("public_url = \"https://h.example\"", 4, "[[archive]] tap", "missing");
        check(
            "public_url = \"https://h.example\"\ntap = \"/tap\"\nprefixes = [\"/x\"]",
            5,
            "[[archive]] tap",
            "within",
        );
        check("url = \"https://h.example/tap\"\ntransport = \"pigeon\"", 5, "[[archive]] transport", "direct");
        check("url = \"https://h.example/tap\"\ncolour = 1", 5, "syntax", "colour");
        check(
            "url = \"https://h.example/tap\"\nresolver = \"http://h.example/r\"",
            5,
            "[[archive]] resolver",
            "https://",
        );
        check("note = \"x\"", 2, "[[archive]] url", "missing");
        check("url = \"https://h.example/tap\"\n[limits]\nstreams = 0", 5, "[limits] streams", "at least");
    }

    #[test]
    fn an_id_is_used_once_and_sandbox_is_taken() {
        let text = "[[archive]]\nid = \"sandbox\"\ntitle = \"x\"\nurl = \"https://h.example/tap\"";
        assert!(Config::parse(text).unwrap_err().to_string().contains("line 2, [[archive]] id"));
        let text = format!("{text}\n[sandbox]\nenabled = false");
        assert_eq!(Config::parse(&text).unwrap().archives.len(), 1);
        assert!(Config::parse("[sandbox]\nenabled = false").is_err());
    }

    #[test]
    fn the_list_for_the_page_has_the_agreed_keys() {
        let json = Config::standard().unwrap().archives_json("http://127.0.0.1:8080");
        let list: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(list[0]["id"], "sandbox");
        assert_eq!(list[0]["transport"], "gateway");
        assert_eq!(list[0]["public_url"], "http://127.0.0.1:8080/sandbox");
        assert_eq!(list[1]["public_url"], "https://gea.esac.esa.int");
        assert_eq!(list[1]["tap"], "/tap-server/tap");
        assert_eq!(list[1]["data"], "/data-server");
        assert_eq!(list[1]["capabilities"]["tap_plus"], true);
    }

    #[test]
    fn the_readme_is_a_configuration() {
        let readme = include_str!("../README.md");
        let blocks: Vec<&str> = readme.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        let config = Config::parse(&blocks.concat()).unwrap();
        let ids: Vec<&str> = config.archives.iter().map(|archive| archive.id.as_str()).collect();
        assert_eq!(ids, ["gavo", "local", "gaia"]);
        assert_eq!(config.limits, Limits::default());
        for field in ["first_byte", "header", "request_stall", "connect", "answer", "sync_answer", "stall", "grace"] {
            assert!(readme.contains(&format!("\n{field} = ")), "{field}");
        }
    }
}
