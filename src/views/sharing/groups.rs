//! The groups that the user owns or belongs to.

use leptos::prelude::*;
use tap::{share::Group, users::User};

use super::listed;
use crate::{
    actions::Actions,
    components::{
        empty_state::EmptyState,
        icon::{Glyph, Icon},
    },
};

#[component]
pub fn Groups() -> impl IntoView {
    let actions = expect_context::<Actions>();
    view! {
        <section class="stack loose" aria-label="Groups">
            <div class="row">
                <p class="muted grow">"A group is a list of users with whom you share tables at one stroke, such as a class."</p>
                <button class="button" type="button" on:click=move |_| actions.open_group_form(None)>
                    <Icon glyph=Glyph::Plus />
                    "New group"
                </button>
            </div>
            {listed(actions, actions.state.sharing.groups, move |groups| if groups.is_empty() {
                view! {
                    <EmptyState
                        glyph=Glyph::Sharing
                        title="No groups yet"
                        text="Groups that you make, and those that others put you in, stand here with their members."
                    />
                }.into_any()
            } else {
                let lines = groups.into_iter().map(|group| line(actions, group)).collect_view();
                view! { <div class="panel flush"><ul class="list">{lines}</ul></div> }.into_any()
            })}
        </section>
    }
}

fn line(actions: Actions, group: Group) -> impl IntoView {
    let own = actions.state.user_untracked().is_some_and(|user| user == group.owner);
    let title = group.title.clone();
    let (edited, deleted) = (group.clone(), group.clone());
    view! {
        <li>
            <span class="list-main stack tight">
                <span class="row tight">
                    <span class="strong">{title.clone()}</span>
                    <span class="badge">{if own { "yours".to_owned() } else { format!("of {}", group.owner) }}</span>
                </span>
                {(!group.description.is_empty()).then(|| view! { <span class="muted">{group.description}</span> })}
                {if group.members.is_empty() {
                    view! { <span class="muted small">"No members"</span> }.into_any()
                } else {
                    view! {
                        <ul class="chips" aria-label=format!("Members of {title}")>
                            {group.members.iter().map(|user| view! { <li class="badge accent">{full_name(user)}</li> }).collect_view()}
                        </ul>
                    }.into_any()
                }}
            </span>
            {own.then(|| view! {
                <span class="list-side">
                    <button
                        class="button small"
                        type="button"
                        aria-label=format!("Edit {title}")
                        on:click=move |_| actions.open_group_form(Some(edited.clone()))
                    >
                        "Edit"
                    </button>
                    <button
                        class="button small quiet danger"
                        type="button"
                        aria-label=format!("Delete {title}")
                        on:click=move |_| actions.ask_to_delete_group(&deleted)
                    >
                        "Delete"
                    </button>
                </span>
            })}
        </li>
    }
}

/// What people call a user, and what the archive does.
pub fn full_name(user: &User) -> String {
    if user.name.is_empty() || user.name == user.id { user.id.clone() } else { format!("{} ({})", user.name, user.id) }
}
