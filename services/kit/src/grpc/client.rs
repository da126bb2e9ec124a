//! A way to another service: its channel, a token, the trace, time-outs and repetitions.

use std::{
    collections::HashSet,
    future::Future,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, Uri, header::AUTHORIZATION, request::Parts};
use http_body_util::{BodyExt as _, Full};
use tokio::{net::lookup_host, sync::mpsc::Sender, time::timeout};
use tonic::{
    Code, Status,
    body::Body,
    transport::{Channel, Endpoint, channel::Change},
};
use tower::Service;

use super::TokenSource;
use crate::{
    Error, Result,
    auth::Caller,
    telemetry::{self, HeadersMut},
};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a call that only reads may take until its answer begins.
const READ: Duration = Duration::from_secs(30);
/// How long a call that changes something may take until its answer begins.
const WRITE: Duration = Duration::from_secs(120);
/// How long to wait before each repetition of a safe call.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(50), Duration::from_millis(200), Duration::from_millis(800)];
/// How methods begin that change nothing.
const SAFE: [&str; 6] = ["Get", "List", "BatchGet", "Count", "Search", "Suggest"];
/// How often a name is looked up again, to find replicas that came and went.
const RESOLVE: Duration = Duration::from_secs(10);

/// A way to another service; clients of its gRPC services are made over it.
#[derive(Debug, Clone)]
pub struct Peer {
    service: Arc<str>,
    channel: Option<Channel>,
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
    /// A way that names no caller; without a channel every call finds the service away.
    pub fn new(service: &str, channel: Option<Channel>) -> Self {
        Self { service: service.into(), channel, tokens: None, speaks: Speaks::Nobody }
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
        if !is_safe(request.uri().path()) {
            return self.once(request, WRITE).await;
        }
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        for pause in PAUSES {
            match self.once(again(&parts, &body), READ).await {
                Ok(response) if !says_unavailable(&response) => return Ok(response),
                Err(status) if status.code() != Code::Unavailable => return Err(status),
                Ok(_) | Err(_) => tokio::time::sleep(jittered(pause)).await,
            }
        }
        self.once(again(&parts, &body), READ).await
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

    async fn once(
        &self,
        request: Request<Body>,
        limit: Duration,
    ) -> Result<Response<Body>, Status> {
        let Some(mut channel) = self.channel.clone() else { return Err(self.away()) };
        let call = async {
            std::future::poll_fn(|context| channel.poll_ready(context)).await?;
            channel.call(request).await
        };
        match timeout(limit, call).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => {
                tracing::debug!(peer = &*self.service, error = crate::error::chain(&error), "away");
                let status = Status::from_error(error.into());
                // A connection that broke in the midst is no fault of the request.
                let broke = matches!(status.code(), Code::Unavailable | Code::Unknown);
                Err(if broke { self.away() } else { status })
            }
            Err(_) => Err(Status::deadline_exceeded(format!("{} 服务没有及时答复", self.service))),
        }
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

/// Whether a method only reads. Issuing a service's token changes nothing either.
fn is_safe(path: &str) -> bool {
    let method = path.rsplit('/').next().unwrap_or_default();
    SAFE.iter().any(|begin| method.starts_with(begin)) || method == "IssueServiceToken"
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

/// A channel to `http://host:port`, over all the addresses that a name has.
pub fn channel(place: &str) -> Result<Channel> {
    let unreadable = || Error::Address(place.to_owned());
    let uri: Uri = place.parse().map_err(|_| unreadable())?;
    let host = uri.host().ok_or_else(unreadable)?.to_owned();
    let is_address = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
    if is_address || host == "localhost" {
        return Ok(tuned(Endpoint::from_shared(place.to_owned()).map_err(|_| unreadable())?)
            .connect_lazy());
    }
    let port = uri.port_u16().unwrap_or(80);
    let (channel, changes) = Channel::balance_channel(64);
    tokio::spawn(resolve(host, port, changes));
    Ok(channel)
}

fn tuned(endpoint: Endpoint) -> Endpoint {
    endpoint
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(5))
        .keep_alive_while_idle(true)
        .http2_adaptive_window(true)
}

/// Follows the addresses of a name until the channel is gone.
async fn resolve(host: String, port: u16, changes: Sender<Change<SocketAddr, Endpoint>>) {
    let mut known = HashSet::new();
    loop {
        match lookup_host((host.as_str(), port)).await {
            Ok(found) => {
                let found: HashSet<SocketAddr> = found.collect();
                for gone in known.difference(&found) {
                    let _ = changes.send(Change::Remove(*gone)).await;
                }
                for new in found.difference(&known) {
                    if let Ok(endpoint) = Endpoint::from_shared(format!("http://{new}")) {
                        let _ = changes.send(Change::Insert(*new, tuned(endpoint))).await;
                    }
                }
                known = found;
            }
            // Names fail now and then; what is known goes on.
            Err(error) => tracing::warn!(host, %error, "the name of a service is not found"),
        }
        let pause = if known.is_empty() { Duration::from_secs(1) } else { RESOLVE };
        tokio::select! {
            () = changes.closed() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

#[cfg(test)]
mod tests;
