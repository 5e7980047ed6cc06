//! The job document and its parts (UWS 1.1, section 2.2.2), in the archive's dialect or, strictly, as the schema wants it.

use super::{Job, Phase};
use crate::Time;
use crate::delivery;
use crate::fault::{cdata, escape};
use crate::parameters::{Parameters, percent_encode};

/// Declarations of the root element.
const NAMESPACES: &str = "xmlns:uws=\"http://www.ivoa.net/xml/UWS/v1.0\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
                          xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

/// How documents are written.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    /// Address of the TAP service.
    pub tap: &'a str,
    /// As the schema wants it.
    pub strict: bool,
    /// As the archive wrote when its documentation was written.
    pub legacy: bool,
    /// Without parameters and results.
    pub metadata_only: bool,
}

impl Style<'_> {
    /// A time: in UTC, or in the zone of the archive's old machines.
    pub fn time(&self, time: Time) -> String {
        if !self.legacy {
            return time.to_string();
        }
        time.after(std::time::Duration::from_secs(7_200)).to_string().replace('Z', "+0200")
    }
}

/// The document of one job.
pub fn job(job: &Job, style: Style<'_>) -> String {
    let version = if style.strict { " version=\"1.1\"" } else { "" };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<uws:job {NAMESPACES}{version}>\n{}</uws:job>\n",
        inner(job, style)
    )
}

/// The full documents of some jobs.
pub fn jobs(jobs: &[Job], total: usize, attributes: &str, style: Style<'_>) -> String {
    let inner: String = jobs.iter().map(|job| format!("<uws:job>\n{}</uws:job>\n", inner(job, style))).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<uws:jobs {NAMESPACES}{attributes} total=\"{total}\">\n{inner}</uws:jobs>\n"
    )
}

/// The short list: address and phase of each job.
pub fn short_list(jobs: &[Job], style: Style<'_>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if style.strict {
        out += &format!("<uws:jobs {NAMESPACES} version=\"1.1\">\n");
    } else {
        out += &format!(
            "<uws:jobs {NAMESPACES} xsi:schemaLocation=\"http://www.ivoa.net/xml/UWS/v1.0 http://www.ivoa.net/xml/UWS/v1.0\" total=\"{}\">\n",
            jobs.len()
        );
    }
    for job in jobs {
        let (id, phase) = (&job.id, job.phase.word());
        out += &format!("<uws:jobref id=\"{id}\" xlink:href=\"{}/async/{id}\">", escape(style.tap));
        out += &format!("<uws:phase>{phase}</uws:phase>");
        if style.strict {
            out += &run_id(job, true);
            out += &format!(
                "<uws:ownerId>{}</uws:ownerId><uws:creationTime>{}</uws:creationTime>",
                job.owner(),
                style.time(job.created)
            );
        }
        out += "</uws:jobref>\n";
    }
    out + "</uws:jobs>\n"
}

/// The parameters as a document of their own.
pub fn parameters(job: &Job) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<uws:parameters {NAMESPACES}>\n{}</uws:parameters>\n",
        parameter_elements(job)
    )
}

/// The list of results as a document of its own.
pub fn results(job: &Job, style: Style<'_>) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<uws:results {NAMESPACES}>\n{}</uws:results>\n",
        result_elements(job, style)
    )
}

/// The summary of an error as a document of its own; nil if there is none.
pub fn error(job: &Job, style: Style<'_>) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n",
        error_summary(job, style.strict).replacen("<uws:errorSummary", &format!("<uws:errorSummary {NAMESPACES}"), 1)
    )
}

fn inner(job: &Job, style: Style<'_>) -> String {
    let time = |name: &str, time: Option<Time>| match time {
        Some(time) => format!("<uws:{name}>{}</uws:{name}>\n", style.time(time)),
        None => format!("<uws:{name} xsi:nil=\"true\"/>\n"),
    };
    let mut out = format!("<uws:jobId>{}</uws:jobId>\n", cdata(&job.id));
    out += &run_id(job, style.strict);
    out += &format!("<uws:ownerId>{}</uws:ownerId>\n<uws:phase>{}</uws:phase>\n", cdata(job.owner()), job.phase.word());
    out += if style.legacy { "<uws:quote>-1</uws:quote>\n" } else { "<uws:quote xsi:nil=\"true\"/>\n" };
    if style.strict {
        out += &time("creationTime", Some(job.created));
    }
    out += &time("startTime", job.started);
    out += &time("endTime", job.ended);
    out += &format!("<uws:executionDuration>{}</uws:executionDuration>\n", job.duration);
    out += &time("destruction", job.destruction);
    if !style.strict {
        out += &time("creationTime", Some(job.created));
        let day = job.created.to_string();
        let day = day.get(..10).unwrap_or_default().replace('-', "/");
        out += &format!(
            "<uws:locationId>{}/{day}/{}</uws:locationId>\n<uws:name>{}</uws:name>\n",
            job.owner(),
            job.id,
            cdata(job.name())
        );
    }
    let (parameters, results) = if style.metadata_only {
        (String::new(), String::new())
    } else {
        (parameter_elements(job), result_elements(job, style))
    };
    out += &format!("<uws:parameters>\n{parameters}</uws:parameters>\n<uws:results>\n{results}</uws:results>\n");
    out + &error_summary(job, style.strict) + "\n"
}

fn run_id(job: &Job, strict: bool) -> String {
    match job.parameter("runid") {
        Some(id) => format!("<uws:runId>{}</uws:runId>\n", escape(id)),
        None if strict => String::new(),
        None => "<uws:runId xsi:nil=\"true\"/>\n".to_owned(),
    }
}

fn parameter_elements(job: &Job) -> String {
    let element = |(name, value): &(String, String)| {
        format!("<uws:parameter id=\"{}\">{}</uws:parameter>\n", escape(name), cdata(value))
    };
    let mut out: String = job.parameters.iter().map(element).collect();
    if let Some(session) = job.session {
        out += &element(&("session".to_owned(), session.to_string()));
    }
    out
}

fn result_elements(job: &Job, style: Style<'_>) -> String {
    let Some(result) = job.result.as_ref().filter(|_| job.phase == Phase::Completed) else { return String::new() };
    let href = format!("{}/async/{}/results/result", style.tap, job.id);
    // The archive once encoded the address as a whole.
    let href = if style.legacy { percent_encode(&href) } else { escape(&href) };
    let format =
        delivery::format(&Parameters::from_pairs(&job.parameters)).map(|format| format.mime()).unwrap_or_default();
    if style.strict {
        format!("<uws:result id=\"result\" xlink:type=\"simple\" xlink:href=\"{href}\" mime-type=\"{format}\"/>\n")
    } else {
        format!(
            "<uws:result id=\"result\" xlink:type=\"simple\" xlink:href=\"{href}\" mime=\"{format}\" size=\"{}\" \
             rows=\"{}\"/>\n",
            result.bytes, result.rows
        )
    }
}

fn error_summary(job: &Job, strict: bool) -> String {
    match &job.error {
        Some(message) => {
            let kind = if strict { "fatal" } else { "FATAL" };
            format!(
                "<uws:errorSummary type=\"{kind}\" hasDetail{}=\"true\"><uws:message>{}</uws:message></uws:errorSummary>",
                if strict { "" } else { "s" },
                cdata(message)
            )
        }
        None if strict => String::new(),
        None => "<uws:errorSummary xsi:nil=\"true\"/>".to_owned(),
    }
}
