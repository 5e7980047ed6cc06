//! Somebody who asks the service, signed in or not.

use bytes::Bytes;
use http::Request;

use crate::service::{Response, Service, encode, id};

pub struct User<'a> {
    service: &'a Service,
    cookie: Option<String>,
}

impl<'a> User<'a> {
    /// A user of the demo accounts, signed in.
    pub fn of(service: &'a Service, login: &str) -> User<'a> {
        let nobody = User::nobody(service);
        let response = nobody.post("/tap-server/login", &[("username", login), ("password", login)]);
        assert_eq!(response.status, 200);
        let cookies = response.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        let cookie = cookies.map(|line| line.split(';').next().unwrap()).collect::<Vec<_>>().join("; ");
        User { service, cookie: Some(cookie) }
    }

    pub fn nobody(service: &'a Service) -> User<'a> {
        User { service, cookie: None }
    }

    fn send(&self, request: http::request::Builder, body: impl Into<Bytes>) -> Response {
        let request = match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        self.service.send(request.body(body.into()).unwrap())
    }

    /// A synchronous query as a request, to be sent from wherever.
    pub fn request(&self, query: &str) -> Request<Bytes> {
        let path = format!("/tap-server/tap/sync?LANG=ADQL&FORMAT=csv&QUERY={}", encode(query));
        let request = Request::get(path).header("cookie", self.cookie.as_deref().unwrap_or_default());
        request.body(Bytes::new()).unwrap()
    }

    /// GET below `/tap-server/tap/`.
    pub fn get(&self, path: &str) -> Response {
        self.get_path(&format!("/tap-server/tap/{path}"))
    }

    /// GET of a whole path.
    pub fn get_path(&self, path: &str) -> Response {
        self.send(Request::get(path), Bytes::new())
    }

    /// POST of a form to a whole path.
    pub fn post(&self, path: &str, parameters: &[(&str, &str)]) -> Response {
        let form: Vec<String> = parameters.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request, form.join("&"))
    }

    /// POST of parameters and files to a whole path.
    pub fn multipart(&self, path: &str, parameters: &[(&str, &str)], files: &[(&str, &[u8])]) -> Response {
        let mut body = Vec::new();
        for (name, value) in parameters {
            body.extend(format!("--sep\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for (name, content) in files {
            let file = if content.is_empty() { "" } else { name };
            let head = format!("--sep\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n");
            body.extend(head.bytes());
            body.extend_from_slice(content);
            body.extend(b"\r\n");
        }
        body.extend(b"--sep--\r\n");
        self.send(Request::post(path).header("content-type", "multipart/form-data; boundary=sep"), body)
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
