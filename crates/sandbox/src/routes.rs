//! Which resource a path names.

use bytes::Bytes;
use http::{Method, Request, StatusCode};

use crate::archive::{Answer, Archive};
use crate::fault::Fault;
use crate::jobs::document::Style;
use crate::jobs::list;
use crate::jobs::routes::{Call, delete_jobs};
use crate::parameters::{Parameters, percent_decode};
use crate::{Time, availability, capabilities, examples, home, metadata, sync};

/// Where the TAP service lies on its host.
pub const TAP: &str = "/tap-server/tap";

/// Answers a request. `base` is the public address of the host.
pub fn answer(
    archive: &Archive,
    request: &Request<Bytes>,
    base: &str,
    arrival: Time,
    now: Time,
) -> Result<Answer, Fault> {
    let path = request.uri().path();
    let segments: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(percent_decode).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let ["tap-server", "tap", rest @ ..] = &segments[..] else {
        return Err(Fault::no_such_resource(path));
    };
    if request.body().len() > archive.config.upload_limit {
        return Err(Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "Upload limit exceeded"));
    }
    let parameters = Parameters::read(request)?;
    let method = request.method();
    let tap = format!("{base}{TAP}");
    let style = Style { tap: &tap, strict: archive.config.strict, metadata_only: false };
    let reading = matches!(*method, Method::GET | Method::HEAD);
    let readable = reading || *method == Method::POST;
    match rest {
        ["async", path @ ..] => {
            let call = Call { archive, method, parameters: &parameters, base, tap: &tap, arrival, now };
            call.answer(path)
        }
        _ if !readable => Err(Fault::new(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not possible here."))),
        [] => Ok(home::page(&tap)),
        ["tables"] => Ok(metadata::tables(archive, &parameters)),
        ["tables", name] => metadata::table(archive, name),
        ["capabilities"] => Ok(capabilities::document(archive, &tap)),
        ["availability"] => Ok(availability::document()),
        ["examples"] => Ok(examples::page(&tap)),
        ["sync"] => Ok(sync::answer(archive, &parameters, base, now)),
        ["jobs", "async"] => list::full(archive, &parameters, style, now),
        ["deletejobs"] if !reading => delete_jobs(archive, &parameters),
        _ => Err(Fault::no_such_resource(path)),
    }
}
