//! Every shape in which services send errors, and what becomes of it.

use std::fmt::Write as _;

use tap::{Error, ErrorKind, RetryAfter, error_in_ok_body};

use crate::documents::read;

fn shown(error: &Error) -> String {
    match error {
        Error::Service(error) => {
            let mut out = format!("{} {:?}\n  {}", error.status, error.kind, error.message.replace('\n', "\n  "));
            if let Some(position) = error.position {
                write!(out, "\n  at {}:{}", position.line, position.column).unwrap();
                if let Some((line, column)) = position.end {
                    write!(out, " to {line}:{column}").unwrap();
                }
            }
            if let Some(token) = &error.token {
                write!(out, "\n  token {token}").unwrap();
            }
            out
        }
        other => format!("{other:?}"),
    }
}

/// Name, status, content type, `Retry-After` and body.
type Case = (&'static str, u16, Option<&'static str>, Option<&'static str>, Vec<u8>);

#[test]
fn shapes_of_errors() {
    let html = Some("text/html;charset=UTF-8");
    let text = Some("text/plain");
    let xml = Some("application/x-votable+xml");
    let json = Some("application/json");
    let cases: Vec<Case> = vec![
        ("VOTable", 400, xml, None, read("error_votable.xml")),
        ("VOTable with status 200", 200, xml, None, read("error_votable.xml")),
        ("VOTable that is cut", 400, xml, None, read("error_votable.xml")[..300].to_vec()),
        ("error after the table", 200, None, None, read("error_after_table.xml")),
        ("page of the archive", 403, html, None, read("error_esa.html")),
        ("page of the archive with 200", 200, html, None, read("error_esa.html")),
        ("page without a message", 500, html, None, b"<html><head><title>SERVICE ERROR</title></head><body><h1>SERVICE ERROR - 500</h1><ul><li><b>Message: </b>null</li></ul></body></html>".to_vec()),
        ("maintenance with 200", 200, html, None, read("maintenance.html")),
        ("maintenance with 503", 503, html, Some("3600"), read("maintenance.html")),
        ("network login page", 200, None, None, read("login_page.html")),
        ("page of Tomcat", 404, html, None, read("tomcat.html")),
        ("page of a proxy", 502, html, None, b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>".to_vec()),
        ("data server", 500, text, None, read("data_server.txt")),
        ("quota", 500, text, None, b"DB quota exceeded for user anonymous (Currently 10 GB, maximum allowed is 10 GB). Registered users have an increased quota, please log in.".to_vec()),
        ("quota by status", 507, None, None, b"".to_vec()),
        ("a column called quota", 400, text, None, b"Unknown column \"quota\" [l.1 c.8 - l.1 c.13]".to_vec()),
        ("upload limit", 500, text, None, b"Upload limit exceeded".to_vec()),
        ("too large", 413, None, None, b"".to_vec()),
        ("too many", 429, None, Some("-5"), b"slow down".to_vec()),
        ("too many till a date", 429, None, Some("Sun, 06 Nov 1994 08:49:37 GMT"), b"".to_vec()),
        ("unavailable", 503, None, Some("120"), b"".to_vec()),
        ("sign in", 401, None, None, b"".to_vec()),
        ("forbidden by the library", 530, None, None, b"User access denied".to_vec()),
        ("gone", 410, None, None, b"".to_vec()),
        ("missing parameter", 400, text, None, b"Not found required parameter 'group_id'".to_vec()),
        ("wrong phase", 400, text, None, b"Wrong phase value: 'X'. Only PHASE=RUN is allowed.".to_vec()),
        ("text with a position", 400, text, None, b"Incorrect ADQL query: Encountered \"frm\". Was expecting one of: \"FROM\" [l.2 c.3 - l.2 c.6]".to_vec()),
        ("position as a character", 400, text, None, b"ERROR: syntax error at or near \"frm\" Position: 10".to_vec()),
        ("parser of Python", 400, text, None, b"Field query: Could not parse your query: Expected end of text, found 'frm'  (at char 9), (line:1, col:10)".to_vec()),
        ("error summary", 200, xml, None, b"<uws:errorSummary xmlns:uws='x' type='fatal'><uws:message>no such table: line 3, column 4</uws:message></uws:errorSummary>".to_vec()),
        ("JSON of a gateway", 502, json, None, br#"{"code":"redirect_blocked","url":"http://x"}"#.to_vec()),
        ("JSON with depth", 500, json, None, br#"{"error":{"code":500,"message":"It broke at x.Y.z(Y.java:3)"}}"#.to_vec()),
        ("trace of Python", 500, text, None, b"Traceback (most recent call last):\n  File \"a.py\", line 3, in f\n    g()\nValueError: bad table\n".to_vec()),
        ("nothing", 500, None, None, b"".to_vec()),
        ("bytes", 500, None, None, b"\xFF\xFE\x00\xD8".to_vec()),
    ];
    let mut out = String::new();
    for (name, status, content_type, retry_after, body) in cases {
        let error = Error::from_response(status, content_type, retry_after, &body);
        writeln!(out, "{name}\n  {}\n", shown(&error)).unwrap();
    }
    for secret in ["ABCDEF", "192.0.2", "A1B2", "anonymous17", ".java"] {
        assert!(!out.contains(secret), "{secret} leaked:\n{out}");
    }
    insta::assert_snapshot!(out);
}

#[test]
fn errors_in_good_answers() {
    let found = |name: &str| error_in_ok_body(None, &read(name)).map(|error| error.service().unwrap().kind.clone());
    assert_eq!(found("error_votable.xml"), Some(ErrorKind::Query));
    assert_eq!(found("error_after_table.xml"), Some(ErrorKind::Query));
    assert_eq!(found("error_esa.html"), Some(ErrorKind::Forbidden));
    assert_eq!(found("login_page.html"), Some(ErrorKind::HtmlPage { title: Some("Hotel network".into()) }));
    for good in [
        "result_overflow.xml",
        "job_esa_error.xml",
        "tables_tapplus.xml",
        "capabilities.xml",
        "jobs_tapplus.xml",
        "data_server.txt",
    ] {
        assert_eq!(found(good), None, "{good}");
    }
    // A type alone does not make a page: CSV is also sent as text/html.
    assert_eq!(error_in_ok_body(Some("text/html"), b"source_id,ra\n1,2\n"), None);
    assert!(error_in_ok_body(Some("text/html"), b"<p>Welcome</p>").is_some());
    assert_eq!(error_in_ok_body(Some("text/html"), b"<VOTABLE><RESOURCE/></VOTABLE>"), None);
    let in_value = b"<VOTABLE><RESOURCE><INFO name='QUERY_STATUS' value='ERROR: no such table'/></RESOURCE></VOTABLE>";
    assert_eq!(error_in_ok_body(None, in_value).unwrap().to_string(), "no such table");
    assert_eq!(error_in_ok_body(Some("text/html"), b"\x1F\x8B<html>"), None);
    assert_eq!(error_in_ok_body(None, b""), None);
}

#[test]
fn retry_after_reaches_the_kind() {
    let error = Error::from_response(429, None, Some("99999999999999999999"), b"");
    assert_eq!(error.service().unwrap().kind, ErrorKind::TooMany { retry_after: Some(RetryAfter::Seconds(u64::MAX)) });
}

#[test]
fn long_messages_are_cut() {
    let error = Error::from_response(400, None, None, "é".repeat(100_000).as_bytes());
    assert!(error.service().unwrap().message.chars().count() <= 4001);
}
