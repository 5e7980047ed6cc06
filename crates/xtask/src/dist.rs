//! `dist`: the static site. Editor and style sheets are bundled, Trunk builds page and worker, then its output is finished: smaller glue,
//! content security policy, `archives.json`, `version.json`, compressed copies; the sizes are shown and held to their budget.

use std::path::{Path, PathBuf};

use crate::arguments::Arguments;
use crate::command::{Project, Result, answer, execute, feed};
use crate::tools;

pub mod budget;
mod compress;
mod csp;

pub fn run(project: &Project, words: &[String]) -> Result<()> {
    let arguments = Arguments::parse(words, &["out"], &["quick"])?;
    let out = folder(project, arguments.value("out"));
    if arguments.has("quick") {
        return quick(project, &out);
    }
    let sizes = build(project, &out)?;
    budget::hold(&sizes)
}

/// Where the site is put: `dist/` unless another folder is given.
pub fn folder(project: &Project, given: Option<&str>) -> PathBuf {
    project.root.join(given.unwrap_or("dist"))
}

/// Builds the site into `out` and prints what it weighs.
pub fn build(project: &Project, out: &Path) -> Result<Vec<budget::Size>> {
    tools::build(project)?;
    editor(project)?;
    style(project)?;
    execute(
        project
            .command("trunk")
            .args(["build", "--release", "--dist"])
            .arg(out)
            // Trunk reads this variable as its own switch and accepts only true or false.
            .env_remove("NO_COLOR"),
    )?;
    minify(project, out)?;
    let html = finish(project, out)?;
    let sizes = compress::all(project, out, &html)?;
    budget::print(&sizes);
    Ok(sizes)
}

/// A site to look at while one works on it: compiled in parts and again only where something changed, neither small nor fast.
fn quick(project: &Project, out: &Path) -> Result<()> {
    tools::build(project)?;
    editor(project)?;
    style(project)?;
    let mut trunk = project.command("trunk");
    for profile in ["PAGE", "WORKER"] {
        for (key, value) in [("LTO", "off"), ("CODEGEN_UNITS", "64"), ("INCREMENTAL", "true"), ("OPT_LEVEL", "1")] {
            trunk.env(format!("CARGO_PROFILE_{profile}_{key}"), value);
        }
    }
    execute(trunk.args(["build", "--dist"]).arg(out).env_remove("NO_COLOR"))?;
    finish(project, out).map(drop)
}

/// What Trunk does not do: the content security policy, the list of archives, the version. Gives the page.
fn finish(project: &Project, out: &Path) -> Result<String> {
    let page = out.join("index.html");
    let html = csp::insert(&without_comments(&std::fs::read_to_string(&page)?))?;
    std::fs::write(&page, &html)?;
    archives(project, out)?;
    std::fs::write(out.join("version.json"), version(project))?;
    Ok(html)
}

/// The editor and its packages as one module, which `index.html` names.
fn editor(project: &Project) -> Result<()> {
    let entry = project.root.join("editor/editor.js");
    let bundle = project.root.join("target/editor/editor.js");
    execute(
        project
            .command("esbuild")
            .arg(entry)
            .args(["--bundle", "--format=esm", "--minify", "--target=es2022", "--log-level=warning"])
            .arg(format!("--outfile={}", bundle.display())),
    )
}

/// The style sheets in the order in which they stand: one request instead of ten.
const STYLES: [&str; 10] =
    ["tokens", "base", "layout", "components", "views", "social", "tables", "datalink", "pictures", "services"];

/// All style sheets as one, without blanks and comments.
fn style(project: &Project) -> Result<()> {
    let mut whole = String::new();
    for name in STYLES {
        whole.push_str(&std::fs::read_to_string(project.root.join(format!("style/{name}.css")))?);
    }
    let small = feed(
        project.command("esbuild").args(["--loader=css", "--minify", "--target=es2022", "--log-level=warning"]),
        &whole,
    )?;
    let folder = project.root.join("target/style");
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join("style.css"), small)?)
}

/// Takes the blanks out of the glue that wasm-bindgen wrote; names at top level stay, for the loader calls them.
fn minify(project: &Project, out: &Path) -> Result<()> {
    let mut modules = Vec::new();
    let mut scripts = Vec::new();
    for file in files(out)? {
        if file.extension().is_some_and(|extension| extension == "js") {
            let source = std::fs::read_to_string(&file)?;
            let module = source.contains("import.meta") || source.contains("\nexport ");
            if module { &mut modules } else { &mut scripts }.push(file);
        }
    }
    for (files, format) in [(modules, Some("--format=esm")), (scripts, None)] {
        if files.is_empty() {
            continue;
        }
        execute(
            project
                .command("esbuild")
                .args(&files)
                .args(format)
                .args(["--minify", "--target=es2022", "--log-level=warning", "--allow-overwrite"])
                .arg(format!("--outbase={}", out.display()))
                .arg(format!("--outdir={}", out.display())),
        )?;
    }
    Ok(())
}

/// The page without its comments, which are for us; what they name must not count as named.
fn without_comments(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    let lines: Vec<&str> = kept.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.join("\n") + "\n"
}

/// The archives that a static deployment offers, on one line; the gateway answers with its own list instead.
fn archives(project: &Project, out: &Path) -> Result<()> {
    let text = std::fs::read_to_string(project.root.join("static/archives.json"))?;
    let list: serde_json::Value = serde_json::from_str(&text)?;
    if list.as_array().is_none_or(Vec::is_empty) {
        return Err("static/archives.json must be a list with at least one archive".into());
    }
    Ok(std::fs::write(out.join("archives.json"), serde_json::to_vec(&list)?)?)
}

/// What this build is; the commit's time and not the clock's, so that the same source gives the same files.
fn version(project: &Project) -> String {
    let git = |words: &[&str]| answer(project.command("git").args(words));
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|files| !files.is_empty());
    serde_json::json!({
        "version": env!("CARGO_PKG_VERSION"),
        "commit": git(&["rev-parse", "--short=12", "HEAD"]),
        "time": git(&["log", "-1", "--format=%cI"]),
        "changed": changed,
    })
    .to_string()
}

/// Every file below `folder`, sorted.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_empty_lines_go() {
        assert_eq!(without_comments("a\n<!-- b\nc -->\n\n  d<!-- e -->f\n"), "a\n  df\n");
    }

    #[test]
    fn the_built_in_archives_have_the_keys_that_the_page_reads() {
        let list: Vec<serde_json::Value> = serde_json::from_str(include_str!("../../../static/archives.json")).unwrap();
        for archive in list {
            for key in ["id", "title", "public_url", "tap", "transport", "prefixes", "capabilities"] {
                assert!(!archive[key].is_null(), "{key} of {archive}");
            }
            let origin = archive["public_url"].as_str().unwrap();
            assert!(origin.starts_with("https://") && origin.matches('/').count() == 2, "{origin}");
        }
    }
}
