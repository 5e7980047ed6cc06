//! Components in a real DOM: what a screen reader hears of them, and what they tell their owner.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::mount::mount_to;
use leptos::prelude::*;
use parallax::components::announcer::Announcer;
use parallax::components::data_grid::{CellBlock, ColumnHead, DataGrid};
use parallax::components::frame::{Frame, FrameEntry};
use parallax::components::icon::Glyph;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn the_grid_says_how_many_rows_there_are_and_shows_cells_as_they_are() {
    let stage = Stage::new();
    let grid = Grid::new(1_000);
    let _handle = mount_to(stage.element.clone(), grid.clone().view());
    settle().await;
    let root = stage.one("[role=grid][aria-label=Result]");
    assert_eq!(root.get_attribute("aria-rowcount").as_deref(), Some("1001"));
    assert_eq!(root.get_attribute("aria-colcount").as_deref(), Some("2"));
    let head = stage.one("[role=columnheader]").text_content().unwrap();
    assert!(head.contains("source_id"), "{head}");
    let second = stage.texts("[role=row][aria-rowindex='3'] [role=gridcell]");
    assert_eq!(second[0], "4295806720000000001");
    // Row 2 has no parallax: neither zero nor nothing at all.
    assert!(!second[1].is_empty() && second[1].parse::<f64>().is_err(), "a null reads {:?}", second[1]);
}

#[wasm_bindgen_test]
async fn the_grid_draws_what_is_seen_and_asks_for_no_more() {
    let stage = Stage::new();
    let grid = Grid::new(3_000_000);
    let _handle = mount_to(stage.element.clone(), grid.clone().view());
    settle().await;
    let drawn = stage.texts("[role=row]").len();
    assert!((5..200).contains(&drawn), "{drawn} rows are drawn in 400 px");
    let root: HtmlElement = stage.one("[role=grid]").unchecked_into();
    root.set_scroll_top(root.scroll_height());
    settle().await;
    let (start, count) = *grid.asked.borrow().last().unwrap();
    assert_eq!(start + count, 3_000_000, "the end was not asked for");
    assert!(count < 500, "{count} rows were asked for at once");
    let last = stage.one("[role=row][aria-rowindex='3000001'] [role=gridcell]").text_content().unwrap();
    assert_eq!(last, "4295806720002999999");
}

#[wasm_bindgen_test]
async fn a_heading_tells_which_column_to_sort_by_and_how_it_is_sorted() {
    let stage = Stage::new();
    let grid = Grid::new(10);
    let _handle = mount_to(stage.element.clone(), grid.clone().view());
    settle().await;
    let heading = || stage.all("[role=columnheader]").remove(1);
    assert!(heading().get_attribute("aria-sort").is_none_or(|sort| sort == "none"));
    heading().unchecked_into::<HtmlElement>().click();
    assert_eq!(*grid.sorted.borrow(), [1]);
    grid.sort.set(vec![(1, true)]);
    settle().await;
    assert_eq!(heading().get_attribute("aria-sort").as_deref(), Some("descending"));
}

#[wasm_bindgen_test]
async fn the_frame_names_its_views_and_the_one_that_is_shown() {
    let stage = Stage::new();
    let current = RwSignal::new("Query");
    let view = move || {
        let entries = ["Query", "Jobs"].map(|label| {
            let href: Signal<String> = Signal::stored(format!("#/{}", label.to_lowercase()));
            FrameEntry::new(label, Glyph::Jobs, href).with_badge(Signal::stored(Some("3".to_owned())))
        });
        view! { <Frame entries=entries.to_vec() current><h1>"A view"</h1></Frame> }
    };
    let _handle = mount_to(stage.element.clone(), view);
    settle().await;
    assert_eq!(stage.all("nav a[aria-current=page]").len(), 1);
    assert!(stage.one("nav a[aria-current=page]").text_content().unwrap().contains("Query"));
    current.set("Jobs");
    settle().await;
    assert!(stage.one("nav a[aria-current=page]").text_content().unwrap().contains("Jobs"));
    let focused = web_sys::window().unwrap().document().unwrap().active_element().unwrap();
    assert_eq!(focused.text_content().as_deref(), Some("A view"), "the focus is not at the view's heading");
}

#[wasm_bindgen_test]
async fn what_is_announced_is_text() {
    let stage = Stage::new();
    let message = RwSignal::new(String::new());
    let _handle = mount_to(stage.element.clone(), move || view! { <Announcer message /> });
    message.set("<b>137 rows</b>".to_owned());
    settle().await;
    assert_eq!(stage.one("[aria-live=polite]").text_content().as_deref(), Some("<b>137 rows</b>"));
    assert!(stage.all("b").is_empty());
}

/// A grid of two columns whose owner answers every wish for cells at once.
#[derive(Clone)]
struct Grid {
    rows: usize,
    sort: RwSignal<Vec<(usize, bool)>>,
    asked: Rc<RefCell<Vec<(usize, usize)>>>,
    sorted: Rc<RefCell<Vec<usize>>>,
}

impl Grid {
    fn new(rows: usize) -> Self {
        Self { rows, sort: RwSignal::new(Vec::new()), asked: Rc::default(), sorted: Rc::default() }
    }

    fn view(self) -> impl FnOnce() -> AnyView {
        move || {
            let heads = [("source_id", None), ("parallax", Some("mas"))].map(|(name, unit)| ColumnHead {
                name: name.to_owned(),
                unit: unit.map(str::to_owned),
                numeric: true,
                ..ColumnHead::default()
            });
            let cells = RwSignal::new(CellBlock::default());
            let asked = StoredValue::new_local(self.asked);
            let sorted = StoredValue::new_local(self.sorted);
            let on_range = Callback::new(move |(start, count): (usize, usize)| {
                asked.with_value(|asked| asked.borrow_mut().push((start, count)));
                let rows = (start..start + count).map(|row| vec![Some(identifier(row)), parallax(row)]).collect();
                cells.set(CellBlock { start, cells: Arc::new(rows) });
            });
            let on_sort = Callback::new(move |column| sorted.with_value(|sorted| sorted.borrow_mut().push(column)));
            let (columns, rows) = (Signal::stored(heads.to_vec()), Signal::stored(self.rows));
            view! { <DataGrid columns rows cells on_range sort=self.sort on_sort /> }.into_any()
        }
    }
}

/// Beyond what a float could tell apart.
fn identifier(row: usize) -> String {
    (4_295_806_720_000_000_000_u64 + row as u64).to_string()
}

fn parallax(row: usize) -> Option<String> {
    row.is_multiple_of(2).then(|| format!("{row}.5"))
}

/// A part of the page for one test, gone with it.
struct Stage {
    element: HtmlElement,
}

impl Stage {
    fn new() -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let element: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        // Without the style sheets a grid has no height of its own and does not scroll.
        let sheet = document.create_element("style").unwrap();
        sheet.set_text_content(Some(
            ".grid-box { height: 400px } .grid { height: 400px; width: 600px; overflow: auto }",
        ));
        document.head().unwrap().append_child(&sheet).unwrap();
        document.body().unwrap().append_child(&element).unwrap();
        Self { element }
    }

    fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.element.query_selector_all(selector).unwrap();
        (0..found.length()).map(|index| found.get(index).unwrap().unchecked_into()).collect()
    }

    fn one(&self, selector: &str) -> Element {
        let mut found = self.all(selector);
        assert!(!found.is_empty(), "nothing matches {selector}");
        found.remove(0)
    }

    fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector).iter().map(|element| element.text_content().unwrap_or_default()).collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.element.remove();
    }
}

/// Waits until effects, observers and a frame or two have run.
async fn settle() {
    let wait = js_sys::Promise::new(&mut |done, _| {
        web_sys::window().unwrap().set_timeout_with_callback_and_timeout_and_arguments_0(&done, 150).unwrap();
    });
    JsFuture::from(wait).await.map(drop).unwrap_or_else(|error: JsValue| panic!("{error:?}"));
}
