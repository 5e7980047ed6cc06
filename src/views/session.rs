//! Who is signed in, and the dialog for signing in.

use leptos::prelude::*;

use crate::{actions::Actions, components::dialog::Dialog};

/// The button in the bar: `Sign in`, or the user's name with `Sign out`. Nothing where one cannot sign in.
#[component]
pub fn SessionControl() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let login = Memo::new(move |_| state.current_archive().is_some_and(|archive| archive.login));
    let user = Memo::new(move |_| state.user());
    move || {
        login.get().then(|| match user.get() {
            Some(user) => view! {
                <span class="session-user">{user}</span>
                <button class="button quiet" type="button" on:click=move |_| actions.sign_out()>"Sign out"</button>
            }
            .into_any(),
            None => view! {
                <button class="button quiet" type="button" on:click=move |_| actions.ask_to_sign_in()>"Sign in"</button>
            }
            .into_any(),
        })
    }
}

/// User name and password, for the gateway alone.
#[component]
pub fn SignIn() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let session = actions.state.session;
    let (user, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        actions.sign_in(&user.get_untracked(), &password.get_untracked());
    };
    view! {
        <Dialog open=session.asking title="Sign in">
            <form class="stack" on:submit=send>
                <label class="field">
                    <span>"User name"</span>
                    <input type="text" autocomplete="username" prop:value=user on:input:target=move |event| user.set(event.target().value()) />
                </label>
                <label class="field">
                    <span>"Password"</span>
                    <input type="password" autocomplete="current-password" prop:value=password on:input:target=move |event| password.set(event.target().value()) />
                </label>
                {move || session.problem.get().map(|problem| view! { <p class="error-text" role="alert">{problem}</p> })}
                <div class="row end">
                    <button class="button primary" type="submit" disabled=session.sending>"Sign in"</button>
                </div>
            </form>
        </Dialog>
    }
}
