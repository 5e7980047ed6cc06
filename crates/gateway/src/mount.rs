//! The sandbox in this process, mounted where an archive would be.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gateway::{
    Error, Inside,
    answer::{Body, BoxError},
    arguments::Arguments,
};
use http::{Request, Response};
use http_body_util::BodyExt as _;
use sandbox::{Archive, Config, host::Host};

/// Opens the sandbox that the command line describes; takes seconds when its catalogue must be made.
pub fn open(arguments: &Arguments) -> Result<Arc<dyn Inside>, Error> {
    let standard = Config::default();
    let mut config = Config {
        sources: arguments.sources.unwrap_or(standard.sources),
        data: arguments.data.clone(),
        banner: arguments.banner.clone(),
        strict: arguments.strict,
        faults: arguments.faults,
        ..standard
    };
    if let Some(users) = &arguments.users {
        config.add_accounts(users).map_err(|error| Error::Sandbox(error.to_string()))?;
    }
    let archive = Archive::open(config).map_err(|error| Error::Sandbox(error.to_string()))?;
    Ok(Arc::new(Mount(Host::start(archive))))
}

struct Mount(Arc<Host>);

impl Inside for Mount {
    fn call(&self, request: Request<Body>, base: String) -> BoxFuture<'static, Response<Body>> {
        let host = Arc::clone(&self.0);
        Box::pin(async move { host.call(request, &base).await.map(|body| body.map_err(BoxError::from).boxed()) })
    }
}
