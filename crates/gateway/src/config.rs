//! The operator's file: which archives there are, how they are reached, and the limits.
//!
//! One `[[archive]]` entry for each archive; `/archives.json`, from which the page learns its archives, is generated from
//! them. Every complaint names the key and the line.

use std::{collections::BTreeMap, net::IpAddr, ops::Range};

use reqwest::Url;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::{Error, limits::Limits, target};

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
    /// A sentence for people, shown beside the title.
    pub note: Option<String>,
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
                // The sandbox names itself by the address that programs on this machine can use.
                Place::Inside => format!("{base}/sandbox"),
            },
            tap: &self.tap,
            data: self.data.as_deref(),
            transport: self.transport,
            prefixes: &self.prefixes,
            aliases: self.aliases.iter().map(|alias| alias.as_str().trim_end_matches('/').to_owned()).collect(),
            capabilities: &self.capabilities,
            note: self.note.as_deref(),
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
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
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
        note: Some("A generated catalogue to try things on. Its stars are not real.".to_owned()),
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

/// One `[[archive]]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    title: Spanned<String>,
    url: Option<Spanned<String>>,
    public_url: Option<Spanned<String>>,
    tap: Option<Spanned<String>>,
    data: Option<Spanned<String>>,
    transport: Option<Spanned<String>>,
    prefixes: Option<Vec<Spanned<String>>>,
    aliases: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    capabilities: BTreeMap<String, bool>,
    note: Option<String>,
    #[serde(default)]
    allow_private: bool,
}

impl Entry {
    fn check(&self, complain: &Complain) -> Result<Archive, Error> {
        let id = self.id.get_ref();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if id.is_empty() || id.len() > 32 || !id.bytes().all(plain) || id.starts_with('-') {
            let message = "must be 1 to 32 characters of a-z, 0-9 and -".to_owned();
            return Err(complain.archive("id", &self.id, message));
        }
        let title = self.title.get_ref().trim();
        if title.is_empty() {
            return Err(complain.archive("title", &self.title, "must not be empty".to_owned()));
        }
        let (origin, tap) = self.service(complain)?;
        let data = match &self.data {
            None => None,
            Some(path) => Some(complain.path("data", path)?),
        };
        let prefixes = match &self.prefixes {
            Some(prefixes) => {
                prefixes.iter().map(|path| complain.path("prefixes", path)).collect::<Result<Vec<_>, _>>()?
            }
            None => self.default_prefixes(&tap, &data),
        };
        for (key, path) in [("tap", Some(&tap)), ("data", data.as_ref())] {
            if path.is_some_and(|path| !target::within(path, &prefixes)) {
                let at = self.tap.as_ref().or(self.url.as_ref()).unwrap_or(&self.id);
                return Err(complain.archive(key, at, "is not within `prefixes`".to_owned()));
            }
        }
        let transport = match self.transport.as_ref().map(|name| (name, name.get_ref().as_str())) {
            None | Some((_, "gateway")) => Transport::Gateway,
            Some((_, "direct")) => Transport::Direct,
            Some((at, _)) => {
                let message = "must be \"gateway\" or \"direct\"".to_owned();
                return Err(complain.archive("transport", at, message));
            }
        };
        let aliases = self.aliases.iter().flatten();
        Ok(Archive {
            id: id.clone(),
            title: title.to_owned(),
            place: Place::Upstream { origin, allow_private: self.allow_private },
            tap,
            data,
            transport,
            prefixes,
            aliases: aliases.map(|alias| complain.origin("aliases", alias, true)).collect::<Result<_, _>>()?,
            capabilities: self.capabilities.clone(),
            note: self.note.clone(),
        })
    }

    /// Origin and TAP path: from `url` alone, or from `public_url` and `tap`.
    fn service(&self, complain: &Complain) -> Result<(Url, String), Error> {
        match (&self.url, &self.public_url, &self.tap) {
            (Some(url), None, None) => {
                let parsed = complain.url("url", url, self.allow_private)?;
                let decoded = target::decode(parsed.path()).unwrap_or_default();
                let path = Spanned::new(url.span(), decoded.trim_end_matches('/').to_owned());
                let tap = if path.get_ref().is_empty() { String::new() } else { complain.path_only("url", &path)? };
                let mut origin = parsed;
                origin.set_path("/");
                Ok((origin, tap))
            }
            (None, Some(public_url), Some(tap)) => Ok((
                complain.origin("public_url", public_url, self.allow_private)?,
                if tap.get_ref() == "/" { String::new() } else { complain.path_only("tap", tap)? },
            )),
            (Some(url), _, _) => {
                Err(complain.archive("url", url, "stands alone: leave out `public_url` and `tap`".to_owned()))
            }
            (None, Some(at), None) => {
                Err(complain.archive("tap", at, "is missing: the path of the service".to_owned()))
            }
            (None, None, _) => {
                let message = "is missing: write url = \"https://host/path/tap\"".to_owned();
                Err(complain.archive("url", &self.id, message))
            }
        }
    }

    fn default_prefixes(&self, tap: &str, data: &Option<String>) -> Vec<String> {
        let mut prefixes = vec![if tap.is_empty() { "/".to_owned() } else { tap.to_owned() }];
        prefixes.extend(data.clone());
        // GAVO DaCHS answers the creation of a job with the path that it uses within, not with the one it was asked by.
        if self.url.is_some() && !tap.is_empty() {
            prefixes.push("/__system__/tap/run".to_owned());
        }
        prefixes
    }
}

/// Makes complaints with the key and the line.
struct Complain<'a> {
    text: &'a str,
}

impl Complain<'_> {
    fn archive(&self, key: &str, at: &Spanned<String>, message: String) -> Error {
        self.at(format!("[[archive]] {key}"), at.span(), message)
    }

    fn at(&self, key: String, span: Range<usize>, message: String) -> Error {
        Error::Config { line: line_of(self.text, span.start), key, message }
    }

    fn path(&self, key: &str, path: &Spanned<String>) -> Result<String, Error> {
        if path.get_ref() == "/" {
            return Ok("/".to_owned());
        }
        self.path_only(key, path)
    }

    fn path_only(&self, key: &str, path: &Spanned<String>) -> Result<String, Error> {
        let text = path.get_ref();
        if !text.starts_with('/') || text.ends_with('/') || text.contains('%') || target::clean(text).is_err() {
            let message =
                format!("\"{text}\" must be a path such as \"/path/tap\": absolute, without a slash at its end");
            return Err(self.archive(key, path, message));
        }
        Ok(text.clone())
    }

    /// A URL that is an origin and nothing more.
    fn origin(&self, key: &str, text: &Spanned<String>, allow_private: bool) -> Result<Url, Error> {
        let url = self.url(key, text, allow_private)?;
        if url.path() != "/" {
            let message =
                format!("\"{}\" must be an origin, without a path: the path belongs to `tap`", text.get_ref());
            return Err(self.archive(key, text, message));
        }
        Ok(url)
    }

    fn url(&self, key: &str, text: &Spanned<String>, allow_private: bool) -> Result<Url, Error> {
        let fail = |why: &str| Err(self.archive(key, text, format!("\"{}\" {why}", text.get_ref())));
        let Ok(url) = Url::parse(text.get_ref()) else { return fail("is no URL") };
        if !matches!(url.scheme(), "https" | "http") {
            return fail("must begin with https://");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return fail("must not carry a user or a password");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return fail("must end with its path");
        }
        let Some(host) = url.host_str() else { return fail("names no host") };
        if host.ends_with('.') {
            return fail("must not end its host with a dot");
        }
        if !allow_private {
            if url.scheme() != "https" {
                return fail("must begin with https:// (http needs allow_private = true)");
            }
            if host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
                return fail("must name its host, not an address (an address needs allow_private = true)");
            }
        }
        Ok(url)
    }

    fn server(&self, section: Option<Spanned<Server>>) -> Result<Server, Error> {
        let Some(section) = section else { return Ok(Server::default()) };
        let span = section.span();
        let mut server = section.into_inner();
        let named = server.public_url.iter().map(|url| ("public_url", url));
        for (key, url) in named.chain(server.frame_ancestors.iter().map(|url| ("frame_ancestors", url))) {
            let plain = Url::parse(url)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none());
            // A blank or a semicolon would end the directive of the policy in which it is written.
            if plain.is_none() || url.contains([' ', ';', ',']) {
                let message = format!("\"{url}\" must be an origin such as \"https://gaia.example.edu\"");
                return Err(self.at(format!("[server] {key}"), span, message));
            }
        }
        server.public_url = server.public_url.map(|url| url.trim_end_matches('/').to_ascii_lowercase());
        Ok(server)
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|&byte| byte == b'\n').count() + 1
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
