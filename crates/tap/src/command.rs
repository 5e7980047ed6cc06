//! "Show the command": a request as one writes it for curl, astroquery and pyVO.
//!
//! Made from the very request that is sent, for the address at which the archive is public, and for a POSIX shell or
//! Python. Passwords and cookies are never in it: curl keeps cookies in `cookies.txt` and takes the password from the
//! environment, Python asks for it.

mod astroquery;
mod call;
mod curl;
mod pyvo;
mod quote;

use crate::request::{Request, Service};
use call::Call;
pub use quote::{python, shell};

/// Where the archive is, for the page and for everybody, and who runs the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Setting<'a> {
    /// Where the archive's paths begin as the page reaches them: `https://portal.example/gw/gaia`.
    pub root: &'a str,
    /// Where they begin for everybody: `https://gea.esac.esa.int`.
    pub public_url: &'a str,
    /// Path of TAP: `/tap-server/tap`.
    pub tap: &'a str,
    /// Path of the data server, if there is one: `/data-server`.
    pub data: Option<&'a str>,
    /// Who is signed in; the command then uses a session.
    pub user: Option<&'a str>,
    /// File for the answer; `None` prints it.
    pub save_as: Option<&'a str>,
}

impl Setting<'_> {
    /// The address for everybody of what the page reaches at `url`.
    fn public(&self, url: &str) -> String {
        match self.path(url) {
            Some(path) => format!("{}{path}", self.public_url.trim_end_matches('/')),
            None => url.to_owned(),
        }
    }

    /// The path at the archive, with its query string.
    fn path<'u>(&self, url: &'u str) -> Option<&'u str> {
        let rest = url.strip_prefix(self.root.trim_end_matches('/'))?;
        (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest)
    }

    /// The service at its public address.
    fn service(&self) -> Service {
        let at = |path: &str| format!("{}{path}", self.public_url.trim_end_matches('/'));
        Service::new(&at(self.tap), self.data.map(at).as_deref())
    }
}

/// The requests as commands of curl. What a gateway does in one request (`_login`, `_logout`) is one command for each
/// application of the archive.
pub fn curl(requests: &[Request], setting: &Setting<'_>) -> String {
    let commands = requests.iter().map(|request| curl::commands(request, &Call::of(request, setting), setting));
    commands.collect::<Vec<_>>().join("\n")
}

/// The requests as calls of astroquery, in one script that signs in once. A comment says which of several have no call.
///
/// # Errors
/// Why there is no call for any of them, as a sentence.
pub fn astroquery(requests: &[Request], setting: &Setting<'_>) -> Result<String, &'static str> {
    astroquery::script(&calls(requests, setting), setting)
}

/// The requests as calls of pyVO, in one script that signs in once. A comment says which of several have no call.
///
/// # Errors
/// Why there is no call for any of them, as a sentence.
pub fn pyvo(requests: &[Request], setting: &Setting<'_>) -> Result<String, &'static str> {
    pyvo::script(&calls(requests, setting), setting)
}

fn calls(requests: &[Request], setting: &Setting<'_>) -> Vec<Call> {
    requests.iter().map(|request| Call::of(request, setting)).collect()
}

/// Lines of Python, or why there are none, as a sentence.
type Lines = Result<Vec<String>, &'static str>;

/// What `lines` gives for each call, one after the other.
fn lines_of_all(calls: &[Call], lines: impl Fn(&Call) -> Lines) -> Lines {
    let parts: Vec<Lines> = calls.iter().map(lines).collect();
    if parts.iter().all(Result::is_err) {
        return parts.into_iter().next().unwrap_or(Ok(Vec::new()));
    }
    let part =
        |(part, call): (Lines, &Call)| part.unwrap_or_else(|reason| vec![format!("# {}: {reason}", call.address)]);
    Ok(parts.into_iter().zip(calls).flat_map(part).collect())
}
