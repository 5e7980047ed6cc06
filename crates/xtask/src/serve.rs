//! `serve`: the built site behind the gateway, with the sandbox mounted. The gateway takes this process's place, so that
//! Ctrl-C and every other signal end it, and its line `Parallax: http://…` is the last one printed.

use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::command::{Project, Result, execute};
use crate::dist;

const PORT: &str = "8080";

pub fn run(project: &Project, words: &[String]) -> Result<ExitCode> {
    let arguments = Arguments::parse(words, &["port", "config", "data", "sources", "site"], &["no-build"])?;
    let site = dist::folder(project, arguments.value("site"));
    if !arguments.has("no-build") {
        dist::build(project, &site)?;
        servers(project)?;
    }
    let mut command = project.command(project.release("gateway"));
    command
        .arg("--listen")
        .arg(format!("127.0.0.1:{}", arguments.value("port").unwrap_or(PORT)))
        .arg("--site")
        .arg(site);
    for name in ["config", "data"] {
        if let Some(value) = arguments.value(name) {
            // The gateway runs in the root; the developer's paths are meant from where they stand.
            command.arg(format!("--{name}")).arg(std::path::absolute(value)?);
        }
    }
    if let Some(sources) = arguments.value("sources") {
        command.args(["--sources", sources]);
    }
    replace(command)
}

/// Builds the gateway, which contains the sandbox, and the sandbox by itself. Always together: apart, their dependencies
/// would be compiled for each with other features.
pub fn servers(project: &Project) -> Result<()> {
    let packages = ["--package", "gateway", "--package", "sandbox"];
    execute(project.cargo().args(["build", "--release", "--locked"]).args(packages))
}

#[cfg(unix)]
fn replace(mut command: std::process::Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    Err(format!("the gateway does not start: {}", command.exec()).into())
}

#[cfg(not(unix))]
fn replace(mut command: std::process::Command) -> Result<ExitCode> {
    let well = command.status()?.success();
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
