//! The project's commands, behind `cargo xtask`: each does all its own set-up and needs nothing but Rust, Node, git and Python.
//!
//! The unit of a file is a command; `command` runs programs, `tools` brings the pinned ones.

#![cfg_attr(test, allow(clippy::unwrap_used))]

use std::process::ExitCode;

use command::{Project, Result};

mod arguments;
mod bench;
mod command;
mod crowd;
mod dist;
mod pictures;
mod serve;
mod soak;
mod test;
mod tidy;
mod tools;

const USAGE: &str = "cargo xtask COMMAND

  serve [--port N] [--config FILE] [--data DIR] [--sources N] [--no-build]
                             build the release, start gateway and sandbox, print the address
  test [--only STEP]…        everything: formatting, lints, native, wasm and browser tests, foreign clients
  dist [--out DIR]           the static site, with relative addresses, in dist/
  bench [--json FILE]        what is measured, with what must hold and what is aimed at
  pictures [--site DIR] [--gateway FILE]
                             screenshots of every view, in docs/views/; builds what is not given
  soak                       what takes long: a crowd at the sandbox; writes docs/measurements.md
  tidy                       the invariants of ARCHITECTURE.md that a program can check
  tools                      install what the other commands need, where it is missing";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let rest: Vec<String> = words.collect();
    match dispatch(&command, &rest) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("xtask {command}: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, rest: &[String]) -> Result<ExitCode> {
    let project = Project::find()?;
    match command {
        "serve" => serve::run(&project, rest),
        "test" => test::run(&project, rest),
        "dist" => dist::run(&project, rest).map(|()| ExitCode::SUCCESS),
        "bench" => bench::run(&project, rest),
        "pictures" => pictures::run(&project, rest),
        "soak" => soak::run(&project),
        "tidy" => tidy::run(&project),
        "tools" => tools::all(&project).map(|()| ExitCode::SUCCESS),
        "" | "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => Err(format!("no such command: {other}\n\n{USAGE}").into()),
    }
}
