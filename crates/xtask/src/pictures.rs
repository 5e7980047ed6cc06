//! `pictures`: screenshots of every view for the documentation, taken of the built site in front of a fresh sandbox.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::command::{Project, Result, execute};
use crate::{dist, serve, tools};

pub fn run(project: &Project, words: &[String]) -> Result<ExitCode> {
    let arguments = Arguments::parse(words, &["site", "gateway"], &[])?;
    let site = dist::folder(project, arguments.value("site"));
    if arguments.value("site").is_none() {
        dist::build(project, &site)?;
    }
    let gateway = match arguments.value("gateway") {
        Some(file) => PathBuf::from(file),
        None => {
            serve::servers(project)?;
            project.release("gateway")
        }
    };
    tools::build(project)?;
    tools::browser()?;
    let mut command = project.command("playwright");
    command
        .args(["test", "--config", "tests/e2e/pictures.config.ts"])
        .env("PARALLAX_GATEWAY", gateway)
        .env("PARALLAX_SITE", site);
    if let Some(browser) = tools::find("chromium") {
        command.env("PARALLAX_CHROMIUM", browser);
    }
    execute(&mut command)?;
    Ok(ExitCode::SUCCESS)
}
