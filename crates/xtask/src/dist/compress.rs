//! Compressed copies beside every file that gains by it. Node's zlib does the work: it is native code and already there.

use std::path::Path;

use super::budget::{Role, Size};
use crate::command::{Project, Result, feed};

/// What is compressed; pictures and archives are already.
const EXTENSIONS: [&str; 9] = ["html", "css", "js", "wasm", "json", "svg", "txt", "xml", "webmanifest"];

/// Compresses the files of the site in `out`, whose page is `html`, and gives the size of every one.
pub fn all(project: &Project, out: &Path, html: &str) -> Result<Vec<Size>> {
    let mut names = Vec::new();
    let mut plain = Vec::new();
    for file in super::files(out)? {
        let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or("");
        if EXTENSIONS.contains(&extension) {
            names.push(file.display().to_string());
        } else if !matches!(extension, "br" | "gz") {
            plain.push(file);
        }
    }
    let answer = feed(
        project.command("node").args(["--input-type=module", "--eval", include_str!("compress.mjs")]),
        &names.join("\n"),
    )?;
    let answer: Vec<serde_json::Value> = serde_json::from_str(&answer)?;
    let relative = |file: &Path| file.strip_prefix(out).unwrap_or(file).display().to_string();
    let mut sizes = Vec::new();
    for size in &answer {
        let bytes = |key: &str| size[key].as_u64().unwrap_or(u64::MAX);
        let name = relative(Path::new(size["file"].as_str().unwrap_or("")));
        let role = Role::of(&name, html);
        sizes.push(Size { name, role, raw: bytes("raw"), gzip: bytes("gzip"), brotli: bytes("brotli") });
    }
    for file in plain {
        let raw = std::fs::metadata(&file)?.len();
        let name = relative(&file);
        let role = Role::of(&name, html);
        sizes.push(Size { name, role, raw, gzip: raw, brotli: raw });
    }
    Ok(sizes)
}
