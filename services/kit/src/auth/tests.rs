use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use contracts::role;
use http::{Request, Response, header::AUTHORIZATION};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use p256::{elliptic_curve::rand_core::OsRng, pkcs8::EncodePrivateKey as _};
use tonic::{Code, Status, body::Body};
use tower::{Layer as _, ServiceExt as _};

use super::*;
use crate::{
    Error, Result,
    clock::{Clock as _, ManualClock},
};

/// A key that signs, and its public part as a JWK.
struct Key {
    private: EncodingKey,
    id: &'static str,
    jwk: serde_json::Value,
}

impl Key {
    fn new(id: &'static str) -> Self {
        let secret = p256::SecretKey::random(&mut OsRng);
        let point = p256::EncodedPoint::from(&secret.public_key());
        let jwk = serde_json::json!({
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": id,
            "x": URL_SAFE_NO_PAD.encode(point.x().unwrap()),
            "y": URL_SAFE_NO_PAD.encode(point.y().unwrap()),
        });
        let private = EncodingKey::from_ec_der(secret.to_pkcs8_der().unwrap().as_bytes());
        Self { private, id, jwk }
    }

    fn sign(&self, claims: &Claims) -> String {
        let header = Header { kid: Some(self.id.to_owned()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &self.private).unwrap()
    }
}

/// Identity, as a verifier sees it.
#[derive(Default)]
struct Identity {
    published: Mutex<Option<String>>,
    asked: AtomicUsize,
}

impl Identity {
    fn publish(&self, keys: &[&Key]) {
        let keys: Vec<_> = keys.iter().map(|key| key.jwk.clone()).collect();
        *self.published.lock().unwrap() = Some(serde_json::json!({ "keys": keys }).to_string());
    }
}

#[async_trait]
impl KeySource for Identity {
    async fn keys(&self) -> Result<String> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let keys = self.published.lock().unwrap().clone();
        keys.ok_or_else(|| Error::from(Status::unavailable("away")))
    }
}

struct World {
    clock: Arc<ManualClock>,
    identity: Arc<Identity>,
    verifier: Arc<Verifier>,
    key: Key,
}

fn world() -> World {
    let (clock, identity) = (Arc::new(ManualClock::default()), Arc::new(Identity::default()));
    let key = Key::new("first");
    identity.publish(&[&key]);
    let verifier = Arc::new(Verifier::new(identity.clone(), clock.clone()));
    World { clock, identity, verifier, key }
}

impl World {
    fn claims(&self) -> Claims {
        let now = self.clock.now().timestamp();
        Claims {
            iss: Claims::ISSUER.to_owned(),
            sub: "7".to_owned(),
            iat: now,
            exp: now + 60,
            name: "李明".to_owned(),
            organ: "finance".to_owned(),
            scope: vec!["finance".to_owned(), "finance-tax".to_owned()],
            roles: vec![role::EDITOR.to_owned()],
            service: None,
        }
    }
}

#[tokio::test]
async fn a_good_token_says_who_calls() {
    let world = world();
    let token = world.key.sign(&world.claims());
    let caller = world.verifier.verify(&token).await.unwrap();
    assert_eq!((caller.account_id.as_str(), caller.name.as_str()), ("7", "李明"));
    assert!(caller.is_staff() && !caller.is_service() && caller.has(role::EDITOR));
    assert!(caller.may_act_for("finance-tax") && !caller.may_act_for("health"));
    assert_eq!(caller.actor(), "accounts/7");
    assert_eq!(caller.token.as_deref(), Some(token.as_str()));
    assert!(!format!("{caller:?}").contains("李明") && !format!("{caller:?}").contains(&token));
}

#[tokio::test]
async fn expired_and_forged_tokens_are_told_apart() {
    let world = world();
    let token = world.key.sign(&world.claims());
    world.verifier.verify(&token).await.unwrap();
    world.clock.advance(TimeDelta::seconds(66));
    assert_eq!(world.verifier.verify(&token).await, Err(Refused::TokenExpired));

    let fresh = world.claims();
    let verify = async |token: &str| world.verifier.verify(token).await.unwrap_err();
    // The same name on another key; another issuer; an altered claim; other algorithms.
    assert_eq!(verify(&Key::new("first").sign(&fresh)).await, Refused::TokenForged);
    let foreign = Claims { iss: "somebody".to_owned(), ..fresh.clone() };
    assert_eq!(verify(&world.key.sign(&foreign)).await, Refused::TokenForged);
    let good = world.key.sign(&fresh);
    let parts: Vec<&str> = good.split('.').collect();
    let grown = Claims { roles: vec![role::OFFICE.to_owned()], ..fresh.clone() };
    let grown = URL_SAFE_NO_PAD.encode(serde_json::to_string(&grown).unwrap());
    let altered = format!("{}.{grown}.{}", parts[0], parts[2]);
    assert_eq!(verify(&altered).await, Refused::TokenForged);
    let secret = EncodingKey::from_secret(b"guess");
    let header = Header { kid: Some("first".to_owned()), ..Header::new(Algorithm::HS256) };
    let weak = jsonwebtoken::encode(&header, &fresh, &secret).unwrap();
    assert_eq!(verify(&weak).await, Refused::TokenForged);
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"first"}"#);
    assert_eq!(verify(&format!("{none}.{}.", parts[1])).await, Refused::TokenMalformed);
    assert_eq!(verify("nonsense").await, Refused::TokenMalformed);
}

#[tokio::test]
async fn an_unknown_key_is_asked_for_and_not_too_often() {
    let world = world();
    world.verifier.verify(&world.key.sign(&world.claims())).await.unwrap();
    assert_eq!(world.identity.asked.load(Ordering::SeqCst), 1);

    let second = Key::new("second");
    world.clock.advance(TimeDelta::seconds(1));
    let token = second.sign(&world.claims());
    assert_eq!(world.verifier.verify(&token).await, Err(Refused::TokenForged));
    assert_eq!(world.identity.asked.load(Ordering::SeqCst), 1);

    world.identity.publish(&[&world.key, &second]);
    world.clock.advance(TimeDelta::seconds(10));
    assert!(world.verifier.verify(&token).await.is_ok());
    assert_eq!(world.identity.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_withdrawn_key_stops_working_and_an_absent_identity_is_survived() {
    let world = world();
    world.identity.published.lock().unwrap().take();
    let token = world.key.sign(&world.claims());
    assert_eq!(world.verifier.verify(&token).await, Err(Refused::KeysUnavailable));
    world.identity.publish(&[&world.key]);
    assert_eq!(world.verifier.verify(&token).await, Err(Refused::KeysUnavailable));
    world.clock.advance(TimeDelta::seconds(1));
    assert!(world.verifier.verify(&token).await.is_ok());

    world.identity.published.lock().unwrap().take();
    world.clock.advance(TimeDelta::minutes(6));
    let token = world.key.sign(&world.claims());
    assert!(world.verifier.verify(&token).await.is_ok());

    world.identity.publish(&[&Key::new("second")]);
    world.clock.advance(TimeDelta::minutes(6));
    let token = world.key.sign(&world.claims());
    assert_eq!(world.verifier.verify(&token).await, Err(Refused::TokenForged));
}

/// Calls a method behind a guard; answers with the status, or who was let in.
async fn call(world: &World, method: &str, token: Option<&str>) -> Result<Caller, Status> {
    const RULES: &[Access] = &[
        Access::anyone("Read"),
        Access::signed_in("Look"),
        Access::roles("Edit", &[role::EDITOR]),
        Access::services("Count"),
    ];
    let inner = tower::service_fn(async |request: Request<Body>| {
        let mut response = Response::new(Body::empty());
        let caller = caller(&tonic::Request::from_http(request));
        response.extensions_mut().insert(caller);
        Ok::<_, Infallible>(response)
    });
    let guard = Guard::new(world.verifier.clone()).with("test.v1.Things", RULES);
    let mut request = Request::post(format!("/test.v1.Things/{method}"));
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Body::empty()).unwrap();
    let response = guard.layer(inner).oneshot(request).await.unwrap();
    match response.extensions().get::<Caller>() {
        Some(caller) => Ok(caller.clone()),
        None => Err(Status::from_header_map(response.headers()).unwrap()),
    }
}

#[tokio::test]
async fn methods_are_closed_but_to_whom_they_are_open() {
    let world = world();
    let editor = world.key.sign(&world.claims());
    let reviewer = Claims { roles: vec![role::REVIEWER.to_owned()], ..world.claims() };
    // A list of roles does not make a person a service.
    let pretender = Claims { roles: vec![role::SERVICE.to_owned()], ..world.claims() };
    let service = Claims { service: Some("search".to_owned()), ..Claims::default() };
    let Claims { iss, iat, exp, .. } = world.claims();
    let service = world.key.sign(&Claims { iss, iat, exp, ..service });
    let (reviewer, pretender) = (world.key.sign(&reviewer), world.key.sign(&pretender));

    let expected: HashMap<(&str, &str), Code> = HashMap::from([
        (("Read", ""), Code::Ok),
        (("Read", &*editor), Code::Ok),
        (("Read", "nonsense"), Code::Unauthenticated),
        (("Look", ""), Code::Unauthenticated),
        (("Look", &*reviewer), Code::Ok),
        (("Edit", &*editor), Code::Ok),
        (("Edit", &*reviewer), Code::PermissionDenied),
        (("Edit", &*service), Code::PermissionDenied),
        (("Count", &*service), Code::Ok),
        (("Count", &*pretender), Code::PermissionDenied),
        (("Forgotten", ""), Code::PermissionDenied),
        (("Forgotten", &*service), Code::PermissionDenied),
    ]);
    for ((method, token), code) in expected {
        let token = Some(token).filter(|token| !token.is_empty());
        let answer = call(&world, method, token).await;
        assert_eq!(answer.err().map_or(Code::Ok, |s| s.code()), code, "{method} {token:?}");
    }
    let caller = call(&world, "Count", Some(&service)).await.unwrap();
    assert_eq!((caller.actor(), caller.is_staff()), ("services/search".to_owned(), false));
}

#[tokio::test]
async fn refusals_carry_their_reason() {
    let world = world();
    let token = world.key.sign(&world.claims());
    world.clock.advance(TimeDelta::minutes(2));
    let status = call(&world, "Edit", Some(&token)).await.unwrap_err();
    assert_eq!(crate::error::reason_of(&status), "TOKEN_EXPIRED");
    assert_eq!(status.message(), "登录已过期，请重新登录");
}
