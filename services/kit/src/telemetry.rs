//! Logs, traces and metrics.
//!
//! Metrics always stand ready for Prometheus; traces and metrics go to an OTLP collector where one
//! is named. Nothing of it holds what identifies a person: no addresses, no texts, no accounts.

mod calls;
mod copies;
mod metrics;
mod requests;
mod trace;

use std::{sync::LazyLock, time::Duration};

use opentelemetry::{KeyValue, global, metrics::Meter, trace::TracerProvider as _};
use opentelemetry_otlp::WithExportConfig as _;
use opentelemetry_sdk::{
    Resource,
    metrics::SdkMeterProvider,
    trace::{Sampler, SdkTracerProvider},
};
use prometheus::Registry;
use serde::Deserialize;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};
use uuid::Uuid;

pub(crate) use calls::Calls;
pub(crate) use copies::Traced;
pub use metrics::{METRICS, Metric, Sort};
pub(crate) use metrics::{job_ended, standing};
pub use requests::Requests;
pub use trace::{
    Headers, HeadersMut, continue_trace, current_traceparent, extract, inject, is_traced,
};
pub(crate) use trace::{event_span, sent};

use crate::config::Validate;

/// Name of the platform in everything that is told.
const PLATFORM: &str = "yangguang";
/// How long the end of a process waits for a collector.
const FLUSH: Duration = Duration::from_secs(2);

static REGISTRY: LazyLock<Registry> = LazyLock::new(Registry::new);

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
    /// Which part of all traces is kept, from 0 to 1.
    pub trace_ratio: f64,
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
        if !(0.0..=1.0).contains(&self.trace_ratio) {
            return Err("trace_ratio: from 0 to 1".to_owned());
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
///
/// `services` are the names of those that run here: a process of one service is named after it.
pub fn start(config: &Config, services: &[&str]) -> anyhow::Result<Telemetry> {
    let name = match services {
        [one] => format!("{PLATFORM}-{one}"),
        _ => PLATFORM.to_owned(),
    };
    let resource = Resource::builder()
        .with_service_name(name)
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .with_attribute(KeyValue::new("service.instance.id", Uuid::new_v4().to_string()))
        .build();
    let metrics = metrics(config, resource.clone())?;
    global::set_meter_provider(metrics.clone());
    let traces = match config.otlp_endpoint.as_str() {
        "" => None,
        endpoint => Some(traces(endpoint, config.trace_ratio, resource)?),
    };
    // What is traced does not depend on what is logged.
    let spans = traces.as_ref().map(|provider| {
        trace::begin();
        let tracer = provider.tracer(PLATFORM);
        tracing_opentelemetry::layer().with_tracer(tracer).with_filter(LevelFilter::INFO)
    });
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match config.format {
        Format::Pretty => lines.boxed(),
        Format::Json => lines.json().flatten_event(true).with_current_span(true).boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(EnvFilter::try_new(&config.filter)?))
        .with(spans)
        .try_init()?;
    Ok(Telemetry { traces, metrics })
}

/// Metrics always stand ready for Prometheus, and go to the collector if there is one.
fn metrics(config: &Config, resource: Resource) -> anyhow::Result<SdkMeterProvider> {
    let prometheus = opentelemetry_prometheus::exporter()
        .with_registry(REGISTRY.clone())
        .scope_info_enabled(false)
        .build()?;
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

fn traces(endpoint: &str, ratio: f64, resource: Resource) -> anyhow::Result<SdkTracerProvider> {
    let exporter =
        opentelemetry_otlp::SpanExporter::builder().with_tonic().with_endpoint(endpoint).build()?;
    // Whoever begins a trace decides for all who continue it, so that none is kept in part.
    let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(ratio)));
    let provider = SdkTracerProvider::builder().with_sampler(sampler);
    Ok(provider.with_batch_exporter(exporter).with_resource(resource).build())
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

/// Where instruments are made; those of the platform stand in [`METRICS`].
pub fn meter() -> Meter {
    global::meter(PLATFORM)
}

/// All metrics of this process, for Prometheus.
pub fn registry() -> &'static Registry {
    &REGISTRY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> Config {
        Config {
            format: Format::Json,
            filter: "info".to_owned(),
            otlp_endpoint: String::new(),
            trace_ratio: 1.0,
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert_eq!(config().validate(), Ok(()));
        let wrong = Config { filter: "kit=loud".to_owned(), ..config() };
        assert!(wrong.validate().unwrap_err().starts_with("filter"));
        let wrong = Config { trace_ratio: 1.5, ..config() };
        assert!(wrong.validate().unwrap_err().starts_with("trace_ratio"));
        let wrong = Config { otlp_endpoint: "collector:4317".to_owned(), ..config() };
        assert!(wrong.validate().unwrap_err().starts_with("otlp_endpoint"));
    }
}
