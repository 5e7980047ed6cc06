//! `soak`: what takes too long for `test`. Its figures go into `docs/measurements.md`, between two marks.

use std::process::{Command, ExitCode};

use crate::command::{Project, Result, answer};
use crate::{bench, crowd};

const BEGIN: &str = "<!-- soak: written by `cargo xtask soak` -->\n";
const END: &str = "<!-- /soak -->\n";

pub fn run(project: &Project) -> Result<ExitCode> {
    let (well, crowd) = crowd::run(project, 100, 60)?;
    let cone = bench::example(project, "sandbox", "cone")?;
    let date = answer(Command::new("date").args(["-u", "+%F"])).unwrap_or_default();
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
    let processor = processor.trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let mut text =
        format!("{date}, {cores} cores, {processor}\n\n100 clients at the sandbox, which had one core:\n\n```\n");
    text += &format!("{crowd}```\n\n");
    for measure in &cone {
        let value = measure["value"].as_f64().unwrap_or_default();
        text += &format!("{}: {value:.2}\n", measure["name"].as_str().unwrap_or_default());
    }
    write(project, &text)?;
    let holds = cone.iter().all(bench::holds);
    Ok(if well && holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn write(project: &Project, text: &str) -> Result<()> {
    let path = project.root.join("docs/measurements.md");
    let document = std::fs::read_to_string(&path)?;
    let (before, rest) = document.split_once(BEGIN).ok_or("docs/measurements.md has no mark for soak")?;
    let (_, after) = rest.split_once(END).ok_or("docs/measurements.md has no end mark for soak")?;
    std::fs::write(&path, format!("{before}{BEGIN}\n{text}\n{END}{after}"))?;
    Ok(())
}
