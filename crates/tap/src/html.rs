//! Descriptions as services write them (HTML, entities, LaTeX) turned into plain text.
//!
//! Nothing that comes out is ever interpreted again: a page shows it as text.

mod entities;
mod latex;

/// Plain text of a description: blocks and `<br>` become line ends, list items get a dash, links keep their words,
/// entities become characters, subscripts and superscripts stay readable (`x_0`, `m^2`, and as small digits
/// where Unicode has them), LaTeX between dollar signs loses its commands. Tags that are none (`a < b`) stay.
///
/// Texts are cut after 64 KiB.
pub fn to_text(text: &str) -> String {
    let mut rest = &text[..text.floor_char_boundary(LONGEST)];
    let mut out = String::with_capacity(rest.len());
    while let Some(c) = rest.chars().next() {
        match c {
            '<' => rest = tag(rest, &mut out),
            '&' => rest = entities::take(rest, &mut out),
            '$' => rest = formula(rest, &mut out),
            // Line ends of the source are blanks, but two of them are a paragraph in plain descriptions.
            _ if c.is_whitespace() => {
                let end = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
                let paragraph = rest[..end].matches('\n').count() > 1;
                if paragraph {
                    line_end(&mut out, 2)
                } else {
                    blank(&mut out)
                }
                rest = &rest[end..];
            }
            _ => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out.truncate(out.trim_end().len());
    let start = out.len() - out.trim_start().len();
    out.drain(..start);
    out
}

/// No description is longer than this; a page that is would be read for its length alone.
const LONGEST: usize = 64 << 10;

/// [`to_text`] in one line, for lists and headings.
pub fn to_line(text: &str) -> String {
    to_text(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes a tag, a comment or, where it is neither, the character `<`.
fn tag<'a>(rest: &'a str, out: &mut String) -> &'a str {
    if let Some(comment) = rest.strip_prefix("<!--") {
        return comment.find("-->").map_or("", |end| &comment[end + 3..]);
    }
    let inner = &rest[1..];
    let closing = inner.starts_with('/');
    let name_start = usize::from(closing);
    let name_end =
        inner[name_start..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(inner.len(), |end| name_start + end);
    let name = inner[name_start..name_end].to_ascii_lowercase();
    let known = KNOWN_TAGS.contains(&name.as_str());
    let Some(end) = tag_end(inner).filter(|_| known) else {
        if inner.starts_with(['!', '?'])
            && let Some(end) = start_of(inner).find('>')
        {
            return &inner[end + 1..];
        }
        out.push('<');
        return inner;
    };
    let after = &inner[end + 1..];
    match name.as_str() {
        "br" | "tr" => line_end(out, 1),
        "p" | "div" | "ul" | "ol" | "dl" | "table" | "pre" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            line_end(out, if name == "p" { 2 } else { 1 })
        }
        "li" | "dt" | "dd" => {
            line_end(out, 1);
            if !closing && name == "li" {
                out.push_str("- ");
            }
        }
        "td" | "th" => blank(out),
        "sub" | "sup" if !closing => return script(after, &name, out),
        "script" | "style" if !closing => {
            let close = format!("</{name}");
            let Some(at) = after.to_ascii_lowercase().find(&close) else { return "" };
            return after[at..].find('>').map_or("", |end| &after[at + end + 1..]);
        }
        _ => {}
    }
    after
}

const KNOWN_TAGS: [&str; 54] = [
    "a",
    "abbr",
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "html",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "script",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
];

/// Tags are short; looking no further keeps the work linear whatever the text.
fn start_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(1000)]
}

/// The `>` of a tag; one inside quotes is not it.
fn tag_end(inner: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in start_of(inner).char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (None, '<') => return None,
            (Some(open), _) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

fn script<'a>(after: &'a str, name: &str, out: &mut String) -> &'a str {
    let close = format!("</{name}>");
    let Some(end) = start_of(after).to_ascii_lowercase().find(&close) else { return after };
    push_script(&to_line(&after[..end]), name == "sup", out);
    &after[end + close.len()..]
}

/// `0` raised becomes `⁰`; what has no small form becomes `^x` or `^(x y)`.
fn push_script(text: &str, raised: bool, out: &mut String) {
    let small: Option<String> = text.chars().map(|c| small_form(c, raised)).collect();
    match small {
        Some(small) => out.push_str(&small),
        None => {
            out.push(if raised { '^' } else { '_' });
            let simple = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '+' | '-' | '.' | '_'));
            if simple {
                out.push_str(text);
            } else {
                out.push('(');
                out.push_str(text);
                out.push(')');
            }
        }
    }
}

fn small_form(c: char, raised: bool) -> Option<char> {
    let (from, to) = if raised {
        ("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
    } else {
        ("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
    };
    let at = from.chars().position(|known| known == c)?;
    to.chars().nth(at)
}

/// LaTeX from one dollar sign to the next on the same line; an amount of money stays.
fn formula<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let (mark, inner) = if let Some(inner) = rest.strip_prefix("$$") { ("$$", inner) } else { ("$", &rest[1..]) };
    if let Some(end) = inner.find(mark).filter(|end| *end > 0 && *end < 500) {
        let body = &inner[..end];
        let is_price = mark == "$"
            && (body.starts_with(char::is_whitespace) || body.ends_with(char::is_whitespace))
            && !body.contains('\\');
        if !is_price {
            // A formula in HTML has its `<` and `&` escaped.
            let mut plain = String::new();
            let mut left = body;
            while let Some(c) = left.chars().next() {
                if c == '&' {
                    left = entities::take(left, &mut plain);
                } else {
                    plain.push(c);
                    left = &left[c.len_utf8()..];
                }
            }
            out.push_str(&latex::to_text(&plain));
            return &inner[end + mark.len()..];
        }
    }
    out.push_str(mark);
    inner
}

fn blank(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '\n']) {
        out.push(' ');
    }
}

fn line_end(out: &mut String, wanted: usize) {
    out.truncate(out.trim_end_matches([' ', '\t']).len());
    if out.is_empty() {
        return;
    }
    let have = out.len() - out.trim_end_matches('\n').len();
    for _ in have..wanted {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(to_text(text), expect, "{text}");
    }

    #[test]
    fn tags_become_text() {
        check("one<br/>two<BR>three", "one\ntwo\nthree");
        check("<p>a</p>\n<p>b  c</p>", "a\n\nb c");
        check("<ul>\n<li>a</li>\n<li>b</li></ul>end", "- a\n- b\nend");
        check("See <a href=\"http://x/?a>b\" target='_blank'>the paper</a>.", "See the paper.");
        check("<b>bold</b> and <i>not</i>", "bold and not");
        check("x<!-- hidden -->y", "xy");
        check("<script>alert(1)</script>after<style>a{}</style>", "after");
    }

    #[test]
    fn what_is_no_tag_stays() {
        check("a < b and c > d", "a < b and c > d");
        check("G<12, <unknown>", "G<12, <unknown>");
        check("ends with <", "ends with <");
        check("ends with <a href=", "ends with <a href=");
    }

    #[test]
    fn entities_become_characters_once() {
        check(
            "a &lt; b &amp;amp; c&nbsp;d &alpha; &#945; &#x3B1; &unknown; R&D",
            "a < b &amp; c\u{a0}d α α α &unknown; R&D",
        );
        check("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>");
    }

    #[test]
    fn scripts_stay_readable() {
        check("m s<sup>-1</sup>, x<sub>0</sub>, T<sub>eff</sub>, e<sup>a b</sup>", "m s⁻¹, x₀, T_eff, e^(a b)");
        check("open <sup>2", "open 2");
    }

    #[test]
    fn latex_becomes_readable() {
        check("Effective temperature $T_{\\rm eff}$ in K", "Effective temperature T_eff in K");
        check("$\\alpha\\cos\\delta$", "α cos δ");
        check("$\\mu_{\\alpha*}$", "μ_(α*)");
        check("$10^{-3}$ $\\log_{10} g$", "10⁻³ log₁₀ g");
        check("$\\frac{\\sigma_\\varpi}{\\varpi}$", "σ_ϖ/ϖ");
        check("$\\sqrt{x^2 + y^2}$", "√(x² + y²)");
        check("$G_{\\rm BP} - G_{\\rm RP}$", "G_BP - G_RP");
        check("$\\mathrm{[Fe/H]} \\le 0.5\\,\\text{dex}$", "[Fe/H] ≤ 0.5 dex");
        check("$a &lt; b$", "a < b");
        check("$\\left(\\frac{a+b}{2}\\right)^{\\circ}$", "((a+b)/2)°");
    }

    #[test]
    fn money_stays() {
        check("it costs 5$ or 6 $ a piece", "it costs 5$ or 6 $ a piece");
        check("one $ only", "one $ only");
        check("$", "$");
    }

    #[test]
    fn long_text_is_cut_and_costs_little() {
        for piece in ["<a '", "<sub>", "<!", "é", "<sub>1</sup>"] {
            let text = to_text(&piece.repeat(2_000_000 / piece.len()));
            assert!(text.len() <= LONGEST + 4, "{piece}: {}", text.len());
        }
    }

    #[test]
    fn any_text_is_taken() {
        for text in [
            "<",
            "&",
            "$$",
            "$\\",
            "$\\frac{",
            "<sub>",
            "&#x110000;",
            "&#;",
            "<a '",
            "$_$",
            "$^$",
            "$\\frac{a}$",
            "<!--",
            "<sup></sup>",
            "${{{{$",
            "$}}$",
        ] {
            let _ = to_text(text);
        }
    }
}
