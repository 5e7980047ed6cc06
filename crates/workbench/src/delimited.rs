//! CSV, TSV and columns of text to table (RFC 4180, with the freedoms that people take): delimiter, header and types are found out.
//!
//! Chunks come in, cut anywhere. Cells are kept as text until the end, because only the last line tells the type of a column
//! for certain; then whole numbers become `long` with every digit, or stay text where no number type holds them.

mod guess;
mod names;
mod record;

use table::{Column, Datatype, Field, Table};

use self::guess::{Guess, Kind};
use self::record::{Records, Step};
use crate::Error;

/// Most columns that are read.
const COLUMNS: usize = 4096;

/// Bytes among which the first line must end.
const FIRST_LINE: usize = 1 << 20;

/// How to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Make the names of the columns such that ADQL needs no quotes: lower case, letters, digits and underscores, no word of
    /// the language, each once. The name in the file becomes the description.
    pub safe_names: bool,
    /// Any number of blanks stands between fields, whatever else the first line holds.
    pub blanks: bool,
}

/// Reads one file.
#[derive(Debug)]
pub struct Reader {
    options: Options,
    state: State,
    table: Table,
    guesses: Vec<Guess>,
    warnings: Vec<String>,
}

#[derive(Debug)]
enum State {
    /// Bytes before the end of the first line, which tells the delimiter.
    First(Vec<u8>),
    Records(Records),
    Finished,
}

impl Reader {
    /// A reader that has read nothing.
    pub fn new(options: Options) -> Reader {
        Reader {
            options,
            state: State::First(Vec::new()),
            table: Table::default(),
            guesses: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Reads on. After an error nothing more is read; the rows before it stay.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), Error> {
        match &mut self.state {
            State::First(start) => {
                start.extend_from_slice(chunk);
                match first_line(start) {
                    Some(first) => self.begin(first),
                    None if start.len() > FIRST_LINE => Err(Error::TooLong { line: 1, limit: FIRST_LINE }),
                    None => Ok(()),
                }
            }
            State::Records(_) => self.records(chunk),
            State::Finished => Ok(()),
        }
    }

    /// The end of the input: reads a last line without line feed and gives each column its type.
    pub fn finish(&mut self) -> Result<(), Error> {
        if let State::First(start) = &self.state {
            let first = whole_first_line(start).ok_or(Error::Empty)?;
            self.begin(first)?;
        }
        let ended = match &mut self.state {
            State::Records(records) => records.finish(),
            _ => return Ok(()),
        };
        let last = ended.and_then(|step| if step == Step::Record { self.record() } else { Ok(()) });
        self.settle();
        last
    }

    /// Gives each column its type from what was read so far; nothing is read afterwards. [`Reader::finish`] does it too.
    pub fn settle(&mut self) {
        if matches!(self.state, State::Finished) {
            return;
        }
        self.state = State::Finished;
        for (column, guess) in self.table.columns.iter_mut().zip(&self.guesses) {
            if let Some(typed) = typed(column, guess.kind()) {
                *column = typed;
            }
        }
    }

    /// The table as far as it was read: all columns are text before the end.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// The table, to keep.
    pub fn into_table(self) -> Table {
        self.table
    }

    /// What was mended.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The first line is known: finds the delimiter and reads what came.
    fn begin(&mut self, first: First) -> Result<(), Error> {
        let State::First(start) = std::mem::replace(&mut self.state, State::Finished) else { return Ok(()) };
        let delimiter = if self.options.blanks { b' ' } else { first.delimiter };
        self.state = State::Records(Records::new(delimiter, first.line, first.comments));
        self.records(&start[first.at..])
    }

    fn records(&mut self, mut chunk: &[u8]) -> Result<(), Error> {
        loop {
            let State::Records(records) = &mut self.state else { return Ok(()) };
            match records.step(&mut chunk) {
                Ok(Step::More) => return Ok(()),
                Ok(Step::Record) => {
                    if let Err(error) = self.record() {
                        self.settle();
                        return Err(error);
                    }
                }
                Err(error) => {
                    self.settle();
                    return Err(error);
                }
            }
        }
    }

    /// Takes over a record: the header or a row.
    fn record(&mut self) -> Result<(), Error> {
        let State::Records(records) = &mut self.state else { return Ok(()) };
        if let Some(line) = records.take_latin1() {
            self.warnings.push(format!("line {line} is not UTF-8; it was read as Latin-1"));
        }
        let found = records.len();
        if self.table.columns.is_empty() {
            if found > COLUMNS {
                return Err(Error::TooManyFields { found, limit: COLUMNS });
            }
            let header: Vec<&str> = (0..found).map(|at| records.field(at).0).collect();
            // A first line of numbers is a row, not a header.
            let nameless = header.iter().all(|text| guess::is_number(text) || text.is_empty());
            let fields = names::fields(&header, nameless, self.options.safe_names);
            self.guesses = vec![Guess::default(); fields.len()];
            self.table = Table::new(fields);
            if !nameless {
                return Ok(());
            }
            self.warnings.push("the first line holds numbers, so the columns have no names".to_owned());
        }
        let expected = self.table.columns.len();
        // Many programs end each line with a delimiter.
        let extra = found == expected + 1 && records.field(expected) == ("", false);
        if found != expected && !extra {
            return Err(Error::Fields { line: records.begun(), found, expected });
        }
        for (at, (column, guess)) in self.table.columns.iter_mut().zip(&mut self.guesses).enumerate() {
            let (text, quoted) = records.field(at);
            if text.is_empty() && !quoted {
                column.push_null();
            } else {
                guess.see(text);
                column.push_text(text);
            }
        }
        Ok(())
    }
}

/// Reads a whole file.
pub fn read(bytes: &[u8], options: Options) -> Result<Table, Error> {
    let mut reader = Reader::new(options);
    reader.push(bytes)?;
    reader.finish()?;
    Ok(reader.into_table())
}

/// What the first line tells.
#[derive(Debug, PartialEq)]
struct First {
    /// Where it begins, behind a byte order mark and comments.
    at: usize,
    /// Its number, from 1.
    line: u64,
    delimiter: u8,
    /// Whether comments stood before it.
    comments: bool,
}

/// Looks at the first line that is no comment; `None`: its end has not come.
fn first_line(start: &[u8]) -> Option<First> {
    scan_first_line(start, false)
}

/// The same at the end of the input, where a line ends without line feed; `None`: there is no line.
fn whole_first_line(start: &[u8]) -> Option<First> {
    scan_first_line(start, true)
}

fn scan_first_line(start: &[u8], whole: bool) -> Option<First> {
    const BOM: &[u8] = b"\xef\xbb\xbf";
    if !whole && start.len() < BOM.len() {
        return None;
    }
    let mut at = if start.starts_with(BOM) { BOM.len() } else { 0 };
    let mut line = 1;
    let mut declared = None;
    let mut comments = false;
    loop {
        let rest = &start[at..];
        let end = match rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(end) => end,
            None if whole => rest.len(),
            None => return None,
        };
        let text = &rest[..end];
        let comment = text.first() == Some(&b'#');
        comments |= comment;
        if comment && let Some(delimiter) = declared_delimiter(text) {
            declared = Some(delimiter);
        }
        if comment || text.iter().all(u8::is_ascii_whitespace) {
            if end == rest.len() {
                return None;
            }
            let crlf = rest[end] == b'\r' && rest.get(end + 1) == Some(&b'\n');
            at += end + 1 + usize::from(crlf);
            line += 1;
            continue;
        }
        let ecsv = declared.or_else(|| start.starts_with(b"# %ECSV").then_some(b' '));
        return Some(First { at, line, delimiter: ecsv.unwrap_or_else(|| sniff(text)), comments });
    }
}

/// `# delimiter: ','` of an ECSV header.
fn declared_delimiter(comment: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(comment).ok()?;
    let value = text.trim_start_matches('#').trim().strip_prefix("delimiter:")?.trim();
    value.trim_matches(['\'', '"']).bytes().next()
}

/// The delimiter that stands most often outside quotes; a comma where there is none.
fn sniff(line: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in line {
        quoted ^= *byte == b'"';
        if !quoted && let Some((_, count)) = counts.iter_mut().find(|(delimiter, _)| delimiter == byte) {
            *count += 1;
        }
    }
    // The first of equals: a comma before a semicolon.
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(b',', |(delimiter, _)| *delimiter)
}

/// Columns of text from their header on, where that is the last comment before the first row: `# ra dec`.
///
/// It is one if it has as many words as that row, and the row has a number, as no header has.
pub fn from_header(text: &[u8]) -> &[u8] {
    let mut comment = None;
    let mut at = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let start = at;
        at += line.len();
        let words = |line: &[u8]| {
            let mut quoted = false;
            let between = |byte: &u8| {
                quoted ^= *byte == b'"';
                !quoted && byte.is_ascii_whitespace()
            };
            line.split(between).filter(|word| !word.is_empty()).count()
        };
        match line.trim_ascii() {
            [] => {}
            [b'#', names @ ..] => {
                let mark = line.iter().position(|byte| *byte == b'#').unwrap_or(0);
                comment = Some((start + mark + 1, words(names)));
            }
            row => {
                let is_number = |word: &[u8]| std::str::from_utf8(word).is_ok_and(|word| word.parse::<f64>().is_ok());
                let numbers = row.split(u8::is_ascii_whitespace).any(is_number);
                let header = comment.filter(|(_, names)| numbers && *names == words(row));
                return header.map_or(text, |(from, _)| &text[from..]);
            }
        }
    }
    text
}

/// The column in another type; `None` where it stays text.
fn typed(column: &Column, kind: Kind) -> Option<Column> {
    let datatype = match kind {
        Kind::Text => return None,
        Kind::Integer => Datatype::Long,
        Kind::Double => Datatype::Double,
        Kind::Boolean => Datatype::Boolean,
    };
    let mut field = Field::new(column.field().name.clone(), datatype);
    field.description = column.field().description.clone();
    let mut typed = Column::new(field);
    let mut text = String::new();
    for row in 0..column.len() {
        text.clear();
        column.write_text(row, &mut text);
        match kind {
            Kind::Integer => match guess::integer(&text) {
                Some(value) => typed.push_integer(value),
                None => typed.push_null(),
            },
            Kind::Double => match guess::double(&text) {
                Some(value) => typed.push_double(value),
                None => typed.push_null(),
            },
            _ => match guess::boolean(&text) {
                Some(value) => typed.push_boolean(value),
                None => typed.push_null(),
            },
        }
    }
    Some(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_tells_the_delimiter() {
        let delimiter = |text: &str| first_line(text.as_bytes()).unwrap().delimiter;
        assert_eq!(delimiter("a,b,c\n"), b',');
        assert_eq!(delimiter("a\tb, or c\td\n"), b'\t');
        assert_eq!(delimiter("\"a,b,c\";d\n"), b';');
        assert_eq!(delimiter("one column\n"), b',');
        assert_eq!(delimiter("# %ECSV 1.0\n# ---\na b\n"), b' ');
        assert_eq!(delimiter("# %ECSV 1.0\n# delimiter: ','\na b,c\n"), b',');
    }

    #[test]
    fn comments_and_marks_are_passed_over() {
        let first = first_line(b"\xef\xbb\xbf# x\r\n\r\na,b\n").unwrap();
        assert_eq!(first, First { at: 10, line: 3, delimiter: b',', comments: true });
        assert_eq!(first_line(b"# only\n# comments"), None);
        assert_eq!(whole_first_line(b"# only\n# comments\n"), None);
    }
}
