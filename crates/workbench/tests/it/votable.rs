//! VOTable: what the exporter writes, the reader reads.

use std::io::Read as _;

use flate2::read::GzDecoder;
use table::Cell;
use votable::{Document, Reader, Status, model::Info};
use workbench::export::Format;

use crate::export::{export, whole};
use crate::sample::columns;

#[test]
fn votable_is_read_back() {
    let inflated = {
        let mut plain = Vec::new();
        GzDecoder::new(&whole(Format::VotableGzip)[..]).read_to_end(&mut plain).unwrap();
        plain
    };
    for document in [whole(Format::Votable), whole(Format::VotablePlain), inflated] {
        let document = read(&document);
        let table = &document.tables().next().unwrap().table;
        let expected = columns();
        assert_eq!(table.rows(), 4);
        for (column, expected) in table.columns.iter().zip(&expected) {
            assert_eq!(column.field().datatype, expected.field().datatype);
            for row in 0..4 {
                // NaN is not equal to itself, its text is.
                let (cell, wanted) = (column.cell(row).to_string(), expected.cell(row).to_string());
                assert_eq!(cell, wanted, "{} row {row}", expected.field().name);
            }
        }
        assert!(document.complete);
        assert_eq!(document.status(), Status::Ok);
    }
}

#[test]
fn overflow_stands_behind_the_rows() {
    let columns = columns();
    let trailing = [Info::new("QUERY_STATUS", "OVERFLOW")];
    let document = read(&export(Format::Votable, &columns, &[0..4, 4..4], &trailing));
    assert_eq!(document.status(), Status::Overflow);
}

#[test]
fn infinity_survives_where_the_format_has_it() {
    let document = read(&whole(Format::Votable));
    let table = &document.tables().next().unwrap().table;
    assert_eq!(table.columns[1].cell(3), Cell::Double(f64::INFINITY));
}

fn read(document: &[u8]) -> Document {
    let mut reader = Reader::new();
    reader.push(document).unwrap();
    reader.finish().unwrap();
    reader.document().clone()
}
