//! Character entities of HTML, those that descriptions of astronomical data use.

/// Takes the entity or, where it is none, the ampersand at the beginning of `rest`; returns what follows.
pub(super) fn take<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let inner = &rest[1..];
    let end = inner.char_indices().take(12).find(|(_, c)| *c == ';').map(|(at, _)| at);
    if let Some(end) = end
        && let Some(c) = resolve(&inner[..end])
    {
        out.push(c);
        return &inner[end + 1..];
    }
    out.push('&');
    inner
}

fn resolve(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| !c.is_control() || *c == '\n');
    }
    if let Some(at) = NAMED.iter().position(|(known, _)| *known == name) {
        return Some(NAMED[at].1);
    }
    // `alpha` and `Alpha` are the names of TeX too.
    super::latex::greek(name)
}

const NAMED: [(&str, char); 58] = [
    ("lt", '<'),
    ("gt", '>'),
    ("amp", '&'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("deg", '°'),
    ("plusmn", '±'),
    ("times", '×'),
    ("divide", '÷'),
    ("minus", '−'),
    ("middot", '·'),
    ("sdot", '·'),
    ("micro", 'µ'),
    ("sup1", '¹'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("frac12", '½'),
    ("frac14", '¼'),
    ("frac34", '¾'),
    ("le", '≤'),
    ("ge", '≥'),
    ("ne", '≠'),
    ("asymp", '≈'),
    ("equiv", '≡'),
    ("sim", '∼'),
    ("prop", '∝'),
    ("infin", '∞'),
    ("radic", '√'),
    ("sum", '∑'),
    ("int", '∫'),
    ("part", '∂'),
    ("larr", '←'),
    ("rarr", '→'),
    ("uarr", '↑'),
    ("darr", '↓'),
    ("prime", '′'),
    ("Prime", '″'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("copy", '©'),
    ("reg", '®'),
    ("sect", '§'),
    ("Aring", 'Å'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
];
