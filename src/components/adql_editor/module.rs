//! `editor/editor.js` as Rust sees it: the module, the editor that it makes, the callbacks that it is given.

use js_sys::{Array, Object, Promise, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, HtmlTextAreaElement};

use super::{
    Diagnostic,
    offsets::{self, Place},
};

#[wasm_bindgen]
extern "C" {
    /// The language's own `import()`; the address is relative to the module that wasm-bindgen writes.
    #[wasm_bindgen(js_name = import)]
    fn import_module(address: &str) -> Promise;

    type EditorModule;

    #[wasm_bindgen(method, catch)]
    fn create(this: &EditorModule, host: &HtmlElement, options: &Object) -> Result<View, JsValue>;

    type View;

    #[wasm_bindgen(method, js_name = setText)]
    fn set_text(this: &View, text: &str);

    #[wasm_bindgen(method)]
    fn insert(this: &View, text: &str);

    #[wasm_bindgen(method, js_name = setProblems)]
    fn set_problems(this: &View, problems: &Array);

    #[wasm_bindgen(method)]
    fn select(this: &View, from: u32, to: u32);

    #[wasm_bindgen(method)]
    fn focus(this: &View);

    #[wasm_bindgen(method)]
    fn destroy(this: &View);
}

/// Words for the editor.
#[derive(Clone)]
pub struct Options {
    /// Accessible name.
    pub label: &'static str,
    /// Accessible description: the keys.
    pub description: &'static str,
    /// Shown while the text is empty.
    pub placeholder: String,
}

/// An editor in the page, with the callbacks that it holds; destroyed when dropped.
pub struct Editor {
    view: View,
    _tokens: Closure<dyn Fn(String) -> Uint32Array>,
    _changed: Closure<dyn Fn(String)>,
    _run: Closure<dyn Fn()>,
}

impl Editor {
    /// Loads the module and puts an editor into `host`; `None` if the module does not come or `text` is gone meanwhile.
    pub async fn load(
        address: &str,
        host: &HtmlElement,
        options: Options,
        text: impl Fn() -> Option<String>,
        changed: impl Fn(String) + 'static,
        run: impl Fn() + 'static,
    ) -> Option<Self> {
        let module = JsFuture::from(import_module(address)).await.ok()?.unchecked_into::<EditorModule>();
        let tokens = Closure::<dyn Fn(String) -> Uint32Array>::new(|text: String| {
            Uint32Array::from(offsets::encode(&text, &adql::lexer::tokens(&text)).as_slice())
        });
        let changed = Closure::<dyn Fn(String)>::new(changed);
        let run = Closure::<dyn Fn()>::new(run);
        let given = object(&[
            ("text", text()?.into()),
            ("label", options.label.into()),
            ("description", options.description.into()),
            ("placeholder", options.placeholder.into()),
            ("classes", offsets::CLASSES.iter().map(|&class| JsValue::from(class)).collect::<Array>().into()),
            ("tokens", tokens.as_ref().clone()),
            ("changed", changed.as_ref().clone()),
            ("run", run.as_ref().clone()),
        ]);
        let view = module.create(host, &given).ok()?;
        Some(Self { view, _tokens: tokens, _changed: changed, _run: run })
    }

    /// Selection and focus of the text area that served till now.
    pub fn take_over(&self, area: &HtmlTextAreaElement) {
        if let (Ok(Some(from)), Ok(Some(to))) = (area.selection_start(), area.selection_end()) {
            self.view.select(from, to);
        }
        if area.matches(":focus").unwrap_or(false) {
            self.view.focus();
        }
    }

    /// Replaces the text, if it differs.
    pub fn set_text(&self, text: &str) {
        self.view.set_text(text);
    }

    /// Puts `text` at the cursor.
    pub fn insert(&self, text: &str) {
        self.view.insert(text);
    }

    /// Shows these problems of `text`.
    pub fn set_problems(&self, text: &str, problems: &[Diagnostic]) {
        let unit = |byte| Place::new(text).at(byte);
        let problems = problems.iter().map(|problem| {
            object(&[
                ("from", unit(problem.start).into()),
                ("to", unit(problem.end.max(problem.start)).into()),
                ("message", problem.message.as_str().into()),
            ])
        });
        self.view.set_problems(&problems.collect());
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.view.destroy();
    }
}

/// Puts `text` at the cursor of a text area.
pub fn insert_plain(area: &HtmlTextAreaElement, text: &str) {
    let value = area.value();
    let units: Vec<u16> = value.encode_utf16().collect();
    let place = |given: Result<Option<u32>, JsValue>| {
        given.ok().flatten().map_or(units.len(), |unit| units.len().min(unit as usize))
    };
    let (from, to) = (place(area.selection_start()), place(area.selection_end()));
    let before = String::from_utf16_lossy(&units[..from]);
    let after = String::from_utf16_lossy(&units[to.max(from)..]);
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"');
    let left = if is_word(before.chars().next_back()) { " " } else { "" };
    let right = if is_word(after.chars().next()) { " " } else { "" };
    area.set_value(&format!("{before}{left}{text}{right}{after}"));
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        // A plain object takes every property.
        Reflect::set(&object, &(*key).into(), value).ok();
    }
    object
}
