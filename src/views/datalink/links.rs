//! The links of the sources, row by row; a product is one click away.

use leptos::prelude::*;
use tap::datalink::Link;

use super::products::Pager;
use crate::{
    actions::{Actions, LINKS_SHOWN},
    components::{
        empty_state::EmptyState,
        error_panel::ErrorPanel,
        icon::{Glyph, Icon},
        progress::Progress,
    },
    state::{datalink::Links, results::grouped, schema::Loadable},
    views::{clock::bytes, command::ShowCommand},
};

/// Links, or what stands in their place.
#[component]
pub fn LinksPanel() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.datalink;
    let links = Memo::new(move |_| state.links.get());
    view! {
        <div class="toolbar">
            <span class="strong" role="status">{move || links.with(|links| links.here().map(summary))}</span>
            <span class="spacer"></span>
            <ShowCommand show=move |()| actions.show_links_command() />
        </div>
        {move || match links.get() {
            Loadable::Absent => view! {
                <EmptyState
                    glyph=Glyph::Link
                    title="No links yet"
                    text="Give the identifiers of sources and find their links: a list of the light curves, spectra and samples that the archive has of them."
                >
                    <a class="button" href="#/query">"Find sources with a query"</a>
                </EmptyState>
            }.into_any(),
            Loadable::Loading => view! {
                <div class="padded"><Progress label="Asking for links" done=Signal::stored(None) text=Signal::stored("Asking the archive".to_owned()) /></div>
            }.into_any(),
            Loadable::Failed(reason) => view! {
                <div class="padded">
                    <ErrorPanel
                        title="The links did not come"
                        what=reason
                        kept="The identifiers and what you chose are kept."
                        next="Change what the archive complains of, or find the links again in a moment."
                    />
                </div>
            }.into_any(),
            Loadable::Here(links) => view! { <Found links /> }.into_any(),
        }}
    }
}

fn summary(links: &Links) -> String {
    match links.rows() {
        _ if links.waiting > 0 => format!("{} links so far", grouped(links.rows())),
        0 => "No links".to_owned(),
        1 => "1 link".to_owned(),
        rows => format!("{} links", grouped(rows)),
    }
}

#[component]
fn Found(links: Links) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let Links { trouble, without, first, shown, .. } = links.clone();
    let rows = links.rows();
    let none = rows == 0 && links.waiting == 0;
    view! {
        {trouble.map(|trouble| view! {
            <div class="notice warning">
                <span><strong>"Links are missing. "</strong>{trouble}". What arrived is below; find the links again to ask for all."</span>
            </div>
        })}
        {(!without.is_empty()).then(|| view! {
            <details class="notice info">
                <summary>{without_words(without.len())}</summary>
                <p class="mono small">{without.join(", ")}</p>
            </details>
        })}
        {none.then(|| view! {
            <EmptyState
                glyph=Glyph::Link
                title="The archive has no product of these sources"
                text="The columns has_epoch_photometry, has_xp_sampled, has_rvs, has_mcmc_gspphot and their like in gaiadr3.gaia_source say which sources have one."
            />
        })}
        {(rows > 0).then(|| view! {
            <div class="scroll" tabindex="0" role="region" aria-label="Links found">
                <table class="table datalink-table">
                    <thead>
                        <tr>
                            <th scope="col">"Source"</th>
                            <th scope="col">"Product"</th>
                            <th scope="col">"Semantics"</th>
                            <th scope="col">"Content type"</th>
                            <th scope="col" class="number">"Size"</th>
                            <th scope="col"><span class="visually-hidden">"Product"</span></th>
                        </tr>
                    </thead>
                    <tbody>{shown.into_iter().map(|link| view! { <Row link /> }).collect_view()}</tbody>
                </table>
            </div>
            <Pager first rows page=LINKS_SHOWN go=Callback::new(move |first| actions.show_links(first)) />
        })}
    }
}

fn without_words(count: usize) -> String {
    match count {
        1 => "1 source has no link".to_owned(),
        count => format!("{} sources have no link", grouped(count)),
    }
}

#[component]
fn Row(link: Link) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let label = link.product().map_or_else(|| link.description.clone(), |known| known.label.to_owned());
    let name = link.retrieval_type().unwrap_or_else(|| "product".to_owned());
    let deed = if let Some(message) = link.error_message.clone() {
        view! { <span class="error-text">{message}</span> }.into_any()
    } else if let Some(url) = actions.link_elsewhere(&link) {
        view! {
            <a class="button small" href=url target="_blank" rel="noopener noreferrer">"Open on another host"</a>
        }
        .into_any()
    } else if link.access_url.is_some() {
        let (of, link) = (link.id.clone(), link.clone());
        view! {
            <button
                class="button small"
                type="button"
                aria-label=format!("Fetch {name} of {of}")
                on:click=move |_| actions.get_link(&link)
            >
                <Icon glyph=Glyph::Download />"Fetch"
            </button>
        }
        .into_any()
    } else {
        view! { <span class="muted small">"A service that this page does not call"</span> }.into_any()
    };
    view! {
        <tr>
            <td class="mono">{link.id.clone()}</td>
            <td title=link.description.clone()>{label}</td>
            <td class="mono small">{link.semantics.clone()}</td>
            <td class="mono small">{link.content_type.clone()}</td>
            <td class="number">{link.content_length.map_or_else(|| "–".to_owned(), bytes)}</td>
            <td>{deed}</td>
        </tr>
    }
}
