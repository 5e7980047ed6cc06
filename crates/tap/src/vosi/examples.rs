//! `/examples`: an XHTML page with RDFa marks that tell where the queries are (DALI 1.1 section 2.3, TAP 1.1 section 2.4).

use crate::{
    error::Error,
    html,
    xml::{self, Element},
};

const WHAT: &str = "examples";

/// An example query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Example {
    /// Its name.
    pub title: String,
    /// What is said about it, as plain text.
    pub description: Option<String>,
    /// The query.
    pub query: String,
}

/// Reads the examples of a page; parts that are no examples are passed over.
///
/// # Errors
/// `Truncated` or `Document` if the page is no XHTML; examples before the place are lost then, which is
/// better than half a query.
pub fn parse_examples(bytes: &[u8]) -> Result<Vec<Example>, Error> {
    let root = xml::parse(&xml::decode(bytes), WHAT)?;
    let mut out = Vec::new();
    collect(&root, &mut out);
    Ok(out)
}

fn collect(element: &Element, out: &mut Vec<Example>) {
    if has_word(element, "typeof", "example") {
        out.extend(example_of(element));
        return;
    }
    element.children.iter().for_each(|child| collect(child, out));
}

fn example_of(element: &Element) -> Option<Example> {
    let query = property(element, "query")?;
    let query = raw_text(query).trim().to_owned();
    if query.is_empty() {
        return None;
    }
    let title = property(element, "name").map(|name| one_line(&raw_text(name))).unwrap_or_default();
    // TAP 1.1 has no mark for the description: it is all other text.
    let mut description = String::new();
    describe(element, &mut description);
    let description = html::to_text(&description);
    Some(Example { title, description: (!description.is_empty()).then_some(description), query })
}

/// The first element below with that RDFa property, whatever its prefix.
fn property<'a>(element: &'a Element, name: &str) -> Option<&'a Element> {
    element
        .children
        .iter()
        .find_map(|child| if has_word(child, "property", name) { Some(child) } else { property(child, name) })
}

fn has_word(element: &Element, attribute: &str, word: &str) -> bool {
    let matches = |value: &str| value.split_whitespace().any(|part| part.rsplit([':', '#']).next() == Some(word));
    element.attribute(attribute).is_some_and(matches)
}

fn describe(element: &Element, out: &mut String) {
    for piece in element.pieces() {
        match piece {
            Ok(text) => out.push_str(&escaped(text)),
            Err(child) if has_word(child, "property", "query") || has_word(child, "property", "name") => {}
            Err(child) => {
                // Their names are written out again so that blocks become lines.
                out.push_str(&format!("<{}>", child.name));
                describe(child, out);
                out.push_str(&format!("</{}>", child.name));
            }
        }
    }
}

/// Text as written, line ends included, in the document's order.
fn raw_text(element: &Element) -> String {
    let mut out = String::new();
    for piece in element.pieces() {
        match piece {
            Ok(text) => out.push_str(text),
            Err(child) if child.is("br") => out.push('\n'),
            Err(child) => out.push_str(&raw_text(child)),
        }
    }
    out
}

/// References that XHTML knows and XML does not (`&nbsp;`) are still in the text and stay for [`html::to_text`].
fn escaped(text: &str) -> String {
    text.replace('<', "&lt;").replace('>', "&gt;")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
