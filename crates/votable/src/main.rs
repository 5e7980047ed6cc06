//! `votable summary FILE`: reads a VOTable, also a gzipped one, and prints what is in it as JSON.
//!
//! `{"tables": […]}`, or `{"error": "…", "tables": […]}` with what was read before the error; the exit status is then 1.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::process::ExitCode;

use flate2::bufread::MultiGzDecoder;
use votable::Reader;
use votable::summary::{json_string, tables};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, path] = arguments.as_slice() else { return usage() };
    if command != "summary" {
        return usage();
    }
    let mut reader = Reader::new();
    let error = read(path, &mut reader).err();
    let mut members: Vec<String> = error.iter().map(|error| format!("\"error\": {}", json_string(error))).collect();
    members.push(tables(reader.document()));
    for warning in &reader.document().warnings {
        eprintln!("warning: {warning}");
    }
    let written = writeln!(io::stdout(), "{{{}}}", members.join(",\n"));
    if error.is_some() || written.is_err() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn usage() -> ExitCode {
    eprintln!("usage: votable summary FILE");
    ExitCode::from(2)
}

fn read(path: &str, reader: &mut Reader) -> Result<(), String> {
    let mut file = BufReader::new(File::open(path).map_err(|error| format!("{path}: {error}"))?);
    let head = file.fill_buf().map_err(|error| format!("{path}: {error}"))?;
    let mut input: Box<dyn Read> =
        if head.starts_with(b"\x1f\x8b") { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let length = match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) => {
                // What was inflated before stays readable.
                let _ = reader.finish();
                return Err(format!("{path}: {error}"));
            }
        };
        if reader.push(&chunk[..length]).is_err() {
            break;
        }
    }
    reader.finish().map_err(|error| error.to_string())
}
