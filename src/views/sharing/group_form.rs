//! The form for a group.

use leptos::prelude::*;
use tap::share::MemberChanges;

use super::{add_user::AddUser, groups::full_name};
use crate::{
    actions::Actions,
    components::{
        dialog::Dialog,
        field::TextField,
        icon::{Glyph, Icon},
    },
    views::command::ShowCommand,
};

#[component]
pub fn GroupDialog() -> impl IntoView {
    let form = expect_context::<Actions>().state.sharing.group;
    let title = Signal::derive(move || {
        form.before.with(|before| match before {
            Some(group) => format!("Edit “{}”", group.title),
            None => "New group".to_owned(),
        })
    });
    view! {
        <Dialog open=form.open title>
            <Form />
        </Dialog>
    }
}

#[component]
fn Form() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.sharing.group;
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        actions.save_group();
    };
    view! {
        <form class="stack loose" on:submit=save>
            <TextField label="Title" value=form.title on_input=move |text| form.title.set(text) />
            <label class="field">
                <span>"Description"</span>
                <textarea rows="2" prop:value=form.description on:input:target=move |event| form.description.set(event.target().value())></textarea>
            </label>
            <Members />
            {move || form.progress.problem.get().map(|problem| view! { <p class="notice error" role="alert">{problem}</p> })}
            <div class="row end">
                <ShowCommand show=move |()| actions.show_group_command() />
                <span class="grow"></span>
                <button class="button primary" type="submit" disabled=form.progress.busy>"Save group"</button>
            </div>
        </form>
    }
}

#[component]
fn Members() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let form = actions.state.sharing.group;
    view! {
        <fieldset class="stack">
            <legend>"Members"</legend>
            <ul class="chips" aria-label="Members">
                {move || form.members.get().into_iter().map(|user| {
                    let name = full_name(&user);
                    view! {
                        <li class="badge accent">
                            {name.clone()}
                            <button class="chip-remove" type="button" aria-label=format!("Remove {name}") on:click=move |_| actions.drop_member(&user.id)>
                                <Icon glyph=Glyph::Close />
                            </button>
                        </li>
                    }
                }).collect_view()}
            </ul>
            <AddUser
                label="Member to add"
                button="Add member"
                name=form.candidate
                busy=form.progress.busy
                on_add=move |()| actions.add_member()
            />
            <p class="hint" aria-live="polite">{move || changes(&actions)}</p>
        </fieldset>
    }
}

/// What saving does to the members, before it does it.
fn changes(actions: &Actions) -> String {
    let form = actions.state.sharing.group;
    let Some(before) = form.before.get() else {
        return "Whether the archive knows a user is asked when you add one.".into();
    };
    let ids: Vec<String> = form.members.with(|members| members.iter().map(|user| user.id.clone()).collect());
    let MemberChanges { added, removed } = MemberChanges::between(&before, &ids);
    match (added.join(", "), removed.join(", ")) {
        (added, removed) if added.is_empty() && removed.is_empty() => "No member changes.".into(),
        (added, removed) if removed.is_empty() => format!("Saving adds {added}."),
        (added, removed) if added.is_empty() => format!("Saving removes {removed}."),
        (added, removed) => format!("Saving adds {added} and removes {removed}."),
    }
}
