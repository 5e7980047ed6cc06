//! What a column is: the FIELD of VOTable 1.5, section 4.1, with its datatype (section 2.1) and arraysize (section 2.2).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The primitive datatypes of VOTable 1.5, section 2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Datatype {
    /// True, false or unknown.
    Boolean,
    /// One bit; stored as a boolean.
    Bit,
    /// 0 to 255.
    UnsignedByte,
    /// 16 bits, signed.
    Short,
    /// 32 bits, signed.
    Int,
    /// 64 bits, signed: identifiers live here and never pass through a float.
    Long,
    /// One byte of ASCII (from VOTable 1.6 UTF-8); stored as UTF-8.
    Char,
    /// A character of UCS-2; stored as UTF-8.
    UnicodeChar,
    /// 32-bit floating point.
    Float,
    /// 64-bit floating point.
    Double,
    /// Two 32-bit floats.
    FloatComplex,
    /// Two 64-bit floats.
    DoubleComplex,
}

impl Datatype {
    /// All of them, in the order of the standard.
    pub const ALL: [Datatype; 12] = [
        Datatype::Boolean,
        Datatype::Bit,
        Datatype::UnsignedByte,
        Datatype::Short,
        Datatype::Int,
        Datatype::Long,
        Datatype::Char,
        Datatype::UnicodeChar,
        Datatype::Float,
        Datatype::Double,
        Datatype::FloatComplex,
        Datatype::DoubleComplex,
    ];

    /// The name in a `datatype` attribute.
    pub fn name(self) -> &'static str {
        match self {
            Datatype::Boolean => "boolean",
            Datatype::Bit => "bit",
            Datatype::UnsignedByte => "unsignedByte",
            Datatype::Short => "short",
            Datatype::Int => "int",
            Datatype::Long => "long",
            Datatype::Char => "char",
            Datatype::UnicodeChar => "unicodeChar",
            Datatype::Float => "float",
            Datatype::Double => "double",
            Datatype::FloatComplex => "floatComplex",
            Datatype::DoubleComplex => "doubleComplex",
        }
    }

    /// The datatype of this name.
    pub fn parse(name: &str) -> Option<Datatype> {
        Datatype::ALL.into_iter().find(|datatype| datatype.name() == name)
    }

    /// Text, kept in one buffer with offsets.
    pub fn is_text(self) -> bool {
        matches!(self, Datatype::Char | Datatype::UnicodeChar)
    }

    /// Whole numbers, compared and printed exactly.
    pub fn is_integer(self) -> bool {
        matches!(self, Datatype::UnsignedByte | Datatype::Short | Datatype::Int | Datatype::Long)
    }

    /// Numbers that can be plotted and compared by size.
    pub fn is_number(self) -> bool {
        self.is_integer() || matches!(self, Datatype::Float | Datatype::Double)
    }
}

/// The `arraysize` of VOTable 1.5, section 2.2: fixed dimensions, of which the last may vary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArraySize {
    /// The fixed dimensions, fastest first. Empty and not `variable`: a scalar.
    pub dims: Vec<usize>,
    /// Whether a last, varying dimension follows (`*`).
    pub variable: bool,
    /// The greatest size of the varying dimension (`10*`); a hint, not a promise.
    pub limit: Option<usize>,
}

impl ArraySize {
    /// One value in each cell.
    pub const SCALAR: ArraySize = ArraySize { dims: Vec::new(), variable: false, limit: None };

    /// `*`: any number of values.
    pub const VARIABLE: ArraySize = ArraySize { dims: Vec::new(), variable: true, limit: None };

    /// Exactly `n` values in each cell.
    pub fn fixed(n: usize) -> ArraySize {
        ArraySize { dims: vec![n], ..ArraySize::SCALAR }
    }

    /// Reads `""`, `"5"`, `"*"`, `"10*"`, `"3x4"`, `"3x*"`, `"3x10*"`; `None` for anything else, or for a product above 2^31.
    pub fn parse(text: &str) -> Option<ArraySize> {
        let text = text.trim();
        if text.is_empty() {
            return Some(ArraySize::SCALAR);
        }
        let mut size = ArraySize::default();
        let parts: Vec<&str> = text.split('x').map(str::trim).collect();
        for (at, part) in parts.iter().enumerate() {
            match part.strip_suffix('*') {
                Some(limit) if at + 1 == parts.len() => {
                    size.variable = true;
                    size.limit = if limit.is_empty() { None } else { Some(limit.trim().parse().ok()?) };
                }
                Some(_) => return None,
                None => size.dims.push(part.parse().ok()?),
            }
        }
        let product = size.dims.iter().try_fold(1usize, |product, &dim| product.checked_mul(dim))?;
        (product <= 1 << 31).then_some(size)
    }

    /// One value in each cell.
    pub fn is_scalar(&self) -> bool {
        self.dims.is_empty() && !self.variable
    }

    /// Number of elements in a cell where it is the same for all: 1 for a scalar, the product for fixed arrays.
    pub fn count(&self) -> Option<usize> {
        (!self.variable).then(|| self.unit())
    }

    /// Number of elements in one step of the varying dimension.
    pub fn unit(&self) -> usize {
        self.dims.iter().product()
    }
}

impl fmt::Display for ArraySize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, dim) in self.dims.iter().enumerate() {
            write!(f, "{}{dim}", if at > 0 { "x" } else { "" })?;
        }
        if self.variable {
            f.write_str(if self.dims.is_empty() { "" } else { "x" })?;
            if let Some(limit) = self.limit {
                write!(f, "{limit}")?;
            }
            f.write_str("*")?;
        }
        Ok(())
    }
}

/// What a column is: the attributes of a FIELD (VOTable 1.5, section 4.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The column's name, the key by which people and ADQL know it.
    pub name: String,
    /// The `ID` of the element, for references within a document; not a name.
    pub id: Option<String>,
    /// Type of the elements.
    pub datatype: Datatype,
    /// Shape of a cell.
    pub arraysize: ArraySize,
    /// Unit, as the service writes it.
    pub unit: Option<String>,
    /// Unified content descriptor.
    pub ucd: Option<String>,
    /// Role in a data model.
    pub utype: Option<String>,
    /// Extended type, such as `timestamp` or `point` (DALI 1.1, section 3.3).
    pub xtype: Option<String>,
    /// `ref`: the ID of the coordinate or time system.
    pub reference: Option<String>,
    /// What the column means, as plain text.
    pub description: Option<String>,
    /// Characters to show.
    pub width: Option<u32>,
    /// Digits to show: `F3` or `3` decimals, `E5` significant digits.
    pub precision: Option<String>,
    /// `VALUES null`: the text of the number that stands for no value.
    pub null: Option<String>,
}

impl Field {
    /// A scalar field (for text: a string of any length) without metadata.
    pub fn new(name: impl Into<String>, datatype: Datatype) -> Field {
        let arraysize = if datatype.is_text() { ArraySize::VARIABLE } else { ArraySize::SCALAR };
        Field {
            name: name.into(),
            id: None,
            datatype,
            arraysize,
            unit: None,
            ucd: None,
            utype: None,
            xtype: None,
            reference: None,
            description: None,
            width: None,
            precision: None,
            null: None,
        }
    }

    /// Whether a cell holds text, one string or an array of them.
    pub fn is_text(&self) -> bool {
        self.datatype.is_text()
    }

    /// Whether a cell holds one number, whole or not.
    pub fn is_scalar_number(&self) -> bool {
        self.datatype.is_number() && self.arraysize.is_scalar()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arraysizes_read_and_print() {
        for text in ["", "5", "*", "10*", "3x4", "3x*", "3x10*", "2x3x4"] {
            assert_eq!(ArraySize::parse(text).unwrap().to_string(), text, "{text}");
        }
        for text in ["x", "*x3", "a", "3x", "99999999999x99999999999", "-1"] {
            assert_eq!(ArraySize::parse(text), None, "{text}");
        }
        assert_eq!(ArraySize::parse("3x4").unwrap().count(), Some(12));
        assert_eq!(ArraySize::parse("3x*").unwrap().count(), None);
        assert_eq!(ArraySize::SCALAR.count(), Some(1));
    }

    #[test]
    fn datatypes_have_the_standards_names() {
        for datatype in Datatype::ALL {
            assert_eq!(Datatype::parse(datatype.name()), Some(datatype));
        }
        assert_eq!(Datatype::parse("bigint"), None);
    }
}
