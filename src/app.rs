//! The app: state, actions and frame, mounted in an element of somebody's page.

use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::{
    actions::Actions,
    components::{
        announcer::Announcer,
        frame::{Frame, FrameEntry},
        icon::Glyph,
    },
    dom,
    routes::{Route, View},
    state::{State, results},
    views,
};

/// Mounts the app in `root`. Dropping the handle takes it away.
pub fn mount(root: HtmlElement) -> impl Drop {
    leptos::mount::mount_to(root, App)
}

/// The whole app.
#[component]
fn App() -> impl IntoView {
    let state = State::new();
    let actions = Actions::new(state, dom::base_url());
    provide_context(actions);
    actions.start();

    let entries = View::ALL
        .into_iter()
        .map(|view| {
            let entry = FrameEntry::new(view.label(), glyph(view), Signal::derive(move || Route::to(view).to_string()));
            match view {
                View::Jobs => entry.with_badge(Signal::derive(move || open_jobs(&state))),
                View::Notifications => entry.with_badge(Signal::derive(move || unread(&state))),
                _ => entry,
            }
        })
        .collect();
    let current = Signal::derive(move || state.route.with(|route| route.view.label()));
    let view = Memo::new(move |_| state.opened.get().then(|| state.route.with(|route| route.view)));
    // Rows that arrive are not read out one by one; what they add up to is.
    let said = Signal::derive(move || match state.results.shown() {
        Some(table) if table.stage != results::Stage::Loading => table.status(),
        _ => String::new(),
    });
    view! {
        <Frame
            entries
            current
            start=move || view! { <views::archive_chooser::ArchiveChooser /> }
            end=move || view! { <views::session::SessionControl /><views::theme_switch::ThemeSwitch /> }
            overlay=move || view! { <views::session::SignIn /><views::sharing::ShareDialog /><views::command::CommandDialog /><views::banners::Notices /> }
        >
            <views::banners::Banners />
            {move || view.get().map(|view| match view {
                View::Query => view! { <views::query::QueryView /> }.into_any(),
                View::Schema => view! { <views::schema::SchemaView /> }.into_any(),
                View::Jobs => view! { <views::jobs::JobsView /> }.into_any(),
                View::Results => view! { <views::results::ResultsView /> }.into_any(),
                View::UserTables => view! { <views::user_tables::UserTablesView /> }.into_any(),
                View::Sharing => view! { <views::sharing::SharingView /> }.into_any(),
                View::Notifications => view! { <views::notifications::NotificationsView /> }.into_any(),
                View::ServiceSearch => view! { <views::services::ServicesView /> }.into_any(),
                View::DataLink => view! { <views::datalink::DatalinkView /> }.into_any(),
                View::About => view! { <views::about::AboutView /> }.into_any(),
            })}
            <Announcer message=said />
        </Frame>
    }
}

fn glyph(view: View) -> Glyph {
    match view {
        View::Query => Glyph::Query,
        View::Schema => Glyph::Schema,
        View::Jobs => Glyph::Jobs,
        View::Results => Glyph::Results,
        View::UserTables => Glyph::Table,
        View::Sharing => Glyph::Sharing,
        View::Notifications => Glyph::Bell,
        View::ServiceSearch => Glyph::Search,
        View::DataLink => Glyph::Link,
        View::About => Glyph::About,
    }
}

fn open_jobs(state: &State) -> Option<String> {
    let open = state.jobs.journal.with(|journal| journal.iter().filter(|record| record.open()).count());
    (open > 0).then(|| open.to_string())
}

fn unread(state: &State) -> Option<String> {
    let unread = state.notifications.unread();
    (unread > 0).then(|| unread.to_string())
}
