//! Short messages in a corner that go by themselves, unless something went wrong.

use std::time::Duration;

use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};

/// How long good news stay.
const STAYS: Duration = Duration::from_secs(6);

/// The tone of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// A fact.
    #[default]
    Info,
    /// It worked.
    Good,
    /// Stays until it is closed.
    Warning,
    /// Stays until it is closed.
    Error,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// Tells messages apart; never used twice.
    pub id: u64,
    /// Its tone.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

/// All messages, the latest below. To be put inside the frame.
#[component]
pub fn Toasts(
    /// The messages that stand.
    #[prop(into)]
    toasts: Signal<Vec<Toast>>,
    /// A message was closed, or its time is over.
    on_close: Callback<u64>,
) -> impl IntoView {
    view! {
        <div class="toasts" aria-live="polite">
            <For each=move || toasts.get() key=|toast| toast.id let:toast>
                <Message toast on_close />
            </For>
        </div>
    }
}

#[component]
fn Message(toast: Toast, on_close: Callback<u64>) -> impl IntoView {
    let Toast { id, tone, text } = toast;
    if matches!(tone, Tone::Info | Tone::Good) {
        let timer = set_timeout_with_handle(move || on_close.try_run(id).unwrap_or_default(), STAYS).ok();
        on_cleanup(move || timer.into_iter().for_each(|timer| timer.clear()));
    }
    let (class, glyph) = match tone {
        Tone::Info => ("toast", Glyph::Information),
        Tone::Good => ("toast good", Glyph::Check),
        Tone::Warning => ("toast warning", Glyph::Warning),
        Tone::Error => ("toast error", Glyph::Warning),
    };
    view! {
        <div class=class>
            <Icon glyph />
            <span class="toast-text">{text}</span>
            <button
                class="button quiet icon-only small"
                type="button"
                aria-label="Close message"
                on:click=move |_| on_close.run(id)
            >
                <Icon glyph=Glyph::Close />
            </button>
        </div>
    }
}
