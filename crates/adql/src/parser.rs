//! ADQL 2.1, appendix A: from tokens to a tree, by recursive descent.
//!
//! Never fails: what cannot be understood is reported, skipped to the next place that is certain (a comma, a clause),
//! and the rest is read all the same. Depth is bounded, whatever the text.

mod expression;
mod select;
mod table;

use std::ops::Range;

use crate::{
    Error,
    lexer::{self, Token, TokenKind},
    tree::{Expression, Identifier, Kind, Query},
};

/// A query as far as it could be understood.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The tree; with errors it may have gaps. `None` if there is no query at all.
    pub tree: Option<Query>,
    /// What is wrong, in the order of the text.
    pub errors: Vec<Error>,
    /// What is accepted here but refused by strict services, such as reserved words as names.
    pub warnings: Vec<Error>,
    /// All tokens, whitespace and comments included.
    pub tokens: Vec<Token>,
}

/// Levels of parentheses, calls and subqueries that a query may have.
///
/// With twice as much, the unoptimized translation would come near the end of a thread's 2 MiB.
pub const MAX_DEPTH: usize = 64;

/// Levels of the tree of a query: a sum of n terms has n, though it is nested nowhere.
pub const MAX_HEIGHT: usize = 150;

/// Errors after which the parser gives up: more would not help anybody.
const MAX_ERRORS: usize = 20;

/// Parses one query, with or without a semicolon at its end.
pub fn parse(text: &str) -> Parsed {
    let tokens = lexer::tokens(text);
    let mut parser = Parser::new(text, &tokens);
    let tree = parser.whole();
    let (mut errors, warnings) = (parser.errors, parser.warnings);
    errors.sort_by_key(|error| error.range.start);
    errors.dedup();
    Parsed { tree, errors, warnings, tokens }
}

/// The tokens that carry meaning and a place among them.
struct Parser<'a> {
    text: &'a str,
    tokens: Vec<&'a Token>,
    at: usize,
    depth: usize,
    /// Height of the tallest expression since the last reset; see `Expression::height`.
    tallest: usize,
    errors: Vec<Error>,
    warnings: Vec<Error>,
}

/// A rule failed and has reported why; the caller decides where to go on.
struct Failed;

type Result<T> = std::result::Result<T, Failed>;

impl<'a> Parser<'a> {
    fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        let mut parser = Parser {
            text,
            tokens: Vec::with_capacity(tokens.len()),
            at: 0,
            depth: 0,
            tallest: 0,
            errors: Vec::new(),
            warnings: Vec::new(),
        };
        for token in tokens {
            match token.kind {
                TokenKind::Whitespace => {}
                TokenKind::Comment => {
                    if token.text(text).starts_with("/*") {
                        parser.report(Error::new(
                            token.range.clone(),
                            "ADQL has no /* … */ comments; a comment begins with -- and ends with the line.",
                        ));
                    }
                }
                TokenKind::Error => {
                    parser.report(strange(token, text));
                    // What was to be a text or a name stands for one; a strange character stands for nothing.
                    if token.text(text).starts_with(['\'', '"']) {
                        parser.tokens.push(token);
                    }
                }
                _ => parser.tokens.push(token),
            }
        }
        parser
    }

    fn whole(&mut self) -> Option<Query> {
        if self.tokens.is_empty() {
            if self.errors.is_empty() {
                self.report(Error::new(self.here(), "There is no query.").expecting(["SELECT", "WITH"]));
            }
            return None;
        }
        let query = self.query().ok();
        while self.eat_symbol(";") {}
        if query.is_some() && self.peek().is_some() {
            self.after_the_end();
        }
        query
    }

    /// Reports what stands after a query that was otherwise read.
    fn after_the_end(&mut self) {
        let range = self.here();
        let word = self.peek_text().to_owned();
        let error = match word.to_ascii_uppercase().as_str() {
            "LIMIT" => {
                Error::new(range, "ADQL has no LIMIT. The number of rows stands after SELECT: SELECT TOP 100 ….")
                    .expecting(["TOP"])
            }
            ")" => Error::new(range, "This parenthesis closes nothing."),
            "SELECT" | "WITH" => Error::new(range, "A second query begins here; only one can be run at a time."),
            "WHERE" | "GROUP" | "HAVING" | "FROM" => Error::new(
                range,
                format!(
                    "{} cannot stand here. The order of clauses is SELECT, FROM, WHERE, GROUP BY, HAVING, ORDER BY, OFFSET.",
                    word.to_ascii_uppercase()
                ),
            ),
            _ => Error::new(range, format!("{} was not expected here.", self.found())).expecting([
                "an operator",
                "a clause such as WHERE or ORDER BY",
                "the end of the query",
            ]),
        };
        self.report(error);
    }

    // Looking at the next token.

    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at).copied()
    }

    fn peek_text(&self) -> &'a str {
        self.text_at(0)
    }

    /// Text of the token `ahead` tokens after the next.
    fn text_at(&self, ahead: usize) -> &'a str {
        self.tokens.get(self.at + ahead).map_or("", |token| token.text(self.text))
    }

    fn kind_at(&self, ahead: usize) -> Option<TokenKind> {
        self.tokens.get(self.at + ahead).map(|token| token.kind)
    }

    /// Bytes of the next token; the empty range behind the last one at the end.
    fn here(&self) -> Range<usize> {
        match self.peek() {
            Some(token) => token.range.clone(),
            None => {
                let end = self.tokens.last().map_or(self.text.len(), |token| token.range.end);
                end..end
            }
        }
    }

    /// End of the token before the next.
    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.range.end)
    }

    fn at_word(&self, word: &str) -> bool {
        self.word_at(0, word)
    }

    fn word_at(&self, ahead: usize, word: &str) -> bool {
        matches!(self.kind_at(ahead), Some(TokenKind::Keyword | TokenKind::Identifier | TokenKind::Function))
            && self.text_at(ahead).eq_ignore_ascii_case(word)
    }

    fn at_symbol(&self, symbol: &str) -> bool {
        self.kind_at(0) == Some(TokenKind::Operator) && self.peek_text() == symbol
    }

    fn at_query(&self) -> bool {
        self.at_word("SELECT") || self.at_word("WITH")
    }

    // Taking it.

    fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len());
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let there = self.at_word(word);
        if there {
            self.advance();
        }
        there
    }

    fn eat_symbol(&mut self, symbol: &str) -> bool {
        let there = self.at_symbol(symbol);
        if there {
            self.advance();
        }
        there
    }

    fn want_word(&mut self, word: &str) -> Result<()> {
        if self.eat_word(word) {
            return Ok(());
        }
        Err(self.unexpected(&[word]))
    }

    fn want_symbol(&mut self, symbol: &str) -> Result<()> {
        if self.eat_symbol(symbol) {
            return Ok(());
        }
        Err(self.unexpected(&[symbol]))
    }

    /// `)` for the parenthesis opened at `open`.
    fn close(&mut self, open: &Range<usize>) -> Result<()> {
        if self.eat_symbol(")") {
            return Ok(());
        }
        if self.peek().is_none() {
            self.report(Error::new(open.clone(), "This parenthesis is not closed.").expecting([")"]));
            return Err(Failed);
        }
        Err(self.unexpected(&[")", ",", "an operator"]))
    }

    /// A name: regular, delimited, or a reserved word that nothing else can be here.
    fn identifier(&mut self, what: &str) -> Result<Identifier> {
        let Some(identifier) = self.name_ahead() else {
            let word = self.peek_text();
            if self.kind_at(0) == Some(TokenKind::Keyword) && !self.ends_here() {
                self.report(
                    Error::new(
                        self.here(),
                        format!("{word} is a reserved word. To use it as a name, write \"{word}\"."),
                    )
                    .expecting([what]),
                );
                return Err(Failed);
            }
            return Err(self.unexpected(&[what]));
        };
        self.advance();
        if !identifier.quoted {
            if lexer::is_reserved(&identifier.text) {
                self.warnings.push(Error::new(
                    identifier.range.clone(),
                    format!(
                        "{0} is a reserved word of ADQL; some services want it in double quotes: \"{0}\".",
                        identifier.text
                    ),
                ));
            } else if identifier.text.starts_with('_') {
                self.warnings
                    .push(Error::new(identifier.range.clone(), "A name that begins with _ belongs in double quotes."));
            }
        }
        Ok(identifier)
    }

    /// The next token as a name, if it can be one.
    fn name_ahead(&self) -> Option<Identifier> {
        let token = self.peek()?;
        let text = token.text(self.text);
        let (text, quoted) = match token.kind {
            TokenKind::Identifier | TokenKind::Function => (text.to_owned(), false),
            TokenKind::Delimited => (text[1..text.len() - 1].replace("\"\"", "\""), true),
            _ => return None,
        };
        Some(Identifier { text, quoted, range: token.range.clone() })
    }

    // Errors and depth.

    /// Is the next token one that closes whatever is being read?
    fn ends_here(&self) -> bool {
        self.peek().is_none() || self.at_symbol(")") || self.at_clause()
    }

    fn at_clause(&self) -> bool {
        ["FROM", "WHERE", "GROUP", "HAVING", "ORDER", "OFFSET", "UNION", "INTERSECT", "EXCEPT"]
            .iter()
            .any(|word| self.at_word(word))
    }

    fn found(&self) -> String {
        match self.peek() {
            None => "The end of the query".to_owned(),
            Some(token) => {
                let text = token.text(self.text);
                let mut short: String = text.chars().take(40).collect();
                if short.len() < text.len() {
                    short.push('…');
                }
                short
            }
        }
    }

    fn unexpected(&mut self, expected: &[&str]) -> Failed {
        // A comma between commas would not be seen.
        let word = |word: &&str| if *word == "," { "a comma".to_owned() } else { (*word).to_owned() };
        let words: Vec<String> = expected.iter().map(word).collect();
        let list = match words.as_slice() {
            [one] => one.clone(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
            [] => "something else".to_owned(),
        };
        let message = if self.peek().is_none() {
            format!("The query ends here, but {list} must follow.")
        } else {
            format!("{} was found where {list} was expected.", self.found())
        };
        let error = Error::new(self.here(), message).expecting(expected.iter().copied());
        self.report(error);
        Failed
    }

    fn report(&mut self, error: Error) {
        // One place, one error: what follows from the first only confuses.
        if self.errors.len() < MAX_ERRORS && self.errors.iter().all(|other| other.range != error.range) {
            self.errors.push(error);
        }
        if self.errors.len() >= MAX_ERRORS {
            self.at = self.tokens.len();
        }
    }

    /// Skips to a comma or to what closes the list, in parentheses of its own level; true at a comma.
    fn skip_to_comma(&mut self) -> bool {
        let mut open = 0usize;
        while let Some(token) = self.peek() {
            match token.text(self.text) {
                "(" => open += 1,
                ")" if open == 0 => return false,
                ")" => open -= 1,
                "," if open == 0 => return true,
                ";" => return false,
                _ if open == 0 && self.at_clause() => return false,
                _ => {}
            }
            self.advance();
        }
        false
    }

    /// Skips to the next clause of the query that is being read.
    fn skip_to_clause(&mut self) {
        while self.skip_to_comma() {
            self.advance();
        }
    }

    /// Runs a rule one level deeper, or reports that there are too many levels and gives up.
    fn deeper<T>(&mut self, rule: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.too_deep(self.here()));
        }
        self.depth += 1;
        let result = rule(self);
        self.depth -= 1;
        result
    }

    fn too_deep(&mut self, range: Range<usize>) -> Failed {
        self.report(Error::new(
            range,
            format!("The query is nested too deeply: more than {MAX_DEPTH} levels of parentheses or {MAX_HEIGHT} operators in a row."),
        ));
        self.at = self.tokens.len();
        Failed
    }

    /// An expression over others of at most `below` levels, or an error if the tree grows too tall.
    fn build(&mut self, kind: Kind, range: Range<usize>, below: usize) -> Result<Expression> {
        let height = below + 1;
        if height > MAX_HEIGHT {
            return Err(self.too_deep(range));
        }
        self.tallest = self.tallest.max(height);
        Ok(Expression { kind, range, height })
    }

    /// Runs a rule that reads a query and returns it with the height of the tallest expression in it.
    fn measured<T>(&mut self, rule: impl FnOnce(&mut Self) -> Result<T>) -> Result<(T, usize)> {
        let before = std::mem::take(&mut self.tallest);
        let result = rule(self);
        let height = std::mem::replace(&mut self.tallest, before);
        let result = result?;
        if height + 1 > MAX_HEIGHT {
            return Err(self.too_deep(self.here()));
        }
        self.tallest = self.tallest.max(height + 1);
        Ok((result, height + 1))
    }
}

/// What is wrong with a token that is none.
fn strange(token: &Token, text: &str) -> Error {
    let found = token.text(text);
    let range = token.range.clone();
    let first = found.chars().next().unwrap_or_default();
    match first {
        '\'' => Error::new(range, "This string is not closed: a single quote is missing at its end.").expecting(["'"]),
        '"' => {
            Error::new(range, "This quoted name is not closed: a double quote is missing at its end.").expecting(["\""])
        }
        '/' => Error::new(range, "This comment is not closed; besides, ADQL has only comments that begin with --."),
        '‘' | '’' => Error::new(range, "A typographic quote; ADQL wants the plain one: '.").expecting(["'"]),
        '“' | '”' | '„' => {
            Error::new(range, "A typographic quote; ADQL wants the plain one: \" for names, ' for text.")
        }
        '\u{a0}' => Error::new(range, "A no-break space, perhaps copied from a document; replace it by a blank."),
        '–' | '—' | '−' => Error::new(range, "A typographic dash; the minus sign is -.").expecting(["-"]),
        '×' => Error::new(range, "The sign of multiplication is *.").expecting(["*"]),
        '≤' => Error::new(range, "Write <= instead.").expecting(["<="]),
        '≥' => Error::new(range, "Write >= instead.").expecting([">="]),
        '≠' => Error::new(range, "Write <> instead.").expecting(["<>"]),
        '!' => Error::new(range, "! alone has no meaning in ADQL.").expecting(["!=", "NOT"]),
        '`' | '[' | ']' => Error::new(range, "Names are quoted in double quotes in ADQL.").expecting(["\""]),
        _ => Error::new(range, format!("The character {} has no meaning in ADQL.", first.escape_debug())),
    }
}
