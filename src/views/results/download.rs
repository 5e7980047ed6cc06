//! The result as a file, written in this page from the rows in hand.

use leptos::prelude::*;
use workbench::export::Format;

use crate::{
    actions::Actions,
    components::{
        icon::Glyph,
        menu::{Menu, MenuItem},
    },
};

/// The formats of the archive, and CSV of what is shown.
pub const FORMATS: [(Format, &str); 7] = [
    (Format::Votable, "VOTable (BINARY2)"),
    (Format::VotableGzip, "VOTable, gzip"),
    (Format::VotablePlain, "VOTable (TABLEDATA)"),
    (Format::Csv, "CSV"),
    (Format::Ecsv, "ECSV"),
    (Format::Json, "JSON"),
    (Format::Fits, "FITS"),
];

/// The button and its menu; the format chosen beside the query comes first.
#[component]
pub fn Download() -> impl IntoView {
    let actions = expect_context::<Actions>();
    // The one chosen beside the query first.
    let formats = Memo::new(move |_| {
        let preferred = actions.state.query.form.with(|form| form.format.clone());
        let (mut first, rest): (Vec<_>, Vec<_>) = FORMATS.iter().partition(|(format, _)| format.name() == preferred);
        first.extend(rest);
        first
    });
    let items = Signal::derive(move || {
        let mut items: Vec<MenuItem> = formats.get().into_iter().map(|(_, label)| MenuItem::new(label)).collect();
        items.push(MenuItem { detail: Some("Sorted as you see it".into()), ..MenuItem::new("CSV of what is shown") });
        items
    });
    let choose = Callback::new(move |at: usize| match formats.with_untracked(|formats| formats.get(at).copied()) {
        Some((format, _)) => actions.save(format.name(), false),
        None => actions.save(Format::Csv.name(), true),
    });
    view! { <Menu label="Download" glyph=Glyph::Download items on_choose=choose end=true /> }
}
