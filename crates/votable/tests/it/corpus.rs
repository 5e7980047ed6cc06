//! Documents that others wrote, against what two other readers found in them.
//!
//! Runs when `VOTABLE_CORPUS` names a folder with a `truth.json`. A column may agree with either reader where they differ.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde_json::Value;
use votable::model::{DataElement, Info};
use votable::{Error, Reader, summary};

/// Prints past the test runner's capture: the count is wanted also when all is well.
macro_rules! say {
    ($($words:tt)*) => {
        writeln!(std::io::stderr(), $($words)*).unwrap()
    };
}

#[test]
fn documents_of_others_are_read_as_others_read_them() {
    let Some(folder) = std::env::var_os("VOTABLE_CORPUS").map(PathBuf::from) else {
        say!("SKIPPED: VOTABLE_CORPUS does not name the folder of the corpus");
        return;
    };
    let truth: Value = serde_json::from_slice(&std::fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut failures = Vec::new();
    for (name, expected) in truth["files"].as_object().unwrap() {
        let class = expected["expect"].as_str().unwrap();
        let problems = check(&folder.join(name), expected);
        let count = counts.entry(class).or_default();
        count.0 += usize::from(problems.is_empty());
        count.1 += 1;
        for problem in problems {
            println!("{class}: {name}: {problem}");
            failures.extend((class == "ok").then(|| format!("{name}: {problem}")));
        }
    }
    for (class, (matched, all)) in &counts {
        say!("corpus: {matched} of {all} documents of class '{class}' as expected");
    }
    let (matched, all) = counts.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    say!("corpus: {matched} of {all} documents in all");
    assert!(failures.is_empty(), "plain documents that are not read as others read them:\n{}", failures.join("\n"));
}

fn check(path: &Path, expected: &Value) -> Vec<String> {
    let (reader, result) = read(path);
    let class = expected["expect"].as_str().unwrap();
    if class.starts_with("reject") {
        let salvaged = class == "reject or salvage" && reader.document().tables().next().is_some();
        return match result {
            Ok(()) if !salvaged => vec!["was not rejected".to_owned()],
            _ => Vec::new(),
        };
    }
    if let Err(error) = result {
        return vec![format!("refused: {error}")];
    }
    let found: Value = serde_json::from_str(&format!("{{{}}}", summary::tables(reader.document()))).unwrap();
    let found = found["tables"].as_array().unwrap();
    let mut problems = Vec::new();
    for info in expected["infos"].as_array().into_iter().flatten() {
        let [name, value, text] = [0, 1, 2].map(|at| info[at].as_str().unwrap_or(""));
        let is_this = |info: &Info| {
            // `None` stands for no value.
            info.name == name
                && (info.value == value || value == "None")
                && info.text.as_deref().unwrap_or("").starts_with(text.trim())
        };
        let document = reader.document();
        let in_tables = document.tables().flat_map(|table| &table.infos);
        let all = document.infos.iter().chain(document.walk().flat_map(|resource| &resource.infos)).chain(in_tables);
        if !all.into_iter().any(is_this) {
            problems.push(format!("no INFO {info}"));
        }
    }
    let stilts = expected["stilts_tables"].as_array();
    if let Some(tables) = expected["tables"].as_array() {
        if found.len() != tables.len() {
            problems.push(format!("{} tables, expected {}", found.len(), tables.len()));
        }
        for table in tables {
            let other = table["stilts_index"].as_u64().and_then(|at| stilts?.get(at as usize)).unwrap_or(&Value::Null);
            match found.iter().find(|found| found["path"] == table["path"]) {
                Some(found) => compare_tables(found, table, other, &mut problems),
                None => problems.push(format!("no table {}", table["path"])),
            }
        }
    } else if let Some(tables) = stilts {
        let with_data: Vec<bool> = reader.document().tables().map(|table| table.data.is_some()).collect();
        assert!(reader.document().tables().all(|table| table.data != Some(DataElement::Elsewhere)));
        let mut in_order: Vec<&Value> = found.iter().collect();
        in_order.retain(|table| with_data.len() == 1 || table["rows"] != 0);
        if in_order.len() != tables.len() {
            problems.push(format!("{} tables, expected {}", in_order.len(), tables.len()));
        }
        for (found, table) in in_order.iter().zip(tables) {
            compare_tables(found, table, &Value::Null, &mut problems);
        }
    }
    problems
}

fn read(path: &Path) -> (Reader, Result<(), Error>) {
    let mut bytes = std::fs::read(path).unwrap();
    if bytes.starts_with(b"\x1f\x8b") {
        let mut inflated = Vec::new();
        let _ = flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut inflated);
        bytes = inflated;
    }
    let mut reader = Reader::new();
    for chunk in bytes.chunks(4093) {
        if reader.push(chunk).is_err() {
            break;
        }
    }
    let result = reader.finish();
    (reader, result)
}

fn compare_tables(found: &Value, expected: &Value, other: &Value, problems: &mut Vec<String>) {
    let path = expected["path"].as_str().unwrap_or("");
    for key in ["rows", "ncols", "name", "params"] {
        let expected = &expected[key];
        if !expected.is_null() && found[key] != *expected && found[key] != other[key] {
            problems.push(format!("{path}: {key} is {}, expected {expected}", found[key]));
        }
    }
    let columns = found["columns"].as_array().unwrap();
    let Some(expected) = expected["columns"].as_array() else { return };
    for (at, (column, expected)) in columns.iter().zip(expected).enumerate() {
        let other = &other["columns"][at];
        for (key, value) in expected.as_object().unwrap() {
            if ["ID", "unit", "summary_error"].contains(&key.as_str()) || is_loose(key, column, expected) {
                continue;
            }
            let tolerance = tolerance(key, column, found["rows"].as_f64().unwrap());
            if !same(&column[key], value, tolerance) && !same(&column[key], &other[key], tolerance) {
                problems.push(format!(
                    "{path}.{}: {key} is {}, expected {value} or {}",
                    column["name"], column[key], other[key]
                ));
            }
        }
    }
}

/// Where the other readers have no common notion: sums of complex arrays; bits and complex numbers have other types in STIL.
fn is_loose(key: &str, column: &Value, expected: &Value) -> bool {
    let datatype = column["datatype"].as_str().unwrap();
    let complex_array = datatype.ends_with("Complex") && !column["arraysize"].is_null();
    (key == "sum" || key == "elements") && complex_array
        || (key == "datatype" || key == "arraysize") && expected["ID"].is_null()
        // A lone character is an array of one to astropy.
        || key == "arraysize" && datatype.to_lowercase().ends_with("char") && expected[key] == "1"
}

/// One reader takes the white space around a text away and marks with an ellipsis what its summary cuts.
fn same_text(found: &str, expected: &str) -> bool {
    let (found, expected) = (found.trim_end_matches('…').trim(), expected.trim_end_matches('…').trim());
    found == expected
}

/// Sums lose digits by cancellation, and a `float` as text has fewer than its 64-bit value.
fn tolerance(key: &str, column: &Value, rows: f64) -> f64 {
    let relative = if column["datatype"] == "float" { 1e-6 } else { 1e-14 };
    let size = ["min", "max", "sum"].map(|key| column[key].as_f64().unwrap_or(0.0).abs());
    let size = size.into_iter().fold(f64::MIN_POSITIVE, f64::max);
    relative * size * if key == "sum" { rows.max(1.0) } else { 1.0 }
}

fn same(found: &Value, expected: &Value, tolerance: f64) -> bool {
    match (found, expected) {
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| same(a, b, tolerance))
        }
        (Value::Number(a), Value::Number(b)) if a.is_f64() || b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= tolerance.max(1e-6 * b.abs() * f64::from(u8::from(tolerance > 1e-9 * b.abs())))
        }
        (Value::String(found), Value::String(expected)) => same_text(found, expected),
        _ => found == expected,
    }
}
