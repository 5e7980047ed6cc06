//! Products of sources: one request after the other, none with more sources than an archive takes; what came is kept packed in
//! the worker, and for each source it is known whether its product came.

use std::{collections::HashSet, sync::Arc};

use leptos::{prelude::*, task::spawn_local};
use tap::datalink::{self, DataQuery};
use workbench::protocol::{Command, Event, Failure, FailureKind, InBundle, TableId};

use super::{Actions, unless_first};
use crate::{
    actions::results::{MEMORY_LIMIT, Origin, source},
    dom,
    state::{
        datalink::{Bundle, Outcome, Part, Stage, lines},
        results::grouped,
    },
};

/// What one answer may hold, packed.
const BUNDLE_LIMIT: usize = 1_000_000_000;

const SAVE: u32 = 402;

/// What is asked for in one request: the retrieval type, the sources, the request.
pub(super) type Wish = (String, Vec<String>, tap::Request);

impl Actions {
    /// Asks for the products of the sources.
    pub fn get_products(&self) {
        if let Some(wishes) = self.wishes() {
            self.forget_products();
            self.get_parts(wishes);
        }
    }

    /// Asks for products beside those that are there.
    pub(super) fn get_parts(&self, wishes: Vec<Wish>) {
        let archive = self.state.archive.get_untracked().unwrap_or_default();
        let state = self.state.datalink;
        let part = |(retrieval_type, ids, request)| Part {
            number: self.number(),
            archive: archive.clone(),
            retrieval_type,
            ids: Arc::new(ids),
            request,
            stage: Stage::Waiting,
        };
        let parts: Vec<Part> = wishes.into_iter().map(part).collect();
        state.parts.update(|all| all.extend(parts));
        state.tab.set(1);
        self.fetch_products();
    }

    /// Stops fetching. What came is kept; what did not counts as failed and can be asked for again.
    pub fn stop_products(&self) {
        let stopped = || {
            let message = "stopped by you".to_owned();
            Stage::Failed(Failure::here(FailureKind::Cancelled, message))
        };
        let mut under_way = None;
        self.state.datalink.parts.update(|parts| {
            for part in parts {
                match part.stage {
                    Stage::Waiting => part.stage = stopped(),
                    Stage::Fetching(..) => under_way = Some(part.number),
                    _ => {}
                }
            }
        });
        if let Some(bundle) = under_way {
            self.command(&Command::Cancel { table: bundle }, None);
        }
    }

    /// Asks again for what failed, and only for that.
    pub fn retry_products(&self) {
        let state = self.state.datalink;
        let mut again = Vec::new();
        state.parts.update(|parts| {
            for part in parts.iter_mut() {
                match &part.stage {
                    Stage::Failed(_) => (part.stage, part.number) = (Stage::Waiting, self.number()),
                    Stage::Here(_) => {
                        let failed = |line: &crate::state::datalink::Line| line.outcome == Outcome::Failed;
                        let failed: HashSet<String> =
                            lines(part).into_iter().filter(failed).map(|line| line.id).collect();
                        if failed.is_empty() {
                            continue;
                        }
                        let (ids, kept) = part.ids.iter().cloned().partition(|id| failed.contains(id));
                        part.ids = Arc::new(kept);
                        again.push((part.archive.clone(), part.retrieval_type.clone(), ids, part.request.clone()));
                    }
                    _ => {}
                }
            }
            for (archive, retrieval_type, ids, request) in again {
                let request = datalink::with_ids(&request, &ids);
                let (number, ids, stage) = (self.number(), Arc::new(ids), Stage::Waiting);
                parts.push(Part { number, archive, retrieval_type, ids, request, stage });
            }
        });
        self.fetch_products();
    }

    /// Shows only the lines of the account with this outcome.
    pub fn filter_products(&self, outcome: Option<Outcome>) {
        self.state.datalink.filter.set(outcome);
        self.page_products(0);
    }

    /// Shows the account from a line on.
    pub fn page_products(&self, first: usize) {
        self.state.datalink.first.set(first);
    }

    /// Opens a product among the results.
    pub fn open_product(&self, of: InBundle) {
        let Some((part, file)) = self.product(of) else { return };
        let origin = Origin { title: file, archive: part.archive, adql: String::new(), job: None };
        let table = self.hold(origin);
        self.command(&Command::Open { table, of, memory_limit: MEMORY_LIMIT }, None);
        self.go_to_results();
    }

    /// Saves a file of a bundle as it came.
    pub fn save_product(&self, of: InBundle) {
        let Some((_, name)) = self.product(of) else { return };
        self.save_file(of.bundle, Some(of.file), name);
    }

    /// Saves everything that came, as it came: a file for each request.
    pub fn save_products(&self) {
        let parts = self.state.datalink.parts.get_untracked();
        for (number, part) in parts.iter().enumerate() {
            let Stage::Here(bundle) = &part.stage else { continue };
            // One file that is no ZIP has its own name.
            let name = match &bundle.files[..] {
                [file] if bundle.name.as_deref() == Some(&file.name) => file.name.clone(),
                _ => format!("{}-{}.zip", part.retrieval_type.to_lowercase(), number + 1),
            };
            self.save_file(bundle.id, None, name);
        }
    }

    /// Shows the requests for products as commands.
    pub fn show_products_command(&self) {
        if let Some(wishes) = self.wishes() {
            let requests: Vec<tap::Request> = wishes.into_iter().map(|wish| wish.2).collect();
            self.show_command("Getting products", &requests, Some("products.zip"));
        }
    }

    /// Bytes of a bundle came.
    pub(in crate::actions) fn on_bundle_progress(&self, bundle: TableId, bytes: u64, total: Option<u64>) {
        self.change_part(bundle, |part| {
            if matches!(part.stage, Stage::Fetching(..)) {
                part.stage = Stage::Fetching(bytes, total);
            }
        });
    }

    /// Forgets the products and their pictures.
    pub fn forget_products(&self) {
        let state = self.state.datalink;
        self.stop_products();
        for part in state.parts.get_untracked() {
            if let Stage::Here(bundle) = part.stage {
                self.command(&Command::Drop { table: bundle.id }, None);
            }
        }
        state.parts.set(Vec::new());
        state.picture.set(None);
        state.filter.set(None);
        state.first.set(0);
    }

    /// The requests that the form describes.
    fn wishes(&self) -> Option<Vec<Wish>> {
        let (_, data, ids) = self.asked_sources()?;
        let state = self.state.datalink;
        let form = state.form.get_untracked();
        let wanted = form.wanted();
        if wanted.is_empty() {
            state.problem.set(Some(crate::state::query::Problem {
                title: "No product is chosen".into(),
                message: "Tick at least one retrieval type, or type the name of one.".into(),
                next: "Nothing was sent; what you typed is kept.".into(),
            }));
            return None;
        }
        let wish = |retrieval_type: &String, ids: &[String]| {
            let query = DataQuery {
                retrieval_type: retrieval_type.clone(),
                ids: ids.to_vec(),
                release: Some(form.release.clone()),
                valid_data: form.valid_data,
                format: Some(form.format.clone()),
                structure: Some(form.structure.clone()),
                linking_parameter: unless_first(&form.linking, datalink::LINKING_PARAMETERS[0].0),
                always_zip: form.always_zip,
            };
            (retrieval_type.clone(), ids.to_vec(), datalink::products(&data, &query))
        };
        Some(wanted.iter().flat_map(|kind| ids.chunks().map(|ids| wish(kind, ids)).collect::<Vec<_>>()).collect())
    }

    /// Works off the requests that wait, one at a time.
    fn fetch_products(&self) {
        let state = self.state.datalink;
        if state.fetching.get_untracked() {
            return;
        }
        state.fetching.set(true);
        let actions = *self;
        spawn_local(async move {
            while let Some(part) = actions.next_part() {
                actions.fetch_part(part).await;
            }
            state.fetching.set(false);
        });
    }

    fn next_part(&self) -> Option<Part> {
        let parts = self.state.datalink.parts;
        let part = parts.with_untracked(|parts| parts.iter().find(|part| part.stage == Stage::Waiting).cloned())?;
        self.change_part(part.number, |part| part.stage = Stage::Fetching(0, None));
        Some(part)
    }

    async fn fetch_part(&self, part: Part) {
        let bundle = part.number;
        let command = Command::Bundle { bundle, source: source(&part.request), memory_limit: BUNDLE_LIMIT };
        let stage = match self.ask_numbered(bundle, &command, part.request.body_bytes()).await {
            Some((Event::Bundled { name, bytes, files, trouble, .. }, _)) => {
                let files = Arc::new(files.open().unwrap_or_default());
                Stage::Here(Bundle { id: bundle, name, bytes, files, trouble })
            }
            Some((Event::Failed { failure, .. }, _)) if no_product(&failure) => {
                // The archive answers with an error where no source has the product: that is an answer.
                Stage::Here(Bundle { id: bundle, name: None, bytes: 0, files: Arc::default(), trouble: None })
            }
            Some((Event::Failed { failure, .. }, _)) => Stage::Failed(failure),
            _ => {
                let message = "the worker that reads results does not run; reload the page to start it again";
                Stage::Failed(Failure::here(FailureKind::Network, message))
            }
        };
        let wanted = self.state.datalink.parts.with_untracked(|parts| parts.iter().any(|part| part.number == bundle));
        if !wanted || matches!(stage, Stage::Failed(_)) {
            // Nobody will ask for what came of it.
            self.command(&Command::Drop { table: bundle }, None);
        }
        self.change_part(bundle, |part| part.stage = stage);
    }

    fn change_part(&self, number: u32, change: impl FnOnce(&mut Part)) {
        let parts = self.state.datalink.parts;
        if parts.with_untracked(|parts| parts.iter().any(|part| part.number == number)) {
            parts.update(|parts| {
                if let Some(part) = parts.iter_mut().find(|part| part.number == number) {
                    change(part);
                }
            });
        }
    }

    /// The request that brought a file, and its name.
    fn product(&self, of: InBundle) -> Option<(Part, String)> {
        self.state.datalink.parts.with_untracked(|parts| {
            let part = parts.iter().find(|part| part.number == of.bundle)?;
            let Stage::Here(bundle) = &part.stage else { return None };
            let name = bundle.files.get(of.file as usize)?.name.clone();
            Some((part.clone(), if name.is_empty() { part.retrieval_type.clone() } else { name }))
        })
    }

    fn save_file(&self, bundle: TableId, file: Option<u32>, name: String) {
        let actions = *self;
        spawn_local(async move {
            let answer =
                actions.ask_worker(bundle, SAVE + file.unwrap_or(0), None, |ticket| Command::File { ticket, file });
            let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
            match answer.await {
                Some((Event::File { .. }, Some(bytes))) if dom::save(name, "application/octet-stream", &bytes) => {
                    let size = grouped(bytes.length() as usize);
                    actions.notice(false, format!("{name} ({size} bytes), as the archive sent it."));
                }
                _ => actions.notice(true, format!("{name} could not be saved. It is still here; try again.")),
            }
        });
    }
}

/// Whether a refusal says only that there is nothing.
fn no_product(failure: &Failure) -> bool {
    failure.status == 404 || failure.message.contains("no such product")
}
