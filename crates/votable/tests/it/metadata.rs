//! Status, descriptors and the rest of what a document says besides its cells.

use votable::model::{DataElement, Info};
use votable::{Document, Status};

use crate::read;

fn document(inside: &str) -> Document {
    let (document, result) = read(format!("<VOTABLE version='1.4'>{inside}</VOTABLE>").as_bytes(), 11);
    assert_eq!(result, Ok(()), "{inside}");
    document
}

#[test]
fn the_last_word_on_the_status_wins() {
    let table = "<TABLE><FIELD name='a' datatype='int'/></TABLE>";
    let info = |value: &str, text: &str| format!("<INFO name='QUERY_STATUS' value='{value}'>{text}</INFO>");
    for (inside, expected) in [
        (String::new(), Status::Unknown),
        (info("OK", ""), Status::Ok),
        (format!("<RESOURCE>{}{table}</RESOURCE>", info("OK", "")), Status::Ok),
        (format!("<RESOURCE>{}{table}{}</RESOURCE>", info("OK", ""), info("OVERFLOW", "")), Status::Overflow),
        (
            format!("<RESOURCE>{}{table}{}</RESOURCE>", info("OK", ""), info("ERROR", "<![CDATA[a < b]]> &amp; c")),
            Status::Error("a < b & c".to_owned()),
        ),
        ("<INFO name='Error' value='Bad SR'/>".to_owned(), Status::Error("Bad SR".to_owned())),
        (
            "<DEFINITIONS><PARAM name='Error' datatype='char' arraysize='*' value='Bad RA'/></DEFINITIONS>".to_owned(),
            Status::Error("Bad RA".to_owned()),
        ),
    ] {
        assert_eq!(document(&inside).status(), expected, "{inside}");
    }
}

#[test]
fn the_metadata_of_a_document() {
    let text = include_str!("documents/tabledata.vot");
    let (document, result) = read(text.as_bytes(), 64);
    assert_eq!(result, Ok(()));
    assert_eq!(document.version.as_deref(), Some("1.4"));
    assert_eq!(document.description.as_deref(), Some("Cells of every datatype"));
    let resource = &document.resources[0];
    assert_eq!((resource.kind.as_deref(), resource.name.as_deref()), (Some("results"), Some("r")));
    // An attribute's line ends are blanks unless they are written as references.
    let query = Info::new("QUERY", "SELECT a\nFROM b").with_text("SELECT a\nFROM b WHERE c < 5");
    assert_eq!(resource.infos[1], query);
    assert_eq!(resource.infos[2].value, "OVERFLOW");
    assert_eq!(resource.coosys[0].epoch.as_deref(), Some("J2016.0"));
    assert_eq!(resource.timesys[0].timescale.as_deref(), Some("TCB"));
    assert_eq!(resource.params[0].value, "DR \"3\"");
    let table = &resource.tables[0];
    assert_eq!((table.id.as_deref(), table.nrows, table.data), (Some("t"), Some(5), Some(DataElement::TableData)));
    assert_eq!(table.table.description.as_deref(), Some("A <table> of\n cells"));
    assert_eq!(table.infos[0].name, "TABLE_NOTE");
    assert_eq!(table.groups[0].fieldrefs[0].reference, "col_d");
    assert_eq!(table.groups[0].params[0].value, "ICRS");
    let values = table.details[7].values.as_ref().unwrap();
    assert_eq!((&values.min, &values.max), (&Some(("0".to_owned(), false)), &Some(("360".to_owned(), true))));
    assert_eq!(table.details[10].links[0].href.as_deref(), Some("http://example.org/?a=1&b=2"));
    let field = table.table.columns[7].field();
    assert_eq!((field.reference.as_deref(), field.utype.as_deref()), (Some("sys"), Some("a:b.c")));
    assert_eq!(table.table.columns[3].field().null.as_deref(), Some("-99"));
    assert_eq!(table.table.columns[4].field().description.as_deref(), Some("Whole numbers"));
    let float = table.table.columns[6].field();
    assert_eq!((float.width, float.precision.as_deref()), (Some(8), Some("E3")));

    let descriptors = document.service_descriptors();
    assert_eq!(descriptors.len(), 1);
    let service = &descriptors[0];
    assert_eq!(service.access_url.as_deref(), Some("http://example.org/links?a=1&b=2"));
    assert_eq!(service.input_params[0].field.reference.as_deref(), Some("col_d"));
    let options = &service.input_params[1].values.as_ref().unwrap().options;
    assert_eq!(options[0], (Some("Spectrum".to_owned()), "XP".to_owned()));
}
