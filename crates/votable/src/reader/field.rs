//! FIELD and PARAM: attributes to a typed field (VOTable 1.5, sections 2 and 4.1).

use table::{ArraySize, Datatype, Field};

use crate::model::{Link, Param, Values};
use crate::xml::tag::Tag;

/// A FIELD or PARAM whose end has not come.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) field: Field,
    pub(super) value: String,
    pub(super) values: Option<Values>,
    pub(super) links: Vec<Link>,
}

impl Draft {
    /// Reads the attributes; `warn` takes what is odd. An arraysize above `largest` elements is refused.
    pub(super) fn of(mut tag: Tag, largest: usize, mut warn: impl FnMut(String)) -> Option<Draft> {
        let id = tag.take_filled("ID");
        let name = tag.take("name").filter(|name| !name.is_empty()).or_else(|| id.clone()).unwrap_or_default();
        let written = tag.take_filled("datatype").unwrap_or_default();
        let known = Datatype::parse(written.trim());
        // Names that services made up.
        let alias = match written.as_str() {
            "string" => Some(Datatype::Char),
            "unicodeString" => Some(Datatype::UnicodeChar),
            _ => None,
        };
        let datatype = known.or(alias).unwrap_or(Datatype::Char);
        if known.is_none() {
            let written = if written.is_empty() { "none" } else { &written };
            warn(format!("column {name}: the datatype {written} is read as {}", datatype.name()));
        }
        let size = tag.take_filled("arraysize");
        let arraysize = match size.as_deref() {
            // Values of an unknown type are kept as they are written.
            _ if known.or(alias).is_none() => ArraySize::VARIABLE,
            None if alias.is_some() => ArraySize::VARIABLE,
            None => ArraySize::SCALAR,
            Some(size) => ArraySize::parse(size).unwrap_or_else(|| {
                warn(format!("column {name}: the arraysize {size} is read as *"));
                ArraySize::VARIABLE
            }),
        };
        if arraysize.unit() > largest {
            return None;
        }
        let width = tag.take_filled("width").and_then(|width| {
            let number = width.trim().parse().ok();
            if number.is_none() {
                warn(format!("column {name}: the width {width} is no number"));
            }
            number
        });
        let field = Field {
            id,
            datatype,
            arraysize,
            unit: tag.take("unit"),
            ucd: tag.take_filled("ucd"),
            utype: tag.take_filled("utype"),
            xtype: tag.take_filled("xtype"),
            reference: tag.take_filled("ref"),
            description: None,
            width,
            precision: tag.take_filled("precision"),
            null: None,
            name,
        };
        let value = tag.take("value").unwrap_or_default();
        Some(Draft { field, value, values: None, links: Vec::new() })
    }

    pub(super) fn into_param(self) -> Param {
        Param { field: self.field, value: self.value, values: self.values }
    }
}
