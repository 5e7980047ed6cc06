//! All values of one row, with units and descriptions.

use leptos::{html, prelude::*};

use crate::{
    actions::Actions,
    components::{
        field::CheckBox,
        icon::{Glyph, Icon},
    },
    dom,
    routes::{Route, View},
    state::{
        pictures::Detail,
        results::{ResultTable, grouped},
    },
};

/// The row that is open, if one is.
#[component]
pub fn RowDetail(
    /// The table that is shown.
    table: Memo<Option<ResultTable>>,
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.pictures;
    let detail = Memo::new(move |_| {
        let id = table.with(|table| table.as_ref().map(|table| table.id));
        state.detail.get().filter(|detail| Some(detail.table) == id)
    });
    let open = Memo::new(move |_| detail.with(Option::is_some));
    move || open.get().then(|| view! { <Panel table detail /> })
}

#[component]
fn Panel(table: Memo<Option<ResultTable>>, detail: Memo<Option<Detail>>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let heading = NodeRef::<html::H2>::new();
    // Who opened it by a key goes on with it, and comes back by Escape.
    let before = StoredValue::new_local(dom::focused());
    Effect::new(move || heading.get().iter().for_each(|heading| dom::focus(heading)));
    let close = move || {
        actions.close_row();
        before.with_value(|before| before.iter().for_each(dom::focus));
    };
    let step = move |by: isize| {
        if let Some(detail) = detail.get_untracked()
            && let Some(place) = detail.place.checked_add_signed(by)
        {
            actions.open_row(place, detail.rows);
        }
    };
    let place = Memo::new(move |_| detail.with(|detail| detail.as_ref().map_or(0, |detail| detail.place)));
    let last = move || table.with(|table| table.as_ref().is_some_and(|table| place.get() + 1 >= table.rows));
    let selected = move || detail.with(|detail| detail.as_ref().is_some_and(|detail| detail.selected));
    let toggle = move |_: bool| {
        if let Some((number, selected)) = detail.get_untracked().and_then(|it| Some((it.number?, it.selected))) {
            actions.toggle_number(number, selected);
        }
    };
    view! {
        <section
            class="row-detail"
            aria-label="Row details"
            on:keydown=move |event| if event.key() == "Escape" {
                event.prevent_default();
                close();
            }
        >
            <div class="toolbar">
                <h2 tabindex="-1" node_ref=heading>{move || format!("Row {}", grouped(place.get() + 1))}</h2>
                <button
                    class="button quiet icon-only"
                    type="button"
                    aria-label="Previous row"
                    disabled=move || place.get() == 0
                    on:click=move |_| step(-1)
                >
                    <Icon glyph=Glyph::ChevronLeft />
                </button>
                <button
                    class="button quiet icon-only"
                    type="button"
                    aria-label="Next row"
                    disabled=last
                    on:click=move |_| step(1)
                >
                    <Icon glyph=Glyph::ChevronRight />
                </button>
                <CheckBox label="Selected" checked=Signal::derive(selected) on_change=toggle />
                <span class="spacer"></span>
                {move || link(&table.get()?, &detail.get()?)}
                <button
                    class="button quiet icon-only"
                    type="button"
                    aria-label="Close row details"
                    on:click=move |_| close()
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            <div class="row-values" tabindex="0" role="region" aria-label="Values of the row">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th>
                            <th scope="col">"Value"</th>
                            <th scope="col">"Description"</th>
                        </tr>
                    </thead>
                    <tbody>{move || table.get().zip(detail.get()).map(|(table, detail)| values(&table, &detail))}</tbody>
                </table>
            </div>
        </section>
    }
}

fn values(table: &ResultTable, detail: &Detail) -> impl IntoView + use<> {
    let fields = table.fields.iter().enumerate();
    let row = |(column, field): (usize, &table::Field)| {
        let cell = detail.cells.get(column).and_then(Option::as_deref);
        view! {
            <tr>
                <th scope="row">{field.name.clone()}</th>
                <td class="row-value number" class:faint=cell.is_none()>
                    {cell.unwrap_or("null").to_owned()}
                    {field.unit.clone().map(|unit| view! { <span class="muted small">" "{unit}</span> })}
                </td>
                <td>
                    {field.description.clone()}
                    {field.ucd.clone().map(|ucd| view! { <span class="muted small mono">" "{ucd}</span> })}
                </td>
            </tr>
        }
    };
    fields.map(row).collect_view()
}

/// Where a row names a source, its links are one step away.
fn link(table: &ResultTable, detail: &Detail) -> Option<impl IntoView + use<>> {
    let value = |name: &str| {
        let column = table.fields.iter().position(|field| field.name.eq_ignore_ascii_case(name))?;
        detail.cells.get(column)?.clone()
    };
    let id = value("designation").or_else(|| value("source_id"))?;
    let route = Route { ids: Some(id), ..Route::to(View::DataLink) };
    Some(
        view! { <a class="button quiet" href=route.to_string()><Icon glyph=Glyph::Link />"Find its links in DataLink"</a> },
    )
}
