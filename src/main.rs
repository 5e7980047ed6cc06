//! The page: mounts the app in the document's body.

fn main() {
    console_error_panic_hook::set_once();
    let Some(body) = leptos::prelude::document().body() else { return };
    // The page lives as long as its document.
    std::mem::forget(parallax::app::mount(body));
}
