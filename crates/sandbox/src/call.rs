//! A request with all that is known of it when it reaches the part that answers.

use http::{Method, StatusCode};

use crate::Time;
use crate::archive::Archive;
use crate::fault::Fault;
use crate::jobs::document::Style;
use crate::parameters::Parameters;
use crate::session::Caller;

/// A request.
pub struct Call<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// The method; HEAD counts as GET.
    pub method: &'a Method,
    /// The parameters.
    pub parameters: &'a Parameters,
    /// Who asks.
    pub caller: &'a Caller,
    /// Public address of the archive, without `/tap-server/tap`.
    pub base: &'a str,
    /// Public address of the TAP service.
    pub tap: &'a str,
    /// When the request came.
    pub arrival: Time,
    /// What time it is.
    pub now: Time,
}

impl Call<'_> {
    /// How job documents are written.
    pub fn style(&self) -> Style<'_> {
        let config = &self.archive.config;
        Style { tap: self.tap, strict: config.strict, legacy: config.legacy, metadata_only: false }
    }

    /// GET or HEAD.
    pub fn reading(&self) -> bool {
        matches!(*self.method, Method::GET | Method::HEAD)
    }

    /// The value of a parameter that must be there and not be empty.
    pub fn required(&self, name: &str) -> Result<&str, Fault> {
        match (self.parameters.value(name), self.parameters.get(name)) {
            (Some(value), _) => Ok(value),
            (None, Some(_)) => Err(Fault::bad(format!("Required parameter '{name}' cannot be null."))),
            (None, None) => Err(Fault::bad(format!("Not found required parameter '{name}'"))),
        }
    }

    /// The user, who must be signed in.
    pub fn user(&self) -> Result<&str, Fault> {
        self.caller.user.as_deref().ok_or_else(|| Fault::forbidden("User 'anonymous' is not authorized."))
    }

    /// Refuses reading requests where only POST makes sense.
    pub fn posting(&self) -> Result<(), Fault> {
        if *self.method == Method::POST { Ok(()) } else { Err(Fault::method_not_allowed(self.method)) }
    }
}

impl Fault {
    /// The caller may not do this.
    pub fn forbidden(message: impl Into<String>) -> Fault {
        Fault::new(StatusCode::FORBIDDEN, message)
    }

    /// The resource does not know this method.
    pub fn method_not_allowed(method: &Method) -> Fault {
        Fault::new(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not possible here."))
    }
}
