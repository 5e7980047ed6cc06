//! What the writer writes, the reader reads: every datatype in every shape, metadata and descriptors.

use proptest::prelude::*;
use table::{ArraySize, Column, Data, Datatype, Field};
use votable::model::{Coosys, Group, Info, Link, Param, Reference, Timesys, Values};
use votable::writer::{Preamble, Serialization, Writer};
use votable::{Document, ServiceDescriptor, Status};

use crate::{Random, read};

const SHAPES: [&str; 7] = ["", "3", "2x3", "*", "5*", "2x*", "2x2x*"];

/// A column with `rows` random cells, a fifth of them null.
fn column(field: Field, rows: usize, random: &mut Random) -> Column {
    let mut column = Column::new(field);
    let (datatype, arraysize) = (column.field().datatype, column.field().arraysize.clone());
    for _ in 0..rows {
        if random.below(5) == 0 {
            column.push_null();
            continue;
        }
        let count = arraysize.count().unwrap_or(random.below(4) * arraysize.unit());
        match column.data_mut() {
            Data::Boolean(vector) => {
                let unknown = datatype == Datatype::Boolean && !arraysize.is_scalar();
                vector.extend((0..count).map(|_| random.below(if unknown { 3 } else { 2 }) as u8));
            }
            Data::UnsignedByte(vector) => vector.extend((0..count).map(|_| random.next() as u8)),
            Data::Short(vector) => vector.extend((0..count).map(|_| random.next() as i16)),
            Data::Int(vector) => vector.extend((0..count).map(|_| random.next() as i32)),
            Data::Long(vector) => vector.extend((0..count).map(|_| random.next() as i64)),
            Data::Float(vector) => vector.extend((0..count).map(|_| single(random, count > 1))),
            Data::Double(vector) => vector.extend((0..count).map(|_| double(random, count > 1))),
            Data::FloatComplex(vector) => {
                vector.extend((0..count).map(|_| [single(random, false), single(random, true)]));
            }
            Data::DoubleComplex(vector) => {
                vector.extend((0..count).map(|_| [double(random, false), double(random, true)]));
            }
            Data::Text(text) => {
                let most = arraysize.count().unwrap_or(20);
                let length = if arraysize.is_scalar() { 1 } else { random.below(most + 1) };
                text.extend((0..length).map(|_| character(random, datatype, most)));
            }
        }
        column.end_row(true);
    }
    column
}

fn single(random: &mut Random, nan: bool) -> f32 {
    let value = f32::from_bits(random.next() as u32);
    if value.is_nan() && !nan { 0.1 } else { value }
}

fn double(random: &mut Random, nan: bool) -> f64 {
    let value = f64::from_bits(random.next());
    if value.is_nan() && !nan { 0.1 } else { value }
}

/// In a cell of fixed size a character must not take more than its place.
fn character(random: &mut Random, datatype: Datatype, most: usize) -> char {
    let characters: &[char] = match (datatype, most) {
        (Datatype::Char, ..20) => &['a', '<', '&', '"', '>', ' ', '~'],
        (Datatype::UnicodeChar, ..20) => &['a', '<', '&', 'é', '日', '\u{fffd}'],
        _ => &['a', '<', '&', ']', '>', 'é', '日', '😀', ' ', '\n', '\r', '\t'],
    };
    characters[random.below(characters.len())]
}

fn write(serialization: Serialization, preamble: &Preamble, columns: &[Column], blocks: usize) -> Vec<u8> {
    let rows = columns.first().map_or(0, Column::len);
    let mut writer = Writer::new(serialization);
    let mut out = Vec::new();
    writer.start(preamble, &mut out);
    let mut begin = 0;
    while begin < rows {
        let end = (begin + blocks).min(rows);
        writer.rows(columns, begin..end, &mut out);
        begin = end;
    }
    writer.finish(&[], &[], &mut out);
    out
}

fn check(serialization: Serialization, columns: &[Column], blocks: usize, chunk: usize) {
    let fields = columns.iter().map(|column| column.field().clone()).collect();
    let preamble = Preamble { fields, ..Preamble::default() };
    let document = write(serialization, &preamble, columns, blocks);
    let (found, result) = read(&document, chunk);
    assert_eq!(result, Ok(()), "{}", String::from_utf8_lossy(&document));
    assert_eq!(found.warnings, []);
    let found = &found.tables().next().unwrap().table;
    assert_eq!(found.rows(), columns[0].len());
    for (found, column) in found.columns.iter().zip(columns) {
        assert_eq!(found.field(), column.field());
        for row in 0..column.len() {
            // As text an empty cell and a null are the same.
            let empty = serialization == Serialization::TableData && column.range(row).is_empty();
            assert_eq!(found.is_null(row), column.is_null(row) || empty, "{:?} row {row}", column.field());
            let texts = [found, column].map(|column| column.display(row).to_string());
            assert_eq!(texts[0], texts[1], "{serialization:?} {:?} row {row}", column.field());
        }
    }
}

fn columns(seed: u64, rows: usize) -> Vec<Column> {
    let mut random = Random(seed);
    let mut columns = Vec::new();
    for datatype in Datatype::ALL {
        for shape in SHAPES {
            let mut field = Field::new(format!("{}[{shape}]", datatype.name()), datatype);
            field.arraysize = ArraySize::parse(shape).unwrap();
            // Arrays of strings keep their text, but as strings of a fixed width: see below.
            if !(field.is_text() && shape.contains('x')) {
                columns.push(column(field, rows, &mut random));
            }
        }
    }
    columns
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_datatype_in_every_shape(seed: u64, rows in 1usize..12, blocks in 1usize..6, chunk in 1usize..300) {
        let columns = columns(seed, rows);
        check(Serialization::TableData, &columns, blocks, chunk);
        check(Serialization::Binary2, &columns, blocks, chunk);
    }
}

#[test]
fn arrays_of_strings() {
    for datatype in [Datatype::Char, Datatype::UnicodeChar] {
        for shape in ["4x*", "4x2"] {
            let mut field = Field::new("words", datatype);
            field.arraysize = ArraySize::parse(shape).unwrap();
            let mut column = Column::new(field);
            column.push_text("abc defg");
            column.push_null();
            column.push_text("ab");
            check(Serialization::TableData, std::slice::from_ref(&column), 1, 5);
            check(Serialization::Binary2, std::slice::from_ref(&column), 1, 5);
        }
    }
}

#[test]
fn integers_with_a_declared_null() {
    let mut field = Field::new("n", Datatype::Short);
    field.null = Some("-1".to_owned());
    let mut column = Column::new(field);
    column.push_integer(5);
    column.push_null();
    check(Serialization::TableData, std::slice::from_ref(&column), 1, 100);
    check(Serialization::Binary2, std::slice::from_ref(&column), 1, 100);
}

/// Metadata with everything in it.
pub(crate) fn rich() -> (Preamble, Vec<Info>, Vec<ServiceDescriptor>) {
    let text = |value: &str| Some(value.to_owned());
    let odd = "a <b> & \"c\" 'd'\n\ttab \u{7f} ]]> é😀";
    let mut field = Field::new("ra", Datatype::Double);
    field.id = text("col_ra");
    field.unit = text("deg");
    field.ucd = text("pos.eq.ra;meta.main");
    field.utype = text("stc:AstroCoords");
    field.reference = text("sys");
    field.description = text("Right <ascension>");
    field.width = Some(12);
    field.precision = text("F7");
    let mut time = Field::new("time", Datatype::Char);
    time.xtype = text("timestamp");
    time.reference = text("ts");
    let mut flags = Field::new("flags", Datatype::Int);
    flags.null = text("-1");
    let mut input = Param::text("ID", "");
    input.field.reference = text("col_ra");
    input.field.ucd = text("meta.id");
    let mut band = Param { field: Field::new("BAND", Datatype::Double), value: "1.5".to_owned(), values: None };
    band.values = Some(Values {
        min: Some(("0".to_owned(), true)),
        max: Some(("9".to_owned(), false)),
        options: vec![(text("one"), "1".to_owned()), (None, "2".to_owned())],
    });
    let preamble = Preamble {
        description: text("Results of a query"),
        infos: vec![Info::new("QUERY_STATUS", "OK"), Info::new("QUERY", odd).with_text(odd)],
        params: vec![Param::text("release", "DR3"), band.clone()],
        coosys: vec![Coosys { id: text("sys"), system: text("ICRS"), epoch: text("J2016.0"), ..Coosys::default() }],
        timesys: vec![Timesys {
            id: text("ts"),
            timeorigin: text("2455197.5"),
            timescale: text("TCB"),
            refposition: text("BARYCENTER"),
        }],
        links: vec![Link { href: text("http://example.org/?a&b"), ..Link::default() }],
        table_name: text("sources"),
        table_id: text("t1"),
        table_description: text(odd),
        table_params: vec![Param::text("table", "gaia")],
        groups: vec![Group {
            name: text("position"),
            fieldrefs: vec![Reference { reference: "col_ra".to_owned(), ..Reference::default() }],
            params: vec![Param::text("frame", "ICRS")],
            ..Group::default()
        }],
        fields: vec![field, time, flags],
        nrows: Some(0),
        ..Preamble::default()
    };
    let descriptor = ServiceDescriptor {
        id: text("service"),
        name: text("ancillary"),
        utype: text("adhoc:service"),
        description: text("More <data>"),
        access_url: text("http://example.org/links?a=1&b=2"),
        standard_id: text("ivo://ivoa.net/std/DataLink#links-1.0"),
        resource_identifier: text("ivo://example/links"),
        content_type: text("application/x-votable+xml;content=datalink"),
        example_urls: vec!["http://example.org/links?ID=1".to_owned()],
        input_params: vec![input, band],
    };
    (preamble, vec![Info::new("QUERY_STATUS", "OVERFLOW")], vec![descriptor])
}

pub(crate) fn write_rich(serialization: Serialization, preamble: &Preamble) -> Vec<u8> {
    let (_, trailing, descriptors) = rich();
    let mut writer = Writer::new(serialization);
    let mut out = Vec::new();
    writer.start(preamble, &mut out);
    writer.finish(&trailing, &descriptors, &mut out);
    out
}

#[test]
fn metadata_is_read_as_it_was_written() {
    let (preamble, trailing, descriptors) = rich();
    for serialization in [Serialization::TableData, Serialization::Binary2] {
        let bytes = write_rich(serialization, &preamble);
        let (document, result) = read(&bytes, 17);
        assert_eq!(result, Ok(()), "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(document.warnings, []);
        assert_eq!(document.status(), Status::Overflow);
        assert_eq!(document.service_descriptors(), descriptors);
        let resource = &document.resources[0];
        assert_eq!(resource.infos, [preamble.infos.clone(), trailing.clone()].concat());
        assert_eq!(resource.params, preamble.params);
        assert_eq!((&resource.coosys, &resource.timesys), (&preamble.coosys, &preamble.timesys));
        assert_eq!((&resource.links, &resource.description), (&preamble.links, &preamble.description));
        let table = &resource.tables[0];
        assert_eq!((&table.params, &table.groups), (&preamble.table_params, &preamble.groups));
        assert_eq!((&table.id, &table.table.name), (&preamble.table_id, &preamble.table_name));
        assert_eq!(table.table.description, preamble.table_description);
        let fields: Vec<Field> = table.table.columns.iter().map(|column| column.field().clone()).collect();
        assert_eq!(fields, preamble.fields);
    }
}

#[test]
fn an_error_document_has_no_table() {
    let infos = vec![Info::new("QUERY_STATUS", "ERROR").with_text("Unknown column \"a\" <b>")];
    let bytes = write(Serialization::Binary2, &Preamble { infos, ..Preamble::default() }, &[], 1);
    let (document, result): (Document, _) = read(&bytes, 9);
    assert_eq!(result, Ok(()));
    assert_eq!(document.tables().count(), 0);
    assert_eq!(document.status(), Status::Error("Unknown column \"a\" <b>".to_owned()));
}
