//! The ops port: is it alive, is it ready, how does it do.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use futures::future::join_all;
use prometheus::{Encoder as _, TextEncoder};

/// A check that takes longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(2);

type Answer = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;
type Check = (String, Arc<dyn Fn() -> Answer + Send + Sync>);

/// What has to hold for this process to be ready.
#[derive(Clone, Default)]
pub struct Health(Arc<RwLock<Vec<Check>>>);

impl Health {
    /// Ready without condition, so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a condition; its error says what is wrong.
    pub fn add<F>(&self, name: &str, check: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        let check: Check = (name.to_owned(), Arc::new(move || Box::pin(check())));
        self.0.write().unwrap_or_else(PoisonError::into_inner).push(check);
    }

    /// Asks every condition at once: whether all hold, and a line on each.
    pub async fn ask(&self) -> (bool, String) {
        let checks = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        let answers = join_all(checks.iter().map(|(name, check)| async move {
            let answer = tokio::time::timeout(PATIENCE, check()).await;
            (name, answer.unwrap_or_else(|_| Err("no answer in time".to_owned())))
        }))
        .await;
        let ready = answers.iter().all(|(_, answer)| answer.is_ok());
        let line = |(name, answer): (&String, Result<(), String>)| match answer {
            Ok(()) => format!("ok {name}\n"),
            Err(why) => format!("failed {name}: {why}\n"),
        };
        (ready, answers.into_iter().map(line).collect())
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health").finish_non_exhaustive()
    }
}

/// `/livez`, `/readyz` and `/metrics`.
pub fn ops_router(health: Health) -> Router {
    Router::new()
        .route("/livez", get(async || "ok\n"))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(health)
}

async fn readyz(State(health): State<Health>) -> Response {
    let (ready, lines) = health.ask().await;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, lines).into_response()
}

async fn metrics() -> Response {
    let encoder = TextEncoder::new();
    let mut text = Vec::new();
    match encoder.encode(&crate::telemetry::registry().gather(), &mut text) {
        Ok(()) => ([(CONTENT_TYPE, encoder.format_type().to_owned())], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use tower::ServiceExt as _;

    use super::*;

    async fn get(health: Health, path: &str) -> StatusCode {
        let request = Request::get(path).body(Body::empty()).unwrap();
        ops_router(health).oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn one_failed_check_makes_it_unready_and_leaves_it_alive() {
        let health = Health::new();
        health.add("database", || async { Ok(()) });
        assert_eq!(get(health.clone(), "/readyz").await, StatusCode::OK);
        health.add("bus", || async { Err("NATS does not answer".to_owned()) });
        assert_eq!(get(health.clone(), "/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(health.ask().await.1, "ok database\nfailed bus: NATS does not answer\n");
        assert_eq!(get(health.clone(), "/livez").await, StatusCode::OK);
        assert_eq!(get(health, "/metrics").await, StatusCode::OK);
    }
}
