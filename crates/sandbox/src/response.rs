//! Responses: heads of the usual kinds, and bodies that are made chunk by chunk.

use bytes::Bytes;
use http::{Response, StatusCode, header};

use crate::Error;
use crate::archive::Answer;
use crate::fault::Fault;

/// The body of a response. Each chunk is made when it is taken, so a slow reader costs no memory.
pub struct Chunks(Box<dyn Iterator<Item = Result<Bytes, Error>> + Send>);

impl Chunks {
    /// A body from an iterator.
    pub fn new(chunks: impl Iterator<Item = Result<Bytes, Error>> + Send + 'static) -> Chunks {
        Chunks(Box::new(chunks))
    }

    /// A body in one piece.
    pub fn once(body: impl Into<Bytes>) -> Chunks {
        Chunks::new(std::iter::once(Ok(body.into())))
    }
}

impl Iterator for Chunks {
    type Item = Result<Bytes, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

/// Plain text, without a line end.
pub fn text(body: impl Into<String>) -> Answer {
    document("text/plain", body)
}

/// XML.
pub fn xml(body: impl Into<String>) -> Answer {
    document("text/xml", body)
}

/// A document of this media type.
pub fn document(kind: &str, body: impl Into<String>) -> Answer {
    with_status(StatusCode::OK, kind, body)
}

/// A document with another status than 200.
pub fn with_status(status: StatusCode, kind: &str, body: impl Into<String>) -> Answer {
    let body = Bytes::from(body.into());
    let head = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .header(header::CONTENT_LENGTH, body.len())
        .header(header::CACHE_CONTROL, "no-store");
    ready(head, Chunks::once(body))
}

/// 303 to another address.
pub fn see_other(location: &str) -> Answer {
    let head = Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, location)
        .header(header::CONTENT_TYPE, "text/plain")
        .header(header::CONTENT_LENGTH, 1);
    ready(head, Chunks::once("\n"))
}

/// The page for a request that is not a query and fails.
pub fn refusal(fault: &Fault, action: &str) -> Answer {
    with_status(fault.status, "text/html;charset=UTF-8", fault.html(action))
}

/// The VOTable for a query that fails.
pub fn refused_query(fault: &Fault, action: &str, strict: bool) -> Answer {
    let body = fault.votable(i32::from(fault.status.as_u16()), action, strict);
    with_status(fault.status, "application/x-votable+xml", body)
}

/// A response of this head and body; a head that cannot be sent becomes a bare 500.
pub fn ready(head: http::response::Builder, body: Chunks) -> Answer {
    match head.body(()) {
        Ok(response) => Answer::Ready(response.into_parts().0, body),
        Err(_) => {
            let mut response = Response::new(());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            Answer::Ready(response.into_parts().0, Chunks::once("the response has a header that cannot be sent"))
        }
    }
}
