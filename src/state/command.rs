//! A request as commands of other tools, for the dialog that shows them.

/// One action, as one writes it elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What the action does, such as `Run this query`.
    pub title: String,
    /// For a shell.
    pub curl: String,
    /// For astroquery, or why it has no such call.
    pub astroquery: Result<String, &'static str>,
    /// For pyVO, or why it has no such call.
    pub pyvo: Result<String, &'static str>,
}
