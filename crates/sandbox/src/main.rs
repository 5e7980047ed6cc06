//! The sandbox on its own: an archive at `/tap-server/tap`.

use std::path::Path;
use std::process::ExitCode;

use sandbox::host::{Host, serve};
use sandbox::{Archive, Config, External};
use tokio::net::TcpListener;

const USAGE: &str = "sandbox --listen ADDRESS:PORT [--sources N] [--seed N] [--data DIR] [--users FILE] [--banner TEXT] \
                     [--strict] [--legacy] [--external URL]... [--external-private URL]... [--faults]";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("sandbox: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut listen = "127.0.0.1:0".to_owned();
    let mut config = Config::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--listen" => listen = value()?,
            "--sources" => {
                config.sources = value()?.parse().map_err(|_| "--sources needs a whole number".to_owned())?
            }
            "--seed" => config.seed = value()?.parse().map_err(|_| "--seed needs a whole number".to_owned())?,
            "--data" => config.data = Some(value()?.into()),
            "--users" => config.add_accounts(Path::new(&value()?)).map_err(|error| error.to_string())?,
            "--banner" => config.banner = Some(value()?),
            "--strict" => config.strict = true,
            "--legacy" => config.legacy = true,
            "--faults" => config.faults = true,
            "--external" => config.external.push(External::new(&value()?, false)?),
            "--external-private" => config.external.push(External::new(&value()?, true)?),
            "--help" | "-h" => {
                println!("{USAGE}");
                return Ok(());
            }
            other => return Err(format!("unknown argument {other}\nusage: {USAGE}")),
        }
    }
    let archive = Archive::open(config).map_err(|error| error.to_string())?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let listener = TcpListener::bind(&listen).await.map_err(|error| format!("{listen}: {error}"))?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let host = Host::start(archive);
        println!("Sandbox: http://{address}/tap-server/tap");
        tokio::select! {
            served = serve(host, listener) => served.map_err(|error| error.to_string()),
            () = stopped() => Ok(()),
        }
    })
}

/// Until somebody ends the process, so that its temporary files can be removed.
async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
