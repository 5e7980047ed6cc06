//! Running a query: check, send, follow, cancel.

use leptos::{prelude::*, task::spawn_local};
use tap::{ServiceError, request::Query};
use workbench::protocol::{Command, Objection};

use super::{Actions, FIRST_QUERY, job_creation::VOTABLE, results::Origin};
use crate::{
    dom,
    routes::{MAX_LENGTH, Route, Run, View},
    state::{
        jobs::excerpt,
        query::{Doubt, Form, Mark, Problem, Running, Stage},
    },
};

/// A run that waits for the parser's word on its text.
#[derive(Clone, Copy)]
pub(super) struct Check {
    sequence: u32,
    run: Run,
}

impl Actions {
    /// Runs the query as the form says. What our parser rejects waits for the user to insist.
    pub fn run(&self) {
        let run = if self.state.query.form.with_untracked(|form| form.asynchronous) { Run::Async } else { Run::Sync };
        self.run_as(run, false);
    }

    /// Runs the query that our parser rejects: the service has the last word.
    pub fn insist(&self) {
        if let Some(doubt) = self.state.query.doubt.get_untracked() {
            self.run_as(doubt.run, true);
        }
    }

    /// Runs the query of the shown result as a job, since it was cut as a synchronous one.
    pub fn run_shown_as_job(&self) {
        if let Some(result) = self.state.results.shown_untracked() {
            if self.state.services.service_of(result.id).is_some() {
                return self.run_external_as_job(&result);
            }
            self.edit(&result.adql);
            self.edit_form(|form| form.asynchronous = true);
            self.run_as(Run::Async, true);
        }
    }

    /// Puts the address of a place in the app on the clipboard.
    pub fn copy_link(&self, route: &Route) {
        let fragment = route.to_string();
        if fragment.len() > MAX_LENGTH {
            return self.notice(true, "The query is too long for a link; save it as a file instead.");
        }
        let (actions, link) = (*self, format!("{}{fragment}", self.base()));
        spawn_local(async move {
            if dom::copy(&link).await {
                actions.notice(false, "The link is on the clipboard. It opens this query and runs nothing by itself.");
            } else {
                actions.notice(
                    true,
                    format!("The browser does not let this page write to the clipboard. The link: {link}"),
                );
            }
        });
    }

    /// Runs the query that a link proposed.
    pub fn run_proposed(&self) {
        if let Some(run) = self.state.query.proposed.get_untracked() {
            self.edit_form(|form| form.asynchronous = run == Run::Async);
            self.run_as(run, false);
        }
    }

    /// Does not run the query that a link proposed; its text stays.
    pub fn decline_proposed(&self) {
        self.state.query.proposed.set(None);
    }

    /// Changes the form beside the editor.
    pub fn edit_form(&self, change: impl FnOnce(&mut Form)) {
        self.state.query.form.update(change);
    }

    /// Puts a text in the editor in place of what is there, and shows it.
    pub fn edit(&self, adql: &str) {
        self.replace_text(adql);
        self.state.query.proposed.set(None);
        if self.state.route.with_untracked(|route| route.view != View::Query) {
            self.go(&Route::to(View::Query));
        }
    }

    /// Puts the text back that another one took the place of; the two change places.
    pub fn put_back(&self) {
        if let Some(text) = self.state.query.replaced.get_untracked() {
            self.edit(&text);
        }
    }

    /// Puts a text in the editor. What somebody wrote there is kept: it can be put back.
    pub(super) fn replace_text(&self, adql: &str) {
        let query = self.state.query;
        let before = query.adql.get_untracked();
        if before == adql {
            return;
        }
        if !before.trim().is_empty() && before != FIRST_QUERY {
            query.replaced.set(Some(before));
        }
        query.adql.set(adql.to_owned());
        query.marks.set(Vec::new());
        query.doubt.set(None);
    }

    /// Puts a text at the cursor and shows the editor.
    pub fn insert(&self, text: &str) {
        self.state.query.insert.set(Some(text.to_owned()));
        if self.state.route.with_untracked(|route| route.view != View::Query) {
            self.go(&Route::to(View::Query));
        }
    }

    /// Puts a table at the end of what is being written, since in another view there is no cursor; where nothing is being
    /// written, a query of its own.
    pub fn append_table(&self, table: &str) {
        let before = self.state.query.adql.get_untracked();
        if before.trim().is_empty() || before == FIRST_QUERY {
            return self.edit(&format!("SELECT *\nFROM {table}"));
        }
        self.edit(&format!("{} {table}", before.trim_end()));
    }

    /// Takes back what was said about the text, since it changed.
    pub fn text_changed(&self) {
        let query = self.state.query;
        if query.marks.with_untracked(|marks| !marks.is_empty()) {
            query.marks.set(Vec::new());
        }
        if query.doubt.with_untracked(Option::is_some) {
            query.doubt.set(None);
        }
    }

    /// Shows the query as other tools send it: the same request as [`Actions::run`] makes.
    pub fn show_query_command(&self) {
        self.show_query(self.state.query.adql.get_untracked());
    }

    pub(super) fn show_query(&self, adql: String) {
        let Some(archive) = self.state.archive_untracked() else { return };
        match self.query(adql) {
            Ok(query) => {
                let service = self.service(&archive);
                let asynchronous = self.state.query.form.with_untracked(|form| form.asynchronous);
                let request = if asynchronous { service.create_job(&query, true) } else { service.sync(&query) };
                self.show_command("Run this query", &[request], None);
            }
            Err(problem) => self.state.query.failure.set(Some(problem)),
        }
    }

    /// Stops the query whose result is awaited: the transfer, and the job if there is one.
    pub fn cancel(&self) {
        let Some(running) = self.state.query.running.get_untracked() else { return };
        if let Some(table) = running.table {
            self.cancel_load(table);
        }
        if let (Some(key), None) = (running.job, running.table) {
            self.abort_job(&key);
            self.notice(false, "The job was told to stop. It stays in the list of jobs.");
        }
        self.awaited(false).finish();
    }

    pub(super) fn run_as(&self, run: Run, insist: bool) {
        let state = self.state.query;
        if state.running.with_untracked(Option::is_some) {
            return;
        }
        state.proposed.set(None);
        state.failure.set(None);
        state.file.set(None);
        state.doubt.set(None);
        state.marks.set(Vec::new());
        let query = match self.query(state.adql.get_untracked()) {
            Ok(query) => query,
            Err(problem) => return state.failure.set(Some(problem)),
        };
        if !insist {
            let check = Check { sequence: self.number(), run };
            let command = Command::Check { sequence: check.sequence, adql: query.adql };
            self.check.set_value(Some(check));
            if self.command(&command, None) {
                return;
            }
            // Without a worker nothing can be shown, but a job can be made.
            return self.run_as(run, true);
        }
        let Some(archive) = self.state.archive_untracked() else {
            return state.failure.set(Some(Problem {
                title: "No archive is chosen".into(),
                message: "There is no archive to ask.".into(),
                next: "Your text is kept. Choose an archive at the top and run the query again.".into(),
            }));
        };
        if run == Run::Async {
            return self.create_job(&archive, query);
        }
        let title = query.job_name.clone().unwrap_or_else(|| excerpt(&query.adql));
        let origin = Origin { title, archive: archive.id.clone(), adql: query.adql.clone(), job: None };
        let table = self.load(self.service(&archive).sync(&query), origin);
        state.running.set(Some(Running { table: Some(table), job: None, since: dom::now() }));
    }

    /// The query with this text, as the form describes it.
    fn query(&self, adql: String) -> Result<Query, Problem> {
        let problem = |title: &str, message: String, next: &str| {
            Err(Problem { title: title.into(), message, next: format!("Nothing was sent; your text is kept. {next}") })
        };
        let state = self.state.query;
        if adql.trim().is_empty() {
            return problem("There is no query", "The editor is empty.".into(), "Write a query, or choose an example.");
        }
        let form = state.form.get_untracked();
        let Ok(maxrec) = rows(&form.limit) else {
            let message = format!("“{}” is not a number of rows.", form.limit);
            return problem("The row limit is not a number", message, "Write it in digits, or leave it empty.");
        };
        let limits = self.state.limits_untracked();
        let mut uploads = Vec::new();
        for upload in state.uploads.get_untracked() {
            let name = &upload.file_name;
            match upload.stage {
                Stage::Ready { bytes, rows, .. } => {
                    if let Err(limit) = limits.check_upload(bytes.len() as u64, Some(rows as u64)) {
                        let message = format!("“{name}”: {limit}.");
                        let next = "Send fewer rows or columns, or keep the table at the archive as a table of yours.";
                        return problem("A file is too large for this archive", message, next);
                    }
                    uploads.push(tap::Upload {
                        table: upload.table.clone(),
                        file_name: format!("{}.vot", upload.table),
                        content_type: "application/x-votable+xml".into(),
                        bytes: bytes.to_vec(),
                    });
                }
                Stage::Reading => {
                    let message = format!("“{name}” is still being read.");
                    return problem("A file is not ready", message, "Wait a moment and run the query again.");
                }
                Stage::Refused(reason) => {
                    return problem(
                        "A file is no table",
                        format!("“{name}”: {reason}"),
                        "Remove the file, or mend it and attach it again.",
                    );
                }
            }
            if let Err(reason) = tap::upload_name_ok(&upload.table)
                && !reason.needs_quotes()
            {
                let message = format!("“{}”: {reason}", upload.table);
                return problem("The name of an upload table cannot be used", message, "Give the table another name.");
            }
        }
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Query {
            adql,
            // BINARY2 is exact, compact, and says whether it is all.
            format: Some(if form.asynchronous && form.by_archive { form.format } else { VOTABLE.into() }),
            maxrec,
            job_name: some(&form.job_name),
            job_description: some(&form.job_description),
            run_id: None,
            uploads,
        })
    }

    /// The parser's word on the text that waits to be sent. Nothing against it: it is sent.
    pub(super) fn checked(&self, sequence: u32, objections: Vec<Objection>) {
        let Some(Check { run, .. }) = self.check.get_value().filter(|check| check.sequence == sequence) else { return };
        self.check.set_value(None);
        let Some(first) = objections.first() else { return self.run_as(run, true) };
        let message = format!("Line {}, column {}: {}", first.line, first.column, first.message);
        let mark =
            |objection: &Objection| Mark { range: objection.start..objection.end, message: objection.message.clone() };
        self.state.query.marks.set(objections.iter().map(mark).collect());
        self.state.query.doubt.set(Some(Doubt { run, message }));
    }

    /// Marks the place in the text that the service complains of, if the text is still the one that was sent.
    pub(super) fn mark(&self, adql: &str, message: &str, position: Option<(u32, u32)>) {
        let Some((line, column)) = position else { return };
        let state = self.state.query;
        if state.adql.with_untracked(|text| text != adql) {
            return;
        }
        let offset = byte_offset(adql, line as usize, column as usize);
        let token = adql::lexer::tokens(adql).into_iter().find(|token| token.range.contains(&offset));
        let range = token.map_or(offset..adql.len().min(offset + 1), |token| token.range);
        state.marks.set(vec![Mark { range, message: message.to_owned() }]);
    }

    /// The same for an error that came by way of a job.
    pub(super) fn mark_service_error(&self, adql: &str, error: &ServiceError) {
        let state = self.state.query;
        if let Some(range) = error.place_in(adql)
            && state.adql.with_untracked(|text| text == adql)
        {
            state.marks.set(vec![Mark { range, message: error.message.clone() }]);
        }
    }
}

/// A number of rows as people write it; nothing is no limit.
pub(super) fn rows(text: &str) -> Result<Option<u64>, std::num::ParseIntError> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && !",_'".contains(*c)).collect();
    if digits.is_empty() { Ok(None) } else { digits.parse().map(Some) }
}

/// Where line and column (in characters, counted from 1) lie in a text; its end if they lie behind it.
fn byte_offset(text: &str, line: usize, column: usize) -> usize {
    let start = match line.saturating_sub(1) {
        0 => 0,
        breaks => text.match_indices('\n').nth(breaks - 1).map_or(text.len(), |(at, _)| at + 1),
    };
    let rest = &text[start..];
    let within = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
    start + within
}

#[cfg(test)]
mod tests {
    use super::byte_offset;

    #[test]
    fn places_are_found() {
        let text = "SELECT é\nFROM t\n";
        assert_eq!(byte_offset(text, 1, 1), 0);
        assert_eq!(byte_offset(text, 1, 8), 7);
        assert_eq!(byte_offset(text, 2, 6), 15);
        assert_eq!(byte_offset(text, 9, 9), text.len());
    }
}
