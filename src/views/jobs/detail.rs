//! One job: phase, times, parameters, error, and what can be done with it.

use leptos::prelude::*;
use tap::{Job, Phase, Timestamp};

use super::more::{NotifyMe, Rename, UseResult};
use crate::{
    actions::{Actions, JobCommand},
    components::{
        asking::Asking,
        dialog::Dialog,
        field::{Text, TextField},
        icon::{Glyph, Icon},
        phase_badge::PhaseBadge,
    },
    dom,
    state::{jobs::Record, results::grouped, schema::Loadable},
    views::{
        clock::{bytes, duration},
        command::ShowCommand,
    },
};

/// The detail of the job at `path` of an archive.
#[component]
pub fn Detail(archive: String, path: String) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let state = actions.state;
    let place = StoredValue::new((archive.clone(), path.clone()));
    let record = Memo::new(move |_| {
        let (archive, path) = place.get_value();
        state.jobs.journal.with(|journal| {
            journal.iter().find(|record| record.archive == archive && record.path.as_deref() == Some(&path)).cloned()
        })
    });
    // The journal has news from the poller; a job of somebody else's making is asked for when it is opened.
    let job = Memo::new(move |_| {
        let ours = record.with(|record| record.as_ref().and_then(|record| record.job.clone()));
        let asked = state.jobs.document.get();
        match (ours, asked) {
            (Some(ours), Loadable::Here(asked)) if asked.id == ours.id && ours.phase == asked.phase => {
                Loadable::Here(asked)
            }
            (Some(ours), _) => Loadable::Here(ours),
            (None, asked) => asked,
        }
    });
    let title = path.rsplit('/').next().unwrap_or_default().to_owned();
    view! {
        <section class="panel job-detail" aria-label="Job">
            <div class="panel-head">
                <h2 class="truncate mono">{title}</h2>
                <button class="button quiet icon-only" type="button" aria-label="Close" on:click=move |_| actions.select_job(None)>
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            <div class="panel-body">
                {move || match job.get() {
                    Loadable::Here(job) => {
                        let (archive, path) = place.get_value();
                        view! { <Document job record archive path /> }.into_any()
                    }
                    Loadable::Failed(error) => view! {
                        <div class="notice error"><span>{error}" The list on the left is kept."</span></div>
                    }.into_any(),
                    _ => view! { <Asking text="Asking the archive for this job" /> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn Document(job: Job, record: Memo<Option<Record>>, archive: String, path: String) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let error = job.error.as_ref().map(|error| tap::redact(&error.message));
    let time = |time: Option<Timestamp>| {
        time.map_or_else(|| "not said".to_owned(), |time| dom::local_time(time.millis() as f64))
    };
    let took = match (job.start, job.end) {
        (Some(start), Some(end)) => Some(duration(end.since(start) as f64)),
        _ => None,
    };
    let limit = match job.execution_duration {
        Some(0) => "no limit".to_owned(),
        Some(seconds) => duration(seconds as f64 * 1000.0),
        None => "not said".to_owned(),
    };
    let result = job.result().map(|result| {
        let rows = result.rows.map(|rows| format!("about {} rows", grouped(rows as usize)));
        let size = result.size.map(bytes);
        [rows, size, result.mime.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    // The session is the service's own affair and must not be shown to somebody who looks on.
    let parameters: Vec<(String, String)> = job
        .parameters
        .iter()
        .filter(|(name, _)| !["query", "session"].iter().any(|hidden| name.eq_ignore_ascii_case(hidden)))
        .cloned()
        .collect();
    let query = job.query().unwrap_or_default().to_owned();
    let edit = query.clone();
    let external = job.parameter("ext_tap_url").filter(|url| !url.is_empty()).map(str::to_owned);
    let asked = external.clone();
    view! {
        <Buttons job=job.clone() archive=archive.clone() path=path.clone() />
        {(job.phase == Phase::Completed).then(|| view! { <UseResult job=job.clone() archive=archive.clone() path=path.clone() /> })}
        {(!job.phase.is_final()).then(|| view! { <NotifyMe record archive=archive.clone() path=path.clone() /> })}
        {error.map(|message| view! {
            <div class="notice error" role="alert"><span><strong>"The archive says: "</strong>{message}</span></div>
        })}
        <dl class="kv">
            <dt>"Phase"</dt><dd><PhaseBadge phase=Signal::stored(job.phase.as_str().to_owned()) /></dd>
            <dt>"Owner"</dt><dd>{job.owner.clone().unwrap_or_else(|| "not said".into())}</dd>
            <dt>"Created"</dt><dd>{time(job.creation)}</dd>
            <dt>"Started"</dt><dd>{time(job.start)}</dd>
            <dt>"Ended"</dt><dd>{time(job.end)}{took.map(|took| format!(", after {took}"))}</dd>
            <dt>"Time allowed"</dt><dd>{limit}</dd>
            <dt>"Result"</dt><dd>{result.unwrap_or_else(|| "none yet".into())}</dd>
            {asked.map(|url| view! { <dt>"Asks"</dt><dd class="mono small">{url}</dd> })}
            <dt>"Address"</dt><dd class="mono small">{path.clone()}</dd>
        </dl>
        <Rename job=job.clone() record archive=archive.clone() path=path.clone() />
        <Destruction destruction=job.destruction archive path />
        <h3>"Query"</h3>
        <pre class="code" tabindex="0" aria-label="Query of the job">{query}</pre>
        <button class="button" type="button" on:click=move |_| actions.edit_for(&edit, external.as_deref())>"Query again"</button>
        {(!parameters.is_empty()).then(|| view! {
            <h3>"Parameters"</h3>
            <dl class="kv mono small">
                {parameters.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view()}
            </dl>
        })}
    }
}

#[component]
fn Buttons(job: Job, archive: String, path: String) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let asking = RwSignal::new(false);
    let waits = matches!(job.phase, Phase::Pending | Phase::Held);
    let ended = job.phase.is_final();
    let done = job.phase == Phase::Completed;
    let rows = job.result().and_then(|result| result.rows);
    let place = StoredValue::new((archive, path));
    let job = StoredValue::new(job);
    let with = move |act: fn(&Actions, &str, &str)| {
        move |_| {
            let (archive, path) = place.get_value();
            act(&actions, &archive, &path);
        }
    };
    let what = match (done, waits, ended) {
        (true, ..) => JobCommand::Result,
        (_, true, _) => JobCommand::Run,
        (_, _, false) => JobCommand::Abort,
        _ => JobCommand::Document,
    };
    let show = move |what: JobCommand| {
        Callback::new(move |()| {
            let (archive, path) = place.get_value();
            actions.show_job_command(&archive, &path, what);
        })
    };
    let open = move |_| {
        let (archive, path) = place.get_value();
        actions.open_job(&archive, &path, &job.get_value());
    };
    view! {
        <div class="toolbar">
            {done.then(|| view! { <button class="button primary" type="button" on:click=open>"Open result"</button> })}
            {waits.then(|| view! {
                <button class="button primary" type="button" on:click=with(Actions::run_job)><Icon glyph=Glyph::Run />"Run"</button>
            })}
            {(!ended).then(|| view! {
                <button class="button" type="button" on:click=with(Actions::abort)><Icon glyph=Glyph::Stop />"Abort"</button>
            })}
            <span class="spacer"></span>
            <ShowCommand show=show(what) />
            <button class="button danger" type="button" on:click=move |_| asking.set(true)><Icon glyph=Glyph::Trash />"Delete"</button>
        </div>
        <Dialog open=asking title="Delete this job?">
            <p>{match (done, rows) {
                (true, Some(rows)) => format!("The job and its result of about {} rows are deleted at the archive. This cannot be taken back.", grouped(rows as usize)),
                (true, None) => "The job and its result are deleted at the archive. This cannot be taken back.".to_owned(),
                (false, _) if ended => "The job is deleted at the archive. It has no result.".to_owned(),
                (false, _) => "The job is stopped and deleted at the archive, with what it has computed so far.".to_owned(),
            }}</p>
            <p class="muted">"Its query stays in this page if you put it in the editor first."</p>
            <div class="row end">
                <ShowCommand show=show(JobCommand::Delete) />
                <button class="button" type="button" on:click=move |_| asking.set(false)>"Keep it"</button>
                <button class="button danger" type="button" on:click=move |_| {
                    asking.set(false);
                    let (archive, path) = place.get_value();
                    actions.delete_job(&archive, &path);
                }>"Delete job"</button>
            </div>
        </Dialog>
    }
}

/// When the archive deletes the job by itself, and a way to change that.
#[component]
fn Destruction(destruction: Option<Timestamp>, archive: String, path: String) -> impl IntoView {
    let actions = expect_context::<Actions>();
    // To the second: nobody needs more, and it fits the field.
    let whole = |time: Timestamp| Timestamp::from_millis(time.millis() / 1000 * 1000).to_string();
    let moment = RwSignal::new(destruction.map(whole).unwrap_or_default());
    let set = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        actions.set_destruction(&archive, &path, &moment.get_untracked());
    };
    view! {
        <form class="destruction" on:submit=set>
            <TextField label="Deleted at (UTC)" class="inline" kind=Text::Name value=moment on_input=move |text| moment.set(text) />
            <button class="button small" type="submit">"Change"</button>
        </form>
    }
}
