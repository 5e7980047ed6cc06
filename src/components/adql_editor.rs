//! The ADQL editor: CodeMirror 6 in a shadow root, loaded as a module of its own.
//!
//! Until it is there, or if it never comes, a plain text area serves with the same text. Colors come from `adql::lexer`.

mod module;
mod offsets;

use leptos::{html, prelude::*};
use wasm_bindgen_futures::spawn_local;

use module::{Editor, Options};

/// Something wrong with the query, shown under its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// First byte in the text.
    pub start: usize,
    /// Byte behind the last; equal to `start` if only the place is known.
    pub end: usize,
    /// What is wrong, for people.
    pub message: String,
}

const LABEL: &str = "ADQL query";
const DESCRIPTION: &str =
    "Control or Command with Enter runs the query. Tab indents; Escape, then Tab, leaves the editor.";

/// A text box named `ADQL query`.
#[component]
pub fn AdqlEditor(
    /// The query; what is typed is written here at once, what is written here is shown.
    value: RwSignal<String>,
    /// What is wrong with the text as it is now.
    #[prop(optional, into)]
    diagnostics: Signal<Vec<Diagnostic>>,
    /// Control or Command with Enter.
    on_run: Callback<()>,
    /// Text to put at the cursor; set back to `None` when that is done.
    insert: RwSignal<Option<String>>,
    /// Shown while the text is empty.
    #[prop(default = "SELECT TOP 100 …".to_owned(), into)]
    placeholder: String,
    /// Address of the editor's module, relative to the page's own module.
    #[prop(default = "./editor.js".to_owned(), into)]
    module: String,
) -> impl IntoView {
    let host = NodeRef::<html::Div>::new();
    let plain = NodeRef::<html::Textarea>::new();
    let editor = StoredValue::new_local(None::<Editor>);
    let loaded = RwSignal::new(false);

    let options = Options { label: LABEL, description: DESCRIPTION, placeholder: placeholder.clone() };
    Effect::new(move |started: Option<bool>| {
        let Some(host) = host.get() else { return false };
        if started == Some(true) {
            return true;
        }
        let (module, options) = (module.clone(), options.clone());
        spawn_local(async move {
            let changed = move |text| drop(value.try_set(text));
            let run = move || on_run.try_run(()).unwrap_or_default();
            let text = move || value.try_get_untracked();
            // Without the module the text area stays; a browser that refuses it says so in its console.
            let Some(made) = Editor::load(&module, &host, options, text, changed, run).await else { return };
            if let Some(Some(area)) = plain.try_get_untracked() {
                made.take_over(&area);
            }
            if editor.try_set_value(Some(made)).is_none() {
                loaded.set(true);
            }
        });
        true
    });
    on_cleanup(move || drop(editor.try_update_value(Option::take)));

    let with_editor = move |act: &dyn Fn(&Editor)| editor.with_value(|editor| editor.iter().for_each(act));
    Effect::new(move || {
        let text = value.get();
        if loaded.get() {
            with_editor(&|editor| editor.set_text(&text));
        }
    });
    Effect::new(move || {
        let list = diagnostics.get();
        if loaded.get() {
            let text = value.get_untracked();
            with_editor(&|editor| editor.set_problems(&text, &list));
        }
    });
    Effect::new(move || {
        let Some(text) = insert.get() else { return };
        if loaded.get_untracked() {
            with_editor(&|editor| editor.insert(&text));
        } else if let Some(area) = plain.get_untracked() {
            module::insert_plain(&area, &text);
            value.set(area.value());
        }
        insert.set(None);
    });

    view! {
        <div class="editor">
            <div class="editor-host" class:waiting=move || !loaded.get() node_ref=host></div>
            <Show when=move || !loaded.get()>
                <textarea
                    class="editor-plain"
                    aria-label=LABEL
                    aria-description="Control or Command with Enter runs the query."
                    placeholder=placeholder.clone()
                    spellcheck="false"
                    autocapitalize="off"
                    prop:value=move || value.get()
                    on:input:target=move |event| value.set(event.target().value())
                    on:keydown=move |event| {
                        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                            event.prevent_default();
                            on_run.run(());
                        }
                    }
                    node_ref=plain
                ></textarea>
                <PlainProblems value diagnostics />
            </Show>
        </div>
    }
}

/// The problems as a list, where there are no lines to put them under.
#[component]
fn PlainProblems(value: RwSignal<String>, diagnostics: Signal<Vec<Diagnostic>>) -> impl IntoView {
    move || {
        let problems = diagnostics.get();
        let text = value.read_untracked();
        (!problems.is_empty()).then(|| {
            let lines = problems.iter().map(|problem| {
                let line = 1 + text.bytes().take(problem.start).filter(|&byte| byte == b'\n').count();
                view! { <li>{format!("Line {line}: {}", problem.message)}</li> }
            });
            view! { <ul class="editor-problems">{lines.collect_view()}</ul> }
        })
    }
}
