//! DATA: rows of TABLEDATA and the text of STREAM.

use crate::binary::{Broken, Stream};
use crate::error::{Error, Place};
use crate::model::DataElement;
use crate::tabledata::{Cells, Odd, push_cell};
use crate::xml::tag::Tag;

use super::builder::{Builder, Here, limit};
use super::element::Element;

/// Filled-up cells may grow a table without input; after so many bytes of them the memory is looked at.
const UNPAID: usize = 16 << 20;

/// The row of TABLEDATA that is being read.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// The next column.
    column: usize,
    /// Bytes that the columns of fixed size take for one row.
    bytes: usize,
    unpaid: usize,
}

impl Builder {
    pub(super) fn start_data(&mut self, element: Element, place: Place) {
        self.take_structure();
        let again = self.table().is_some_and(|table| table.data.is_some());
        if element != Element::Data && again {
            self.warn("a table with data twice: the rows are added".to_owned(), place);
        }
        let data = match element {
            Element::Tabledata => DataElement::TableData,
            Element::Binary => DataElement::Binary,
            Element::Binary2 => DataElement::Binary2,
            Element::Fits => DataElement::Elsewhere,
            _ => return,
        };
        let Some(table) = self.table() else { return };
        table.data = Some(data);
        let fields = table.table.columns.iter().map(|column| column.field());
        let cells: Vec<Cells> = fields.map(Cells::of).collect();
        let bytes = cells.iter().map(|cells| cells.count.unwrap_or(1).saturating_mul(16)).sum();
        let no_columns = cells.is_empty();
        self.cells = cells;
        self.row = Row { bytes, ..Row::default() };
        if no_columns && element != Element::Fits {
            self.warn("a table with data and without columns: the data is passed over".to_owned(), place);
        }
        if element == Element::Fits {
            self.warn("the data of the table is in FITS, which is not read".to_owned(), place);
        }
    }

    /// Whether rows may begin or go on here without a look at the elements around.
    pub(super) fn is_between_cells(&self) -> bool {
        matches!(self.top(), Some(Element::Tabledata | Element::Row))
    }

    /// Reads rows in their usual spelling, `<TR><TD>…</TD><TD/></TR>`, as far as they go. `at` moves behind the last piece that
    /// was understood; everything else is for the tokens.
    pub(super) fn rows(&mut self, here: Here<'_>, at: &mut usize) -> Result<(), Error> {
        loop {
            let was_inside = self.top() == Some(Element::Row);
            let mut inside = was_inside;
            let mut row = std::mem::take(&mut self.row);
            let cells = std::mem::take(&mut self.cells);
            let columns = self.table().map(|table| table.table.columns.as_mut_slice()).unwrap_or_default();
            let stop = usual_rows(columns, &cells, &mut row, &mut inside, here.text, at);
            let paid = row.unpaid < UNPAID;
            self.row = row;
            self.cells = cells;
            match (was_inside, inside) {
                (true, false) => self.pop(),
                (false, true) => self.open(Element::Row, b"TR"),
                _ => {}
            }
            match stop {
                Stop::Odd(column, odd) => self.warn_odd(column, &odd, here.place(*at)),
                Stop::Columns(column) => self.warn_columns(column, here.place(*at)),
                Stop::Unpaid => {}
                Stop::Else => return Ok(()),
            }
            if !paid {
                self.row.unpaid = 0;
                self.check_memory(here.place(*at))?;
            }
        }
    }

    pub(super) fn start_row(&mut self) {
        self.row.column = 0;
    }

    pub(super) fn end_cell(&mut self, here: Here<'_>, at: usize) {
        let text = std::mem::take(&mut self.text);
        let column = self.row.column;
        self.row.column += 1;
        let cells = std::mem::take(&mut self.cells);
        let columns = self.table().map(|table| table.table.columns.as_mut_slice()).unwrap_or_default();
        let result = match (columns.get_mut(column), cells.get(column)) {
            (Some(to), Some(cells)) => push_cell(to, cells, &text),
            _ => Ok(()),
        };
        self.cells = cells;
        self.text = text;
        // A huge cell must not keep its room for the rest of the table.
        self.text.shrink_to(1 << 20);
        self.text.clear();
        if let Err(odd) = result {
            self.warn_odd(column, &odd, here.place(at));
        }
    }

    pub(super) fn end_row(&mut self, here: Here<'_>, at: usize) -> Result<(), Error> {
        let mut row = std::mem::take(&mut self.row);
        let columns = self.table().map(|table| table.table.columns.as_mut_slice()).unwrap_or_default();
        let odd = finish_row(columns, &mut row);
        self.row = row;
        if let Some(column) = odd {
            self.warn_columns(column, here.place(at));
        }
        if self.row.unpaid >= UNPAID {
            self.row.unpaid = 0;
            self.check_memory(here.place(at))?;
        }
        Ok(())
    }

    /// Brings all columns of the open table back to the complete rows.
    pub(super) fn drop_incomplete_row(&mut self) {
        self.row.column = 0;
        let Some(table) = self.table() else { return };
        let rows = table.table.rows();
        for column in &mut table.table.columns {
            column.rewind();
            column.truncate(rows);
        }
    }

    pub(super) fn start_stream(&mut self, mut tag: Tag, parent: Element, place: Place) {
        self.stream = None;
        self.stream_place = place;
        if parent == Element::Fits {
            return;
        }
        if let Some(href) = tag.take_filled("href") {
            if let Some(table) = self.table() {
                table.data = Some(DataElement::Elsewhere);
            }
            return self.warn(format!("the data of the table is at {href}, which is not read"), place);
        }
        let encoding = tag.take_filled("encoding");
        match encoding.as_deref().map(str::trim) {
            Some("base64") => {}
            None => self.warn("a STREAM without encoding is read as base64".to_owned(), place),
            Some(encoding) => {
                let cause = format!("the encoding {encoding} of a STREAM is not known");
                return self.fail(Error::Binary { serialization: serialization(parent), row: 0, cause, place });
            }
        }
        self.stream = Some(Stream::new(parent == Element::Binary2));
    }

    /// Takes a piece of the text of a STREAM that begins at `begin`.
    pub(super) fn stream_text(&mut self, piece: &[u8], here: Here<'_>, begin: usize) {
        let Some(mut stream) = self.stream.take() else { return };
        let mut bytes = std::mem::take(&mut stream.bytes);
        let decoded = stream.base64.decode(piece, &mut bytes);
        stream.bytes = bytes;
        // What came before a bad character is data.
        if !self.read_stream(&mut stream) {
            return;
        }
        match decoded {
            Ok(()) => self.stream = Some(stream),
            Err(bad) => {
                let place = here.place((begin + bad.at).min(here.text.len()));
                self.drop_incomplete_row();
                self.fail(Error::Base64 { cause: bad.cause, place });
            }
        }
    }

    pub(super) fn end_stream(&mut self, place: Place) {
        let Some(mut stream) = self.stream.take() else { return };
        let mut bytes = std::mem::take(&mut stream.bytes);
        let end = stream.base64.finish(&mut bytes);
        stream.bytes = bytes;
        if !self.read_stream(&mut stream) {
            return;
        }
        match end {
            Ok(false) => {}
            Ok(true) => self.warn("the base64 text ends without its padding".to_owned(), place),
            Err(cause) => {
                self.drop_incomplete_row();
                return self.fail(Error::Base64 { cause, place });
            }
        }
        if stream.is_inside_row() {
            self.drop_incomplete_row();
            self.fail_stream(stream.rows, "the data ends inside the row".to_owned());
        }
    }

    /// Reads the cells that are there; false if the rest is not to be read.
    fn read_stream(&mut self, stream: &mut Stream) -> bool {
        let cells = std::mem::take(&mut self.cells);
        let largest = self.limits.cell;
        let columns = self.table().map(|table| table.table.columns.as_mut_slice()).unwrap_or_default();
        let mut odds = Vec::new();
        let mut more = 0;
        let read = stream.read(columns, &cells, largest, |column, odd| match odds.len() < 100 {
            true => odds.push((column, odd)),
            false => more += 1,
        });
        self.cells = cells;
        for (column, odd) in odds {
            self.warn_odd(column, &odd, self.stream_place);
        }
        self.document.warning_count += more;
        match read {
            Ok(()) => return true,
            Err(Broken::TooLarge) => {
                self.fail(limit("the length of a cell", largest, self.stream_place));
            }
            Err(Broken::Data(cause)) => self.fail_stream(stream.rows, cause),
        }
        self.drop_incomplete_row();
        false
    }

    fn fail_stream(&mut self, row: usize, cause: String) {
        let binary2 = self.table().is_some_and(|table| table.data == Some(DataElement::Binary2));
        let serialization = serialization(if binary2 { Element::Binary2 } else { Element::Binary });
        self.fail(Error::Binary { serialization, row, cause, place: self.stream_place });
    }

    /// Looks at the memory of all columns, once in a while.
    pub(super) fn check_memory(&mut self, place: Place) -> Result<(), Error> {
        let Some(table) = self.table() else { return Ok(()) };
        let memory = table.table.memory();
        if memory.saturating_add(self.memory) <= self.limits.memory {
            return Ok(());
        }
        self.drop_incomplete_row();
        Err(limit("the memory of the columns", self.limits.memory, place))
    }

    fn warn_odd(&mut self, column: usize, odd: &Odd, place: Place) {
        if *odd == Odd::NotText && self.table().is_some_and(|table| table.data == Some(DataElement::TableData)) {
            return self.not_utf8("a cell", place);
        }
        // Formatting is only worth it for those that are kept.
        if self.document.warnings.len() >= self.limits.warnings {
            self.document.warning_count += 1;
            return;
        }
        let name = match self.table().and_then(|table| table.table.columns.get(column)) {
            Some(column) => column.field().name.clone(),
            None => String::new(),
        };
        let what = match odd {
            Odd::Unreadable => "a cell does not read as its datatype and is null",
            Odd::NotText => "a cell is not in UTF-8 and was read as ISO 8859-1",
            Odd::Commas => "an array is separated by commas",
            Odd::Longer => "a text is longer than its arraysize and was cut",
            Odd::Count => "a cell has not as many elements as its arraysize says",
        };
        self.warn(format!("column {name}: {what}"), place);
    }

    fn warn_columns(&mut self, found: usize, place: Place) {
        if self.cells.is_empty() {
            return;
        }
        let columns = self.cells.len();
        self.warn(format!("a row of {found} cells in a table of {columns} columns"), place);
    }
}

fn serialization(element: Element) -> &'static str {
    if element == Element::Binary2 { "BINARY2" } else { "BINARY" }
}

/// Why the usual rows stopped.
enum Stop {
    /// The input ends or goes on with something else.
    Else,
    /// A cell of this column is odd.
    Odd(usize, Odd),
    /// A row has this number of cells, which is not that of the columns.
    Columns(usize),
    Unpaid,
}

fn usual_rows(
    columns: &mut [table::Column],
    cells: &[Cells],
    row: &mut Row,
    inside: &mut bool,
    text: &[u8],
    at: &mut usize,
) -> Stop {
    loop {
        let rest = &text[*at..];
        let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let rest = &rest[blank..];
        if !*inside {
            if !rest.starts_with(b"<TR>") {
                return Stop::Else;
            }
            *at += blank + 4;
            *inside = true;
            row.column = 0;
        } else if let Some(body) = rest.strip_prefix(b"<TD>") {
            // Text with references or carriage returns has to be put together: not here.
            let Some(end) = memchr::memchr3(b'<', b'&', b'\r', body) else { return Stop::Else };
            if !body[end..].starts_with(b"</TD>") {
                return Stop::Else;
            }
            *at += blank + 4 + end + 5;
            let column = row.column;
            row.column += 1;
            if let (Some(to), Some(cells)) = (columns.get_mut(column), cells.get(column))
                && let Err(odd) = push_cell(to, cells, &body[..end])
            {
                return Stop::Odd(column, odd);
            }
        } else if rest.starts_with(b"</TR>") {
            *at += blank + 5;
            *inside = false;
            if let Some(count) = finish_row(columns, row) {
                return Stop::Columns(count);
            }
            if row.unpaid >= UNPAID {
                return Stop::Unpaid;
            }
        } else if rest.starts_with(b"<TD/>") {
            *at += blank + 5;
            if let Some(column) = columns.get_mut(row.column) {
                column.end_row(false);
            }
            row.column += 1;
        } else {
            return Stop::Else;
        }
    }
}

/// Closes a row: cells that did not come are null. The number of cells, if it is wrong.
fn finish_row(columns: &mut [table::Column], row: &mut Row) -> Option<usize> {
    let found = row.column;
    for column in columns.iter_mut().skip(found) {
        column.end_row(false);
    }
    row.unpaid += row.bytes;
    row.column = 0;
    (found != columns.len()).then_some(found)
}
