//! `bench`: what is measured, as a list of `{name, value, unit, better, must, aim}`: the site's sizes, and reading VOTable
//! against what quick-xml's bare event loop needs for the same bytes (`benches/reading.rs`), a cone search against its SQL, pictures of
//! many points against a loop over cells.

use std::process::{Command, ExitCode};

use serde_json::{Value, json};

use crate::arguments::Arguments;
use crate::command::{Project, Result, listen};
use crate::dist;

pub fn run(project: &Project, words: &[String]) -> Result<ExitCode> {
    let arguments = Arguments::parse(words, &["json"], &[])?;
    let mut measures = sizes(project)?;
    measures.extend(reading(project)?);
    measures.extend(example(project, "sandbox", "cone")?);
    measures.extend(example(project, "workbench", "pictures")?);
    println!("\n{:<60} {:>12} {:<8} {:>10} {:>10}", "measure", "value", "unit", "must", "aim");
    let mut hold = true;
    for measure in &measures {
        let word = |key: &str| measure[key].as_str().unwrap_or("").to_owned();
        let number = |key: &str| measure[key].as_f64().map_or_else(|| "-".to_owned(), |value| format!("{value:.6}"));
        let short = |key: &str| number(key).trim_end_matches('0').trim_end_matches('.').to_owned();
        let holds = holds(measure);
        hold &= holds;
        println!(
            "{:<60} {:>12} {:<8} {:>10} {:>10}{}",
            word("name"),
            short("value"),
            word("unit"),
            short("must"),
            short("aim"),
            if holds { "" } else { "  MISSED" }
        );
    }
    if let Some(file) = arguments.value("json") {
        std::fs::write(file, serde_json::to_string_pretty(&measures)? + "\n")?;
    }
    Ok(if hold { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn sizes(project: &Project) -> Result<Vec<Value>> {
    let sizes = dist::build(project, &dist::folder(project, None))?;
    let (wasm, first) = dist::budget::totals(&sizes);
    let measure = |name: &str, value: u64, must: u64, aim: u64| json!({ "name": name, "value": value, "unit": "B", "better": "lower", "must": must, "aim": aim });
    Ok(vec![
        measure("page wasm, brotli", wasm, dist::budget::PAGE_WASM, 250_000),
        measure("first load, brotli", first, dist::budget::FIRST_LOAD, 450_000),
    ])
}

/// The lines of the benchmark that are JSON objects are measures.
fn reading(project: &Project) -> Result<Vec<Value>> {
    lines(project.cargo().args(["bench", "--locked", "--package", "xtask", "--bench", "reading"]))
}

/// Those of an example of a package.
pub fn example(project: &Project, package: &str, name: &str) -> Result<Vec<Value>> {
    lines(project.cargo().args(["run", "--release", "--locked", "--package", package, "--example", name]))
}

fn lines(command: &mut Command) -> Result<Vec<Value>> {
    let (well, output) = listen(command)?;
    if !well {
        return Err("the benchmark failed".into());
    }
    output
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).map_err(Into::into))
        .collect()
}

/// Whether a measure keeps its `must`; one without is only shown.
pub fn holds(measure: &Value) -> bool {
    match (measure["value"].as_f64(), measure["must"].as_f64(), measure["better"].as_str()) {
        (Some(value), Some(must), Some("lower")) => value <= must,
        (Some(value), Some(must), Some("higher")) => value >= must,
        (_, None, _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn must_is_a_bound_on_the_right_side() {
        let measure = |better: &str, value: f64| json!({ "value": value, "better": better, "must": 2.0 });
        assert!(holds(&measure("lower", 2.0)) && !holds(&measure("lower", 2.1)));
        assert!(holds(&measure("higher", 2.0)) && !holds(&measure("higher", 1.9)));
        assert!(holds(&json!({ "value": 1.0, "better": "lower", "must": null })));
    }
}
