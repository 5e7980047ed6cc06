//! Every format: what is written is read back, by another reader than the one that wrote it where there is one.

use table::Column;
use votable::model::Info;
use workbench::export::{Exporter, Format};

use crate::sample::{IDS, columns, preamble};

/// A file of `columns`, written block by block.
pub fn export(format: Format, columns: &[Column], blocks: &[std::ops::Range<usize>], trailing: &[Info]) -> Vec<u8> {
    let mut exporter = Exporter::new(format, preamble(columns));
    let mut out = Vec::new();
    exporter.start(&mut out);
    for block in blocks {
        exporter.rows(columns, block.clone(), &mut out);
    }
    exporter.finish(trailing, &[], &mut out).unwrap();
    out
}

/// A file of the sample, written in one block.
pub fn whole(format: Format) -> Vec<u8> {
    let columns = columns();
    export(format, &columns, std::slice::from_ref(&(0..columns[0].len())), &[])
}

#[test]
fn blocks_make_the_same_file_as_one_piece() {
    let columns = columns();
    for format in [Format::Votable, Format::VotablePlain, Format::Csv, Format::Ecsv, Format::Json, Format::Fits] {
        let blocks = export(format, &columns, &[0..1, 1..1, 1..3, 3..4], &[]);
        assert!(blocks == whole(format), "{}", format.name());
    }
}

#[test]
fn overflow_stands_behind_the_rows() {
    let columns = columns();
    let trailing = [Info::new("QUERY_STATUS", "OVERFLOW")];
    let json = export(Format::Json, &columns, &[0..4, 4..4], &trailing);
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["status"], "OVERFLOW");
    let ecsv = export(Format::Ecsv, &columns, &[0..4, 4..4], &trailing);
    assert!(ecsv.ends_with(b"\n# \"QUERY_STATUS\": \"OVERFLOW\"\n"));
}

#[test]
fn csv_has_names_and_exact_values() {
    let text = String::from_utf8(whole(Format::Csv)).unwrap();
    let expected = concat!(
        "source_id,ra,flux,n,flags,solution,variable,designation,epochs,matrix,wave\n",
        "6917528997577384320,44.99615537864534,0.1,-1,0,1636148,true,\"Gaia DR3 1, \"\"first\"\"\",\"[1.5, 2.0, NaN]\",\"[1, 2, 3, 4]\",\"[0.0, -0.5]\"\n",
        "6917528997577384321,1e-9,-1e30,7,255,0,false,plain,\"[1.5, 2.0]\",\"[11, 12, 13, 14]\",\"[1.0, -0.5]\"\n",
        ",,,,,,,,,,\n",
        "-9223372036854775808,Infinity,16777216.0,-32768,254,-5,false,\"line\nbreak\",[],\"[31, 32, 33, 34]\",\"[3.0, -0.5]\"\n",
    );
    assert_eq!(text, expected);
}

#[test]
fn json_keeps_every_digit() {
    let text = whole(Format::Json);
    let json: serde_json::Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(json["metadata"][0]["name"], "source_id");
    assert_eq!(json["metadata"][0]["unit"], serde_json::Value::Null);
    assert_eq!(json["metadata"][8]["arraysize"], "*");
    assert_eq!(json["data"][0][0].as_i64(), Some(IDS[0]));
    assert_eq!(json["data"][1][0].as_i64(), Some(IDS[1]));
    assert!(json["data"][2].as_array().unwrap().iter().all(serde_json::Value::is_null));
    assert_eq!(json["data"][3][1], serde_json::Value::Null, "infinity has no JSON");
    assert_eq!(json["data"][0][8], serde_json::json!([1.5, 2.0, null]));
    assert_eq!(json["data"][3][7], "line\nbreak");
    let none = export(Format::Json, &columns(), &[], &[]);
    let none: serde_json::Value = serde_json::from_slice(&none).unwrap();
    assert_eq!(none["data"], serde_json::json!([]));
}

#[test]
fn ecsv_has_a_header_in_yaml() {
    let text = String::from_utf8(whole(Format::Ecsv)).unwrap();
    let expected = concat!(
        "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n",
        "# - name: \"source_id\"\n#   datatype: int64\n",
        "#   description: \"Identifier, \\\"exact\\\"\\nto the last digit\"\n",
        "#   meta:\n#     ucd: \"meta.id;meta.main\"\n",
        "# - name: \"ra\"\n#   datatype: float64\n#   unit: \"deg\"\n",
    );
    assert!(text.starts_with(expected), "{text}");
    for line in [
        "#   subtype: 'float64[null]'",
        "#   subtype: 'int32[2,2]'",
        "#   \"QUERY\": \"SELECT *\\nFROM t\"",
        "#   \"CITATION_2\": \"second\"",
        "#   \"RELEASE\": \"Gaia DR3\"",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    let first = text.lines().find(|line| line.starts_with("6917")).unwrap();
    assert!(first.contains(",True,"), "{first}");
    assert!(first.ends_with("\"[1.5,2.0,NaN]\",\"[[1,2],[3,4]]\",\"[0.0,-0.5]\""), "{first}");
    assert!(text.contains("\n,,,,,,,,,,\n"));
}

/// The cards of the header that begins at `at`, and where its data begins.
fn cards(file: &[u8], at: usize) -> (Vec<String>, usize) {
    let mut cards = Vec::new();
    for card in file[at..].chunks(80) {
        let card = std::str::from_utf8(card).unwrap().trim_end().to_owned();
        let end = card == "END";
        cards.push(card);
        if end {
            break;
        }
    }
    let end = at + (cards.len() * 80).div_ceil(2880) * 2880;
    (cards, end)
}

fn value<'a>(cards: &'a [String], keyword: &str) -> &'a str {
    let card = cards.iter().find(|card| card.split('=').next().unwrap().trim() == keyword);
    let value = card.unwrap_or_else(|| panic!("{keyword} in {cards:#?}")).split_once("= ").unwrap().1;
    value.split(" / ").next().unwrap().trim().trim_matches('\'').trim()
}

#[test]
fn fits_is_one_binary_table() {
    let file = whole(Format::Fits);
    assert_eq!(file.len() % 2880, 0);
    let (primary, at) = cards(&file, 0);
    assert_eq!(primary[0], "SIMPLE  =                    T / conforms to FITS");
    assert_eq!(at, 2880);
    let (header, data) = cards(&file, at);
    assert_eq!(value(&header, "XTENSION"), "BINTABLE");
    for (number, form) in ["K", "D", "E", "I", "B", "J", "L", "19A", "1PD(3)", "4J", "M"].iter().enumerate() {
        assert_eq!(value(&header, &format!("TFORM{}", number + 1)), *form);
    }
    assert_eq!(value(&header, "TUNIT2"), "deg");
    assert_eq!(value(&header, "TUCD1"), "meta.id;meta.main");
    assert_eq!(value(&header, "TDIM10"), "(2,2)");
    // The least number stands for null unless a cell holds it.
    assert_eq!(value(&header, "TNULL1"), "-9223372036854775807");
    assert_eq!(value(&header, "TNULL4"), "-32767");
    assert_eq!(value(&header, "TNULL5"), "253");
    let width: usize = value(&header, "NAXIS1").parse().unwrap();
    assert_eq!(width, 8 + 8 + 4 + 2 + 1 + 4 + 1 + 19 + 8 + 16 + 16);
    assert_eq!(value(&header, "NAXIS2"), "4");
    assert_eq!(value(&header, "PCOUNT"), (8 * 5).to_string());

    let row = |number: usize| &file[data + number * width..data + (number + 1) * width];
    assert_eq!(row(1)[..8], IDS[1].to_be_bytes());
    assert_eq!(row(2)[..8], (i64::MIN + 1).to_be_bytes());
    assert!(f64::from_be_bytes(row(2)[8..16].try_into().unwrap()).is_nan());
    assert_eq!(row(2)[27], 0, "an unknown truth value");
    assert_eq!(&row(0)[28..47], b"Gaia DR3 1, \"first\"");
    assert_eq!(row(1)[47..55], [0, 0, 0, 2, 0, 0, 0, 24]);
    let heap = &file[data + 4 * width..];
    assert_eq!(heap[24..32], 1.5f64.to_be_bytes());
}

#[test]
fn fits_widens_a_type_that_has_no_number_left_for_null() {
    let mut column = Column::new(table::Field::new("b", table::Datatype::UnsignedByte));
    (0..256).for_each(|value| column.push_integer(value));
    column.push_null();
    let file = export(Format::Fits, &[column], &[0..257, 257..257], &[]);
    let (header, _) = cards(&file, 2880);
    assert_eq!(value(&header, "TFORM1"), "I");
    assert_eq!(value(&header, "TNULL1"), "-32768");
}

#[test]
fn fits_does_not_pad_all_rows_for_one_long_text() {
    let mut column = Column::new(table::Field::new("t", table::Datatype::Char));
    column.push_text(&"x".repeat(100_000));
    (0..1000).for_each(|_| column.push_text("short"));
    let file = export(Format::Fits, &[column], &[0..1001, 1001..1001], &[]);
    let (header, _) = cards(&file, 2880);
    assert_eq!(value(&header, "TFORM1"), "1PA(100000)");
    assert!(file.len() < 200_000);
}

/// Writes the sample in every format into the folder that `EXPORT_SAMPLES` names, for readers of others.
#[test]
fn samples_for_other_readers() {
    let Some(folder) = std::env::var_os("EXPORT_SAMPLES") else {
        return eprintln!("SKIPPED: EXPORT_SAMPLES names no folder");
    };
    for format in Format::ALL {
        let name = format!("{}.{}", format.name(), format.extension());
        std::fs::write(std::path::Path::new(&folder).join(name), whole(format)).unwrap();
    }
}
