//! What nobody can guess: identifiers of sessions and jobs, salts of passwords.

use crate::fault::Fault;

/// Bytes from the system's source of randomness.
pub fn bytes<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    let failed =
        |cause| Fault::new(http::StatusCode::INTERNAL_SERVER_ERROR, format!("There is no randomness: {cause}"));
    getrandom::fill(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// As many bytes in hexadecimal digits, two each.
pub fn hexadecimal<const N: usize>() -> Result<String, Fault> {
    Ok(digits(&bytes::<N>()?))
}

/// Bytes as hexadecimal digits.
pub fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
