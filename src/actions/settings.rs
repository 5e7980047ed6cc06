//! Settings that outlive the tab: theme, panes, archive, the query's text and form, what is wanted of other services and DataLink.

use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};

use super::Actions;
use crate::{
    dom,
    state::{
        Panes, Theme, datalink,
        query::Form,
        services::External,
        storage::{self, Store},
    },
};

const KEY: &str = "page";

/// Where this tab keeps its text: at once, so that a reload in the same moment finds it, and apart from other tabs.
const TEXT: &str = "adql";

/// Bytes of a text that a tab keeps; longer ones only the browser's store does.
const LONGEST: usize = 100_000;

/// All settings, as they are kept.
#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    pub theme: Theme,
    pub panes: Panes,
    pub archive: Option<String>,
    pub adql: Option<String>,
    pub replaced: Option<String>,
    pub form: Form,
    pub external: External,
    pub external_adql: String,
    pub products: datalink::Form,
}

impl Actions {
    /// Chooses light, dark or as the system says.
    pub fn set_theme(&self, theme: Theme) {
        self.state.theme.set(theme);
    }

    /// Remembers the sizes of the panes.
    pub fn set_panes(&self, change: impl FnOnce(&mut Panes)) {
        self.state.panes.update(change);
    }

    pub(super) async fn load_settings(&self) -> Settings {
        let Some(storage) = self.storage() else { return Settings::default() };
        let mut settings: Settings = storage.get(Store::Settings, KEY).await.unwrap_or_default();
        settings.adql = storage::tab_get(TEXT).or(settings.adql);
        settings
    }

    /// Writes the settings whenever one of them changes. Each change is written at once: a reload or a crash comes without
    /// warning. While a write is under way only the newest is waited for.
    pub(super) fn keep_settings(&self) {
        let actions = *self;
        let busy = StoredValue::new_local((false, None::<Settings>));
        Effect::new(move |_| {
            let state = actions.state;
            let settings = Settings {
                theme: state.theme.get(),
                panes: state.panes.get(),
                archive: state.archive.get(),
                adql: Some(state.query.adql.get()),
                replaced: state.query.replaced.get(),
                form: state.query.form.get(),
                external: state.services.form.get(),
                external_adql: state.services.adql.get(),
                products: state.datalink.form.get(),
            };
            let at_work = busy.with_value(|(at_work, _)| *at_work);
            busy.set_value((true, Some(settings)));
            if at_work {
                return;
            }
            spawn_local(async move {
                while let Some(settings) = busy.try_update_value(|(_, waiting)| waiting.take()).flatten() {
                    if let Some(storage) = actions.storage()
                        && !storage.put(Store::Settings, KEY, &settings).await
                    {
                        actions.state.lasting.try_set(false);
                    }
                }
                busy.try_update_value(|(at_work, _)| *at_work = false);
            });
        });
        Effect::new(move |_| {
            let keep = |text: &String| storage::tab_set(TEXT, Some(text.as_str()).filter(|text| text.len() <= LONGEST));
            actions.state.query.adql.with(keep);
        });
        Effect::new(move |_| {
            let theme = match actions.state.theme.get() {
                Theme::Auto => None,
                Theme::Light => Some("light"),
                Theme::Dark => Some("dark"),
            };
            dom::root_attribute("data-theme", theme);
        });
    }
}
