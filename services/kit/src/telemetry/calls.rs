//! What a server tells of the gRPC calls that it answers: a span and a duration each.
//!
//! Everything that names a method is made once, at the start; a call costs a look into a table.

use std::{
    collections::HashMap,
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};

use axum::body::HttpBody;
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::{Frame, SizeHint};
use opentelemetry::KeyValue;
use tonic::Status;
use tower::{Layer, Service};
use tracing::{Instrument as _, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::{
    metrics::{CALLS, RPC_CODE, RPC_METHOD, RPC_SERVICE},
    trace::{Headers, extract, is_traced},
};
use crate::auth::Access;

/// How many status codes gRPC has.
const CODES: usize = 17;
/// What counts for a call that was given up before its answer ended.
const CANCELLED: usize = 1;
/// What counts for an answer that does not say how it ended.
const UNKNOWN: usize = 2;
/// Unknown, deadline exceeded, unimplemented, internal, unavailable, data loss: the server failed.
const FAULTS: [usize; 6] = [2, 4, 12, 13, 14, 15];

/// A tower layer around all gRPC services of a process.
#[derive(Debug, Clone)]
pub(crate) struct Calls {
    methods: Arc<HashMap<String, Arc<Method>>>,
    other: Arc<Method>,
}

/// One method, with everything that is told of it.
#[derive(Debug)]
struct Method {
    path: String,
    service: &'static str,
    name: &'static str,
    open: [KeyValue; 2],
    ended: [[KeyValue; 3]; CODES],
}

impl Method {
    fn new(service: &'static str, name: &'static str) -> Self {
        let open = [KeyValue::new(RPC_SERVICE, service), KeyValue::new(RPC_METHOD, name)];
        let ended = std::array::from_fn(|code| {
            let code = i64::try_from(code).unwrap_or_default();
            let [service, name] = open.clone();
            [service, name, KeyValue::new(RPC_CODE, code)]
        });
        Self { path: format!("{service}/{name}"), service, name, open, ended }
    }
}

impl Calls {
    /// Knows no method yet: what is not known counts together, whatever a caller makes up.
    pub fn new() -> Self {
        Self { methods: Arc::default(), other: Arc::new(Method::new("other", "other")) }
    }

    /// Knows the methods of one service.
    #[must_use]
    pub fn with(mut self, service: &'static str, rules: &[Access]) -> Self {
        let methods = Arc::make_mut(&mut self.methods);
        for Access { method, .. } in rules {
            methods.insert(format!("/{service}/{method}"), Arc::new(Method::new(service, method)));
        }
        self
    }

    fn begin(&self, path: &str, headers: &HeaderMap) -> Call {
        let method = Arc::clone(self.methods.get(path).unwrap_or(&self.other));
        CALLS.active.add(1, &method.open);
        let span = if is_traced() { span(&method, headers) } else { Span::none() };
        Call { method, span, began: Instant::now(), code: CANCELLED }
    }
}

/// A span after the semantic conventions, in the trace of who calls.
fn span(method: &Method, headers: &HeaderMap) -> Span {
    let span = tracing::info_span!(
        "rpc",
        otel.name = method.path,
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        rpc.system = "grpc",
        rpc.service = method.service,
        rpc.method = method.name,
        rpc.grpc.status_code = tracing::field::Empty,
    );
    // It fails only for a span that has begun already.
    let _ = span.set_parent(extract(&Headers(headers)));
    span
}

/// A call that is being answered; dropped when it is.
#[derive(Debug)]
struct Call {
    method: Arc<Method>,
    span: Span,
    began: Instant,
    code: usize,
}

impl Call {
    /// Reads how the call ended, where these headers or trailers say it.
    fn read(&mut self, headers: &HeaderMap) {
        if let Some(code) = headers.get(Status::GRPC_STATUS) {
            let code = code.to_str().ok().and_then(|code| code.parse().ok());
            self.code = code.filter(|code| *code < CODES).unwrap_or(UNKNOWN);
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let Self { method, span, began, code } = self;
        CALLS.active.add(-1, &method.open);
        if let Some(labels) = method.ended.get(*code) {
            CALLS.duration.record(began.elapsed().as_secs_f64(), labels);
        }
        if !span.is_none() {
            span.record("rpc.grpc.status_code", *code);
            if FAULTS.contains(code) {
                span.record("otel.status_code", "ERROR");
            }
        }
    }
}

impl<S> Layer<S> for Calls {
    type Service = Told<S>;

    fn layer(&self, inner: S) -> Told<S> {
        Told { calls: self.clone(), inner }
    }
}

/// A gRPC service of which is told how it answers.
#[derive(Debug, Clone)]
pub(crate) struct Told<S> {
    calls: Calls,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for Told<S>
where
    S: Service<Request<B>, Response = Response<R>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Answer<R>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let mut call = self.calls.begin(request.uri().path(), request.headers());
        let answer = {
            let _here = call.span.enter();
            self.inner.call(request)
        };
        Box::pin(async move {
            let response = answer.instrument(call.span.clone()).await?;
            call.read(response.headers());
            Ok(response.map(|inner| Answer { inner, call }))
        })
    }
}

/// The body of an answer, whose end is the end of its call.
#[derive(Debug)]
pub(crate) struct Answer<B> {
    inner: B,
    call: Call,
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for Answer<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let Self { inner, call } = &mut *self;
        let polled = call.span.in_scope(|| Pin::new(inner).poll_frame(context));
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(trailers) = frame.trailers_ref() {
                    call.read(trailers);
                }
            }
            Poll::Ready(Some(Err(_))) => call.code = UNKNOWN,
            Poll::Ready(None) if call.code == CANCELLED => call.code = UNKNOWN,
            Poll::Ready(None) | Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
