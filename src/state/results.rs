//! The tables in hand, as the worker reports them. The cells stay in the worker; here is only the block that is shown.

use std::sync::Arc;

use leptos::prelude::*;
use table::Field;
use workbench::{
    completeness::Verdict,
    protocol::{Failure, SortKey, TableId},
};

/// The results.
#[derive(Clone, Copy)]
pub struct ResultsState {
    /// Newest last.
    pub tables: RwSignal<Vec<ResultTable>>,
    /// The one that is shown.
    pub current: RwSignal<Option<TableId>>,
    /// Cells of the one that is shown.
    pub block: RwSignal<Block>,
    /// Why the worker is not there, if it is not.
    pub worker_problem: RwSignal<Option<String>>,
}

impl ResultsState {
    pub(super) fn new() -> ResultsState {
        ResultsState {
            tables: RwSignal::default(),
            current: RwSignal::default(),
            block: RwSignal::default(),
            worker_problem: RwSignal::default(),
        }
    }

    /// The table that is shown, for reactive reads.
    pub fn shown(&self) -> Option<ResultTable> {
        let id = self.current.get()?;
        self.tables.with(|tables| tables.iter().find(|table| table.id == id).cloned())
    }

    /// The same without subscribing.
    pub fn shown_untracked(&self) -> Option<ResultTable> {
        let id = self.current.get_untracked()?;
        self.tables.with_untracked(|tables| tables.iter().find(|table| table.id == id).cloned())
    }
}

/// One result.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultTable {
    /// Its number in the worker.
    pub id: TableId,
    /// What to call it: the job's name, or a part of the query.
    pub title: String,
    /// Id of the archive that it comes from.
    pub archive: String,
    /// The query that made it.
    pub adql: String,
    /// Path of the job that made it.
    pub job: Option<String>,
    /// Its columns, once known.
    pub fields: Arc<Vec<Field>>,
    /// INFO name and value.
    pub infos: Vec<(String, String)>,
    /// Rows in hand.
    pub rows: usize,
    /// Bytes received.
    pub bytes: u64,
    /// Bytes announced.
    pub total: Option<u64>,
    /// When it was asked for, in milliseconds since 1970.
    pub since: f64,
    /// How it stands.
    pub stage: Stage,
    /// The order in force or asked for.
    pub sort: Vec<SortKey>,
    /// Whether the order asked for is not in force yet.
    pub sorting: bool,
    /// Whether a file is being written.
    pub exporting: bool,
}

/// How a result stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// Rows arrive, or will.
    Loading,
    /// Nothing more will arrive.
    Ended {
        /// Whether this is all.
        verdict: Verdict,
        /// What the reader had to mend.
        warnings: Vec<String>,
    },
    /// There is no table.
    Failed(Failure),
}

impl ResultTable {
    /// The words of the status region, such as `137 rows, complete`.
    pub fn status(&self) -> String {
        let rows = format!("{} {}", grouped(self.rows), if self.rows == 1 { "row" } else { "rows" });
        match &self.stage {
            Stage::Loading => format!("{rows} so far"),
            Stage::Ended { verdict, .. } => format!("{rows}, {}", verdict.word()),
            Stage::Failed(_) => "No result".into(),
        }
    }

    /// The first words of the title, for the name of a file.
    pub fn file_stem(&self) -> String {
        let words: String = self.title.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
        let stem: Vec<&str> = words.split_whitespace().take(6).collect();
        if stem.is_empty() { "result".to_owned() } else { stem.join("-").to_lowercase() }
    }
}

/// The cells that the worker sent last.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Number of the request that they answer.
    pub sequence: u32,
    /// First row.
    pub start: usize,
    /// Row after row; `None` is null.
    pub cells: Arc<Vec<Vec<Option<String>>>>,
    /// The number of each row in the order of arrival.
    pub numbers: Arc<Vec<u32>>,
    /// Whether each row is selected.
    pub selected: Arc<Vec<bool>>,
}

/// A whole number in groups of three digits: `2,000,000`.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (200_000, "200,000"), (3_000_000, "3,000,000")]
        {
            assert_eq!(super::grouped(number), text);
        }
    }
}
