//! The root of the service: where everything is, for people who open it in a browser.

use crate::archive::Answer;
use crate::fault::escape;
use crate::response;

/// The page.
pub fn page(tap: &str) -> Answer {
    let tap = escape(tap);
    let resources = ["sync", "async", "tables", "capabilities", "availability", "examples"];
    let links: String =
        resources.iter().map(|name| format!("<li><a href=\"{tap}/{name}\">{name}</a></li>\n")).collect();
    response::document(
        "text/html;charset=UTF-8",
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"UTF-8\">\n<title>Parallax sandbox</title>\n</head>\n\
             <body>\n<h1>Parallax sandbox</h1>\n<p>A TAP service over synthetic data: nothing here was observed.</p>\n\
             <ul>\n{links}</ul>\n</body>\n</html>\n"
        ),
    )
}
