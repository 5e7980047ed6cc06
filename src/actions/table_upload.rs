//! Uploads of tables of the user: sent with progress, and followed to their end.

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use tap::{
    Phase,
    limits::{Limits, TooLarge},
    request::job,
    user_tables::{FileUpload, NewTable, TableFormat, UploadReply, parse_upload, stored_name},
    uws,
};
use web_sys::Blob;

use super::{ActionError, Actions};
use crate::{
    archives::Archive,
    dom,
    fetch::{self, Abort, FetchError},
    state::{
        query::Problem,
        results::grouped,
        schema::Loadable,
        table_upload::{FileStage, Sending, Source, UploadForm},
        user_tables::schema_of,
    },
    views::clock::bytes,
};

/// Milliseconds between two questions for the job of an upload, at first and at most.
const ASK_MS: (u32, u32) = (500, 5_000);

/// What an upload sends.
enum Plan {
    File(FileUpload, Blob),
    Request(tap::Request),
}

impl Actions {
    /// Opens the dialog, with the form as it was left.
    pub fn open_upload(&self, source: Option<Source>) {
        let upload = self.state.user_tables.upload;
        if let Some(source) = source {
            upload.source.set(Source::ALL.iter().position(|known| *known == source).unwrap_or(0));
        }
        upload.open.set(true);
        if self.state.user_tables.listed.with_untracked(Loadable::wanted) {
            self.load_user_tables();
        }
        if self.state.jobs.listed.with_untracked(Loadable::wanted) {
            self.list_jobs();
        }
    }

    /// Changes what is typed.
    pub fn edit_upload(&self, change: impl FnOnce(&mut UploadForm)) {
        self.state.user_tables.upload.form.update(change);
    }

    /// Sends the table. What was typed and taken is kept until the archive has it.
    pub fn upload_table(&self) {
        let upload = self.state.user_tables.upload;
        if upload.sending.with_untracked(Option::is_some) {
            return;
        }
        let Some(archive) = self.state.archive_untracked() else { return };
        upload.problem.set(None);
        let plan = match self.upload_plan(&archive) {
            Ok(plan) => plan,
            Err(message) => {
                return upload.problem.set(Some(Problem {
                    title: "Nothing was sent".into(),
                    message,
                    next: "Change it and send it again.".into(),
                }));
            }
        };
        let abort = Abort::new();
        self.upload_abort.set_value(Some(abort.clone()));
        let bytes = match &plan {
            Plan::File(head, content) => Some((0.0, head.content_length(content.size() as u64) as f64)),
            Plan::Request(_) => None,
        };
        upload.sending.set(Some(Sending { bytes, phase: None }));
        let (actions, asker) = (*self, self.asker());
        spawn_local(async move {
            let sent = actions.send_table(&archive, plan, &abort).await;
            upload.sending.set(None);
            match sent {
                Ok(()) if actions.asker() == asker => actions.uploaded(),
                Ok(()) => {}
                Err(error) => {
                    if let ActionError::Tap(error) = &error {
                        actions.mind_expiry(&actions.service(&archive).tap, error);
                    }
                    upload.problem.set(Some(actions.upload_problem(&archive, &error)));
                }
            }
        });
    }

    /// Stops the upload.
    pub fn cancel_upload(&self) {
        self.upload_abort.with_value(|abort| abort.iter().for_each(Abort::abort));
    }

    /// Shows the upload.
    pub fn show_upload_command(&self) {
        let Some(archive) = self.state.archive_untracked() else { return };
        match self.upload_plan(&archive) {
            Ok(Plan::File(file, _)) => self.show_command("Upload this table", &[file.with_file(&[])], None),
            Ok(Plan::Request(request)) => self.show_command("Upload this table", &[request], None),
            Err(message) => self.notice(true, message),
        }
    }

    /// What is sent, or why nothing can be.
    fn upload_plan(&self, archive: &Archive) -> Result<Plan, String> {
        let upload = self.state.user_tables.upload;
        let form = upload.form.get_untracked();
        let source = Source::ALL.get(upload.source.get_untracked()).copied().unwrap_or(Source::File);
        let name = stored_name(&form.name).map_err(|problem| format!("The name cannot be used: {problem}."))?.name;
        if let Some(user) = self.state.user_untracked()
            && untrack(|| self.state.user_tables.has(&user, &name))
        {
            return Err(format!("You have a table {}.{name} already.", schema_of(&user)));
        }
        let described =
            |position| NewTable { name: name.clone(), description: form.description.trim().into(), position };
        let service = self.service(archive);
        match source {
            Source::Job if form.job.is_empty() => Err("Choose a job.".into()),
            Source::Job => {
                let id = form.job.rsplit('/').next().unwrap_or_default();
                Ok(Plan::Request(service.upload_job(&described(None), id)))
            }
            Source::Address if form.address.trim().is_empty() => Err("Type the address of a table.".into()),
            Source::Address => {
                let address = form.address.trim();
                Ok(Plan::Request(service.upload_url(&described(None), form.address_format, address)))
            }
            _ => {
                let file = upload.file.get_untracked().ok_or("Choose a table first.")?;
                let (FileStage::Ready(table), Some(content)) = (&file.stage, file.content(form.format)) else {
                    return Err("The file is not ready.".into());
                };
                let size = content.size() as u64;
                if let Err(limit) = self.limits(archive).check_upload(size, Some(table.rows as u64)) {
                    return Err(too_large(limit, size, table.rows, &archive.title));
                }
                let column = |name: &str| {
                    let field = table.fields.iter().find(|field| field.name == name);
                    field.map(|field| table.column(field, form.format).to_owned())
                };
                let position = match (column(&form.position.0), column(&form.position.1)) {
                    (None, None) => None,
                    (Some(ra), Some(dec)) if ra != dec => Some((ra, dec)),
                    _ => return Err("Right ascension and declination are two columns: choose both, or none.".into()),
                };
                let extension = match form.format {
                    TableFormat::VoTable => "vot",
                    TableFormat::Csv => "csv",
                    TableFormat::Ascii => "txt",
                };
                let random = (dom::random() * 9_007_199_254_740_992.0) as u64;
                let file_name = format!("{name}.{extension}");
                let head = service.upload_file(&described(position), form.format, &file_name, random);
                Ok(Plan::File(head, content.clone()))
            }
        }
    }

    /// What the archive in use allows.
    fn limits(&self, archive: &Archive) -> Limits {
        let limits = |capabilities: &Loadable<_>| Limits::of(capabilities.here(), archive.capabilities.tap_plus);
        self.state.service.capabilities.with_untracked(limits)
    }

    async fn send_table(&self, archive: &Archive, plan: Plan, abort: &Abort) -> Result<(), ActionError> {
        let sending = self.state.user_tables.upload.sending;
        let response = match plan {
            Plan::File(head, content) => {
                let progress = move |sent, total| {
                    sending.try_set(Some(Sending { bytes: Some((sent, total)), phase: None }));
                };
                fetch::upload(&head, &content, abort, progress).await?
            }
            Plan::Request(request) => fetch::send_with(&request, abort).await?,
        };
        let response = self.accept(response)?;
        let service = self.service(archive);
        let UploadReply::Job(url) = parse_upload(&service.tap, None, &response.body)? else { return Ok(()) };
        let mut pause = ASK_MS.0;
        loop {
            let response = self.accept(fetch::send_with(&job::document(&url, None), abort).await?)?;
            let job = uws::parse_job(&response.body)?;
            match job.phase {
                Phase::Completed => return Ok(()),
                phase if phase.is_final() => {
                    let message =
                        job.error.map_or_else(|| format!("The phase is {}.", phase.as_str()), |error| error.message);
                    return Err(tap::Error::from_job_message(&message).into());
                }
                phase => {
                    let phase = Some(phase.as_str().to_owned());
                    sending.update(|sending| sending.iter_mut().for_each(|sending| sending.phase.clone_from(&phase)));
                }
            }
            TimeoutFuture::new(pause).await;
            pause = (pause * 2).min(ASK_MS.1);
        }
    }

    /// The archive has the table: the form is done with.
    fn uploaded(&self) {
        let upload = self.state.user_tables.upload;
        let (name, rows) = (
            upload.form.with_untracked(|form| stored_name(&form.name).map(|name| name.name).unwrap_or_default()),
            upload.file.with_untracked(|file| match file.as_ref().map(|file| &file.stage) {
                Some(FileStage::Ready(table)) => Some(table.rows),
                _ => None,
            }),
        );
        let schema = self.state.user_untracked().map(|user| schema_of(&user)).unwrap_or_default();
        let table = tap::name::table(&format!("{schema}.{name}"), true);
        upload.open.set(false);
        upload.file.set(None);
        upload.form.set(UploadForm::default());
        let rows = rows.map(|rows| format!(": {} rows", grouped(rows))).unwrap_or_default();
        self.notice(false, format!("{table} is in the archive{rows}."));
        self.forget_table(&table);
        self.load_user_tables();
        self.show_user_table(Some(&table));
    }

    fn upload_problem(&self, archive: &Archive, error: &ActionError) -> Problem {
        let problem = |title: &str, next: &str| Problem {
            title: title.into(),
            message: error.sentence(&archive.title),
            next: next.into(),
        };
        self.mind_quota(error);
        // The archive may have had all of it.
        if !error.answered() {
            self.load_user_tables();
        }
        match error {
            ActionError::Fetch(FetchError::Aborted) => Problem {
                title: "The upload was stopped".into(),
                message: "The rest was not sent. If all of it had gone out, the archive may still make the table: the list behind this dialog tells.".into(),
                next: "The file and what you typed are kept.".into(),
            },
            ActionError::Fetch(_) => problem(
                "The upload was cut off",
                "The file and what you typed are kept. Look whether the list has the table; if not, send it again.",
            ),
            ActionError::Tap(_) => {
                problem("The archive did not make the table", "The file and what you typed are kept. Change what it complains of and send it again.")
            }
        }
    }
}

fn too_large(limit: TooLarge, size: u64, rows: usize, archive: &str) -> String {
    match limit {
        TooLarge::Bytes(most) => format!("The table has {}; {archive} takes at most {}.", bytes(size), bytes(most)),
        TooLarge::Rows(most) => {
            format!("The table has {} rows; {archive} takes at most {}.", grouped(rows), grouped(most as usize))
        }
    }
}
