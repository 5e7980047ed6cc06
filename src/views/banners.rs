//! What concerns the whole page: a link that cannot be followed, a browser that forgets, no connection, passing notices.

use leptos::prelude::*;

use crate::{
    actions::Actions,
    components::{
        icon::{Glyph, Icon},
        toast::{Toast, Toasts, Tone},
    },
    state::Notice,
    views::session::SessionEnded,
};

/// The banners above every view.
#[component]
pub fn Banners() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let close_link = move |_| state.query.link_problem.set(None);
    let notices = Memo::new(move |_| {
        let put_away = state.notifications.put_away.get();
        let banners = state.notifications.banners.get().into_iter();
        let standing = banners.filter(|banner| !put_away.contains(&banner.id));
        standing.map(|banner| (banner.id, banner.text)).collect::<Vec<_>>()
    });
    view! {
        <div class="banners">
            {move || state.query.link_problem.get().map(|problem| view! {
                <div class="notice warning" role="alert">
                    <span>{problem}</span>
                    <button class="button quiet icon-only small" type="button" aria-label="Close" on:click=close_link>
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
            })}
            {move || state.session.ended.get().map(|ended| view! { <SessionEnded ended /> })}
            {move || notices.get().into_iter().map(|(id, text)| view! {
                <div class="notice info" role="status">
                    <span><strong>"The archive says: "</strong>{text}</span>
                    <button class="button quiet icon-only small" type="button" aria-label="Put this notice away" on:click=move |_| actions.put_away(&id)>
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
            }).collect_view()}
            {move || (!state.lasting.get()).then(|| view! {
                <div class="notice warning">
                    <span><strong>"This browser will not remember. "</strong>
                    "It does not let this page store anything, so your text and your list of jobs last only until this tab closes. Note the addresses of your jobs."</span>
                </div>
            })}
            {move || (!state.online.get()).then(|| view! {
                <div class="notice info" role="status">
                    <span><strong>"Offline. "</strong>"Nothing is sent. Your text and jobs are kept; jobs at the archive go on and are asked for when the connection is back."</span>
                </div>
            })}
            {move || state.results.worker_problem.get().map(|problem| view! {
                <div class="notice error" role="alert"><span>{problem}</span></div>
            })}
        </div>
    }
}

/// What passes by, over every view.
#[component]
pub fn Notices() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let toasts = Signal::derive(move || {
        let toast = |notice: Notice| Toast {
            id: notice.id,
            tone: if notice.error { Tone::Error } else { Tone::Good },
            text: notice.text,
        };
        actions.state.notices.get().into_iter().map(toast).collect::<Vec<_>>()
    });
    view! { <Toasts toasts on_close=Callback::new(move |id: u64| actions.dismiss(id)) /> }
}
