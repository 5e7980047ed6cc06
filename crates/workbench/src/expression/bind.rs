//! From the tree to a program: names become columns, kinds of values are checked, name and unit of the result follow.

use std::ops::Range;

use table::{Datatype, Field};

use super::nearest::nearest;
use super::parser::{Binary, Comparison, Node, Unary};
use super::program::{Op, Program};
use super::{Error, quoted};

pub(super) fn bind(text: &str, root: &Node, fields: &[&Field]) -> Result<Program, Error> {
    let mut binder = Binder { fields, ops: Vec::new(), notes: Vec::new() };
    binder.node(root)?;
    let label = match binder.ops[..] {
        [Op::Column(column)] => fields[column].name.clone(),
        _ => text.to_owned(),
    };
    Ok(Program::new(binder.ops, label, unit(root, fields), binder.notes))
}

struct Binder<'a> {
    fields: &'a [&'a Field],
    ops: Vec<Op>,
    notes: Vec<String>,
}

impl Binder<'_> {
    fn node(&mut self, node: &Node) -> Result<(), Error> {
        let op = match node {
            Node::Number(value) => Op::Number(*value),
            Node::Integer(value) => Op::Number(*value as f64),
            Node::Text(_, range) => {
                return Err(Error::new(range.clone(), "Text can only be compared with a column of text."));
            }
            Node::Column { name, range } => {
                let column = find(name, range, self.fields)?;
                self.number(column, range)?;
                Op::Column(column)
            }
            Node::Unary(Unary::IsNull, inner) => match &**inner {
                // Of any kind of column.
                Node::Column { name, range } => Op::IsNull(find(name, range, self.fields)?),
                inner => {
                    self.node(inner)?;
                    Op::Unary(Unary::IsNull)
                }
            },
            Node::Unary(function, inner) => {
                self.node(inner)?;
                Op::Unary(*function)
            }
            Node::Binary(Binary::Compare(comparison), left, right) => {
                match self.comparison(*comparison, left, right)? {
                    Some(op) => op,
                    None => match self.comparison(comparison.mirrored(), right, left)? {
                        Some(op) => op,
                        None => return self.binary(Binary::Compare(*comparison), left, right),
                    },
                }
            }
            Node::Binary(function, left, right) => return self.binary(*function, left, right),
            Node::Between(parts) => {
                parts.iter().try_for_each(|part| self.node(part))?;
                Op::Between
            }
        };
        self.ops.push(op);
        Ok(())
    }

    fn binary(&mut self, function: Binary, left: &Node, right: &Node) -> Result<(), Error> {
        self.node(left)?;
        self.node(right)?;
        self.ops.push(Op::Binary(function));
        Ok(())
    }

    /// A column against a text or against a whole number, which are compared without a float between.
    fn comparison(&self, comparison: Comparison, left: &Node, right: &Node) -> Result<Option<Op>, Error> {
        let Node::Column { name, range } = left else { return Ok(None) };
        let column = find(name, range, self.fields)?;
        let field = self.fields[column];
        Ok(match right {
            Node::Text(text, _) if field.is_text() => Some(Op::Text { column, comparison, text: text.clone() }),
            Node::Text(_, place) => {
                return Err(Error::new(place.clone(), format!("{name} does not hold text.")));
            }
            Node::Integer(value) if field.datatype == Datatype::Long && field.arraysize.is_scalar() => {
                Some(Op::Exact { column, comparison, value: *value })
            }
            _ => None,
        })
    }

    fn number(&mut self, column: usize, range: &Range<usize>) -> Result<(), Error> {
        let field = self.fields[column];
        let name = &field.name;
        if field.is_text() {
            return Err(Error::new(range.clone(), format!("{name} holds text, not numbers.")));
        }
        if !field.arraysize.is_scalar() {
            return Err(Error::new(range.clone(), format!("{name} holds several numbers in each row.")));
        }
        if matches!(field.datatype, Datatype::FloatComplex | Datatype::DoubleComplex) {
            return Err(Error::new(range.clone(), format!("{name} holds complex numbers.")));
        }
        let identifier = field.ucd.as_deref().is_some_and(|ucd| ucd.to_ascii_lowercase().starts_with("meta.id"));
        if identifier && field.datatype == Datatype::Long {
            let note = format!("{name} holds identifiers; beyond 2^53 they are rounded here.");
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        Ok(())
    }
}

/// The column of this name: exactly so, or without case as ADQL compares.
fn find(name: &str, range: &Range<usize>, fields: &[&Field]) -> Result<usize, Error> {
    let exact = fields.iter().position(|field| field.name == name);
    exact.or_else(|| fields.iter().position(|field| field.name.eq_ignore_ascii_case(name))).ok_or_else(|| {
        let suggestion = nearest(name, fields.iter().map(|field| field.name.as_str())).map(quoted);
        Error::new(range.clone(), format!("The table has no column {name}.")).suggesting(suggestion)
    })
}

/// The unit, where it follows without a conversion: of sums of the same unit, of signs and bounds, of angles. A pure number
/// takes the unit of what it is added to, as distance moduli take that of magnitudes.
fn unit(node: &Node, fields: &[&Field]) -> Option<String> {
    match node {
        Node::Number(_) | Node::Integer(_) | Node::Text(..) => None,
        Node::Column { name, range } => {
            let column = find(name, range, fields).ok()?;
            fields[column].unit.clone().filter(|unit| !unit.trim().is_empty())
        }
        Node::Unary(function, inner) => match function {
            Unary::Negate | Unary::Abs | Unary::Ceiling | Unary::Floor | Unary::Round | Unary::Truncate => {
                unit(inner, fields)
            }
            Unary::Acos | Unary::Asin | Unary::Atan | Unary::Radians => Some("rad".to_owned()),
            Unary::Degrees => Some("deg".to_owned()),
            _ => None,
        },
        Node::Binary(Binary::Atan2, ..) => Some("rad".to_owned()),
        Node::Binary(
            Binary::Add | Binary::Subtract | Binary::Least | Binary::Greatest | Binary::Coalesce,
            left,
            right,
        ) => match (unit(left, fields), unit(right, fields)) {
            (Some(left), Some(right)) => (left == right).then_some(left),
            (left, right) => left.or(right),
        },
        Node::Binary(Binary::Mod, left, _) => unit(left, fields),
        Node::Binary(..) | Node::Between(_) => None,
    }
}
