//! As whom a command calls, and the short-lived token that proves it.

use std::path::{Path, PathBuf};

use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::{Failure, Place, PlatformArgs, answer, parse};

/// Where a platform leaves its operator's refresh token.
const OPERATOR_TOKEN: &str = "operator.token";

/// How one proves who one is.
enum Proof {
    Nobody,
    Account {
        account: String,
        password: String,
    },
    Access(String),
    Refresh(String),
    /// A file with a refresh token, which every start of the platform writes anew.
    Operator(PathBuf),
}

/// A sign-in, renewed when it runs out.
pub struct Session {
    proof: Proof,
    tokens: Mutex<Tokens>,
}

#[derive(Default)]
struct Tokens {
    access: Option<String>,
    refresh: Option<String>,
}

#[derive(Deserialize)]
struct Issued {
    access_token: String,
    /// Only a new sign-in brings one.
    #[serde(default)]
    refresh_token: String,
}

impl Session {
    /// The sign-in that the command line asks for.
    pub fn of(args: &PlatformArgs, place: &Place) -> Self {
        let token = args.token.as_deref().map(str::trim).filter(|token| !token.is_empty());
        let folder = args.data.as_deref().or_else(|| place.data());
        let proof = match (&args.account, &args.password, token, folder) {
            (Some(account), Some(password), ..) => {
                Proof::Account { account: account.clone(), password: password.clone() }
            }
            (_, _, Some(token), _) => Proof::token(token),
            (.., Some(folder)) => Proof::Operator(folder.join(OPERATOR_TOKEN)),
            _ => Proof::Nobody,
        };
        Self { proof, tokens: Mutex::default() }
    }

    /// Whether another access token can be had without the person.
    pub fn can_renew(&self) -> bool {
        !matches!(self.proof, Proof::Nobody | Proof::Access(_))
    }

    /// Forgets an access token that was not taken.
    pub async fn drop_access(&self) {
        self.tokens.lock().await.access = None;
    }

    /// The access token to call with; none calls as the public.
    pub async fn access(
        &self,
        http: &reqwest::Client,
        base: &str,
    ) -> Result<Option<String>, Failure> {
        match &self.proof {
            Proof::Nobody => return Ok(None),
            Proof::Access(token) => return Ok(Some(token.clone())),
            Proof::Operator(file) if !file.exists() => return Ok(None),
            Proof::Account { .. } | Proof::Refresh(_) | Proof::Operator(_) => {}
        }
        let mut tokens = self.tokens.lock().await;
        if let Some(token) = &tokens.access {
            return Ok(Some(token.clone()));
        }
        let issued = self.renew(&mut tokens, http, base).await?;
        if !issued.refresh_token.is_empty() {
            tokens.refresh = Some(issued.refresh_token);
        }
        tokens.access = Some(issued.access_token.clone());
        Ok(Some(issued.access_token))
    }

    async fn renew(
        &self,
        tokens: &mut Tokens,
        http: &reqwest::Client,
        base: &str,
    ) -> Result<Issued, Failure> {
        if let Some(refresh) = tokens.refresh.take() {
            match refreshed(http, base, &refresh).await {
                Ok(issued) => {
                    tokens.refresh = Some(refresh);
                    return Ok(issued);
                }
                // It has run out: the person's own proof is asked again.
                Err(Failure::SignIn(_)) => {}
                Err(failure) => {
                    tokens.refresh = Some(refresh);
                    return Err(failure);
                }
            }
        }
        match &self.proof {
            Proof::Account { account, password } => {
                let asked = json!({ "account": account, "password": password });
                issue(http, &format!("{base}/api/v1/tokens"), &asked).await
            }
            Proof::Operator(file) => {
                let token = read(file)?;
                match refreshed(http, base, &token).await {
                    // The platform was started anew after the file was read.
                    Err(Failure::SignIn(_)) if read(file)? != token => {
                        refreshed(http, base, &read(file)?).await
                    }
                    other => other,
                }
            }
            Proof::Refresh(token) | Proof::Access(token) => refreshed(http, base, token).await,
            Proof::Nobody => Err(Failure::Misread("nobody signs in".to_owned())),
        }
    }
}

impl Proof {
    /// An access token has the three parts of a JWT; anything else is a refresh token.
    fn token(token: &str) -> Self {
        if token.split('.').count() == 3 {
            return Self::Access(token.to_owned());
        }
        Self::Refresh(token.to_owned())
    }
}

fn read(file: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(file);
    text.map(|text| text.trim().to_owned())
        .map_err(|e| Failure::Unreachable(format!("{}: {e}", file.display())))
}

async fn refreshed(http: &reqwest::Client, base: &str, token: &str) -> Result<Issued, Failure> {
    let asked = json!({ "refresh_token": token });
    issue(http, &format!("{base}/api/v1/tokens/refresh"), &asked).await
}

async fn issue(http: &reqwest::Client, url: &str, asked: &Value) -> Result<Issued, Failure> {
    match answer(http.post(url).json(asked)).await {
        Ok(body) => parse(&body),
        Err(Failure::Refused(problem)) if is_final(problem.status) => Err(Failure::SignIn(problem)),
        Err(failure) => Err(failure),
    }
}

fn is_final(status: StatusCode) -> bool {
    status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_token_is_told_by_its_parts() {
        assert!(matches!(Proof::token("head.claims.mark"), Proof::Access(_)));
        assert!(matches!(Proof::token("4f2c"), Proof::Refresh(_)));
    }
}
