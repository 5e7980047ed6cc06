//! One `[[archive]]` entry: what may be left out, and what must fit together.

use std::collections::BTreeMap;

use reqwest::Url;
use serde::Deserialize;
use toml::Spanned;

use super::{Archive, Place, Products, Transport, complain::Complain};
use crate::{Error, target};

/// One `[[archive]]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub id: Spanned<String>,
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
    products: Option<Products>,
    resolver: Option<Spanned<String>>,
    #[serde(default)]
    login: bool,
    #[serde(default)]
    allow_private: bool,
}

impl Entry {
    /// The archive that the entry describes.
    pub fn check(&self, complain: &Complain) -> Result<Archive, Error> {
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
        let service = if tap.is_empty() { "/" } else { &tap };
        let service_at = self.tap.as_ref().or(self.url.as_ref());
        for (key, path, at) in [("tap", Some(service), service_at), ("data", data.as_deref(), self.data.as_ref())] {
            if path.is_some_and(|path| !target::within(path, &prefixes)) {
                let at = at.unwrap_or(&self.id);
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
        let resolver =
            self.resolver.as_ref().map(|url| complain.url("resolver", url, self.allow_private)).transpose()?;
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
            login: self.login,
            resolver,
            note: self.note.clone(),
            products: self.products.clone(),
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
