//! The phase of a job (UWS 1.1, section 2.1.3) as a word in the color of its group.

use leptos::prelude::*;

/// A phase as the service spells it.
#[component]
pub fn PhaseBadge(
    /// `PENDING`, `QUEUED`, `EXECUTING` …; an unknown word is shown as it is.
    #[prop(into)]
    phase: Signal<String>,
) -> impl IntoView {
    view! {
        <span class=move || format!("badge {}", group(&phase.read()))>
            <span class="dot"></span>
            {move || word(&phase.read())}
        </span>
    }
}

/// The class of the group that a phase belongs to.
fn group(phase: &str) -> &'static str {
    match phase {
        "PENDING" | "QUEUED" | "HELD" | "SUSPENDED" => "phase-waiting",
        "EXECUTING" => "phase-running",
        "COMPLETED" | "ARCHIVED" => "phase-done",
        "ERROR" => "phase-failed",
        "ABORTED" => "phase-stopped",
        _ => "phase-unknown",
    }
}

/// The phase in sentence case.
fn word(phase: &str) -> String {
    let mut letters = phase.chars();
    letters.next().map_or_else(|| "Unknown".to_owned(), |first| format!("{first}{}", letters.as_str().to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_have_a_word_and_a_group() {
        assert_eq!((word("EXECUTING").as_str(), group("EXECUTING")), ("Executing", "phase-running"));
        assert_eq!((word(""), group("")), ("Unknown".to_owned(), "phase-unknown"));
        assert_eq!(group("RUN"), "phase-unknown");
    }
}
