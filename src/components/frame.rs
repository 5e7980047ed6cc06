//! The frame round every view: a slim bar, the rail of views, the main landmark.
//!
//! When the view changes, the focus goes to its heading, so that keyboard and screen reader are where the eye is.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast as _;

use crate::components::icon::{Glyph, Icon};

/// One view in the rail.
#[derive(Clone)]
pub struct FrameEntry {
    /// The view's name; also the accessible name of its link.
    pub label: &'static str,
    /// The picture above the name.
    pub glyph: Glyph,
    /// Where the link goes, such as `#/jobs`.
    pub href: Signal<String>,
    /// A short word on the picture, such as the number of running jobs; not part of the link's name.
    pub badge: Signal<Option<String>>,
}

impl FrameEntry {
    /// An entry without a badge.
    pub fn new(label: &'static str, glyph: Glyph, href: impl Into<Signal<String>>) -> Self {
        Self { label, glyph, href: href.into(), badge: Signal::stored(None) }
    }

    /// The same with a badge.
    pub fn with_badge(self, badge: impl Into<Signal<Option<String>>>) -> Self {
        Self { badge: badge.into(), ..self }
    }
}

/// Bar, rail and main. Below 640 px the rail is a bar at the bottom.
#[component]
pub fn Frame(
    /// The views, in the order of the rail.
    entries: Vec<FrameEntry>,
    /// The label of the view that is shown.
    #[prop(into)]
    current: Signal<&'static str>,
    /// What stands beside the name: the archive chooser.
    #[prop(optional, into)]
    start: ViewFn,
    /// What stands at the end of the bar: who is signed in, theme.
    #[prop(optional, into)]
    end: ViewFn,
    /// What lies over everything and does not scroll with the view: messages.
    #[prop(optional, into)]
    overlay: ViewFn,
    /// The view itself. Its first `h1` takes the focus when the view changes.
    children: Children,
) -> impl IntoView {
    let main = NodeRef::<html::Main>::new();
    Effect::new(move |before: Option<&'static str>| {
        let now = current.get();
        if before.is_some_and(|before| before != now) {
            request_animation_frame(move || focus_heading(main));
        }
        now
    });
    view! {
        <div class="parallax frame">
            <div class="frame-body">
                <header class="frame-bar">
                    <div class="frame-name">
                        <Icon glyph=Glyph::Parallax />
                        <span class="frame-word">"Parallax"</span>
                    </div>
                    <div class="frame-start">{start.run()}</div>
                    <div class="frame-end">{end.run()}</div>
                </header>
                <nav class="rail" aria-label="Views">
                    <ul class="rail-list">
                        {entries.into_iter().map(|entry| view! { <RailLink entry current /> }).collect_view()}
                    </ul>
                </nav>
                <main class="frame-main" tabindex="-1" node_ref=main>
                    {children()}
                </main>
            </div>
            {overlay.run()}
        </div>
    }
}

#[component]
fn RailLink(entry: FrameEntry, current: Signal<&'static str>) -> impl IntoView {
    let FrameEntry { label, glyph, href, badge } = entry;
    let link = NodeRef::<html::A>::new();
    // Where the rail scrolls, the view that is shown is in sight.
    Effect::new(move || {
        if let (true, Some(link)) = (current.get() == label, link.get()) {
            let nearest = web_sys::ScrollIntoViewOptions::new();
            nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
            nearest.set_inline(web_sys::ScrollLogicalPosition::Nearest);
            request_animation_frame(move || link.scroll_into_view_with_scroll_into_view_options(&nearest));
        }
    });
    view! {
        <li>
            <a
                node_ref=link
                class="rail-link"
                href=move || href.get()
                aria-current=move || (current.get() == label).then_some("page")
            >
                <Icon glyph />
                <span>{label}</span>
                {move || badge.get().map(|words| view! { <span class="rail-badge" aria-hidden="true">{words}</span> })}
            </a>
        </li>
    }
}

/// Puts the focus on the first heading of the view, or on the landmark if it has none yet.
fn focus_heading(main: NodeRef<html::Main>) {
    let Some(main) = main.try_get_untracked().flatten() else { return };
    let heading =
        main.query_selector("h1").ok().flatten().and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok());
    let target = match heading {
        Some(heading) => {
            heading.set_tab_index(-1);
            heading
        }
        None => main.unchecked_into(),
    };
    // A browser that refuses the focus has a reason, such as an open dialog.
    target.focus().ok();
}
