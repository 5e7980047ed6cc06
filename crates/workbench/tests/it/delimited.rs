//! CSV and TSV: what people save, read without losing a digit.

use table::{Cell, Datatype};
use workbench::Error;
use workbench::delimited::{Options, Reader, read};

const SAFE: Options = Options { safe_names: true, blanks: false };

#[test]
fn types_are_found_and_digits_kept() {
    let file = b"\xef\xbb\xbfSource ID;ra;flag;name;epoch\r\n\
        6917528997577384321;1.5;true;\"a;b\";\r\n\
        -1;;false;;\r\n\
        ;NaN;;\"\";\r\n";
    let table = read(file, SAFE).unwrap();
    let names: Vec<&str> = table.columns.iter().map(|column| column.field().name.as_str()).collect();
    assert_eq!(names, ["source_id", "ra", "flag", "name", "epoch"]);
    let types: Vec<Datatype> = table.columns.iter().map(|column| column.field().datatype).collect();
    assert_eq!(types, [Datatype::Long, Datatype::Double, Datatype::Boolean, Datatype::Char, Datatype::Char]);
    assert_eq!(table.columns[0].cell(0), Cell::Integer(6_917_528_997_577_384_321));
    assert_eq!(table.columns[0].cell(2), Cell::Null);
    assert_eq!(table.columns[1].cell(1), Cell::Null);
    assert_eq!(table.columns[3].cell(0), Cell::Text("a;b"));
    assert_eq!(table.columns[3].cell(1), Cell::Null);
    assert_eq!(table.columns[3].cell(2), Cell::Text(""), "in quotes it is empty, not absent");
}

#[test]
fn errors_name_the_line() {
    let error = |file: &[u8]| read(file, SAFE).unwrap_err().to_string();
    let mut file = b"a,b,c,d\n".to_vec();
    (0..15).for_each(|_| file.extend_from_slice(b"1,2,3,4\n"));
    file.extend_from_slice(b"1,2,3,4,5\n");
    assert_eq!(error(&file), "line 17 has 5 fields, the header 4");
    assert_eq!(error(b"a,b\n\"1\n2\",3\n4\n"), "line 4 has 1 fields, the header 2");
    assert_eq!(error(b"a,b\n1,\"2\n"), "line 2: a quotation mark is not closed");
    assert_eq!(error(b"a,b\n1,\x002\n"), "line 2: not text but binary data");
    assert_eq!(read(b"# nothing\n", SAFE).unwrap_err(), Error::Empty);
}

#[test]
fn freedoms_are_understood() {
    let table = read(b"ra\tdec\n1\t2\t\n3\t4\t\n", SAFE).unwrap();
    assert_eq!((table.columns.len(), table.rows()), (2, 2), "a delimiter at the end of each line");
    let table = read(b"1.5,2\n3,4", SAFE).unwrap();
    assert_eq!(table.rows(), 2, "no header");
    assert_eq!(table.columns[0].field().name, "col1");
    let table = read(b"x\n1\n\n2\n", SAFE).unwrap();
    assert_eq!(table.rows(), 2, "a blank line");
    let table =
        read(b"# %ECSV 1.0\n# ---\n# delimiter: ','\na b,c\n1,2\n# \"QUERY_STATUS\": \"OVERFLOW\"\n", SAFE).unwrap();
    assert_eq!((table.columns.len(), table.rows()), (2, 1), "the comments of ECSV");
    let table = read(b"a,b\n#1,2\n", SAFE).unwrap();
    assert_eq!(table.columns[0].cell(0), Cell::Text("#1"), "no comment without comments before");
}

#[test]
fn files_are_the_same_wherever_they_are_cut() {
    let file = b"# c\r\n\"na\"\"me\",ra,caf\xe9\r\n\"x\r\ny\",1,\xe9t\xe9\r\n,null,\r\nz,2.5,b";
    let expected = format!("{:?}", read(file, Options::default()).unwrap());
    for cut in 0..=file.len() {
        let mut reader = Reader::new(Options::default());
        reader.push(&file[..cut]).unwrap();
        reader.push(&file[cut..]).unwrap();
        reader.finish().unwrap();
        assert_eq!(reader.warnings().len(), 1);
        assert_eq!(format!("{:?}", reader.into_table()), expected, "cut at {cut}");
    }
}

#[test]
fn a_file_may_have_a_header_and_no_rows() {
    let table = read(b"a,b", SAFE).unwrap();
    assert_eq!((table.columns.len(), table.rows()), (2, 0));
}
