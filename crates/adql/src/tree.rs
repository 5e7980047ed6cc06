//! The tree of a query (ADQL 2.1, section 2 and appendix A): what was written, with the place of everything.

use std::ops::Range;

/// A query with everything that may surround its body.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Common table expressions, in order.
    pub with: Vec<CommonTable>,
    /// SELECT, or several of them combined.
    pub body: Body,
    /// Keys of the order, most important first.
    pub order_by: Vec<OrderKey>,
    /// Rows to leave out first.
    pub offset: Option<Count>,
    /// Bytes of the whole query.
    pub range: Range<usize>,
}

/// `name [(columns)] AS (query)`.
#[derive(Clone, Debug, PartialEq)]
pub struct CommonTable {
    /// The name by which the rest of the query knows it.
    pub name: Identifier,
    /// New names for its columns; empty: the query's own.
    pub columns: Vec<Identifier>,
    /// The query.
    pub query: Query,
}

/// One SELECT, a query in parentheses, or two of them combined.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// SELECT … FROM ….
    Select(Box<Select>),
    /// A query in parentheses, with an order and limit of its own.
    Nested(Box<Query>),
    /// UNION, INTERSECT or EXCEPT.
    Set {
        /// Which of them.
        operator: SetOperator,
        /// Duplicates are kept.
        all: bool,
        /// The rows before the operator.
        left: Box<Body>,
        /// The rows after it.
        right: Box<Body>,
        /// Bytes of the operator.
        range: Range<usize>,
    },
}

/// How two sets of rows are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOperator {
    /// Rows of either.
    Union,
    /// Rows of both.
    Intersect,
    /// Rows of the first that are not in the second.
    Except,
}

/// SELECT … FROM … WHERE … GROUP BY … HAVING.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// Duplicates are left out.
    pub distinct: bool,
    /// `TOP n`.
    pub top: Option<Count>,
    /// What is selected.
    pub items: Vec<Item>,
    /// Tables; a comma between them is a join without condition.
    pub from: Vec<TableExpression>,
    /// The condition of WHERE.
    pub filter: Option<Expression>,
    /// Keys of the groups.
    pub group_by: Vec<Expression>,
    /// The condition of HAVING.
    pub having: Option<Expression>,
    /// Bytes from SELECT to the end of its last clause.
    pub range: Range<usize>,
}

/// A number of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub value: u64,
    /// Bytes of the number.
    pub range: Range<usize>,
}

/// One entry of the list of a SELECT.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `*`.
    All {
        /// Bytes of the star.
        range: Range<usize>,
    },
    /// `t.*`, `schema.t.*`.
    AllOf {
        /// The table's name, outermost part first.
        table: Vec<Identifier>,
        /// Bytes of the entry.
        range: Range<usize>,
    },
    /// An expression, perhaps with a name.
    Expression {
        /// The expression.
        expression: Expression,
        /// Its name in the result.
        alias: Option<Identifier>,
    },
}

/// One key of ORDER BY: a column, an ordinal number or an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderKey {
    /// What is compared.
    pub expression: Expression,
    /// DESC.
    pub descending: bool,
}

/// What may stand in FROM.
#[derive(Clone, Debug, PartialEq)]
pub enum TableExpression {
    /// A table of the catalogue, an upload or a common table.
    Table {
        /// Its name as written.
        name: TableName,
        /// Its name in this query.
        alias: Option<Identifier>,
    },
    /// A query in parentheses.
    Query {
        /// The query.
        query: Box<Query>,
        /// Its name; ADQL wants one.
        alias: Option<Identifier>,
        /// Bytes with the parentheses.
        range: Range<usize>,
    },
    /// Two of them joined.
    Join {
        /// Which rows without partner are kept.
        kind: JoinKind,
        /// NATURAL: equal in all columns of the same name.
        natural: bool,
        /// Before JOIN.
        left: Box<TableExpression>,
        /// After JOIN.
        right: Box<TableExpression>,
        /// ON or USING.
        condition: Option<JoinCondition>,
        /// Bytes of the word JOIN and what belongs to it.
        range: Range<usize>,
    },
}

/// Which rows without partner a join keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// None.
    Inner,
    /// Those of the left table.
    Left,
    /// Those of the right table.
    Right,
    /// Those of both.
    Full,
    /// There are none: every row with every row.
    Cross,
}

/// What makes two rows partners.
#[derive(Clone, Debug, PartialEq)]
pub enum JoinCondition {
    /// A condition.
    On(Expression),
    /// Equal values in these columns.
    Using(Vec<Identifier>),
}

/// A name: unquoted ones do not distinguish case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// The name without quotes, in the case in which it was written.
    pub text: String,
    /// Written in double quotes.
    pub quoted: bool,
    /// Bytes, quotes included.
    pub range: Range<usize>,
}

impl Identifier {
    /// Does this name mean the thing called `name`? Quoted names mean exactly what they say.
    pub fn matches(&self, name: &str) -> bool {
        if self.quoted { self.text == name } else { self.text.eq_ignore_ascii_case(name) }
    }

    /// Could both mean the same thing?
    pub fn same(&self, other: &Identifier) -> bool {
        if self.quoted && other.quoted { self.text == other.text } else { self.text.eq_ignore_ascii_case(&other.text) }
    }
}

/// `[[catalog.]schema.]table`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableName {
    /// First of three parts.
    pub catalog: Option<Identifier>,
    /// The schema, such as `gaiadr3` or `tap_upload`.
    pub schema: Option<Identifier>,
    /// The table.
    pub name: Identifier,
    /// Bytes of the whole name.
    pub range: Range<usize>,
}

/// An expression: a value or a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub range: Range<usize>,
    /// Levels below this one; the parser bounds it, so that nobody's stack overflows.
    pub(crate) height: usize,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields of each kind are named as in the grammar")]
pub enum Kind {
    /// Stands where the parser found no expression and said so.
    Missing,
    /// A column, perhaps with its table: outermost part first.
    Column(Vec<Identifier>),
    /// A number as written.
    Number(String),
    /// A string, without its quotes.
    String(String),
    /// TRUE or FALSE.
    Boolean(bool),
    /// NULL.
    Null,
    /// `-x`, `+x`, `~x`.
    Unary { operator: UnaryOperator, operand: Box<Expression> },
    /// Arithmetic, bits, concatenation.
    Binary { operator: BinaryOperator, left: Box<Expression>, right: Box<Expression> },
    /// Two or more conditions joined by AND.
    And(Vec<Expression>),
    /// Two or more conditions joined by OR.
    Or(Vec<Expression>),
    /// NOT.
    Not(Box<Expression>),
    /// `=`, `<>`, `<`, ….
    Comparison { operator: Comparison, left: Box<Expression>, right: Box<Expression> },
    /// `x [NOT] BETWEEN low AND high`.
    Between { operand: Box<Expression>, low: Box<Expression>, high: Box<Expression>, negated: bool },
    /// `x [NOT] LIKE pattern`, `ILIKE`.
    Like { operand: Box<Expression>, pattern: Box<Expression>, any_case: bool, negated: bool },
    /// `x [NOT] IN (a, b)`.
    InList { operand: Box<Expression>, list: Vec<Expression>, negated: bool },
    /// `x [NOT] IN (SELECT …)`.
    InQuery { operand: Box<Expression>, query: Box<Query>, negated: bool },
    /// `x IS [NOT] NULL`.
    IsNull { operand: Box<Expression>, negated: bool },
    /// `EXISTS (SELECT …)`.
    Exists(Box<Query>),
    /// A query with one column, whose only row is the value.
    Scalar(Box<Query>),
    /// CASE.
    Case {
        operand: Option<Box<Expression>>,
        branches: Vec<(Expression, Expression)>,
        otherwise: Option<Box<Expression>>,
    },
    /// `CAST(x AS type)`.
    Cast { operand: Box<Expression>, target: CastType },
    /// A function of the standard or of the service.
    Call(Call),
}

/// `name(arguments)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The function's name, outermost part first; usually one part.
    pub name: Vec<Identifier>,
    /// `COUNT(DISTINCT x)`.
    pub distinct: bool,
    /// `COUNT(*)`.
    pub star: bool,
    /// What stands in the parentheses.
    pub arguments: Vec<Expression>,
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`
    Minus,
    /// `+`
    Plus,
    /// `~`
    BitNot,
}

/// Operators between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`, an extension that some services have
    Remainder,
    /// `||`
    Concatenate,
    /// `&`
    BitAnd,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`, `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// The same comparison with its sides exchanged.
    #[must_use]
    pub fn flipped(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            same => same,
        }
    }

    /// The symbol.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::Unequal => "<>",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }
}

/// The target of a CAST (ADQL 2.1, section 4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastType {
    /// Which type.
    pub kind: CastKind,
    /// `VARCHAR(n)`: characters to keep.
    pub length: Option<usize>,
    /// Bytes of the type.
    pub range: Range<usize>,
}

/// The types of a CAST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CastKind {
    /// CHAR(n): text of n characters, padded with blanks.
    Char,
    /// VARCHAR(n): text.
    Varchar,
    /// 16 bits.
    Smallint,
    /// 32 bits.
    Integer,
    /// 64 bits.
    Bigint,
    /// 32-bit float.
    Real,
    /// 64-bit float; FLOAT is the same.
    Double,
    /// True or false; an extension.
    Boolean,
    /// ISO 8601 text.
    Timestamp,
}
