//! Requests as calls of pyVO.

use super::{
    Lines, Setting,
    call::{Call, Resource},
    lines_of_all,
    quote::python,
};
use crate::{request::Form, uws::Phase};

const NO_CALL: &str = "pyVO has no call for this.";

pub(super) fn script(calls: &[Call], setting: &Setting<'_>) -> Result<String, &'static str> {
    // A session of requests carries the cookies; pyVO itself knows no login.
    let login = calls.iter().find(|call| is_login(call)).map(|call| call.get("username").unwrap_or_default());
    let user = login.or(setting.user);
    let session = if user.is_some() { ", session=session" } else { "" };
    let lines = lines_of_all(calls, |call| lines(call, setting, session))?;
    let mut out = Vec::new();
    if let Some(user) = user {
        out.extend(
            ["import getpass", "import pyvo", "import requests", "", "session = requests.Session()"].map(str::to_owned),
        );
        let user = format!("{{\"username\": {}, \"password\": getpass.getpass()}}", python(user));
        out.push(format!("account = {user}"));
        for request in setting.service().logins("", "") {
            out.push(format!("session.post({}, data=account).raise_for_status()", python(&request.url)));
        }
    } else {
        out.push("import pyvo".to_owned());
    }
    out.push(String::new());
    out.extend(lines);
    Ok(out.join("\n").trim_end().to_owned())
}

fn is_login(call: &Call) -> bool {
    matches!(&call.resource, Resource::Server(name) | Resource::Gateway(name) if name.ends_with("login"))
}

fn lines(call: &Call, setting: &Setting<'_>, session: &str) -> Lines {
    match &call.resource {
        Resource::Tap(name) => tap(name, call, setting, session),
        Resource::Server(_) | Resource::Gateway(_) if is_login(call) => Ok(Vec::new()),
        Resource::Data(name) if name == "datalink/links" => Ok(links(call, session)),
        Resource::Data(_) => Err("pyVO has no call for products by identifier; links lead to them."),
        Resource::Job(url, rest) => job(url, rest, call, session),
        Resource::Server(_) | Resource::Gateway(_) | Resource::Other => Err(NO_CALL),
    }
}

fn tap(name: &str, call: &Call, setting: &Setting<'_>, session: &str) -> Lines {
    let service = format!("service = pyvo.dal.TAPService({}{session})", python(&setting.service().tap));
    let then = match (name, call.is_post()) {
        ("sync" | "async", _) if call.get("QUERY").is_some() => query(name, call)?,
        ("async", false) => vec![
            format!("for job in service.get_job_list({}):", job_filter(call)),
            "    print(job.jobid, job.phase)".into(),
        ],
        ("jobs/async" | "jobs/sync", _) => return Err("pyVO reads the job list of UWS (/async) only."),
        ("tables", false) => match call.get("tables") {
            Some(name) if name.contains(',') => return Err("pyVO describes one table or all, not several."),
            Some(name) => vec![format!("print(service.tables[{}].columns)", python(name))],
            None => vec!["print(list(service.tables.keys()))".into()],
        },
        ("capabilities", false) => vec!["print(service.capabilities)".into()],
        ("availability", false) => vec!["print(service.available)".into()],
        ("examples", false) => vec!["print(service.examples)".into()],
        _ => return Err(NO_CALL),
    };
    Ok([vec![service], then].concat())
}

fn query(name: &str, call: &Call) -> Lines {
    if call.is("REQUEST", "external_tap") {
        return Err("pyVO asks another service itself, not through the archive.");
    }
    let format = call.get("RESPONSEFORMAT").or_else(|| call.get("FORMAT")).unwrap_or_default().to_ascii_lowercase();
    if !format.is_empty() && !format.contains("votable") {
        return Err("pyVO reads results as VOTable only.");
    }
    let mut arguments = vec!["query".to_owned()];
    match call.number("MAXREC") {
        // The named argument takes 0 for nothing said.
        Some("0") => arguments.push("MAXREC=0".into()),
        Some(rows) => arguments.push(format!("maxrec={rows}")),
        None => {}
    }
    let uploads: Vec<String> =
        call.uploads().iter().map(|(table, file)| format!("{}: {}", python(table), python(file))).collect();
    if !uploads.is_empty() {
        arguments.push(format!("uploads={{{}}}", uploads.join(", ")));
    }
    for name in ["JOBNAME", "RUNID"] {
        arguments.extend(call.get(name).map(|value| format!("{name}={}", python(value))));
    }
    let arguments = arguments.join(", ");
    let mut lines = vec![format!("query = {}", python(call.get("QUERY").unwrap_or_default()))];
    if name == "sync" {
        lines.push(format!("print(service.run_sync({arguments}).to_table())"));
        return Ok(lines);
    }
    lines.push(format!("job = service.submit_job({arguments})"));
    if call.is("PHASE", "RUN") {
        lines.extend(
            ["job.run()", "job.wait()", "job.raise_if_error()", "print(job.fetch_result().to_table())"]
                .map(str::to_owned),
        );
    } else {
        lines.push("print(job.url)".into());
    }
    Ok(lines)
}

fn job_filter(call: &Call) -> String {
    let mut arguments = Vec::new();
    let phases = call.parameters.iter().filter(|(name, _)| name.eq_ignore_ascii_case("PHASE"));
    let phases: Vec<String> = phases.map(|(_, phase)| python(Phase::parse(phase).as_str())).collect();
    if !phases.is_empty() {
        arguments.push(format!("phases=[{}]", phases.join(", ")));
    }
    arguments.extend(call.get("AFTER").map(|after| format!("after={}", python(after))));
    arguments.extend(call.number("LAST").map(|last| format!("last={last}")));
    arguments.join(", ")
}

fn links(call: &Call, session: &str) -> Vec<String> {
    let mut form = Form::new();
    call.parameters.iter().for_each(|(name, value)| form.add(name, value));
    let query = call.opaque_query.clone().unwrap_or_else(|| form.encoded());
    let url = python(&format!("{}?{query}", call.address));
    vec![
        format!("links = pyvo.dal.adhoc.DatalinkResults.from_result_url({url}{session})"),
        "for link in links:".into(),
        "    print(link.access_url or link.error_message)".into(),
    ]
}

fn job(url: &str, rest: &str, call: &Call, session: &str) -> Lines {
    let job = format!("job = pyvo.dal.AsyncTAPJob({}{session}, delete=False)", python(url));
    let set = |name: &str| call.get(name).map(python).ok_or(NO_CALL);
    let then = match (rest, call.is_post()) {
        _ if call.deletes_job() => "job.delete()".into(),
        ("" | "phase", false) => "print(job.phase)".into(),
        ("phase", true) if call.is("PHASE", "RUN") => "job.run()".into(),
        ("phase", true) if call.is("PHASE", "ABORT") => "job.abort()".into(),
        ("parameters", false) => "print(job.job.parameters)".into(),
        ("results", false) => "print(job.result_uris)".into(),
        ("results/result", false) => "print(job.fetch_result().to_table())".into(),
        ("error" | "error/details", false) => "job.raise_if_error()".into(),
        ("destruction", true) => format!("job.destruction = {}", set("DESTRUCTION")?),
        ("executionduration", true) => format!("job.execution_duration = {}", set("EXECUTIONDURATION")?),
        _ => return Err(NO_CALL),
    };
    Ok(vec![job, then])
}
