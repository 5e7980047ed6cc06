//! `gateway --listen 127.0.0.1:8080 --site dist`: reads the command line, opens the sandbox, serves until told to end.

mod mount;

use std::{process::ExitCode, sync::Arc};

use gateway::{Config, Error, Gateway, Inside, arguments::Arguments, assets::Site, config::Place, server};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gateway: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run() -> Result<(), Error> {
    let arguments = Arguments::parse(std::env::args_os().skip(1))?;
    let mut config = match &arguments.config {
        None => Config::standard()?,
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|source| Error::File { path: path.clone(), source })?;
            Config::parse(&text)?
        }
    };
    if arguments.faults {
        // Faults are asked for by paths of their own.
        let inside = config.archives.iter_mut().filter(|archive| matches!(archive.place, Place::Inside));
        inside.for_each(|archive| archive.prefixes.push("/fault".to_owned()));
    }
    // The port is taken before the sandbox is filled, so that a port in use is told at once.
    let listening = |source| Error::Listen { address: arguments.listen.clone(), source };
    let listener = TcpListener::bind(&arguments.listen).await.map_err(listening)?;
    let address = listener.local_addr().map_err(listening)?;
    // Told before the sandbox is filled, too.
    Site::open(&arguments.site, &config)?;
    let inside: Option<Arc<dyn Inside>> = match config.archives.iter().any(|a| matches!(a.place, Place::Inside)) {
        true => Some(mount::open(&arguments)?),
        false => None,
    };
    let gateway = Gateway::new(config, &arguments.site, inside, address)?;
    let stop = stop()?;
    println!("Parallax: http://{address}/");
    server::serve(listener, gateway, stop).await;
    Ok(())
}

/// Ready when the process is told to end.
fn stop() -> Result<impl Future<Output = ()>, Error> {
    let listening = |source| Error::Listen { address: "the signals of the system".to_owned(), source };
    let mut interrupt = signal(SignalKind::interrupt()).map_err(listening)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(listening)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
