//! An expression bound to columns: a list of operations on a stack, of which each entry is a block of numbers.

use std::cmp::Ordering;

use table::{Cell, Table};

use super::parser::{Binary, Comparison, Unary};

/// Rows of one block: a few of them lie in the nearest cache.
pub const BLOCK: usize = 2048;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Op {
    Number(f64),
    Column(usize),
    IsNull(usize),
    Text {
        column: usize,
        comparison: Comparison,
        text: String,
    },
    Exact {
        column: usize,
        comparison: Comparison,
        value: i64,
    },
    Unary(Unary),
    Binary(Binary),
    /// Of three values: the first, its lower and its upper bound.
    Between,
}

/// What evaluates an expression over the rows of one table.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    ops: Vec<Op>,
    /// The name of the result: the column's, or the expression itself.
    pub label: String,
    /// The unit of the result, where it follows.
    pub unit: Option<String>,
    /// What the reader of the result should know.
    pub notes: Vec<String>,
}

/// The stack's memory, used again from block to block.
#[derive(Clone, Debug, Default)]
pub struct Scratch(Vec<Vec<f64>>);

impl Program {
    pub(super) fn new(ops: Vec<Op>, label: String, unit: Option<String>, notes: Vec<String>) -> Program {
        Program { ops, label, unit, notes }
    }

    /// The result in the rows from `start` on, as many as `out` has room for; the table has them all. NaN is no value.
    pub fn evaluate(&self, table: &Table, start: usize, out: &mut [f64], scratch: &mut Scratch) {
        for (at, block) in out.chunks_mut(BLOCK).enumerate() {
            self.block(table, start + at * BLOCK, block, &mut scratch.0);
        }
    }

    fn block(&self, table: &Table, start: usize, out: &mut [f64], stack: &mut Vec<Vec<f64>>) {
        if let [Op::Column(column)] = self.ops[..] {
            return table.columns[column].numbers(start, out);
        }
        let len = out.len();
        let mut top = 0;
        for op in &self.ops {
            match op {
                Op::Unary(function) => unary(*function, &mut stack[top - 1][..len]),
                Op::Binary(function) => {
                    let (below, above) = stack.split_at_mut(top - 1);
                    binary(*function, &mut below[top - 2][..len], &above[0][..len]);
                    top -= 1;
                }
                Op::Between => {
                    let (below, above) = stack.split_at_mut(top - 2);
                    between(&mut below[top - 3][..len], &above[0][..len], &above[1][..len]);
                    top -= 2;
                }
                leaf => {
                    if stack.len() == top {
                        stack.push(vec![0.0; BLOCK]);
                    }
                    load(leaf, table, start, &mut stack[top][..len]);
                    top += 1;
                }
            }
        }
        out.copy_from_slice(&stack[0][..len]);
    }
}

/// Whether a condition holds: neither false nor without value.
pub(crate) fn holds(value: f64) -> bool {
    value != 0.0 && !value.is_nan()
}

fn load(leaf: &Op, table: &Table, start: usize, out: &mut [f64]) {
    match leaf {
        Op::Number(value) => out.fill(*value),
        Op::Column(column) => table.columns[*column].numbers(start, out),
        Op::IsNull(column) => {
            let column = &table.columns[*column];
            for (at, out) in out.iter_mut().enumerate() {
                let empty = match column.cell(start + at) {
                    Cell::Null => true,
                    Cell::Float(value) => value.is_nan(),
                    Cell::Double(value) => value.is_nan(),
                    _ => false,
                };
                *out = truth(empty);
            }
        }
        Op::Text { column, comparison, text } => {
            let column = &table.columns[*column];
            for (at, out) in out.iter_mut().enumerate() {
                *out = match column.cell(start + at) {
                    Cell::Text(cell) => truth(comparison.holds(cell.cmp(text))),
                    _ => f64::NAN,
                };
            }
        }
        Op::Exact { column, comparison, value } => {
            let column = &table.columns[*column];
            for (at, out) in out.iter_mut().enumerate() {
                *out = match column.cell(start + at) {
                    Cell::Integer(cell) => truth(comparison.holds(cell.cmp(value))),
                    _ => f64::NAN,
                };
            }
        }
        Op::Unary(_) | Op::Binary(_) | Op::Between => {}
    }
}

fn truth(value: bool) -> f64 {
    f64::from(u8::from(value))
}

fn unary(function: Unary, values: &mut [f64]) {
    // Chosen outside of the loop, so that each loop is one that a compiler can make wide.
    macro_rules! each {
        ($value:ident => $result:expr) => {
            values.iter_mut().for_each(|slot| {
                let $value = *slot;
                *slot = $result;
            })
        };
    }
    match function {
        Unary::Negate => each!(v => -v),
        Unary::Not => each!(v => if v.is_nan() { v } else { truth(v == 0.0) }),
        Unary::IsNull => each!(v => truth(v.is_nan())),
        Unary::Square => each!(v => v * v),
        Unary::Abs => each!(v => v.abs()),
        Unary::Acos => each!(v => v.acos()),
        Unary::Asin => each!(v => v.asin()),
        Unary::Atan => each!(v => v.atan()),
        Unary::Ceiling => each!(v => v.ceil()),
        Unary::Cos => each!(v => v.cos()),
        Unary::Degrees => each!(v => v.to_degrees()),
        Unary::Exp => each!(v => v.exp()),
        Unary::Floor => each!(v => v.floor()),
        Unary::Ln => each!(v => v.ln()),
        Unary::Log10 => each!(v => v.log10()),
        Unary::Radians => each!(v => v.to_radians()),
        Unary::Round => each!(v => v.round()),
        Unary::Sign => each!(v => if v == 0.0 { 0.0 } else { v.signum() }),
        Unary::Sin => each!(v => v.sin()),
        Unary::Sqrt => each!(v => v.sqrt()),
        Unary::Tan => each!(v => v.tan()),
        Unary::Truncate => each!(v => v.trunc()),
    }
}

fn binary(function: Binary, left: &mut [f64], right: &[f64]) {
    macro_rules! each {
        ($a:ident, $b:ident => $result:expr) => {
            left.iter_mut().zip(right).for_each(|(slot, $b)| {
                let ($a, $b) = (*slot, *$b);
                *slot = $result;
            })
        };
    }
    match function {
        Binary::Add => each!(a, b => a + b),
        Binary::Subtract => each!(a, b => a - b),
        Binary::Multiply => each!(a, b => a * b),
        Binary::Divide => each!(a, b => a / b),
        Binary::Power => each!(a, b => power(a, b)),
        Binary::Mod => each!(a, b => a % b),
        Binary::Atan2 => each!(a, b => a.atan2(b)),
        Binary::Least => each!(a, b => if a.is_nan() || b.is_nan() { f64::NAN } else { a.min(b) }),
        Binary::Greatest => each!(a, b => if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }),
        Binary::Coalesce => each!(a, b => if a.is_nan() { b } else { a }),
        Binary::And => each!(a, b => {
            if a == 0.0 || b == 0.0 { 0.0 } else if a.is_nan() || b.is_nan() { f64::NAN } else { 1.0 }
        }),
        Binary::Or => each!(a, b => {
            if holds(a) || holds(b) { 1.0 } else if a.is_nan() || b.is_nan() { f64::NAN } else { 0.0 }
        }),
        Binary::Compare(comparison) => each!(a, b => {
            a.partial_cmp(&b).map_or(f64::NAN, |order: Ordering| truth(comparison.holds(order)))
        }),
    }
}

fn between(values: &mut [f64], low: &[f64], high: &[f64]) {
    for ((value, low), high) in values.iter_mut().zip(low).zip(high) {
        let unknown = value.is_nan() || low.is_nan() || high.is_nan();
        *value = if unknown { f64::NAN } else { truth(*low <= *value && *value <= *high) };
    }
}

/// IEEE says that anything to the power of zero is one, and one to any power; no value stays none here.
fn power(base: f64, exponent: f64) -> f64 {
    if base.is_nan() || exponent.is_nan() { f64::NAN } else { base.powf(exponent) }
}
