//! `test`: every check of the project, in the order in which a failure is cheapest to learn of. All steps run, whatever fails.

use std::process::ExitCode;
use std::time::Instant;

use counts::Counts;
use steps::STEPS;

use crate::arguments::Arguments;
use crate::command::{Project, Result};

mod counts;
mod steps;

struct Outcome {
    name: &'static str,
    problem: Option<String>,
    counts: Counts,
    seconds: f64,
}

pub fn run(project: &Project, words: &[String]) -> Result<ExitCode> {
    let arguments = Arguments::parse(words, &["only"], &[])?;
    let only: Vec<&str> = arguments.values("only").collect();
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        return Err(format!("no such step: {unknown}; there are {}", names.join(", ")).into());
    }
    let mut outcomes = Vec::new();
    for step in STEPS.iter().filter(|step| only.is_empty() || only.contains(&step.name)) {
        println!("\n== {}: {}", step.name, step.what);
        let start = Instant::now();
        let (counts, problem) = match (step.run)(project) {
            Ok(report) => (report.counts(), report.problem()),
            Err(failure) => (Counts { passed: 0, failed: 1 }, Some(failure.to_string())),
        };
        let seconds = start.elapsed().as_secs_f64();
        match &problem {
            None => println!("-- {}: ok, {seconds:.1} s", step.name),
            Some(words) => println!("-- {}: FAILED, {seconds:.1} s: {words}", step.name),
        }
        outcomes.push(Outcome { name: step.name, problem, counts, seconds });
    }
    Ok(summary(&outcomes))
}

fn summary(outcomes: &[Outcome]) -> ExitCode {
    println!("\n{:<12} {:<7} {:>7} {:>7} {:>9}", "step", "result", "passed", "failed", "seconds");
    let mut all = Counts::default();
    for outcome in outcomes {
        all += outcome.counts;
        println!(
            "{:<12} {:<7} {:>7} {:>7} {:>9.1}",
            outcome.name,
            if outcome.problem.is_none() { "ok" } else { "FAILED" },
            outcome.counts.passed,
            outcome.counts.failed,
            outcome.seconds
        );
    }
    let seconds: f64 = outcomes.iter().map(|outcome| outcome.seconds).sum();
    println!("{:<12} {:<7} {:>7} {:>7} {seconds:>9.1}\n", "all", "", all.passed, all.failed);
    println!("{} passed, {} failed", all.passed, all.failed);
    if outcomes.iter().all(|outcome| outcome.problem.is_none()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
