//! Documents of our own, each with the summary that it should have: read in one piece, cut anywhere, cut short.
//!
//! `VOTABLE_BLESS=1` writes the summaries anew; look at the difference before committing it.

use std::path::PathBuf;

use votable::summary;

use crate::{Random, read, read_chunks};

fn documents() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/documents");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "vot"));
    assert!(paths.len() > 10, "the documents are there");
    paths.into_iter().map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect()
}

#[test]
fn summaries_are_as_expected() {
    for (path, document) in documents() {
        let (read, result) = read(&document, usize::MAX);
        let error = result.err().map(|error| format!("\"error\": {},\n", summary::json_string(&error.to_string())));
        let mut found = format!("{{{}{},\n", error.unwrap_or_default(), summary::tables(&read));
        let warnings: Vec<String> = read.warnings.iter().map(|w| summary::json_string(&w.to_string())).collect();
        let status = summary::json_string(&format!("{:?}", read.status()));
        found += &format!("\"status\": {status},\n\"warnings\": [\n  {}]}}\n", warnings.join(",\n  "));
        serde_json::from_str::<serde_json::Value>(&found).unwrap();
        let expected = path.replace(".vot", ".json");
        if std::env::var_os("VOTABLE_BLESS").is_some() {
            std::fs::write(&expected, &found).unwrap();
        }
        assert_eq!(found, std::fs::read_to_string(&expected).unwrap_or_default(), "{path}");
    }
}

/// Every byte of a small document; in a larger one so many that each kind of place is met.
fn cuts(len: usize) -> impl Iterator<Item = usize> {
    (0..len).step_by(if len < 1300 { 1 } else { 7 })
}

#[test]
fn chunks_cut_at_every_byte_give_the_same_document() {
    for (path, document) in documents() {
        let whole = format!("{:?}", read(&document, usize::MAX));
        assert_eq!(format!("{:?}", read(&document, 1)), whole, "{path} byte by byte");
        for cut in cuts(document.len()) {
            let (head, tail) = document.split_at(cut);
            assert_eq!(format!("{:?}", read_chunks([head, tail])), whole, "{path} cut at {cut}");
        }
    }
}

#[test]
fn chunks_of_random_sizes_give_the_same_document() {
    let mut random = Random(7);
    for (path, document) in documents() {
        let whole = format!("{:?}", read(&document, usize::MAX));
        for round in 0..30 {
            let mut chunks = Vec::new();
            let mut rest = document.as_slice();
            while !rest.is_empty() {
                let (chunk, tail) = rest.split_at((1 + random.below(40)).min(rest.len()));
                chunks.push(chunk);
                rest = tail;
            }
            assert_eq!(format!("{:?}", read_chunks(chunks)), whole, "{path} in round {round}");
        }
    }
}

#[test]
fn a_prefix_is_never_complete_and_keeps_its_rows() {
    for (path, document) in documents() {
        let (whole, _) = read(&document, usize::MAX);
        let end = document.trim_ascii_end().len();
        let mut rows = 0;
        for cut in cuts(end - 3) {
            let (part, result) = read(&document[..cut], usize::MAX);
            assert!(result.is_err() && !part.complete, "{path} cut at {cut}");
            for part in part.tables() {
                let whole = whole.tables().find(|table| table.table.name == part.table.name).unwrap();
                for (column, expected) in part.table.columns.iter().zip(&whole.table.columns) {
                    assert_eq!(column.len(), part.table.rows(), "{path} cut at {cut}");
                    for row in 0..column.len() {
                        let cells = [column.display(row).to_string(), expected.display(row).to_string()];
                        assert_eq!(cells[0], cells[1], "{path} cut at {cut}");
                    }
                }
            }
            let now = part.tables().map(|table| table.table.rows()).sum();
            assert!(now >= rows, "{path} cut at {cut}");
            rows = now;
        }
    }
}

/// `VOTABLE_SEED` and `VOTABLE_ROUNDS` make it a longer search.
#[test]
fn damaged_documents_end_in_the_same_way_however_they_are_cut() {
    let mut random = Random(std::env::var("VOTABLE_SEED").map_or(11, |seed| seed.parse().unwrap()));
    let rounds = std::env::var("VOTABLE_ROUNDS").map_or(8, |rounds| rounds.parse().unwrap());
    const PIECES: [&str; 24] = [
        "<",
        ">",
        "&",
        "\"",
        "'",
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "<?",
        "?>",
        "</TD>",
        "<TD>",
        "</TR>",
        "<TR>",
        "</TABLE>",
        "=",
        "\r",
        "\n",
        "\0",
        "é",
        "<!DOCTYPE x [",
        "&amp;",
        "<TD/>",
    ];
    for (path, document) in documents() {
        for round in 0..rounds {
            let mut damaged = document.clone();
            for _ in 0..=random.below(3) {
                let at = random.below(damaged.len());
                match random.below(4) {
                    0 => damaged[at] = random.next() as u8,
                    1 => drop(damaged.drain(at..(at + 1 + random.below(30)).min(damaged.len()))),
                    2 => drop(damaged.splice(at..at, PIECES[random.below(PIECES.len())].bytes())),
                    _ => {
                        let from = random.below(damaged.len());
                        let copy = damaged[from..(from + random.below(60)).min(damaged.len())].to_vec();
                        drop(damaged.splice(at..at, copy));
                    }
                }
                if damaged.is_empty() {
                    damaged.push(b'<');
                }
            }
            let whole = format!("{:?}", read(&damaged, usize::MAX));
            for size in [1, 2 + random.below(50)] {
                let pieces = format!("{:?}", read(&damaged, size));
                if pieces != whole {
                    let text = String::from_utf8_lossy(&damaged);
                    let same = pieces.bytes().zip(whole.bytes()).take_while(|(a, b)| a == b).count();
                    let rest =
                        |text: &str| String::from_utf8_lossy(&text.as_bytes()[same.saturating_sub(200)..]).into_owned();
                    panic!("{path}, round {round}, {size}:\n{text}\n{:.600}\n{:.600}", rest(&pieces), rest(&whole));
                }
            }
        }
    }
}
