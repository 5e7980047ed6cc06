//! Moving the focus, and what the user has marked.

use js_sys::Object;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Focusable;

    #[wasm_bindgen(method)]
    fn focus(this: &Focusable, options: &Object);

    #[wasm_bindgen(js_name = getSelection)]
    fn selection() -> Option<Object>;
}

/// Focuses an element without scrolling to it: the caller has put it in sight by its own means.
pub fn focus_in_place(element: &web_sys::Element) {
    let options = Object::new();
    // A plain object takes every property.
    js_sys::Reflect::set(&options, &"preventScroll".into(), &true.into()).ok();
    element.unchecked_ref::<Focusable>().focus(&options);
}

/// Whether some text in the page is marked.
pub fn text_is_marked() -> bool {
    selection().is_some_and(|selection| selection.to_string().length() > 0)
}
