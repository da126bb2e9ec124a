//! Logs, traces and metrics, and the thread of a trace across processes.

use std::{collections::HashMap, sync::LazyLock, time::Duration};

use http::HeaderMap;
use opentelemetry::{
    Context, KeyValue, global,
    metrics::Meter,
    propagation::{Extractor, Injector, TextMapPropagator as _},
    trace::TracerProvider as _,
};
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::{
    Resource, metrics::SdkMeterProvider, propagation::TraceContextPropagator,
    trace::SdkTracerProvider,
};
use prometheus::Registry;
use serde::Deserialize;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::config::Validate;

/// Name of the platform in everything that is told.
const PLATFORM: &str = "yangguang";
/// The header of W3C Trace Context.
const TRACEPARENT: &str = "traceparent";
/// How long the end of a process waits for a collector.
const FLUSH: Duration = Duration::from_secs(2);

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::new);
static W3C: LazyLock<TraceContextPropagator> = LazyLock::new(TraceContextPropagator::new);

/// The section `[telemetry]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// For whom logs are written.
    pub format: Format,
    /// What is logged, in the syntax of `EnvFilter`.
    pub filter: String,
    /// Address of an OTLP collector; empty: none.
    pub otlp_endpoint: String,
}

/// For whom logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    Pretty,
    /// For machines.
    Json,
}

impl Validate for Config {
    fn validate(&self) -> Result<(), String> {
        EnvFilter::try_new(&self.filter).map_err(|error| format!("filter: {error}"))?;
        if !self.otlp_endpoint.is_empty() && !self.otlp_endpoint.starts_with("http") {
            return Err("otlp_endpoint: must begin with http:// or be empty".to_owned());
        }
        Ok(())
    }
}

/// Keeps telemetry going; what was not sent yet is sent when it is dropped.
#[derive(Debug)]
#[must_use = "telemetry ends when this is dropped"]
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
    metrics: SdkMeterProvider,
}

/// Starts logs, metrics and, if there is a collector, traces. Once a process, inside its runtime.
pub fn start(config: &Config) -> anyhow::Result<Telemetry> {
    let resource = Resource::builder()
        .with_service_name(PLATFORM)
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let metrics = metrics(config, resource.clone())?;
    global::set_meter_provider(metrics.clone());
    let traces = match config.otlp_endpoint.as_str() {
        "" => None,
        endpoint => Some(traces(endpoint, resource)?),
    };
    let spans = traces
        .as_ref()
        .map(|provider| tracing_opentelemetry::layer().with_tracer(provider.tracer(PLATFORM)));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match config.format {
        Format::Pretty => lines.boxed(),
        Format::Json => lines.json().flatten_event(true).with_current_span(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(EnvFilter::try_new(&config.filter)?)
        .with(lines)
        .with(spans)
        .try_init()?;
    Ok(Telemetry { traces, metrics })
}

/// Metrics always stand ready for Prometheus, and go to the collector if there is one.
fn metrics(config: &Config, resource: Resource) -> anyhow::Result<SdkMeterProvider> {
    let prometheus =
        opentelemetry_prometheus::exporter().with_registry(REGISTRY.clone()).build()?;
    let provider = SdkMeterProvider::builder().with_reader(prometheus).with_resource(resource);
    if config.otlp_endpoint.is_empty() {
        return Ok(provider.build());
    }
    let exporter = opentelemetry_otlp::MetricExporter::builder()
        .with_tonic()
        .with_endpoint(&config.otlp_endpoint)
        .build()?;
    Ok(provider.with_periodic_exporter(exporter).build())
}

fn traces(endpoint: &str, resource: Resource) -> anyhow::Result<SdkTracerProvider> {
    let exporter =
        opentelemetry_otlp::SpanExporter::builder().with_tonic().with_endpoint(endpoint).build()?;
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        // A collector that is away must not keep the process from ending: failures are dropped.
        if let Some(traces) = &self.traces {
            let _ = traces.shutdown_with_timeout(FLUSH);
        }
        let _ = self.metrics.shutdown_with_timeout(FLUSH);
    }
}

/// Where instruments are made: `meter().u64_counter("…")`.
pub fn meter() -> Meter {
    global::meter(PLATFORM)
}

/// All metrics of this process, for Prometheus.
pub fn registry() -> &'static Registry {
    &REGISTRY
}

/// Writes the current span into what leaves this process.
pub fn inject(carrier: &mut dyn Injector) {
    W3C.inject_context(&Span::current().context(), carrier);
}

/// Reads the span that what came in belongs to.
pub fn extract(carrier: &dyn Extractor) -> Context {
    W3C.extract(carrier)
}

/// The current span as a `traceparent`; `None` outside any trace.
pub fn current_traceparent() -> Option<String> {
    let mut carrier = HashMap::new();
    inject(&mut carrier);
    carrier.remove(TRACEPARENT)
}

/// Makes `span` part of the trace that a `traceparent` names.
pub fn continue_trace(span: &Span, traceparent: &str) {
    let carrier = HashMap::from([(TRACEPARENT.to_owned(), traceparent.to_owned())]);
    // It fails only where no traces are kept, or for a span that has begun already.
    let _ = span.set_parent(extract(&carrier));
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
    use opentelemetry::trace::TraceContextExt as _;

    use super::*;

    #[test]
    fn a_trace_goes_on_across_headers() {
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
        });
        assert_eq!(current_traceparent(), None);
    }

    #[test]
    fn a_wrong_filter_is_refused() {
        let config = Config {
            format: Format::Json,
            filter: "kit=loud".to_owned(),
            otlp_endpoint: String::new(),
        };
        assert!(config.validate().unwrap_err().starts_with("filter"));
    }
}
