//! What the writer writes is valid for STILTS votlint. Where `stilts` is not installed the test says SKIPPED.

use std::io::Write as _;
use std::process::{Command, Stdio};

use table::{ArraySize, Column, Data, Datatype, Field};
use votable::writer::{Preamble, Serialization, Writer};

use crate::roundtrip::{rich, write_rich};

#[test]
fn votlint_finds_nothing() {
    if Command::new("stilts").arg("-version").output().is_err() {
        std::io::Write::write_all(&mut std::io::stderr(), b"SKIPPED: stilts is not installed\n").unwrap();
        return;
    }
    let (preamble, ..) = rich();
    let mut documents = Vec::new();
    for serialization in [Serialization::TableData, Serialization::Binary2] {
        documents.push(write_rich(serialization, &preamble));
        let mut columns = Vec::new();
        for datatype in Datatype::ALL {
            for shape in ["", "1", "2", "*"] {
                // To votlint a lone character is worth a note, an empty cell is no bit and no array of fixed size, and in a
                // stream it counts a byte for each bit of a varying array, which STIL's own reader does not.
                if datatype.is_text() && matches!(shape, "" | "1") || datatype == Datatype::Bit && shape == "*" {
                    continue;
                }
                let mut field = Field::new(format!("{}{}", datatype.name(), columns.len()), datatype);
                field.arraysize = ArraySize::parse(shape).unwrap();
                let mut column = Column::new(field);
                for row in 0..3 {
                    match column.data_mut() {
                        _ if row == 1 && matches!(shape, "" | "*") && datatype != Datatype::Bit => column.push_null(),
                        Data::Boolean(vector) if !shape.is_empty() => {
                            vector.extend(if shape == "1" { &[1][..] } else { &[1, 0] });
                            column.end_row(true);
                        }
                        Data::Text(_) => column.push_text("ab"),
                        _ if shape.is_empty() => column.push_integer(1),
                        _ => column.end_row(true),
                    }
                }
                columns.push(column);
            }
        }
        let fields = columns.iter().map(|column| column.field().clone()).collect();
        let mut writer = Writer::new(serialization);
        let mut out = Vec::new();
        writer.start(&Preamble { fields, nrows: Some(3), ..Preamble::default() }, &mut out);
        writer.rows(&columns, 0..3, &mut out);
        writer.finish(&[], &[], &mut out);
        documents.push(out);
    }
    for document in documents {
        let mut lint = Command::new("stilts")
            .args(["votlint", "votable=-", "version=1.4", "ucd=true", "unit=true"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        lint.stdin.take().unwrap().write_all(&document).unwrap();
        let output = lint.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(said.trim(), "");
    }
}
