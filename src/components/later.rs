//! Building a view in parts, so that no part keeps the page from answering.

use leptos::prelude::*;

/// Builds its content in a task of its own, after what stands around it is there.
#[component]
pub fn Later(
    /// The content.
    #[prop(into)]
    content: ViewFn,
) -> impl IntoView {
    let due = RwSignal::new(false);
    let begin = move || {
        // It may be gone by then.
        due.try_set(true);
    };
    let handle = set_timeout_with_handle(begin, std::time::Duration::ZERO).ok();
    on_cleanup(move || handle.iter().for_each(TimeoutHandle::clear));
    move || due.get().then(|| content.run())
}
