//! Two panes and the line between them, which mouse, finger and keys move (ARIA window splitter).
//!
//! Where there is no room for both, the panes become tabs.

use leptos::{html, prelude::*};

use crate::components::css::css;
use wasm_bindgen::JsCast as _;

/// Percent that an arrow key moves the line.
const STEP: f64 = 2.0;
const LEAST: f64 = 10.0;
const MOST: f64 = 90.0;

/// Two panes beside each other, or below each other with `across`.
#[component]
pub fn Split(
    /// What the line divides; its accessible name.
    #[prop(into)]
    label: String,
    /// The panes are below each other and the line lies across.
    #[prop(optional)]
    across: bool,
    /// Size of the first pane at the start, in percent.
    #[prop(default = 50.0)]
    size: f64,
    /// Hears the new size when the line has come to rest, so that the caller may remember it.
    #[prop(optional, into)]
    on_change: Option<Callback<f64>>,
    /// No pane is made smaller than this, in pixels.
    #[prop(default = 96)]
    least: u32,
    /// Names of the panes as tabs where it is narrow; without them the panes stay as they are.
    #[prop(optional, into)]
    tabs: Option<[String; 2]>,
    /// Which pane is shown where it is narrow: 0 or 1.
    #[prop(optional, into)]
    shown: Option<RwSignal<usize>>,
    /// The left or upper pane.
    #[prop(into)]
    first: ViewFn,
    /// The right or lower pane.
    #[prop(into)]
    second: ViewFn,
) -> impl IntoView {
    let body = NodeRef::<html::Div>::new();
    let size = RwSignal::new(size.clamp(LEAST, MOST));
    let shown = shown.unwrap_or_else(|| RwSignal::new(0));
    let dragging = RwSignal::new(false);
    let tabbed = tabs.is_some();
    let tell = move || on_change.into_iter().for_each(|tell| tell.run(size.get_untracked()));

    let start = move |event: web_sys::PointerEvent| {
        let handle = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        // A pointer that is gone already cannot be held; then there is no drag.
        if event.button() == 0 && handle.is_some_and(|handle| handle.set_pointer_capture(event.pointer_id()).is_ok()) {
            dragging.set(true);
            event.prevent_default();
        }
    };
    let go = move |event: web_sys::PointerEvent| {
        if let (true, Some(body)) = (dragging.get_untracked(), body.get_untracked()) {
            let area = body.get_bounding_client_rect();
            let part = if across {
                (f64::from(event.client_y()) - area.top()) / area.height()
            } else {
                (f64::from(event.client_x()) - area.left()) / area.width()
            };
            if part.is_finite() {
                size.set((100.0 * part).clamp(LEAST, MOST));
            }
        }
    };
    let stop = move |_| {
        if dragging.get_untracked() {
            dragging.set(false);
            tell();
        }
    };
    let key = move |event: web_sys::KeyboardEvent| {
        let now = size.get_untracked();
        let next = match event.key().as_str() {
            "ArrowLeft" if !across => now - STEP,
            "ArrowRight" if !across => now + STEP,
            "ArrowUp" if across => now - STEP,
            "ArrowDown" if across => now + STEP,
            "Home" => LEAST,
            "End" => MOST,
            _ => return,
        };
        event.prevent_default();
        size.set(next.clamp(LEAST, MOST));
        tell();
    };

    view! {
        <div class="split" class:across=across class:tabbed-when-narrow=tabbed>
            <div
                class="split-body"
                style=("--split-size", move || css(size.get(), "%"))
                style=("--split-least", format!("{least}px"))
                node_ref=body
            >
                {tabs.map(|names| view! { <Tabs names shown /> })}
                <div class="split-pane" class:shown=move || shown.get() == 0>
                    {first.run()}
                </div>
                <div
                    class="split-handle"
                    class:dragging=move || dragging.get()
                    role="separator"
                    tabindex="0"
                    aria-label=label
                    aria-orientation=if across { "horizontal" } else { "vertical" }
                    aria-valuenow=move || size.get().round() as i64
                    aria-valuemin=LEAST
                    aria-valuemax=MOST
                    on:pointerdown=start
                    on:pointermove=go
                    on:pointerup=stop
                    on:pointercancel=stop
                    on:keydown=key
                ></div>
                <div class="split-pane" class:shown=move || shown.get() == 1>
                    {second.run()}
                </div>
            </div>
        </div>
    }
}

/// The panes as tabs; arrow keys go from one to the other.
#[component]
fn Tabs(names: [String; 2], shown: RwSignal<usize>) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    let key = move |event: web_sys::KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            event.prevent_default();
            shown.update(|shown| *shown = 1 - *shown);
            request_animation_frame(move || {
                let Some(Some(list)) = list.try_get_untracked() else { return };
                if let Ok(Some(tab)) = list.query_selector("[aria-selected=true]") {
                    crate::components::focus::focus_in_place(&tab);
                }
            });
        }
    };
    view! {
        <div class="split-tabs" role="tablist" on:keydown=key node_ref=list>
            {names
                .into_iter()
                .enumerate()
                .map(|(index, name)| {
                    view! {
                        <button
                            class="tab"
                            type="button"
                            role="tab"
                            aria-selected=move || (shown.get() == index).to_string()
                            tabindex=move || if shown.get() == index { "0" } else { "-1" }
                            on:click=move |_| shown.set(index)
                        >
                            {name}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}
