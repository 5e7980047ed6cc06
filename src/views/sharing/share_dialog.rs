//! The form in which a table is shared, and the question before something is shared no longer; both over every view.

use leptos::prelude::*;

use super::{add_user::AddUser, items::target};
use crate::{
    actions::Actions,
    components::{
        asking::Asking,
        confirm::Confirm,
        dialog::Dialog,
        field::{CheckBox, TextField},
        icon::{Glyph, Icon},
    },
    state::sharing::Removal,
    views::command::ShowCommand,
};

/// Mounted once for the whole page; opened by `Actions::ask_to_share` and `Actions::ask_to_remove`.
#[component]
pub fn ShareDialog() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.sharing;
    let title = Signal::derive(move || format!("Share {}", state.share.table.get()));
    let question = Signal::derive(move || {
        state.removal.with(|removal| match removal {
            Some(Removal::Group(group)) => format!("Delete the group “{}”?", group.title),
            Some(Removal::Item(item)) => format!("Stop sharing {}?", item.title),
            None => String::new(),
        })
    });
    let deed = Signal::derive(move || {
        state.removal.with(|removal| match removal {
            Some(Removal::Item(_)) => "Stop sharing".to_owned(),
            _ => "Delete group".to_owned(),
        })
    });
    view! {
        <Dialog open=state.share.open title>
            <Form />
        </Dialog>
        <Confirm title=question open=state.removing deed on_confirm=Callback::new(move |()| actions.remove_shared())>
            {move || losses(&actions).into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            <div class="row"><ShowCommand show=move |()| actions.show_removal_command() /></div>
        </Confirm>
    }
}

/// What is lost by the removal, and what stays.
fn losses(actions: &Actions) -> Vec<String> {
    let state = actions.state.sharing;
    let list = |words: Vec<String>| words.join(", ");
    match state.removal.get() {
        None => Vec::new(),
        Some(Removal::Item(item)) => {
            let to = list(item.shared_to.iter().map(|to| state.name_of(to)).collect());
            vec![
                format!("No longer able to query it: {to}."),
                "The table itself stays, and you can share it again.".to_owned(),
            ]
        }
        Some(Removal::Group(group)) => {
            let shared = state.items.with(|items| {
                let to_it = items
                    .here()
                    .into_iter()
                    .flatten()
                    .filter(|item| item.shared_to.iter().any(|to| to.kind == "Group" && to.id == group.id));
                list(to_it.map(|item| item.title.clone()).collect())
            });
            let members = list(group.members.iter().map(|user| user.id.clone()).collect());
            vec![
                match members.is_empty() {
                    true => "The group has no members.".to_owned(),
                    false => format!("Its members lose it: {members}."),
                },
                match shared.is_empty() {
                    true => "You share no table with it; its members may.".to_owned(),
                    false => format!(
                        "No longer shared with it: {shared}. Its members may share tables with it too; those shares end as well."
                    ),
                },
                "The tables themselves stay. The group cannot be brought back.".to_owned(),
            ]
        }
    }
}

#[component]
fn Form() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.sharing;
    let form = state.share;
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        actions.save_share();
    };
    let waiting = move || form.before.with(Option::is_none) && form.progress.busy.get();
    view! {
        <form class="stack loose" on:submit=save>
            <div class="stack">
                <h3>"Shared with"</h3>
                {move || if waiting() {
                    view! { <Asking text="Asking the archive with whom it is shared now" /> }.into_any()
                } else if form.to.with(Vec::is_empty) {
                    view! { <p class="muted">"Nobody. Add a group or a user below, then save."</p> }.into_any()
                } else {
                    view! {
                        <ul class="chips" aria-label="Shared with">
                            {form.to.get().into_iter().map(|to| {
                                let words = target(&state, &to);
                                view! {
                                    <li class="badge accent">
                                        {words.clone()}
                                        <button class="chip-remove" type="button" aria-label=format!("Remove {words}") on:click=move |_| actions.unshare(&to)>
                                            <Icon glyph=Glyph::Close />
                                        </button>
                                    </li>
                                }
                            }).collect_view()}
                        </ul>
                    }.into_any()
                }}
            </div>
            <Adding />
            <TextField label="Description, for those who may query it" value=form.description on_input=move |text| form.description.set(text) />
            {move || form.progress.problem.get().map(|problem| view! { <p class="notice error" role="alert">{problem}</p> })}
            <div class="row end">
                <ShowCommand show=move |()| actions.show_share_command() />
                <span class="grow"></span>
                <button class="button primary" type="submit" disabled=move || form.progress.busy.get() || form.before.with(Option::is_none)>
                    "Save sharing"
                </button>
            </div>
        </form>
    }
}

/// A group or a user to share with.
#[component]
fn Adding() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.sharing;
    let form = state.share;
    view! {
        <div class="stack">
            <div class="adding">
                <label class="field grow">
                    <span>"Group"</span>
                    <select prop:value=form.group on:change:target=move |event| form.group.set(event.target().value())>
                        <option value="">"Choose a group"</option>
                        {move || state.groups.with(|groups| groups.here().into_iter().flatten().map(|group| view! {
                            <option value=group.id.clone()>{group.title.clone()}</option>
                        }).collect_view())}
                    </select>
                </label>
                <button class="button" type="button" on:click=move |_| actions.share_with_group()>"Add group"</button>
            </div>
            <AddUser
                label="User to add"
                button="Add user"
                name=form.candidate
                busy=form.progress.busy
                on_add=move |()| actions.share_with_user()
            />
            <CheckBox
                label="Those that I add may change the table too, not only read it"
                checked=form.write
                on_change=move |on| form.write.set(on)
            />
        </div>
    }
}
