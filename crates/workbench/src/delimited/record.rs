//! Records of a delimited file: bytes in, fields out, resumable at any byte (RFC 4180).

use crate::Error;

/// Bytes of one record.
const RECORD: usize = 16 << 20;

/// What [`Records::step`] came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The chunk is used up.
    More,
    /// A record is complete; it is there until the next step.
    Record,
}

#[derive(Debug)]
pub(super) struct Records {
    delimiter: u8,
    state: State,
    /// Whether the fields belong to a record that was handed out.
    done: bool,
    /// The fields of the record, one after the other; UTF-8 once closed.
    text: Vec<u8>,
    /// End of each field in `text`, and whether it stood in quotes.
    ends: Vec<(usize, bool)>,
    /// Line on which the record began, and the one that is being read, from 1.
    begun: u64,
    line: u64,
    /// Line on which a quoted field began.
    quote: u64,
    /// A carriage return came last: a line feed after it is no further line end.
    after_return: bool,
    /// Whether lines that begin with `#` are comments.
    comments: bool,
    /// The first record that was not UTF-8, until it is told.
    latin1: Option<u64>,
    told: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    RecordStart,
    FieldStart,
    Plain,
    Quoted,
    Comment,
    /// Behind a quotation mark inside quotes: the end, or the first of two.
    Mark,
}

impl Records {
    /// `line`: number of the first line that comes. `comments`: whether lines that begin with `#` are comments.
    pub(super) fn new(delimiter: u8, line: u64, comments: bool) -> Records {
        Records {
            delimiter,
            state: State::RecordStart,
            done: false,
            text: Vec::new(),
            ends: Vec::new(),
            begun: line,
            line,
            quote: line,
            after_return: false,
            comments,
            latin1: None,
            told: false,
        }
    }

    /// Reads up to the end of a record or of the chunk, and shortens the chunk by what was read.
    pub(super) fn step(&mut self, chunk: &mut &[u8]) -> Result<Step, Error> {
        if std::mem::take(&mut self.done) {
            self.text.clear();
            self.ends.clear();
        }
        while let Some((&byte, rest)) = chunk.split_first() {
            *chunk = rest;
            if std::mem::take(&mut self.after_return) && byte == b'\n' {
                continue;
            }
            if self.state == State::RecordStart {
                self.begun = self.line;
            }
            if byte == 0 {
                return Err(Error::Binary { line: self.line });
            }
            if self.text.len() >= RECORD {
                return Err(Error::TooLong { line: self.begun, limit: RECORD });
            }
            match self.state {
                State::Quoted if byte == b'"' => self.state = State::Mark,
                State::Quoted => {
                    self.line += u64::from(byte == b'\n');
                    self.text.push(byte);
                }
                State::Mark if byte == b'"' => {
                    self.text.push(b'"');
                    self.state = State::Quoted;
                }
                State::Comment if !matches!(byte, b'\n' | b'\r') => {}
                State::RecordStart | State::FieldStart if self.delimits_in_runs(byte) => {
                    self.state = State::FieldStart;
                }
                _ if byte == self.delimiter || self.delimits_in_runs(byte) => self.end_field(),
                _ if matches!(byte, b'\n' | b'\r') => {
                    self.after_return = byte == b'\r';
                    self.line += 1;
                    if self.end_record() {
                        return Ok(Step::Record);
                    }
                }
                State::RecordStart | State::FieldStart if matches!(byte, b' ' | b'\t') => {
                    self.state = State::FieldStart
                }
                State::RecordStart if byte == b'#' && self.comments => self.state = State::Comment,
                State::RecordStart | State::FieldStart if byte == b'"' => {
                    self.quote = self.line;
                    self.state = State::Quoted;
                }
                // Text behind a closed quotation belongs to the field all the same.
                State::Mark => self.text.push(byte),
                _ => {
                    self.text.push(byte);
                    self.state = State::Plain;
                }
            }
        }
        Ok(Step::More)
    }

    /// The end of the input, which ends a record too.
    pub(super) fn finish(&mut self) -> Result<Step, Error> {
        if std::mem::take(&mut self.done) {
            self.text.clear();
            self.ends.clear();
        }
        if self.state == State::Quoted {
            return Err(Error::Quote { line: self.quote });
        }
        Ok(if self.end_record() { Step::Record } else { Step::More })
    }

    /// Number of fields.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field, and whether it stood in quotes.
    pub(super) fn field(&self, at: usize) -> (&str, bool) {
        let start = if at == 0 { 0 } else { self.ends[at - 1].0 };
        let (end, quoted) = self.ends[at];
        let text = std::str::from_utf8(&self.text[start..end]).unwrap_or_default();
        (if quoted { text } else { text.trim() }, quoted)
    }

    /// The line on which the record began.
    pub(super) fn begun(&self) -> u64 {
        self.begun
    }

    /// The line of the first record that was not UTF-8, told once.
    pub(super) fn take_latin1(&mut self) -> Option<u64> {
        let line = self.latin1.filter(|_| !self.told);
        self.told |= line.is_some();
        line
    }

    fn end_field(&mut self) {
        self.ends.push((self.text.len(), self.state == State::Mark));
        self.state = State::FieldStart;
    }

    /// A blank as delimiter stands for any number of blanks and tabs.
    fn delimits_in_runs(&self, byte: u8) -> bool {
        self.delimiter == b' ' && matches!(byte, b' ' | b'\t')
    }

    /// Whether there is a record: blank lines and comments are none.
    fn end_record(&mut self) -> bool {
        let blank = self.ends.is_empty() && matches!(self.state, State::RecordStart | State::FieldStart);
        if blank || self.state == State::Comment {
            self.state = State::RecordStart;
            return false;
        }
        // Blanks at the end of a line delimit nothing where blanks are the delimiter.
        if self.delimiter != b' ' || self.state != State::FieldStart {
            self.end_field();
        }
        self.state = State::RecordStart;
        self.done = true;
        if std::str::from_utf8(&self.text).is_err() {
            self.latin1.get_or_insert(self.begun);
            self.decode_latin1();
        }
        true
    }

    /// Each byte is a character: so are files of old programs written.
    fn decode_latin1(&mut self) {
        let mut text = String::with_capacity(self.text.len() * 2);
        let mut start = 0;
        for (end, _) in &mut self.ends {
            text.extend(self.text[start..*end].iter().map(|byte| char::from(*byte)));
            start = *end;
            *end = text.len();
        }
        self.text = text.into_bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &[u8], cut: usize) -> Result<Vec<(u64, Vec<String>)>, Error> {
        let mut records = Records::new(b',', 1, false);
        let mut all = Vec::new();
        let take = |records: &Records, all: &mut Vec<_>| {
            let fields = (0..records.len()).map(|at| records.field(at).0.to_owned()).collect();
            all.push((records.begun(), fields));
        };
        for mut chunk in [&text[..cut], &text[cut..]] {
            while records.step(&mut chunk)? == Step::Record {
                take(&records, &mut all);
            }
        }
        if records.finish()? == Step::Record {
            take(&records, &mut all);
        }
        Ok(all)
    }

    #[test]
    fn records_are_the_same_wherever_they_are_cut() {
        let text = b"a, b ,c\r\n\r\n\"x\"\"y\",\"1\n2\",\n  \r#z,\"\",caf\xe9 \n,,";
        let expected = vec![
            (1, vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]),
            (3, vec!["x\"y".to_owned(), "1\n2".to_owned(), String::new()]),
            (6, vec!["#z".to_owned(), String::new(), "café".to_owned()]),
            (7, vec![String::new(), String::new(), String::new()]),
        ];
        for cut in 0..=text.len() {
            assert_eq!(records(text, cut).unwrap(), expected, "cut at {cut}");
        }
    }

    #[test]
    fn blanks_delimit_in_runs() {
        let mut records = Records::new(b' ', 1, true);
        let mut text: &[u8] = b"  a\t \"b c\"  d \n# no\n \n1 2 3";
        assert_eq!(records.step(&mut text), Ok(Step::Record));
        let fields: Vec<&str> = (0..records.len()).map(|at| records.field(at).0).collect();
        assert_eq!(fields, ["a", "b c", "d"]);
        assert_eq!(records.step(&mut text), Ok(Step::More));
        assert_eq!(records.finish(), Ok(Step::Record));
        assert_eq!((records.begun(), records.len()), (4, 3));
    }

    #[test]
    fn what_is_no_record_is_named_with_its_line() {
        assert_eq!(records(b"a\nb,\"c\n\n", 0), Err(Error::Quote { line: 2 }));
        assert_eq!(records(b"a\n\x89P\0", 0), Err(Error::Binary { line: 2 }));
    }
}
