//! A crowd of clients at the sandbox, which has one core to itself (`crates/sandbox/examples/load.rs`).

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::command::{Project, Result, execute, listen};
use crate::{serve, tools};

/// So many clients for so many seconds; whether every answer was right, and what was told of it.
pub fn run(project: &Project, clients: usize, seconds: u64) -> Result<(bool, String)> {
    serve::servers(project)?;
    execute(project.cargo().args(["build", "--release", "--locked", "--package", "sandbox", "--example", "load"]))?;
    let mut server = Server::start(project)?;
    let mut command = project.command(project.release("examples/load"));
    command.args(["--address", &server.address()?, "--pid", &server.0.id().to_string()]);
    listen(command.args(["--clients", &clients.to_string(), "--seconds", &seconds.to_string()]))
}

/// A sandbox, ended when it is dropped.
struct Server(Child);

impl Server {
    fn start(project: &Project) -> Result<Server> {
        let sandbox = project.release("sandbox");
        let mut command = match tools::find("taskset") {
            Some(taskset) => {
                let mut command = Command::new(taskset);
                command.args(["-c", "0"]).arg(sandbox);
                command
            }
            None => Command::new(sandbox),
        };
        Ok(Server(command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn()?))
    }

    /// The address that it says once its catalogue is there.
    fn address(&mut self) -> Result<String> {
        let mut line = String::new();
        BufReader::new(self.0.stdout.take().ok_or("the sandbox has no output")?).read_line(&mut line)?;
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        Ok(address.ok_or_else(|| format!("the sandbox said {line:?} in place of its address"))?.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
