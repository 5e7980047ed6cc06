//! The steps of `test`, each a function of the project: what it runs, what it needs installed, how its result is read.

use std::process::Command;

use super::counts::Counts;
use crate::command::{Project, Result, execute, listen};
use crate::{dist, serve, tidy, tools};

pub struct Step {
    pub name: &'static str,
    pub what: &'static str,
    pub run: fn(&Project) -> Result<Report>,
}

pub const STEPS: &[Step] = &[
    Step { name: "fmt", what: "formatting", run: fmt },
    Step { name: "tidy", what: "the invariants that a program can check", run: invariants },
    Step { name: "clippy", what: "lints of every crate, for this machine", run: clippy },
    Step { name: "clippy-wasm", what: "lints of the application, for the browser", run: clippy_wasm },
    Step { name: "native", what: "unit and integration tests of every crate", run: native },
    Step { name: "wasm", what: "components in a real DOM", run: wasm },
    Step { name: "dist", what: "the built site and its budget", run: build },
    Step { name: "browser", what: "the built release behind the gateway, in Chromium", run: browser },
    Step { name: "crowd", what: "many clients at the sandbox at once", run: crowd },
    Step { name: "clients", what: "astroquery, pyVO and STILTS against the sandbox", run: clients },
];

/// How a step went. A step without tests of its own counts as one.
pub struct Report {
    well: bool,
    counts: Counts,
}

impl Report {
    pub fn counts(&self) -> Counts {
        match (self.well, self.counts) {
            (true, Counts { passed: 0, failed: 0 }) => Counts { passed: 1, failed: 0 },
            // A run that broke off counts as a failure even if no single test did.
            (false, Counts { passed, failed: 0 }) => Counts { passed, failed: 1 },
            (_, counts) => counts,
        }
    }

    pub fn problem(&self) -> Option<String> {
        match (self.well, self.counts.failed) {
            (true, 0) => None,
            (_, 0) => Some("it did not end well".to_owned()),
            (_, failed) => Some(format!("{failed} failed")),
        }
    }

    fn join(self, other: Self) -> Self {
        let mut counts = self.counts;
        counts += other.counts;
        Self { well: self.well && other.well, counts }
    }
}

fn check(mut command: Command) -> Result<Report> {
    execute(&mut command)?;
    Ok(Report { well: true, counts: Counts::default() })
}

/// A command that counts its tests; none at all is a failure, for then nothing was tested.
fn tests(mut command: Command) -> Result<Report> {
    let (well, output) = listen(&mut command)?;
    let counts = Counts::read(&output);
    Ok(Report { well: well && counts.passed + counts.failed > 0, counts })
}

fn cargo(project: &Project, words: &[&str]) -> Command {
    let mut command = project.cargo();
    command.args(words);
    command
}

fn fmt(project: &Project) -> Result<Report> {
    check(cargo(project, &["fmt", "--all", "--check"]))
}

fn invariants(project: &Project) -> Result<Report> {
    let violations = tidy::check(project)?;
    violations.iter().for_each(|violation| println!("{violation}"));
    Ok(Report { well: violations.is_empty(), counts: Counts::default() })
}

fn clippy(project: &Project) -> Result<Report> {
    check(cargo(project, &["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn clippy_wasm(project: &Project) -> Result<Report> {
    tools::wasm_target(project)?;
    check(cargo(
        project,
        &[
            "clippy",
            "--locked",
            "--package",
            "parallax",
            "--all-targets",
            "--target",
            "wasm32-unknown-unknown",
            "--",
            "-D",
            "warnings",
        ],
    ))
}

fn native(project: &Project) -> Result<Report> {
    tests(cargo(project, &["test", "--locked", "--workspace", "--no-fail-fast"]))
}

fn wasm(project: &Project) -> Result<Report> {
    tools::build(project)?;
    tools::browser()?;
    let mut command = cargo(
        project,
        &["test", "--locked", "--package", "parallax", "--target", "wasm32-unknown-unknown", "--test", "web"],
    );
    // The default of 20 s is short for two busy cores.
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    if let Some(driver) = tools::find("chromedriver") {
        command.env("CHROMEDRIVER", driver);
    }
    tests(command)
}

fn build(project: &Project) -> Result<Report> {
    let sizes = dist::build(project, &dist::folder(project, None))?;
    dist::budget::hold(&sizes)?;
    Ok(Report { well: true, counts: Counts::default() })
}

fn browser(project: &Project) -> Result<Report> {
    tools::build(project)?;
    tools::browser()?;
    serve::servers(project)?;
    let mut command = project.command("playwright");
    command
        .args(["test", "--config", "tests/e2e"])
        .env("PARALLAX_GATEWAY", project.release("gateway"))
        .env("PARALLAX_SITE", dist::folder(project, None))
        // The commands that the page shows are run.
        .env("PARALLAX_PYTHON", tools::python(project)?);
    if let Some(browser) = tools::find("chromium") {
        command.env("PARALLAX_CHROMIUM", browser);
    }
    tests(command)
}

fn crowd(project: &Project) -> Result<Report> {
    let (well, _) = crate::crowd::run(project, 100, 8)?;
    Ok(Report { well, counts: Counts::default() })
}

/// The scripts that drive the sandbox with programs of others, in this order.
const CLIENTS: &[&str] = &[
    "with_astroquery.py",
    "with_pyvo.py",
    "with_stilts.py",
    "with_taplint.py",
    "with_datalinklint.py",
    "with_votlint.py",
];

fn clients(project: &Project) -> Result<Report> {
    let python = tools::python(project)?;
    tools::stilts()?;
    serve::servers(project)?;
    let mut all = Report { well: true, counts: Counts::default() };
    for script in CLIENTS {
        let mut command = project.command(&python);
        command
            .arg(project.root.join("tests/clients").join(script))
            .env("PARALLAX_SANDBOX", project.release("sandbox"))
            .env("PYTHONDONTWRITEBYTECODE", "1");
        all = all.join(tests(command)?);
    }
    Ok(all)
}
