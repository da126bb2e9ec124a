//! Argon2id, off the threads that answer calls.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use crate::error::Error;

/// Hashes that may be computed at the same time; each takes 19 MiB and one core.
const AT_ONCE: usize = 2;

/// Makes and checks password hashes.
#[derive(Debug, Clone)]
pub struct Hashing {
    permits: Arc<Semaphore>,
    /// Checked where there is no account, so that this takes as long.
    decoy: Arc<str>,
}

impl Hashing {
    /// Ready to hash; makes the decoy.
    pub async fn new() -> Result<Self, Error> {
        let decoy = off_thread(|| hash(&crate::signing::random_password())).await?;
        Ok(Self { permits: Arc::new(Semaphore::new(AT_ONCE)), decoy: decoy.into() })
    }

    /// The hash of a new password, in PHC form.
    pub async fn hash(&self, password: &str) -> Result<String, Error> {
        let _permit = self.permit().await?;
        let password = password.to_owned();
        off_thread(move || hash(&password)).await
    }

    /// Whether the password is the one that was hashed; without a hash it never is, and takes as
    /// long to say so.
    pub async fn verify(&self, password: &str, known: Option<&str>) -> Result<bool, Error> {
        let _permit = self.permit().await?;
        let password = password.to_owned();
        let real = known.filter(|hash| !hash.is_empty());
        let against = real.unwrap_or(&self.decoy).to_owned();
        let matches = off_thread(move || verify(&password, &against)).await?;
        Ok(matches && real.is_some())
    }

    async fn permit(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Error> {
        self.permits.acquire().await.map_err(|error| Error::Hashing(error.to_string()))
    }
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Hashing(error.to_string()))?
}

fn hash(password: &str) -> Result<String, Error> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Hashing(error.to_string()))
}

fn verify(password: &str, known: &str) -> Result<bool, Error> {
    let known = PasswordHash::new(known).map_err(|error| Error::Hashing(error.to_string()))?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &known).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_matches() {
        let hashing = Hashing::new().await.unwrap();
        let known = hashing.hash("k7mPq2xW9d").await.unwrap();
        assert!(known.starts_with("$argon2id$"));
        assert!(hashing.verify("k7mPq2xW9d", Some(&known)).await.unwrap());
        assert!(!hashing.verify("k7mPq2xW9e", Some(&known)).await.unwrap());
        assert!(!hashing.verify("k7mPq2xW9d", None).await.unwrap());
        assert!(!hashing.verify("", Some("")).await.unwrap());
    }
}
