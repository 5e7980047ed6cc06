//! From tokens to a tree: precedence climbing, from `or` down to names and numbers.

use std::ops::Range;

use super::Error;
use super::lexer::{Token, is_word, tokens};
use super::nearest::nearest;

/// Parentheses, signs and powers within each other; enough for people, and no danger for the stack.
const DEEPEST: usize = 64;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Number(f64),
    Integer(i64),
    Text(String, Range<usize>),
    Column {
        name: String,
        range: Range<usize>,
    },
    Unary(Unary, Box<Node>),
    Binary(Binary, Box<Node>, Box<Node>),
    /// A value and its bounds.
    Between(Box<[Node; 3]>),
}

/// Functions of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unary {
    Negate,
    Not,
    IsNull,
    Square,
    Abs,
    Acos,
    Asin,
    Atan,
    Ceiling,
    Cos,
    Degrees,
    Exp,
    Floor,
    Ln,
    Log10,
    Radians,
    Round,
    Sign,
    Sin,
    Sqrt,
    Tan,
    Truncate,
}

/// Functions of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Mod,
    Atan2,
    Least,
    Greatest,
    Coalesce,
    And,
    Or,
    Compare(Comparison),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The same said from the other side: `a < b` is `b > a`.
    pub(super) fn mirrored(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            same => same,
        }
    }

    /// Whether things in this order compare so.
    pub(super) fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::Different => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}

#[derive(Clone, Copy)]
enum Function {
    Pi,
    One(Unary),
    Two(Binary),
    /// Two or more values, taken together one after the other.
    Many(Binary),
}

const FUNCTIONS: [(&str, Function); 30] = [
    ("abs", Function::One(Unary::Abs)),
    ("acos", Function::One(Unary::Acos)),
    ("asin", Function::One(Unary::Asin)),
    ("atan", Function::One(Unary::Atan)),
    ("atan2", Function::Two(Binary::Atan2)),
    ("ceil", Function::One(Unary::Ceiling)),
    ("ceiling", Function::One(Unary::Ceiling)),
    ("coalesce", Function::Many(Binary::Coalesce)),
    ("cos", Function::One(Unary::Cos)),
    ("degrees", Function::One(Unary::Degrees)),
    ("exp", Function::One(Unary::Exp)),
    ("floor", Function::One(Unary::Floor)),
    ("greatest", Function::Many(Binary::Greatest)),
    ("least", Function::Many(Binary::Least)),
    ("ln", Function::One(Unary::Ln)),
    // ADQL 2.1, section 2.3: LOG is the natural logarithm.
    ("log", Function::One(Unary::Ln)),
    ("log10", Function::One(Unary::Log10)),
    ("max", Function::Many(Binary::Greatest)),
    ("min", Function::Many(Binary::Least)),
    ("mod", Function::Two(Binary::Mod)),
    ("pi", Function::Pi),
    ("pow", Function::Two(Binary::Power)),
    ("power", Function::Two(Binary::Power)),
    ("radians", Function::One(Unary::Radians)),
    ("round", Function::One(Unary::Round)),
    ("sign", Function::One(Unary::Sign)),
    ("sin", Function::One(Unary::Sin)),
    ("sqrt", Function::One(Unary::Sqrt)),
    ("tan", Function::One(Unary::Tan)),
    ("truncate", Function::One(Unary::Truncate)),
];

pub(super) fn parse(text: &str) -> Result<Node, Error> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let node = parser.or()?;
    match parser.peek() {
        Token::End => Ok(node),
        _ => Err(Error::new(parser.range(), "An operator is missing before this, or it is too much.")),
    }
}

struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    fn range(&self) -> Range<usize> {
        self.tokens[self.at].1.clone()
    }

    /// Goes on, but never past the end.
    fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(found) if *found == symbol);
        if found {
            self.advance();
        }
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Name(name) if name.eq_ignore_ascii_case(word));
        if found {
            self.advance();
        }
        found
    }

    /// What may hold itself is counted, so that no text can exhaust the stack.
    fn deeper(&mut self, parse: impl FnOnce(&mut Parser) -> Result<Node, Error>) -> Result<Node, Error> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Error::new(self.range(), format!("More than {DEEPEST} levels are within each other.")));
        }
        let node = parse(self);
        self.depth -= 1;
        node
    }

    fn or(&mut self) -> Result<Node, Error> {
        let mut node = self.and()?;
        while self.word("or") {
            node = binary(Binary::Or, node, self.and()?);
        }
        Ok(node)
    }

    fn and(&mut self) -> Result<Node, Error> {
        let mut node = self.not()?;
        while self.word("and") {
            node = binary(Binary::And, node, self.not()?);
        }
        Ok(node)
    }

    fn not(&mut self) -> Result<Node, Error> {
        if self.word("not") {
            return Ok(unary(Unary::Not, self.deeper(Parser::not)?));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Node, Error> {
        let left = self.sum()?;
        let comparison = match self.peek() {
            Token::Symbol("=" | "==") => Comparison::Equal,
            Token::Symbol("<>" | "!=") => Comparison::Different,
            Token::Symbol("<") => Comparison::Less,
            Token::Symbol("<=") => Comparison::LessOrEqual,
            Token::Symbol(">") => Comparison::Greater,
            Token::Symbol(">=") => Comparison::GreaterOrEqual,
            _ => return self.condition(left),
        };
        self.advance();
        Ok(binary(Binary::Compare(comparison), left, self.sum()?))
    }

    /// `is [not] null`, `[not] between a and b`, or nothing more.
    fn condition(&mut self, left: Node) -> Result<Node, Error> {
        let negated = |negated: bool, node: Node| if negated { unary(Unary::Not, node) } else { node };
        if self.word("is") {
            let not = self.word("not");
            if !self.word("null") {
                return Err(Error::new(self.range(), "`null` or `not null` is expected after `is`."));
            }
            return Ok(negated(not, unary(Unary::IsNull, left)));
        }
        let not = self.word("not");
        if self.word("between") {
            let low = self.sum()?;
            if !self.word("and") {
                return Err(Error::new(self.range(), "`and` and the upper bound are expected."));
            }
            let high = self.sum()?;
            // A column is named twice, so that whole numbers compare exactly; anything else could double without end.
            if !matches!(left, Node::Column { .. }) {
                return Ok(negated(not, Node::Between(Box::new([left, low, high]))));
            }
            let above = binary(Binary::Compare(Comparison::GreaterOrEqual), left.clone(), low);
            let below = binary(Binary::Compare(Comparison::LessOrEqual), left, high);
            return Ok(negated(not, binary(Binary::And, above, below)));
        }
        if not {
            return Err(Error::new(self.range(), "`between` is expected after `not`."));
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Node, Error> {
        let mut node = self.product()?;
        loop {
            let operator = match self.peek() {
                Token::Symbol("+") => Binary::Add,
                Token::Symbol("-") => Binary::Subtract,
                _ => return Ok(node),
            };
            self.advance();
            node = binary(operator, node, self.product()?);
        }
    }

    fn product(&mut self) -> Result<Node, Error> {
        let mut node = self.sign()?;
        loop {
            let operator = match self.peek() {
                Token::Symbol("*") => Binary::Multiply,
                Token::Symbol("/") => Binary::Divide,
                _ => return Ok(node),
            };
            self.advance();
            node = binary(operator, node, self.sign()?);
        }
    }

    fn sign(&mut self) -> Result<Node, Error> {
        if self.symbol("-") {
            return Ok(match self.deeper(Parser::sign)? {
                Node::Integer(value) => Node::Integer(value.wrapping_neg()),
                Node::Number(value) => Node::Number(-value),
                node => unary(Unary::Negate, node),
            });
        }
        if self.symbol("+") {
            return self.deeper(Parser::sign);
        }
        self.power()
    }

    fn power(&mut self) -> Result<Node, Error> {
        let base = self.primary()?;
        if self.symbol("^") || self.symbol("**") {
            let exponent = self.deeper(Parser::sign)?;
            return Ok(match exponent {
                Node::Integer(2) => unary(Unary::Square, base),
                exponent => binary(Binary::Power, base, exponent),
            });
        }
        Ok(base)
    }

    fn primary(&mut self) -> Result<Node, Error> {
        let range = self.range();
        let token = self.peek().clone();
        let node = match token {
            Token::Number(value) => Node::Number(value),
            Token::Integer(value) => Node::Integer(value),
            Token::Text(text) => Node::Text(text, range),
            Token::Quoted(name) => Node::Column { name, range },
            Token::Name(name) if is_word(&name) => {
                return Err(Error::new(range, format!("A number or a column is expected before `{name}`.")));
            }
            Token::Name(name) => {
                self.advance();
                if self.symbol("(") {
                    return self.deeper(|parser| parser.call(&name, range));
                }
                return Ok(Node::Column { name, range });
            }
            Token::Symbol("(") => {
                self.advance();
                let node = self.deeper(Parser::or)?;
                self.close()?;
                return Ok(node);
            }
            Token::Symbol(symbol) => {
                return Err(Error::new(range, format!("A number or a column is expected before `{symbol}`.")));
            }
            Token::End => return Err(Error::new(range, "A number or a column is expected here.")),
        };
        self.advance();
        Ok(node)
    }

    fn close(&mut self) -> Result<(), Error> {
        if self.symbol(")") {
            return Ok(());
        }
        Err(Error::new(self.range(), "A closing parenthesis is expected here."))
    }

    /// The values of a function, whose name and opening parenthesis were read.
    fn call(&mut self, name: &str, range: Range<usize>) -> Result<Node, Error> {
        let Some((_, function)) = FUNCTIONS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)) else {
            let suggestion = nearest(name, FUNCTIONS.iter().map(|(known, _)| *known));
            let error = Error::new(range, format!("There is no function {name}."));
            return Err(error.suggesting(suggestion.map(str::to_owned)));
        };
        let mut values = Vec::new();
        if !matches!(self.peek(), Token::Symbol(")")) {
            values.push(self.or()?);
            while self.symbol(",") {
                values.push(self.or()?);
            }
        }
        self.close()?;
        let count = values.len();
        let mut values = values.into_iter();
        let wanted = match (function, values.next(), values.next()) {
            (Function::Pi, None, _) => return Ok(Node::Number(std::f64::consts::PI)),
            (Function::One(function), Some(value), None) => return Ok(unary(*function, value)),
            (Function::Two(function), Some(first), Some(second)) if count == 2 => {
                return Ok(binary(*function, first, second));
            }
            (Function::Many(function), Some(first), Some(second)) => {
                return Ok(values.fold(binary(*function, first, second), |node, next| binary(*function, node, next)));
            }
            (Function::Pi, ..) => "no value",
            (Function::One(_), ..) => "one value",
            (Function::Two(_), ..) => "two values",
            (Function::Many(_), ..) => "two or more values",
        };
        Err(Error::new(range, format!("{name} takes {wanted}, not {count}.")))
    }
}

fn unary(function: Unary, value: Node) -> Node {
    Node::Unary(function, Box::new(value))
}

fn binary(function: Binary, left: Node, right: Node) -> Node {
    Node::Binary(function, Box::new(left), Box::new(right))
}
