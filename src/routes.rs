//! Every address of the app: `#/view?v=1&key=value` (percent-encoded, `+` literal, at most 32 KiB), parsed and printed.
//!
//! The address is the fragment, so it works on any static host under any base path, and ADQL stays out of server logs.

use std::fmt;

/// Longest fragment that is read.
pub const MAX_LENGTH: usize = 32 * 1024;

/// A view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// Write and run queries.
    #[default]
    Query,
    /// Schemas, tables and columns.
    Schema,
    /// Jobs of this browser and of the service.
    Jobs,
    /// The tables in hand.
    Results,
    /// Tables of the user at the archive.
    UserTables,
    /// Groups, and what is shared by and with the user.
    Sharing,
    /// Events and messages of the archive.
    Notifications,
    /// Other services: found, and asked through the archive.
    ServiceSearch,
    /// Links and products of sources.
    DataLink,
    /// What this is.
    About,
}

impl View {
    /// In the order of the navigation.
    pub const ALL: [View; 10] = [
        View::Query,
        View::Schema,
        View::Jobs,
        View::Results,
        View::UserTables,
        View::Sharing,
        View::Notifications,
        View::ServiceSearch,
        View::DataLink,
        View::About,
    ];

    /// The word in the address.
    pub fn slug(self) -> &'static str {
        match self {
            View::Query => "query",
            View::Schema => "schema",
            View::Jobs => "jobs",
            View::Results => "results",
            View::UserTables => "user-tables",
            View::Sharing => "sharing",
            View::Notifications => "notifications",
            View::ServiceSearch => "service-search",
            View::DataLink => "datalink",
            View::About => "about",
        }
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            View::Query => "Query",
            View::Schema => "Schema",
            View::Jobs => "Jobs",
            View::Results => "Results",
            View::UserTables => "User tables",
            View::Sharing => "Sharing",
            View::Notifications => "Notifications",
            View::ServiceSearch => "Service search",
            View::DataLink => "DataLink",
            View::About => "About",
        }
    }
}

/// How a link wants its query to be run, after one confirming click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// Synchronously.
    Sync,
    /// As a job.
    Async,
}

/// A place in the app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Which view.
    pub view: View,
    /// `archive`: id of the archive to choose.
    pub archive: Option<String>,
    /// `adql`: text for the editor.
    pub adql: Option<String>,
    /// `run`: what the link proposes to do with it.
    pub run: Option<Run>,
    /// `table`: qualified name of the table to show in the schema.
    pub table: Option<String>,
    /// `job`: path of the job to show.
    pub job: Option<String>,
    /// `id`: identifiers of the sources whose links are wanted, separated by commas.
    pub ids: Option<String>,
    /// `service`: address of the external TAP service to ask.
    pub service: Option<String>,
}

/// Why a fragment is not an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    /// Longer than [`MAX_LENGTH`].
    #[error("The link is {0} characters long; at most {MAX_LENGTH} are read. Paste the query into the editor instead.")]
    TooLong(usize),
    /// A view that there is not.
    #[error("This link asks for the view “{0}”, which this version does not have.")]
    UnknownView(String),
    /// A `%` that does not begin a UTF-8 escape.
    #[error("The link is damaged: “{0}” is not valid percent-encoding.")]
    Encoding(String),
}

impl Route {
    /// A view without further wishes.
    pub fn to(view: View) -> Route {
        Route { view, ..Route::default() }
    }

    /// Reads a fragment, with or without `#`. Empty: the query view. Unknown keys are passed over: newer links have more.
    pub fn parse(fragment: &str) -> Result<Route, RouteError> {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        if fragment.len() > MAX_LENGTH {
            return Err(RouteError::TooLong(fragment.len()));
        }
        let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        let slug = path.trim_matches('/');
        let view = match View::ALL.into_iter().find(|view| view.slug() == slug) {
            Some(view) => view,
            None if slug.is_empty() => View::Query,
            None => return Err(RouteError::UnknownView(decode(slug).unwrap_or_else(|_| slug.to_owned()))),
        };
        let mut route = Route::to(view);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decode(value)?;
            match key {
                "archive" => route.archive = Some(value),
                "adql" => route.adql = Some(value),
                "run" if value == "sync" => route.run = Some(Run::Sync),
                "run" if value == "async" => route.run = Some(Run::Async),
                "table" => route.table = Some(value),
                "job" => route.job = Some(value),
                "id" => route.ids = Some(value),
                "service" => route.service = Some(value),
                _ => {}
            }
        }
        Ok(route)
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let run = self.run.map(|run| if run == Run::Sync { "sync" } else { "async" });
        let pairs = [
            ("archive", self.archive.as_deref()),
            ("adql", self.adql.as_deref()),
            ("run", run),
            ("table", self.table.as_deref()),
            ("job", self.job.as_deref()),
            ("id", self.ids.as_deref()),
            ("service", self.service.as_deref()),
        ];
        write!(f, "#/{}", self.view.slug())?;
        let mut first = true;
        for (key, value) in pairs {
            let Some(value) = value else { continue };
            f.write_str(if first { "?v=1&" } else { "&" })?;
            first = false;
            write!(f, "{key}=")?;
            encode(value, f)?;
        }
        Ok(())
    }
}

fn encode(text: &str, out: &mut impl fmt::Write) -> fmt::Result {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/,:()*".contains(&byte) {
            out.write_char(byte as char)?;
        } else {
            write!(out, "%{byte:02X}")?;
        }
    }
    Ok(())
}

fn decode(text: &str) -> Result<String, RouteError> {
    let damaged = || RouteError::Encoding(text.chars().take(40).collect());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, tail @ ..] = rest else { return Err(damaged()) };
        let digit = |byte: u8| (byte as char).to_digit(16);
        let (Some(high), Some(low)) = (digit(*high), digit(*low)) else { return Err(damaged()) };
        bytes.push((high * 16 + low) as u8);
        rest = tail;
    }
    String::from_utf8(bytes).map_err(|_| damaged())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_reads_back() {
        for view in View::ALL {
            let route = Route {
                view,
                archive: Some("gaia".into()),
                adql: Some("SELECT a+b, '50%' AS \"ö&=#\"\nFROM t -- ?".into()),
                run: Some(Run::Async),
                table: Some("gaiadr3.gaia_source".into()),
                job: Some("/tap-server/tap/async/1-O".into()),
                ids: Some("Gaia DR3 1,2".into()),
                service: Some("https://archive.example/tap?a=1&b".into()),
            };
            assert_eq!(Route::parse(&route.to_string()), Ok(route.clone()), "{route}");
            assert_eq!(Route::parse(&Route::to(view).to_string()), Ok(Route::to(view)));
        }
    }

    #[test]
    fn plus_is_literal_and_unknown_keys_are_passed_over() {
        let route = Route::parse("#/query?v=1&adql=1+1&plot=later").expect("an address");
        assert_eq!(route.adql.as_deref(), Some("1+1"));
        assert_eq!(Route::parse(""), Ok(Route::to(View::Query)));
    }

    #[test]
    fn hostile_fragments_are_refused_kindly() {
        assert!(matches!(Route::parse("#/query?adql=%zz"), Err(RouteError::Encoding(_))));
        assert!(matches!(Route::parse("#/query?adql=%ff"), Err(RouteError::Encoding(_))));
        assert!(matches!(Route::parse("#/nowhere"), Err(RouteError::UnknownView(_))));
        assert!(matches!(Route::parse(&"x".repeat(MAX_LENGTH + 1)), Err(RouteError::TooLong(_))));
    }
}
