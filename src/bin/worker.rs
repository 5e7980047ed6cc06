//! The results worker.
fn main() {}
