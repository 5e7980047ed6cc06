//! The LaTeX of column descriptions (`$T_{\rm eff}$`) as readable text. Not a typesetter.

use super::push_script;

/// Plain text of a formula without its dollar signs.
pub(super) fn to_text(formula: &str) -> String {
    let mut out = String::new();
    read(formula, 0, &mut out);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The Greek letter of that name.
pub(super) fn greek(name: &str) -> Option<char> {
    GREEK.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

/// Groups deeper than this are shown as they are, so that hostile text costs no stack.
const DEEPEST: usize = 16;

fn read(mut rest: &str, depth: usize, out: &mut String) {
    while let Some(c) = rest.chars().next() {
        match c {
            '\\' => rest = command(&rest[1..], depth, out),
            '{' if depth < DEEPEST => {
                let (group, after) = argument(rest);
                read(group, depth + 1, out);
                rest = after;
            }
            '^' | '_' => rest = raised_or_lowered(rest, depth, out),
            '{' | '}' | '$' => rest = &rest[1..],
            '~' => {
                out.push(' ');
                rest = &rest[1..];
            }
            _ => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
}

fn raised_or_lowered<'a>(rest: &'a str, depth: usize, out: &mut String) -> &'a str {
    let (group, after) = argument(&rest[1..]);
    let mut inner = String::new();
    if depth < DEEPEST {
        read(group, depth + 1, &mut inner);
    }
    let inner = inner.trim();
    match inner {
        "" => {}
        // `^\circ` and `^\prime` are signs of their own.
        "°" | "′" | "*" => out.push_str(inner),
        _ => push_script(inner, rest.starts_with('^'), out),
    }
    after
}

/// Reads the command behind a backslash; returns what follows it and its arguments.
fn command<'a>(rest: &'a str, depth: usize, out: &mut String) -> &'a str {
    let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    if name.is_empty() {
        return sign(rest, out);
    }
    let inner = |text: &str| {
        let mut inner = String::new();
        if depth < DEEPEST {
            read(text, depth + 1, &mut inner);
        }
        inner.trim().to_owned()
    };
    match name {
        "frac" | "dfrac" | "tfrac" => {
            let (above, after) = argument(after);
            let (below, after) = argument(after);
            let (above, below) = (inner(above), inner(below));
            out.push_str(&bracketed(&above));
            out.push('/');
            out.push_str(&bracketed(&below));
            return after;
        }
        "sqrt" => {
            let (group, after) = argument(after);
            let group = inner(group);
            out.push('√');
            out.push_str(&bracketed(&group));
            return after;
        }
        "hat" | "bar" | "tilde" | "vec" | "overline" | "mathrm" | "mathbf" | "mathit" | "mathsf" | "text"
        | "textrm" | "textit" | "textbf" | "texttt" | "mbox" | "rm" | "it" | "bf" | "operatorname" | "boldsymbol" => {
            // With braces it has an argument; without (`\rm eff`) it is a switch.
            return after.strip_prefix(' ').unwrap_or(after);
        }
        "left" | "right" | "big" | "Big" | "bigl" | "bigr" => return after.strip_prefix('.').unwrap_or(after),
        "quad" | "qquad" => out.push(' '),
        _ => match greek(name).or_else(|| symbol(name)) {
            Some(c) => out.push(c),
            None => {
                // Functions (`\log`, `\cos`) and what is not known show their names.
                if out.ends_with(|c: char| c.is_alphanumeric()) {
                    out.push(' ');
                }
                out.push_str(name);
                if after.starts_with(|c: char| c.is_alphanumeric() || c == '\\') {
                    out.push(' ');
                }
            }
        },
    }
    // The blank that ends a command is no blank of the text unless a word follows.
    after
}

fn sign<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let Some(c) = rest.chars().next() else { return "" };
    match c {
        ',' | ';' | ':' | ' ' | '\\' => out.push(' '),
        '!' => {}
        _ => out.push(c),
    }
    &rest[c.len_utf8()..]
}

/// The group, command or character at the beginning, and what follows.
fn argument(rest: &str) -> (&str, &str) {
    let rest = rest.trim_start();
    match rest.chars().next() {
        None => ("", ""),
        Some('{') => {
            let mut depth = 0;
            for (at, c) in rest.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => {
                        depth -= 1;
                        if depth == 0 {
                            return (&rest[1..at], &rest[at + 1..]);
                        }
                    }
                    _ => {}
                }
            }
            (&rest[1..], "")
        }
        Some('\\') => {
            let end = rest[1..].find(|c: char| !c.is_ascii_alphabetic()).map_or(rest.len(), |end| end + 1);
            let end = if end == 1 { rest[1..].chars().next().map_or(1, |c| 1 + c.len_utf8()) } else { end };
            rest.split_at(end)
        }
        Some(c) => rest.split_at(c.len_utf8()),
    }
}

fn bracketed(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '^'));
    if plain { text.to_owned() } else { format!("({text})") }
}

fn symbol(name: &str) -> Option<char> {
    SYMBOLS.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

const GREEK: [(&str, char); 45] = [
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("epsilon", 'ε'),
    ("varepsilon", 'ε'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("vartheta", 'ϑ'),
    ("iota", 'ι'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("omicron", 'ο'),
    ("pi", 'π'),
    ("varpi", 'ϖ'),
    ("piv", 'ϖ'),
    ("rho", 'ρ'),
    ("sigma", 'σ'),
    ("tau", 'τ'),
    ("upsilon", 'υ'),
    ("phi", 'φ'),
    ("varphi", 'φ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
    ("Alpha", 'Α'),
    ("Beta", 'Β'),
    ("Gamma", 'Γ'),
    ("Delta", 'Δ'),
    ("Theta", 'Θ'),
    ("Lambda", 'Λ'),
    ("Xi", 'Ξ'),
    ("Pi", 'Π'),
    ("Sigma", 'Σ'),
    ("Upsilon", 'Υ'),
    ("Phi", 'Φ'),
    ("Psi", 'Ψ'),
    ("Omega", 'Ω'),
    ("ell", 'ℓ'),
    ("partial", '∂'),
    ("nabla", '∇'),
];

const SYMBOLS: [(&str, char); 34] = [
    ("le", '≤'),
    ("leq", '≤'),
    ("ge", '≥'),
    ("geq", '≥'),
    ("ne", '≠'),
    ("neq", '≠'),
    ("lt", '<'),
    ("gt", '>'),
    ("pm", '±'),
    ("mp", '∓'),
    ("times", '×'),
    ("cdot", '·'),
    ("div", '÷'),
    ("sim", '∼'),
    ("simeq", '≃'),
    ("approx", '≈'),
    ("equiv", '≡'),
    ("propto", '∝'),
    ("ll", '≪'),
    ("gg", '≫'),
    ("infty", '∞'),
    ("sum", '∑'),
    ("prod", '∏'),
    ("int", '∫'),
    ("degree", '°'),
    ("circ", '°'),
    ("prime", '′'),
    ("odot", '☉'),
    ("sun", '☉'),
    ("ldots", '…'),
    ("dots", '…'),
    ("to", '→'),
    ("rightarrow", '→'),
    ("leftarrow", '←'),
];
