//! The use cases. Only they write state; views call them.

mod command;
mod cone;
mod cross_match;
mod datalink;
mod events;
mod expiry;
mod job_creation;
mod job_deletion;
mod job_list;
mod jobs;
mod journal;
mod metadata;
mod notifications;
pub mod pictures;
mod poller;
mod query;
mod results;
mod services;
mod session;
mod settings;
mod sharing;
mod start;
mod table_changes;
mod table_file;
mod table_upload;
mod tabs;
mod uploads;
mod user_tables;
mod workbench;

pub use datalink::LINKS_SHOWN;
pub use job_list::PAGE;
pub use jobs::JobCommand;
pub use start::FIRST_QUERY;

use std::collections::HashMap;

use ::workbench::protocol::FailureKind;
use leptos::prelude::*;
use tap::datalink::LinkColumns;

use crate::{
    archives::Archive,
    failures,
    fetch::{self, FetchError, Response},
    state::{Notice, State, storage::Storage},
    worker_client::WorkerClient,
};

/// The actions, with what they act through. Copying it copies handles.
#[derive(Clone, Copy)]
pub struct Actions {
    /// What the page knows.
    pub state: State,
    storage: StoredValue<Option<Storage>, LocalStorage>,
    worker: StoredValue<Option<WorkerClient>, LocalStorage>,
    poller: StoredValue<poller::Pollers, LocalStorage>,
    /// First row and number of rows that the grid asked for last.
    asked: StoredValue<Option<(usize, usize)>>,
    check: StoredValue<Option<query::Check>>,
    /// The number of the cone's query that was asked for last.
    cone: StoredValue<u32>,
    /// What pictures are drawn on.
    canvas: StoredValue<Option<pictures::Canvas>>,
    /// Whether a picture was wished while another was being drawn.
    draw_again: StoredValue<bool>,
    /// Whether the row under the pointer is being searched for.
    pointing: StoredValue<bool>,
    /// The row of the grid that was marked last, from which on Shift marks.
    marked: StoredValue<Option<pictures::Marked>>,
    questions: StoredValue<workbench::Questions, LocalStorage>,
    /// The columns of tables of links that are being loaded.
    link_heads: StoredValue<HashMap<u32, LinkColumns>>,
    channel: StoredValue<Option<tabs::Channel>, LocalStorage>,
    ears: StoredValue<Vec<events::Ear>>,
    /// Where the page's files lie; ends with a slash.
    base: StoredValue<String>,
    next: StoredValue<u32>,
    /// Stops the upload of a user's table that is under way.
    upload_abort: StoredValue<Option<fetch::Abort>, LocalStorage>,
}

/// Why an action failed, before it is put into words for people.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ActionError {
    /// Nothing came back.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The service said no, or what it said cannot be read.
    #[error(transparent)]
    Tap(#[from] tap::Error),
}

impl ActionError {
    /// One or two sentences: what happened.
    pub fn sentence(&self, archive: &str) -> String {
        let mut sentence = self.words(archive);
        if sentence.ends_with(|last: char| last.is_alphanumeric()) {
            sentence.push('.');
        }
        sentence
    }

    fn words(&self, archive: &str) -> String {
        match self {
            ActionError::Fetch(error) => format!("No answer from {archive}: {error}."),
            ActionError::Tap(error) => match error.service() {
                Some(service) => match &service.kind {
                    tap::ErrorKind::HtmlPage { title } | tap::ErrorKind::Maintenance { title } => format!(
                        "{archive} answered with a web page{} instead of data. It may be under maintenance.",
                        title.as_ref().map(|title| format!(" titled “{title}”")).unwrap_or_default()
                    ),
                    tap::ErrorKind::Unauthorized => {
                        format!("{archive} wants you to sign in for this: {}", service.message)
                    }
                    tap::ErrorKind::NotFound => format!("{archive} does not have it: {}", service.message),
                    _ => format!("{archive} says: {}", service.message),
                },
                None => format!("The answer of {archive} cannot be used: {error}."),
            },
        }
    }

    /// What to do about it.
    pub fn next(&self) -> &'static str {
        failures::next(self.kind())
    }

    /// What kind of failure it is.
    fn kind(&self) -> FailureKind {
        match self {
            ActionError::Fetch(_) => FailureKind::Network,
            ActionError::Tap(error) => error.service().and_then(failures::kind).unwrap_or(FailureKind::Service),
        }
    }

    /// Whether a service answered at all.
    pub fn answered(&self) -> bool {
        matches!(self, ActionError::Tap(_))
    }

    /// The HTTP status of the service's answer, if it said no.
    pub fn status(&self) -> Option<u16> {
        match self {
            ActionError::Tap(error) => error.service().map(|service| service.status),
            ActionError::Fetch(_) => None,
        }
    }
}

impl Actions {
    /// Actions on an empty state; [`Actions::start`] brings it to life.
    pub fn new(state: State, base: String) -> Actions {
        Actions {
            state,
            storage: StoredValue::new_local(None),
            worker: StoredValue::new_local(None),
            poller: StoredValue::new_local(poller::Pollers::default()),
            asked: StoredValue::new(None),
            check: StoredValue::new(None),
            cone: StoredValue::new(0),
            canvas: StoredValue::new(None),
            draw_again: StoredValue::new(false),
            pointing: StoredValue::new(false),
            marked: StoredValue::new(None),
            questions: StoredValue::new_local(workbench::Questions::default()),
            link_heads: StoredValue::default(),
            channel: StoredValue::new_local(None),
            ears: StoredValue::new(Vec::new()),
            base: StoredValue::new(base),
            next: StoredValue::new(1),
            upload_abort: StoredValue::new_local(None),
        }
    }

    /// Says something in passing.
    pub fn notice(&self, error: bool, text: impl Into<String>) {
        let id = u64::from(self.number());
        self.state.notices.update(|notices| {
            notices.push(Notice { id, error, text: text.into() });
            let surplus = notices.len().saturating_sub(4);
            notices.drain(..surplus);
        });
    }

    /// Takes a notice away.
    pub fn dismiss(&self, id: u64) {
        self.state.notices.update(|notices| notices.retain(|notice| notice.id != id));
    }

    /// A number that was not given before in this visit.
    fn number(&self) -> u32 {
        self.next
            .try_update_value(|next| {
                *next += 1;
                *next
            })
            .unwrap_or_default()
    }

    fn storage(&self) -> Option<Storage> {
        self.storage.try_with_value(Clone::clone).flatten()
    }

    fn base(&self) -> String {
        self.base.try_get_value().unwrap_or_default()
    }

    fn service(&self, archive: &Archive) -> tap::Service {
        archive.service(&self.base())
    }

    /// Sends a request for a small document, and minds what an error says of the session.
    async fn ask(&self, request: &tap::Request) -> Result<Response, ActionError> {
        let answer = self.send(request).await;
        if let Ok(response) = &answer {
            self.compare_clocks(response);
        }
        if let Err(ActionError::Tap(error)) = &answer {
            self.mind_expiry(&request.url, error);
        }
        answer
    }

    /// Ages of what the archive dates are reckoned by its clock.
    fn compare_clocks(&self, response: &Response) {
        let Some(date) = response.header("date").and_then(|date| tap::Timestamp::parse_http_date(&date)) else {
            return;
        };
        let ahead = date.millis() as f64 - crate::dom::now();
        // The header tells whole seconds, and the answer was on its way.
        if (ahead - self.state.service.ahead.get_untracked()).abs() > 5_000.0 {
            self.state.service.ahead.set(ahead);
        }
    }

    /// Sends a request for a small document. Answers that are errors, also those that hide in a 200, become errors.
    async fn send(&self, request: &tap::Request) -> Result<Response, ActionError> {
        self.accept(fetch::send(request).await?)
    }

    /// Makes an error of an answer that is one.
    fn accept(&self, response: Response) -> Result<Response, ActionError> {
        let content_type = response.header("x-gx-content-type").or_else(|| response.header("content-type"));
        if response.status >= 400 {
            let retry_after = response.header("retry-after");
            return Err(tap::Error::from_response(
                response.status,
                content_type.as_deref(),
                retry_after.as_deref(),
                &response.body,
            )
            .into());
        }
        match tap::error_in_ok_body(content_type.as_deref(), &response.body) {
            Some(error) => Err(error.into()),
            None => Ok(response),
        }
    }
}
