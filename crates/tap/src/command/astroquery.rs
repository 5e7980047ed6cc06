//! Requests as calls of astroquery (`astroquery.gaia` and `astroquery.utils.tap`).

use super::{
    Lines, Setting,
    call::{Call, Resource},
    lines_of_all,
    quote::python,
};

const NO_CALL: &str = "astroquery has no call for this.";

pub(super) fn script(calls: &[Call], setting: &Setting<'_>) -> Result<String, &'static str> {
    let object = if is_gaia(setting) { "Gaia" } else { "tap" };
    let lines = lines_of_all(calls, |call| lines(call, object))?;
    let mut out = preamble(setting);
    let signs_in = lines.iter().any(|line| line.contains(".login(") || line.contains(".logout("));
    if let Some(user) = setting.user.filter(|_| !signs_in) {
        out.push(login(object, user));
    }
    out.push(String::new());
    out.extend(lines);
    Ok(out.join("\n"))
}

fn lines(call: &Call, object: &str) -> Lines {
    match &call.resource {
        Resource::Tap(name) => tap(name, call, object),
        Resource::Server(name) | Resource::Gateway(name) => server(name, call, object),
        Resource::Data(name) if object == "Gaia" => data(name, call),
        Resource::Job(_, rest) => job(rest, call, object),
        Resource::Data(_) | Resource::Other => Err(NO_CALL),
    }
}

/// The class for Gaia knows the paths of TAP+, which are those of its sandbox too.
fn is_gaia(setting: &Setting<'_>) -> bool {
    setting.data.is_some() && setting.tap.trim_end_matches('/').ends_with("/tap")
}

fn preamble(setting: &Setting<'_>) -> Vec<String> {
    let public = setting.public_url.trim_end_matches('/');
    let Some(data) = setting.data.filter(|_| is_gaia(setting)) else {
        let url = format!("{public}{}", setting.tap);
        return vec![
            "from astroquery.utils.tap.core import TapPlus".into(),
            format!("tap = TapPlus(url={})", python(&url)),
        ];
    };
    if public == "https://gea.esac.esa.int" && setting.tap == "/tap-server/tap" {
        return vec!["from astroquery.gaia import Gaia".into()];
    }
    // The class takes the host from the address and the path from the contexts.
    let host_end = public.find("://").map_or(0, |at| at + 3);
    let host_end = public[host_end..].find('/').map_or(public.len(), |at| host_end + at);
    let (host, folder) = public.split_at(host_end);
    let context = |path: &str| python(format!("{folder}{path}").trim_matches('/'));
    let server = setting.tap.trim_end_matches('/').trim_end_matches("/tap");
    let host = python(&format!("{host}/"));
    vec![
        "from astroquery.gaia import GaiaClass".into(),
        format!("Gaia = GaiaClass(gaia_tap_server={host}, gaia_data_server={host},"),
        format!("                 tap_server_context={}, data_server_context={},", context(server), context(data)),
        "                 show_server_messages=False)".into(),
    ]
}

fn tap(name: &str, call: &Call, object: &str) -> Lines {
    match (name, call.is_post()) {
        ("sync" | "async", _) if call.get("QUERY").is_some() => query(name, call, object),
        ("async", false) => listed("job", &format!("{object}.list_async_jobs()")),
        ("tables", false) => tables(call, object),
        ("jobs/async", false) => Ok(search_jobs(call, object)),
        ("deletejobs", true) => {
            let ids: Vec<&str> = call.get("JOB_IDS").unwrap_or_default().split(',').collect();
            Ok(vec![format!("{object}.remove_jobs({})", list(&ids))])
        }
        ("share", _) => share(call, object),
        ("users", false) => {
            let user = python(call.get("USER").ok_or(NO_CALL)?);
            Ok(vec![format!("print({object}.is_valid_user(user_id={user}))")])
        }
        ("notification", false) if call.is("action", "GetNotifications") && object == "Gaia" => {
            Ok(vec!["Gaia.get_status_messages()".into()])
        }
        _ => Err(NO_CALL),
    }
}

fn query(name: &str, call: &Call, object: &str) -> Lines {
    if call.is("REQUEST", "external_tap") {
        return Err("astroquery has no call for queries on other services through the archive.");
    }
    let mut arguments = vec!["query".to_owned()];
    push(&mut arguments, "name", call.get("JOBNAME"));
    if let Some(format) = call.get("RESPONSEFORMAT").or_else(|| call.get("FORMAT")) {
        push(&mut arguments, "output_format", Some(format_of(format)?));
    }
    match call.uploads()[..] {
        [] => {}
        [(table, file)] => {
            push(&mut arguments, "upload_resource", Some(file));
            push(&mut arguments, "upload_table_name", Some(table));
        }
        _ => return Err("astroquery sends one table along with a query, not several."),
    }
    let mut lines = vec![format!("query = {}", python(call.get("QUERY").unwrap_or_default()))];
    if let Some(rows) = call.number("MAXREC") {
        if object == "Gaia" {
            lines.push(format!("# MAXREC={rows} cannot be said to GaiaClass; TOP in the query does the same."));
        } else {
            arguments.push(format!("maxrec={rows}"));
        }
    }
    let runs = name == "sync" || call.is("PHASE", "RUN");
    if !runs {
        arguments.push("autorun=False".into());
    }
    let launch = if name == "sync" { "launch_job" } else { "launch_job_async" };
    lines.push(format!("job = {object}.{launch}({})", arguments.join(", ")));
    lines.push(if runs { "print(job.get_results())" } else { "print(job.jobid)" }.into());
    Ok(lines)
}

/// The names that astroquery can read the answer of.
fn format_of(format: &str) -> Result<&'static str, &'static str> {
    let lower = format.to_ascii_lowercase();
    let known = ["votable_plain", "votable_gzip", "ecsv", "csv", "json", "fits", "votable"];
    let found = known.into_iter().find(|known| lower.contains(known));
    found.ok_or("astroquery cannot read this output format.")
}

fn tables(call: &Call, object: &str) -> Lines {
    if let Some(names) = call.get("tables") {
        return match names.split_once(',') {
            None => listed("column", &format!("{object}.load_table({}).columns", python(names))),
            Some(_) => Err("astroquery loads one table or all, not several."),
        };
    }
    let mut arguments = Vec::new();
    for (argument, parameter) in [("only_names", "only_tables"), ("include_shared_tables", "share_accessible")] {
        if call.is(parameter, "true") {
            arguments.push(format!("{argument}=True"));
        }
    }
    listed("table", &format!("{object}.load_tables({})", arguments.join(", ")))
}

fn search_jobs(call: &Call, object: &str) -> Vec<String> {
    let mut lines = vec![
        "from astroquery.utils.tap.model.filter import Filter".to_owned(),
        String::new(),
        "jobs = Filter()".to_owned(),
    ];
    // What is not set is not sent, but for this one.
    if !call.is("metadata_only", "true") {
        lines.push("jobs.metadataOnly = False".into());
    }
    for (name, value) in &call.parameters {
        match name.as_str() {
            "metadata_only" => {}
            "limit" | "offset" => lines.push(format!("jobs.{name} = {}", python(value))),
            "order" => lines.push(format!("jobs.order = {}", python(value))),
            _ => lines.push(format!("jobs.add_filter({}, {})", python(name), python(value))),
        }
    }
    lines.push(format!("for job in {object}.search_async_jobs(jobfilter=jobs):"));
    lines.push("    print(job.jobid, job.get_phase())".into());
    lines
}

fn share(call: &Call, object: &str) -> Lines {
    let text = |name: &str| python(call.get(name).unwrap_or_default());
    // The calls want titles where the requests have ids.
    let group =
        |id: &str| format!("group = next(group for group in {object}.load_groups() if group.id == {})", python(id));
    match call.get("action").unwrap_or_default() {
        "GetGroups" => listed("group", &format!("{object}.load_groups()")),
        "GetSharedItems" => listed("item", &format!("{object}.load_shared_items()")),
        "CreateOrUpdateGroup" if call.get("group_id").is_none() && call.get("users_list").is_none() => {
            Ok(vec![format!(
                "{object}.share_group_create(group_name={}, description={})",
                text("title"),
                text("description")
            )])
        }
        "RemoveGroup" => Ok(vec![
            group(call.get("group_id").ok_or(NO_CALL)?),
            format!("{object}.share_group_delete(group_name=group.title)"),
        ]),
        action @ ("CreateUserGroup" | "RemoveUserGroup") => {
            let verb = if action == "CreateUserGroup" { "add" } else { "delete" };
            let user = text("user_id");
            Ok(vec![
                group(call.get("group_id").ok_or(NO_CALL)?),
                format!("{object}.share_group_{verb}_user(group_name=group.title, user_id={user})"),
            ])
        }
        "CreateOrUpdateItem" if call.get("resource_id").is_none() => {
            let to = call.get("items_list").unwrap_or_default();
            let id = to.strip_suffix("|Group|Read").filter(|id| !id.contains(','));
            let id = id.ok_or("astroquery shares a table with one group, for reading.")?;
            let (table, description) = (text("title"), text("description"));
            Ok(vec![
                group(id),
                format!("{object}.share_table(group_name=group.title, table_name={table}, description={description})"),
            ])
        }
        "RemoveItem" => Ok(vec![
            format!("item = next(item for item in {object}.load_shared_items() if item.id == {})", text("resource_id")),
            format!("ids = [to.id for to in item.shared_to_items]"),
            format!("group = next(group for group in {object}.load_groups() if group.id in ids)"),
            format!("{object}.share_table_stop(group_name=group.title, table_name=item.title)"),
        ]),
        _ => Err(NO_CALL),
    }
}

fn server(name: &str, call: &Call, object: &str) -> Lines {
    match name {
        "login" | "_login" => Ok(vec![login(object, call.get("username").unwrap_or_default())]),
        "logout" | "_logout" => Ok(vec![format!("{object}.logout()")]),
        "Upload" => upload(call, object),
        "TableTool" => table_tool(call, object),
        _ => Err(NO_CALL),
    }
}

/// Both sign in at all applications, and ask for the password.
fn login(object: &str, user: &str) -> String {
    format!("{object}.login(user={})", python(user))
}

fn upload(call: &Call, object: &str) -> Lines {
    let name = python(call.get("TABLE_NAME").ok_or(NO_CALL)?);
    if call.is("DELETE", "TRUE") {
        let force = if call.is("FORCE_REMOVAL", "TRUE") { "True" } else { "False" };
        return Ok(vec![format!("{object}.delete_user_table(table_name={name}, force_removal={force})")]);
    }
    let description = python(call.get("TABLE_DESC").unwrap_or_default());
    if let Some(id) = call.get("JOBID") {
        let id = python(id);
        return Ok(vec![format!(
            "{object}.upload_table_from_job(job={id}, table_name={name}, table_description={description})"
        )]);
    }
    let file = call.files.first().and_then(|part| part.file.as_ref()).map(|(file, _)| file.as_str());
    let source = python(call.get("URL").or(file).ok_or(NO_CALL)?);
    let format = match call.get("FORMAT").unwrap_or_default().to_ascii_lowercase().as_str() {
        "csv" => "csv",
        "ascii" => "ascii",
        _ => "votable",
    };
    Ok(vec![format!(
        "{object}.upload_table(upload_resource={source}, table_name={name}, table_description={description}, format={})",
        python(format)
    )])
}

fn table_tool(call: &Call, object: &str) -> Lines {
    let text = |name: &str| call.get(name).map(python).ok_or(NO_CALL);
    match call.get("ACTION").unwrap_or_default().to_ascii_lowercase().as_str() {
        "radec" => Ok(vec![format!(
            "{object}.set_ra_dec_columns(table_name={}, ra_column_name={}, dec_column_name={})",
            text("TABLE_NAME")?,
            text("RA")?,
            text("DEC")?
        )]),
        "rename" => {
            let pairs =
                call.get("new_column_names").unwrap_or_default().split(',').filter_map(|pair| pair.split_once(':'));
            let columns: Vec<String> = pairs.map(|(old, new)| format!("{}: {}", python(old), python(new))).collect();
            Ok(vec![format!(
                "{object}.rename_table(table_name={}, new_table_name={}, new_column_names_dict={{{}}})",
                text("table_name")?,
                text("new_table_name")?,
                columns.join(", ")
            )])
        }
        "edit" => {
            let mut lines = vec!["changes = [".to_owned()];
            for n in 0.. {
                let Some(column) = call.get(&format!("TABLE0_COL{n}")) else { break };
                for (field, name) in [("ucd", "UCD"), ("utype", "UTYPE"), ("flags", "FLAGS"), ("indexed", "INDEXED")] {
                    let value = call.get(&format!("TABLE0_COL{n}_{name}")).unwrap_or_default();
                    let value = if field == "flags" && value == "None" { "" } else { value };
                    lines.push(format!("    [{}, \"{field}\", {}],", python(column), python(value)));
                }
            }
            lines.push("]".into());
            lines.push(format!("{object}.update_user_table(table_name={}, list_of_changes=changes)", text("TABLE0")?));
            Ok(lines)
        }
        _ => Err(NO_CALL),
    }
}

fn data(name: &str, call: &Call) -> Lines {
    let ids: Vec<&str> = call.get("ID").ok_or(NO_CALL)?.split(',').collect();
    let mut arguments = vec![list(&ids)];
    match name {
        "datalink/links" if call.get("RELEASE").is_some() => {
            Err("astroquery takes the release of links from designations (Gaia DR3 …) only.")
        }
        "datalink/links" => {
            push(&mut arguments, "linking_parameter", call.get("LINKING_PARAMETER"));
            Ok(vec![format!("print(Gaia.get_datalinks({}))", arguments.join(", "))])
        }
        "data" => {
            push(&mut arguments, "retrieval_type", call.get("RETRIEVAL_TYPE"));
            push(&mut arguments, "data_release", call.get("RELEASE"));
            push(&mut arguments, "data_structure", call.get("DATA_STRUCTURE"));
            push(&mut arguments, "format", call.get("FORMAT"));
            push(&mut arguments, "linking_parameter", call.get("LINKING_PARAMETER"));
            if call.is("VALID_DATA", "true") {
                arguments.push("valid_data=True".into());
            }
            let mut lines = vec![format!("products = Gaia.load_data({})", arguments.join(", "))];
            lines.push("for name, tables in products.items():\n    print(name, tables)".into());
            Ok(lines)
        }
        _ => Err(NO_CALL),
    }
}

fn job(rest: &str, call: &Call, object: &str) -> Lines {
    let id = python(&call.job_id().unwrap_or_default());
    if call.deletes_job() {
        return Ok(vec![format!("{object}.remove_jobs([{id}])")]);
    }
    let load = format!("job = {object}.load_async_job(jobid={id}, load_results=False)");
    let then = match (rest, call.is_post()) {
        ("" | "parameters" | "results", false) => "print(job)",
        ("phase", false) => "print(job.get_phase(update=True))",
        ("phase", true) if call.is("PHASE", "RUN") => "job.start()",
        ("phase", true) => return Err("astroquery aborts a job only before it has started."),
        ("results/result", false) => "print(job.get_results())",
        ("error" | "error/details", false) => "print(job.get_error())",
        _ => return Err(NO_CALL),
    };
    Ok(vec![load, then.into()])
}

fn listed(name: &str, call: &str) -> Lines {
    Ok(vec![format!("for {name} in {call}:"), format!("    print({name})")])
}

fn push(arguments: &mut Vec<String>, name: &str, value: Option<&str>) {
    arguments.extend(value.map(|value| format!("{name}={}", python(value))));
}

fn list(items: &[&str]) -> String {
    let items: Vec<String> = items.iter().map(|item| python(item.trim())).collect();
    format!("[{}]", items.join(", "))
}
