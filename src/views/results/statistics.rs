//! What each column holds, in numbers.

use leptos::prelude::*;
use workbench::{
    picture::Histogram,
    select::Rows,
    statistics::{Distinct, Summary},
};

use crate::{
    actions::Actions,
    components::{css::css, empty_state::EmptyState, icon::Glyph, number::short, progress::Progress},
    state::{
        pictures::{Described, Sheet, Statistics},
        results::{ResultTable, grouped},
    },
};

/// Statistics of the shown table.
#[component]
pub fn StatisticsView(
    /// The table that is shown.
    table: Memo<Option<ResultTable>>,
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.pictures;
    let sheet = Memo::new(move |_| state.sheet(table.with(|table| table.as_ref().map(|table| table.id))?));
    let selected = Memo::new(move |_| sheet.with(|sheet| sheet.as_ref().map_or(0, |sheet| sheet.selected)));
    let known = Memo::new(move |_| sheet.with(|sheet| sheet.as_ref().is_some_and(|sheet| sheet.statistics.is_some())));
    let counting = Memo::new(move |_| {
        let id = table.with(|table| table.as_ref().map(|table| table.id));
        state.counting.get().filter(|counting| Some(counting.table) == id)
    });
    let done = Signal::derive(move || {
        let counting = counting.get()?;
        let part = f64::from(state.counted.get().unwrap_or_default());
        Some((counting.done as f64 + part) / counting.columns.max(1) as f64)
    });
    let text = Signal::derive(move || {
        counting.get().map(|it| format!("{} of {} columns", it.done, it.columns)).unwrap_or_default()
    });
    let count = move |rows: Rows| {
        let label = if rows == Rows::All { "Count all rows" } else { "Count the selected rows" };
        view! {
            <button
                class="button"
                type="button"
                disabled=move || counting.get().is_some() || (rows == Rows::Selected && selected.get() == 0)
                on:click=move |_| actions.count_columns(rows)
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="statistics">
            <div class="toolbar">
                {count(Rows::All)}
                {count(Rows::Selected)}
                <span class="muted small" role="status">{move || sheet.get().zip(table.get()).and_then(|(sheet, table)| said(&sheet, &table))}</span>
                {move || counting.get().is_some().then(|| view! {
                    <Progress label="Counting" done text />
                    <button class="button quiet" type="button" on:click=move |_| actions.stop_counting()>"Stop counting"</button>
                })}
            </div>
            {move || if known.get() {
                view! { <Columns table sheet /> }.into_any()
            } else {
                view! {
                    <EmptyState
                        glyph=Glyph::Results
                        title="Not counted yet"
                        text="Count, nulls, smallest and greatest value, mean, quartiles and different values of each column appear here. The rows in hand are counted in this page; nothing is sent."
                    />
                }.into_any()
            }}
        </div>
    }
}

/// Of what the numbers are, and whether that has changed since.
fn said(sheet: &Sheet, table: &ResultTable) -> Option<String> {
    let statistics = sheet.statistics.as_ref()?;
    let (of, stale) = match statistics.rows {
        Rows::All => (format!("Of all {} rows.", grouped(statistics.of)), statistics.of != table.rows),
        Rows::Selected => ("Of the rows that were selected.".to_owned(), statistics.changes != sheet.changes),
    };
    Some(if stale { format!("{of} They have changed since: count again.") } else { of })
}

#[component]
fn Columns(table: Memo<Option<ResultTable>>, sheet: Memo<Option<Sheet>>) -> impl IntoView {
    let statistics = Memo::new(move |_| sheet.with(|sheet| sheet.as_ref()?.statistics.clone()));
    view! {
        <div class="statistics-table" tabindex="0" role="region" aria-label="Statistics of the columns">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Column"</th>
                        {["Count", "Nulls", "Minimum", "Maximum", "Mean", "Deviation", "First quartile", "Median", "Third quartile", "Different"]
                            .map(|name| view! { <th scope="col" class="number">{name}</th> })}
                        <th scope="col">"Distribution"</th>
                    </tr>
                </thead>
                <tbody>{move || statistics.get().zip(table.get()).map(|(statistics, table)| rows(&statistics, &table))}</tbody>
            </table>
        </div>
    }
}

fn rows(statistics: &Statistics, table: &ResultTable) -> impl IntoView + use<> {
    let row = |(field, described): (&table::Field, &Option<Described>)| {
        let name = view! {
            <th scope="row">
                {field.name.clone()}
                {field.unit.clone().map(|unit| view! { <span class="muted small">" "{unit}</span> })}
            </th>
        };
        match described {
            None => view! { <tr>{name}<td colspan="11" class="faint">"…"</td></tr> }.into_any(),
            Some(described) => {
                let cells = cells(&described.summary).map(|text| view! { <td class="number">{text}</td> });
                view! { <tr>{name}{cells}<td>{described.histogram.as_deref().map(bars)}</td></tr> }.into_any()
            }
        }
    };
    table.fields.iter().zip(&statistics.columns).map(row).collect_view()
}

/// The cells of one column; a dash where there is no such number.
fn cells(summary: &Summary) -> [String; 10] {
    let whole = |number: u64| grouped(number as usize);
    let dash = || "–".to_owned();
    let numbers = summary.numbers.as_ref();
    let of = |value: Option<f64>| value.map_or_else(dash, short);
    let quartile = |at: usize| of(numbers.map(|numbers| numbers.quartiles[at]));
    [
        whole(summary.rows - summary.nulls),
        whole(summary.nulls),
        summary.minimum.clone().unwrap_or_else(dash),
        summary.maximum.clone().unwrap_or_else(dash),
        of(numbers.map(|numbers| numbers.mean)),
        of(numbers.map(|numbers| numbers.deviation)),
        quartile(0),
        quartile(1),
        quartile(2),
        match summary.distinct {
            Some(Distinct::Exactly(number)) => whole(number),
            Some(Distinct::MoreThan(number)) => format!("more than {}", whole(number)),
            None => dash(),
        },
    ]
}

/// A small histogram, 96 by 24.
fn bars(histogram: &Histogram) -> impl IntoView + use<> {
    let highest = histogram.bins.iter().map(|bin| bin.count).max().unwrap_or(1).max(1) as f64;
    let width = 96.0 / histogram.bins.len().max(1) as f64;
    let path: String = histogram
        .bins
        .iter()
        .enumerate()
        .filter(|(_, bin)| bin.count > 0)
        .map(|(at, bin)| {
            let height = (24.0 * bin.count as f64 / highest).max(1.0);
            let (left, across) = (css(at as f64 * width, ""), css(width - 0.5, ""));
            format!("M{left} 24h{across}v-{}h-{across}z", css(height, ""))
        })
        .collect();
    view! { <svg class="small-histogram" viewBox="0 0 96 24" aria-hidden="true"><path d=path></path></svg> }
}
