//! Limits that are known before a request is sent.
//!
//! From the capabilities (TAPRegExt 1.0 section 2.4), and where these are silent about an archive of ESA, from its
//! documentation.

use std::fmt;

use crate::{datalink::MOST_SOURCES, vosi::Capabilities};

/// What a service allows; `None` where it does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Rows of a synchronous result.
    pub sync_rows: Option<u64>,
    /// Rows of a job's result, if the query does not ask for more.
    pub job_rows: Option<u64>,
    /// Rows of a job's result, whatever the query asks for.
    pub most_rows: Option<u64>,
    /// Seconds that a job may run.
    pub job_seconds: Option<u64>,
    /// Bytes of an upload.
    pub upload_bytes: Option<u64>,
    /// Rows of an upload.
    pub upload_rows: Option<u64>,
    /// Sources in one request for products.
    pub sources: Option<usize>,
}

/// Rows of ESA's synchronous results.
const SYNC_ROWS: u64 = 2000;
/// Rows of ESA's jobs of anonymous users.
const JOB_ROWS: u64 = 3_000_000;

impl Limits {
    /// The limits of a service, which has the resources of TAP+ or not.
    pub fn of(capabilities: Option<&Capabilities>, tap_plus: bool) -> Self {
        let empty = Capabilities::default();
        let said = capabilities.unwrap_or(&empty);
        let esa = |limit: u64| tap_plus.then_some(limit);
        let default = said.output_limit.default.or(said.output_limit.hard);
        Self {
            // TAPRegExt has one limit for both ways of asking.
            sync_rows: esa(SYNC_ROWS).into_iter().chain(default).min(),
            // Archives of ESA that name the limit of synchronous results as the default do not hold jobs to it.
            job_rows: default
                .filter(|rows| !tap_plus || *rows > SYNC_ROWS)
                .or(said.output_limit.hard)
                .or(esa(JOB_ROWS)),
            most_rows: said.output_limit.hard.or(esa(JOB_ROWS)),
            job_seconds: said
                .execution_duration
                .default
                .or(said.execution_duration.hard)
                .filter(|seconds| *seconds > 0),
            upload_bytes: said.upload_limit.bytes,
            upload_rows: said.upload_limit.rows,
            sources: tap_plus.then_some(MOST_SOURCES),
        }
    }

    /// The most rows that a query can give, with `maxrec` or without.
    pub fn rows(&self, sync: bool, maxrec: Option<u64>) -> Option<u64> {
        let most = if sync { self.sync_rows } else { self.most_rows };
        match maxrec {
            Some(maxrec) => Some(most.map_or(maxrec, |most| most.min(maxrec))),
            None if sync => self.sync_rows,
            None => self.job_rows,
        }
    }

    /// Whether an upload is small enough.
    ///
    /// # Errors
    /// The limit that it exceeds.
    pub fn check_upload(&self, bytes: u64, rows: Option<u64>) -> Result<(), TooLarge> {
        match (self.upload_bytes, self.upload_rows, rows) {
            (Some(limit), _, _) if bytes > limit => Err(TooLarge::Bytes(limit)),
            (_, Some(limit), Some(rows)) if rows > limit => Err(TooLarge::Rows(limit)),
            _ => Ok(()),
        }
    }
}

/// The limit that an upload exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooLarge {
    /// So many bytes are allowed.
    Bytes(u64),
    /// So many rows are allowed.
    Rows(u64),
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(limit) => write!(f, "the service takes at most {limit} bytes"),
            Self::Rows(limit) => write!(f, "the service takes at most {limit} rows"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vosi::{OutputLimit, UploadLimit};

    #[test]
    fn what_is_said_goes_before_what_is_documented() {
        let said = Capabilities {
            output_limit: OutputLimit { default: Some(20_000), hard: Some(9_000_000) },
            upload_limit: UploadLimit { rows: Some(10), bytes: Some(1000) },
            ..Capabilities::default()
        };
        let limits = Limits::of(Some(&said), false);
        assert_eq!(limits.rows(true, None), Some(20_000));
        assert_eq!(limits.rows(false, Some(30_000)), Some(30_000));
        assert_eq!(limits.rows(false, Some(90_000_000)), Some(9_000_000));
        assert_eq!(limits.check_upload(1000, Some(10)), Ok(()));
        assert_eq!(limits.check_upload(1001, None), Err(TooLarge::Bytes(1000)));
        assert_eq!(limits.check_upload(1, Some(11)), Err(TooLarge::Rows(10)));
        let esa = Limits::of(Some(&said), true);
        assert_eq!(
            (esa.rows(true, None), esa.rows(true, Some(5)), esa.rows(false, None)),
            (Some(2000), Some(5), Some(20_000))
        );
    }

    #[test]
    fn the_default_of_esa_is_for_synchronous_results() {
        let output_limit = OutputLimit { default: Some(2000), hard: Some(1_000_000) };
        let said = Capabilities { output_limit, ..Capabilities::default() };
        let esa = Limits::of(Some(&said), true);
        assert_eq!((esa.rows(true, None), esa.rows(false, None)), (Some(2000), Some(1_000_000)));
        assert_eq!(Limits::of(Some(&said), false).rows(false, None), Some(2000));
    }

    #[test]
    fn silence_is_not_a_limit() {
        let limits = Limits::of(None, false);
        assert_eq!(limits, Limits::default());
        assert_eq!((limits.rows(true, None), limits.rows(false, Some(7))), (None, Some(7)));
        assert_eq!(limits.check_upload(u64::MAX, Some(u64::MAX)), Ok(()));
        let esa = Limits::of(None, true);
        assert_eq!(
            (esa.rows(true, None), esa.rows(false, None), esa.sources),
            (Some(2000), Some(3_000_000), Some(5000))
        );
    }
}
