//! The command line.

use std::{ffi::OsString, path::PathBuf};

use crate::Error;

/// What the command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arguments {
    /// Address and port to listen at; port 0 takes a free one.
    pub listen: String,
    /// Folder of the built page.
    pub site: PathBuf,
    /// The operator's file; without it the archives are the sandbox and ESA's Gaia Archive.
    pub config: Option<PathBuf>,
    /// Folder where the sandbox keeps its data between runs; without it they are gone with the process.
    pub data: Option<PathBuf>,
    /// How many sources the sandbox has; without it as many as it likes.
    pub sources: Option<usize>,
    /// File of the users who may sign in to the sandbox beside those that every sandbox has.
    pub users: Option<PathBuf>,
    /// A notice for everybody who uses the sandbox.
    pub banner: Option<String>,
    /// Whether the sandbox follows the standards where the real archive does not.
    pub strict: bool,
    /// Whether requests may ask the sandbox for faults, for tests.
    pub faults: bool,
}

/// What is told to who calls the program wrongly.
pub const USAGE: &str = "usage: gateway --listen ADDRESS:PORT --site DIR [--config FILE] [--data DIR] [--sources N] \
                         [--users FILE] [--banner TEXT] [--strict] [--faults]";

impl Arguments {
    /// Reads the arguments, without the program's name.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, Error> {
        let (mut listen, mut site, mut config, mut data, mut sources) = (None, None, None, None, None);
        let (mut users, mut banner, mut strict, mut faults) = (None, None, false, false);
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            let name = name.to_string_lossy().into_owned();
            let mut value = || arguments.next().ok_or_else(|| usage(&format!("{name} needs a value")));
            match name.as_str() {
                "--listen" => listen = Some(value()?.to_string_lossy().into_owned()),
                "--site" => site = Some(PathBuf::from(value()?)),
                "--config" => config = Some(PathBuf::from(value()?)),
                "--data" => data = Some(PathBuf::from(value()?)),
                "--sources" => {
                    let number = value()?.to_string_lossy().replace('_', "").parse().ok().filter(|number| *number > 0);
                    sources = Some(number.ok_or_else(|| usage("--sources needs a number of sources"))?);
                }
                "--users" => users = Some(PathBuf::from(value()?)),
                "--banner" => banner = Some(value()?.to_string_lossy().into_owned()),
                "--strict" => strict = true,
                "--faults" => faults = true,
                _ => return Err(usage(&format!("{name} is not known"))),
            }
        }
        Ok(Arguments {
            listen: listen.ok_or_else(|| usage("--listen is missing"))?,
            site: site.ok_or_else(|| usage("--site is missing"))?,
            config,
            data,
            sources,
            users,
            banner,
            strict,
            faults,
        })
    }
}

fn usage(problem: &str) -> Error {
    Error::Usage(format!("{problem}\n{USAGE}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, Error> {
        Arguments::parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn all_arguments_are_read() {
        let arguments = parse(
            "--listen 127.0.0.1:0 --site dist --config g.toml --data d --sources 200_000 --users u.toml --banner Soon \
             --strict --faults",
        );
        let expected = Arguments {
            listen: "127.0.0.1:0".into(),
            site: "dist".into(),
            config: Some("g.toml".into()),
            data: Some("d".into()),
            sources: Some(200_000),
            users: Some("u.toml".into()),
            banner: Some("Soon".into()),
            strict: true,
            faults: true,
        };
        assert_eq!(arguments.unwrap(), expected);
    }

    #[test]
    fn mistakes_are_named() {
        let check = |line: &str, words: &str| assert!(parse(line).unwrap_err().to_string().contains(words), "{line}");
        check("--site dist", "--listen is missing");
        check("--listen 127.0.0.1:0", "--site is missing");
        check("--listen", "--listen needs a value");
        check("--listen x --site y --sources many", "--sources needs a number");
        check("--listen x --site y --banner", "--banner needs a value");
        check("--lisen x", "--lisen is not known");
    }
}
