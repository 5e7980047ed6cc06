//! Whether a result is all of it, in one word and one color; the reason on hover and for screen readers.

use leptos::prelude::*;
use workbench::completeness::Verdict;

use crate::components::icon::{Glyph, Icon};

/// The verdict on a result; nothing while it is not known yet.
#[component]
pub fn VerdictBadge(
    /// The verdict, once there is one.
    #[prop(into)]
    verdict: Signal<Option<Verdict>>,
) -> impl IntoView {
    move || {
        verdict.get().map(|verdict| {
            let (class, glyph, word, reason) = words(&verdict);
            view! {
                <span class=class title=reason.clone()>
                    <Icon glyph />
                    {word}
                    <span class="visually-hidden">{format!(": {reason}")}</span>
                </span>
            }
        })
    }
}

fn words(verdict: &Verdict) -> (&'static str, Glyph, &'static str, String) {
    match verdict {
        Verdict::Complete => ("badge good", Glyph::Check, "Complete", "All rows of the result are here.".to_owned()),
        Verdict::Overflow(rows) => (
            "badge care",
            Glyph::Warning,
            "Overflow",
            format!("The service cut the result at {rows} rows; there are more."),
        ),
        Verdict::Partial(reason) => ("badge bad", Glyph::Warning, "Partial", reason.clone()),
        Verdict::Unknown(reason) => ("badge", Glyph::Information, "Completeness unknown", reason.clone()),
    }
}
