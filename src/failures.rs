//! The kinds of errors of a service that the page words differently, and what to do about each: for results and documents alike.

use tap::{ErrorKind, ServiceError};
use workbench::protocol::FailureKind;

/// What kind of failure an error is; `None`: neither its status nor its body tells.
pub fn kind(error: &ServiceError) -> Option<FailureKind> {
    Some(match error.kind {
        ErrorKind::Query | ErrorKind::BadRequest => FailureKind::Query,
        ErrorKind::Unauthorized => FailureKind::SignIn,
        ErrorKind::Forbidden => FailureKind::Forbidden,
        ErrorKind::TooLarge => FailureKind::TooLarge,
        ErrorKind::Quota => FailureKind::Quota,
        ErrorKind::TooMany { .. } | ErrorKind::Unavailable { .. } => FailureKind::Busy,
        ErrorKind::HtmlPage { .. } | ErrorKind::Maintenance { .. } => FailureKind::HtmlPage,
        ErrorKind::NotFound | ErrorKind::Server => FailureKind::Service,
        ErrorKind::Other => return None,
    })
}

/// What to do next.
pub fn next(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Query => "Change it at the place that is marked, if there is one, and run it again.",
        FailureKind::SignIn => "Sign in, and run it again.",
        FailureKind::Forbidden => {
            "Sign in as somebody who may, ask the owner to share the table with you, or use other tables."
        }
        FailureKind::TooLarge => "Send fewer rows or columns along, and run it again. The files are still attached.",
        FailureKind::Quota => "Delete jobs or tables that you no longer need, or ask for fewer rows, and run it again.",
        FailureKind::Busy => "Run it again after a while.",
        FailureKind::HtmlPage => {
            "The archive may be under maintenance, or a network wants you to log in: open any other web page to find out, and run it again later."
        }
        FailureKind::Service => "Run it again in a moment; if it goes on, see whether the archive is available.",
        FailureKind::Network => "Check the connection, and run it again.",
        FailureKind::NotATable => "Run it again; if it goes on, the archive’s answer is damaged.",
        FailureKind::Cancelled => "Run it again when you like.",
    }
}
