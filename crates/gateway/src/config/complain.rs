//! Checks of single values; each complaint names the key and the line.

use std::{net::IpAddr, ops::Range};

use reqwest::Url;
use toml::Spanned;

use super::Server;
use crate::{Error, target};

/// Makes complaints with the key and the line.
pub struct Complain<'a> {
    /// The whole file.
    pub text: &'a str,
}

impl Complain<'_> {
    /// A complaint about a key of an `[[archive]]`.
    pub fn archive(&self, key: &str, at: &Spanned<String>, message: String) -> Error {
        self.at(format!("[[archive]] {key}"), at.span(), message)
    }

    fn at(&self, key: String, span: Range<usize>, message: String) -> Error {
        Error::Config { line: line_of(self.text, span.start), key, message }
    }

    /// A path of an archive; `/` is all of it.
    pub fn path(&self, key: &str, path: &Spanned<String>) -> Result<String, Error> {
        if path.get_ref() == "/" {
            return Ok("/".to_owned());
        }
        self.path_only(key, path)
    }

    /// A path of an archive below its root.
    pub fn path_only(&self, key: &str, path: &Spanned<String>) -> Result<String, Error> {
        let text = path.get_ref();
        if !text.starts_with('/') || text.ends_with('/') || text.contains('%') || target::clean(text).is_err() {
            let message =
                format!("\"{text}\" must be a path such as \"/path/tap\": absolute, without a slash at its end");
            return Err(self.archive(key, path, message));
        }
        Ok(text.clone())
    }

    /// A URL that is an origin and nothing more.
    pub fn origin(&self, key: &str, text: &Spanned<String>, allow_private: bool) -> Result<Url, Error> {
        let url = self.url(key, text, allow_private)?;
        if url.path() != "/" {
            let message =
                format!("\"{}\" must be an origin, without a path: the path belongs to `tap`", text.get_ref());
            return Err(self.archive(key, text, message));
        }
        Ok(url)
    }

    /// An address that the gateway may contact.
    pub fn url(&self, key: &str, text: &Spanned<String>, allow_private: bool) -> Result<Url, Error> {
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

    /// Section `[server]`, checked.
    pub fn server(&self, section: Option<Spanned<Server>>) -> Result<Server, Error> {
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

/// The line, from 1, of a byte of the file.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|&byte| byte == b'\n').count() + 1
}
