//! `gateway --listen 127.0.0.1:8080 --site dist`: reads the command line, opens the sandbox, serves until told to end.

fn main() {}
