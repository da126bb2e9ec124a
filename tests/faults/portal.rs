//! The REST interface as somebody uses it who asks again when nobody answers.

use std::time::{Duration, Instant};

use futures::lock::Mutex;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::PASSWORD;

/// How old an access token, which lives for a minute, is used.
const TOKEN_AGE: Duration = Duration::from_secs(40);
/// How long a call is tried.
const PATIENCE: Duration = Duration::from_secs(180);
/// How long nobody is asked after that.
const PAUSE: Duration = Duration::from_millis(200);
/// Items of a page.
const PAGE: &str = "100";

/// A portal and somebody's sign-in.
pub struct Portal {
    base: String,
    account: String,
    password: String,
    http: reqwest::Client,
    token: Mutex<Option<(String, Instant)>>,
}

impl Portal {
    /// The portal at `http://host:port`, as its administrator sees it.
    pub fn at(base: &str) -> Self {
        Self::signed_in(base, "admin", PASSWORD)
    }

    /// As an account sees it.
    pub fn signed_in(base: &str, account: &str, password: &str) -> Self {
        // Fails only where a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
        Self {
            base: base.trim_end_matches('/').to_owned(),
            account: account.to_owned(),
            password: password.to_owned(),
            http,
            token: Mutex::default(),
        }
    }

    /// Reads something.
    pub async fn get(&self, path: &str, query: &[(&str, &str)]) -> Value {
        self.patiently(Method::GET, path, query, None).await
    }

    /// Reads something that may not be there yet.
    pub async fn wait_for(&self, path: &str) -> Value {
        let begun = Instant::now();
        loop {
            match self.attempt(Method::GET, path, &[], None).await {
                Ok((status, answer)) if status.is_success() => return answer,
                missed if begun.elapsed() > 10 * PATIENCE => panic!("{path}: {missed:?}"),
                _ => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Does something that may be done twice.
    pub async fn post(&self, path: &str, body: &Value) -> Value {
        self.patiently(Method::POST, path, &[], Some(body)).await
    }

    /// Every item of a list, page by page.
    pub async fn all(&self, path: &str, query: &[(&str, &str)]) -> Vec<Value> {
        let mut items = Vec::new();
        let mut token = String::new();
        loop {
            let mut paged = query.to_vec();
            paged.extend([("page_size", PAGE), ("page_token", &token)]);
            let page = self.get(path, &paged).await;
            items.extend(page["items"].as_array().expect("items").iter().cloned());
            page["next_page_token"].as_str().unwrap_or_default().clone_into(&mut token);
            if token.is_empty() {
                return items;
            }
        }
    }

    async fn patiently(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Value {
        let begun = Instant::now();
        loop {
            match self.attempt(method.clone(), path, query, body).await {
                Ok((status, answer)) if status.is_success() => return answer,
                Ok((status, answer)) if !may_pass(status) => panic!("{path}: {status}: {answer}"),
                failed if begun.elapsed() > PATIENCE => panic!("{path}: {failed:?}"),
                _ => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// One command; true when it was answered OK, false when it must be looked at what became of
    /// it.
    pub async fn tells(&self, path: &str, body: &Value) -> bool {
        self.tells_by(Method::POST, path, body).await
    }

    /// As [`Portal::tells`], by another method.
    pub async fn tells_by(&self, method: Method, path: &str, body: &Value) -> bool {
        match self.attempt(method, path, &[], Some(body)).await {
            Ok((status, _)) if status.is_success() => true,
            Ok((status, answer)) if !may_pass(status) && status != StatusCode::CONFLICT => {
                panic!("{path}: {status}: {answer}")
            }
            _ => {
                tokio::time::sleep(PAUSE).await;
                false
            }
        }
    }

    /// One call; an error where nobody answered.
    async fn attempt(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> reqwest::Result<(StatusCode, Value)> {
        let token = self.token().await?;
        let url = format!("{}/api/v1/{path}", self.base);
        let mut request = self.http.request(method, url).query(query).bearer_auth(token);
        if let Some(body) = body {
            // The same words are the same command, however often they are sent.
            let key = kit::hash::sha256_hex(format!("{path} {body}").as_bytes());
            request = request.header("Idempotency-Key", key).json(body);
        }
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        if status == StatusCode::UNAUTHORIZED {
            *self.token.lock().await = None;
        }
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::String(text))))
    }

    async fn token(&self) -> reqwest::Result<String> {
        let mut kept = self.token.lock().await;
        if let Some((token, since)) = &*kept
            && since.elapsed() < TOKEN_AGE
        {
            return Ok(token.clone());
        }
        let asked = json!({ "account": self.account, "password": self.password });
        let url = format!("{}/api/v1/tokens", self.base);
        let answer = self.http.post(url).json(&asked).send().await?.error_for_status()?;
        let answer: Value = answer.json().await?;
        let token = answer["access_token"].as_str().expect("a token").to_owned();
        *kept = Some((token.clone(), Instant::now()));
        Ok(token)
    }
}

/// Whether the same call may succeed a little later.
fn may_pass(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::UNAUTHORIZED)
}
