//! A request taken apart again: which resource of the archive, which parameters, which files.

use super::Setting;
use crate::request::{Body, Method, Part, Request, pairs_of, parts_of, percent_decoded};

/// A resource of the archive, by the application that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resource {
    /// Below TAP: `sync`, `jobs/async`, `share` …
    Tap(String),
    /// Beside TAP, or the same in the data server: `login`, `Upload` …
    Server(String),
    /// Below the data server: `datalink/links`, `data`.
    Data(String),
    /// Of a gateway, for all applications at once: `_login`, `_logout`.
    Gateway(String),
    /// A job: its public URL, and what is asked of it (`phase`, `results/result`, or nothing).
    Job(String, String),
    /// Anything else.
    Other,
}

/// A request, read.
pub(super) struct Call {
    pub method: Method,
    pub resource: Resource,
    /// The public address without its query string.
    pub address: String,
    /// The query string as it is, if it is not made of parameters.
    pub opaque_query: Option<String>,
    /// Parameters of address and body.
    pub parameters: Vec<(String, String)>,
    /// Parts that are files.
    pub files: Vec<Part>,
}

impl Call {
    pub fn of(request: &Request, setting: &Setting<'_>) -> Self {
        let public = setting.public(&request.url);
        let (address, query) = public.split_once('?').unwrap_or((&public, ""));
        let (mut parameters, opaque_query) = match pairs_of(query) {
            Some(pairs) => (pairs, None),
            None => (Vec::new(), Some(query.to_owned())),
        };
        let mut files = Vec::new();
        match &request.body {
            Body::None => {}
            Body::Form(text) => parameters.extend(pairs_of(text).unwrap_or_default()),
            Body::Multipart { boundary, bytes } => {
                for part in parts_of(boundary, bytes) {
                    match part.file {
                        Some(_) => files.push(part),
                        None => parameters.push((part.name, part.value)),
                    }
                }
            }
        }
        let path = setting.path(&request.url).unwrap_or_default();
        let path = path.split('?').next().unwrap_or_default();
        let resource = resource(path, address, setting);
        Self { method: request.method, resource, address: address.to_owned(), opaque_query, parameters, files }
    }

    /// The first parameter of that name that says something.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    pub fn is(&self, name: &str, value: &str) -> bool {
        self.get(name).is_some_and(|found| found.eq_ignore_ascii_case(value))
    }

    /// A parameter that is a number, as written.
    pub fn number(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| value.bytes().all(|b| b.is_ascii_digit()))
    }

    pub fn is_post(&self) -> bool {
        self.method == Method::Post
    }

    /// Whether a job is destroyed, which is answered with the whole job list.
    pub fn deletes_job(&self) -> bool {
        self.method == Method::Delete || (matches!(self.resource, Resource::Job(..)) && self.is("ACTION", "DELETE"))
    }

    /// The last segment of a job's URL.
    pub fn job_id(&self) -> Option<String> {
        let Resource::Job(url, _) = &self.resource else { return None };
        url.rsplit('/').next().map(|id| percent_decoded(id, false))
    }

    /// Names of tables and files that go along with a query.
    pub fn uploads(&self) -> Vec<(&str, &str)> {
        let pairs = self.get("UPLOAD").unwrap_or_default();
        let file = |part: &str| self.files.iter().find(|file| file.name == part)?.file.as_ref();
        let upload = |pair: &'_ str| {
            let (table, source) = pair.split_once(',')?;
            let (name, _) = file(source.strip_prefix("param:")?)?;
            Some((table.len(), name.as_str()))
        };
        // The table's name is a part of the parameter, which lives as long as the call.
        pairs.split(';').filter_map(|pair| upload(pair).map(|(end, name)| (&pair[..end], name))).collect()
    }
}

fn resource(path: &str, public: &str, setting: &Setting<'_>) -> Resource {
    let below = |base: &str| {
        let rest = path.strip_prefix(base.trim_end_matches('/'))?.strip_prefix('/')?;
        Some(rest.trim_end_matches('/').to_owned())
    };
    if let Some(at) = path.find("/async/") {
        let id = &path[at + 7..];
        let (id, rest) = id.split_once('/').unwrap_or((id, ""));
        if !id.is_empty() {
            let rest = rest.trim_end_matches('/');
            let whole = public.trim_end_matches('/');
            let url = whole.strip_suffix(rest).unwrap_or(whole).trim_end_matches('/');
            return Resource::Job(url.to_owned(), rest.to_owned());
        }
    }
    if let Some(rest) = below(setting.tap) {
        return Resource::Tap(rest);
    }
    if let Some(rest) = setting.data.and_then(below) {
        let session = matches!(rest.as_str(), "login" | "logout");
        return if session { Resource::Server(rest) } else { Resource::Data(rest) };
    }
    let server = setting.tap.trim_end_matches('/').rsplit_once('/').map_or("", |(server, _)| server);
    match (below(""), below(server)) {
        (Some(rest), _) if matches!(rest.as_str(), "_login" | "_logout") => Resource::Gateway(rest),
        (_, Some(rest)) => Resource::Server(rest),
        _ => Resource::Other,
    }
}
