//! A text with what was searched for lit up in it.

use leptos::prelude::*;

/// `text`, with every place of the filter in a `<mark>`.
#[component]
pub fn Marked(text: Signal<String>, filter: Signal<String>) -> impl IntoView {
    move || {
        let parts = parts(&text.read(), filter.read().trim());
        parts
            .into_iter()
            .map(|(part, found)| if found { view! { <mark>{part}</mark> }.into_any() } else { part.into_any() })
            .collect_view()
    }
}

/// The text cut where the filter is found, whatever the case of letters.
fn parts(text: &str, filter: &str) -> Vec<(String, bool)> {
    let lower = text.to_ascii_lowercase();
    let filter = filter.to_ascii_lowercase();
    if filter.is_empty() || !lower.contains(&filter) {
        return vec![(text.to_owned(), false)];
    }
    let mut parts = Vec::new();
    let mut end = 0;
    for (start, found) in lower.match_indices(&filter) {
        parts.push((text[end..start].to_owned(), false));
        end = start + found.len();
        parts.push((text[start..end].to_owned(), true));
    }
    parts.push((text[end..].to_owned(), false));
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_every_place() {
        let marked = parts("Ra_RA é", "ra");
        assert_eq!(marked, [("Ra".into(), true), ("_".into(), false), ("RA".into(), true), (" é".into(), false)]);
        assert_eq!(parts("x", ""), [("x".into(), false)]);
    }
}
