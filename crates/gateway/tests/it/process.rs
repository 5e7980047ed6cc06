//! The program itself: its command line, its one line, its end.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use crate::harness::{get, site};

const CONFIG: &str =
    "[sandbox]\nenabled = false\n[[archive]]\nid = \"a\"\ntitle = \"A\"\nurl = \"https://a.example/tap\"\n";

fn gateway(arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gateway"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[tokio::test]
async fn it_says_where_it_listens_and_ends_when_told() {
    let folder = site(&[("index.html", "page"), ("gateway.toml", CONFIG)]);
    let config = folder.join("gateway.toml");
    for signal in ["-TERM", "-INT"] {
        let arguments =
            ["--listen", "127.0.0.1:0", "--site", folder.to_str().unwrap(), "--config", config.to_str().unwrap()];
        let mut child = gateway(&arguments);
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("Parallax: http://").unwrap().strip_suffix('/').unwrap().to_owned();
        let address: SocketAddr = address.parse().unwrap();
        assert_eq!(get(address, "/").await.text(), "page");
        assert_eq!(get(address, "/archives.json").await.json()[0]["id"], "a");
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[test]
fn it_says_why_it_does_not_start() {
    let folder = site(&[("index.html", "page"), ("bad.toml", "[[archive]]\nid = \"a b\"\ntitle = \"A\"\n")]);
    let (root, bad) = (folder.to_str().unwrap(), folder.join("bad.toml"));
    let check = |arguments: &[&str], words: &str| {
        let mut child = gateway(arguments);
        assert_eq!(child.wait().unwrap().code(), Some(1), "{arguments:?}");
        let mut text = String::new();
        child.stderr.unwrap().read_to_string(&mut text).unwrap();
        assert!(text.contains(words), "{text}");
    };
    check(&[], "usage: gateway --listen");
    check(&["--listen", "127.0.0.1:0", "--site", root, "--config", bad.to_str().unwrap()], "line 2, [[archive]] id");
    check(&["--listen", "127.0.0.1:0", "--site", root, "--config", "missing.toml"], "missing.toml");
    check(&["--listen", "nowhere", "--site", root], "cannot listen on nowhere");
}
