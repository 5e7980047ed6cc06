//! A part of a view that changes.

use leptos::prelude::*;

/// Shows what `part` gives, anew whenever something that it reads changes.
///
/// A closure in a view does the same, but each closure is a type of its own, for which the whole machinery of rendering
/// is compiled again; behind this one type it is compiled once. The page's size depends on it.
pub fn dynamic<V: IntoView + 'static>(mut part: impl FnMut() -> V + Send + 'static) -> impl IntoView {
    let part: Box<dyn FnMut() -> AnyView + Send> = Box::new(move || part().into_any());
    part
}
