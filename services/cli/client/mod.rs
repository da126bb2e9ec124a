//! The REST interface of a running platform, as commands call it.

mod failure;
mod patience;
mod place;
mod session;

use std::{path::Path, time::Duration};

use reqwest::{Method, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

pub use self::{
    failure::{Failure, Problem},
    place::reachable,
};
use self::{patience::Patience, place::Place, session::Session};
use super::PlatformArgs;

/// What a command may wait for one answer.
const ANSWER: Duration = Duration::from_mins(2);
const CONNECT: Duration = Duration::from_secs(5);

/// Calls one platform as one person.
pub struct Client {
    http: reqwest::Client,
    place: Place,
    session: Session,
    patience: Duration,
}

/// One request, ready to be sent more than once.
const JSON: &str = "application/json";

struct Call<'a> {
    method: Method,
    path: &'a str,
    query: &'a [(&'a str, String)],
    /// Its media type, and what is in it.
    body: Option<(&'a str, &'a [u8])>,
}

impl Client {
    /// A client for the platform and person that the command line names.
    pub fn new(args: &PlatformArgs) -> anyhow::Result<Self> {
        let place = Place::of(args)?;
        let mut http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .user_agent(concat!("yangguang/", env!("CARGO_PKG_VERSION")));
        if place.is_local() {
            http = http.no_proxy();
        }
        let session = Session::of(args, &place);
        Ok(Self { http: http.build()?, place, session, patience: Duration::ZERO })
    }

    /// A client for the platform over a data folder, as its operator.
    pub fn of_data(data: &Path) -> anyhow::Result<Self> {
        Self::new(&PlatformArgs {
            server: None,
            account: None,
            password: None,
            token: None,
            data: Some(data.to_owned()),
            json: false,
        })
    }

    /// Goes on trying for so long while the platform does not answer.
    ///
    /// Only for commands whose requests may reach the platform twice without harm.
    #[must_use]
    pub fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Reads a resource.
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<T, Failure> {
        parse(&self.send(Call { method: Method::GET, path, query, body: None }).await?)
    }

    /// Reads a list of which each line is a JSON value.
    pub async fn get_lines(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<Vec<Value>, Failure> {
        let answer = self.send(Call { method: Method::GET, path, query, body: None }).await?;
        answer.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(parse).collect()
    }

    /// Sends a request with a JSON body.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        self.send_json(Method::POST, path, body).await
    }

    /// Sends a file as a form with one field `file`.
    pub async fn post_file<T: DeserializeOwned>(
        &self,
        path: &str,
        name: &str,
        content: &[u8],
    ) -> Result<T, Failure> {
        // A boundary that is random stands in no file (RFC 2046, 5.1.1).
        let boundary = format!("yangguang-{}", uuid::Uuid::new_v4().simple());
        let name = name.replace(['"', '\r', '\n'], "_");
        let mut body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; \
             filename=\"{name}\"\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let media_type = format!("multipart/form-data; boundary={boundary}");
        let body = Some((media_type.as_str(), body.as_slice()));
        parse(&self.send(Call { method: Method::POST, path, query: &[], body }).await?)
    }

    /// Replaces a resource.
    pub async fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        self.send_json(Method::PUT, path, body).await
    }

    async fn send_json<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        let body = serde_json::to_vec(body).map_err(|e| Failure::Misread(e.to_string()))?;
        parse(&self.send(Call { method, path, query: &[], body: Some((JSON, &body)) }).await?)
    }

    async fn send(&self, call: Call<'_>) -> Result<Vec<u8>, Failure> {
        let mut patience = Patience::new(self.patience);
        let mut token_is_fresh = false;
        loop {
            let failure = match self.attempt(&call).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            // Access tokens live a minute: one that has run out is replaced, once an attempt.
            if failure.status() == Some(StatusCode::UNAUTHORIZED)
                && self.session.can_renew()
                && !token_is_fresh
            {
                self.session.drop_access().await;
                token_is_fresh = true;
                continue;
            }
            token_is_fresh = false;
            if !failure.may_pass() || !patience.wait(failure.retry_after()).await {
                return Err(failure);
            }
        }
    }

    async fn attempt(&self, call: &Call<'_>) -> Result<Vec<u8>, Failure> {
        let base = self.place.base()?;
        let mut request = self.http.request(call.method.clone(), format!("{base}{}", call.path));
        if !call.query.is_empty() {
            request = request.query(call.query);
        }
        if let Some(token) = self.session.access(&self.http, &base).await? {
            request = request.bearer_auth(token);
        }
        if let Some((media_type, body)) = call.body {
            request = request.header(header::CONTENT_TYPE, media_type).body(body.to_vec());
        }
        answer(request).await
    }
}

/// Sends a request and tells an answer from a problem.
async fn answer(request: reqwest::RequestBuilder) -> Result<Vec<u8>, Failure> {
    let response = request.send().await.map_err(|e| Failure::unreachable(&e))?;
    let status = response.status();
    let retry_after = failure::retry_after(response.headers());
    let body = response.bytes().await.map_err(|e| Failure::unreachable(&e))?;
    if status.is_success() {
        return Ok(body.to_vec());
    }
    Err(Failure::Refused(Box::new(Problem::read(status, retry_after, &body))))
}

fn parse<T: DeserializeOwned>(answer: &[u8]) -> Result<T, Failure> {
    let answer = if answer.is_empty() { b"null" } else { answer };
    serde_json::from_slice(answer).map_err(|e| Failure::Misread(e.to_string()))
}
