//! The tree of schemas, tables and columns (ARIA tree view): opened lazily, searched, inserted into the query.
//!
//! What is loaded is given as data; which nodes are open is the tree's own affair.

mod lines;
mod mark;

use std::collections::{HashMap, HashSet};

use leptos::{html, prelude::*};

use crate::components::{
    focus::focus_in_place,
    icon::{Glyph, Icon},
};
use lines::{Line, Status};
use mark::Marked;

/// Children that may have to be asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Branch<T> {
    /// Not asked for yet.
    #[default]
    Unknown,
    /// On their way.
    Loading,
    /// Here.
    Ready(Vec<T>),
    /// They did not come, for this reason; opening the node again asks again.
    Failed(String),
}

/// A schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeSchema {
    /// Its name.
    pub name: String,
    /// Description, as plain text.
    pub description: Option<String>,
    /// Its tables.
    pub tables: Branch<TreeTable>,
}

/// A table or a view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeTable {
    /// Its name, with the schema's: `gaiadr3.gaia_source`.
    pub name: String,
    /// Description, as plain text.
    pub description: Option<String>,
    /// Its columns.
    pub columns: Branch<TreeColumn>,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeColumn {
    /// Its name.
    pub name: String,
    /// Description, as plain text.
    pub description: Option<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Datatype in words.
    pub datatype: String,
}

/// Names a node: by schema, by schema and table, or by all three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TreePath {
    /// The schema's name.
    pub schema: String,
    /// The table's name, with the schema's.
    pub table: Option<String>,
    /// The column's name.
    pub column: Option<String>,
}

/// The tree. It fills the height that it is given and scrolls.
#[component]
pub fn SchemaTree(
    /// Accessible name.
    #[prop(default = "Schemas and tables".to_owned(), into)]
    label: String,
    /// What is known so far.
    #[prop(into)]
    schemas: Signal<Vec<TreeSchema>>,
    /// Only nodes with this in their name or description, and what is above them; empty for all.
    #[prop(optional, into)]
    filter: Signal<String>,
    /// The node whose documentation is shown elsewhere.
    #[prop(optional, into)]
    selected: Signal<Option<TreePath>>,
    /// A node was opened whose children are not here.
    on_open: Callback<TreePath>,
    /// A node was chosen (click or Enter), and opened or closed by that.
    on_select: Callback<TreePath>,
    /// A name is wanted in the query (button, double click or Shift+Enter).
    on_insert: Callback<TreePath>,
) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    let open = RwSignal::new(HashSet::<TreePath>::new());
    let active = RwSignal::new(None::<TreePath>);
    let lines = Memo::new(move |_| lines::lines(&schemas.read(), &open.read(), filter.read().trim()));
    let by_path = Memo::new(move |_| {
        lines.read().iter().map(|line| (line.path.clone(), line.clone())).collect::<HashMap<TreePath, Line>>()
    });
    // The line in the tab order: the active one if it is there, else the first.
    let stop = Memo::new(move |_| {
        let (lines, active) = (lines.read(), active.get());
        active
            .filter(|active| lines.iter().any(|line| line.path == *active))
            .or_else(|| lines.first().map(|line| line.path.clone()))
    });

    let toggle = move |path: TreePath| {
        let line = lines.read_untracked().iter().find(|line| line.path == path).cloned();
        let Some(Line { expanded: Some(expanded), status, .. }) = line else { return };
        open.update(|open| {
            if expanded {
                open.remove(&path);
            } else {
                open.insert(path.clone());
            }
        });
        if !expanded && matches!(status, Status::Unknown | Status::Failed(_)) {
            on_open.run(path);
        }
    };
    let go = move |path: TreePath| {
        active.set(Some(path));
        request_animation_frame(move || {
            let Some(Some(root)) = root.try_get_untracked() else { return };
            if let Ok(Some(line)) = root.query_selector(".tree-line[tabindex='0']") {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                line.scroll_into_view_with_scroll_into_view_options(&options);
                focus_in_place(&line);
            }
        });
    };
    let key = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let lines = lines.read_untracked();
        let Some(at) = stop.get_untracked().and_then(|stop| lines.iter().position(|line| line.path == stop)) else {
            return;
        };
        let line = &lines[at];
        let to = |index: usize| lines.get(index).map(|line| line.path.clone());
        let next = match event.key().as_str() {
            "ArrowDown" => to(at + 1),
            "ArrowUp" => at.checked_sub(1).and_then(to),
            "Home" => to(0),
            "End" => to(lines.len() - 1),
            "ArrowRight" if line.expanded == Some(true) => to(at + 1).filter(|next| line.path.is_above(next)),
            "ArrowLeft" if line.expanded != Some(true) => line.path.above(),
            "ArrowRight" | "ArrowLeft" => {
                toggle(line.path.clone());
                None
            }
            "Enter" if event.shift_key() => {
                on_insert.run(line.path.clone());
                None
            }
            "Enter" | " " => {
                toggle(line.path.clone());
                on_select.run(line.path.clone());
                None
            }
            _ => return,
        };
        event.prevent_default();
        next.into_iter().for_each(go);
    };

    view! {
        <div class="tree" role="tree" aria-label=label on:keydown=key node_ref=root>
            <For
                each=move || lines.get().into_iter().map(|line| line.path)
                key=|path| path.clone()
                let:path
            >
                <TreeLine
                    path
                    by_path
                    stop
                    selected
                    filter
                    on_press=Callback::new(move |path: TreePath| {
                        active.set(Some(path.clone()));
                        toggle(path.clone());
                        on_select.run(path);
                    })
                    on_toggle=Callback::new(toggle)
                    on_insert
                />
            </For>
        </div>
    }
}

/// One line. It stays in the page, and keeps the focus, while what is known of its node changes.
#[component]
fn TreeLine(
    path: TreePath,
    by_path: Memo<HashMap<TreePath, Line>>,
    stop: Memo<Option<TreePath>>,
    selected: Signal<Option<TreePath>>,
    filter: Signal<String>,
    on_press: Callback<TreePath>,
    on_toggle: Callback<TreePath>,
    on_insert: Callback<TreePath>,
) -> impl IntoView {
    let level = path.level();
    let glyph = [Glyph::Folder, Glyph::Table, Glyph::Column][level - 1];
    let path = StoredValue::new(path);
    let is = move |other: Option<TreePath>| path.with_value(|path| other.as_ref() == Some(path));
    let line = Memo::new(move |_| path.with_value(|path| by_path.read().get(path).cloned()).unwrap_or_default());
    let name = Signal::derive(move || line.read().name.clone());
    view! {
        <div
            class=format!("tree-line level-{level}")
            class:failed=move || matches!(line.read().status, Status::Failed(_))
            role="treeitem"
            attr:aria-level=level
            aria-posinset=move || line.read().place
            aria-setsize=move || line.read().of
            aria-expanded=move || line.read().expanded.map(|expanded| expanded.to_string())
            aria-selected=move || is(selected.get()).to_string()
            aria-busy=move || (line.read().status == Status::Loading).then_some("true")
            tabindex=move || if is(stop.get()) { "0" } else { "-1" }
            title=move || line.read().description.clone()
            on:click=move |_| on_press.run(path.get_value())
            on:dblclick=move |_| on_insert.run(path.get_value())
        >
            <span
                class="tree-twist"
                class:open=move || line.read().expanded == Some(true)
                on:click=move |event| {
                    event.stop_propagation();
                    on_toggle.run(path.get_value());
                }
                on:dblclick=|event| event.stop_propagation()
            >
                {(level < 3).then(|| view! { <Icon glyph=Glyph::ChevronRight /> })}
            </span>
            <Icon glyph />
            <span class="tree-name">
                <Marked text=name filter />
            </span>
            <span class="tree-facts">{move || line.read().note()}</span>
            <button
                class="button quiet icon-only small tree-insert"
                type="button"
                tabindex="-1"
                title="Insert into the query"
                aria-label=move || format!("Insert {}", name.read())
                on:click=move |event| {
                    event.stop_propagation();
                    on_insert.run(path.get_value());
                }
                on:dblclick=|event| event.stop_propagation()
            >
                <Icon glyph=Glyph::Insert />
            </button>
        </div>
    }
}

impl TreePath {
    /// A schema.
    pub fn schema(schema: &str) -> Self {
        Self { schema: schema.to_owned(), table: None, column: None }
    }

    /// A table of this schema.
    pub fn table(&self, table: &str) -> Self {
        Self { table: Some(table.to_owned()), column: None, ..self.clone() }
    }

    /// A column of this table.
    pub fn column(&self, column: &str) -> Self {
        Self { column: Some(column.to_owned()), ..self.clone() }
    }

    /// The node above.
    pub fn above(&self) -> Option<Self> {
        match (&self.table, &self.column) {
            (_, Some(_)) => Some(Self { column: None, ..self.clone() }),
            (Some(_), None) => Some(Self { table: None, ..self.clone() }),
            (None, None) => None,
        }
    }

    /// 1 for a schema, 2 for a table, 3 for a column.
    pub fn level(&self) -> usize {
        1 + usize::from(self.table.is_some()) + usize::from(self.column.is_some())
    }

    fn is_above(&self, other: &Self) -> bool {
        other.above().as_ref() == Some(self)
    }
}
