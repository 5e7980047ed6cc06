//! A table with every kind of cell that a format can stumble over.

use table::{ArraySize, Column, Data, Datatype, Field};
use votable::model::{Info, Param};
use votable::writer::Preamble;

/// Two identifiers that differ in the last digit, which a float cannot tell apart.
pub const IDS: [i64; 2] = [6_917_528_997_577_384_320, 6_917_528_997_577_384_321];

fn field(name: &str, datatype: Datatype, size: &str) -> Field {
    let mut field = Field::new(name, datatype);
    if !size.is_empty() {
        field.arraysize = ArraySize::parse(size).unwrap();
    }
    field
}

/// Four rows; the third is null in every column.
pub fn columns() -> Vec<Column> {
    let mut id = field("source_id", Datatype::Long, "");
    id.ucd = Some("meta.id;meta.main".to_owned());
    id.description = Some("Identifier, \"exact\"\nto the last digit".to_owned());
    let mut id = Column::new(id);
    let mut ra = field("ra", Datatype::Double, "");
    ra.unit = Some("deg".to_owned());
    ra.utype = Some("stc:AstroCoords.Position3D.Value3.C1".to_owned());
    let mut ra = Column::new(ra);
    let mut flux = field("flux", Datatype::Float, "");
    flux.unit = Some("'electron'.s**-1".to_owned());
    let mut flux = Column::new(flux);
    let mut short = Column::new(field("n", Datatype::Short, ""));
    let mut byte = Column::new(field("flags", Datatype::UnsignedByte, ""));
    let mut int = Column::new(field("solution", Datatype::Int, ""));
    let mut boolean = Column::new(field("variable", Datatype::Boolean, ""));
    let mut name = Column::new(field("designation", Datatype::Char, "*"));
    let mut list = Column::new(field("epochs", Datatype::Double, "*"));
    let mut matrix = Column::new(field("matrix", Datatype::Int, "2x2"));
    let mut complex = Column::new(field("wave", Datatype::DoubleComplex, ""));
    let names = ["Gaia DR3 1, \"first\"", "plain", "", "line\nbreak"];
    for (row, text) in names.into_iter().enumerate() {
        if row == 2 {
            for column in [
                &mut id,
                &mut ra,
                &mut flux,
                &mut short,
                &mut byte,
                &mut int,
                &mut boolean,
                &mut name,
                &mut list,
                &mut matrix,
                &mut complex,
            ] {
                column.push_null();
            }
            continue;
        }
        id.push_integer(if row == 3 { i64::MIN } else { IDS[row] });
        ra.push_double([44.996_155_378_645_34, 1e-9, 0.0, f64::INFINITY][row]);
        flux.push_double([0.1, -1e30, 0.0, 16_777_216.0][row]);
        short.push_integer([-1, 7, 0, i64::from(i16::MIN)][row]);
        byte.push_integer([0, 255, 0, 254][row]);
        int.push_integer([1_636_148, 0, 0, -5][row]);
        boolean.push_boolean(row == 0);
        name.push_text(text);
        if let Data::Double(data) = list.data_mut() {
            data.extend(&[1.5, 2.0, f64::NAN][..3 - row.min(3)]);
        }
        list.end_row(true);
        if let Data::Int(data) = matrix.data_mut() {
            data.extend([1, 2, 3, 4].map(|n| n + 10 * row as i32));
        }
        matrix.end_row(true);
        if let Data::DoubleComplex(data) = complex.data_mut() {
            data.push([row as f64, -0.5]);
        }
        complex.end_row(true);
    }
    vec![id, ra, flux, short, byte, int, boolean, name, list, matrix, complex]
}

/// What stands before the rows.
pub fn preamble(columns: &[Column]) -> Preamble {
    Preamble {
        infos: vec![
            Info::new("QUERY_STATUS", "OK"),
            Info::new("QUERY", "SELECT * FROM t").with_text("SELECT *\nFROM t"),
            Info::new("CITATION", "first"),
            Info::new("CITATION", "second"),
        ],
        params: vec![Param::text("RELEASE", "Gaia DR3")],
        table_name: Some("result".to_owned()),
        fields: columns.iter().map(|column| column.field().clone()).collect(),
        ..Preamble::default()
    }
}
