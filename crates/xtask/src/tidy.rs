//! `tidy`: the invariants of ARCHITECTURE.md, stated there as absences, as far as a program can check them.
//!
//! A rule looks at one source file and names the lines that break it; `tidy/rules.rs` has them all.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use crate::command::{Project, Result};

mod rules;
mod source;

use source::Source;

/// One broken rule: where, and why it matters.
#[derive(Debug, PartialEq, Eq)]
pub struct Violation {
    file: String,
    line: usize,
    reason: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

pub fn run(project: &Project) -> Result<ExitCode> {
    let violations = check(project)?;
    violations.iter().for_each(|violation| println!("{violation}"));
    println!("{} violations", violations.len());
    Ok(if violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every violation in the project's files.
pub fn check(project: &Project) -> Result<Vec<Violation>> {
    let sources = read(&project.root)?;
    Ok(rules::check(&sources))
}

/// Folders that hold nothing written by hand.
const SKIPPED: [&str; 6] = ["target", "dist", "node_modules", ".git", "results", "__pycache__"];
/// What is read as text; other files are data or pictures.
const EXTENSIONS: [&str; 15] =
    ["rs", "toml", "md", "js", "mjs", "ts", "json", "html", "css", "py", "yml", "yaml", "txt", "svg", "lock"];

fn read(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if SKIPPED.contains(&name.as_str()) {
                continue;
            }
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                folders.push(path);
                continue;
            }
            let extension = path.extension().and_then(|extension| extension.to_str());
            if extension.is_some_and(|extension| EXTENSIONS.contains(&extension)) || path.ends_with(".ci/run") {
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                sources.push(Source::new(name, String::from_utf8_lossy(&std::fs::read(&path)?).into_owned()));
            }
        }
    }
    sources.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(sources)
}
