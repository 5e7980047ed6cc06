//! Products as they came: a file or a ZIP of thousands, kept packed. A file of it becomes a table, or a picture, when it is
//! wanted; which sources came is known from the start.

use std::collections::{HashMap, HashSet};

use table::Table;

use super::convert::votable;
use super::{Out, PROGRESS, Refusal, ResponseHead, failed};
use crate::export::Format;
use crate::load::{ELSEWHERE, EndOfStream, KEPT, Limits, Loader, Outcome, read_whole};
use crate::picture::Ground;
use crate::protocol::{BundleFile, Event, FailureKind, InBundle, Packed, TableId, Ticket};
use crate::series::{ChartSpec, Charts, SearchSpec, Series, charts, search, series};
use crate::svg;
use crate::zip::{self, Entry};

/// Bytes of one inflated file, and of its columns.
const FILE: usize = 1 << 30;

/// All bundles.
#[derive(Debug, Default)]
pub(super) struct Bundles(pub(super) HashMap<TableId, Bundle>);

#[derive(Debug)]
pub(super) struct Bundle {
    memory_limit: usize,
    head: ResponseHead,
    bytes: Vec<u8>,
    loading: bool,
    reported: Option<u64>,
    /// Where the files are; `None`: it is no ZIP, but one file.
    entries: Option<Vec<Entry>>,
    /// The series of the files that were drawn last.
    drawn: HashMap<u32, Series>,
}

impl Bundle {
    pub(super) fn new(memory_limit: usize) -> Bundle {
        Bundle {
            memory_limit,
            head: ResponseHead { status: 200, ..ResponseHead::default() },
            bytes: Vec::new(),
            loading: true,
            reported: None,
            entries: None,
            drawn: HashMap::new(),
        }
    }

    pub(super) fn is_loading(&self) -> bool {
        self.loading
    }

    pub(super) fn head(&mut self, head: ResponseHead) {
        self.head = head;
    }

    fn chunk(&mut self, bundle: TableId, chunk: &[u8], now_ms: u64) -> Vec<Out> {
        if !self.loading {
            return Vec::new();
        }
        self.bytes.extend_from_slice(chunk);
        if self.bytes.len() > self.memory_limit {
            let mut out = vec![Out::Abort { table: bundle }];
            let reason = format!("more than {} MB came, which is more than is kept", self.memory_limit / 1_000_000);
            out.extend(self.end(bundle, EndOfStream::Error(reason)));
            return out;
        }
        if self.reported.is_some_and(|last| now_ms.saturating_sub(last) < PROGRESS) {
            return Vec::new();
        }
        self.reported = Some(now_ms);
        let total = self.head.content_length.filter(|_| self.head.content_encoding.is_none());
        let bytes = self.bytes.len() as u64;
        vec![Out::Event(Event::Progress { table: bundle, rows: 0, bytes, total }, None)]
    }

    fn end(&mut self, bundle: TableId, end: EndOfStream) -> Vec<Out> {
        if !std::mem::take(&mut self.loading) {
            return Vec::new();
        }
        let trouble = match &end {
            EndOfStream::Clean => None,
            EndOfStream::Error(message) => Some(format!("the connection broke: {message}")),
            EndOfStream::Stalled(ms) => Some(format!("no data came for {} s", ms.div_ceil(1000))),
            EndOfStream::Cancelled => Some("stopped by you".to_owned()),
        };
        if !(200..300).contains(&self.head.status) && end != EndOfStream::Cancelled {
            let kind = if self.head.status < 500 { FailureKind::Query } else { FailureKind::Service };
            return vec![self.refused(bundle, kind, self.bytes.iter().copied().take(KEPT).collect())];
        }
        if !zip::is_zip(&self.bytes) {
            return vec![self.single(bundle, end, trouble)];
        }
        let found = zip::directory(&self.bytes);
        // Without a file whatever happened is a failure.
        if let (true, Some(reason)) = (found.entries.is_empty(), trouble.as_ref().or(found.trouble.as_ref())) {
            let kind = if end == EndOfStream::Cancelled { FailureKind::Cancelled } else { FailureKind::Network };
            return vec![failed(bundle, kind, 0, reason.clone())];
        }
        let files: Vec<BundleFile> = found.entries.iter().map(|entry| self.about(entry)).collect();
        self.entries = Some(found.entries);
        vec![self.bundled(bundle, files, trouble.or(found.trouble))]
    }

    /// What a file holds, and whether it is what was packed.
    fn about(&self, entry: &Entry) -> BundleFile {
        let mut sources = Vec::new();
        let trouble = if names_source(&entry.name) {
            entry.check(&self.bytes).err()
        } else {
            let read = entry.read(&self.bytes, FILE);
            read.map(|file| sources = with_table(&file, sources_of).unwrap_or_default()).err()
        };
        BundleFile { name: entry.name.clone(), size: entry.size, sources, trouble }
    }

    /// One file that is no ZIP: a product, or words in its place.
    fn single(&mut self, bundle: TableId, end: EndOfStream, trouble: Option<String>) -> Out {
        let mut loader = Loader::new(Limits::with_memory(FILE));
        loader.push(&self.bytes);
        let size = self.bytes.len() as u64;
        let name = self.head.file_name.clone().unwrap_or_default();
        let file = |sources, trouble| vec![BundleFile { name: name.clone(), size, sources, trouble }];
        match loader.finish(end) {
            Outcome::Table(verdict) => {
                let sources = loader.table().filter(|_| !names_source(&name)).map(sources_of).unwrap_or_default();
                // A cut file is damaged, and not a file that others are missing beside.
                let damage = match verdict {
                    crate::completeness::Verdict::Partial(reason) => Some(reason),
                    _ => trouble,
                };
                self.bundled(bundle, file(sources, damage), None)
            }
            Outcome::Words(kind, body) => self.refused(bundle, kind, body),
            // FITS, JSON, and what is but kept to be saved.
            Outcome::Failed(FailureKind::NotATable, reason) if reason.ends_with(ELSEWHERE) => {
                let sources = with_table(&self.bytes, sources_of).unwrap_or_default();
                self.bundled(bundle, file(sources, trouble), None)
            }
            Outcome::Failed(kind, reason) => failed(bundle, kind, 0, reason),
        }
    }

    fn bundled(&self, bundle: TableId, files: Vec<BundleFile>, trouble: Option<String>) -> Out {
        let (name, bytes) = (self.head.file_name.clone(), self.bytes.len() as u64);
        Out::Event(Event::Bundled { bundle, name, bytes, files: Packed::new(&files), trouble }, None)
    }

    fn refused(&self, table: TableId, kind: FailureKind, body: Vec<u8>) -> Out {
        Out::Refused(Refusal {
            table,
            kind,
            status: self.head.status,
            content_type: self.head.content_type.clone(),
            retry_after: self.head.retry_after.clone(),
            body,
        })
    }

    fn file(&self, file: u32) -> Result<(String, Vec<u8>), String> {
        let gone = || "this file is not here any more".to_owned();
        match &self.entries {
            None => Ok((self.head.file_name.clone().unwrap_or_default(), self.bytes.clone())),
            Some(entries) => {
                let entry = entries.get(file as usize).ok_or_else(gone)?;
                let bytes = entry.read(&self.bytes, FILE).map_err(|why| format!("{} is damaged: {why}", entry.name))?;
                Ok((entry.name.clone(), bytes))
            }
        }
    }

    /// The series in a file, read once.
    fn read(&mut self, file: u32) -> Result<(), String> {
        if !self.drawn.contains_key(&file) {
            let (name, bytes) = self.file(file)?;
            let found = with_table(&bytes, |table| series(table, source_in(&name)))?.ok_or_else(|| {
                format!("{name} holds no light curve, spectrum, coefficients or samples; open it as a table.")
            })?;
            self.drawn.insert(file, found);
        }
        Ok(())
    }
}

impl Bundles {
    pub(super) fn is_loading(&self, bundle: TableId) -> bool {
        self.0.get(&bundle).is_some_and(Bundle::is_loading)
    }

    pub(super) fn chunk(&mut self, bundle: TableId, chunk: &[u8], now_ms: u64) -> Vec<Out> {
        self.0.get_mut(&bundle).map_or_else(Vec::new, |held| held.chunk(bundle, chunk, now_ms))
    }

    pub(super) fn end(&mut self, bundle: TableId, end: EndOfStream) -> Vec<Out> {
        self.0.get_mut(&bundle).map_or_else(Vec::new, |held| held.end(bundle, end))
    }

    pub(super) fn memory(&self) -> usize {
        self.0.values().map(|bundle| bundle.bytes.len()).sum()
    }

    /// A file of a bundle as one that a loader reads.
    pub(super) fn file(&self, of: InBundle) -> Result<Vec<u8>, String> {
        let bundle = self.0.get(&of.bundle).ok_or("this product is not here any more")?;
        let (name, bytes) = bundle.file(of.file)?;
        match read_whole(&bytes) {
            Some(table) => table.map(|table| votable(&name, &table, Format::Votable)),
            None => Ok(bytes),
        }
    }

    pub(super) fn send(&self, ticket: Ticket, file: Option<u32>) -> Out {
        let sent = self.0.get(&ticket.table).and_then(|bundle| match file {
            None => Some((bundle.head.file_name.clone().unwrap_or_default(), bundle.bytes.clone())),
            Some(file) => bundle.file(file).ok(),
        });
        match sent {
            Some((name, bytes)) => Out::Event(Event::File { ticket, name }, Some(bytes)),
            None => Out::Event(Event::Stopped { ticket }, None),
        }
    }

    pub(super) fn chart(
        &mut self,
        ticket: Ticket,
        of: &[InBundle],
        spec: &ChartSpec,
        file: Option<(usize, Ground)>,
    ) -> Out {
        let drawn = self.with(of, |series| charts(series, spec).ok_or("There is nothing to draw.".to_owned()));
        let drawn: Result<Charts, String> = drawn.and_then(|drawn| drawn);
        let svg = file.and_then(|(number, ground)| Some(svg::chart(drawn.as_ref().ok()?.charts.get(number)?, ground)));
        Out::Event(Event::Charted { ticket, charts: Packed::new(&drawn) }, svg.map(String::into_bytes))
    }

    pub(super) fn search(
        &mut self,
        of: &[InBundle],
        curve: (&str, &str),
        range: (&str, &str),
    ) -> Result<SearchSpec, String> {
        self.with(of, |series| search(series, curve.0, curve.1, range)).and_then(|spec| spec)
    }

    /// Hands the series of these files on, and forgets those of others.
    fn with<T>(&mut self, of: &[InBundle], use_them: impl FnOnce(&[&Series]) -> T) -> Result<T, String> {
        let wanted: HashSet<InBundle> = of.iter().copied().collect();
        for (id, bundle) in &mut self.0 {
            bundle.drawn.retain(|file, _| wanted.contains(&InBundle { bundle: *id, file: *file }));
        }
        for InBundle { bundle, file } in of {
            self.0.get_mut(bundle).ok_or("this product is not here any more")?.read(*file)?;
        }
        let all: Vec<&Series> = of.iter().filter_map(|one| self.0.get(&one.bundle)?.drawn.get(&one.file)).collect();
        Ok(use_them(&all))
    }
}

/// Hands the table in a file on.
fn with_table<T>(bytes: &[u8], use_it: impl FnOnce(&Table) -> T) -> Result<T, String> {
    if let Some(table) = read_whole(bytes) {
        return table.map(|table| use_it(&table));
    }
    let mut loader = Loader::new(Limits::with_memory(FILE));
    loader.push(bytes);
    match loader.finish(EndOfStream::Clean) {
        Outcome::Table(_) => loader.table().map(use_it).ok_or("the file holds no table".to_owned()),
        Outcome::Words(..) => Err("the file holds words, not a table".to_owned()),
        Outcome::Failed(_, reason) => Err(match reason.strip_suffix(ELSEWHERE) {
            Some(what) => {
                format!("This is {what}, which this page saves but does not draw. Get the product as VOTable.")
            }
            None => reason,
        }),
    }
}

/// The sources of a table, each once, as text.
fn sources_of(table: &Table) -> Vec<String> {
    let Some(column) = table.column("source_id") else { return Vec::new() };
    let mut seen = HashSet::new();
    let ids = (0..column.len()).filter(|row| !column.is_null(*row)).map(|row| column.display(row).to_string());
    ids.filter(|id| seen.insert(id.clone())).collect()
}

/// The source in the name of a file: `RVS-Gaia DR3 17.xml` is of 17.
fn source_in(name: &str) -> Option<&str> {
    let file = name.rsplit(['/', '\\']).next()?;
    let stem = file.split('.').next()?;
    let digits = stem.rsplit([' ', '-']).next()?;
    (digits.len() < stem.len() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then_some(digits)
}

fn names_source(name: &str) -> bool {
    source_in(name).is_some()
}
