//! Loading: whatever comes, cut anywhere, ends in a table with an honest verdict or in words.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use table::Table;
use workbench::completeness::Verdict;
use workbench::export::Format;
use workbench::load::{EndOfStream, Flow, Limits, Loader, Outcome};
use workbench::protocol::FailureKind;

use crate::export::whole;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn load(chunks: &[&[u8]], limits: Limits, end: EndOfStream) -> (Loader, Outcome) {
    let mut loader = Loader::new(limits);
    for chunk in chunks {
        if loader.push(chunk) == Flow::Enough {
            break;
        }
    }
    let outcome = loader.finish(end);
    (loader, outcome)
}

fn load_whole(bytes: &[u8]) -> (Loader, Outcome) {
    load(&[bytes], Limits::with_memory(1 << 26), EndOfStream::Clean)
}

fn text(table: &Table) -> Vec<Vec<String>> {
    let row = |row| table.columns.iter().map(|column| column.cell(row).to_string()).collect();
    (0..table.rows()).map(row).collect()
}

fn verdict(outcome: Outcome) -> Verdict {
    match outcome {
        Outcome::Table(verdict) => verdict,
        other => panic!("no table but {other:?}"),
    }
}

#[test]
fn documents_are_the_same_wherever_they_are_cut() {
    let documents = [
        whole(Format::Votable),
        whole(Format::VotablePlain),
        whole(Format::VotableGzip),
        whole(Format::Csv),
        gzip(&whole(Format::Csv)),
    ];
    for document in documents {
        let (loader, outcome) = load_whole(&document);
        let (expected, expected_verdict) = (text(loader.table().unwrap()), verdict(outcome));
        assert_eq!(expected.len(), 4);
        for cut in 0..=document.len() {
            let chunks = [&document[..cut], &document[cut..]];
            let (loader, outcome) = load(&chunks, Limits::with_memory(1 << 26), EndOfStream::Clean);
            assert_eq!(text(loader.table().unwrap()), expected, "cut at {cut}");
            assert_eq!(verdict(outcome), expected_verdict, "cut at {cut}");
        }
        let bytes: Vec<&[u8]> = document.chunks(1).collect();
        let (loader, _) = load(&bytes, Limits::with_memory(1 << 26), EndOfStream::Clean);
        assert_eq!(text(loader.table().unwrap()), expected, "byte by byte");
    }
}

#[test]
fn a_document_that_stops_is_never_complete_and_has_whole_rows_only() {
    for format in [Format::Votable, Format::VotablePlain, Format::VotableGzip] {
        let document = whole(format);
        let (loader, _) = load_whole(&document);
        let all = text(loader.table().unwrap());
        // Behind the closing tag nothing can be missing.
        let end = if format == Format::VotableGzip { document.len() } else { document.trim_ascii_end().len() };
        for cut in 0..end {
            let (loader, outcome) = load_whole(&document[..cut]);
            match outcome {
                Outcome::Table(verdict) => {
                    assert!(
                        matches!(verdict, Verdict::Partial(_)) || format == Format::VotableGzip,
                        "{cut}: {verdict:?}"
                    );
                    let rows = text(loader.table().unwrap());
                    assert_eq!(rows[..], all[..rows.len()], "cut at {cut}");
                }
                Outcome::Failed(FailureKind::NotATable, _) | Outcome::Words(FailureKind::NotATable, _) => {}
                other => panic!("cut at {cut}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_connection_that_breaks_is_named() {
    let document = whole(Format::VotablePlain);
    let half = &document[..document.len() - 300];
    let limits = Limits::with_memory(1 << 26);
    let reason = |end| match verdict(load(&[half], limits, end).1) {
        Verdict::Partial(reason) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(EndOfStream::Error("reset".into())), "the connection broke: reset");
    assert_eq!(reason(EndOfStream::Stalled(60_000)), "no data came for 60 s");
    assert_eq!(reason(EndOfStream::Cancelled), "stopped by you");
    // The document is whole although the connection is not.
    let (_, outcome) = load(&[&document], limits, EndOfStream::Error("reset".into()));
    assert_eq!(verdict(outcome), Verdict::Complete);
    // Nothing came.
    let (_, outcome) = load(&[], limits, EndOfStream::Error("reset".into()));
    assert_eq!(outcome, Outcome::Failed(FailureKind::Network, "reset".into()));
    let (_, outcome) = load(&[b"<VOTABLE><RES"], limits, EndOfStream::Cancelled);
    assert_eq!(outcome, Outcome::Failed(FailureKind::Cancelled, "stopped by you".into()));
}

#[test]
fn csv_never_claims_to_be_whole() {
    let (loader, outcome) = load_whole(b"source_id,ra\n6917528997577384321,1.5\n");
    assert_eq!(verdict(outcome), Verdict::Unknown("CSV has no end mark".into()));
    assert_eq!(text(loader.table().unwrap()), [["6917528997577384321", "1.5"]]);
    let (loader, outcome) = load_whole(b"a,b\n1,2\n3,4,5\n6,7\n");
    assert_eq!(verdict(outcome), Verdict::Partial("line 3 has 3 fields, the header 2".into()));
    assert_eq!(text(loader.table().unwrap()), [["1", "2"]]);
}

#[test]
fn members_and_junk_of_gzip_are_understood() {
    let document = whole(Format::VotablePlain);
    let (a, b) = document.split_at(700);
    let file = [gzip(a), gzip(b), b"some junk".to_vec()].concat();
    let (loader, outcome) = load_whole(&file);
    assert_eq!(verdict(outcome), Verdict::Complete);
    assert_eq!(loader.table().unwrap().rows(), 4);
    assert!(loader.warnings().iter().any(|warning| warning.contains("behind the end of the gzip data")));
    // The first member alone is a sound gzip file and half a document.
    let (_, outcome) = load_whole(&gzip(a));
    assert!(matches!(verdict(outcome), Verdict::Partial(_)));
    let cut = gzip(&whole(Format::Csv));
    let (_, outcome) = load_whole(&cut[..cut.len() - 4]);
    let Verdict::Partial(reason) = verdict(outcome) else { panic!() };
    assert!(reason.starts_with("the gzip data is cut after"), "{reason}");
}

fn votable(before: &str, rows: &str, after: &str) -> Vec<u8> {
    format!(
        "<?xml version='1.0'?>\n<VOTABLE version='1.4' xmlns='http://www.ivoa.net/xml/VOTable/v1.3'>\n<RESOURCE type='results'>\n{before}\n<TABLE>\
         <FIELD name='a' datatype='int'/><DATA><TABLEDATA>{rows}</TABLEDATA></DATA></TABLE>\n{after}\n</RESOURCE>\n</VOTABLE>\n"
    )
    .into_bytes()
}

#[test]
fn the_last_word_on_the_status_counts() {
    let ok = "<INFO name='QUERY_STATUS' value='OK'/>";
    let rows = "<TR><TD>1</TD></TR><TR><TD>2</TD></TR>";
    let of = |before, rows, after| load_whole(&votable(before, rows, after)).1;
    assert_eq!(verdict(of(ok, rows, "")), Verdict::Complete);
    assert_eq!(verdict(of("", rows, "")), Verdict::Complete);
    assert_eq!(verdict(of(ok, rows, "<INFO name='QUERY_STATUS' value='OVERFLOW'/>")), Verdict::Overflow(2));
    assert_eq!(verdict(of("<INFO name='QUERY_STATUS' value='OVERFLOW'/>", rows, "")), Verdict::Overflow(2));
    let error = "<INFO name='QUERY_STATUS' value='ERROR'>disk full</INFO>";
    assert_eq!(verdict(of(ok, rows, error)), Verdict::Partial("the service reported an error: disk full".into()));
    let Outcome::Words(FailureKind::Query, body) = of("", "", error) else { panic!("an error without rows") };
    assert!(body.starts_with(b"<?xml"));
}

#[test]
fn an_error_document_is_words() {
    let document = b"<VOTABLE version='1.2'><RESOURCE type='results'><INFO name='QUERY_STATUS' value='ERROR'>\nCannot parse\n</INFO></RESOURCE></VOTABLE>";
    for document in [document.to_vec(), gzip(document)] {
        let (_, outcome) = load_whole(&document);
        let Outcome::Words(FailureKind::Query, body) = outcome else { panic!("{outcome:?}") };
        assert!(String::from_utf8(body).unwrap().contains("Cannot parse"));
    }
}

#[test]
fn what_is_no_table_is_named() {
    let html = b"<!DOCTYPE html><html><head><title>Down for maintenance</title></head></html>";
    let (_, outcome) = load_whole(html);
    assert_eq!(outcome, Outcome::Words(FailureKind::HtmlPage, html.to_vec()));
    let failed = |bytes: &[u8]| match load_whole(bytes).1 {
        Outcome::Failed(FailureKind::NotATable, message) => message,
        other => panic!("{other:?}"),
    };
    assert_eq!(failed(b"{\"metadata\":[]}"), "JSON came where a table was expected");
    assert_eq!(failed(b"PK\x03\x04...."), "a ZIP file came where a table was expected");
    assert_eq!(failed(b""), "the answer is empty");
    assert_eq!(failed(b" \n \n"), "the answer is empty");
    assert_eq!(failed(&gzip(&gzip(b"a,b\n1,2\n"))), "gzip data inside gzip data came where a table was expected");
    assert_eq!(failed(b"<VOTABLE version='1.4'><RESOURCE/></VOTABLE>"), "the VOTable holds no table with columns");
    let (_, outcome) = load_whole(b"Service temporarily unavailable\n");
    assert_eq!(outcome, Outcome::Words(FailureKind::NotATable, b"Service temporarily unavailable\n".to_vec()));
}

#[test]
fn a_large_page_is_not_read_to_its_end() {
    let mut loader = Loader::new(Limits::with_memory(1 << 26));
    assert_eq!(loader.push(b"<html><title>x</title>"), Flow::More);
    let chunk = vec![b'x'; 1 << 18];
    let pushed = (0..100).take_while(|_| loader.push(&chunk) == Flow::More).count();
    assert!(pushed < 5, "{pushed}");
}

#[test]
fn bombs_are_stopped() {
    // White space between rows: nothing that the columns would hold.
    let bomb = gzip(&votable("", &" ".repeat(8 << 20), ""));
    let limits = Limits { memory: 1 << 26, ratio: 200, ratio_from: 1 << 20 };
    let (_, outcome) = load(&[&bomb], limits, EndOfStream::Clean);
    let Verdict::Partial(reason) = verdict(outcome) else { panic!() };
    assert!(reason.starts_with("stopped: the data grew more than 200 times"), "{reason}");
}

#[test]
fn the_memory_limit_keeps_what_is_there() {
    let rows: String = (0..200_000).map(|row| format!("<TR><TD>{row}</TD></TR>")).collect();
    let mib = Limits::with_memory(256 << 10);
    let (loader, outcome) = load(&[&votable("", &rows, "")], mib, EndOfStream::Clean);
    let Verdict::Partial(reason) = verdict(outcome) else { panic!() };
    assert_eq!(reason, "stopped at the memory limit of 0.25 MiB");
    let table = loader.table().unwrap();
    assert!(table.rows() > 10_000 && table.rows() < 200_000, "{}", table.rows());
    assert_eq!(table.columns[0].cell(10_000).to_string(), "10000");

    let csv: String = (0..200_000).map(|row| format!("{row},text {row}\n")).collect();
    let (loader, outcome) = load(&[format!("a,b\n{csv}").as_bytes()], Limits::with_memory(1 << 20), EndOfStream::Clean);
    assert_eq!(verdict(outcome), Verdict::Partial("stopped at the memory limit of 1 MiB".into()));
    let table = loader.table().unwrap();
    assert!(table.rows() > 10_000 && table.rows() < 200_000, "{}", table.rows());
    assert_eq!(table.columns[0].field().datatype, table::Datatype::Long, "what is there gets its types");
}

#[test]
fn columns_are_told_only_when_all_are_known() {
    let document = votable(&format!("<!--{}-->", " ".repeat(2000)), "<TR><TD>1</TD></TR>", "");
    let text = String::from_utf8(document.clone()).unwrap();
    let mut loader = Loader::new(Limits::with_memory(1 << 26));
    let data = text.find("<DATA>").unwrap();
    loader.push(&document[..data]);
    assert!(loader.table().is_none(), "another FIELD may follow");
    loader.push(&document[data..data + 30]);
    assert_eq!(loader.table().unwrap().columns.len(), 1);
}
