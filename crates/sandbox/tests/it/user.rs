//! Somebody who asks the service, signed in or not.

use bytes::Bytes;
use http::Request;

use crate::service::{self, Client, Response, Service, encode, id};

pub struct User<'a> {
    service: &'a Service,
    client: Option<Client<'a>>,
}

impl<'a> User<'a> {
    /// A user of the demo accounts, signed in.
    pub fn of(service: &'a Service, login: &str) -> User<'a> {
        User { service, client: Some(service.login(login)) }
    }

    pub fn nobody(service: &'a Service) -> User<'a> {
        User { service, client: None }
    }

    fn send(&self, request: Request<Bytes>) -> Response {
        match &self.client {
            Some(client) => client.send(request),
            None => self.service.send(request),
        }
    }

    /// A synchronous query as a request, to be sent from wherever.
    pub fn request(&self, query: &str) -> Request<Bytes> {
        let path = format!("/tap-server/tap/sync?LANG=ADQL&FORMAT=csv&QUERY={}", encode(query));
        let mut request = service::get(&path);
        if let Some(client) = &self.client {
            request.headers_mut().insert("cookie", client.cookies.parse().unwrap());
        }
        request
    }

    /// GET below `/tap-server/tap/`.
    pub fn get(&self, path: &str) -> Response {
        self.get_path(&format!("/tap-server/tap/{path}"))
    }

    /// GET of a whole path.
    pub fn get_path(&self, path: &str) -> Response {
        self.send(service::get(path))
    }

    /// POST of a form to a whole path.
    pub fn post(&self, path: &str, parameters: &[(&str, &str)]) -> Response {
        self.send(service::post(path, parameters))
    }

    /// POST of parameters and files to a whole path.
    pub fn multipart(&self, path: &str, parameters: &[(&str, &str)], files: &[(&str, &[u8])]) -> Response {
        self.send(service::multipart(path, parameters, files))
    }

    /// A synchronous query.
    pub fn query(&self, query: &str, format: &str) -> Response {
        self.post("/tap-server/tap/sync", &[("LANG", "ADQL"), ("FORMAT", format), ("QUERY", query)])
    }

    /// The rows of a synchronous query, as text.
    pub fn rows(&self, query: &str) -> Vec<Vec<String>> {
        self.query(query, "csv").csv()
    }

    /// Runs a query as a job; its identifier.
    pub fn run(&self, query: &str) -> String {
        let id = id(&self.post("/tap-server/tap/async", &[("LANG", "ADQL"), ("QUERY", query), ("PHASE", "RUN")]));
        self.service.work();
        id
    }

    /// Makes a table.
    pub fn upload(&self, parameters: &[(&str, &str)], file: &[u8]) -> Response {
        self.multipart("/tap-server/Upload", parameters, &[("FILE", file)])
    }

    /// Removes a table.
    pub fn remove(&self, parameters: &[(&str, &str)]) -> Response {
        self.post("/tap-server/Upload", &[&[("DELETE", "TRUE")], parameters].concat())
    }

    /// Changes tables.
    pub fn tool(&self, parameters: &[(&str, &str)]) -> Response {
        self.post("/tap-server/TableTool", parameters)
    }
}
