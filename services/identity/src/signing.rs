//! Keys, signed access tokens and opaque refresh tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kit::auth::Claims;
use p256::elliptic_curve::rand_core::OsRng;
use p256::pkcs8::{EncodePrivateKey as _, LineEnding};
use rand::Rng as _;
use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::store::keys::CurrentKey;

/// The letters of made-up passwords: none that are mistaken for another.
const PASSWORD_ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A key pair as it is kept.
#[derive(Debug)]
pub struct SigningKey {
    /// The start of the public key's hash.
    pub id: String,
    /// PKCS 8.
    pub private_pem: String,
    /// The public part as a JWK, in JSON.
    pub public_jwk: String,
}

impl SigningKey {
    /// A new random key.
    pub fn random() -> Result<Self, Error> {
        let secret = p256::SecretKey::random(&mut OsRng);
        let public = secret.public_key();
        let point = p256::EncodedPoint::from(&public);
        let (Some(x), Some(y)) = (point.x(), point.y()) else {
            return Err(Error::Signing("a new key has no coordinates".to_owned()));
        };
        let id = hex::encode(Sha256::digest(point.as_bytes())).chars().take(16).collect::<String>();
        let jwk = serde_json::json!({
            "kty": "EC",
            "crv": "P-256",
            "alg": "ES256",
            "use": "sig",
            "kid": id,
            "x": URL_SAFE_NO_PAD.encode(x),
            "y": URL_SAFE_NO_PAD.encode(y),
        });
        let pem = secret
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|error| Error::Signing(error.to_string()))?;
        Ok(Self { id, private_pem: pem.to_string(), public_jwk: jwk.to_string() })
    }
}

/// An access token and when it runs out.
#[derive(Debug)]
pub struct AccessToken {
    /// A JWT.
    pub text: String,
    /// When it runs out.
    pub expires_at: DateTime<Utc>,
}

/// Signs claims as of now, to live so long.
pub fn sign(
    key: &CurrentKey,
    holder: Holder,
    now: DateTime<Utc>,
    life: TimeDelta,
) -> Result<AccessToken, Error> {
    let Holder { subject, name, organ, scope, roles, service } = holder;
    let expires_at = now + life;
    let claims = Claims {
        iss: Claims::ISSUER.to_owned(),
        sub: subject,
        name,
        organ,
        scope,
        roles,
        service,
        iat: now.timestamp(),
        exp: expires_at.timestamp(),
    };
    let failed = |error: jsonwebtoken::errors::Error| Error::Signing(error.to_string());
    let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::ES256) };
    let private = EncodingKey::from_ec_pem(key.private_pem.as_bytes()).map_err(failed)?;
    let text = jsonwebtoken::encode(&header, &claims, &private).map_err(failed)?;
    Ok(AccessToken { text, expires_at })
}

/// Whom a token speaks for.
#[derive(Debug, Default)]
pub struct Holder {
    /// Account id; empty for a service.
    pub subject: String,
    /// The person's name.
    pub name: String,
    /// Code of the organ.
    pub organ: String,
    /// Codes of the organ and all below it.
    pub scope: Vec<String>,
    /// Roles.
    pub roles: Vec<String>,
    /// Name of the service, for a service's token.
    pub service: Option<String>,
}

/// A random token that means nothing to anyone but us.
pub fn opaque_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>())
}

/// A random password that one can read out and type.
pub fn random_password() -> String {
    let mut rng = rand::rng();
    loop {
        let password: String = (0..16)
            .filter_map(|_| PASSWORD_ALPHABET.get(rng.random_range(0..PASSWORD_ALPHABET.len())))
            .map(|letter| char::from(*letter))
            .collect();
        if crate::domain::password::check(&password, "").is_ok() {
            return password;
        }
    }
}

/// The hash under which a secret or a name is kept.
pub fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Compares two secrets in a time that tells nothing about them.
pub fn same_secret(left: &str, right: &str) -> bool {
    // Hashes of equal length are compared without stopping at the first difference.
    let pairs = Sha256::digest(left.as_bytes()).into_iter().zip(Sha256::digest(right.as_bytes()));
    pairs.fold(0, |difference, (l, r)| difference | (l ^ r)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_token_verifies_with_the_published_key() {
        let key = SigningKey::random().unwrap();
        let current = CurrentKey { id: key.id.clone(), private_pem: key.private_pem };
        let holder = Holder { subject: "7".to_owned(), ..Holder::default() };
        let now = DateTime::from_timestamp(1_900_000_000, 0).unwrap();
        let token = sign(&current, holder, now, TimeDelta::seconds(60)).unwrap();

        let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_str(&key.public_jwk).unwrap();
        let public = jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap();
        let mut rules = jsonwebtoken::Validation::new(Algorithm::ES256);
        rules.validate_exp = false;
        let decoded =
            jsonwebtoken::decode::<serde_json::Value>(&token.text, &public, &rules).unwrap();
        assert_eq!(decoded.header.kid, Some(key.id));
        assert_eq!(decoded.claims["sub"], "7");
        assert_eq!(decoded.claims["exp"], 1_900_000_060);
    }

    #[test]
    fn keys_tokens_and_passwords_do_not_repeat() {
        assert_ne!(SigningKey::random().unwrap().id, SigningKey::random().unwrap().id);
        assert_ne!(opaque_token(), opaque_token());
        assert_ne!(random_password(), random_password());
    }

    #[test]
    fn secrets_are_compared_whole() {
        assert!(same_secret("abc", "abc"));
        assert!(!same_secret("abc", "abd"));
        assert!(!same_secret("abc", "abcd"));
        assert!(!same_secret("", "a"));
    }
}
