//! External TAP (TAP+): queries that another service answers, `REQUEST=external_tap` with its address in `EXT_TAP_URL`.

/// This archive under a second name, so that queries to another service can be tried without a network.
pub const NEIGHBOUR: &str = "http://neighbour.sandbox/tap-server/tap";
