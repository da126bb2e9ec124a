//! Which method is open to whom.

use std::{
    collections::HashMap,
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{HeaderMap, Request, Response, header::AUTHORIZATION};
use tonic::server::NamedService;
use tower::{Layer, Service};

use super::{Caller, Refused, Verifier};

/// Says to whom one method is open. A method without such a line is closed.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    /// Name of the method, `PublishPolicy`.
    pub method: &'static str,
    /// To whom it is open.
    pub to: To,
}

/// To whom a method is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The whole world.
    Anyone,
    /// Everyone who is known: people and services.
    SignedIn,
    /// Who holds one of these roles, of [`contracts::role`].
    Roles(&'static [&'static str]),
    /// The platform's own services.
    Services,
}

impl Access {
    /// Opens a method to the whole world.
    pub const fn anyone(method: &'static str) -> Self {
        Self { method, to: To::Anyone }
    }

    /// Opens a method to everyone who is known.
    pub const fn signed_in(method: &'static str) -> Self {
        Self { method, to: To::SignedIn }
    }

    /// Opens a method to who holds one of these roles.
    pub const fn roles(method: &'static str, roles: &'static [&'static str]) -> Self {
        Self { method, to: To::Roles(roles) }
    }

    /// Opens a method to the platform's own services.
    pub const fn services(method: &'static str) -> Self {
        Self { method, to: To::Services }
    }
}

impl To {
    /// Whether `caller` is one of these.
    pub fn admits(self, caller: &Caller) -> Result<(), Refused> {
        let admitted = match self {
            Self::Anyone => true,
            Self::SignedIn => !caller.is_anonymous(),
            Self::Roles(roles) => roles.iter().any(|role| caller.has(role)),
            Self::Services => caller.is_service(),
        };
        if admitted {
            Ok(())
        } else if caller.is_anonymous() {
            Err(Refused::TokenMissing)
        } else {
            Err(Refused::RoleMissing)
        }
    }
}

/// What tells nothing of the platform's contents.
const OPEN: [&str; 5] = [
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/List",
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// A tower layer before gRPC services: verifies the token, applies the table, adds the [`Caller`].
#[derive(Debug, Clone)]
pub struct Guard {
    verifier: Arc<Verifier>,
    table: Arc<HashMap<String, To>>,
}

impl Guard {
    /// A guard that opens health checks and reflection, and nothing else.
    pub fn new(verifier: Arc<Verifier>) -> Self {
        let table = OPEN.iter().map(|path| ((*path).to_owned(), To::Anyone)).collect();
        Self { verifier, table: Arc::new(table) }
    }

    /// Adds the rules of one gRPC service, named in full as `NamedService::NAME`.
    #[must_use]
    pub fn with(mut self, service: &str, rules: &[Access]) -> Self {
        let table = Arc::make_mut(&mut self.table);
        for Access { method, to } in rules {
            table.insert(format!("/{service}/{method}"), *to);
        }
        self
    }

    /// Who makes the call, if they may.
    async fn admit(&self, path: &str, headers: &HeaderMap) -> Result<Caller, Refused> {
        let to = self.table.get(path).copied();
        let caller = match bearer(headers)? {
            Some(token) => self.verifier.verify(token).await?,
            None => Caller::anonymous(),
        };
        to.ok_or(Refused::MethodClosed)?.admits(&caller)?;
        Ok(caller)
    }
}

/// The token of a call, if it carries one.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refused> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| Refused::TokenMalformed)?;
    let (scheme, token) = text.split_once(' ').ok_or(Refused::TokenMalformed)?;
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(Refused::TokenMalformed);
    }
    Ok(Some(token))
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { guard: self.clone(), inner }
    }
}

/// A gRPC service behind its [`Guard`].
#[derive(Debug, Clone)]
pub struct Guarded<S> {
    guard: Guard,
    inner: S,
}

impl<S: NamedService> NamedService for Guarded<S> {
    const NAME: &'static str = S::NAME;
}

impl<S, B, R> Service<Request<B>> for Guarded<S>
where
    S: Service<Request<B>, Response = Response<R>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: Default + Send,
{
    type Response = Response<R>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let guard = self.guard.clone();
        // The one that was polled ready takes the call; its clone waits for the next.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        Box::pin(async move {
            match guard.admit(request.uri().path(), request.headers()).await {
                Ok(caller) => {
                    request.extensions_mut().insert(caller);
                    inner.call(request).await
                }
                Err(refused) => {
                    tracing::debug!(
                        rpc.path = request.uri().path(),
                        error.reason = crate::Fault::reason(&refused),
                        "a call was refused"
                    );
                    Ok(crate::error::status(&refused).into_http())
                }
            }
        })
    }
}
