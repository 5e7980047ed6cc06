//! Requests as commands of curl in a POSIX shell.

use super::{
    Setting,
    call::{Call, Resource},
    quote::shell,
};
use crate::request::{Body, Method, Request};

pub(super) fn commands(request: &Request, call: &Call, setting: &Setting<'_>) -> String {
    let Resource::Gateway(name) = &call.resource else {
        return command(request, call, setting);
    };
    let service = setting.service();
    let user = call.get("username").unwrap_or_default();
    let requests = if name == "_login" { service.logins(user, "") } else { service.logouts() };
    let public = Setting { root: setting.public_url, ..*setting };
    let command = |request: &Request| command(request, &Call::of(request, &public), &public);
    requests.iter().map(command).collect::<Vec<_>>().join("\n")
}

fn command(request: &Request, call: &Call, setting: &Setting<'_>) -> String {
    let mut words = vec!["curl".to_owned()];
    // What answers the end of a job is the list of all others: it is not followed.
    if call.deletes_job() {
        if call.method == Method::Delete {
            words.push("-X DELETE".to_owned());
        }
    } else {
        words.push("-L".to_owned());
    }
    if call.address.contains(['[', ']', '{', '}']) {
        words.push("-g".to_owned());
    }
    let session = match &call.resource {
        // The login into the second application must not lose the cookies of the first.
        Resource::Server(name) if name == "login" => {
            let second = setting.service().data.is_some_and(|data| call.address.starts_with(&data));
            if second { "-b cookies.txt -c cookies.txt" } else { "-c cookies.txt" }
        }
        Resource::Server(name) if name == "logout" => "-b cookies.txt",
        _ if setting.user.is_some() => "-b cookies.txt",
        _ => "",
    };
    if !session.is_empty() {
        words.push(session.to_owned());
    }
    if let Some(file) = setting.save_as {
        words.push(format!("-o {}", shell(file)));
    }
    for (name, value) in &request.headers {
        if !["cookie", "authorization", "x-gx"].iter().any(|secret| name.eq_ignore_ascii_case(secret)) {
            words.push(format!("-H {}", shell(&format!("{name}: {value}"))));
        }
    }
    words.extend(data(request, call));
    let mut url = call.address.clone();
    if let Some(query) = &call.opaque_query {
        url.push('?');
        url.push_str(query);
    }
    words.push(shell(&url));
    // One line if that can be read, else a line for each option.
    let length: usize = words.iter().map(|word| word.len() + 1).sum();
    words.join(if length > 100 { " \\\n  " } else { " " })
}

fn data(request: &Request, call: &Call) -> Vec<String> {
    let mut out = Vec::new();
    let multipart = matches!(request.body, Body::Multipart { .. });
    let get = call.method == Method::Get;
    if get && !call.parameters.is_empty() {
        out.push("-G".to_owned());
    }
    for (name, value) in &call.parameters {
        let option = if multipart { "--form-string" } else { "--data-urlencode" };
        if name.eq_ignore_ascii_case("password") {
            out.push(format!("{option} \"{name}=$GAIA_PASSWORD\""));
        } else {
            out.push(format!("{option} {}", shell(&format!("{name}={value}"))));
        }
    }
    for part in &call.files {
        let Some((file, mime)) = &part.file else { continue };
        // The archive wants the part even if the table comes from elsewhere.
        if file.is_empty() {
            out.push(format!("-F {}", shell(&format!("{}=;filename=none", part.name))));
            continue;
        }
        let file = format!("{};type={mime}", path_for_form(file));
        out.push(format!("-F {}", shell(&format!("{}=@{file}", part.name))));
    }
    if call.is_post() && out.is_empty() {
        out.push("-d ''".to_owned());
    }
    out
}

/// A path in an argument of `-F`, where `,` `;` and quotes mean something, and `-` is standard input.
fn path_for_form(file: &str) -> String {
    let file = if file.starts_with('-') { format!("./{file}") } else { file.to_owned() };
    if file.contains([',', ';', '"', '\\']) || file.trim() != file {
        return format!("\"{}\"", file.replace('\\', "\\\\").replace('"', "\\\""));
    }
    file
}
