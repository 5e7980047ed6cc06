//! The dialog that shows an action as commands of other tools, and the button that opens it.

use leptos::prelude::*;

use crate::{
    actions::Actions,
    components::{
        clipboard::copy_text,
        dialog::Dialog,
        icon::{Glyph, Icon},
        tabs::Tabs,
    },
};

/// A button that shows what an action sends. `show` calls the action's own `show_…`, which makes the request as the action does.
#[component]
pub fn ShowCommand(
    /// Calls an action that ends in `show_command`.
    #[prop(into)]
    show: Callback<()>,
) -> impl IntoView {
    view! {
        <button class="button quiet" type="button" on:click=move |_| show.run(())>
            <Icon glyph=Glyph::Query />
            "Show the command"
        </button>
    }
}

/// The dialog; one for the whole page.
#[component]
pub fn CommandDialog() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let command = actions.state.command;
    let open = RwSignal::new(false);
    let tab = RwSignal::new(0);
    Effect::new(move || open.set(command.with(Option::is_some)));
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            actions.hide_command();
        }
        now
    });
    let title = Signal::derive(move || {
        command.with(|shown| shown.as_ref().map_or_else(String::new, |shown| format!("{} as a command", shown.title)))
    });
    let text = Memo::new(move |_| {
        command.with(|shown| {
            let shown = shown.as_ref()?;
            Some(match tab.get() {
                0 => Ok(shown.curl.clone()),
                1 => shown.astroquery.clone(),
                _ => shown.pyvo.clone(),
            })
        })
    });
    view! {
        <Dialog open title>
            <Tabs label="Tool" names=vec!["curl".into(), "astroquery".into(), "pyVO".into()] chosen=tab />
            {move || text.get().map(|text| match text {
                Ok(text) => view! { <Text text /> }.into_any(),
                Err(reason) => view! { <p class="muted">{reason}</p> }.into_any(),
            })}
            <p class="muted small">
                "This is what the page sends, for the address at which the archive is public. Passwords and cookies are never in it."
            </p>
        </Dialog>
    }
}

#[component]
fn Text(text: String) -> impl IntoView {
    let copied = RwSignal::new(None::<bool>);
    let shown = text.clone();
    let copy = move |_| {
        copy_text(text.clone(), move |done| {
            // The dialog may be closed by then.
            copied.try_set(Some(done));
        })
    };
    view! {
        <pre class="code command-text" tabindex="0" aria-label="Command">{shown}</pre>
        <div class="row end">
            <button class="button" type="button" on:click=copy>
                <Icon glyph=Glyph::Copy />
                {move || match copied.get() {
                    None => "Copy",
                    Some(true) => "Copied",
                    Some(false) => "Not copied: the browser has no clipboard here",
                }}
            </button>
        </div>
    }
}
