//! The header: names, units below them, sorting, widths, and the description of a column on hover and focus.

use leptos::{either::Either, prelude::*};

use crate::components::css::css;
use wasm_bindgen::JsCast as _;

use super::{ColumnHead, keyboard::Place, model::Model, widths};
use crate::components::icon::{Glyph, Icon};

/// The header cell whose description is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hover {
    /// Its column.
    pub column: usize,
    /// Whether the keyboard is there; then there is no delay.
    pub focused: bool,
}

/// The header row, always in sight.
#[component]
pub fn Header(model: Model, on_sort: Callback<usize>) -> impl IntoView {
    view! {
        <div class="grid-head" role="row" aria-rowindex="1">
            {model.marks.on_mark.map(|_| view! { <span class="grid-gutter" aria-hidden="true"></span> })}
            {move || {
                let columns = model.columns.read();
                model
                    .drawn_columns
                    .get()
                    .filter_map(|index| Some(view! { <HeadCell model index head=columns.get(index)?.clone() on_sort /> }))
                    .collect_view()
            }}
        </div>
    }
}

#[component]
fn HeadCell(model: Model, index: usize, head: ColumnHead, on_sort: Callback<usize>) -> impl IntoView {
    let order = Memo::new(move |_| {
        let sort = model.sort.read();
        let place = sort.iter().position(|&(column, _)| column == index)?;
        Some((sort[place].1, (sort.len() > 1).then_some(place + 1)))
    });
    let active = Memo::new(move |_| model.active.get() == Place { row: 0, column: index });
    let description = describe(&head);
    let leave = move |event: web_sys::PointerEvent| {
        if !into_tip(&event) {
            model.tip.update(|tip| *tip = tip.filter(|tip| tip.column != index));
        }
    };
    view! {
        <div
            class="grid-head-cell"
            role="columnheader"
            class:number=head.numeric
            class:sorted=move || order.get().is_some()
            aria-colindex=index + 1
            aria-sort=move || match order.get() {
                None => "none",
                Some((false, _)) => "ascending",
                Some((true, _)) => "descending",
            }
            aria-description=description
            tabindex=move || if active.get() { "0" } else { "-1" }
            on:click=move |_| on_sort.run(index)
            on:pointerenter=move |_| model.tip.set(Some(Hover { column: index, focused: false }))
            on:pointerleave=leave
            on:focus=move |_| model.tip.set(Some(Hover { column: index, focused: true }))
            on:blur=move |_| model.tip.set(None)
        >
            <span class="grid-name">
                <span class="truncate">{head.name}</span>
                {move || {
                    order
                        .get()
                        .map(|(descending, place)| {
                            view! {
                                <Icon glyph=if descending { Glyph::SortDescending } else { Glyph::SortAscending } />
                                {place.map(|place| view! { <span class="grid-key">{place}</span> })}
                            }
                        })
                }}
            </span>
            <span class="grid-unit truncate">{head.unit}</span>
            <ResizeHandle model index />
        </div>
    }
}

/// The right edge of a header cell: dragged it changes the width, a double click fits it to the cells.
#[component]
fn ResizeHandle(model: Model, index: usize) -> impl IntoView {
    // Where the pointer went down, and the width then.
    let drag = StoredValue::new(None::<(i32, f64)>);
    let start = move |event: web_sys::PointerEvent| {
        event.stop_propagation();
        let Some(handle) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
            return;
        };
        // Without the capture the drag ends at the handle's edge, which is no harm.
        handle.set_pointer_capture(event.pointer_id()).ok();
        let width = model.widths.read_untracked().get(index).copied().unwrap_or(widths::LEAST);
        drag.set_value(Some((event.client_x(), width)));
        model.tip.set(None);
    };
    let go = move |event: web_sys::PointerEvent| {
        if let Some((x, width)) = drag.get_value() {
            let now = model.widths.read_untracked().get(index).copied().unwrap_or(width);
            model.widen(index, width + f64::from(event.client_x() - x) - now);
        }
    };
    view! {
        <span
            class="grid-resize"
            aria-hidden="true"
            on:pointerdown=start
            on:pointermove=go
            on:pointerup=move |_| drag.set_value(None)
            on:pointercancel=move |_| drag.set_value(None)
            on:click=|event| event.stop_propagation()
            on:dblclick=move |_| model.fit(index)
        ></span>
    }
}

/// The description of the column under the pointer or the focus.
#[component]
pub fn Tip(model: Model) -> impl IntoView {
    move || {
        let hover = model.tip.get()?;
        let head = model.columns.read().get(hover.column)?.clone();
        let left = model.gutter() + widths::edge(&model.widths.read(), hover.column) - model.left();
        let left = left.min(model.view_width() - 328.0).max(8.0);
        let facts = facts(&head);
        Some(view! {
            <div
                class="grid-tip"
                class:focused=hover.focused
                aria-hidden="true"
                style:left=css(left, "px")
                on:pointerleave=move |_| model.tip.set(None)
            >
                <p class="strong">{head.name.clone()}</p>
                {match head.description {
                    Some(description) => Either::Left(view! { <p>{description}</p> }),
                    None => Either::Right(view! { <p class="muted">"No description."</p> }),
                }}
                <p class="muted small">{facts}</p>
            </div>
        })
    }
}

/// Whether the pointer goes from the header to the description, which then stays.
fn into_tip(event: &web_sys::PointerEvent) -> bool {
    let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    to.is_some_and(|to| to.closest(".grid-tip").ok().flatten().is_some())
}

fn facts(head: &ColumnHead) -> String {
    let parts = [head.unit.as_deref(), Some(head.datatype.as_str()), head.ucd.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// What a screen reader says of the column after its name.
fn describe(head: &ColumnHead) -> String {
    let description = head.description.as_deref().unwrap_or_default();
    format!("{description} {}", facts(head)).trim().to_owned()
}
