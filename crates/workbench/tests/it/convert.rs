//! Files of the user's become uploads.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use table::Cell;
use votable::Reader;
use workbench::export::Format;
use workbench::protocol::{Command, Event};
use workbench::{Out, Workbench};

use crate::export::whole;

fn convert(name: &str, bytes: &[u8]) -> (Event, Option<Vec<u8>>) {
    let command = Command::Convert { file: 7, name: name.to_owned() };
    match Workbench::new().handle(command, Some(bytes.to_vec())).pop() {
        Some(Out::Event(event, attachment)) => (event, attachment),
        other => panic!("{other:?}"),
    }
}

fn reason(bytes: &[u8]) -> String {
    match convert("file", bytes).0 {
        Event::NotConverted { file: 7, reason } => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_votable_goes_as_it_is() {
    for format in [Format::Votable, Format::VotablePlain] {
        let document = whole(format);
        let (event, bytes) = convert("a.vot", &document);
        let Event::Converted { rows, fields, as_it_is, .. } = event else { panic!("{event:?}") };
        assert_eq!((rows, fields.len(), as_it_is), (4, 11, true));
        assert_eq!(bytes.unwrap(), document);
    }
    let (event, bytes) = convert("a.vot.gz", &whole(Format::VotableGzip));
    assert!(matches!(event, Event::Converted { rows: 4, as_it_is: false, .. }), "{event:?}");
    assert_eq!(bytes.unwrap(), whole(Format::Votable));
}

#[test]
fn csv_becomes_a_votable() {
    let csv = b"Source ID,RA (deg),Name\n6917528997577384321,1.5,<M4> & co\n,,\n";
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(csv).unwrap();
    for file in [csv.to_vec(), gzip.finish().unwrap()] {
        let (event, bytes) = convert("targets.csv", &file);
        let Event::Converted { rows, fields, as_it_is, .. } = event else { panic!("{event:?}") };
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!((rows, names, as_it_is), (2, vec!["source_id", "ra_deg", "name"], false));
        let mut reader = Reader::new();
        reader.push(&bytes.unwrap()).unwrap();
        reader.finish().unwrap();
        let table = &reader.document().tables().next().unwrap().table;
        assert_eq!(table.columns[0].cell(0), Cell::Integer(6_917_528_997_577_384_321));
        assert_eq!(table.columns[2].cell(0), Cell::Text("<M4> & co"));
        assert_eq!((table.columns[0].cell(1), table.columns[1].cell(1)), (Cell::Null, Cell::Null));
    }
}

#[test]
fn what_is_no_table_says_why() {
    assert_eq!(reason(b"a,b\n1,2\n3\n"), "line 3 has 1 fields, the header 2");
    assert_eq!(reason(b"<html><title>x</title></html>"), "this is a web page, not a table (line 1)");
    assert_eq!(reason(b"\x89PNG\r\n\x1a\n"), "this is a PNG image, not a table");
    assert_eq!(reason(b""), "the file is empty");
    assert_eq!(reason(b"just some words\n"), "line 1 holds words, not names of columns, and no line follows");
    let document = whole(Format::VotablePlain);
    let cut = reason(&document[..document.len() - 200]);
    assert!(cut.contains("the document is cut") && cut.contains("line "), "{cut}");
    let gz = whole(Format::VotableGzip);
    assert!(reason(&gz[..gz.len() - 9]).starts_with("the gzip data is cut"));
    let ill = reason(b"<VOTABLE version='1.4'>\n<RESOURCE>\n</TABLE></VOTABLE>");
    assert!(ill.contains("line 3"), "{ill}");
}

#[test]
fn a_preview_shows_rows_and_position() {
    let preview = |text: &str| match convert("stars.txt", text.as_bytes()).0 {
        Event::Converted { preview, fields, .. } => {
            let names: Vec<String> = fields.into_iter().map(|field| field.name).collect();
            (names.join(" "), preview.cells, preview.position)
        }
        other => panic!("{other:?}"),
    };
    let text = |cells: &[&str]| cells.iter().map(|cell| Some((*cell).to_owned())).collect::<Vec<_>>();
    let (names, cells, position) = preview("name,DEC,RA\nM 45,24.1,56.75\n");
    assert_eq!((names.as_str(), position), ("name dec ra", Some((2, 1))));
    assert_eq!(cells, [text(&["M 45", "24.1", "56.75"])]);
    // Blanks between columns, with the header in a comment or not; what only might be a position is none.
    for file in ["# id raj2000 dej2000\n1 2.5 3\n2 3.5 4\n", "id  raj2000 dej2000\n 1 2.5\t3\n2 3.5 4\n"] {
        let (names, cells, position) = preview(file);
        assert_eq!((names.as_str(), cells.len(), position), ("id raj2000 dej2000", 2, Some((1, 2))), "{file}");
    }
    let (names, cells, position) = preview(&format!("ra,label\n{}", "1,x y\n".repeat(9)));
    assert_eq!((names.as_str(), cells.len(), position), ("ra label", 5, None));
}
