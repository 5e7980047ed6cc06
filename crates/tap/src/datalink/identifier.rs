//! Identifiers of sources as people give them and as `ID` takes them.

/// Most sources in one request.
pub const MOST_SOURCES: usize = 5000;

/// One entry of an `ID` list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identifier<'a> {
    /// A source identifier, which has up to 19 digits.
    Source(u64),
    /// A designation: its release (`Gaia DR3`) and the identifier.
    Designation(&'a str, u64),
    /// All sources from one identifier to another. There may be very many.
    Range,
    /// A column of a job (`job:1O.source_id`) or of a user's table (`user_joe.t.source_id`).
    Column,
}

impl<'a> Identifier<'a> {
    /// Reads one entry; `None` if it is in none of the archive's forms.
    pub fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        if let Some(number) = number(text) {
            return Some(Self::Source(number));
        }
        if let Some((release, id)) = designation(text) {
            return Some(Self::Designation(release, id));
        }
        if let Some((from, to)) = text.split_once('-')
            && let (Some(from), Some(to)) = (one_source(from), one_source(to))
        {
            return (from <= to).then_some(Self::Range);
        }
        let is_name =
            |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '"'));
        let (parts, most) = match text.strip_prefix("job:") {
            Some(rest) => (rest, 2),
            None => (text, 3),
        };
        let is_column = parts.split('.').count() == most && parts.split('.').all(is_name);
        is_column.then_some(Self::Column)
    }

    /// The source's identifier, if the entry is one source.
    pub const fn source_id(self) -> Option<u64> {
        match self {
            Self::Source(id) | Self::Designation(_, id) => Some(id),
            Self::Range | Self::Column => None,
        }
    }
}

/// What was found in a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identifiers {
    /// Entries in the order of the text, each once.
    pub ids: Vec<String>,
    /// What is no identifier.
    pub refused: Vec<String>,
}

impl Identifiers {
    /// The entries in pieces that one request may have.
    pub fn chunks(&self) -> impl Iterator<Item = &[String]> {
        self.ids.chunks(MOST_SOURCES)
    }
}

/// Finds the identifiers in a text: separated by commas, semicolons, line ends or tabs, and by blanks too, except in
/// designations. Lines that begin with `#` are passed over.
pub fn parse_identifiers(text: &str) -> Identifiers {
    let mut out = Identifiers::default();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    for piece in lines.flat_map(|line| line.split([',', ';', '\t'])) {
        let piece = piece.trim();
        let piece = piece.strip_prefix('"').and_then(|piece| piece.strip_suffix('"')).unwrap_or(piece).trim();
        if piece.is_empty() {
            continue;
        }
        if Identifier::parse(piece).is_some() {
            out.ids.push(single_blanks(piece));
            continue;
        }
        // `Gaia DR3 1 Gaia DR3 2` and `1 2`: words up to the next identifier belong together.
        let mut words: Vec<&str> = Vec::new();
        for word in piece.split_whitespace() {
            words.push(word);
            let entry = words.join(" ");
            if Identifier::parse(&entry).is_some() {
                out.ids.push(entry);
                words.clear();
            } else if words.len() > 5 {
                out.refused.append(&mut words.drain(..).map(str::to_owned).collect());
            }
        }
        if !words.is_empty() {
            out.refused.push(words.join(" "));
        }
    }
    drop_repetitions(&mut out.ids);
    out
}

fn one_source(text: &str) -> Option<u64> {
    let text = text.trim();
    number(text).or_else(|| designation(text).map(|(_, id)| id))
}

fn number(text: &str) -> Option<u64> {
    // No sign, no point, no exponent: a spreadsheet that wrote `5.9E18` has lost the identifier.
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// `Gaia DR3 30343944744320`: a catalogue, its release, a number.
fn designation(text: &str) -> Option<(&str, u64)> {
    let (release, id) = text.rsplit_once(char::is_whitespace)?;
    let release = release.trim_end();
    let words = release.split_whitespace().count();
    let named = words == 2 && release.chars().all(|c| c.is_alphanumeric() || c == ' ') && number(release).is_none();
    (named && release.starts_with(char::is_alphabetic)).then_some(())?;
    Some((release, number(id)?))
}

fn single_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Keeps the first of each; sorted positions instead of a table of hashes, which this crate does without.
fn drop_repetitions(ids: &mut Vec<String>) {
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by(|&one, &other| ids[one].cmp(&ids[other]).then(one.cmp(&other)));
    let mut keep = vec![true; ids.len()];
    for pair in order.windows(2) {
        keep[pair[1]] = ids[pair[0]] != ids[pair[1]];
    }
    let mut keep = keep.into_iter();
    ids.retain(|_| keep.next().unwrap_or(true));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_identifiers() {
        for (text, expect) in [
            ("5912901375001820288", Some(Identifier::Source(5_912_901_375_001_820_288))),
            (" Gaia DR3 30343944744320", Some(Identifier::Designation("Gaia DR3", 30_343_944_744_320))),
            ("4295806720-38655544960", Some(Identifier::Range)),
            ("Gaia DR3 4295806720-Gaia DR3 38655544960", Some(Identifier::Range)),
            ("38655544960-4295806720", None),
            ("job:1539932326689O.source_id", Some(Identifier::Column)),
            ("job:b2242729-f44b-11f0-a3b5-bc97e148b76b-O.source_id", Some(Identifier::Column)),
            ("user_joe.t.source_id", Some(Identifier::Column)),
            ("user_joe.t", None),
            ("job:1O", None),
            ("5.9E18", None),
            ("-5", None),
            ("99999999999999999999", None),
            ("M 31", None),
            ("", None),
        ] {
            assert_eq!(Identifier::parse(text), expect, "{text}");
        }
        assert_eq!(Identifier::parse("Gaia DR3 7").unwrap().source_id(), Some(7));
    }

    #[test]
    fn identifiers_are_found_in_texts() {
        let text = "# my stars\n5912901375001820288, 5912586227479692800;7\t8\nGaia DR3  30343944744320 Gaia DR3 5\n\"9\", 9 7\nBetelgeuse, 1e18\n1-5,job:1O.source_id";
        let found = parse_identifiers(text);
        assert_eq!(
            found.ids,
            [
                "5912901375001820288",
                "5912586227479692800",
                "7",
                "8",
                "Gaia DR3 30343944744320",
                "Gaia DR3 5",
                "9",
                "1-5",
                "job:1O.source_id"
            ]
        );
        assert_eq!(found.refused, ["Betelgeuse", "1e18"]);
        assert_eq!(parse_identifiers(""), Identifiers::default());
    }

    #[test]
    fn long_lists_come_in_chunks() {
        let text: String = (1..=12_000).map(|n| format!("{n}\n{n}\n")).collect();
        let found = parse_identifiers(&text);
        let sizes: Vec<usize> = found.chunks().map(<[String]>::len).collect();
        assert_eq!(sizes, [5000, 5000, 2000]);
        assert_eq!(found.ids[11_999], "12000");
    }
}
