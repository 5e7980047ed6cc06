//! The time of a cone search in the archive against that of the same SQL through rusqlite, as a line of JSON for
//! `cargo xtask bench`.

use sandbox::{Archive, Config, measure};

fn main() -> Result<(), sandbox::Error> {
    let archive = Archive::open(Config::default())?;
    measure::cone(&archive, 20)?;
    let cone = measure::cone(&archive, 200)?;
    let (handler, sql) = (cone.handler.as_secs_f64() * 1e3, cone.sql.as_secs_f64() * 1e3);
    eprintln!(
        "1 deg round the Pleiades, {} rows: {handler:.3} ms in the handler, {sql:.3} ms through rusqlite",
        cone.rows
    );
    let name = "cone search in the handler / its SQL through rusqlite";
    println!(
        "{{\"name\":\"{name}\",\"value\":{:.3},\"unit\":\"x\",\"better\":\"lower\",\"must\":2.0,\"aim\":1.5}}",
        handler / sql
    );
    Ok(())
}
