//! The thread of a trace across calls, the log, the bus and their readers.

use std::{
    collections::HashMap,
    sync::{
        LazyLock,
        atomic::{AtomicBool, Ordering},
    },
};

use http::HeaderMap;
use opentelemetry::{
    Context,
    propagation::{Extractor, Injector, TextMapPropagator as _},
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::Heard;

/// The header of W3C Trace Context.
const TRACEPARENT: &str = "traceparent";

static W3C: LazyLock<TraceContextPropagator> = LazyLock::new(TraceContextPropagator::new);
static TRACED: AtomicBool = AtomicBool::new(false);

/// From here on traces are kept.
pub(super) fn begin() {
    TRACED.store(true, Ordering::Relaxed);
}

/// Whether anyone keeps traces; where nobody does, nothing is made for them.
pub fn is_traced() -> bool {
    TRACED.load(Ordering::Relaxed)
}

/// Writes the current span into what leaves this process.
pub fn inject(carrier: &mut dyn Injector) {
    if is_traced() {
        W3C.inject_context(&Span::current().context(), carrier);
    }
}

/// Reads the span that what came in belongs to.
pub fn extract(carrier: &dyn Extractor) -> Context {
    W3C.extract(carrier)
}

/// The current span as a `traceparent`; `None` outside any trace.
pub fn current_traceparent() -> Option<String> {
    traceparent_of(&Span::current())
}

fn traceparent_of(span: &Span) -> Option<String> {
    if !is_traced() {
        return None;
    }
    let mut carrier = HashMap::new();
    W3C.inject_context(&span.context(), &mut carrier);
    carrier.remove(TRACEPARENT)
}

/// Makes `span` part of the trace that a `traceparent` names.
pub fn continue_trace(span: &Span, traceparent: &str) {
    if is_traced() && !traceparent.is_empty() {
        let carrier = HashMap::from([(TRACEPARENT.to_owned(), traceparent.to_owned())]);
        // It fails only for a span that has begun already.
        let _ = span.set_parent(extract(&carrier));
    }
}

/// The span in which a service takes in an event: part of the trace of who said it.
pub(crate) fn event_span(service: &str, event: &Heard) -> Span {
    let (id, aggregate) = (&event.id, event.aggregate.as_str());
    if !is_traced() {
        return tracing::info_span!("event", service, event.id = %id, event.aggregate = aggregate);
    }
    let name = event.ty.rsplit('.').next().unwrap_or_default();
    let span = tracing::info_span!(
        "event",
        otel.name = format!("event.{service}.{name}"),
        otel.kind = "consumer",
        messaging.system = "nats",
        messaging.operation.type = "process",
        service,
        event.id = %id,
        event.aggregate = aggregate,
        event.position = event.position,
    );
    continue_trace(&span, &event.trace);
    span
}

/// Marks in the trace of an event that the relay sends it; answers with what its readers continue.
pub(crate) fn sent(service: &str, kind: &str, trace: &str) -> Option<String> {
    if !is_traced() || trace.is_empty() {
        return None;
    }
    let name = kind.rsplit('.').next().unwrap_or_default();
    let span = tracing::info_span!(
        parent: None,
        "relay",
        otel.name = format!("relay.{service}.{name}"),
        otel.kind = "producer",
        messaging.system = "nats",
        messaging.operation.type = "send",
        service,
    );
    continue_trace(&span, trace);
    traceparent_of(&span)
}

/// Headers as a carrier that is written.
#[derive(Debug)]
pub struct HeadersMut<'a>(pub &'a mut HeaderMap);

impl Injector for HeadersMut<'_> {
    fn set(&mut self, key: &str, value: String) {
        let name = http::HeaderName::from_bytes(key.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value.parse()) {
            self.0.insert(name, value);
        }
    }
}

/// Headers as a carrier that is read.
#[derive(Debug)]
pub struct Headers<'a>(pub &'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(http::HeaderName::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
    use opentelemetry_sdk::trace::SdkTracerProvider;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn a_trace_goes_on_across_headers_and_the_bus() {
        begin();
        let provider = SdkTracerProvider::builder().build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::with_default(subscriber, || {
            let mut headers = HeaderMap::new();
            let here = tracing::info_span!("here");
            here.in_scope(|| inject(&mut HeadersMut(&mut headers)));
            let traceparent = here.in_scope(current_traceparent).unwrap();
            assert_eq!(headers[TRACEPARENT], traceparent);

            let there = tracing::info_span!("there");
            continue_trace(&there, &traceparent);
            let of = |span: &Span| span.context().span().span_context().trace_id();
            assert_eq!(of(&there), of(&here));
            let read = extract(&Headers(&headers));
            assert_eq!(read.span().span_context().trace_id(), of(&here));

            let sent = sent("documents", "yangguang.documents.v1.Said", &traceparent).unwrap();
            let reader = tracing::info_span!("reader");
            continue_trace(&reader, &sent);
            assert_eq!(of(&reader), of(&here));
            assert_ne!(sent, traceparent, "the relay has a span of its own");
        });
        assert_eq!(current_traceparent(), None);
    }
}
