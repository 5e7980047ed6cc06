//! Notifications: the inbox, the notices for everybody, and who listens for news.

use leptos::prelude::*;
use tap::{
    Timestamp,
    events::{Event, Topic},
};

use crate::{
    actions::Actions,
    components::{
        asking::Asking,
        empty_state::EmptyState,
        field::Segmented,
        icon::{Glyph, Icon},
    },
    dom,
    state::{notifications::Message, schema::Loadable},
    views::{command::ShowCommand, session::ForUsers},
};

/// The view.
#[component]
pub fn NotificationsView() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let tap_plus = Memo::new(move |_| state.current_archive().is_some_and(|archive| archive.capabilities.tap_plus));
    view! {
        <div class="view page social">
            <div class="view-head">
                <h1>"Notifications"</h1>
                <Show when=move || tap_plus.get()>
                    <ShowCommand show=move |()| actions.show_notifications_command() />
                    <button class="button" type="button" on:click=move |_| actions.load_notifications()>
                        <Icon glyph=Glyph::Refresh />
                        "Refresh"
                    </button>
                </Show>
            </div>
            <ForEverybody />
            <ForUsers glyph=Glyph::Bell what="Your notifications">
                <Inbox />
            </ForUsers>
        </div>
    }
}

/// The archive's notices for everybody, also those that were put away.
#[component]
fn ForEverybody() -> impl IntoView {
    let banners = expect_context::<Actions>().state.notifications.banners;
    view! {
        <Show when=move || !banners.with(Vec::is_empty)>
            <section class="panel" aria-label="For everybody">
                <h2>"For everybody"</h2>
                {move || banners.get().into_iter().map(|banner| {
                    let made = banner.made().map(|made| dom::local_time(made.millis() as f64));
                    view! {
                        <div class="stack tight">
                            <p class="message-text">{banner.text}</p>
                            {made.map(|made| view! { <p class="muted small">{made}</p> })}
                        </div>
                    }
                }).collect_view()}
            </section>
        </Show>
    }
}

#[component]
fn Inbox() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.notifications;
    let messages = Memo::new(move |_| {
        let only = state.unread_only.get();
        state.inbox.with(|inbox| {
            inbox
                .here()
                .map(|inbox| inbox.iter().filter(|message| !only || !message.read).cloned().collect::<Vec<Message>>())
        })
    });
    let problem = move || {
        state.inbox.with(|inbox| match inbox {
            Loadable::Failed(error) => Some(error.clone()),
            _ => None,
        })
    };
    let read_all = move |_| {
        let unread = |inbox: &Loadable<Vec<Message>>| {
            let unread = inbox.here().into_iter().flatten().filter(|message| !message.read);
            unread.map(|message| message.id.clone()).collect()
        };
        actions.mark_as_read(state.inbox.with_untracked(unread));
    };
    view! {
        <section class="stack loose" aria-label="Inbox">
            <div class="row">
                <Filter />
                <span class="grow"></span>
                <button class="button" type="button" disabled=move || state.marking.get() || state.unread() == 0 on:click=read_all>
                    "Mark all as read"
                </button>
            </div>
            {move || problem().map(|problem| view! {
                <div class="notice error" role="alert">
                    <span>{problem}" What was read before is kept in this browser."</span>
                    <button class="button small" type="button" on:click=move |_| actions.load_notifications()>"Try again"</button>
                </div>
            })}
            {move || match messages.get() {
                Some(messages) if messages.is_empty() => view! {
                    <EmptyState
                        glyph=Glyph::Bell
                        title=if state.unread_only.get() { "Nothing unread" } else { "No notifications" }
                        text="What the archive has to tell you comes here, such as a table that somebody shares with you."
                    />
                }.into_any(),
                Some(messages) => {
                    let lines = messages.into_iter().map(|message| line(actions, message)).collect_view();
                    view! { <div class="panel flush"><ul class="list inbox" aria-label="Notifications">{lines}</ul></div> }.into_any()
                }
                None if problem().is_some() => ().into_any(),
                None => view! { <Asking text="Asking the archive for its messages" /> }.into_any(),
            }}
            <Listening />
        </section>
    }
}

#[component]
fn Filter() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let only = actions.state.notifications.unread_only;
    view! {
        <Segmented
            legend="Which notifications"
            choices=vec![(false, "All", ""), (true, "Unread", "")]
            chosen=only
            on_choose=move |unread| actions.show_unread_only(unread)
        />
    }
}

fn line(actions: Actions, message: Message) -> impl IntoView {
    let Message { id, kind, text, made, read } = message;
    let made = made.map(|made| dom::local_time(made as f64));
    let (word, place) = about(kind);
    view! {
        <li class:unread=!read>
            <span class="list-main stack tight">
                <span class="message-text">
                    {(!read).then(|| view! { <span class="visually-hidden">"Unread: "</span> })}
                    {text}
                </span>
                <span class="muted small">{[made, Some(word.to_owned())].into_iter().flatten().collect::<Vec<_>>().join(" · ")}</span>
            </span>
            <span class="list-side">
                {place.map(|(href, words)| view! { <a class="button small quiet" href=href>{words}</a> })}
                {(!read).then(|| view! {
                    <button class="button small" type="button" on:click=move |_| actions.mark_as_read(vec![id.clone()])>"Mark as read"</button>
                })}
            </span>
        </li>
    }
}

/// What a notification of this type is about, and where one sees it. Archives give the number of an event.
fn about(kind: i32) -> (&'static str, Option<(&'static str, &'static str)>) {
    let code = u32::try_from(kind).unwrap_or_default();
    match (Event { code, at: Timestamp::from_millis(0) }).topic() {
        Topic::Jobs => ("Jobs", Some(("#/jobs", "Look at jobs"))),
        Topic::SharedItems | Topic::Groups | Topic::SharedUsers => ("Sharing", Some(("#/sharing", "Look at sharing"))),
        Topic::Tables | Topic::Quota => ("Tables", Some(("#/user-tables", "Look at tables"))),
        Topic::Session | Topic::Notifications | Topic::Other => ("Message", None),
    }
}

/// Which tab asks, how often, and why.
#[component]
fn Listening() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let here = actions.state.jobs.polling_here;
    let inbox = actions.state.notifications.inbox;
    let some_read = Memo::new(move |_| {
        inbox.with(|inbox| inbox.here().is_some_and(|inbox| inbox.iter().any(|message| message.read)))
    });
    view! {
        <div class="listening">
            <p class="muted small">
                {move || if here.get() {
                    "This tab listens for news, for all tabs of this browser: while you are signed in it asks the archive every 4 to 20 seconds."
                } else {
                    "Another tab of this browser listens for news, for this one too."
                }}
                " What you have read the archive forgets; this browser keeps it until you forget it here."
            </p>
            <div class="row">
                <button class="button quiet" type="button" disabled=move || !some_read.get() on:click=move |_| actions.forget_read()>
                    "Forget what was read"
                </button>
                <ShowCommand show=move |()| actions.show_events_command() />
            </div>
        </div>
    }
}
