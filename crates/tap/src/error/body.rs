//! The shapes in which services send errors, all of them turned into one.

use super::{Error, ErrorKind, Position, RetryAfter, ServiceError, position::token, redact};
use crate::{
    html,
    xml::{self, Element, Step, Walker},
};

/// Bodies of errors are small; of a large one the beginning is enough.
const MOST: usize = 256 << 10;
/// Messages longer than this are cut; the query is often repeated in them.
const LONGEST_MESSAGE: usize = 4000;

pub(super) fn from_response(
    status: u16,
    content_type: Option<&str>,
    retry_after: Option<RetryAfter>,
    body: &[u8],
) -> Error {
    let decoded = xml::decode(&body[..body.len().min(MOST)]);
    let text = decoded.trim();
    let found = message_in(content_type, text);
    let status = if status == 200 { found.status.unwrap_or(status) } else { status };
    let message = clean(&found.message);
    let kind = kind_of(status, &found, &message, retry_after);
    let message = if message.is_empty() { without_message(status, &kind) } else { message };
    finish(status, kind, message).into()
}

/// The error in an answer that has a good status: an HTML page, or a VOTable whose QUERY_STATUS is ERROR.
/// `start` is the beginning of the body, the more the better; `None` if there is no error to be seen in it.
pub fn error_in_ok_body(content_type: Option<&str>, start: &[u8]) -> Option<Error> {
    // Compressed results are no text and no error.
    if start.starts_with(&[0x1F, 0x8B]) || start.starts_with(b"PK\x03\x04") {
        return None;
    }
    let decoded = xml::decode(&start[..start.len().min(MOST)]);
    let text = decoded.trim_start();
    let is_error = looks_like_html(content_type, text)
        || (looks_like_xml(text)
            // A cheap look first: results pass through here.
            && ((text.contains("QUERY_STATUS") && votable_error(text).is_some()) || root_is(text, "errorSummary")));
    is_error.then(|| from_response(200, content_type, None, start))
}

/// An error in a query, told by a message alone.
pub(super) fn query_error(status: u16, message: &str) -> ServiceError {
    let message = clean(message);
    let kind = if speaks_of_quota(&message) { ErrorKind::Quota } else { ErrorKind::Query };
    let message = if message.is_empty() { without_message(status, &kind) } else { message };
    finish(status, kind, message)
}

/// Whether this is a page for people, by its beginning; its type alone is not enough, since services send tables
/// and documents as `text/html` too.
fn looks_like_html(content_type: Option<&str>, text: &str) -> bool {
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    let head: String = text.chars().take(512).collect::<String>().to_ascii_lowercase();
    if head.starts_with("<!doctype html") || head.starts_with("<html") {
        return true;
    }
    if head.starts_with("<?xml") || head.starts_with("<!--") {
        return head.contains("<!doctype html") || root_is(text, "html");
    }
    let typed = content_type.is_some_and(|value| value.trim().to_ascii_lowercase().starts_with("text/html"));
    let name = head.strip_prefix('<').unwrap_or_default();
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    typed
        && matches!(
            name,
            "head"
                | "title"
                | "meta"
                | "body"
                | "h1"
                | "h2"
                | "h3"
                | "p"
                | "div"
                | "center"
                | "b"
                | "pre"
                | "ul"
                | "br"
                | "font"
                | "table"
                | "script"
                | "style"
                | "form"
        )
}

/// The title of a page, as plain text.
fn title_of(text: &str) -> Option<String> {
    let title = html::to_text(
        between(text, "<title", "</title>").and_then(|inner| inner.split_once('>').map(|(_, title)| title))?,
    );
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then_some(title)
}

/// What was found in a body.
#[derive(Default)]
struct Found {
    message: String,
    /// From a VOTable or error summary: then the query is at fault unless the status says otherwise.
    of_query: bool,
    html_title: Option<Option<String>>,
    /// A page that says `SERVICE ERROR` carries a message of the service, others are only pages.
    html_message: bool,
    status: Option<u16>,
}

fn message_in(content_type: Option<&str>, text: &str) -> Found {
    if looks_like_html(content_type, text) {
        return html_message(text);
    }
    if looks_like_xml(text) {
        return xml_message(text);
    }
    if text.starts_with('{')
        && let Some(message) = json_message(text)
    {
        return Found { message, ..Found::default() };
    }
    Found { message: plain_message(text), ..Found::default() }
}

fn kind_of(status: u16, found: &Found, message: &str, retry_after: Option<RetryAfter>) -> ErrorKind {
    if status == 507 || speaks_of_quota(message) {
        return ErrorKind::Quota;
    }
    if let Some(kind) = kind_of_page(status, found, message) {
        return kind;
    }
    match status {
        401 => ErrorKind::Unauthorized,
        403 | 530 | 550 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        413 => ErrorKind::TooLarge,
        429 => ErrorKind::TooMany { retry_after },
        502..=504 => ErrorKind::Unavailable { retry_after },
        _ if message.to_ascii_lowercase().contains("upload limit exceeded") => ErrorKind::TooLarge,
        // Services send errors of queries with 400, with 200 and, some, with 500.
        // A failure without a word says nothing of the query.
        500.. if message.is_empty() => ErrorKind::Server,
        _ if found.of_query => ErrorKind::Query,
        400 | 422 if Position::find(message).is_some() => ErrorKind::Query,
        400..=499 => ErrorKind::BadRequest,
        500..=599 => ErrorKind::Server,
        _ => ErrorKind::Other,
    }
}

/// A page without a message of the service's own: with a good status it is the page that matters, with a bad one
/// only whether it speaks of maintenance.
fn kind_of_page(status: u16, found: &Found, message: &str) -> Option<ErrorKind> {
    let title = found.html_title.as_ref().filter(|_| !found.html_message)?.clone();
    let words = format!("{} {message}", title.as_deref().unwrap_or_default()).to_ascii_lowercase();
    let says = |signs: &[&str]| signs.iter().any(|sign| words.contains(sign));
    if says(&["maintenance", "downtime", "out of service"]) && !(400..500).contains(&status) {
        return Some(ErrorKind::Maintenance { title });
    }
    match status {
        0..400 if says(&["unavailable", "is down", "be back"]) => Some(ErrorKind::Maintenance { title }),
        0..400 => Some(ErrorKind::HtmlPage { title }),
        _ => None,
    }
}

fn finish(status: u16, kind: ErrorKind, message: String) -> ServiceError {
    let about_query = matches!(kind, ErrorKind::Query | ErrorKind::BadRequest | ErrorKind::Server);
    let position = about_query.then(|| Position::find(&message)).flatten();
    let token = about_query.then(|| token(&message)).flatten();
    ServiceError { status, kind, message, position, token }
}

fn speaks_of_quota(message: &str) -> bool {
    let lower = message.to_ascii_lowercase();
    lower.contains("quota")
        && ["exceed", "reached", "over quota", "full", "insufficient"].iter().any(|word| lower.contains(word))
}

fn without_message(status: u16, kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::Maintenance { title: Some(title) } | ErrorKind::HtmlPage { title: Some(title) } => title.clone(),
        ErrorKind::HtmlPage { title: None } | ErrorKind::Maintenance { title: None } => {
            "a web page without a title".to_owned()
        }
        _ if status == 200 || status == 0 => "an error without a message".to_owned(),
        _ => format!("HTTP {status} without a message"),
    }
}

/// Without leaks, without the `null` that Java says for no message, and not too long.
fn clean(message: &str) -> String {
    let message = redact(message);
    let says_something = message.contains(char::is_alphanumeric);
    if !says_something || matches!(message.trim(), "null" | "None" | "Error 500: null") {
        return String::new();
    }
    match message.char_indices().nth(LONGEST_MESSAGE) {
        Some((at, _)) => format!("{}…", &message[..at]),
        None => message,
    }
}

fn looks_like_xml(text: &str) -> bool {
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    text.starts_with("<?xml")
        || (text.starts_with('<') && text[1..].starts_with(|c: char| c.is_alphabetic() || c == '!' || c == '_'))
}

fn root_is(text: &str, name: &str) -> bool {
    let root = Walker::new(text, "error").and_then(|mut walker| walker.next());
    matches!(root, Ok(Step::Start(root)) if root.is(name))
}

fn xml_message(text: &str) -> Found {
    if let Some(found) = votable_error(text) {
        return found;
    }
    let (root, _) = xml::parse_partly(text, "error");
    let Some(root) = root else {
        return Found { message: plain_message(text), ..Found::default() };
    };
    if let Some(summary) = if root.is("errorSummary") { Some(&root) } else { root.child("errorSummary") } {
        return Found {
            message: summary.child_text("message").unwrap_or_default(),
            of_query: true,
            ..Found::default()
        };
    }
    Found { message: html::to_text(&root.all_text()), ..Found::default() }
}

/// An INFO named QUERY_STATUS with value ERROR; the rest of the document may be cut or wrong.
fn votable_error(text: &str) -> Option<Found> {
    let (root, _) = xml::parse_partly(text, "VOTable");
    let root = root?;
    if !root.is("VOTABLE") {
        return None;
    }
    let mut infos = Vec::new();
    collect_infos(&root, &mut infos);
    // A service may say OK before the table and ERROR behind it: the last word counts.
    let status = infos.iter().rev().find(|info| named(info, "QUERY_STATUS"))?;
    let value = status.attribute("value")?.trim();
    let word = value.get(..5).filter(|word| word.eq_ignore_ascii_case("ERROR"))?;
    // The message is the text; some services put it behind the word.
    let message = match status.text.trim() {
        "" => value[word.len()..].trim_start_matches([':', ' ', '-']),
        text => text,
    };
    let code = infos
        .iter()
        .find(|info| named(info, "HttpErrorCode"))
        .and_then(|info| info.attribute("value")?.trim().parse::<u16>().ok());
    Some(Found {
        message: message.to_owned(),
        of_query: true,
        status: code.filter(|code| (400..600).contains(code)),
        ..Found::default()
    })
}

fn collect_infos<'a>(element: &'a Element, out: &mut Vec<&'a Element>) {
    for child in &element.children {
        if child.is("INFO") {
            out.push(child);
        } else if child.is("RESOURCE") {
            collect_infos(child, out);
        }
    }
}

fn named(info: &Element, name: &str) -> bool {
    info.attribute("name").is_some_and(|value| value.trim().eq_ignore_ascii_case(name))
}

fn html_message(text: &str) -> Found {
    let title = title_of(text);
    let heading = heading_of(text);
    // ESA's pages, then those of Tomcat.
    for (open, close) in [
        ("<b>message: </b>", "</li>"),
        ("<b>message:</b>", "</li>"),
        ("<b>message</b>", "</p>"),
        ("<b>description</b>", "</p>"),
    ] {
        if let Some(inner) = between(text, open, close) {
            let message = html::to_text(inner);
            return Found {
                message,
                html_title: Some(title),
                html_message: true,
                status: status_of(&heading),
                ..Found::default()
            };
        }
    }
    let message = match (&title, heading.trim()) {
        (Some(title), heading) if heading.is_empty() || title.contains(heading) => title.clone(),
        (Some(title), heading) if heading.contains(title.as_str()) => heading.to_owned(),
        (Some(title), heading) => format!("{title}: {heading}"),
        (None, heading) => heading.to_owned(),
    };
    Found { message, html_title: Some(title), ..Found::default() }
}

fn heading_of(text: &str) -> String {
    let inner = between(text, "<h1", "</h1>").and_then(|inner| inner.split_once('>'));
    inner.map(|(_, heading)| html::to_line(heading)).unwrap_or_default()
}

/// `SERVICE ERROR - 403` of ESA's pages, `HTTP Status 404 – Not Found` of Tomcat's.
fn status_of(heading: &str) -> Option<u16> {
    let mut words = heading.split(|c: char| !c.is_ascii_alphanumeric());
    words.find_map(|word| word.parse().ok().filter(|code| (400..600).contains(code)))
}

fn json_message(text: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let find = |value: &serde_json::Value| {
        ["message", "msg", "detail", "error_description", "error", "reason", "title", "code"]
            .iter()
            .find_map(|key| value.get(key)?.as_str().map(str::to_owned))
    };
    find(&value).or_else(|| find(value.get("error")?))
}

/// Of the data server's texts only what stands behind `msg:`; of others everything.
fn plain_message(text: &str) -> String {
    let first = text.split("\n\n").next().unwrap_or_default();
    let first = first.split("\r\n\r\n").next().unwrap_or_default();
    if first.starts_with("Code:")
        && let Some((_, message)) = first.split_once("msg:")
    {
        return message.trim().to_owned();
    }
    text.trim().to_owned()
}

/// The text between two marks, found without regard to case.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let lower = text.to_ascii_lowercase();
    let start = lower.find(open)? + open.len();
    let end = lower[start..].find(close).map_or(text.len(), |end| start + end);
    Some(&text[start..end])
}
