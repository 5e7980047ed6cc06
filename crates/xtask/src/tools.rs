//! The pinned tools, each installed only if it is missing: Trunk and wasm-bindgen by cargo, the editor's packages and wasm-opt
//! by npm, browser and STILTS by the system's packages, the foreign clients in a Python environment.
//!
//! With everything in place no call here touches the network.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::command::{Project, Result, answer, execute};

/// A program that cargo builds into a folder of its own, named after its version.
struct CargoTool {
    name: &'static str,
    version: &'static str,
    binaries: &'static [&'static str],
    options: &'static [&'static str],
}

/// What page and worker are compiled for.
const TARGET: &str = "wasm32-unknown-unknown";

const CARGO_TOOLS: [CargoTool; 2] = [
    CargoTool {
        name: "trunk",
        version: "0.21.14",
        binaries: &["trunk"],
        // Everything comes from this machine: neither TLS nor the self-update is of use.
        options: &["--locked", "--no-default-features"],
    },
    // Must be the version of the wasm-bindgen library. Its own lock file names packages that not every mirror has.
    CargoTool {
        name: "wasm-bindgen-cli",
        version: "0.2.130",
        binaries: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        options: &[],
    },
];

/// The folders of the pinned tools, for PATH.
pub fn folders(project: &Project) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = CARGO_TOOLS.iter().map(|tool| bin(project, tool)).collect();
    folders.push(project.root.join("node_modules/.bin"));
    folders
}

/// Everything that any command needs.
pub fn all(project: &Project) -> Result<()> {
    build(project)?;
    browser()?;
    stilts()?;
    python(project).map(|_| ())
}

/// What `dist` needs: the wasm target, Trunk, wasm-bindgen, and the npm packages.
pub fn build(project: &Project) -> Result<()> {
    wasm_target(project)?;
    crates(project)?;
    for tool in &CARGO_TOOLS {
        cargo_tool(project, tool)?;
    }
    npm(project)
}

/// A Chromium and its driver, of the system's package.
pub fn browser() -> Result<()> {
    debian(&[("chromium", "chromium"), ("chromedriver", "chromium-driver")])
}

/// STILTS and a Java to run it.
pub fn stilts() -> Result<()> {
    debian(&[("java", "default-jre-headless"), ("stilts", "stilts")])
}

/// The interpreter of an environment with the foreign clients of `tests/clients/requirements.txt`.
pub fn python(project: &Project) -> Result<PathBuf> {
    let requirements = project.root.join("tests/clients/requirements.txt");
    let wanted = std::fs::read(&requirements)?;
    let base = answer(project.command("python3").args(["-c", "import sys; print(sys.version)"]))
        .ok_or("python3 is needed for the foreign clients: install Python 3.11 or newer with its venv module")?;
    let folder = project.cache.join(format!("venv-{}", stamp(&[&wanted, base.as_bytes()])));
    let interpreter = folder.join("bin/python");
    let ready = folder.join("ready");
    if !ready.exists() {
        let make = || execute(project.command("python3").args(["-m", "venv", "--clear"]).arg(&folder));
        if make().is_err() {
            // Debian keeps the module in a package of its own.
            debian_packages(&["python3-venv"])?;
            make()?;
        }
        execute(
            project
                .command(&interpreter)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
                .arg(&requirements),
        )?;
        std::fs::write(ready, b"")?;
    }
    Ok(interpreter)
}

pub fn wasm_target(project: &Project) -> Result<()> {
    let found = answer(project.command("rustc").args(["--print", "target-libdir", "--target", TARGET]))
        .is_some_and(|folder| Path::new(&folder).is_dir());
    if found {
        return Ok(());
    }
    execute(project.command("rustup").args(["target", "add", TARGET]))
}

/// The sources of every crate: Trunk's own cargo is forbidden to fetch any.
fn crates(project: &Project) -> Result<()> {
    let host =
        answer(project.command("rustc").args(["--print", "host-tuple"])).ok_or("rustc does not name its host")?;
    let fetch = || {
        let mut command = project.cargo();
        command.args(["fetch", "--locked", "--target", TARGET, "--target", &host]);
        command
    };
    match answer(fetch().arg("--offline")) {
        Some(_) => Ok(()),
        None => execute(&mut fetch()),
    }
}

fn cargo_tool(project: &Project, tool: &CargoTool) -> Result<()> {
    let bin = bin(project, tool);
    if tool.binaries.iter().all(|binary| bin.join(binary).is_file()) {
        return Ok(());
    }
    let root = bin.parent().ok_or("a tool's folder has no parent")?;
    eprintln!("{} {} is missing: building it, once for this user", tool.name, tool.version);
    // Their speed hardly matters, the time that they take to build does.
    execute(
        project
            .cargo()
            .args(["install", tool.name, "--version", tool.version])
            .args(tool.options)
            .arg("--root")
            .arg(root)
            .env("CARGO_TARGET_DIR", project.tools.join("build"))
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0"),
    )?;
    if CARGO_TOOLS.iter().all(|tool| self::bin(project, tool).is_dir()) {
        // The second tool shares the first one's dependencies; after it the objects are only weight.
        std::fs::remove_dir_all(project.tools.join("build")).ok();
    }
    Ok(())
}

fn bin(project: &Project, tool: &CargoTool) -> PathBuf {
    project.tools.join(format!("{}-{}", tool.name, tool.version)).join("bin")
}

/// `npm ci`, when the lock file is not the one that was installed last.
fn npm(project: &Project) -> Result<()> {
    let lock = std::fs::read(project.root.join("package-lock.json"))?;
    let wanted = stamp(&[&lock]);
    let marker = project.root.join("node_modules/.parallax-lock");
    if std::fs::read_to_string(&marker).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    execute(
        project
            .command("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            // The browser is the system's.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    std::fs::write(marker, wanted)?;
    Ok(())
}

/// Installs the packages of those `programs` (program, Debian package) that are not on PATH.
fn debian(programs: &[(&str, &str)]) -> Result<()> {
    let missing: Vec<&str> =
        programs.iter().filter(|(program, _)| find(program).is_none()).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    debian_packages(&missing)
}

fn debian_packages(packages: &[&str]) -> Result<()> {
    use std::process::Command;
    let root = answer(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    if !root || !Path::new("/etc/debian_version").exists() {
        return Err(format!("please install (names as in Debian): {}", packages.join(" ")).into());
    }
    let apt = |words: &[&str]| {
        execute(
            Command::new("apt-get")
                .args(["-q", "-y"])
                .args(words)
                .env("DEBIAN_FRONTEND", "noninteractive")
                .stdout(std::process::Stdio::null()),
        )
    };
    apt(&["update"])?;
    let mut words = vec!["install", "--no-install-recommends"];
    words.extend(packages);
    apt(&words)
}

/// Where `program` is on PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// A short name for what `parts` contain.
fn stamp(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_tells_where_the_parts_end() {
        assert_eq!(stamp(&[b"ab", b"c"]).len(), 12);
        assert_ne!(stamp(&[b"ab", b"c"]), stamp(&[b"a", b"bc"]));
    }

    #[test]
    fn the_test_runner_is_of_the_library_s_version() {
        let manifest = include_str!("../../../Cargo.toml");
        let cli = CARGO_TOOLS.iter().find(|tool| tool.name == "wasm-bindgen-cli").unwrap();
        assert!(manifest.contains(&format!("wasm-bindgen = \"={}\"", cli.version)));
        let trunk = include_str!("../../../Trunk.toml");
        assert!(trunk.contains(&format!("wasm_bindgen = \"{}\"", cli.version)));
    }
}
