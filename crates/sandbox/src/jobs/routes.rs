//! `/async` and what lies below: making, starting, stopping, changing and removing jobs (UWS 1.1, section 2.2.3).

use std::time::Duration;

use http::{Method, StatusCode};

use super::document::{self, Style};
use super::{Job, Phase, list, result};
use crate::Time;
use crate::archive::Answer;
use crate::call::Call;
use crate::fault::Fault;
use crate::{cross_match, external, response, upload};

/// The longest that a request with WAIT waits.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// A destruction time may not lie further ahead.
const LONGEST_RETENTION: Duration = Duration::from_secs(30 * 86_400);

impl Call<'_> {
    /// Answers a request for the part of the path behind `/async/`.
    pub fn jobs(&self, path: &[&str]) -> Result<Answer, Fault> {
        let Some((id, rest)) = path.split_first() else {
            // GET with a query makes a job, as this family of servers does; other parameters filter the list.
            let query = ["query", "request"].iter().any(|name| self.parameters.get(name).is_some());
            return match (self.reading(), *self.method == Method::POST) {
                (true, _) if !query => list::short(self),
                (true, _) | (_, true) => self.create(),
                _ => Err(Fault::method_not_allowed(self.method)),
            };
        };
        let job = self.job(id)?;
        match (rest, self.reading()) {
            ([], true) => self.document(&job),
            ([], false) if *self.method == Method::DELETE => self.remove(&job),
            ([], false) if *self.method == Method::POST => self.post(&job),
            (["phase"], true) => self.waiting(&job).unwrap_or_else(|| Ok(response::text(job.phase.word()))),
            (["phase"], false) => self.set_phase(&job, self.required("phase")?),
            (["parameters"], true) => Ok(response::xml(document::parameters(&job))),
            (["parameters"], false) => self.set_parameters(&job),
            (["parameters", name], true) => match job.parameter(&name.to_ascii_lowercase()) {
                Some(value) => Ok(response::text(value)),
                None => Err(Fault::missing(format!("Job '{id}' has no parameter '{name}'."))),
            },
            (["quote"], true) => Ok(response::text(if self.archive.config.legacy { "-1" } else { "" })),
            (["owner"], true) => Ok(response::text(job.owner())),
            (["executionduration"], true) => Ok(response::text(job.duration.to_string())),
            (["executionduration"], false) => self.set_duration(&job, self.required("executionduration")?),
            (["destruction"], true) => {
                let style = self.style();
                Ok(response::text(job.destruction.map(|time| style.time(time)).unwrap_or_default()))
            }
            (["destruction"], false) => self.set_destruction(&job, self.required("destruction")?),
            (["results"], true) => Ok(response::xml(document::results(&job, self.style()))),
            (["results", "result"], true) => match &job.result {
                Some(found) => result::answer(self.archive, &job, found, self.base),
                None => Err(Fault::missing(format!("Job '{id}' has no result: its phase is {}.", job.phase.word()))),
            },
            (["error"], true) => Ok(self.error(&job)),
            (["error", "details"], true) => self.details(&job),
            _ => Err(Fault::method_not_allowed(self.method)),
        }
    }

    /// The job of this identifier, if the caller may read it: their own, or one of nobody.
    pub fn job(&self, id: &str) -> Result<Job, Fault> {
        let job = self.archive.jobs.get(id, self.now);
        let job = job.ok_or_else(|| Fault::missing(format!("Job '{id}' does not exist.")))?;
        if !job.is_readable_by(self.caller.user.as_deref()) {
            return Err(Fault::forbidden(format!(
                "User '{}' is not authorized to use job '{id}'.",
                self.caller.name()
            )));
        }
        Ok(job)
    }

    /// Makes a job; with PHASE=RUN also starts it.
    fn create(&self) -> Result<Answer, Fault> {
        let config = &self.archive.config;
        let run = match self.parameters.value("phase") {
            None => false,
            Some(phase) if phase.eq_ignore_ascii_case("run") => true,
            Some(phase) => return Err(Fault::bad(format!("Wrong phase value: '{phase}'. Only PHASE=RUN is allowed."))),
        };
        let (jobs, user) = (&self.archive.jobs, self.caller.user.as_deref());
        if jobs.len() >= config.job_limit {
            return Err(quota("Job quota", self, config.job_limit));
        }
        if jobs.space_of(user) >= config.job_space {
            return Err(quota("Files quota", self, gigabytes(config.job_space)));
        }
        external::service(config, self.parameters, Some(self.tap))?;
        let id = jobs.new_id(self.now, config.legacy)?;
        let mut job = Job::new(id.clone(), self.caller, self.now);
        job.phase = if run { Phase::Queued } else { Phase::Pending };
        job.destruction = user.is_none().then(|| self.now.after(config.retention));
        job.duration = if user.is_some() { config.user_time } else { config.async_time }.as_secs();
        let requested = upload::requested(self.parameters, &|uri| self.archive.own_resource(uri, self.base, self.now));
        job.take_parameters(self.parameters);
        external::settle(&mut job, self.tap);
        cross_match::mark(&mut job);
        match requested.and_then(|uploads| self.keep_uploads(&id, &uploads)) {
            Ok(uploads) => job.uploads = uploads,
            Err(fault) => job.upload_fault = Some(fault.message),
        }
        self.archive.jobs.insert(job)?;
        Ok(self.to_job(&id))
    }

    /// Keeps the tables that came with a job in a file of their own.
    fn keep_uploads(&self, id: &str, uploads: &[upload::Upload]) -> Result<Vec<upload::UploadedTable>, Fault> {
        if uploads.is_empty() {
            return Ok(Vec::new());
        }
        let config = &self.archive.config;
        if self.caller.user.is_none() && self.archive.jobs.uploads_of(None) >= config.upload_space {
            return Err(quota("DB quota", self, gigabytes(config.upload_space)));
        }
        let mut session = self.archive.database.connect()?;
        session.attach_file(&self.archive.jobs.uploads_file(id), "uploads", true)?;
        uploads.iter().map(|upload| upload::store(&session, upload, config.upload_limit)).collect()
    }

    fn document(&self, job: &Job) -> Result<Answer, Fault> {
        self.waiting(job).unwrap_or_else(|| Ok(response::xml(document::job(job, self.style()))))
    }

    /// WAIT (UWS 1.1, section 2.2.1.1): nothing is answered until the phase changes or the time is over.
    fn waiting(&self, job: &Job) -> Option<Result<Answer, Fault>> {
        let wait = self.parameters.value("wait")?;
        let Ok(seconds) = wait.parse::<i64>() else {
            return Some(Err(Fault::bad(format!("WAIT must be a whole number of seconds, not '{wait}'."))));
        };
        let seconds = if seconds < 0 { LONGEST_WAIT } else { Duration::from_secs(seconds as u64).min(LONGEST_WAIT) };
        let until = self.arrival.after(seconds);
        let other = self.parameters.value("phase").is_some_and(|phase| !phase.eq_ignore_ascii_case(job.phase.word()));
        let over = self.now >= until || job.changed > self.arrival || !job.phase.is_active() || other;
        (!over).then_some(Ok(Answer::Wait(until)))
    }

    fn post(&self, job: &Job) -> Result<Answer, Fault> {
        match self.parameters.value("action") {
            Some(action) if action.eq_ignore_ascii_case("delete") => return self.remove(job),
            Some(action) => return Err(Fault::bad(format!("Unknown action '{action}'. Only DELETE is allowed."))),
            None => {}
        }
        if let Some(phase) = self.parameters.value("phase") {
            return self.set_phase(job, phase);
        }
        if let Some(time) = self.parameters.value("destruction") {
            return self.set_destruction(job, time);
        }
        if let Some(duration) = self.parameters.value("executionduration") {
            return self.set_duration(job, duration);
        }
        self.set_parameters(job)
    }

    fn set_phase(&self, job: &Job, asked: &str) -> Result<Answer, Fault> {
        let now = self.now;
        let allowed = match asked.to_ascii_uppercase().as_str() {
            "RUN" => self.archive.jobs.update(&job.id, now, |job| {
                let pending = job.phase == Phase::Pending;
                if pending {
                    job.enter(Phase::Queued, now);
                }
                // To start what was started already changes nothing.
                pending || job.phase.is_active()
            })?,
            "ABORT" => self.archive.jobs.update(&job.id, now, |job| {
                let active = job.phase.is_active();
                if active {
                    job.enter(Phase::Aborted, now);
                    job.ended = Some(now);
                }
                active || job.phase == Phase::Aborted
            })?,
            _ => {
                return Err(Fault::bad(format!("Invalid phase value '{asked}'. Only 'RUN' and 'ABORT' are allowed.")));
            }
        };
        if allowed == Some(false) {
            let message = format!("Cannot change phase to '{}'. Job '{}'", asked.to_ascii_uppercase(), job.id);
            return Err(Fault::new(StatusCode::INTERNAL_SERVER_ERROR, message));
        }
        Ok(self.to_job(&job.id))
    }

    fn set_parameters(&self, job: &Job) -> Result<Answer, Fault> {
        if job.phase != Phase::Pending {
            let message =
                format!("Parameters of job '{}' cannot be changed: its phase is {}.", job.id, job.phase.word());
            return Err(Fault::bad(message));
        }
        self.archive.jobs.update(&job.id, self.now, |job| {
            for (name, value) in self.parameters.iter() {
                job.set_parameter(name, value);
            }
            external::settle(job, self.tap);
            cross_match::mark(job);
        })?;
        Ok(self.to_job(&job.id))
    }

    fn set_duration(&self, job: &Job, asked: &str) -> Result<Answer, Fault> {
        let seconds: i64 = asked
            .parse()
            .map_err(|_| Fault::bad(format!("An execution duration is a whole number of seconds, not '{asked}'.")))?;
        let config = &self.archive.config;
        let longest = if job.owner.is_some() { config.user_time } else { config.async_time }.as_secs();
        let seconds = u64::try_from(seconds).ok().filter(|seconds| *seconds > 0).unwrap_or(longest).min(longest);
        self.archive.jobs.update(&job.id, self.now, |job| job.duration = seconds)?;
        Ok(self.to_job(&job.id))
    }

    fn set_destruction(&self, job: &Job, asked: &str) -> Result<Answer, Fault> {
        let time = Time::parse(asked)
            .ok_or_else(|| Fault::bad(format!("A destruction time is a time of ISO 8601, not '{asked}'.")))?;
        let time = if job.owner.is_some() { time } else { time.min(self.now.after(LONGEST_RETENTION)) };
        self.archive.jobs.update(&job.id, self.now, |job| job.destruction = Some(time))?;
        Ok(self.to_job(&job.id))
    }

    fn remove(&self, job: &Job) -> Result<Answer, Fault> {
        self.archive.jobs.remove(&job.id, self.now)?;
        Ok(response::see_other(&format!("{}/async", self.tap)))
    }

    fn error(&self, job: &Job) -> Answer {
        match &job.error {
            Some(_) if self.archive.config.strict => {
                self.details(job).unwrap_or_else(|fault| response::refusal(&fault, "error"))
            }
            Some(_) => response::see_other(&format!("{}/async/{}/error/details", self.tap, job.id)),
            None => response::document(
                "application/x-votable+xml",
                document::error(job, Style { strict: false, ..self.style() }),
            ),
        }
    }

    fn details(&self, job: &Job) -> Result<Answer, Fault> {
        let message = job.error.as_ref().ok_or_else(|| Fault::missing(format!("Job '{}' has no error.", job.id)))?;
        let strict = self.archive.config.strict;
        Ok(response::document("application/x-votable+xml", Fault::bad(message.as_str()).votable(-1, "async", strict)))
    }

    fn to_job(&self, id: &str) -> Answer {
        response::see_other(&format!("{}/async/{id}", self.tap))
    }
}

/// `POST /deletejobs` (TAP+): removes the jobs that `JOB_IDS` names, those of other users excepted.
pub fn delete_jobs(call: &Call<'_>) -> Result<Answer, Fault> {
    call.posting()?;
    let user = call.caller.user.as_deref();
    let mut report = Vec::new();
    for id in call.required("JOB_IDS")?.split(',').map(str::trim).filter(|id| !id.is_empty()) {
        let outcome = match call.job(id) {
            Ok(job) => {
                call.archive.jobs.remove(&job.id, call.now)?;
                "removed"
            }
            Err(_) if call.archive.jobs.forget(id, user) => "removed",
            Err(fault) if fault.status == StatusCode::FORBIDDEN => "is not yours",
            Err(_) => "does not exist",
        };
        report.push(serde_json::Value::from(format!("Job '{id}' {outcome}")));
    }
    Ok(response::document("application/json", serde_json::json!({ "report": report }).to_string()))
}

/// What a user is told who has used up what they may use.
fn quota(what: &str, call: &Call<'_>, most: impl std::fmt::Display) -> Fault {
    let advice = match call.caller.user {
        None => " Registered users have an increased quota, please log in.",
        Some(_) => " Remove what you no longer need.",
    };
    let user = call.caller.name();
    let message = format!("{what} exceeded for user {user} (Currently {most}, maximum allowed is {most}).{advice}");
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, message)
}

fn gigabytes(bytes: u64) -> String {
    format!("{} GB", bytes / 1_000_000_000)
}
