//! Deleting a table: what will be lost is named, and asked once.

use leptos::prelude::*;
use tap::vosi::Table;

use crate::{
    actions::Actions,
    components::{
        confirm::Confirm,
        icon::{Glyph, Icon},
    },
    state::{results::grouped, schema::Loadable},
    views::command::ShowCommand,
};

/// The button, and its question.
#[component]
pub fn Deletion(table: StoredValue<Table>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state.user_tables;
    let asking = RwSignal::new(false);
    // The archive keeps a shared table unless it is told to by force: the question says what that does.
    let shares = table.with_value(|table| table.shared_to.len());
    let forced = Memo::new(move |_| {
        shares > 0
            || state.refused.with(|refused| refused.as_ref() == Some(&table.with_value(|table| table.name.clone())))
    });
    let delete = move |()| table.with_value(|table| actions.delete_table(&table.name, forced.get_untracked()));
    let ask = move |_| {
        // The question names the jobs that name the table.
        if actions.state.jobs.listed.with_untracked(Loadable::wanted) {
            actions.list_jobs();
        }
        asking.set(true);
    };
    let name = table.with_value(|table| table.name.clone());
    let question = name.clone();
    view! {
        <button class="button danger" type="button" disabled=state.changing on:click=ask>
            <Icon glyph=Glyph::Trash />
            {move || if forced.get() && shares == 0 { "Delete by force" } else { "Delete" }}
        </button>
        <Confirm
            title=Signal::derive(move || format!("Delete {question}?"))
            open=asking
            deed=Signal::derive(move || if forced.get() { "Delete table by force" } else { "Delete table" }.to_owned())
            on_confirm=Callback::new(delete)
        >
            {
                let rows = table.with_value(|table| table.size);
                let name = StoredValue::new(name.clone());
                let naming = Memo::new(move |_| name.with_value(|name| jobs_that_name(&actions, name)));
                view! {
                    <p>{match rows {
                        Some(1) => "The table and its one row are deleted at the archive. This cannot be taken back.".to_owned(),
                        Some(rows) => format!("The table and its {} rows are deleted at the archive. This cannot be taken back.", grouped(rows as usize)),
                        None => "The table and its rows are deleted at the archive. This cannot be taken back.".to_owned(),
                    }}</p>
                    {(shares > 0).then(|| view! {
                        <p>{format!("It is shared {}: whoever reads it there loses it, and so do their queries.", match shares {
                            1 => "with one group or user".to_owned(),
                            count => format!("with {count} groups or users"),
                        })}</p>
                    })}
                    {move || (forced.get() && shares == 0).then(|| view! {
                        <p>"The archive refused because something depends on the table. By force it goes all the same, with what depends on it."</p>
                    })}
                    {move || match naming.get() {
                        0 => None,
                        1 => Some("One of your jobs names it. Its result stays; run again, it fails.".to_owned()),
                        count => Some(format!("{} of your jobs name it. Their results stay; run again, they fail.", grouped(count))),
                    }.map(|text| view! { <p class="muted">{text}</p> })}
                    <div class="row">
                        <ShowCommand show=Callback::new(move |()| name.with_value(|name| actions.show_delete_table_command(name, forced.get_untracked()))) />
                    </div>
                }
            }
        </Confirm>
    }
}

/// Jobs of this browser and of the archive's list whose query names the table; for reactive reads.
fn jobs_that_name(actions: &Actions, table: &str) -> usize {
    let plain = |text: &str| text.replace('"', "").to_lowercase();
    let (jobs, table, archive) = (actions.state.jobs, plain(table), actions.state.archive.get());
    let journal = jobs.journal.with(|journal| {
        let names = |record: &&crate::state::jobs::Record| {
            Some(&record.archive) == archive.as_ref() && plain(&record.adql).contains(&table)
        };
        journal.iter().filter(names).filter_map(|record| record.path.clone()).collect::<Vec<_>>()
    });
    let listed = jobs.listed.with(|listed| {
        let jobs = listed.here().map(|page| page.jobs.as_slice()).unwrap_or_default().iter();
        let names = jobs.filter(|listed| listed.job.query().is_some_and(|query| plain(query).contains(&table)));
        names.filter(|listed| !journal.contains(&listed.path)).count()
    });
    journal.len() + listed
}
