//! A button that opens a list of things to do or to choose from (ARIA menu button).

use leptos::{
    html,
    prelude::*,
    task::{spawn_local, tick},
};
use wasm_bindgen::JsCast as _;

use crate::components::{
    focus::focus_in_place,
    icon::{Glyph, Icon},
};

/// One line of a menu.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MenuItem {
    /// The words.
    pub label: String,
    /// A second, quieter line.
    pub detail: Option<String>,
    /// A picture before the words.
    pub glyph: Option<Glyph>,
    /// `Some` in a menu of which one line is chosen.
    pub chosen: Option<bool>,
    /// Cannot be used now.
    pub disabled: bool,
}

impl MenuItem {
    /// A line with words only.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), ..Self::default() }
    }
}

/// A button with a list. The list closes by Escape, by a choice, and when the focus goes elsewhere.
#[component]
pub fn Menu(
    /// Words on the button; may be empty if there is a picture and a `name`.
    #[prop(optional, into)]
    label: Signal<String>,
    /// Accessible name of the button, where its words do not suffice.
    #[prop(optional, into)]
    name: Option<Signal<String>>,
    /// A picture on the button.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
    /// Before the words, such as a status dot.
    #[prop(optional, into)]
    lead: ViewFn,
    /// Further classes of the button, such as `quiet`.
    #[prop(optional, into)]
    class: String,
    /// The lines.
    #[prop(into)]
    items: Signal<Vec<MenuItem>>,
    /// The index of the line that was chosen.
    on_choose: Callback<usize>,
    /// The list ends with the button's right edge instead of starting with its left.
    #[prop(optional)]
    end: bool,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let (root, button) = (NodeRef::<html::Div>::new(), NodeRef::<html::Button>::new());
    let show = move |edge: Edge| {
        open.set(true);
        // Before the next key is heard: who types fast would press the button again.
        spawn_local(async move {
            tick().await;
            focus_line(root, edge);
        });
    };
    let close = move || {
        open.set(false);
        if let Some(Some(button)) = button.try_get_untracked() {
            focus_in_place(&button);
        }
    };
    let choose = move |index: usize| {
        if items.read_untracked().get(index).is_some_and(|item| !item.disabled) {
            close();
            on_choose.run(index);
        }
    };
    let leave = move |event: web_sys::FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        // A menu that is taken away with the focus in it hears of it when all of it is gone already.
        let Some(Some(root)) = root.try_get_untracked() else { return };
        if to.is_none() || !root.contains(to.as_ref()) {
            open.set(false);
        }
    };
    let button_key = move |event: web_sys::KeyboardEvent| {
        let edge = match event.key().as_str() {
            "ArrowDown" => Edge::Chosen,
            "ArrowUp" => Edge::Last,
            _ => return,
        };
        event.prevent_default();
        show(edge);
    };
    let list_key = move |event: web_sys::KeyboardEvent| {
        let key = event.key();
        match key.as_str() {
            "Escape" => close(),
            "ArrowDown" => focus_line(root, Edge::Next),
            "ArrowUp" => focus_line(root, Edge::Previous),
            "Home" => focus_line(root, Edge::First),
            "End" => focus_line(root, Edge::Last),
            "Enter" | " " => event.target().into_iter().filter_map(index_of).for_each(choose),
            // Tab goes on from the button.
            "Tab" => return close(),
            _ if key.chars().count() == 1 && !event.ctrl_key() && !event.meta_key() => {
                focus_line(root, Edge::Letter(key.to_lowercase()));
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let icon_only = move || label.read().is_empty();

    view! {
        <div class="menu" on:focusout=leave node_ref=root>
            <button
                class=format!("button menu-button {class}")
                class:icon-only=icon_only
                type="button"
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                aria-label=move || name.map(|name| name.get())
                on:click=move |_| if open.get_untracked() { close() } else { show(Edge::Chosen) }
                on:keydown=button_key
                node_ref=button
            >
                {glyph.map(|glyph| view! { <Icon glyph /> })}
                {lead.run()}
                <Show when=move || !icon_only()>
                    <span class="menu-label">{move || label.get()}</span>
                    <Icon glyph=Glyph::ChevronDown />
                </Show>
            </button>
            <Show when=move || open.get()>
                <div
                    class="menu-list"
                    class:end=end
                    role="menu"
                    aria-label=move || name.map_or_else(|| label.get(), |name| name.get())
                    on:keydown=list_key
                >
                    {move || {
                        items
                            .get()
                            .into_iter()
                            .enumerate()
                            .map(|(index, item)| view! { <Line item index on_choose=Callback::new(choose) /> })
                            .collect_view()
                    }}
                </div>
            </Show>
        </div>
    }
}

#[component]
fn Line(item: MenuItem, index: usize, on_choose: Callback<usize>) -> impl IntoView {
    let MenuItem { label, detail, glyph, chosen, disabled } = item;
    view! {
        <div
            class="menu-item"
            role=if chosen.is_some() { "menuitemradio" } else { "menuitem" }
            aria-checked=chosen.map(|chosen| chosen.to_string())
            aria-disabled=disabled.then_some("true")
            tabindex="-1"
            data-index=index
            on:click=move |_| on_choose.run(index)
        >
            {chosen
                .map(|chosen| view! { <span class="menu-mark">{chosen.then(|| view! { <Icon glyph=Glyph::Check /> })}</span> })}
            {glyph.map(|glyph| view! { <Icon glyph /> })}
            <span class="menu-words">
                {label} {detail.map(|detail| view! { <span class="menu-detail">{detail}</span> })}
            </span>
        </div>
    }
}

/// Which line gets the focus.
enum Edge {
    Chosen,
    First,
    Last,
    Next,
    Previous,
    Letter(String),
}

fn focus_line(root: NodeRef<html::Div>, edge: Edge) {
    let Some(Some(root)) = root.try_get_untracked() else { return };
    let Ok(found) = root.query_selector_all(".menu-item") else { return };
    let lines: Vec<web_sys::HtmlElement> =
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect();
    let count = lines.len();
    if count == 0 {
        return;
    }
    let now = lines.iter().position(|line| line.matches(":focus").unwrap_or(false));
    let starts = |line: &web_sys::HtmlElement, letter: &str| {
        line.text_content().is_some_and(|text| text.trim().to_lowercase().starts_with(letter))
    };
    let next = match edge {
        Edge::First => 0,
        Edge::Last => count - 1,
        Edge::Next => now.map_or(0, |now| (now + 1) % count),
        Edge::Previous => now.map_or(count - 1, |now| (now + count - 1) % count),
        Edge::Chosen => {
            let chosen = |line: &web_sys::HtmlElement| line.get_attribute("aria-checked").as_deref() == Some("true");
            lines.iter().position(chosen).unwrap_or(0)
        }
        Edge::Letter(letter) => {
            let after = now.map_or(0, |now| now + 1);
            let Some(index) = (after..after + count).map(|index| index % count).find(|&i| starts(&lines[i], &letter))
            else {
                return;
            };
            index
        }
    };
    // A long list scrolls to the line.
    lines[next].focus().ok();
}

fn index_of(target: web_sys::EventTarget) -> Option<usize> {
    target.dyn_into::<web_sys::Element>().ok()?.get_attribute("data-index")?.parse().ok()
}
