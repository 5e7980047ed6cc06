//! Several jobs at once: chosen, counted, deleted, and what became of it.

use leptos::prelude::*;

use super::merge::Entry;
use crate::{
    actions::Actions,
    components::{
        confirm::Confirm,
        icon::{Glyph, Icon},
        progress::Progress,
    },
    state::results::grouped,
    views::{clock::bytes, command::ShowCommand},
};

/// What the chosen jobs are and hold.
#[derive(Clone, Default, PartialEq)]
struct Sum {
    count: usize,
    open: usize,
    results: usize,
    rows: u64,
    bytes: u64,
}

impl Sum {
    fn of(entries: &[Entry], chosen: &[String]) -> Sum {
        let mut sum = Sum::default();
        for entry in entries.iter().filter(|entry| entry.path.as_ref().is_some_and(|path| chosen.contains(path))) {
            sum.count += 1;
            sum.open += usize::from(entry.open);
            sum.results += usize::from(entry.done);
            sum.rows += entry.size.0.unwrap_or(0);
            sum.bytes += entry.size.1.unwrap_or(0);
        }
        sum
    }

    fn jobs(&self) -> String {
        plural(self.count, "job")
    }

    /// What the archive gets back.
    fn frees(&self) -> String {
        if self.results == 0 {
            return "no result".to_owned();
        }
        let size = if self.bytes > 0 { format!(", {}", bytes(self.bytes)) } else { String::new() };
        format!("{} with {} rows{size}", plural(self.results, "result"), grouped(self.rows as usize))
    }
}

/// The line that stands while jobs are chosen, the question, and the report.
#[component]
pub fn Bulk(entries: Memo<Vec<Entry>>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let asking = RwSignal::new(false);
    let sum = Memo::new(move |_| state.jobs.chosen.with(|chosen| entries.with(|entries| Sum::of(entries, chosen))));
    let all = move || {
        let here = state.archive.get_untracked().unwrap_or_default();
        entries.with(|entries| {
            entries
                .iter()
                .filter(|entry| entry.archive == here)
                .filter_map(|entry| entry.path.clone())
                .collect::<Vec<_>>()
        })
    };
    let deed = Signal::derive(move || format!("Delete {}", sum.with(Sum::jobs)));
    let question = Signal::derive(move || format!("{}?", deed.get()));
    view! {
        {move || (sum.with(|sum| sum.count) > 0).then(|| view! {
            <div class="toolbar job-bulk" role="group" aria-label="Chosen jobs">
                <span class="strong">{move || format!("{} chosen", sum.with(Sum::jobs))}</span>
                <span class="muted small">{move || sum.with(Sum::frees)}</span>
                <span class="spacer"></span>
                <button class="button quiet" type="button" on:click=move |_| actions.choose_jobs(all())>"Choose all shown"</button>
                <button class="button quiet" type="button" on:click=move |_| actions.choose_jobs(Vec::new())>"Choose none"</button>
                <ShowCommand show=Callback::new(move |()| actions.show_delete_jobs_command()) />
                <button class="button danger" type="button" on:click=move |_| asking.set(true)>
                    <Icon glyph=Glyph::Trash />{move || deed.get()}
                </button>
            </div>
        })}
        <Confirm title=question open=asking deed on_confirm=Callback::new(move |()| actions.delete_chosen())>
            <p>{move || sum.with(|sum| {
                let stops = match sum.open {
                    0 => String::new(),
                    open => format!(" {} that still run are stopped.", plural(open, "job")),
                };
                format!("The archive deletes {} and {}.{stops} This cannot be taken back.", sum.jobs(), sum.frees())
            })}</p>
            <p class="muted">"What the page has already opened stays open until you reload it. The queries go with the jobs."</p>
        </Confirm>
        {move || state.jobs.deletion.get().map(|deletion| {
            let done = format!("{} of {} deleted.", deletion.done, plural(deletion.of, "job"));
            if deletion.running {
                let part = deletion.done as f64 / deletion.of.max(1) as f64;
                return view! {
                    <div class="notice info" role="status">
                        <span class="grow">
                            <strong>{done}</strong>
                            <Progress label="Deleting jobs" done=Signal::stored(Some(part)) />
                        </span>
                        <button class="button small" type="button" on:click=move |_| actions.stop_deleting()>"Cancel"</button>
                    </div>
                }.into_any();
            }
            let kind = if deletion.refused.is_empty() { "notice good" } else { "notice warning" };
            view! {
                <div class=kind role="status">
                    <span class="grow">
                        <strong>{done}</strong>
                        {(!deletion.refused.is_empty()).then(|| view! {
                            " Not deleted, in the words of the archive:"
                            <ul>{deletion.refused.iter().map(|said| view! { <li>{said.clone()}</li> }).collect_view()}</ul>
                        })}
                    </span>
                    <button class="button quiet icon-only small" type="button" aria-label="Close report" on:click=move |_| actions.close_report()>
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
            }.into_any()
        })}
    }
}

fn plural(count: usize, word: &str) -> String {
    format!("{} {word}{}", grouped(count), if count == 1 { "" } else { "s" })
}
