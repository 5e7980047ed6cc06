//! What the site weighs and what it may weigh: the page's wasm, and all that a visit loads before the first keystroke.

use crate::command::Result;

/// The page's wasm, Brotli, in bytes.
pub const PAGE_WASM: u64 = 700_000;
/// Everything before the first keystroke, Brotli, in bytes.
pub const FIRST_LOAD: u64 = 850_000;

/// When a file is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The page's own wasm, part of the first load.
    PageWasm,
    /// Before the first keystroke.
    First,
    /// Later, or only if asked for.
    Later,
}

impl Role {
    /// The role of the file `name` of a site whose page is `html`: what the page names is loaded first, with the list of
    /// archives and the editor, which the program asks for itself.
    pub fn of(name: &str, html: &str) -> Self {
        let base = name.rsplit('/').next().unwrap_or(name);
        let named = html.contains(name) || base.starts_with("editor") || matches!(name, "index.html" | "archives.json");
        match (named, name.ends_with(".wasm")) {
            (true, true) => Self::PageWasm,
            (true, false) => Self::First,
            (false, _) => Self::Later,
        }
    }
}

/// One file of the site; sizes in bytes.
#[derive(Clone, Debug)]
pub struct Size {
    pub name: String,
    pub role: Role,
    pub raw: u64,
    pub gzip: u64,
    pub brotli: u64,
}

/// The page's wasm and the whole first load, Brotli, in bytes.
pub fn totals(sizes: &[Size]) -> (u64, u64) {
    let sum =
        |wanted: &dyn Fn(Role) -> bool| sizes.iter().filter(|size| wanted(size.role)).map(|size| size.brotli).sum();
    (sum(&|role| role == Role::PageWasm), sum(&|role| role != Role::Later))
}

/// An error that names every budget which does not hold.
pub fn hold(sizes: &[Size]) -> Result<()> {
    let (wasm, first) = totals(sizes);
    if wasm == 0 {
        return Err("the page names no wasm: the sizes cannot be judged".into());
    }
    let over: Vec<String> = [("page wasm", wasm, PAGE_WASM), ("first load", first, FIRST_LOAD)]
        .into_iter()
        .filter(|(_, bytes, most)| bytes > most)
        .map(|(name, bytes, most)| format!("{name} is {bytes} B brotli, the budget is {most} B"))
        .collect();
    if over.is_empty() { Ok(()) } else { Err(over.join("; ").into()) }
}

/// The table of sizes, first load first.
pub fn print(sizes: &[Size]) {
    println!("{:<44} {:>10} {:>10} {:>10}", "file", "raw", "gzip", "brotli");
    for (heading, first) in [("first load", true), ("later", false)] {
        println!("{heading}");
        for size in sizes.iter().filter(|size| (size.role != Role::Later) == first) {
            println!("  {:<42} {:>10} {:>10} {:>10}", size.name, size.raw, size.gzip, size.brotli);
        }
    }
    let (wasm, first) = totals(sizes);
    println!("page wasm   {wasm:>8} B brotli of {PAGE_WASM}");
    println!("first load  {first:>8} B brotli of {FIRST_LOAD}");
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<link rel="stylesheet" href="./base-1.css"><script type="module">import init from './parallax-1.js';
        init({ module_or_path: './parallax-1_bg.wasm' })</script>"#;

    fn size(name: &str, brotli: u64) -> Size {
        Size { name: name.to_owned(), role: Role::of(name, PAGE), raw: 0, gzip: 0, brotli }
    }

    #[test]
    fn what_the_page_names_is_loaded_first() {
        assert_eq!(Role::of("parallax-1_bg.wasm", PAGE), Role::PageWasm);
        assert_eq!(Role::of("base-1.css", PAGE), Role::First);
        assert_eq!(Role::of("editor-2.js", PAGE), Role::First);
        assert_eq!(Role::of("archives.json", PAGE), Role::First);
        assert_eq!(Role::of("worker_bg.wasm", PAGE), Role::Later);
        assert_eq!(Role::of("version.json", PAGE), Role::Later);
    }

    #[test]
    fn each_budget_is_held_on_its_own() {
        let within = [size("parallax-1_bg.wasm", PAGE_WASM), size("worker_bg.wasm", 10 * PAGE_WASM)];
        assert!(hold(&within).is_ok());
        assert!(hold(&[size("parallax-1_bg.wasm", PAGE_WASM + 1)]).is_err());
        assert!(hold(&[size("parallax-1_bg.wasm", 1), size("base-1.css", FIRST_LOAD)]).is_err());
        assert!(hold(&[size("worker_bg.wasm", 1)]).is_err());
    }
}
