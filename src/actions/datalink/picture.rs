//! Products as pictures: drawn by the worker as shapes, folded, searched for a period, saved.

use leptos::{prelude::*, task::spawn_local};
use workbench::{
    picture::Ground,
    protocol::{Command, Event, InBundle},
    series::{ChartSpec, Charts, Kind},
};

use super::Actions;
use crate::{
    dom,
    state::{
        Theme,
        datalink::{Picture, Search},
        schema::Loadable,
    },
};

/// The places for pictures, for the search, and for files.
const CHART: u32 = 398;
const PERIOD: u32 = 397;
const FILE: u32 = 396;

impl Actions {
    /// Draws products.
    pub fn draw_products(&self, of: Vec<InBundle>) {
        let spec = ChartSpec { size: (640, 320), rejected: true, errors: true, ..ChartSpec::default() };
        let picture = Picture { of, spec, charts: Loadable::Loading, search: Search::default() };
        self.state.datalink.picture.set(Some(picture));
        self.draw_picture();
    }

    /// Puts a product into the picture beside others, or takes it out.
    pub fn overlay_product(&self, of: InBundle) {
        let picture = self.state.datalink.picture;
        let Some(mut now) = picture.get_untracked() else { return self.draw_products(vec![of]) };
        match now.of.iter().position(|other| *other == of) {
            Some(at) => drop(now.of.remove(at)),
            None => now.of.push(of),
        }
        if now.of.is_empty() {
            return self.close_picture();
        }
        picture.set(Some(now));
        self.draw_picture();
    }

    /// Takes the picture away.
    pub fn close_picture(&self) {
        self.state.datalink.picture.set(None);
    }

    /// Changes how products are drawn.
    pub fn edit_picture(&self, change: impl FnOnce(&mut ChartSpec)) {
        let mut changed = false;
        self.state.datalink.picture.update(|picture| {
            if let Some(picture) = picture {
                let before = picture.spec.clone();
                change(&mut picture.spec);
                changed = picture.spec != before;
            }
        });
        if changed {
            self.draw_picture();
        }
    }

    /// Changes the form of the search for a period.
    pub fn edit_period_search(&self, change: impl FnOnce(&mut Search)) {
        self.state.datalink.picture.update(|picture| {
            if let Some(picture) = picture {
                change(&mut picture.search);
            }
        });
    }

    /// Looks for the period of the first light curve that is shown, and folds by it.
    pub fn find_period(&self, progress: RwSignal<Option<f32>>) {
        let Some(picture) = self.state.datalink.picture.get_untracked() else { return };
        let Some(source) = shown_source(&picture) else { return };
        let Some(first) = picture.of.first().copied() else { return };
        progress.set(Some(0.0));
        let actions = *self;
        spawn_local(async move {
            let Search { band, shortest, longest, .. } = picture.search;
            let (curve, range) = ((source, band), (shortest, longest));
            let ask = |ticket| Command::ChartPeriod { ticket, of: picture.of, curve, range };
            let said = match actions.ask_worker(first.bundle, PERIOD, Some(progress), ask).await {
                Some((Event::PeriodFound { period, .. }, _)) => match period.open().flatten() {
                    Some(period) => {
                        let (days, epoch) = period.words;
                        let explained = (period.power * 100.0).round() as u32;
                        let said = format!("{days} d: a sine of this period explains {explained} % of the scatter.");
                        actions.edit_picture(|spec| (spec.period, spec.epoch) = (days, epoch));
                        said
                    }
                    None => "There are too few observations in this band to look for a period.".to_owned(),
                },
                Some((Event::NoPeriod { reason, .. }, _)) => reason,
                _ => "The search was stopped.".to_owned(),
            };
            actions.edit_period_search(|search| search.said = Some(said));
        });
    }

    /// Stops the search for a period.
    pub fn stop_search(&self) {
        if let Some(first) = self.state.datalink.picture.get_untracked().and_then(|picture| picture.of.first().copied())
        {
            self.command(&Command::Stop { table: first.bundle, slot: PERIOD }, None);
        }
    }

    /// Saves one of the pictures, as SVG or as PNG.
    pub fn save_chart(&self, number: usize, as_png: bool) {
        let Some(picture) = self.state.datalink.picture.get_untracked() else { return };
        let Some(chart) = picture.charts.here().and_then(|charts| charts.charts.get(number)).cloned() else { return };
        let Some(first) = picture.of.first().copied() else { return };
        let ground = match self.state.theme.get_untracked() {
            Theme::Dark => Ground::Dark,
            Theme::Auto if dom::prefers_dark() => Ground::Dark,
            _ => Ground::Light,
        };
        let words: String = chart.title.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let name = words.to_lowercase();
        let actions = *self;
        spawn_local(async move {
            let Picture { of, spec, .. } = picture;
            let ask = |ticket| Command::Chart { ticket, of, spec: Box::new(spec), svg: Some((number, ground)) };
            let Some((Event::Charted { .. }, Some(svg))) = actions.ask_worker(first.bundle, FILE, None, ask).await
            else {
                return actions.notice(true, "The picture could not be written. It is still here; try again.");
            };
            let file = format!("{name}.{}", if as_png { "png" } else { "svg" });
            let saved =
                if as_png { dom::save_as_png(&file, &svg).await } else { dom::save(&file, "image/svg+xml", &svg) };
            match saved {
                true => actions.notice(false, format!("{file} was saved.")),
                false => actions.notice(true, format!("The browser refused to save {file}. Try again.")),
            }
        });
    }

    fn draw_picture(&self) {
        let state = self.state.datalink.picture;
        let Some(picture) = state.get_untracked() else { return };
        let Some(first) = picture.of.first().copied() else { return };
        let actions = *self;
        spawn_local(async move {
            let wanted = picture.of.clone();
            let ask = |ticket| Command::Chart { ticket, of: picture.of, spec: Box::new(picture.spec), svg: None };
            let Some((Event::Charted { charts, .. }, _)) = actions.ask_worker(first.bundle, CHART, None, ask).await
            else {
                return;
            };
            let charts: Loadable<Charts> = match charts.open() {
                Some(Ok(charts)) => Loadable::Here(charts),
                Some(Err(reason)) => Loadable::Failed(reason),
                None => Loadable::Failed("The picture cannot be read; reload the page.".into()),
            };
            state.update(|picture| {
                if let Some(picture) = picture.as_mut().filter(|picture| picture.of == wanted) {
                    if let Some(Charts { kind: Kind::LightCurve, bands, .. }) = charts.here()
                        && !bands.contains(&picture.search.band)
                    {
                        picture.search.band = bands.first().cloned().unwrap_or_default();
                    }
                    picture.charts = charts;
                }
            });
        });
    }
}

/// The source that a search is about: the chosen one, or the first.
fn shown_source(picture: &Picture) -> Option<String> {
    let charts = picture.charts.here()?;
    picture.spec.sources.first().or(charts.sources.first()).cloned()
}
