//! Tokens: ES256-signed statements of identity about who calls.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use contracts::role;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    clock::Clock,
    error::{Fault, Kind},
};

/// A flood of tokens with invented keys must not become a flood of questions to identity.
const REFETCH: TimeDelta = TimeDelta::seconds(10);
/// Until the first keys are known nobody can be let in, so they are asked for more often.
const FIRST_KEYS: TimeDelta = TimeDelta::seconds(1);
/// Keys are asked for again after this long, so that a withdrawn one stops working.
const KEYS_AGE: TimeDelta = TimeDelta::minutes(5);
/// How far the clocks of two machines may differ.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);
/// How many verified tokens are remembered; verifying costs far more than looking up.
const REMEMBERED: usize = 1024;

/// What a token says; identity signs it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it, [`Claims::ISSUER`].
    pub iss: String,
    /// The account, or the service.
    pub sub: String,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// The account's name.
    #[serde(default)]
    pub name: String,
    /// The account's organ.
    #[serde(default)]
    pub organ: String,
    /// That organ and those below it; left out for the office, which may act for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<String>,
    /// What the account may, of [`contracts::role`].
    #[serde(default)]
    pub roles: Vec<String>,
    /// The service, in a service's own token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
}

impl Claims {
    /// Who issues all tokens of the platform.
    pub const ISSUER: &str = "yangguang";
}

/// Who makes a call.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Caller {
    /// The account; empty for a service and for nobody.
    pub account_id: String,
    /// Its name, as people read it.
    pub name: String,
    /// The organ that the account belongs to.
    pub organ_code: String,
    /// Its own organ and those below.
    pub organ_scope: Vec<String>,
    /// What it may, of [`contracts::role`].
    pub roles: Vec<String>,
    /// The service, when a service calls for itself.
    pub service: Option<String>,
    /// The token that says so, to be passed on.
    pub token: Option<String>,
}

impl Caller {
    /// Somebody of whom nothing is known.
    pub fn anonymous() -> Self {
        Self::default()
    }

    /// A service that acts for itself, in its own process.
    pub fn service(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            roles: vec![role::SERVICE.to_owned()],
            service: Some(name.to_owned()),
            ..Self::default()
        }
    }

    /// Whether the caller holds a role.
    pub fn has(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }

    /// Whether the caller may act for an organ: its own, one below it, or any for the office.
    pub fn may_act_for(&self, organ_code: &str) -> bool {
        self.is_service()
            || self.has(role::OFFICE)
            || self.is_staff()
                && (self.organ_code == organ_code
                    || self.organ_scope.iter().any(|code| code == organ_code))
    }

    /// Whether a signed-in person calls.
    pub fn is_staff(&self) -> bool {
        !self.account_id.is_empty()
    }

    /// Whether a service calls for itself.
    pub fn is_service(&self) -> bool {
        self.service.is_some()
    }

    /// Whether nobody known calls.
    pub fn is_anonymous(&self) -> bool {
        !self.is_staff() && !self.is_service()
    }

    /// The caller as events and the audit trail name it.
    pub fn actor(&self) -> String {
        match &self.service {
            Some(service) => format!("services/{service}"),
            None if self.is_staff() => format!("accounts/{}", self.account_id),
            None => "anonymous".to_owned(),
        }
    }

    fn of(claims: Claims, token: &str) -> Self {
        let Claims { iss: _, sub, iat: _, exp: _, name, organ, scope, mut roles, service } = claims;
        // The role of services comes from being one, never from a list.
        roles.retain(|held| held != role::SERVICE);
        if service.is_some() {
            roles.push(role::SERVICE.to_owned());
        }
        Self {
            account_id: if service.is_some() { String::new() } else { sub },
            name: service.clone().unwrap_or(name),
            organ_code: organ,
            organ_scope: scope,
            roles,
            service,
            token: Some(token.to_owned()),
        }
    }
}

impl fmt::Debug for Caller {
    /// Names neither person nor token: this may end in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").field("actor", &self.actor()).field("roles", &self.roles).finish()
    }
}

/// Where the keys come from that tokens are verified with.
#[async_trait]
pub trait KeySource: Send + Sync + 'static {
    /// The published keys, a JWK set as JSON.
    async fn keys(&self) -> Result<String>;
}

/// Why a call was refused before it was handled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no token and one is needed.
    #[error("请先登录")]
    TokenMissing,
    /// It cannot be read as a token at all.
    #[error("登录凭证格式不正确，请重新登录")]
    TokenMalformed,
    /// Its signature is not identity's.
    #[error("登录凭证无效（签名不符），请重新登录")]
    TokenForged,
    /// It was valid once.
    #[error("登录已过期，请重新登录")]
    TokenExpired,
    /// Identity cannot be asked for its keys.
    #[error("身份服务暂时无法使用，请稍后重试")]
    KeysUnavailable,
    /// The caller holds none of the roles that the method is open to.
    #[error("当前账号没有执行此操作的权限")]
    RoleMissing,
    /// No rule opens the method to anyone.
    #[error("此操作未对外开放")]
    MethodClosed,
}

impl Fault for Refused {
    fn kind(&self) -> Kind {
        match self {
            Self::TokenMissing | Self::TokenMalformed | Self::TokenForged | Self::TokenExpired => {
                Kind::Unauthenticated
            }
            Self::KeysUnavailable => Kind::Unavailable,
            Self::RoleMissing | Self::MethodClosed => Kind::Denied,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::TokenMissing => "TOKEN_MISSING",
            Self::TokenMalformed => "TOKEN_MALFORMED",
            Self::TokenForged => "TOKEN_FORGED",
            Self::TokenExpired => "TOKEN_EXPIRED",
            Self::KeysUnavailable => "KEYS_UNAVAILABLE",
            Self::RoleMissing => "ROLE_MISSING",
            Self::MethodClosed => "METHOD_CLOSED",
        }
    }
}

/// Verifies tokens, with identity's keys kept at hand.
pub struct Verifier {
    source: Arc<dyn KeySource>,
    clock: Arc<dyn Clock>,
    keys: RwLock<Keys>,
    /// One question to identity at a time, however many calls wait for its answer.
    asking: tokio::sync::Mutex<()>,
}

/// What is known of identity's keys, and the tokens that were verified with them.
#[derive(Default)]
struct Keys {
    by_id: HashMap<String, DecodingKey>,
    asked_at: Option<DateTime<Utc>>,
    verified: HashMap<String, Arc<Claims>>,
}

impl Verifier {
    /// A verifier that knows no key yet and asks `source` when it needs one.
    pub fn new(source: Arc<dyn KeySource>, clock: Arc<dyn Clock>) -> Self {
        Self { source, clock, keys: RwLock::default(), asking: tokio::sync::Mutex::default() }
    }

    /// Says who a token speaks for.
    pub async fn verify(&self, token: &str) -> Result<Caller, Refused> {
        let remembered = self.read(|keys| keys.verified.get(token).cloned());
        if let Some(claims) = remembered.filter(|_| !self.keys_are_old()) {
            self.check_time(&claims)?;
            return Ok(Caller::of((*claims).clone(), token));
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| Refused::TokenMalformed)?;
        if header.alg != Algorithm::ES256 {
            return Err(Refused::TokenForged);
        }
        let key_id = header.kid.ok_or(Refused::TokenForged)?;
        let key = self.key(&key_id).await?;
        let claims = read_claims(token, &key)?;
        self.check_time(&claims)?;
        self.remember(token, &claims);
        Ok(Caller::of(claims, token))
    }

    fn check_time(&self, claims: &Claims) -> Result<(), Refused> {
        let now = self.clock.now();
        let lives = claims.exp > (now - LEEWAY).timestamp();
        let begun = claims.iat <= (now + LEEWAY + LEEWAY).timestamp();
        match (lives, begun) {
            (true, true) => Ok(()),
            (false, _) => Err(Refused::TokenExpired),
            (true, false) => Err(Refused::TokenForged),
        }
    }

    /// The key of this name; asks identity when it is unknown or what is known is old.
    async fn key(&self, id: &str) -> Result<DecodingKey, Refused> {
        let known = self.read(|keys| keys.by_id.get(id).cloned());
        if let Some(key) = known.filter(|_| !self.keys_are_old()) {
            return Ok(key);
        }
        let _turn = self.asking.lock().await;
        let asked_at = self.read(|keys| keys.asked_at);
        let pause = if self.read(|keys| keys.by_id.is_empty()) { FIRST_KEYS } else { REFETCH };
        if asked_at.is_none_or(|at| self.clock.now() - at >= pause) {
            let answer = self.source.keys().await;
            let answer = answer.inspect_err(|error| {
                tracing::warn!(error = error.chain(), "identity does not answer with its keys");
            });
            self.replace(answer.ok().as_deref());
        }
        let (key, knows_any) =
            self.read(|keys| (keys.by_id.get(id).cloned(), !keys.by_id.is_empty()));
        match key {
            Some(key) => Ok(key),
            None if knows_any => Err(Refused::TokenForged),
            None => Err(Refused::KeysUnavailable),
        }
    }

    /// Takes a new set of keys; without an answer the old set goes on, and is asked for later.
    fn replace(&self, answer: Option<&str>) {
        let now = self.clock.now();
        let set = answer.and_then(|json| serde_json::from_str::<JwkSet>(json).ok());
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        keys.asked_at = Some(now);
        let Some(set) = set else { return };
        keys.by_id = set
            .keys
            .iter()
            .filter_map(|jwk| Some((jwk.common.key_id.clone()?, DecodingKey::from_jwk(jwk).ok()?)))
            .collect();
        keys.verified.clear();
    }

    fn remember(&self, token: &str, claims: &Claims) {
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        if keys.verified.len() >= REMEMBERED {
            keys.verified.clear();
        }
        keys.verified.insert(token.to_owned(), Arc::new(claims.clone()));
    }

    fn keys_are_old(&self) -> bool {
        let asked_at = self.read(|keys| keys.asked_at);
        asked_at.is_none_or(|at| self.clock.now() - at >= KEYS_AGE)
    }

    fn read<T>(&self, look: impl FnOnce(&Keys) -> T) -> T {
        look(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}

/// Checks signature and issuer. The time is checked apart, by the injected clock.
fn read_claims(token: &str, key: &DecodingKey) -> Result<Claims, Refused> {
    use jsonwebtoken::errors::ErrorKind;
    let mut rules = Validation::new(Algorithm::ES256);
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.set_required_spec_claims(&["exp", "iss"]);
    rules.set_issuer(&[Claims::ISSUER]);
    match jsonwebtoken::decode::<Claims>(token, key, &rules) {
        Ok(data) => Ok(data.claims),
        Err(error) => Err(match error.kind() {
            ErrorKind::Json(_) | ErrorKind::Utf8(_) | ErrorKind::InvalidToken => {
                Refused::TokenMalformed
            }
            _ => Refused::TokenForged,
        }),
    }
}
