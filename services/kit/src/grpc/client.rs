//! A way to another service: its channel, a token, the trace, time-outs and repetitions.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, header::AUTHORIZATION, request::Parts};
use http_body_util::{BodyExt as _, Full};
use tokio::time::timeout;
use tonic::{Code, Status, body::Body};
use tower::Service;

use super::{
    TokenSource,
    balance::{Replica, Replicas, was_not_sent},
    repeat::{is_safe, names_itself},
};
use crate::{
    auth::Caller,
    telemetry::{self, HeadersMut},
};

/// How long a call that only reads may take until its answer begins.
const READ: Duration = Duration::from_secs(30);
/// How long a call that changes something may take until its answer begins.
const WRITE: Duration = Duration::from_secs(120);
/// How long to wait before each repetition of a call that may be repeated.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(50), Duration::from_millis(200), Duration::from_millis(800)];

/// A way to another service; clients of its gRPC services are made over it.
#[derive(Debug, Clone)]
pub struct Peer {
    service: Arc<str>,
    replicas: Option<Replicas>,
    tokens: Option<TokenSource>,
    speaks: Speaks,
}

/// For whom a call is made.
#[derive(Clone)]
enum Speaks {
    Nobody,
    Service,
    Caller(Arc<str>),
}

impl std::fmt::Debug for Speaks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nobody => "Nobody",
            Self::Service => "Service",
            Self::Caller(_) => "Caller",
        })
    }
}

impl Peer {
    /// A way that names no caller; without replicas every call finds the service away.
    pub fn new(service: &str, replicas: Option<Replicas>) -> Self {
        Self { service: service.into(), replicas, tokens: None, speaks: Speaks::Nobody }
    }

    /// The same way for a service of the platform, which calls with its own token.
    #[must_use]
    pub fn with_tokens(self, tokens: TokenSource) -> Self {
        Self { tokens: Some(tokens), speaks: Speaks::Service, ..self }
    }

    /// Calls with this service's own token.
    #[must_use]
    pub fn as_service(&self) -> Self {
        Self { speaks: Speaks::Service, ..self.clone() }
    }

    /// Calls with the token of who called us.
    #[must_use]
    pub fn on_behalf(&self, caller: &Caller) -> Self {
        caller.token.as_deref().map_or_else(|| self.anonymous(), |token| self.with_token(token))
    }

    /// Calls with this token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { speaks: Speaks::Caller(token.into()), ..self.clone() }
    }

    /// Calls with no token.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        Self { speaks: Speaks::Nobody, ..self.clone() }
    }

    async fn send(self, mut request: Request<Body>) -> Result<Response<Body>, Status> {
        self.sign(request.headers_mut()).await?;
        telemetry::inject(&mut HeadersMut(request.headers_mut()));
        // Nobody streams to a service, so that a request is at hand for another replica.
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let (path, reads) = (parts.uri.path(), is_safe(parts.uri.path()));
        let limit = if reads { READ } else { WRITE };
        if reads || names_itself(path, &body) {
            for pause in PAUSES {
                match self.once(&parts, &body, limit).await {
                    Ok(response) if !says_unavailable(&response) => return Ok(response),
                    Err(status) if status.code() != Code::Unavailable => return Err(status),
                    Ok(_) | Err(_) => tokio::time::sleep(jittered(pause)).await,
                }
            }
        }
        self.once(&parts, &body, limit).await
    }

    /// Adds the token of who calls.
    async fn sign(&self, headers: &mut HeaderMap) -> Result<(), Status> {
        let token = match (&self.speaks, &self.tokens) {
            (Speaks::Caller(token), _) => Arc::clone(token),
            (Speaks::Service, Some(tokens)) => tokens.token().await?,
            (Speaks::Service, None) | (Speaks::Nobody, _) => return Ok(()),
        };
        let mut value = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|_| Status::unauthenticated("登录凭证格式不正确，请重新登录"))?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
        Ok(())
    }

    /// One call; where no connection can be made, to the next replica.
    async fn once(
        &self,
        parts: &Parts,
        body: &Bytes,
        limit: Duration,
    ) -> Result<Response<Body>, Status> {
        let Some(replicas) = &self.replicas else { return Err(self.away()) };
        let call = async {
            let mut tried = Vec::new();
            while let Some(replica) = replicas.next(&tried).await {
                let error = match ask(&replica, again(parts, body)).await {
                    Ok(response) => return Ok(response),
                    Err(error) => error,
                };
                tracing::debug!(peer = &*self.service, error = crate::error::chain(&error), "away");
                let was_sent = !was_not_sent(&error);
                let status = Status::from_error(error.into());
                // A connection that broke in the midst is no fault of the request.
                let broke = matches!(status.code(), Code::Unavailable | Code::Unknown);
                if broke {
                    replica.rest();
                }
                if was_sent {
                    return Err(if broke { self.away() } else { status });
                }
                tried.push(replica);
            }
            Err(self.away())
        };
        let late = || Status::deadline_exceeded(format!("{} 服务没有及时答复", self.service));
        timeout(limit, call).await.unwrap_or_else(|_| Err(late()))
    }

    fn away(&self) -> Status {
        Status::unavailable(format!("{} 服务暂时无法使用，请稍后重试", self.service))
    }
}

impl Service<Request<Body>> for Peer {
    type Response = Response<Body>;
    type Error = Status;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Status>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(self.clone().send(request))
    }
}

/// The same request once more.
fn again(parts: &Parts, body: &Bytes) -> Request<Body> {
    Request::from_parts(parts.clone(), Body::new(Full::new(body.clone())))
}

async fn ask(
    replica: &Replica,
    request: Request<Body>,
) -> Result<Response<Body>, tonic::transport::Error> {
    let mut channel = replica.channel();
    std::future::poll_fn(|context| channel.poll_ready(context)).await?;
    channel.call(request).await
}

/// Whether a server refused at once because it, or what it needs, is away.
fn says_unavailable(response: &Response<Body>) -> bool {
    let unavailable = (Code::Unavailable as i32).to_string();
    response.headers().get(Status::GRPC_STATUS).is_some_and(|code| code == unavailable.as_str())
}

/// Up to half more, so that many who failed together do not come back together.
fn jittered(pause: Duration) -> Duration {
    pause + pause.mul_f32(rand::random_range(0.0..0.5))
}

#[cfg(test)]
mod tests;
