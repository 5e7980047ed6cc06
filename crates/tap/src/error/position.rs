//! Where in the query an error is, read from the message in the forms that ADQL servers use.

use std::ops::Range;

/// A place in a query. Lines and columns count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line.
    pub line: u32,
    /// Column, in characters.
    pub column: u32,
    /// Line and column of the last character concerned, where the service tells.
    pub end: Option<(u32, u32)>,
    /// Set when the service counts characters from the beginning of the query (from 1) and knows no
    /// lines: then `line` is 1 and `column` is this number.
    pub offset: Option<u32>,
}

impl Position {
    /// The bytes of `query` that this position means: up to its end if known, or the word that begins
    /// there, or one character. A position behind the end gives the last character. `None` only for an empty query.
    pub fn in_query(&self, query: &str) -> Option<Range<usize>> {
        let start = match self.offset {
            Some(offset) => nth_char(query, offset.saturating_sub(1)),
            None => place(query, self.line, self.column),
        };
        let start = start.or_else(|| query.trim_end().char_indices().next_back().map(|(at, _)| at))?;
        let first = query[start..].chars().next()?;
        let end = match self.end.and_then(|(line, column)| place(query, line, column)) {
            Some(last) if last >= start => last + query[last..].chars().next().map_or(0, char::len_utf8),
            _ if is_word(first) => start + query[start..].find(|c| !is_word(c)).unwrap_or(query.len() - start),
            _ => start + first.len_utf8(),
        };
        Some(start..end)
    }

    /// Finds the first position that `message` names.
    pub fn find(message: &str) -> Option<Self> {
        let lower = message.to_ascii_lowercase();
        taplib(&lower).or_else(|| line_and_column(&lower)).or_else(|| offset(&lower))
    }
}

/// The word of the query that `message` complains of: `Encountered "frm"`, `unexpected 'frm'` …
pub(super) fn token(message: &str) -> Option<String> {
    let lower = message.to_ascii_lowercase();
    for lead in ["encountered", "unexpected", "at or near", "near", "found", "column", "table", "function"] {
        for (at, _) in lower.match_indices(lead) {
            let after = message[at + lead.len()..].trim_start_matches([' ', ':']);
            let after = after.strip_prefix("token").map_or(after, |rest| rest.trim_start_matches([' ', ':']));
            let word = if lead == "encountered" { javacc(after) } else { quoted(after) };
            if word.is_some() {
                return word;
            }
        }
    }
    None
}

/// Parsers made by JavaCC write the kind and the image of a token: `" <NAME> "frm ""`, `" "from" "from ""`.
fn javacc(after: &str) -> Option<String> {
    let lower = after.to_ascii_lowercase();
    let ends =
        [" at line", ". was expecting", "! was expecting", "[l.", "\n"].iter().filter_map(|mark| lower.find(mark));
    let text = &after[..ends.min().unwrap_or(after.len())];
    if !text.starts_with('"') {
        return quoted(text);
    }
    let closed = text.matches('"').count() > 1;
    let word = text.split('"').map(str::trim).rfind(|part| !part.is_empty() && !matches!(*part, "." | "!"));
    word.filter(|word| closed && word.len() <= 128).map(str::to_owned)
}

fn quoted(after: &str) -> Option<String> {
    let open = after.chars().next().filter(|c| matches!(c, '"' | '\'' | '`' | '«'))?;
    let close = if open == '«' { '»' } else { open };
    let inner = &after[open.len_utf8()..];
    let word = inner[..inner.find(close)?].trim();
    (!word.is_empty() && word.len() <= 128).then(|| word.to_owned())
}

/// Where `token` stands in `query` as a word of its own, in any case.
pub(super) fn occurrences(query: &str, token: &str) -> Vec<Range<usize>> {
    // Only ASCII changes case, so that the positions are those of the query.
    let (lower, token) = (query.to_ascii_lowercase(), token.to_ascii_lowercase());
    let apart =
        |inside: Option<char>, outside: Option<char>| !(inside.is_some_and(is_word) && outside.is_some_and(is_word));
    let matches = lower.match_indices(&token).map(|(at, found)| at..at + found.len());
    matches
        .filter(|range| {
            apart(token.chars().next(), lower[..range.start].chars().next_back())
                && apart(token.chars().next_back(), lower[range.end..].chars().next())
        })
        .collect()
}

/// `[l.1 c.8 - l.1 c.12]` of TAPLib; its end is behind the last character.
fn taplib(text: &str) -> Option<Position> {
    let mut at = 0;
    while let Some(found) = text[at..].find("l.") {
        at += found + 2;
        let mut rest = &text[at..];
        let Some(line) = number(&mut rest) else { continue };
        let Some(column) = after(&mut rest, &["c."]).and_then(|()| number(&mut rest)) else { continue };
        let end = after(&mut rest, &["-"]).and_then(|()| {
            after(&mut rest, &["l."])?;
            let line = number(&mut rest)?;
            after(&mut rest, &["c."])?;
            let column = number(&mut rest)?;
            (column > 1).then(|| (line, column - 1))
        });
        return Some(Position { line, column, end, offset: None });
    }
    None
}

/// `line 1, column 15`, `(line:1, col:15)`, `line 1 col 15`, `line 1, position 15`, `line 1:15`.
fn line_and_column(text: &str) -> Option<Position> {
    let mut at = 0;
    while let Some(found) = text[at..].find("line") {
        at += found + 4;
        let mut rest = &text[at..];
        let _ = after(&mut rest, &[":", "=", "no.", "number"]);
        let Some(line) = number(&mut rest) else { continue };
        let _ = after(&mut rest, &[","]);
        let _ = after(&mut rest, &["and", "at"]);
        if after(&mut rest, &["column", "col.", "col", "character", "char", "position", "pos", ":"]).is_none() {
            continue;
        }
        let _ = after(&mut rest, &[":", "="]);
        if let Some(column) = number(&mut rest) {
            return Some(Position { line, column, end: None, offset: None });
        }
    }
    None
}

/// `position 12`, `at character 12`, `at char 12`, `offset 12`.
fn offset(text: &str) -> Option<Position> {
    for lead in ["at character", "at char", "at position", "position", "at offset", "offset"] {
        let mut at = 0;
        while let Some(found) = text[at..].find(lead) {
            at += found + lead.len();
            let mut rest = &text[at..];
            let _ = after(&mut rest, &[":", "="]);
            if let Some(offset) = number(&mut rest) {
                return Some(Position { line: 1, column: offset, end: None, offset: Some(offset) });
            }
        }
    }
    None
}

/// Takes one of `words` from the front, with the blanks round it.
fn after(rest: &mut &str, words: &[&str]) -> Option<()> {
    let trimmed = rest.trim_start();
    let word = words.iter().find(|word| trimmed.starts_with(**word))?;
    *rest = trimmed[word.len()..].trim_start();
    Some(())
}

/// Takes a positive number from the front.
fn number(rest: &mut &str) -> Option<u32> {
    let trimmed = rest.trim_start();
    let end = trimmed.find(|c: char| !c.is_ascii_digit()).unwrap_or(trimmed.len());
    let value = trimmed[..end].parse().ok().filter(|value| *value > 0)?;
    *rest = &trimmed[end..];
    Some(value)
}

fn place(query: &str, line: u32, column: u32) -> Option<usize> {
    let mut start = 0;
    for _ in 1..line {
        start += query[start..].find('\n')? + 1;
    }
    let text = query[start..].split('\n').next().unwrap_or_default();
    nth_char(text, column.saturating_sub(1)).map(|at| start + at)
}

fn nth_char(text: &str, n: u32) -> Option<usize> {
    text.char_indices().nth(n as usize).map(|(at, _)| at)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, query: &str, expect: &str) {
        let found = Position::find(message).and_then(|position| position.in_query(query));
        assert_eq!(found.map_or("nothing", |range| &query[range]), expect, "{message}");
    }

    #[test]
    fn finds_the_place_in_every_form() {
        let query = "select * frm gaiadr3.gaia_source\nwhere parallx > 1";
        for message in [
            "Encountered \"frm\" at line 1, column 10.",
            "Cannot parse query: line 1 column 10: unexpected",
            "Could not parse your query: Expected FROM (at char 9), (line:1, col:10)",
            "Incorrect ADQL query: Encountered \"frm\" [l.1 c.10 - l.1 c.13]",
            "ERROR at line 1:10",
            "syntax error at character 10",
            "Position: 10",
        ] {
            check(message, query, "frm");
        }
        check("Unknown column \"parallx\" [l.2 c.7 - l.2 c.14]!", query, "parallx");
        check("at line 2, column 7", query, "parallx");
        check("at position 40", query, "parallx");
    }

    #[test]
    fn no_place_is_invented() {
        for message in [
            "",
            "online 3 users",
            "all.1 is lost",
            "line up",
            "outline 5",
            "the position of the star",
            "line 0, column 0",
            "1 line 5 rows",
        ] {
            assert_eq!(Position::find(message), None, "{message}");
        }
    }

    #[test]
    fn a_place_behind_the_end_is_the_end() {
        check("line 9, column 9", "select 1 ", "1");
        check("line 1, column 99", "select é", "é");
        check("line 1, column 1", "", "nothing");
        check("line 4294967295, column 4294967295", "x", "x");
    }

    #[test]
    fn finds_the_word() {
        assert_eq!(token("Encountered \"frm\" at line 1").as_deref(), Some("frm"));
        assert_eq!(token("syntax error at or near 'frm'").as_deref(), Some("frm"));
        assert_eq!(token("Unknown column \"a b\"").as_deref(), Some("a b"));
        assert_eq!(
            token("Encountered \" <NAME> \"frm \"\" at line 1, column 10.\nWas expecting: \"FROM\"").as_deref(),
            Some("frm")
        );
        assert_eq!(token("Encountered \" \"from\" \"from \"\" at line 1").as_deref(), Some("from"));
        assert_eq!(token("Encountered \"FORM\". Was expecting one of: \",\" \"FROM\"").as_deref(), Some("FORM"));
        assert_eq!(token("Expected end of text, found 'frm'  (at char 9)").as_deref(), Some("frm"));
        assert_eq!(token("A table is missing: table 'x' of the column").as_deref(), Some("x"));
        assert_eq!(token("no words at all"), None);
        assert_eq!(token("Encountered \"unclosed"), None);
    }
}
