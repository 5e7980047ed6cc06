//! A row of {links}, and where its product is for this page.

use super::{RetrievalType, retrieval_type};
use crate::{
    error::redact,
    html,
    request::pairs_of,
    uws::{ResultPlace, climbs, path_of_address},
};

/// Where each column of a links table is, by the names of its FIELDs (DataLink 1.1 section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkColumns([Option<usize>; 8]);

/// The columns that every {links} has, in the order of [`Link`]'s fields.
const NAMES: [&str; 8] =
    ["id", "access_url", "service_def", "error_message", "semantics", "description", "content_type", "content_length"];

impl LinkColumns {
    /// Finds the columns among the names of a table. Order and case do not matter, nor do columns beside them.
    pub fn find<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut out = [None; 8];
        for (at, name) in names.into_iter().enumerate() {
            if let Some(known) = NAMES.iter().position(|known| known.eq_ignore_ascii_case(name.trim())) {
                out[known].get_or_insert(at);
            }
        }
        Self(out)
    }

    /// Where the identifier is.
    pub const fn id(&self) -> Option<usize> {
        self.0[0]
    }

    /// The link of a row; `cell` gives the text of a column, empty for null.
    pub fn link(&self, cell: impl Fn(usize) -> String) -> Link {
        let text = |column: usize| self.0[column].map(|at| cell(at).trim().to_owned()).unwrap_or_default();
        let some = |column: usize| Some(text(column)).filter(|text| !text.is_empty());
        Link {
            id: text(0),
            access_url: some(1),
            service_def: some(2),
            error_message: some(3).map(|message| redact(&message)),
            semantics: text(4),
            description: html::to_line(&text(5)),
            content_type: some(6),
            content_length: some(7).and_then(|length| length.parse().ok()),
        }
    }
}

/// A link: exactly one of address, service and error should be there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Identifier of the source as the archive writes it.
    pub id: String,
    /// Address of the product, as the archive sees itself: use [`link_place`].
    pub access_url: Option<String>,
    /// Id of a service descriptor in the same document.
    pub service_def: Option<String>,
    /// Why there is no product.
    pub error_message: Option<String>,
    /// What the product is to the source; ESA says `#this` of all.
    pub semantics: String,
    /// Description as plain text.
    pub description: String,
    /// MIME type of the product.
    pub content_type: Option<String>,
    /// Bytes of the product.
    pub content_length: Option<u64>,
}

impl Link {
    /// The archive's name for the product: parameter `RETRIEVAL_TYPE` of the address, or else the beginning of the
    /// description (`MCMC MSC, source …`), if it is one that is known.
    pub fn retrieval_type(&self) -> Option<String> {
        let query = self.access_url.as_deref().and_then(|url| url.split_once('?')).map_or("", |(_, query)| query);
        let pairs = pairs_of(query.split('#').next().unwrap_or_default()).unwrap_or_default();
        let named = pairs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("RETRIEVAL_TYPE"));
        if let Some((_, value)) = named.filter(|(_, value)| !value.trim().is_empty()) {
            return Some(value.trim().to_owned());
        }
        let words = self.description.split(',').next().unwrap_or_default().trim().replace(' ', "_");
        retrieval_type(&words).map(|known| known.name.to_owned())
    }

    /// What is known of the product.
    pub fn product(&self) -> Option<&'static RetrievalType> {
        retrieval_type(&self.retrieval_type()?)
    }
}

/// Where the product of an `access_url` is, seen from where the data server was reached at `data`: below it if the path
/// of the address leads there, whatever host it names, for archives name their public host or an internal one.
/// `None` if it is no address of http or https.
pub fn link_place(data: &str, access_url: &str) -> Option<ResultPlace> {
    let url = access_url.trim();
    if url.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
        return None;
    }
    let path = path_of_address(url)?;
    let data = data.trim_end_matches('/');
    let application = data.rfind('/').map_or(data, |at| &data[at..]);
    let below = path.strip_prefix(application).filter(|rest| rest.starts_with('/'));
    // Through a gateway the archive may be mounted deeper, but its application keeps its name.
    let below = below.or_else(|| path.find(&format!("{application}/")).map(|at| &path[at + application.len()..]));
    match below {
        Some(rest) if !climbs(path) => Some(ResultPlace::OfJob(format!("{data}{rest}"))),
        _ if url.contains("://") => Some(ResultPlace::Elsewhere(url.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_links() {
        let names = [
            "ID",
            "access_url",
            "service_def",
            "error_message",
            "semantics",
            "description",
            "content_type",
            "content_length",
            "link_auth",
        ];
        let row = [
            "Gaia DR3 30343944744320",
            "https://gea.esac.esa.int/data-server/data?ID=Gaia+DR3+30343944744320&RETRIEVAL_TYPE=MCMC_MSC",
            "",
            "",
            "#this",
            "MCMC MSC, source Gaia DR3 30343944744320",
            "application/x-votable+xml",
            "",
            "x",
        ];
        let link = LinkColumns::find(names).link(|at| row[at].to_owned());
        assert_eq!(link.id, "Gaia DR3 30343944744320");
        assert_eq!((link.service_def.as_ref(), link.error_message.as_ref(), link.content_length), (None, None, None));
        assert_eq!(link.retrieval_type().as_deref(), Some("MCMC_MSC"));
        assert_eq!(link.product().unwrap().product, super::super::Product::Samples);
        let bare = Link { access_url: None, ..link.clone() };
        assert_eq!(bare.retrieval_type().as_deref(), Some("MCMC_MSC"), "from the description");
        let new = Link { access_url: Some("/data-server/data?retrieval_type=NEW_THING#x".into()), ..Link::default() };
        assert_eq!((new.retrieval_type().as_deref(), new.product()), (Some("NEW_THING"), None));
        let reversed = LinkColumns::find(["content_length", "Id"]).link(|at| ["12", "x"][at].to_owned());
        assert_eq!((reversed.id.as_str(), reversed.content_length, reversed.access_url), ("x", Some(12), None));
    }

    #[test]
    fn products_are_where_the_data_server_was_reached() {
        let data = "https://portal.org/gw/gaia/data-server";
        let own = |rest: &str| Some(ResultPlace::OfJob(format!("{data}{rest}")));
        let tail = "/data?ID=Gaia+DR3+1&RETRIEVAL_TYPE=RVS";
        assert_eq!(link_place(data, &format!("https://gea.esac.esa.int/data-server{tail}")), own(tail));
        assert_eq!(link_place(data, &format!("http://internal:8080/sandbox/data-server{tail}")), own(tail));
        assert_eq!(link_place(data, &format!("/data-server{tail}")), own(tail));
        let elsewhere = "https://other.example/files/1.vot";
        assert_eq!(link_place(data, elsewhere), Some(ResultPlace::Elsewhere(elsewhere.into())));
        for strange in [
            "javascript:alert(1)",
            "",
            "data",
            "/data-server/%2e%2e/tap-server/logout",
            "/data-server/../x",
            "https://h/a b",
        ] {
            assert_eq!(link_place(data, strange), None, "{strange}");
        }
        assert_eq!(
            link_place("gw/x/data-server", &format!("https://h/data-server{tail}")),
            Some(ResultPlace::OfJob(format!("gw/x/data-server{tail}")))
        );
    }
}
