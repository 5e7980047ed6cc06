//! Conversations: what the page says, what the network delivers, what the page hears.

use table::sort::Direction;
use workbench::completeness::Verdict;
use workbench::export::Format;
use workbench::load::EndOfStream;
use workbench::protocol::{Command, Event, FailureKind, Packed, SortKey, Source};
use workbench::select::Rows;
use workbench::{Out, Refusal, ResponseHead, Workbench};

use crate::export::{export, whole};
use crate::sample::{IDS, columns};

pub fn load(bench: &mut Workbench) {
    let source =
        Source { method: "POST".into(), url: "https://a.example/sync".into(), headers: vec![], stall_ms: 1000 };
    let command = Command::Load { table: 1, source: source.clone(), memory_limit: 1 << 26 };
    let out = bench.handle(command, Some(b"QUERY=x".to_vec()));
    assert_eq!(out, [Out::Fetch { table: 1, source, body: Some(b"QUERY=x".to_vec()) }]);
}

fn head(status: u16) -> ResponseHead {
    ResponseHead { status, content_type: Some("text/html".into()), ..ResponseHead::default() }
}

pub fn events(out: Vec<Out>) -> Vec<Event> {
    let event = |out| match out {
        Out::Event(event, _) => event,
        other => panic!("{other:?}"),
    };
    out.into_iter().map(event).collect()
}

/// A table in hand, loaded whole.
pub fn loaded(document: &[u8]) -> Workbench {
    let mut bench = Workbench::new();
    load(&mut bench);
    bench.on_chunk(1, document, 0);
    bench.on_end(1, EndOfStream::Clean);
    bench
}

fn column(bench: &mut Workbench, column: usize) -> Vec<Option<String>> {
    let out = bench.handle(Command::Window { table: 1, sequence: 5, start: 0, count: 100, rows: Rows::All }, None);
    let Some(Event::Window { table: 1, sequence: 5, start: 0, cells, .. }) = events(out).pop() else { panic!() };
    cells.into_iter().map(|row| row[column].clone()).collect()
}

#[test]
fn a_result_is_told_as_it_comes() {
    let mut bench = Workbench::new();
    load(&mut bench);
    let document = whole(Format::VotablePlain);
    let length = document.len() as u64;
    bench.on_response_head(1, ResponseHead { status: 200, content_length: Some(length), ..ResponseHead::default() });
    let data = String::from_utf8(document.clone()).unwrap().find("<TABLEDATA>").unwrap() + 300;
    let first = events(bench.on_chunk(1, &document[..data], 1000));
    let [Event::Head { table: 1, fields, infos }, Event::Progress { table: 1, rows, bytes, total }] = &first[..] else {
        panic!("{first:#?}")
    };
    assert_eq!((fields.len(), *bytes, *total), (11, data as u64, Some(length)));
    assert!(*rows < 4);
    assert_eq!(infos[1], ("QUERY".to_owned(), "SELECT *\nFROM t".to_owned()), "the text, with its line breaks");
    assert_eq!(events(bench.on_chunk(1, &document[data..data + 1], 1050)), [], "not more than ten times a second");
    let later = events(bench.on_chunk(1, &document[data + 1..], 1100));
    assert_eq!(later, [Event::Progress { table: 1, rows: 4, bytes: length, total: Some(length) }]);
    let end = events(bench.on_end(1, EndOfStream::Clean));
    let [Event::End { table: 1, rows: 4, bytes, verdict: Verdict::Complete, warnings, .. }] = &end[..] else {
        panic!("{end:#?}")
    };
    assert_eq!((*bytes, warnings.len()), (length, 0));
    assert_eq!(events(bench.on_end(1, EndOfStream::Clean)), [], "an end comes once");
    let ids = column(&mut bench, 0);
    assert_eq!(ids, [Some(IDS[0].to_string()), Some(IDS[1].to_string()), None, Some(i64::MIN.to_string())]);
}

#[test]
fn the_length_of_an_encoded_answer_is_not_told() {
    let mut bench = Workbench::new();
    load(&mut bench);
    let head = ResponseHead {
        status: 200,
        content_length: Some(10),
        content_encoding: Some("gzip".into()),
        ..ResponseHead::default()
    };
    bench.on_response_head(1, head);
    let out = events(bench.on_chunk(1, &whole(Format::Votable), 0));
    assert!(matches!(out[1], Event::Progress { total: None, .. }));
}

#[test]
fn rows_are_ordered_also_those_that_come_later() {
    let keys = vec![SortKey { column: 0, direction: Direction::Descending }];
    let mut bench = loaded(&whole(Format::Votable));
    let out = events(bench.handle(Command::Sort { table: 1, keys: keys.clone() }, None));
    assert_eq!(out, [Event::Sorted { table: 1, keys: keys.clone() }]);
    let descending = [Some(IDS[1].to_string()), Some(IDS[0].to_string()), Some(i64::MIN.to_string()), None];
    assert_eq!(column(&mut bench, 0), descending);
    bench.handle(Command::Sort { table: 1, keys: vec![] }, None);
    assert_eq!(column(&mut bench, 0)[2], None, "the order of arrival again");

    let document = whole(Format::VotablePlain);
    let text = String::from_utf8(document.clone()).unwrap();
    let second = text.match_indices("<TR>").nth(1).unwrap().0;
    load(&mut bench);
    bench.on_chunk(1, &document[..second], 0);
    bench.handle(Command::Sort { table: 1, keys: keys.clone() }, None);
    bench.on_chunk(1, &document[second..], 0);
    assert_eq!(column(&mut bench, 0)[0], Some(IDS[0].to_string()), "later rows behind those that were ordered");
    let end = events(bench.on_end(1, EndOfStream::Clean));
    assert_eq!(end[0], Event::Sorted { table: 1, keys });
    assert!(matches!(end[1], Event::End { .. }));
    assert_eq!(column(&mut bench, 0), descending);
}

#[test]
fn windows_keep_to_the_rows_that_are_there() {
    let mut bench = loaded(&whole(Format::Votable));
    let mut cells = |start, count| {
        let out = bench.handle(Command::Window { table: 1, sequence: 1, start, count, rows: Rows::All }, None);
        let Some(Event::Window { cells, .. }) = events(out).pop() else { panic!() };
        cells.len()
    };
    assert_eq!((cells(0, 2), cells(3, 10), cells(4, 1), cells(usize::MAX, usize::MAX)), (2, 1, 0, 0));
}

#[test]
fn types_of_csv_are_told_at_its_end() {
    let mut bench = Workbench::new();
    load(&mut bench);
    let out = events(bench.on_chunk(1, &[b"a,b\n".as_slice(), b"1,x\n".repeat(1000).as_slice()].concat(), 0));
    let datatype = |event: &Event| match event {
        Event::Head { fields, .. } => fields[0].datatype,
        other => panic!("{other:?}"),
    };
    assert_eq!(datatype(&out[0]), table::Datatype::Char);
    let out = events(bench.on_end(1, EndOfStream::Clean));
    assert_eq!(datatype(&out[0]), table::Datatype::Long);
    assert!(matches!(&out[1], Event::End { rows: 1000, verdict: Verdict::Unknown(_), .. }));
}

#[test]
fn a_refusal_is_handed_out_with_its_words() {
    let mut bench = Workbench::new();
    load(&mut bench);
    bench.on_response_head(1, head(400));
    assert_eq!(bench.on_chunk(1, b"<html>no", 0), []);
    bench.on_chunk(1, b" such table</html>", 0);
    let refusal = Refusal {
        table: 1,
        kind: FailureKind::Query,
        status: 400,
        content_type: Some("text/html".into()),
        retry_after: None,
        body: b"<html>no such table</html>".to_vec(),
    };
    assert_eq!(bench.on_end(1, EndOfStream::Clean), [Out::Refused(refusal)]);

    load(&mut bench);
    bench.on_response_head(1, head(200));
    bench.on_chunk(1, b"<html><title>Maintenance</title></html>", 0);
    let out = bench.on_end(1, EndOfStream::Clean);
    assert!(matches!(&out[..], [Out::Refused(Refusal { kind: FailureKind::HtmlPage, status: 200, .. })]), "{out:?}");

    load(&mut bench);
    bench.on_response_head(1, head(500));
    let out = bench.on_chunk(1, &vec![b'x'; 3 << 20], 0);
    let [Out::Abort { table: 1 }, Out::Refused(Refusal { body, .. })] = &out[..] else { panic!("{}", out.len()) };
    assert_eq!(body.len(), 1 << 20, "an endless refusal is cut");
}

#[test]
fn cancelling_keeps_what_has_arrived() {
    let mut bench = Workbench::new();
    load(&mut bench);
    let document = whole(Format::VotablePlain);
    bench.on_chunk(1, &document[..document.len() - 200], 0);
    let out = bench.handle(Command::Cancel { table: 1 }, None);
    assert_eq!(out[0], Out::Abort { table: 1 });
    let Out::Event(Event::End { verdict: Verdict::Partial(reason), .. }, None) = &out[1] else { panic!("{out:?}") };
    assert_eq!(reason, "stopped by you");
    assert_eq!(bench.on_chunk(1, b"late", 0), []);
    assert_eq!(bench.on_end(1, EndOfStream::Cancelled), []);
    assert!(!column(&mut bench, 0).is_empty());
    assert_eq!(bench.handle(Command::Cancel { table: 1 }, None), []);

    load(&mut bench);
    let out = bench.handle(Command::Cancel { table: 1 }, None);
    let Out::Event(Event::Failed { failure, .. }, None) = &out[1] else { panic!("{out:?}") };
    assert_eq!(failure.kind, FailureKind::Cancelled);
}

#[test]
fn a_limit_stops_the_fetch() {
    let mut bench = Workbench::new();
    let source = Source { method: "GET".into(), url: "https://a.example/r".into(), headers: vec![], stall_ms: 1000 };
    bench.handle(Command::Load { table: 1, source, memory_limit: 1 << 16 }, None);
    let big: Vec<_> = columns().into_iter().collect();
    let blocks: Vec<std::ops::Range<usize>> = (0..5000).map(|_| 0..4).collect();
    let out = bench.on_chunk(1, &export(Format::VotablePlain, &big, &blocks, &[]), 0);
    assert!(out.contains(&Out::Abort { table: 1 }));
    let Some(Out::Event(Event::End { verdict: Verdict::Partial(reason), rows, .. }, _)) = out.last() else { panic!() };
    assert!(reason.contains("memory limit"), "{reason}");
    assert!(*rows > 100);
}

fn exported(bench: &mut Workbench, format: &str, as_shown: bool) -> String {
    let out = bench.handle(Command::Export { table: 1, format: format.into(), as_shown, rows: Rows::All }, None).pop();
    let Some(Out::Event(Event::Exported { table: 1, format: name, .. }, Some(bytes))) = out else { panic!("{out:?}") };
    assert_eq!(name, format);
    String::from_utf8(bytes).unwrap()
}

#[test]
fn exports_are_in_the_order_asked_for() {
    let mut bench = loaded(&whole(Format::Votable));
    assert_eq!(exported(&mut bench, "csv", true).into_bytes(), whole(Format::Csv));
    bench.handle(Command::Sort { table: 1, keys: vec![SortKey { column: 0, direction: Direction::Descending }] }, None);
    assert_eq!(exported(&mut bench, "csv", false).into_bytes(), whole(Format::Csv));
    let shown = exported(&mut bench, "csv", true);
    assert!(shown.lines().nth(1).unwrap().starts_with(&IDS[1].to_string()), "{shown}");
    assert_eq!(shown.lines().count(), String::from_utf8(whole(Format::Csv)).unwrap().lines().count());
}

#[test]
fn exports_say_what_is_missing() {
    let mut bench = loaded(&whole(Format::VotablePlain));
    let document = exported(&mut bench, "votable_plain", false);
    assert!(!document.contains("COMPLETENESS"));
    assert!(document.contains("Gaia DR3") && document.contains("CITATION"), "what the document said is kept");

    let document = whole(Format::VotablePlain);
    let mut bench = loaded(&document[..document.len() - 200]);
    assert!(exported(&mut bench, "votable_plain", false).contains("value=\"partial: the document is cut"));
    let json: serde_json::Value = serde_json::from_str(&exported(&mut bench, "json", false)).unwrap();
    assert!(json["completeness"].as_str().unwrap().starts_with("partial: "));
    assert!(exported(&mut bench, "ecsv", false).contains("\"COMPLETENESS\": \"partial: the document is cut"));

    let columns = columns();
    let overflow = [votable::model::Info::new("QUERY_STATUS", "OVERFLOW")];
    let mut bench = loaded(&export(Format::Votable, &columns, &[0..2, 2..4], &overflow));
    let document = exported(&mut bench, "votable_plain", false);
    assert!(document.contains("overflow: the service cut the result at 4 rows"), "{document}");
    assert!(document.rfind("OVERFLOW").unwrap() > document.find("</TABLE>").unwrap());
}

#[test]
fn what_cannot_be_exported_comes_without_bytes() {
    let none = |bench: &mut Workbench, format: &str| {
        let out = bench
            .handle(Command::Export { table: 1, format: format.into(), as_shown: false, rows: Rows::All }, None)
            .pop();
        matches!(out, Some(Out::Event(Event::Exported { table: 1, .. }, None)))
    };
    let mut bench = loaded(&whole(Format::Votable));
    assert!(none(&mut bench, "parquet"));
    assert!(!none(&mut bench, "fits"));
    let wide: Vec<String> = (0..1000).map(|column| format!("c{column}")).collect();
    let mut bench = loaded(wide.join(",").as_bytes());
    assert!(none(&mut bench, "fits"), "FITS has 999 columns at most");
}

#[test]
fn what_is_dropped_is_gone() {
    let mut bench = loaded(&whole(Format::Votable));
    assert!(bench.memory() > 0);
    assert_eq!(bench.handle(Command::Drop { table: 1 }, None), []);
    assert_eq!(bench.memory(), 0);
    assert_eq!(bench.handle(Command::Window { table: 1, sequence: 1, start: 0, count: 1, rows: Rows::All }, None), []);
    load(&mut bench);
    assert_eq!(bench.handle(Command::Drop { table: 1 }, None), [Out::Abort { table: 1 }]);
    assert_eq!(bench.on_chunk(1, b"late", 0), []);
}

#[test]
fn messages_cross_as_text() {
    let event = Event::Window {
        table: 1,
        sequence: 2,
        start: 0,
        cells: vec![vec![Some(IDS[1].to_string()), None]],
        numbers: Packed::new(&vec![7]),
        selected: Packed::new(&vec![true]),
    };
    let text = serde_json::to_string(&event).unwrap();
    assert!(text.contains("\"6917528997577384321\""));
    assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
}
