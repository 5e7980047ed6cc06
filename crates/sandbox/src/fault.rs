//! What a client is told when something fails, in the shapes of the archive: a VOTable for queries, an HTML page for the rest.

use http::StatusCode;

/// A refusal or failure that the client learns of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Status of the response.
    pub status: StatusCode,
    /// What happened, in words.
    pub message: String,
}

impl Fault {
    /// A fault with this status.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Fault {
        Fault { status, message: message.into() }
    }

    /// The request is wrong.
    pub fn bad(message: impl Into<String>) -> Fault {
        Fault::new(StatusCode::BAD_REQUEST, message)
    }

    /// There is no such thing.
    pub fn missing(message: impl Into<String>) -> Fault {
        Fault::new(StatusCode::NOT_FOUND, message)
    }

    /// A mistake in a query, with its place.
    pub fn in_query(query: &str, error: &adql::Error) -> Fault {
        let (line, column) = adql::position(query, error.range.start);
        let expected = match error.expected.as_slice() {
            [] => String::new(),
            [one] => format!(" Expected {one}."),
            [all @ .., last] => format!(" Expected {} or {last}.", all.join(", ")),
        };
        Fault::bad(format!("Cannot parse query at line {line}, column {column}: {}{expected}", error.message))
    }

    /// The VOTable that answers a failed query. `http_code` is -1 where the error belongs to a job.
    pub fn votable(&self, http_code: i32, action: &str, strict: bool) -> String {
        let message = escape(&self.message);
        if strict {
            return format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                 <VOTABLE version=\"1.4\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\">\n<RESOURCE type=\"results\">\n\
                 <INFO name=\"QUERY_STATUS\" value=\"ERROR\">{message}</INFO>\n</RESOURCE>\n</VOTABLE>\n"
            );
        }
        format!(
            "<VOTABLE version=\"1.2\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.2\">\n<RESOURCE type=\"results\">\n\
             <INFO name=\"QUERY_STATUS\" value=\"ERROR\">\n{message}\n</INFO>\n\
             <INFO name=\"HttpErrorCode\" value=\"{http_code}\"/>\n<INFO name=\"Action\" value=\"{}\"/>\n\
             <INFO name=\"Context\" value=\"TAP\"/>\n<INFO name=\"Exception\" value=\"{}\"/>\n\
             </RESOURCE>\n</VOTABLE>\n",
            escape(action),
            self.exception(),
        )
    }

    /// The page that answers any other failed request.
    pub fn html(&self, action: &str) -> String {
        format!(
            "<html>\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\" />\n\
             <title>SERVICE ERROR</title>\n</head>\n<body>\n<h1>SERVICE ERROR - {}</h1>\n<h2>Description</h2>\n<ul>\n\
             <li><b>Action: </b>{}</li>\n<li><b>Context: </b>TAP</li>\n<li><b>Exception: </b>{}</li>\n\
             <li><b>Message: </b>{}</li>\n</ul>\n</body>\n</html>\n",
            self.status.as_u16(),
            escape(action),
            self.exception(),
            escape(&self.message),
        )
    }

    /// A name in the place where the archive names a class of its program.
    fn exception(&self) -> &'static str {
        if self.status.is_server_error() { "ServiceException" } else { "RequestException" }
    }
}

impl From<crate::Error> for Fault {
    fn from(error: crate::Error) -> Fault {
        Fault::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        crate::Error::from(error).into()
    }
}

/// Text inside XML or HTML, in elements and attributes alike; what XML cannot hold is replaced.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(character),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

/// Text as CDATA, so written that it cannot end early.
pub fn cdata(text: &str) -> String {
    let clean: String =
        text.chars().map(|c| if c < ' ' && !matches!(c, '\t' | '\n' | '\r') { '\u{fffd}' } else { c }).collect();
    format!("<![CDATA[{}]]>", clean.replace("]]>", "]]]]><![CDATA[>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_the_bytes_that_clients_look_for() {
        let fault = Fault::bad("a < b");
        let text = fault.votable(400, "query", false);
        assert!(text.contains("<INFO name=\"QUERY_STATUS\" value=\"ERROR\">\na &lt; b\n</INFO>"), "{text}");
        assert!(fault.html("jobs").contains("<li><b>Message: </b>a &lt; b</li>"));
    }

    #[test]
    fn cdata_cannot_be_left() {
        assert_eq!(cdata("a]]>b"), "<![CDATA[a]]]]><![CDATA[>b]]>");
    }
}
