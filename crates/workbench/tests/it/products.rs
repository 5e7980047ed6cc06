//! Bundles of products: a ZIP as a data server sends it, or one file; opened as tables, drawn, and given back as they came.

use flate2::Crc;
use table::{ArraySize, Data, Datatype, Field, Table};
use votable::writer::Preamble;
use workbench::export::{Exporter, Format};
use workbench::load::EndOfStream;
use workbench::picture::Ground;
use workbench::protocol::{BundleFile, Command, Event, FailureKind, InBundle, Source, Ticket};
use workbench::select::Rows;
use workbench::series::{ChartSpec, Charts, Kind};
use workbench::{Out, ResponseHead, Workbench};

use crate::conversation::events;

const ID: &str = "6917528997577384321";
const CURVE: &str = "source_id,band,time,mag,flux_over_error,rejected_by_photometry
6917528997577384321,G,1700.5,15.0,100,false
6917528997577384321,G,1701.0,15.2,100,true
6917528997577384321,G,1702.2,15.1,100,false
6917528997577384321,G,1703.1,15.3,100,false
6917528997577384321,G,1704.7,15.05,100,false
6917528997577384321,BP,1700.6,15.5,50,false
";

/// A ZIP whose files are stored as they are.
fn packed(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let offset = (out.len() as u32).to_le_bytes();
        let mut crc = Crc::new();
        crc.update(text.as_bytes());
        let length = (text.len() as u32).to_le_bytes();
        let about =
            [&[0; 8][..], &crc.sum().to_le_bytes(), &length, &length, &(name.len() as u32).to_le_bytes()].concat();
        out.extend([b"PK\x03\x04\x14\0", &about[..], name.as_bytes(), text.as_bytes()].concat());
        directory.extend([b"PK\x01\x02\x14\0\x14\0", &about[..], &[0; 10], &offset, name.as_bytes()].concat());
    }
    let count = (files.len() as u16).to_le_bytes();
    let sizes = [directory.len() as u32, out.len() as u32].map(u32::to_le_bytes).concat();
    out.extend([&directory, &b"PK\x05\x06\0\0\0\0"[..], &count, &count, &sizes, &[0, 0]].concat());
    out
}

fn ticket(table: u32) -> Ticket {
    Ticket { table, slot: 1, sequence: 7 }
}

fn asked(bench: &mut Workbench) {
    let source = Source { method: "GET".into(), url: "https://a.example/data".into(), headers: vec![], stall_ms: 1000 };
    let command = Command::Bundle { bundle: 1, source: source.clone(), memory_limit: 1 << 20 };
    assert_eq!(bench.handle(command, None), [Out::Fetch { table: 1, source, body: None }]);
}

fn came(bench: &mut Workbench, bytes: &[u8], end: EndOfStream) -> Vec<Out> {
    asked(bench);
    bench.on_response_head(1, ResponseHead { status: 200, file_name: Some("x.zip".into()), ..ResponseHead::default() });
    for chunk in bytes.chunks(100) {
        bench.on_chunk(1, chunk, 0);
    }
    bench.on_end(1, end)
}

fn files(out: Vec<Out>) -> (Vec<BundleFile>, Option<String>) {
    match events(out).pop() {
        Some(Event::Bundled { bundle: 1, files, trouble, .. }) => (files.open().unwrap(), trouble),
        other => panic!("{other:?}"),
    }
}

fn chart(bench: &mut Workbench, file: u32, spec: ChartSpec) -> Result<Charts, String> {
    let spec = Box::new(ChartSpec { size: (600, 300), ..spec });
    let of = vec![InBundle { bundle: 1, file }];
    let out = bench.handle(Command::Chart { ticket: ticket(1), of, spec, svg: None }, None);
    let Some(Event::Charted { charts, .. }) = events(out).pop() else { panic!() };
    charts.open().unwrap()
}

fn bundle() -> Vec<u8> {
    let raw = "source_id,wavelength,flux\n1,400,1\n2,400,2\n1,402,3\n";
    packed(&[(&format!("EPOCH_PHOTOMETRY-Gaia DR3 {ID}.csv"), CURVE), ("XP_SAMPLED_RAW.csv", raw)])
}

#[test]
fn a_bundle_tells_what_is_in_it() {
    let mut bench = Workbench::new();
    let (files, trouble) = files(came(&mut bench, &bundle(), EndOfStream::Clean));
    assert_eq!(trouble, None);
    assert_eq!(files[0].name, format!("EPOCH_PHOTOMETRY-Gaia DR3 {ID}.csv"));
    assert_eq!((files[0].size, &files[0].sources[..]), (CURVE.len() as u64, &[][..]));
    assert_eq!(files[1].sources, ["1", "2"], "the file has to tell, since its name does not");
    assert!(bench.memory() > CURVE.len());
    bench.handle(Command::Drop { table: 1 }, None);
    assert_eq!(bench.memory(), 0);
}

#[test]
fn of_a_bundle_that_breaks_off_the_whole_files_are_kept() {
    let bytes = bundle();
    let mut bench = Workbench::new();
    let cut = &bytes[..CURVE.len() + 150];
    let (found, trouble) = files(came(&mut bench, cut, EndOfStream::Error("reset".into())));
    assert_eq!((found.len(), trouble.as_deref()), (1, Some("the connection broke: reset")));
    let mut bench = Workbench::new();
    let (found, trouble) = files(came(&mut bench, cut, EndOfStream::Clean));
    assert_eq!((found.len(), trouble.as_deref()), (1, Some("the bundle ends within XP_SAMPLED_RAW.csv")));
    let mut damaged = bytes.clone();
    damaged[100] ^= 1;
    let (found, _) = files(came(&mut Workbench::new(), &damaged, EndOfStream::Clean));
    assert_eq!(found[0].trouble.as_deref(), Some("its check sum differs"));
    assert_eq!(found[1].trouble, None);
}

#[test]
fn words_in_place_of_products_are_a_refusal() {
    for (status, body, kind) in [
        (500, &b"Code: -1, msg: no"[..], FailureKind::Service),
        (404, b"no such product", FailureKind::Query),
        (200, b"<html><head><title>Maintenance</title></head></html>", FailureKind::HtmlPage),
    ] {
        let mut bench = Workbench::new();
        asked(&mut bench);
        bench.on_response_head(1, ResponseHead { status, ..ResponseHead::default() });
        bench.on_chunk(1, body, 0);
        let out = bench.on_end(1, EndOfStream::Clean);
        let [Out::Refused(refusal)] = &out[..] else { panic!("{out:?}") };
        assert_eq!((refusal.table, refusal.kind, refusal.status, &refusal.body[..]), (1, kind, status, body));
    }
    let mut bench = Workbench::new();
    asked(&mut bench);
    let out = bench.handle(Command::Cancel { table: 1 }, None);
    assert_eq!(out[0], Out::Abort { table: 1 });
    let [Event::Failed { failure, .. }] = &events(out[1..].to_vec())[..] else { panic!() };
    assert_eq!(failure.kind, FailureKind::Cancelled);
}

#[test]
fn one_file_is_a_bundle_of_one() {
    let mut bench = Workbench::new();
    let (found, _) = files(came(&mut bench, CURVE.as_bytes(), EndOfStream::Clean));
    assert_eq!((found.len(), found[0].name.as_str(), &found[0].sources[..]), (1, "x.zip", &[ID.to_owned()][..]));
    assert_eq!(chart(&mut bench, 0, ChartSpec::default()).unwrap().kind, Kind::LightCurve);
    let (found, _) = files(came(&mut bench, b"\x89HDF\r\n", EndOfStream::Clean));
    assert_eq!(found[0].trouble, None, "what this page cannot read can be saved");
    assert!(chart(&mut bench, 0, ChartSpec::default()).unwrap_err().contains("HDF5"));
}

#[test]
fn a_file_becomes_a_table_and_is_given_back() {
    let mut bench = Workbench::new();
    let bytes = bundle();
    came(&mut bench, &bytes, EndOfStream::Clean);
    let of = InBundle { bundle: 1, file: 0 };
    let out = events(bench.handle(Command::Open { table: 2, of, memory_limit: 1 << 20 }, None));
    assert!(matches!(out.last(), Some(Event::End { table: 2, rows: 6, .. })), "{out:?}");
    let command = Command::Texts { ticket: ticket(2), column: 0, rows: Rows::All, most: 2 };
    let Some(Event::Texts { texts, .. }) = events(bench.handle(command, None)).pop() else { panic!() };
    assert_eq!(texts.open().unwrap(), [ID, ID]);
    for (file, expected) in [(None, bytes), (Some(0), CURVE.as_bytes().to_vec())] {
        let out = bench.handle(Command::File { ticket: ticket(1), file }, None);
        assert!(matches!(&out[..], [Out::Event(Event::File { .. }, Some(sent))] if *sent == expected));
    }
    let out = events(bench.handle(Command::File { ticket: ticket(1), file: Some(9) }, None));
    assert_eq!(out, [Event::Stopped { ticket: ticket(1) }]);
}

#[test]
fn light_curves_are_drawn_and_folded() {
    let mut bench = Workbench::new();
    came(&mut bench, &bundle(), EndOfStream::Clean);
    let spec = ChartSpec { rejected: true, errors: true, ..ChartSpec::default() };
    let plain = chart(&mut bench, 0, spec.clone()).unwrap();
    let [picture] = &plain.charts[..] else { panic!() };
    assert_eq!(plain.bands, ["G", "BP"]);
    assert!(picture.y.reversed && picture.y.unit.as_deref() == Some("mag") && picture.x.unit.as_deref() == Some("d"));
    assert!(
        picture.title.contains(ID) && picture.summary.contains("G: 5 observations, 1 rejected, 15.000 to 15.300 mag")
    );
    let crosses = |charts: &Charts| charts.charts[0].layers[0].crosses.matches('M').count();
    let marks = |charts: &Charts| charts.charts[0].layers[0].marks.matches('M').count();
    assert_eq!((marks(&plain), crosses(&plain)), (4, 1));
    assert!(!picture.layers[0].errors.is_empty());
    let folded = chart(&mut bench, 0, ChartSpec { period: "0,5".into(), ..ChartSpec::default() }).unwrap();
    assert_eq!((marks(&folded), crosses(&folded)), (8, 0), "two cycles, and nothing that was rejected");
    assert_eq!((folded.charts[0].x.low, folded.charts[0].x.high), (0.0, 2.0));
    assert_eq!(folded.problem, None);
    let odd = chart(&mut bench, 0, ChartSpec { period: "soon".into(), ..ChartSpec::default() }).unwrap();
    assert!(odd.problem.unwrap().contains("“soon”"));
}

#[test]
fn a_period_is_searched_in_one_band() {
    let mut bench = Workbench::new();
    came(&mut bench, &bundle(), EndOfStream::Clean);
    let mut search = |band: &str, from: &str| {
        let of = vec![InBundle { bundle: 1, file: 0 }];
        let (curve, range) = ((ID.to_owned(), band.to_owned()), (from.to_owned(), "2".to_owned()));
        let mut out = bench.handle(Command::ChartPeriod { ticket: ticket(1), of, curve, range }, None);
        while bench.is_busy() {
            out = bench.work();
        }
        events(out).pop().unwrap()
    };
    let Event::PeriodFound { period, .. } = search("G", "0.2") else { panic!() };
    let period = period.open().unwrap().unwrap();
    assert!((period.words.0.parse::<f64>().unwrap() - period.period).abs() < 1e-3);
    let Event::PeriodFound { period, .. } = search("BP", "0.2") else { panic!() };
    assert_eq!(period.open().unwrap(), None, "one observation has no period");
    assert!(matches!(search("G", "3"), Event::NoPeriod { .. }));
    assert!(matches!(search("G", "x"), Event::NoPeriod { .. }));
}

#[test]
fn spectra_and_samples_are_drawn() {
    let spectrum = "wavelength,flux,flux_error\n400,1e-16,1e-17\n402,2e-16,1e-17\n";
    let mcmc = "source_id,teff,logg,log_pos,log_lik\n5,5000,4.1,1,1\n5,5100,4.2,1,1\n5,5200,4.0,1,1\n";
    let bytes = packed(&[("XP_SAMPLED-5.csv", spectrum), ("XP_SAMPLED-6.csv", spectrum), ("MCMC_MSC-5.csv", mcmc)]);
    let mut bench = Workbench::new();
    came(&mut bench, &bytes, EndOfStream::Clean);
    let of = [0, 1, 2].map(|file| InBundle { bundle: 1, file }).to_vec();
    let spec = Box::new(ChartSpec { size: (600, 300), errors: true, ..ChartSpec::default() });
    let command = Command::Chart { ticket: ticket(1), of, spec, svg: Some((0, Ground::Light)) };
    let Some(Out::Event(Event::Charted { charts, .. }, Some(svg))) = bench.handle(command, None).pop() else {
        panic!()
    };
    let charts = charts.open().unwrap().unwrap();
    assert_eq!(
        (charts.kind, charts.sources.clone(), charts.charts.len()),
        (Kind::Spectrum, vec!["5".into(), "6".into()], 1)
    );
    assert!(charts.charts[0].layers.iter().all(|layer| !layer.line.is_empty() && layer.area.ends_with('Z')));
    let svg = String::from_utf8(svg).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("Spectra of 2 sources") && svg.contains(">6</text>"));
    let samples = chart(&mut bench, 2, ChartSpec::default()).unwrap();
    assert_eq!(
        (samples.kind, samples.charts.len(), &samples.parameters[..]),
        (Kind::Samples, 2, &["teff", "logg"].map(String::from)[..])
    );
    assert!(samples.charts[0].summary.contains("median 5100"));
    let pairs = chart(&mut bench, 2, ChartSpec { pairs: vec!["teff".into(), "logg".into()], ..ChartSpec::default() });
    assert_eq!(pairs.unwrap().charts[0].title, "logg against teff of source 5");
}

#[test]
fn products_are_read_in_every_format() {
    let fields = vec![
        Field::new("source_id", Datatype::Long),
        Field { arraysize: ArraySize::VARIABLE, unit: Some("nm".into()), ..Field::new("wavelength", Datatype::Double) },
        Field { arraysize: ArraySize::fixed(3), ..Field::new("flux", Datatype::Float) },
        Field { arraysize: ArraySize::VARIABLE, ..Field::new("name", Datatype::Char) },
        Field::new("n", Datatype::Short),
        Field::new("good", Datatype::Boolean),
    ];
    let mut table = Table::new(fields.clone());
    for id in [6_917_528_997_577_384_321, i64::MAX] {
        table.columns[0].push_integer(id);
        if let Data::Double(data) = table.columns[1].data_mut() {
            data.extend([336.0, 338.5, 340.0]);
        }
        table.columns[1].end_row(true);
        if let Data::Float(data) = table.columns[2].data_mut() {
            data.extend([1.5, 0.25, 1e-17]);
        }
        table.columns[2].end_row(true);
        table.columns[3].push_text("it's");
        table.columns[4].push_null();
        table.columns[5].push_boolean(id != i64::MAX);
    }
    for format in [Format::Fits, Format::Json, Format::Csv, Format::Ecsv, Format::Votable, Format::VotablePlain] {
        let preamble = Preamble { fields: fields.clone(), nrows: Some(2), ..Preamble::default() };
        let (mut exporter, mut bytes) = (Exporter::new(format, preamble), Vec::new());
        exporter.start(&mut bytes);
        exporter.rows(&table.columns, 0..2, &mut bytes);
        exporter.finish(&[], &[], &mut bytes).unwrap();
        let mut bench = Workbench::new();
        let (found, _) = files(came(&mut bench, &bytes, EndOfStream::Clean));
        assert_eq!(found[0].sources, [ID, "9223372036854775807"], "{format:?}: every digit");
        let drawn = chart(&mut bench, 0, ChartSpec::default()).unwrap();
        assert_eq!((drawn.kind, drawn.charts[0].layers.len()), (Kind::Spectrum, 2), "{format:?}");
        assert!(
            drawn.charts[0].summary.contains("3 samples from 336 to 340"),
            "{format:?}: {}",
            drawn.charts[0].summary
        );
        let of = InBundle { bundle: 1, file: 0 };
        let out = events(bench.handle(Command::Open { table: 2, of, memory_limit: 1 << 20 }, None));
        assert!(matches!(out.last(), Some(Event::End { rows: 2, .. })), "{format:?} {out:?}");
        let window = Command::Window { table: 2, sequence: 1, start: 0, count: 1, rows: Rows::All };
        let Some(Event::Window { cells, .. }) = events(bench.handle(window, None)).pop() else { panic!() };
        assert_eq!(cells[0][3].as_deref(), Some("it's"), "{format:?}");
        assert_eq!(cells[0][4], None, "{format:?}: null stays null");
    }
    let mut bench = Workbench::new();
    for broken in [&b"SIMPLE  =                    T"[..], b"{\"metadata\": [", b"{}"] {
        came(&mut bench, broken, EndOfStream::Clean);
        assert!(chart(&mut bench, 0, ChartSpec::default()).is_err());
        let of = InBundle { bundle: 1, file: 0 };
        let out = events(bench.handle(Command::Open { table: 2, of, memory_limit: 1 << 20 }, None));
        assert!(matches!(out.last(), Some(Event::Failed { .. })));
    }
}
