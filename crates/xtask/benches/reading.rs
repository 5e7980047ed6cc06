//! Reading VOTable against the bare event loop of quick-xml over the same bytes: a ratio, which says more than megabytes per
//! second of one machine do. Prints one JSON object for each measure; `cargo xtask bench` collects them.
//!
//! The document is 100,000 rows of the archive's usual columns, made by our own writer from a seeded generator. Rounds are
//! interleaved, so that a busy machine disturbs both sides alike, and the median of the rounds' ratios is taken.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use quick_xml::Reader;
use quick_xml::events::Event;
use table::{Column, Datatype, Field};
use votable::writer::{Preamble, Serialization, Writer};

const ROWS: usize = 100_000;
const ROUNDS: usize = 7;
/// What a browser hands over at a time.
const CHUNK: usize = 64 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let columns = columns();
    let tabledata = document(&columns, Serialization::TableData);
    let binary = document(&columns, Serialization::Binary2);
    let mut ratios = Vec::new();
    let mut plain = Vec::new();
    let mut coded = Vec::new();
    for _ in 0..ROUNDS {
        let loop_time = timed(|| events(&tabledata))?;
        let read_time = timed(|| read(&tabledata))?;
        ratios.push(loop_time.as_secs_f64() / read_time.as_secs_f64());
        plain.push(rate(read_time));
        coded.push(rate(timed(|| read(&binary))?));
    }
    print("reading TABLEDATA, speed relative to quick-xml's event loop", median(ratios), "ratio", "0.5", "3.5");
    print("reading TABLEDATA", median(plain), "Mrow/s", "null", "null");
    print("reading BINARY2", median(coded), "Mrow/s", "null", "null");
    Ok(())
}

/// The bare loop: every event of the document, nothing done with it. Gives the number of cells, so that nothing is left out.
fn events(document: &[u8]) -> Result<usize, Box<dyn Error>> {
    let mut reader = Reader::from_str(std::str::from_utf8(document)?);
    let mut cells = 0;
    loop {
        match reader.read_event()? {
            Event::Start(element) | Event::Empty(element) if element.name().as_ref() == "TD" => cells += 1,
            Event::Eof => return Ok(cells),
            event => {
                black_box(event);
            }
        }
    }
}

/// Our reader, chunk by chunk, all columns kept.
fn read(document: &[u8]) -> Result<usize, Box<dyn Error>> {
    let mut reader = votable::Reader::new();
    for chunk in document.chunks(CHUNK) {
        reader.push(chunk)?;
    }
    reader.finish()?;
    let document = reader.document();
    Ok(document.tables().map(|element| element.table.rows() * element.table.columns.len()).sum())
}

fn timed(work: impl Fn() -> Result<usize, Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    let cells = work()?;
    let time = start.elapsed();
    if cells != ROWS * 8 { Err(format!("{cells} cells were read").into()) } else { Ok(time) }
}

fn rate(time: Duration) -> f64 {
    ROWS as f64 / time.as_secs_f64() / 1e6
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn print(name: &str, value: f64, unit: &str, must: &str, aim: &str) {
    println!(r#"{{"name":"{name}","value":{value:.3},"unit":"{unit}","better":"higher","must":{must},"aim":{aim}}}"#);
}

fn document(columns: &[Column], serialization: Serialization) -> Vec<u8> {
    let fields = columns.iter().map(|column| column.field().clone()).collect();
    let mut writer = Writer::new(serialization);
    let mut out = Vec::new();
    writer.start(&Preamble { fields, ..Preamble::default() }, &mut out);
    writer.rows(columns, 0..ROWS, &mut out);
    writer.finish(&[], &[], &mut out);
    out
}

/// Identifier, position with errors, parallax (null in every seventh row), magnitude, and a name.
fn columns() -> Vec<Column> {
    let mut designation = Field::new("designation", Datatype::Char);
    designation.arraysize = table::ArraySize::VARIABLE;
    let mut columns: Vec<Column> = [
        Field::new("source_id", Datatype::Long),
        Field::new("ra", Datatype::Double),
        Field::new("ra_error", Datatype::Float),
        Field::new("dec", Datatype::Double),
        Field::new("dec_error", Datatype::Float),
        Field::new("parallax", Datatype::Double),
        Field::new("phot_g_mean_mag", Datatype::Float),
        designation,
    ]
    .into_iter()
    .map(Column::new)
    .collect();
    let mut random = Random(20_260_612);
    for row in 0..ROWS {
        let source_id = (random.next() >> 2) as i64;
        columns[0].push_integer(source_id);
        columns[1].push_double(random.unit() * 360.0);
        columns[2].push_double(random.unit());
        columns[3].push_double(random.unit() * 180.0 - 90.0);
        columns[4].push_double(random.unit());
        if row % 7 == 0 {
            columns[5].push_null();
        } else {
            columns[5].push_double(random.unit() * 20.0);
        }
        columns[6].push_double(6.0 + random.unit() * 15.0);
        columns[7].push_text(&format!("Gaia DR3 {source_id}"));
    }
    columns
}

/// SplitMix64, for numbers that are the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}
