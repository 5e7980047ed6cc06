//! Documents that others wrote, from the folder that `VOTABLE_CORPUS` names: each ends in a verdict or in words, and what was
//! read goes into every format and back.

use std::path::{Path, PathBuf};

use workbench::completeness::Verdict;
use workbench::export::Format;
use workbench::load::EndOfStream;
use workbench::protocol::{Command, Event, Source};
use workbench::select::Rows;
use workbench::{Out, Workbench};

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, all);
        } else {
            all.push(path);
        }
    }
}

/// Loads a file whole or cut in two; the events without progress.
fn load(chunks: &[&[u8]]) -> (Workbench, Vec<Event>) {
    let mut bench = Workbench::new();
    let source = Source { method: "GET".into(), url: "https://a.example/".into(), headers: vec![], stall_ms: 1 };
    bench.handle(Command::Load { table: 1, source, memory_limit: 1 << 28 }, None);
    let mut out = Vec::new();
    for chunk in chunks {
        out.extend(bench.on_chunk(1, chunk, 0));
    }
    out.extend(bench.on_end(1, EndOfStream::Clean));
    let event = |out| match out {
        Out::Event(event, _) if !matches!(event, Event::Progress { .. }) => Some(event),
        _ => None,
    };
    (bench, out.into_iter().filter_map(event).collect())
}

fn rows(bench: &mut Workbench) -> Vec<Vec<Option<String>>> {
    let out = bench.handle(Command::Window { table: 1, sequence: 0, start: 0, count: 50, rows: Rows::All }, None).pop();
    match out {
        // Strings of fixed size get their padding back when they are written.
        Some(Out::Event(Event::Window { cells, .. }, _)) => {
            let bare = |cell: Option<String>| cell.map(|text| text.split_whitespace().collect());
            cells.into_iter().map(|row| row.into_iter().map(bare).collect()).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn export(bench: &mut Workbench, format: Format) -> Vec<u8> {
    let command = Command::Export { table: 1, format: format.name().into(), as_shown: false, rows: Rows::All };
    match bench.handle(command, None).pop() {
        Some(Out::Event(Event::Exported { .. }, Some(bytes))) => bytes,
        other => panic!("{other:?}"),
    }
}

#[test]
fn documents_of_others_are_loaded_and_exported() {
    let Some(folder) = std::env::var_os("VOTABLE_CORPUS") else {
        return eprintln!("SKIPPED: VOTABLE_CORPUS names no folder");
    };
    let mut all = Vec::new();
    files(Path::new(&folder), &mut all);
    let (mut tables, mut complete) = (0, 0);
    for path in &all {
        let bytes = std::fs::read(path).unwrap();
        if bytes.len() > 2 << 20 {
            continue;
        }
        let (mut bench, events) = load(&[&bytes]);
        let (a, b) = bytes.split_at(bytes.len() / 3);
        let (_, again) = load(&[a, b]);
        // An earlier Head knows fewer INFO, depending on the cut; the last word does not.
        assert_eq!(again.last(), events.last(), "{}", path.display());
        let Some(Event::End { verdict, rows: count, .. }) = events.last() else { continue };
        tables += 1;
        complete += usize::from(*verdict == Verdict::Complete);
        let cells = rows(&mut bench);
        for format in Format::ALL {
            if format == Format::Fits && cells.first().is_some_and(|row| row.len() > 999) {
                continue;
            }
            let file = export(&mut bench, format);
            if !matches!(format, Format::Votable | Format::VotablePlain | Format::VotableGzip) {
                continue;
            }
            let (mut back, events) = load(&[&file]);
            let Some(Event::End { rows: again, .. }) = events.last() else {
                panic!("{} as {}: {events:?}", path.display(), format.name())
            };
            assert_eq!(again, count, "{} as {}", path.display(), format.name());
            if format != Format::VotablePlain {
                for (row, (again, cells)) in rows(&mut back).iter().zip(&cells).enumerate() {
                    for (column, (again, cell)) in again.iter().zip(cells).enumerate() {
                        assert_eq!(again, cell, "{} as {}, row {row}, column {column}", path.display(), format.name());
                    }
                }
            }
        }
    }
    eprintln!("{} files, {tables} tables, {complete} complete", all.len());
    assert!(complete > 0);
}
