//! Which resource a path names.

use bytes::Bytes;
use http::{Method, Request, StatusCode};

use crate::archive::{Answer, Archive};
use crate::call::Call;
use crate::fault::Fault;
use crate::jobs::list;
use crate::jobs::routes::delete_jobs;
use crate::parameters::{Parameters, percent_decode};
use crate::session::{self, Context};
use crate::{
    Time, availability, capabilities, datalink, events, examples, glots, home, metadata, notifications, share, sync,
    table_tool, user_tables, users,
};

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
    let (context, rest) = match &segments[..] {
        ["tap-server", rest @ ..] => (Context::Tap, rest),
        ["data-server", rest @ ..] => (Context::Data, rest),
        _ => return Err(Fault::no_such_resource(path)),
    };
    if request.body().len() > archive.config.upload_limit {
        return Err(Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "Upload limit exceeded"));
    }
    let parameters = Parameters::read(request)?;
    let (config, method) = (&archive.config, request.method());
    let cookie = session::cookie_name(config.legacy);
    let caller = archive.sessions.caller(request.headers(), context, cookie, now, config.session_time);
    let tap = format!("{base}{TAP}");
    let call = Call { archive, method, parameters: &parameters, caller: &caller, base, tap: &tap, arrival, now };
    match (context, rest) {
        (_, ["login"]) => session::login(&call, request, context),
        (_, ["logout"]) => session::logout(&call, request, context),
        (Context::Tap, ["Upload"]) => user_tables::upload(&call),
        (Context::Tap, ["TableTool"]) => table_tool::answer(&call),
        (Context::Tap, ["tap", rest @ ..]) => tap_service(&call, rest, path),
        (Context::Data, ["datalink", "links"]) => datalink::links(&call),
        (Context::Data, ["data"]) => datalink::data(&call),
        _ => Err(Fault::no_such_resource(path)),
    }
}

/// What lies below `/tap-server/tap`.
fn tap_service(call: &Call<'_>, rest: &[&str], path: &str) -> Result<Answer, Fault> {
    let archive = call.archive;
    if let ["async", path @ ..] = rest {
        return call.jobs(path);
    }
    if !call.reading() && *call.method != Method::POST {
        return Err(Fault::method_not_allowed(call.method));
    }
    let user = call.caller.user.as_deref();
    match rest {
        [] => Ok(home::page(call.tap)),
        ["tables"] => metadata::tables(call),
        ["tables", name] => metadata::table(call, name),
        ["capabilities"] => Ok(capabilities::document(archive, call.tap)),
        ["availability"] => Ok(availability::document()),
        ["examples"] => Ok(examples::page(call.tap)),
        ["sync"] => Ok(sync::answer(call)),
        ["glots"] => Ok(glots::answer(call)),
        ["jobs", "async"] => list::full(call, archive.jobs.of(user, call.now)),
        ["jobs", "sync"] => list::full(call, archive.jobs.remembered(user)),
        ["deletejobs"] => delete_jobs(call),
        ["share"] => share::answer(call),
        ["users"] => users::answer(call),
        ["event"] => events::answer(call),
        ["notification"] => notifications::answer(call),
        _ => Err(Fault::no_such_resource(path)),
    }
}
