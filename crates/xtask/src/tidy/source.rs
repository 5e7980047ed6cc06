//! A source file as the rules see it: lines of code without comments, and where its unit tests begin.

/// A text file of the project.
pub struct Source {
    /// Path from the root, with `/`.
    pub name: String,
    pub text: String,
}

/// A line that is not only a comment.
pub struct Line<'a> {
    /// Counted from 1.
    pub number: usize,
    /// The line up to its `//` comment, if it has one.
    pub code: &'a str,
}

impl Source {
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// Whether the file lies below one of `folders`, or is one of them.
    pub fn below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| {
            self.name
                .strip_prefix(folder)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || folder.ends_with('/'))
        })
    }

    pub fn is_rust(&self) -> bool {
        self.name.ends_with(".rs")
    }

    /// The lines of code, comments left out.
    pub fn code(&self) -> impl Iterator<Item = Line<'_>> {
        self.text.lines().enumerate().filter_map(|(index, text)| {
            let code = before_comment(text);
            (!code.trim().is_empty()).then_some(Line { number: index + 1, code })
        })
    }

    /// The lines of code before the unit tests, which stand at the end of a file.
    pub fn product_code(&self) -> impl Iterator<Item = Line<'_>> {
        let mut lines = self.code().peekable();
        let mut ended = false;
        std::iter::from_fn(move || {
            let line = lines.next()?;
            let opens_tests = line.code.trim() == "#[cfg(test)]"
                && lines
                    .peek()
                    .is_some_and(|next| next.code.trim_start().starts_with("mod ") && next.code.contains('{'));
            ended |= opens_tests;
            (!ended).then_some(line)
        })
    }
}

/// The part of a line before `//`, unless that stands in a string (as in an address) or is part of `://`.
fn before_comment(line: &str) -> &str {
    let bytes = line.as_bytes();
    let mut quoted = false;
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' if index == 0 || bytes[index - 1] != b'\\' => quoted = !quoted,
            b'/' if !quoted && bytes.get(index + 1) == Some(&b'/') && (index == 0 || bytes[index - 1] != b':') => {
                return &line[..index];
            }
            _ => {}
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_not_code_and_addresses_are() {
        let source = Source::new("a.rs", "//! head\nlet a = 1; // why\n\nlet b = \"http://x\"; // c\n");
        let lines: Vec<_> = source.code().map(|line| (line.number, line.code.trim())).collect();
        assert_eq!(lines, [(2, "let a = 1;"), (4, "let b = \"http://x\";")]);
    }

    #[test]
    fn product_code_ends_at_the_unit_tests() {
        let source =
            Source::new("a.rs", "#[cfg(test)]\nuse x;\nfn f() {}\n#[cfg(test)]\nmod tests {\nstd::fs::read();\n}\n");
        let lines: Vec<_> = source.product_code().map(|line| line.number).collect();
        assert_eq!(lines, [1, 2, 3]);
    }

    #[test]
    fn below_means_whole_names() {
        let source = Source::new("crates/tap/src/uws.rs", "");
        assert!(source.below(&["crates/tap"]) && source.below(&["crates/tap/src/uws.rs"]));
        assert!(!source.below(&["crates/ta"]));
    }
}
