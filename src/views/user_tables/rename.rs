//! Other names for a table and its columns.

use leptos::prelude::*;
use tap::user_tables::stored_name;

use crate::{
    actions::Actions,
    components::{
        dialog::Dialog,
        field::{Text, TextField},
    },
    state::user_tables::own_name,
    views::command::ShowCommand,
};

/// The dialog; open while there are names being typed.
#[component]
pub fn Rename() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.user_tables;
    let open = RwSignal::new(false);
    let editing = Memo::new(move |_| state.names.with(Option::is_some));
    Effect::new(move || open.set(editing.get()));
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            actions.discard_names();
        }
        now
    });
    let title = Signal::derive(move || {
        state.names.with(|names| names.as_ref().map_or_else(String::new, |names| format!("Rename {}", names.table)))
    });
    let problem = Memo::new(move |_| problem(&actions));
    let name = Signal::derive(move || {
        state.names.with(|names| names.as_ref().map(|names| names.name.clone()).unwrap_or_default())
    });
    let becomes = move || {
        stored_name(&name.get()).ok().filter(|stored| stored.name != name.get().trim() || stored.quotes.is_some())
    };
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if problem.get_untracked().is_none() {
            actions.rename_table();
        }
    };
    let columns = state.names.with_untracked(|names| names.as_ref().map_or(0, |names| names.columns.len()));
    let columns = Memo::new(move |before: Option<&usize>| {
        let now = state.names.with(|names| names.as_ref().map(|names| names.columns.len()));
        now.or(before.copied()).unwrap_or(columns)
    });
    view! {
        <Dialog open title>
            <form class="stack loose rename" on:submit=send>
                <div class="stack tight">
                <TextField
                    label="New name"
                    kind=Text::Name
                    value=name
                    on_input=move |text| actions.edit_names(|names| names.name = text)
                />
                {move || becomes().map(|stored| view! {
                    <p class="hint">{format!("It will be {} in queries.", stored.in_adql)}</p>
                })}
                </div>
                <details>
                    <summary>"Rename columns"</summary>
                    <div class="stack rename-columns">
                        {move || (0..columns.get()).map(|at| view! { <Column at /> }).collect_view()}
                    </div>
                </details>
                {move || problem.get().map(|problem| view! { <p class="muted small">{problem}</p> })}
                {move || state.problem.get().map(|problem| view! {
                    <p class="error-text" role="alert">{format!("{}. {} {}", problem.title, problem.message, problem.next)}</p>
                })}
                <p class="muted small">"Queries and jobs that name the table or a column keep the old names."</p>
                <div class="row end">
                    <ShowCommand show=Callback::new(move |()| actions.show_rename_command()) />
                    <button class="button" type="button" on:click=move |_| open.set(false)>"Keep"</button>
                    <button class="button primary" type="submit" disabled=move || problem.get().is_some() || state.changing.get()>"Rename table"</button>
                </div>
            </form>
        </Dialog>
    }
}

#[component]
fn Column(at: usize) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let names = actions.state.user_tables.names;
    let pair =
        move || names.with(|names| names.as_ref().and_then(|names| names.columns.get(at).cloned())).unwrap_or_default();
    let old = untrack(|| pair().0);
    view! {
        <label class="field">
            <span class="mono">{old}</span>
            <input
                type="text"
                class="mono"
                autocomplete="off"
                prop:value=move || pair().1
                on:input:target=move |event| {
                    let text = event.target().value();
                    actions.edit_names(|names| if let Some(column) = names.columns.get_mut(at) { column.1 = text });
                }
            />
        </label>
    }
}

/// Why nothing can be sent yet.
fn problem(actions: &Actions) -> Option<String> {
    let state = actions.state;
    let names = state.user_tables.names.get()?;
    let stored = match stored_name(&names.name) {
        Ok(stored) => stored.name,
        Err(problem) => return Some(format!("The name cannot be used: {problem}.")),
    };
    let user = state.user().unwrap_or_default();
    let same = own_name(&names.table, &user).is_some_and(|old| old.eq_ignore_ascii_case(&stored));
    let changed = names.changed();
    if same && changed.is_empty() {
        return Some("Type another name for the table or for a column.".into());
    }
    if !same && state.user_tables.has(&user, &stored) {
        return Some(format!("You have a table {stored} already."));
    }
    let bad = |name: &str| name.is_empty() || name.contains(['"', ',', ':']);
    if let Some((old, _)) = changed.iter().find(|(_, new)| bad(new)) {
        return Some(format!("The new name of {old} is empty, or has a quote, comma or colon in it."));
    }
    let all: Vec<String> = names.columns.iter().map(|(_, new)| new.trim().to_lowercase()).collect();
    let twice = all.iter().enumerate().find(|(at, name)| all[..*at].contains(name));
    twice.map(|(_, name)| format!("Two columns would be called {name}."))
}
