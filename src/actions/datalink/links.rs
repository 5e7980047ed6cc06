//! Links of sources: read by the worker, shown row by row, and each fetched with one click.

use leptos::{prelude::*, task::spawn_local};
use table::Field;
use tap::datalink::{self, Identifier, Link, LinkColumns, LinksQuery, link_place};
use workbench::{
    completeness::Verdict,
    protocol::{Command, Event, TableId},
    select::Rows,
};

use super::{Actions, unless_first};
use crate::{
    actions::results::{MEMORY_LIMIT, source},
    state::{
        datalink::{LinkTable, Links},
        schema::Loadable,
    },
};

/// Rows that are shown at a time.
pub const PAGE: usize = 50;

/// Sources without links that are named.
const NAMED: usize = 1000;

const IDS: u32 = 401;

impl Actions {
    /// Asks for the links of the sources.
    pub fn find_links(&self) {
        let Some(requests) = self.link_requests() else { return };
        let state = self.state.datalink;
        state.tab.set(0);
        self.forget_links();
        state.links.set(Loadable::Loading);
        let wanted = state.ids.get_untracked();
        let (actions, asker) = (*self, self.asker());
        let title = self.state.archive_untracked().map(|archive| archive.title).unwrap_or_default();
        spawn_local(async move {
            let mut links = Links { waiting: requests.len(), ..Links::default() };
            let mut found = Vec::new();
            for request in requests {
                let answer = actions.load_links(&request).await;
                if actions.asker() != asker {
                    return;
                }
                links.waiting -= 1;
                match answer {
                    Ok((table, trouble)) => {
                        links.trouble = links.trouble.or(trouble);
                        found.extend(actions.linked_sources(&table).await);
                        links.tables.push(table);
                    }
                    Err(reason) if links.tables.is_empty() => {
                        return state.links.set(Loadable::Failed(format!("{title} says: {reason}")));
                    }
                    Err(reason) => links.trouble = Some(reason),
                }
                state.links.set(Loadable::Here(links.clone()));
            }
            found.sort_unstable();
            let single = |id: &&String| Identifier::parse(id).and_then(Identifier::source_id);
            let without = wanted.ids.iter().filter(|id| single(id).is_some_and(|id| found.binary_search(&id).is_err()));
            // Of what failed nobody knows.
            if links.trouble.is_none() {
                links.without = without.take(NAMED).cloned().collect();
            }
            state.links.set(Loadable::Here(links));
            actions.show_links(0);
        });
    }

    /// Shows the links from a row on.
    pub fn show_links(&self, first: usize) {
        let state = self.state.datalink;
        let Some(links) = state.links.with_untracked(|links| links.here().cloned()) else { return };
        let actions = *self;
        spawn_local(async move {
            let (mut shown, mut before) = (Vec::new(), 0);
            for table in &links.tables {
                let (start, left) = (first.saturating_sub(before), PAGE - shown.len());
                if start < table.rows && first < before + table.rows && left > 0 {
                    shown.extend(actions.read_links(table, start, left).await);
                }
                before += table.rows;
            }
            state.links.update(|links| {
                if let Loadable::Here(links) = links {
                    (links.first, links.shown) = (first, shown);
                }
            });
        });
    }

    /// Fetches the product of a link.
    pub fn get_link(&self, link: &Link) {
        if let Some((request, retrieval_type)) = self.link_request(link) {
            self.get_parts(vec![(retrieval_type, vec![link.id.clone()], request)]);
        }
    }

    /// The request for the product of a link; `None` if it is elsewhere.
    fn link_request(&self, link: &Link) -> Option<(tap::Request, String)> {
        let archive = self.state.archive_untracked()?;
        let data = self.service(&archive).data?;
        match link_place(&data, link.access_url.as_deref()?)? {
            tap::uws::ResultPlace::OfJob(url) => {
                Some((tap::Request::get(url), link.retrieval_type().unwrap_or_else(|| link.description.clone())))
            }
            tap::uws::ResultPlace::Elsewhere(_) => None,
        }
    }

    /// Where a link leads that this page cannot follow itself: another host.
    pub fn link_elsewhere(&self, link: &Link) -> Option<String> {
        let archive = self.state.archive_untracked()?;
        match link_place(&self.service(&archive).data?, link.access_url.as_deref()?)? {
            tap::uws::ResultPlace::Elsewhere(url) => Some(url),
            tap::uws::ResultPlace::OfJob(_) => None,
        }
    }

    /// Shows the request for links as commands.
    pub fn show_links_command(&self) {
        if let Some(requests) = self.link_requests() {
            self.show_command("Finding links", &requests, Some("links.vot"));
        }
    }

    /// The columns of a table of links are known.
    pub(in crate::actions) fn on_links_head(&self, table: TableId, fields: &[Field]) {
        self.link_heads.update_value(|heads| {
            if let Some(columns) = heads.get_mut(&table) {
                *columns = LinkColumns::find(fields.iter().map(|field| field.name.as_str()));
            }
        });
    }

    pub(super) fn forget_links(&self) {
        if let Some(links) = self.state.datalink.links.with_untracked(|links| links.here().cloned()) {
            for table in links.tables {
                self.command(&Command::Drop { table: table.table }, None);
            }
        }
    }

    fn link_requests(&self) -> Option<Vec<tap::Request>> {
        let (_, data, ids) = self.asked_sources()?;
        let form = self.state.datalink.form.get_untracked();
        let query = |ids: &[String]| LinksQuery {
            ids: ids.to_vec(),
            release: Some(form.release.clone()),
            linking_parameter: unless_first(&form.linking, datalink::LINKING_PARAMETERS[0].0),
            metadata: form.metadata,
        };
        Some(ids.chunks().map(|ids| datalink::links(&data, &query(ids))).collect())
    }

    /// One answer of {links}, and why it may not be whole.
    async fn load_links(&self, request: &tap::Request) -> Result<(LinkTable, Option<String>), String> {
        let table = self.number();
        self.link_heads.update_value(|heads| {
            heads.insert(table, LinkColumns::find([]));
        });
        let command = Command::Load { table, source: source(request), memory_limit: MEMORY_LIMIT };
        let answer = self.ask_numbered(table, &command, request.body_bytes()).await;
        let columns = self.link_heads.try_update_value(|heads| heads.remove(&table)).flatten();
        let columns = columns.unwrap_or_else(|| LinkColumns::find([]));
        match answer {
            Some((Event::End { rows, verdict, .. }, _)) => {
                let trouble = match verdict {
                    Verdict::Complete | Verdict::Unknown(_) => None,
                    Verdict::Overflow(rows) => Some(format!("the archive cut the list at {rows} links")),
                    Verdict::Partial(reason) => Some(reason),
                };
                Ok((LinkTable { table, rows, columns }, trouble))
            }
            Some((Event::Failed { failure, .. }, _)) => Err(failure.message),
            _ => Err("the worker that reads results does not run; reload the page to start it again".into()),
        }
    }

    /// The sources that have links, by their numbers.
    async fn linked_sources(&self, links: &LinkTable) -> Vec<u64> {
        let Some(column) = links.columns.id() else { return Vec::new() };
        let ask = |ticket| Command::Texts { ticket, column, rows: Rows::All, most: usize::MAX >> 1 };
        let Some((Event::Texts { texts, .. }, _)) = self.ask_worker(links.table, IDS, None, ask).await else {
            return Vec::new();
        };
        let texts = texts.open().unwrap_or_default();
        texts.iter().filter_map(|id| Identifier::parse(id).and_then(Identifier::source_id)).collect()
    }

    async fn read_links(&self, links: &LinkTable, start: usize, count: usize) -> Vec<Link> {
        let sequence = self.number();
        let command = Command::Window { table: links.table, sequence, start, count, rows: Rows::All };
        match self.ask_numbered(sequence, &command, None).await {
            Some((Event::Window { cells, .. }, _)) => {
                let text = |row: &Vec<Option<String>>, at: usize| row.get(at).cloned().flatten().unwrap_or_default();
                cells.iter().map(|row| links.columns.link(|at| text(row, at))).collect()
            }
            _ => Vec::new(),
        }
    }
}
