//! The archive's JSON: `metadata`, one object a column, and `data`, one array a row; whole numbers with all their digits.

use std::ops::Range;

use ::votable::model::Info;
use ::votable::writer::Preamble;
use serde::Serialize;
use table::{Cell, Column, Field};

use super::text::{self, Spelling};

const SPELLING: Spelling = Spelling {
    nan: "null",
    infinity: "null",
    negative_infinity: "null",
    null: "null",
    truth: ["false", "true"],
    comma: ",",
    brackets: *b"[]",
};

pub(super) struct Json {
    preamble: Preamble,
    rows: usize,
}

impl Json {
    pub(super) fn new(preamble: Preamble) -> Json {
        Json { preamble, rows: 0 }
    }

    pub(super) fn start(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"metadata\":\n[\n");
        for (at, field) in self.preamble.fields.iter().enumerate() {
            if at > 0 {
                out.extend_from_slice(b",\n");
            }
            metadata(field, out);
        }
        out.extend_from_slice(b"\n],\n\"data\":\n[\n");
    }

    pub(super) fn rows(&mut self, columns: &[Column], rows: Range<usize>, out: &mut Vec<u8>) {
        for row in rows {
            if self.rows > 0 {
                out.extend_from_slice(b",\n");
            }
            self.rows += 1;
            out.push(b'[');
            for (at, column) in columns.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                match column.cell(row) {
                    Cell::Text(value) => json(value, out),
                    cell => text::value(cell, &SPELLING, &[], out),
                }
            }
            out.push(b']');
        }
    }

    pub(super) fn finish(&mut self, trailing: &[Info], out: &mut Vec<u8>) {
        out.extend_from_slice(b"\n]");
        // The archive's form has no place for what is missing; keys more are passed over by its readers.
        let mut note = |key: &str, infos: &[Info], name: &str| {
            if let Some(info) = infos.iter().find(|info| info.name == name) {
                out.extend_from_slice(format!(",\n\"{key}\": ").as_bytes());
                json(&info.value, out);
            }
        };
        note("status", trailing, "QUERY_STATUS");
        note("completeness", &self.preamble.infos, super::COMPLETENESS);
        out.extend_from_slice(b"\n}\n");
    }
}

fn metadata(field: &Field, out: &mut Vec<u8>) {
    #[derive(Serialize)]
    struct Metadata<'a> {
        name: &'a str,
        datatype: &'a str,
        xtype: Option<&'a str>,
        arraysize: Option<String>,
        description: Option<&'a str>,
        unit: Option<&'a str>,
        ucd: Option<&'a str>,
        utype: Option<&'a str>,
    }
    json(
        &Metadata {
            name: &field.name,
            datatype: field.datatype.name(),
            xtype: field.xtype.as_deref(),
            arraysize: Some(field.arraysize.to_string()).filter(|size| !size.is_empty()),
            description: field.description.as_deref(),
            unit: field.unit.as_deref(),
            ucd: field.ucd.as_deref(),
            utype: field.utype.as_deref(),
        },
        out,
    );
}

fn json<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) {
    // Text and numbers always serialize, and a Vec always takes them.
    let _ = serde_json::to_writer(out, value);
}
