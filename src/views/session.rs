//! Who is signed in, the dialog for signing in, and what is said when the archive has ended a session.

use leptos::{html, prelude::*};

use crate::{
    actions::Actions,
    components::{
        dialog::Dialog,
        empty_state::EmptyState,
        icon::{Glyph, Icon},
    },
    dom,
    state::session::Ended,
    views::command::ShowCommand,
};

/// The button in the bar: `Sign in`, or the user's name with `Sign out`. Nothing where one cannot sign in.
#[component]
pub fn SessionControl() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let login = Memo::new(move |_| state.current_archive().is_some_and(|archive| archive.login));
    let user = Memo::new(move |_| state.user());
    let asking = state.session.asking;
    let press = move |_| {
        if user.get_untracked().is_some() { actions.sign_out() } else { actions.ask_to_sign_in() }
    };
    // One button for both, so that the focus comes back to it from the dialog. While that is open it has a button of the same
    // name, and this one is not there for anybody.
    view! {
        <Show when=move || login.get()>
            {move || user.get().map(|user| view! {
                <span class="session-user">
                    <Icon glyph=Glyph::Person />
                    <span class="truncate">{user}</span>
                </span>
            })}
            <button
                class="button quiet session-button"
                class:signed-in=move || user.with(Option::is_some)
                type="button"
                aria-hidden=move || asking.get().then_some("true")
                tabindex=move || asking.get().then_some("-1")
                on:click=press
            >
                {move || user.with(Option::is_some).then(|| view! { <Icon glyph=Glyph::Leave /> })}
                <span>{move || if user.with(Option::is_some) { "Sign out" } else { "Sign in" }}</span>
            </button>
        </Show>
    }
}

/// User name and password, for the gateway alone.
#[component]
pub fn SignIn() -> impl IntoView {
    let session = expect_context::<Actions>().state.session;
    view! {
        <Dialog open=session.asking title="Sign in">
            <Form />
        </Dialog>
    }
}

#[component]
fn Form() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let session = actions.state.session;
    let archive = actions.state.archive_untracked().map(|archive| archive.title).unwrap_or_default();
    let known = !session.name.with_untracked(String::is_empty);
    // The password is in this field and in no signal, and in the field only until it is sent.
    let password = NodeRef::<html::Input>::new();
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(field) = password.get_untracked() else { return };
        let text = field.value();
        field.set_value("");
        actions.sign_in(&text);
    };
    Effect::new(move || {
        if let (Some(_), Some(field)) = (session.problem.get(), password.get_untracked()) {
            dom::focus(&field);
        }
    });
    view! {
        <form class="stack loose sign-in" on:submit=send>
            <p class="muted">
                {format!("For {archive}. User name and password go to ")}<strong>{dom::host()}</strong>
                " only: the gateway there signs you in at the archive. The page does not keep the password."
            </p>
            {(!dom::secure()).then(|| view! {
                <p class="notice warning">"This connection is not encrypted: others in the same network can read what you send."</p>
            })}
            <div class="stack">
                <label class="field">
                    <span>"User name"</span>
                    <input
                        type="text"
                        autocomplete="username"
                        autocapitalize="none"
                        spellcheck="false"
                        autofocus=!known
                        prop:value=session.name
                        on:input:target=move |event| session.name.set(event.target().value())
                    />
                </label>
                <label class="field">
                    <span>"Password"</span>
                    <input type="password" autocomplete="current-password" autofocus=known node_ref=password />
                </label>
            </div>
            {move || session.problem.get().map(|problem| view! { <p class="notice error" role="alert">{problem}</p> })}
            <div class="row end">
                <ShowCommand show=move |()| actions.show_sign_in_command() />
                <span class="grow"></span>
                <button class="button primary" type="submit" disabled=session.sending>
                    "Sign in"
                </button>
            </div>
        </form>
    }
}

/// The banner after the archive has ended a session.
#[component]
pub fn SessionEnded(ended: Ended) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let Ended { archive, user } = ended;
    let title = actions.state.archive_by_id(&archive).map_or_else(|| archive.clone(), |archive| archive.title);
    let resume = move |_| {
        actions.choose_archive(&archive);
        actions.ask_to_sign_in();
    };
    view! {
        <div class="notice warning" role="alert">
            <span>
                <strong>"Signed out by the archive. "</strong>
                {format!("{title} has ended the session of {user} and answers as to anybody now. Your query, what you wrote in forms and the list of jobs are kept, and jobs go on. Continue, and do again what did not work.")}
            </span>
            <button class="button small" type="button" on:click=resume>{format!("Continue as {user}")}</button>
            <button class="button quiet icon-only small" type="button" aria-label="Close" on:click=move |_| actions.dismiss_ended()>
                <Icon glyph=Glyph::Close />
            </button>
        </div>
    }
}

/// What only a user who is signed in has: the children, or the reason why they are not here.
#[component]
pub fn ForUsers(
    /// A picture of what would be here.
    glyph: Glyph,
    /// What it is, such as `Groups and shared tables`.
    what: &'static str,
    /// The children.
    children: ChildrenFn,
) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let standing = Memo::new(move |_| {
        let archive = actions.state.current_archive()?;
        Some((archive.capabilities.tap_plus, archive.login, actions.state.user().is_some()))
    });
    let title = move || actions.state.current_archive().map(|archive| archive.title).unwrap_or_default();
    move || {
        match standing.get() {
        None => ().into_any(),
        Some((true, true, true)) => children().into_any(),
        Some((true, true, false)) => view! {
            <EmptyState glyph title=what text=format!("They are kept by {} under your user name.", title())>
                <button class="button primary" type="button" on:click=move |_| actions.ask_to_sign_in()>"Show the form for it"</button>
            </EmptyState>
        }
        .into_any(),
        Some((true, false, _)) => view! {
            <EmptyState glyph title=what text=format!("They belong to a user, and this page takes no logins for {}: that needs a gateway whose operator has switched it on.", title()) />
        }
        .into_any(),
        Some((false, ..)) => view! {
            <EmptyState glyph title=what text=format!("They are a part of TAP+. {} speaks plain TAP, which has no users; choose another archive above.", title()) />
        }
        .into_any(),
    }
    }
}
