//! TAP, TAP+, UWS and VOSI without input and output: requests go out as values, bytes come in.
//!
//! Follows TAP 1.1, UWS 1.1, VOSI 1.1, DALI 1.1 and the additions of the ESA archives (marked TAP+).
//! The caller sends the requests, passes the bytes of the answers in, and says what time it is.
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod command;
pub mod cross_match;
pub mod datalink;
pub mod error;
pub mod events;
pub mod external;
pub mod glots;
pub mod html;
pub mod jobs;
pub mod limits;
pub mod name;
pub mod notifications;
pub mod poll;
pub mod request;
pub mod resolver;
pub mod session;
pub mod share;
pub mod timestamp;
pub mod upload;
pub mod user_tables;
pub mod users;
pub mod uws;
pub mod vosi;
mod xml;

pub use error::{Error, ErrorKind, Position, RetryAfter, ServiceError, error_in_ok_body, redact};
pub use poll::{Answer, Note, Poller, Step};
pub use request::{Body, Method, Query, Request, Service, Upload};
pub use timestamp::Timestamp;
pub use upload::{NameProblem, upload_name_ok};
pub use uws::{Job, JobList, Phase};
