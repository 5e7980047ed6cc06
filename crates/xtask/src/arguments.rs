//! The few options of the commands: `--name value` and `--flag`, nothing positional.

use crate::command::Result;

/// The options of one command line, in the order given.
pub struct Arguments {
    pairs: Vec<(String, String)>,
}

impl Arguments {
    /// Reads `words`, where `valued` and `flags` are the names (without dashes) that the command knows.
    pub fn parse(words: &[String], valued: &[&str], flags: &[&str]) -> Result<Self> {
        let mut pairs = Vec::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let name = word.strip_prefix("--").ok_or_else(|| format!("unexpected argument: {word}"))?;
            let (name, inline) = match name.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (name, None),
            };
            if flags.contains(&name) && inline.is_none() {
                pairs.push((name.to_owned(), String::new()));
            } else if valued.contains(&name) {
                let value =
                    inline.or_else(|| words.next().cloned()).ok_or_else(|| format!("--{name} needs a value"))?;
                pairs.push((name.to_owned(), value));
            } else {
                return Err(format!("unknown option: --{name}").into());
            }
        }
        Ok(Self { pairs })
    }

    /// The last value given for `name`.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every value given for `name`.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the flag `name` is there.
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Arguments> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Arguments::parse(&words, &["port", "only"], &["no-build"])
    }

    #[test]
    fn values_flags_and_repetition() {
        let given = parse(&["--port", "80", "--no-build", "--only=a", "--only", "b"]).unwrap();
        assert_eq!(given.value("port"), Some("80"));
        assert!(given.has("no-build"));
        assert_eq!(given.values("only").collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(parse(&["--prot", "80"]).is_err());
        assert!(parse(&["80"]).is_err());
        assert!(parse(&["--port"]).is_err());
    }
}
