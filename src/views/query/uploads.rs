//! The files that go along with the query.

use leptos::prelude::*;

use crate::{
    actions::Actions,
    components::icon::{Glyph, Icon},
    state::{
        query::{Stage, Upload},
        results::grouped,
    },
};

/// A line for each file: its name in the query, what was understood, a way to remove it.
#[component]
pub fn Uploads() -> impl IntoView {
    let actions = expect_context::<Actions>();
    let uploads = actions.state.query.uploads;
    // Renaming must not build the field anew that is being typed in.
    let files = Memo::new(move |_| {
        uploads.with(|uploads| uploads.iter().map(|upload| (upload.file, stage_name(upload))).collect::<Vec<_>>())
    });
    view! {
        {move || (!files.with(Vec::is_empty)).then(|| view! {
            <ul class="list uploads" aria-label="Attached tables">
                <For each=move || files.get() key=|file| *file let:file>
                    <Line file=file.0 />
                </For>
            </ul>
        })}
    }
}

fn stage_name(upload: &Upload) -> u8 {
    match upload.stage {
        Stage::Reading => 0,
        Stage::Ready { .. } => 1,
        Stage::Refused(_) => 2,
    }
}

#[component]
fn Line(file: u32) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let uploads = actions.state.query.uploads;
    let upload = uploads.with_untracked(|uploads| uploads.iter().find(|upload| upload.file == file).cloned());
    upload.map(|upload| {
        let insert = {
            let name = upload.table.clone();
            move |_| {
                let now = uploads.with_untracked(|uploads| uploads.iter().find(|u| u.file == file).map(|u| u.table.clone()));
                actions.insert(&format!("tap_upload.{}", now.unwrap_or(name.clone())));
            }
        };
        let problem = Signal::derive(move || uploads.with(|uploads| {
            let upload = uploads.iter().find(|upload| upload.file == file)?;
            tap::upload_name_ok(&upload.table).err().filter(|reason| !reason.needs_quotes()).map(|reason| reason.to_string())
        }));
        view! {
            <li>
                <span class="list-main">
                    <label class="field inline">
                        <span>"tap_upload."<span class="visually-hidden">{format!("name of {}", upload.file_name)}</span></span>
                        <input
                            type="text"
                            class="mono"
                            autocomplete="off"
                            aria-invalid=move || problem.get().is_some().then_some("true")
                            value=upload.table.clone()
                            on:input=move |event| actions.name_upload(file, &event_target_value(&event))
                        />
                    </label>
                    <span class="muted small">{upload.file_name.clone()}</span>
                    {match upload.stage {
                        Stage::Reading => view! { <span class="muted">"Reading"</span> }.into_any(),
                        Stage::Ready { rows, fields, as_it_is, bytes } => {
                            let (size, rows_sent) = (bytes.len() as u64, rows as u64);
                            let large = move || actions.state.limits().check_upload(size, Some(rows_sent)).err().map(|limit| format!("Too large: {limit}."));
                            let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
                            let columns = names.join(", ");
                            let how = if as_it_is { "as it is" } else { "converted to VOTable in this page" };
                            view! {
                                <span class="small" title=columns.clone()>
                                    {format!("{} rows, {} columns, {how}", grouped(rows), fields.len())}
                                </span>
                                {move || large().map(|large| view! { <span class="error-text" role="alert">{large}</span> })}
                            }.into_any()
                        }
                        Stage::Refused(reason) => view! { <span class="error-text" role="alert">{format!("Not a table: {reason}")}</span> }.into_any(),
                    }}
                    {move || problem.get().map(|problem| view! { <span class="error-text">{problem}</span> })}
                </span>
                <span class="list-side">
                    <button class="button quiet small" type="button" on:click=insert>"Insert name"</button>
                    <button
                        class="button quiet icon-only small"
                        type="button"
                        aria-label=format!("Remove {}", upload.file_name)
                        on:click=move |_| actions.detach(file)
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </span>
            </li>
        }
    })
}
