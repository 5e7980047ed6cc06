//! Sharing: groups, what the user shares, what others share with the user.

mod add_user;
mod group_form;
mod groups;
mod items;
mod share_dialog;
mod with_me;

use leptos::prelude::*;

use crate::{
    actions::Actions,
    components::{
        asking::Asking,
        icon::{Glyph, Icon},
        tabs::Tabs,
    },
    state::schema::Loadable,
    views::{command::ShowCommand, session::ForUsers},
};

pub use share_dialog::ShareDialog;

/// The view.
#[component]
pub fn SharingView() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let member = Memo::new(move |_| state.user().is_some());
    view! {
        <div class="view page social">
            <div class="view-head">
                <h1>"Sharing"</h1>
                <Show when=move || member.get()>
                    <ShowCommand show=move |()| actions.show_sharing_command() />
                    <button class="button" type="button" on:click=move |_| actions.load_sharing()>
                        <Icon glyph=Glyph::Refresh />
                        "Refresh"
                    </button>
                </Show>
            </div>
            <ForUsers glyph=Glyph::Sharing what="Groups and shared tables">
                <Lists />
            </ForUsers>
            <group_form::GroupDialog />
        </div>
    }
}

#[component]
fn Lists() -> impl IntoView {
    let state = expect_context::<Actions>().state.sharing;
    let names = Memo::new(move |_| {
        vec![
            counted("Groups", state.groups.with(|list| list.here().map(Vec::len))),
            counted("Shared by me", state.items.with(|list| list.here().map(Vec::len))),
            counted("Shared with me", state.with_me.with(|list| list.here().map(Vec::len))),
        ]
    });
    view! {
        <Tabs label="What is shared" names chosen=state.tab />
        {move || match state.tab.get() {
            0 => view! { <groups::Groups /> }.into_any(),
            1 => view! { <items::Items /> }.into_any(),
            _ => view! { <with_me::WithMe /> }.into_any(),
        }}
    }
}

fn counted(name: &str, count: Option<usize>) -> String {
    count.map_or_else(|| name.to_owned(), |count| format!("{name} ({count})"))
}

/// A list that comes from the archive: what stands there while it comes, and if it does not.
fn listed<T: Clone + Send + Sync + 'static>(
    actions: Actions,
    list: RwSignal<Loadable<Vec<T>>>,
    lines: impl Fn(Vec<T>) -> AnyView + Send + 'static,
) -> impl IntoView {
    move || match list.get() {
        Loadable::Here(things) => lines(things),
        Loadable::Failed(error) => view! {
            <div class="notice error" role="alert">
                <span>{error}" What you wrote in forms is kept."</span>
                <button class="button small" type="button" on:click=move |_| actions.load_sharing()>"Try again"</button>
            </div>
        }
        .into_any(),
        Loadable::Loading | Loadable::Absent => {
            view! { <Asking text="Asking the archive for groups and shares" /> }.into_any()
        }
    }
}
