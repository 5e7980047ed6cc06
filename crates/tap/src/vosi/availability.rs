//! `/availability`: whether the service takes requests (VOSI 1.1 section 5).

use crate::{
    error::{Error, error_in_ok_body},
    timestamp::Timestamp,
    xml,
};

const WHAT: &str = "availability";

/// Whether a service is up, in its own words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Availability {
    /// Whether it takes requests.
    pub available: bool,
    /// Since when.
    pub up_since: Option<Timestamp>,
    /// When it will go down.
    pub down_at: Option<Timestamp>,
    /// When it will be back.
    pub back_at: Option<Timestamp>,
    /// Anything else it says.
    pub notes: Vec<String>,
}

/// Reads an availability document.
///
/// # Errors
/// `Service` for pages and errors of the service, `Truncated` or `Document` for what is no whole document.
pub fn parse_availability(bytes: &[u8]) -> Result<Availability, Error> {
    if let Some(error) = error_in_ok_body(None, &bytes[..bytes.len().min(65_536)]) {
        return Err(error);
    }
    let root = xml::parse(&xml::decode(bytes), WHAT)?;
    if !root.is("availability") {
        return Err(Error::document(WHAT, format!("it is a document of type {}", root.name), None));
    }
    let Some(available) = root.child_text("available") else {
        return Err(Error::document(WHAT, "it does not say whether the service is available", None));
    };
    let time = |name: &str| root.child_text(name).and_then(|text| Timestamp::parse(&text));
    Ok(Availability {
        available: matches!(available.to_ascii_lowercase().as_str(), "true" | "1"),
        up_since: time("upSince"),
        down_at: time("downAt"),
        back_at: time("backAt"),
        notes: root
            .children_named("note")
            .map(|note| note.text.trim().to_owned())
            .filter(|note| !note.is_empty())
            .collect(),
    })
}
