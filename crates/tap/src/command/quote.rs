//! Texts as words of a POSIX shell and as literals of Python.

use std::fmt::Write as _;

/// A text as one word of a POSIX shell. Control characters, which a terminal might obey when they are pasted, are
/// written in octal; NUL, which no argument can hold, is left out.
pub fn shell(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:=,+@%".contains(&b);
    // A tilde or an equals sign at the front means something to some shells.
    if !text.is_empty() && text.bytes().all(plain) && !text.starts_with('=') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' => out.push_str("'\\''"),
            '\0' => {}
            '\n' | '\t' => out.push(c),
            _ if c.is_control() => {
                out.push_str("'\"$(printf '");
                octal(c, &mut out);
                out.push_str("')\"'");
            }
            _ => out.push(c),
        }
    }
    out.push('\'');
    out
}

fn octal(c: char, out: &mut String) {
    let mut bytes = [0; 4];
    for byte in c.encode_utf8(&mut bytes).bytes() {
        // Writing to a string does not fail.
        let _ = write!(out, "\\{byte:03o}");
    }
}

/// A text as a literal of Python. Long texts stay readable: those with line ends get three quotes. Characters that
/// cannot be seen, or that turn the direction of writing, are escaped.
pub fn python(text: &str) -> String {
    let quotes = if text.contains('\n') { "\"\"\"" } else { "\"" };
    let mut out = String::with_capacity(text.len() + 6);
    out.push_str(quotes);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push(c),
            '\t' => out.push_str("\\t"),
            _ if unseen(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push_str(quotes);
    out
}

/// All of these are in the basic plane: four digits do.
const fn unseen(c: char) -> bool {
    matches!(c, '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}
