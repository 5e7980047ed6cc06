//! The job lists of TAP+ (`/jobs/{list}`), deletion of many jobs at once, and jobs as tables of a query.
//!
//! The lists hold whole job documents: [`crate::uws::parse_jobs`] reads them.

use crate::{
    error::{Error, error_in_ok_body, redact},
    name::in_quotes,
    request::{Form, Request, Service, get, post},
    timestamp::Timestamp,
    uws::Phase,
    xml,
};

/// Which jobs a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JobsOf {
    /// Those made at `/async`.
    #[default]
    Async,
    /// Those made at `/sync`; their results are not kept.
    Sync,
}

/// Paging, order and filters of `/jobs/{list}` (TAP+).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobsFilter {
    /// First job wanted, from 0.
    pub offset: Option<u64>,
    /// How many jobs at most.
    pub limit: Option<u64>,
    /// Columns to sort by, most important first, with `true` for descending.
    pub order: Vec<(String, bool)>,
    /// Without parameters and results.
    pub metadata_only: bool,
    /// Only this job.
    pub job_id: Option<String>,
    /// Only jobs of this name.
    pub job_name: Option<String>,
    /// Only jobs of this owner; the archive shows others' jobs to nobody but its operators.
    pub owner: Option<String>,
    /// Only jobs in this phase.
    pub phase: Option<Phase>,
    /// Only jobs with this text in the query.
    pub query: Option<String>,
    /// Only jobs that started between these moments; each end may be open.
    pub started: (Option<Timestamp>, Option<Timestamp>),
    /// Only jobs that ended between these moments; each end may be open.
    pub ended: (Option<Timestamp>, Option<Timestamp>),
}

impl Service {
    /// Whole job documents, paged (TAP+).
    pub fn jobs(&self, list: JobsOf, filter: &JobsFilter) -> Request {
        let mut form = Form::new();
        form.add_some("offset", filter.offset.map(|n| n.to_string()));
        form.add_some("limit", filter.limit.map(|n| n.to_string()));
        let column = |(name, down): &(String, bool)| format!("{name}:{}", if *down { "DESC" } else { "ASC" });
        let order: Vec<String> = filter.order.iter().map(column).collect();
        form.add_some("order", (!order.is_empty()).then(|| order.join(",")));
        form.add_flag("metadata_only", filter.metadata_only);
        form.add_some("jobid", filter.job_id.as_deref());
        form.add_some("jobname", filter.job_name.as_deref());
        form.add_some("ownerid", filter.owner.as_deref());
        form.add_some("phaseid", filter.phase.as_ref().map(Phase::as_str));
        form.add_some("query", filter.query.as_deref());
        let millis = |moment: Option<Timestamp>| moment.map(|t| t.millis().to_string());
        form.add_some("start_time_init", millis(filter.started.0));
        form.add_some("start_time_limit", millis(filter.started.1));
        form.add_some("end_time_init", millis(filter.ended.0));
        form.add_some("end_time_limit", millis(filter.ended.1));
        get(&self.tap, if list == JobsOf::Async { "jobs/async" } else { "jobs/sync" }, &form)
    }

    /// Destroys jobs with their results (TAP+). The answer is a report for [`parse_delete_report`].
    pub fn delete_jobs(&self, ids: &[impl AsRef<str>]) -> Request {
        let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
        post(&self.tap, "deletejobs", &Form::of(&[("JOB_IDS", &ids.join(","))]))
    }
}

/// The sentences in the report on deleted jobs, without quotes.
///
/// The report is meant to be JSON, `{"report": ["…", "…"]}`, but some archives leave the commas out. So every
/// string behind the bracket counts; an answer without a bracket is one sentence, an empty one is none.
///
/// # Errors
/// `Service` if the answer is a page or another error, `Truncated` if the report ends in its middle.
pub fn parse_delete_report(bytes: &[u8]) -> Result<Vec<String>, Error> {
    if let Some(error) = error_in_ok_body(None, bytes) {
        return Err(error);
    }
    let text = xml::decode(bytes);
    let text = text.trim();
    let Some((_, mut rest)) = text.split_once('[').filter(|_| text.starts_with('{')) else {
        return Ok((!text.is_empty()).then(|| redact(text)).into_iter().collect());
    };
    let mut out = Vec::new();
    loop {
        let at = rest.find(['"', ']']).ok_or(Error::Truncated { what: "report" })?;
        if rest.as_bytes()[at] == b']' {
            return Ok(out);
        }
        let (sentence, behind) = json_string(&rest[at + 1..]).ok_or(Error::Truncated { what: "report" })?;
        out.push(redact(&sentence));
        rest = behind;
    }
}

/// What a report says of the job `id`: `Some(true)` that it is no more, `Some(false)` that it is still there, `None` nothing
/// that can be understood. The sentences are the archive's own; of a job that it never had it is enough that it is not there.
pub fn was_deleted(report: &[String], id: &str) -> Option<bool> {
    let whole = |sentence: &&String| {
        let boundary = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
        sentence.match_indices(id).any(|(at, _)| {
            boundary(sentence[..at].chars().next_back()) && boundary(sentence[at + id.len()..].chars().next())
        })
    };
    let sentence = report.iter().find(whole)?.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    if says(&["does not exist", "not found", "no such job"]) {
        return Some(true);
    }
    let denied = says(&[" not ", "cannot", "could not", "error", "denied", "forbidden"]);
    match says(&["removed", "deleted"]) {
        true => Some(!denied),
        false => denied.then_some(false),
    }
}

/// A string of JSON from behind its quote, and what follows. An escape that is none stands for itself.
fn json_string(text: &str) -> Option<(String, &str)> {
    let bytes = text.as_bytes();
    let mut end = 0;
    while *bytes.get(end)? != b'"' {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    let inside = text.get(..end)?;
    let whole = serde_json::from_str(text.get(..=end).map(|inside| format!("\"{inside}")).as_deref()?);
    Some((whole.unwrap_or_else(|_| inside.to_owned()), &text[end + 1..]))
}

/// The name by which a query reads the result of a finished job (TAP+): `JOB_UPLOAD."job1404139480755A"`.
/// Quoted, because newer ids hold hyphens, and with the id as the service wrote it.
pub fn job_table(id: &str) -> String {
    format!("JOB_UPLOAD.{}", in_quotes(&format!("job{id}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_tables() {
        assert_eq!(job_table("1404139480755A"), "JOB_UPLOAD.\"job1404139480755A\"");
        assert_eq!(job_table("b2242729-f44b-O"), "JOB_UPLOAD.\"jobb2242729-f44b-O\"");
        assert_eq!(job_table("a\"b"), "JOB_UPLOAD.\"joba\"\"b\"");
    }

    #[test]
    fn reports_tell_of_each_job() {
        let report =
            ["Job '1-O' removed", "Job '11-O' is not yours", "Job '2-O' does not exist", "3-O: hm"].map(String::from);
        assert_eq!(was_deleted(&report, "1-O"), Some(true));
        assert_eq!(was_deleted(&report, "11-O"), Some(false));
        assert_eq!(was_deleted(&report, "2-O"), Some(true));
        assert_eq!(was_deleted(&report, "3-O"), None);
        assert_eq!(was_deleted(&report, "4-O"), None);
        assert_eq!(was_deleted(&["Job 5 could not be removed".into()], "5"), Some(false));
    }

    #[test]
    fn reports_are_read_with_and_without_commas() {
        let report = |text: &str| parse_delete_report(text.as_bytes()).unwrap();
        let two = ["Job '1O' removed", "Job \"2O\" not found"];
        assert_eq!(report("{\"report\": [\n\"Job '1O' removed\"\n\"Job \\\"2O\\\" not found\"\n]}"), two);
        assert_eq!(report("{\"report\": [\"Job '1O' removed\", \"Job \\\"2O\\\" not found\"]}\n"), two);
        assert_eq!(report("{ \"report\": [ ]}"), [""; 0]);
        assert_eq!(report(""), [""; 0]);
        assert_eq!(report("OK"), ["OK"]);
        assert_eq!(report("{\"report\": [\"a \\x b\"]}"), ["a \\x b"]);
        let whole = "{\"report\": [\"a\\\"é\", \"b\"]}";
        for end in (12..whole.len() - 2).filter(|end| whole.is_char_boundary(*end)) {
            assert!(parse_delete_report(&whole.as_bytes()[..end]).is_err(), "{end}");
        }
    }
}
