//! What the translation of an expression yields: SQL and all that is known about the value.

use std::{collections::BTreeSet, ops::Range};

use table::{ArraySize, Datatype, Field};

/// A translated expression.
#[derive(Clone, Debug)]
pub(super) struct Value {
    /// SQL that stands alone: a name, a literal, a call, or anything in parentheses.
    pub sql: String,
    /// Type, unit, UCD; the name is the one the output column gets without AS.
    ///
    /// Boxed, because values lie on the stack at every level of an expression.
    pub field: Box<Field>,
    /// What is known before any row is read.
    pub literal: Option<Literal>,
    /// Numbers of the tables whose columns it needs.
    pub tables: BTreeSet<usize>,
    /// It is simply this column: number of the table, name of the column.
    pub column: Option<(usize, String)>,
    /// A column outside of aggregates and groups, if there is one.
    pub ungrouped: Option<Range<usize>>,
    /// An aggregate, if there is one.
    pub aggregate: Option<Range<usize>>,
    /// It contains a query.
    pub subquery: bool,
    /// The parts of a geometry that was constructed here.
    pub region: Option<Box<Region>>,
    /// The geometric question of which it is the answer.
    pub relation: Option<Box<Question>>,
    /// A condition that an index answers and that must hold where this condition holds.
    pub prefilter: Option<Prefilter>,
}

/// A condition that an index answers.
#[derive(Clone, Debug)]
pub(super) struct Prefilter {
    pub sql: String,
    /// It is answered once for the whole query, not once for each row of another table.
    pub once: bool,
}

/// A value known without data.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Null,
    Number(f64),
    Text(String),
}

/// A geometry, its numbers still apart.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "always in a box, a few of them in a query")]
pub(super) enum Region {
    Point { ra: Value, dec: Value },
    Circle { ra: Value, dec: Value, radius: Value },
    Box { ra: Value, dec: Value, width: Value, height: Value },
    Polygon(Vec<Value>),
}

/// A question that a position index can help to answer.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "always in a box, a few of them in a query")]
pub(super) enum Question {
    /// Is the point in the region? (1 or 0)
    Within { ra: Value, dec: Value, region: Region },
    /// How far are the two points from each other, in degrees times `scale`?
    Distance { first: (Value, Value), second: (Value, Value), scale: f64 },
}

/// A column of a query's result.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub name: String,
    pub field: Field,
}

/// What kind of value, as far as operators care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Null,
    Boolean,
    Integer,
    Float,
    Text,
    Point,
    Area,
    Array,
}

impl Value {
    pub fn new(sql: impl Into<String>, field: Field) -> Value {
        Value {
            sql: sql.into(),
            field: Box::new(field),
            literal: None,
            tables: BTreeSet::new(),
            column: None,
            ungrouped: None,
            aggregate: None,
            subquery: false,
            region: None,
            relation: None,
            prefilter: None,
        }
    }

    /// The same value, depending on all that `parts` depend on.
    pub fn of<'v>(mut self, parts: impl IntoIterator<Item = &'v Value>) -> Value {
        for part in parts {
            self.tables.extend(&part.tables);
            self.ungrouped = self.ungrouped.or_else(|| part.ungrouped.clone());
            self.aggregate = self.aggregate.or_else(|| part.aggregate.clone());
            self.subquery |= part.subquery;
        }
        self
    }

    /// The same value without what it was made of, to be a part of another.
    pub fn bare(mut self) -> Value {
        self.region = None;
        self.relation = None;
        self.prefilter = None;
        self
    }

    pub fn class(&self) -> Class {
        class(&self.field)
    }

    pub fn is_number(&self) -> bool {
        matches!(self.class(), Class::Integer | Class::Float | Class::Null)
    }

    pub fn number(&self) -> Option<f64> {
        match self.literal {
            Some(Literal::Number(number)) => Some(number),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.literal {
            Some(Literal::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Known before any row is read.
    pub fn is_constant(&self) -> bool {
        self.tables.is_empty() && self.aggregate.is_none() && !self.subquery
    }
}

/// The xtype of a column that holds only NULL, so that it fits any type; never leaves the translation.
pub(super) const NULL_XTYPE: &str = "\0null";

pub(super) fn class(field: &Field) -> Class {
    if field.xtype.as_deref() == Some(NULL_XTYPE) {
        return Class::Null;
    }
    match field.xtype.as_deref().map(|xtype| xtype.trim_start_matches("adql:").to_ascii_lowercase()).as_deref() {
        Some("point") => return Class::Point,
        Some("circle" | "polygon" | "region") => return Class::Area,
        _ => {}
    }
    match field.datatype {
        Datatype::Char | Datatype::UnicodeChar => Class::Text,
        _ if !field.arraysize.is_scalar() => Class::Array,
        Datatype::Boolean | Datatype::Bit => Class::Boolean,
        Datatype::UnsignedByte | Datatype::Short | Datatype::Int | Datatype::Long => Class::Integer,
        Datatype::Float | Datatype::Double => Class::Float,
        Datatype::FloatComplex | Datatype::DoubleComplex => Class::Array,
    }
}

/// How a kind of value is called in messages.
pub(super) fn name_of(class: Class) -> &'static str {
    match class {
        Class::Null => "NULL",
        Class::Boolean => "true or false",
        Class::Integer | Class::Float => "a number",
        Class::Text => "text",
        Class::Point => "a point",
        Class::Area => "a region",
        Class::Array => "an array",
    }
}

/// The type that holds the values of both, with what both say about them; `None` if there is none.
pub(super) fn unify(first: &Field, second: &Field) -> Option<Field> {
    let (a, b) = (class(first), class(second));
    let datatype = match (a, b) {
        (Class::Integer, Class::Integer) => rank(first.datatype, second.datatype),
        (Class::Float, Class::Float) if first.datatype == second.datatype => first.datatype,
        (Class::Integer | Class::Float, Class::Integer | Class::Float) => Datatype::Double,
        (Class::Text, Class::Text) if second.datatype == Datatype::UnicodeChar => second.datatype,
        _ if a == b => first.datatype,
        _ => return None,
    };
    let mut field = Field::new(first.name.clone(), datatype);
    if first.arraysize == second.arraysize {
        field.arraysize = first.arraysize.clone();
    } else if matches!(a, Class::Array | Class::Area) {
        field.arraysize = ArraySize::VARIABLE;
    }
    let same = |a: &Option<String>, b: &Option<String>| if a == b { a.clone() } else { None };
    field.unit = same(&first.unit, &second.unit);
    field.ucd = same(&first.ucd, &second.ucd);
    field.xtype = same(&first.xtype, &second.xtype).or_else(|| match a {
        Class::Area => Some("region".into()),
        _ => None,
    });
    field.description = same(&first.description, &second.description);
    Some(field)
}

/// The wider of two integer types.
pub(super) fn rank(first: Datatype, second: Datatype) -> Datatype {
    const ORDER: [Datatype; 4] = [Datatype::UnsignedByte, Datatype::Short, Datatype::Int, Datatype::Long];
    ORDER.into_iter().rev().find(|&datatype| datatype == first || datatype == second).unwrap_or(Datatype::Long)
}
