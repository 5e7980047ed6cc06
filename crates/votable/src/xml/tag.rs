//! One start tag: its name without prefix and its attributes, read by quick-xml.

use quick_xml::events::BytesStart;
use quick_xml::events::attributes::AttrError;

use super::text;

/// A start tag.
pub(crate) struct Tag {
    attributes: Vec<(String, String)>,
    /// References in attributes that nobody defined.
    pub(crate) unknown: Vec<String>,
}

/// What is wrong with a tag.
pub(crate) enum TagError {
    TooManyAttributes,
    Syntax(String),
}

impl Tag {
    /// Reads the attributes of a tag without its brackets; the name has `name_len` bytes.
    pub(crate) fn parse(content: &str, name_len: usize, most: usize) -> Result<Tag, TagError> {
        let start = BytesStart::from_content(content, name_len);
        let mut tag = Tag { attributes: Vec::new(), unknown: Vec::new() };
        let mut attributes = start.attributes();
        // Looking for duplicates takes the square of their number, so that is done below, when the number is known.
        attributes.with_checks(false);
        for attribute in attributes {
            let attribute = attribute.map_err(|error| TagError::Syntax(cause(&error).to_owned()))?;
            if tag.attributes.len() >= most {
                return Err(TagError::TooManyAttributes);
            }
            let value = text::attribute_value(&attribute.value, &mut tag.unknown);
            tag.attributes.push((attribute.key.as_ref().to_owned(), value));
        }
        for (at, (key, _)) in tag.attributes.iter().enumerate() {
            if tag.attributes[..at].iter().any(|(other, _)| other == key) {
                return Err(TagError::Syntax(format!("attribute {key} twice")));
            }
        }
        Ok(tag)
    }

    /// Takes the value of an attribute out.
    pub(crate) fn take(&mut self, key: &str) -> Option<String> {
        let (_, value) = self.attributes.iter_mut().find(|(name, _)| name == key)?;
        Some(std::mem::take(value))
    }

    /// Takes the value out, if there is something in it.
    pub(crate) fn take_filled(&mut self, key: &str) -> Option<String> {
        self.take(key).filter(|value| !value.trim().is_empty())
    }
}

/// Length of the name at the beginning of a tag.
pub(crate) fn name_len(content: &[u8]) -> usize {
    content.iter().position(u8::is_ascii_whitespace).unwrap_or(content.len())
}

/// The name without its prefix.
pub(crate) fn local(name: &[u8]) -> &[u8] {
    memchr::memrchr(b':', name).map_or(name, |at| &name[at + 1..])
}

fn cause(error: &AttrError) -> &'static str {
    match error {
        AttrError::ExpectedEq(_) => "an attribute without `=`",
        AttrError::ExpectedValue(_) => "an attribute without a value",
        AttrError::UnquotedValue(_) => "an attribute value without quotes",
        AttrError::ExpectedQuote(..) => "an attribute value without its closing quote",
        AttrError::Duplicated(..) => "an attribute twice",
    }
}
