//! Text to the system's clipboard.

use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Copies `text` and tells whether that went well; without a secure context there is no clipboard.
pub fn copy_text(text: String, done: impl FnOnce(bool) + 'static) {
    spawn_local(async move {
        let navigator = window().navigator();
        let there = Reflect::get(&navigator, &JsValue::from("clipboard")).is_ok_and(|clipboard| clipboard.is_object());
        let copied = there && JsFuture::from(navigator.clipboard().write_text(&text)).await.is_ok();
        done(copied);
    });
}
