//! Documents that mean harm, or are no VOTables: each is answered quickly, with an error that says what it is.

use std::time::{Duration, Instant};

use votable::{Document, Error, Limits, Reader};

use crate::{read, read_chunks};

/// Debug builds on a busy machine included; what is quadratic takes minutes.
const QUICKLY: Duration = Duration::from_secs(20);

/// A cell of eight MiB, in chunks of one KiB: reading it again for each chunk would be 64 GiB.
const LARGE: usize = 8 << 20;

fn table(fields: &str, data: &str) -> String {
    format!("<VOTABLE version=\"1.4\"><RESOURCE><TABLE>{fields}<DATA>{data}</DATA></TABLE></RESOURCE></VOTABLE>")
}

fn timed(document: &[u8], size: usize) -> (Document, Result<(), Error>) {
    let begin = Instant::now();
    let result = read(document, size);
    assert!(begin.elapsed() < QUICKLY, "took {:?}", begin.elapsed());
    result
}

#[test]
fn entities_are_never_expanded() {
    let mut dtd = String::from("<!DOCTYPE VOTABLE [<!ENTITY a0 \"ha\">");
    for level in 1..20 {
        let before = format!("&a{};", level - 1).repeat(10);
        dtd += &format!("<!ENTITY a{level} \"{before}\">");
    }
    dtd += "<!ENTITY file SYSTEM \"file:///etc/passwd\">]>";
    let fields = "<FIELD name=\"s\" datatype=\"char\" arraysize=\"*\"/>";
    let data = "<TABLEDATA><TR><TD>&a19;</TD></TR><TR><TD>[&file;]</TD></TR></TABLEDATA>";
    let (document, result) = timed((dtd + &table(fields, data)).as_bytes(), 1000);
    assert!(matches!(result, Err(Error::Xml { cause, .. }) if cause.contains("&a19;")));
    let cells = &document.tables().next().unwrap().table.columns[0];
    assert_eq!([0, 1].map(|row| cells.display(row).to_string()), ["&a19;", "[&file;]"]);
    assert!(document.complete);
}

#[test]
fn depth_attributes_and_text_have_limits() {
    let deep = format!("<VOTABLE>{}", "<RESOURCE>".repeat(100_000));
    assert!(matches!(timed(deep.as_bytes(), 977).1, Err(Error::Limit { limit: "the depth of elements", .. })));
    let foreign = format!("<VOTABLE><RESOURCE>{}", "<a>".repeat(100_000));
    assert!(matches!(timed(foreign.as_bytes(), 977).1, Err(Error::Limit { limit: "the depth of elements", .. })));
    let attributes: String = (0..100_000).map(|at| format!(" a{at}='x'")).collect();
    let many = format!("<VOTABLE><RESOURCE{attributes}>");
    assert!(matches!(timed(many.as_bytes(), 977).1, Err(Error::Limit { limit: "the number of attributes", .. })));
    let fields = "<FIELD name='a' datatype='int'/>".repeat(10_000);
    let wide = table(&fields, "");
    assert!(matches!(timed(wide.as_bytes(), 977).1, Err(Error::Limit { limit: "the number of columns", .. })));
    let long = format!("<VOTABLE><DESCRIPTION>{}", "x".repeat(17 << 20));
    assert!(matches!(timed(long.as_bytes(), 1 << 16).1, Err(Error::Limit { limit: "the text of an element", .. })));
    let long = format!("<VOTABLE {}", "x".repeat(17 << 20));
    assert!(matches!(timed(long.as_bytes(), 1 << 16).1, Err(Error::Xml { cause, .. }) if cause.contains("too long")));
}

#[test]
fn a_huge_cell_costs_what_its_bytes_cost() {
    let text = "x".repeat(LARGE);
    let fields = "<FIELD name=\"s\" datatype=\"char\" arraysize=\"*\"/>";
    let cell = table(fields, &format!("<TABLEDATA><TR><TD>{text}</TD></TR></TABLEDATA>"));
    let (document, result) = timed(cell.as_bytes(), 1024);
    assert_eq!(result, Ok(()));
    assert_eq!(document.tables().next().unwrap().table.columns[0].data().len(), text.len());
    // The same as BINARY: its length and the first two characters, then three at a time.
    let stream = format!("AIAAAHh4{}", "eHh4".repeat((LARGE - 2) / 3 + 1));
    let binary = table(fields, &format!("<BINARY><STREAM encoding='base64'>{stream}</STREAM></BINARY>"));
    let (document, result) = timed(binary.as_bytes(), 1024);
    assert!(matches!(result, Err(Error::Binary { .. }) | Ok(())), "{result:?}");
    assert_eq!(document.tables().next().unwrap().table.rows(), 1);
    // Markup that never ends.
    for begin in ["<!--", "<?", "<![CDATA[", "<TR a='", "<TD>&#", "<!DOCTYPE a ["] {
        let endless =
            format!("{}{begin}{}", table(fields, "").split_once("</DATA>").unwrap().0, "- ] ?'".repeat(1 << 19));
        let (_, result) = timed(endless.as_bytes(), 1024);
        assert!(result.is_err(), "{begin}");
    }
}

#[test]
fn lengths_are_not_believed() {
    let fields = "<FIELD name='a' datatype='double' arraysize='*'/>";
    for (length, expected) in [("f////w==", "the length of a cell"), ("/////w==", "the length -1")] {
        let data = format!("<BINARY><STREAM encoding='base64'>{length}</STREAM></BINARY>");
        let (_, result) = timed(table(fields, &data).as_bytes(), 10);
        assert!(result.as_ref().unwrap_err().to_string().contains(expected), "{result:?}");
    }
    for size in ["9999999999", "99999x99999", "2147483648"] {
        let fields = format!("<FIELD name='a' datatype='double' arraysize='{size}'/>");
        let (_, result) = timed(table(&fields, "<TABLEDATA><TR/></TABLEDATA>").as_bytes(), 100);
        assert!(matches!(result, Ok(()) | Err(Error::Limit { .. })), "{size}: {result:?}");
    }
}

#[test]
fn empty_rows_do_not_fill_the_memory() {
    let fields = "<FIELD name='a' datatype='double' arraysize='1000000'/>";
    let document = table(fields, &format!("<TABLEDATA>{}</TABLEDATA>", "<TR/>".repeat(100_000)));
    let document = document + &table(fields, &format!("<TABLEDATA>{}</TABLEDATA>", "<TR></TR>".repeat(100_000)));
    let mut reader = Reader::with_limits(Limits { memory: 64 << 20, ..Limits::default() });
    let begin = Instant::now();
    let result = reader.push(document.as_bytes());
    assert!(begin.elapsed() < QUICKLY);
    assert!(matches!(result, Err(Error::Limit { limit: "the memory of the columns", .. })), "{result:?}");
    assert!(reader.document().tables().next().unwrap().table.memory() < 256 << 20);
}

#[test]
fn binary_rows_without_bytes_end() {
    for fields in ["", "<FIELD name='a' datatype='char' arraysize='0'/>"] {
        for data in ["BINARY", "BINARY2"] {
            let data = format!("<{data}><STREAM encoding='base64'>AAAAAAAA</STREAM></{data}>");
            let (_, _) = timed(table(fields, &data).as_bytes(), 10);
        }
    }
}

#[test]
fn what_is_no_votable_is_named() {
    let long_page = format!("<!DOCTYPE html><html><head><script>if (a < b && c) {{}}{}", " ".repeat(100_000));
    for (document, expected) in [
        (b"".as_slice(), "the document is empty"),
        (b" \r\n ", "the document is empty"),
        (b"{\"error\": \"no\"}", "not a VOTable but JSON"),
        (b"[1, 2]", "not a VOTable but JSON"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "not a VOTable but gzip data"),
        (b"PK\x03\x04", "not a VOTable but a ZIP file"),
        (b"SIMPLE  =                    T", "not a VOTable but a FITS file"),
        (b"source_id,ra,dec\n1,2,3\n", "not a VOTable but text that begins with \u{201c}source_id,ra,dec\u{201d}"),
        (
            b"<!doctype HTML>\n<html><head><meta charset=utf-8><title>502 Bad\n Gateway &amp; more</title><body>",
            "not a VOTable but an HTML page: 502 Bad Gateway & more",
        ),
        (b"<HTML><p>down for maintenance<br>", "not a VOTable but an HTML page"),
        (long_page.as_bytes(), "not a VOTable but an HTML page"),
        (b"<uws:job xmlns:uws='a'/>", "not a VOTable but an XML document with the root element uws:job"),
        (b"<?xml version='1.0'?>", "the document is cut: it ends inside the prolog (line 1, byte 21)"),
    ] {
        for size in [1, 3, usize::MAX] {
            let (found, result) = read(document, size);
            assert_eq!(result.unwrap_err().to_string(), expected);
            assert_eq!(found.resources.len(), 0);
        }
    }
}

#[test]
fn errors_have_their_place() {
    let fields = "<FIELD name='a' datatype='int'/>";
    for (data, expected) in [
        (
            "<TABLEDATA>\n<TR><TD>1</TD></TR>\n<TR><TD>2</TR>\n</TABLEDATA>",
            "</TR> where </TD> belongs (line 3, byte 124)",
        ),
        ("<TABLEDATA>\n<TR><TD>1</TD></TR>\n<TR><TD>2 < 3</TD></TR>", "a `<` that begins no tag (line 3, byte"),
        ("<BINARY><STREAM encoding='base64'>AAAA\nAQ==\nAAAA</STREAM>", "after the padding `=` (line 3, byte"),
        ("<BINARY><STREAM encoding='base64'>AAAAAQAA\n*AAA</STREAM>", "the character `*` (line 2, byte"),
        (
            "<BINARY><STREAM encoding='gzip'>AAAAAQ==</STREAM></BINARY>",
            "the encoding gzip of a STREAM is not known (line 1",
        ),
        ("<BINARY><STREAM encoding='base64'>AAAAAQAA</STREAM></BINARY>", "row 1: the data ends inside the row (line 1"),
    ] {
        let document = table(fields, data);
        let whole = read(document.as_bytes(), usize::MAX);
        let message = whole.1.as_ref().unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
        let rows = usize::from(!data.contains("gzip"));
        assert_eq!(whole.0.tables().next().unwrap().table.rows(), rows, "{data}");
        for cut in 0..document.len() {
            let (head, tail) = document.as_bytes().split_at(cut);
            assert_eq!(format!("{:?}", read_chunks([head, tail])), format!("{whole:?}"), "{data} cut at {cut}");
        }
    }
}

#[test]
fn warnings_are_capped_and_counted() {
    let fields = "<FIELD name='a' datatype='int'/>";
    let data = format!("<TABLEDATA>{}</TABLEDATA>", "<TR><TD>x</TD></TR>".repeat(1000));
    let (document, result) = read(table(fields, &data).as_bytes(), usize::MAX);
    assert_eq!(result, Ok(()));
    assert_eq!((document.warnings.len(), document.warning_count), (100, 1000));
}
