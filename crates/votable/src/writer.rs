//! Writing a VOTable: a preamble, rows in as many blocks as there are, trailing INFO and service descriptors.
//!
//! Follows VOTable 1.4 (namespace v1.3), as the Gaia Archive writes it. Everything is appended to a byte buffer, which the
//! caller may send and empty after each call.

use std::ops::Range;

use table::{Column, Field};

use crate::model::{Coosys, Group, Info, Link, Param, ServiceDescriptor, Timesys};

mod binary2;
mod elements;
mod escape;
mod tabledata;

/// How the cells are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serialization {
    /// As XML elements, one row a line.
    TableData,
    /// As base64 of binary values with null masks, 64 characters a line.
    Binary2,
}

/// What stands before the first row.
#[derive(Clone, Debug, Default)]
pub struct Preamble {
    /// VOTable version in the root element; `None`: 1.4. From 1.3 on the namespace is the same.
    pub version: Option<String>,
    /// `utype` of the resource: the data model that it follows.
    pub utype: Option<String>,
    /// Description of the resource.
    pub description: Option<String>,
    /// INFO elements of the resource, QUERY_STATUS among them; nothing is added.
    pub infos: Vec<Info>,
    /// PARAM elements of the resource.
    pub params: Vec<Param>,
    /// Coordinate systems.
    pub coosys: Vec<Coosys>,
    /// Time systems.
    pub timesys: Vec<Timesys>,
    /// Links of the resource.
    pub links: Vec<Link>,
    /// `name` of the table.
    pub table_name: Option<String>,
    /// `ID` of the table.
    pub table_id: Option<String>,
    /// Description of the table.
    pub table_description: Option<String>,
    /// PARAM elements of the table.
    pub table_params: Vec<Param>,
    /// GROUP elements of the table.
    pub groups: Vec<Group>,
    /// The columns. Without any the document has no TABLE: so are error documents written.
    pub fields: Vec<Field>,
    /// Number of rows, if known.
    pub nrows: Option<usize>,
}

/// Writes one document with one table.
#[derive(Clone, Debug)]
pub struct Writer {
    serialization: Serialization,
    stream: binary2::Stream,
    has_table: bool,
    row: Vec<u8>,
}

impl Writer {
    /// A writer that has written nothing.
    pub fn new(serialization: Serialization) -> Writer {
        Writer { serialization, stream: binary2::Stream::default(), has_table: false, row: Vec::new() }
    }

    /// Writes all that stands before the first row.
    pub fn start(&mut self, preamble: &Preamble, out: &mut Vec<u8>) {
        elements::open_document(preamble, out);
        self.has_table = !preamble.fields.is_empty();
        if self.has_table {
            elements::open_table(preamble, out);
            out.extend_from_slice(match self.serialization {
                Serialization::TableData => b"<DATA>\n<TABLEDATA>\n".as_slice(),
                Serialization::Binary2 => b"<DATA>\n<BINARY2>\n<STREAM encoding=\"base64\">\n".as_slice(),
            });
        }
    }

    /// Writes rows of `columns`, which are those of the preamble in the same order.
    pub fn rows(&mut self, columns: &[Column], rows: Range<usize>, out: &mut Vec<u8>) {
        match self.serialization {
            _ if !self.has_table => {}
            Serialization::TableData => rows.for_each(|row| tabledata::write_row(columns, row, out)),
            Serialization::Binary2 => {
                for row in rows {
                    self.row.clear();
                    binary2::write_row(columns, row, &mut self.row);
                    self.stream.write(&self.row, out);
                }
            }
        }
    }

    /// Closes the table, writes `trailing` INFO (such as OVERFLOW) after it and a resource for each descriptor, and closes
    /// the document.
    pub fn finish(&mut self, trailing: &[Info], descriptors: &[ServiceDescriptor], out: &mut Vec<u8>) {
        if self.has_table {
            match self.serialization {
                Serialization::TableData => out.extend_from_slice(b"</TABLEDATA>\n"),
                Serialization::Binary2 => {
                    self.stream.finish(out);
                    out.extend_from_slice(b"</STREAM>\n</BINARY2>\n");
                }
            }
            out.extend_from_slice(b"</DATA>\n</TABLE>\n");
        }
        elements::close_document(trailing, descriptors, out);
        self.has_table = false;
    }
}
