//! Rows in hand: their status, and below it table, picture and statistics; beside each other where there is room.

use leptos::{html, prelude::*};
use table::{Datatype, Field, sort::Direction};
use workbench::{protocol::SortKey, select::Rows};

use super::{
    detail::RowDetail,
    pane::{Remarks, StatusLine},
    picture::PictureView,
    selection::SelectionBar,
    statistics::StatisticsView,
};
use crate::{
    actions::Actions,
    components::{
        data_grid::{CellBlock, ColumnHead, DataGrid},
        later::Later,
        size::observe_size,
        split::Split,
        tabs::Tabs,
    },
    state::results::ResultTable,
};

/// Pixels from which on table and picture stand beside each other.
const WIDE: f64 = 900.0;

/// Rows in hand.
#[component]
pub fn Shown(
    /// As in [`super::pane::ResultPane`].
    alone: bool,
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let table = Memo::new(move |_| state.results.shown());
    let columns = Memo::new(move |_| table.with(|table| table.as_ref().map(|table| (table.id, table.fields.len()))));
    Effect::new(move || {
        if columns.get().is_some() {
            table.with_untracked(|table| table.iter().for_each(|table| actions.begin_sheet(table)));
        }
    });
    // Until the room is known nothing is built: it would be built twice.
    let root = NodeRef::<html::Div>::new();
    let width = RwSignal::new(None);
    observe_size(root, move |now, _| width.set(Some(now)));
    let wide = Memo::new(move |_| width.get().map(|width| alone && width >= WIDE));

    let tab = RwSignal::new(state.pictures.tab.get_untracked());
    Effect::new(move || actions.show_tab(tab.get()));
    let tabs = move || {
        let names = ["Table", "Picture", "Statistics"].map(str::to_owned).to_vec();
        (wide.get() == Some(false)).then(|| view! { <Tabs label="Parts of the result" names chosen=tab /> })
    };
    view! {
        <div class="result-shown" node_ref=root>
            <StatusLine table alone lead=tabs />
            <Remarks table />
            <SelectionBar alone />
            {move || match wide.get()? {
                true => Some(view! { <Beside table tab /> }.into_any()),
                false => Some(view! { <InTurn table tab /> }.into_any()),
            }}
        </div>
    }
}

/// The table at the left, the rest at the right.
#[component]
fn Beside(table: Memo<Option<ResultTable>>, tab: RwSignal<usize>) -> impl IntoView {
    let side = RwSignal::new(tab.get_untracked().saturating_sub(1));
    Effect::new(move || tab.set(side.get() + 1));
    view! {
        <Split
            label="Width of the table"
            size=46.0
            least=320
            first=move || view! {
                <div class="result-part">
                    <Later content=move || view! { <Grid table /> } />
                    <RowDetail table />
                </div>
            }
            second=move || view! {
                <div class="result-part">
                    <div class="toolbar">
                        <Tabs
                            label="Beside the table"
                            names=["Picture", "Statistics"].map(str::to_owned).to_vec()
                            chosen=side
                        />
                    </div>
                    <Later content=move || match side.get() {
                        0 => view! { <PictureView /> }.into_any(),
                        _ => view! { <StatisticsView table /> }.into_any(),
                    } />
                </div>
            }
        />
    }
}

/// One of them. The grid stays in the page, so that it keeps its place.
#[component]
fn InTurn(table: Memo<Option<ResultTable>>, tab: RwSignal<usize>) -> impl IntoView {
    view! {
        <div class="result-part">
            <div class="result-part" class:gone=move || tab.get() != 0>
                <Later content=move || view! { <Grid table /> } />
            </div>
            {move || match tab.get() {
                0 => None,
                1 => Some(view! { <PictureView /> }.into_any()),
                _ => Some(view! { <StatisticsView table /> }.into_any()),
            }}
            <RowDetail table />
        </div>
    }
}

#[component]
fn Grid(table: Memo<Option<ResultTable>>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let columns = Memo::new(move |_| {
        table
            .with(|table| table.as_ref().map(|table| table.fields.iter().map(head).collect::<Vec<_>>()))
            .unwrap_or_default()
    });
    // All rows, or the selected ones alone.
    let shown = Memo::new(move |_| {
        let (id, rows) = table.with(|table| table.as_ref().map(|table| (table.id, table.rows))).unwrap_or_default();
        let only = state.pictures.sheet(id).filter(|sheet| sheet.only_selected);
        only.map_or((id, Rows::All, rows), |sheet| (id, Rows::Selected, sheet.selected as usize))
    });
    let rows = Memo::new(move |_| shown.get().2);
    let sort = Memo::new(move |_| {
        let keys = table.with(|table| table.as_ref().map(|table| table.sort.clone())).unwrap_or_default();
        let descending = |key: SortKey| (key.column, key.direction == Direction::Descending);
        keys.into_iter().map(descending).collect::<Vec<_>>()
    });
    // The row whose values are all shown stands in the grid too.
    let current = Memo::new(move |_| {
        let (table, rows, _) = shown.get();
        let detail = state.pictures.detail.get()?;
        ((detail.table, detail.rows) == (table, rows)).then_some(detail.place)
    });
    let cells = Signal::derive(move || {
        let block = state.results.block.get();
        CellBlock { start: block.start, cells: block.cells }
    });
    view! {
        <DataGrid
            columns=columns
            rows=rows
            cells=cells
            on_range=Callback::new(move |(start, count)| actions.window(start, count))
            sort=sort
            on_sort=Callback::new(move |column| actions.sort(column))
            marks=Signal::derive(move || state.results.block.get().selected)
            on_mark=Callback::new(move |(row, along)| actions.mark_row(row, along))
            on_row=Callback::new(move |row| actions.stand_on(row))
            on_open=Callback::new(move |row| actions.open_row_of_grid(row))
            current=current
        />
    }
}

fn head(field: &Field) -> ColumnHead {
    let size = field.arraysize.to_string();
    let datatype = match field.datatype {
        Datatype::Char | Datatype::UnicodeChar => "text".to_owned(),
        datatype if size.is_empty() => datatype.name().to_owned(),
        datatype => format!("{}[{size}]", datatype.name()),
    };
    ColumnHead {
        name: field.name.clone(),
        unit: field.unit.clone(),
        ucd: field.ucd.clone(),
        description: field.description.clone(),
        datatype,
        numeric: field.is_scalar_number(),
    }
}
