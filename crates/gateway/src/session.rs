//! Signing in to an archive and out again, as one act: `POST /gw/{id}/_login`, `POST /gw/{id}/_logout`, `GET /_session`.
//!
//! The two programs of a TAP+ archive, TAP server and data server, have sessions of their own. The page signs in to both or
//! to none. The password is in the body of one request, passed on in two, and kept nowhere.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use serde_json::json;
use tokio::time::timeout;

use crate::{
    answer::{self, Body, Refusal},
    config::Archive,
    limits::Progress,
    proxy::Errand,
    redirect::Mapped,
    target,
};

/// Largest form with a name and a password, bytes.
const LARGEST_FORM: usize = 8 * 1024;

/// How long signing out waits for an archive that does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The paths of the programs that have sessions: beside the TAP service, and below the data server.
fn contexts(archive: &Archive) -> Vec<&str> {
    let tap = archive.tap.rsplit_once('/').map_or("", |(parent, _)| parent);
    std::iter::once(tap).chain(archive.data.as_deref()).collect()
}

/// Signs in to all programs of the archive, or to none.
pub async fn login(errand: &Errand<'_>, request: Request<Incoming>) -> Result<Response<Body>, Refusal> {
    let id = errand.archive.id.as_str();
    let jar = errand.jar().ok_or_else(|| {
        let message = format!("signing in to {id} is not switched on at this gateway (`login = true`)");
        Refusal::new(StatusCode::FORBIDDEN, "login_off", message).of(id)
    })?;
    let (parts, body) = request.into_parts();
    let form = Limited::new(body, LARGEST_FORM).collect().await.map_err(|_| {
        Refusal::new(StatusCode::BAD_REQUEST, "bad_form", "the form with name and password could not be read").of(id)
    })?;
    let form = String::from_utf8_lossy(&form.to_bytes()).into_owned();
    let user = target::parameter(&form, "username").unwrap_or_default();
    if user.is_empty() || target::parameter(&form, "password").is_none() {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "bad_form", "name or password is missing").of(id));
    }
    let mut cookies = Vec::new();
    let mut entered = Vec::new();
    for context in contexts(errand.archive) {
        match enter(errand, context, &form).await {
            Ok(headers) => {
                cookies.extend(jar.down(&headers, &format!("{context}/login")));
                entered.push((context, headers));
            }
            Err(refusal) => {
                let accepted: Vec<&str> = entered.iter().map(|(context, _)| *context).collect();
                for (context, headers) in &entered {
                    leave(errand, context, session_of(headers)).await;
                }
                if refusal.code() != "login_refused" || accepted.is_empty() {
                    return Err(refusal);
                }
                // Name and password are right, so whoever is told that they are wrong would search in vain.
                let message = format!("{context} did not accept what {} accepted", accepted.join(" and "));
                return Err(Refusal::new(StatusCode::BAD_GATEWAY, "login_partly", message).of(id));
            }
        }
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    cookies.extend(jar.sign(&user, since));
    // What was left of an earlier session goes, unless it has been set anew.
    let named = |line: &HeaderValue| line.to_str().unwrap_or("").split('=').next().unwrap_or("").to_owned();
    let fresh: Vec<String> = cookies.iter().map(named).collect();
    let stale = jar.clear(&parts.headers).into_iter().filter(|line| !fresh.contains(&named(line)));
    cookies.extend(stale);
    Ok(with_cookies(&json!({ "user": user, "since": since }), cookies))
}

/// One program's session: the headers of its answer.
async fn enter(errand: &Errand<'_>, context: &str, form: &str) -> Result<HeaderMap, Refusal> {
    let id = errand.archive.id.as_str();
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    let place = Mapped { path: format!("{context}/login"), query: None };
    let body = answer::full(form.to_owned());
    let response = errand.send(&Method::POST, &place, headers, Some(body), &Progress::new()).await?;
    let status = response.status();
    // A 200 without a cookie is a session that nobody has.
    if status == StatusCode::OK && response.headers().contains_key(header::SET_COOKIE) {
        return Ok(response.headers().clone());
    }
    if status.is_server_error() {
        let message = format!("{id} could not sign in: {context} answered {status}");
        return Err(Refusal::new(StatusCode::BAD_GATEWAY, "login_unavailable", message).of(id));
    }
    let message = format!("{id} did not accept this name and password");
    Err(Refusal::new(StatusCode::UNAUTHORIZED, "login_refused", message).of(id))
}

/// The pairs of `Set-Cookie` as `Cookie`.
fn session_of(headers: &HeaderMap) -> Option<HeaderValue> {
    let lines = headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs: Vec<&str> = lines.filter_map(|line| line.split(';').next()).collect();
    HeaderValue::try_from(pairs.join("; ")).ok()
}

/// Ends one program's session, if the program answers in time.
async fn leave(errand: &Errand<'_>, context: &str, cookie: Option<HeaderValue>) -> bool {
    let Some(cookie) = cookie else { return true };
    let headers = HeaderMap::from_iter([(header::COOKIE, cookie)]);
    let place = Mapped { path: format!("{context}/logout"), query: None };
    let progress = Progress::new();
    let sent = errand.send(&Method::POST, &place, headers, Some(answer::empty()), &progress);
    timeout(PATIENCE, sent).await.is_ok_and(|answered| answered.is_ok_and(|response| response.status().is_success()))
}

/// Signs out everywhere; in the browser even if the archive does not answer.
pub async fn logout(errand: &Errand<'_>, client: &HeaderMap) -> Response<Body> {
    let Some(jar) = errand.jar() else { return with_cookies(&json!({ "ended": true }), Vec::new()) };
    let mut ended = true;
    for context in contexts(errand.archive) {
        ended &= leave(errand, context, jar.up(client, &format!("{context}/logout"))).await;
    }
    let mut response = with_cookies(&json!({ "ended": ended }), jar.clear(client));
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    response
}

/// An answer of JSON that sets cookies.
pub fn with_cookies(value: &serde_json::Value, cookies: Vec<HeaderValue>) -> Response<Body> {
    let mut response = Response::new(answer::full(value.to_string()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}
