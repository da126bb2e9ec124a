//! Keeps what identifies a subscriber: addresses are sealed, looked up by a keyed hash, and spoken
//! of in links by signed tokens.

use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use anyhow::Context;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::Sha256;
use uuid::Uuid;

use crate::{
    domain::{email::Email, subscription::SubscriptionId},
    error::Error,
};

const KEY_FILE: &str = "secret.key";
const NONCE_BYTES: usize = 24;
const ID_BYTES: usize = 16;
const MAC_BYTES: usize = 16;

/// What a token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Saying yes to a subscription, and ending it.
    Confirm,
    /// Ending it.
    Leave,
}

impl Use {
    fn byte(self) -> u8 {
        match self {
            Self::Confirm => 1,
            Self::Leave => 2,
        }
    }
}

/// The keys, each derived from one secret for one purpose.
pub struct Vault {
    cipher: XChaCha20Poly1305,
    hash: [u8; 32],
    token: [u8; 32],
}

impl Vault {
    /// Takes the configured secret or, where there is none, the one of the data folder, which is
    /// made at the first start.
    pub fn open(configured: &str, data: &Path) -> anyhow::Result<Self> {
        let secret = if configured.is_empty() {
            kept_secret(data)?
        } else {
            hex::decode(configured).context("notification.secret is not hexadecimal")?
        };
        Self::new(&secret).context("the secret of notification cannot be used")
    }

    fn new(secret: &[u8]) -> Result<Self, Error> {
        Ok(Self {
            cipher: XChaCha20Poly1305::new(&derive(secret, b"address")?.into()),
            hash: derive(secret, b"subscriber")?,
            token: derive(secret, b"token")?,
        })
    }

    /// The same id for the same mailbox, of which nobody without the key can tell the address.
    pub fn subscriber_id(&self, email: &Email) -> Result<String, Error> {
        let digest = mac(&self.hash, &[email.canonical().as_bytes()])?;
        Ok(hex::encode(digest.get(..ID_BYTES).unwrap_or_default()))
    }

    /// Encrypts an address for the row of its subscriber.
    pub fn seal(&self, subscriber_id: &str, email: &Email) -> Result<Vec<u8>, Error> {
        let mut nonce = [0; NONCE_BYTES];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload { msg: email.as_str().as_bytes(), aad: subscriber_id.as_bytes() };
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::Sealed("an address cannot be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts an address; one moved to another row does not open.
    pub fn unseal(&self, subscriber_id: &str, sealed: &[u8]) -> Result<Email, Error> {
        const WRONG: Error = Error::Sealed("an address was sealed with another key");
        let (nonce, text) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(WRONG)?;
        let payload = Payload { msg: text, aad: subscriber_id.as_bytes() };
        let nonce = XNonce::from(*nonce);
        let plain = self.cipher.decrypt(&nonce, payload).map_err(|_| WRONG)?;
        String::from_utf8(plain).ok().and_then(|text| text.parse().ok()).ok_or(WRONG)
    }

    /// A token that stands for a subscription.
    pub fn token(&self, what_for: Use, id: SubscriptionId) -> Result<String, Error> {
        let id = Uuid::from(id);
        let mac = mac(&self.token, &[&[what_for.byte()], id.as_bytes()])?;
        let short = mac.get(..MAC_BYTES).unwrap_or_default();
        Ok(URL_SAFE_NO_PAD.encode([&[what_for.byte()], id.as_bytes().as_slice(), short].concat()))
    }

    /// Reads a token that allows one of `uses`.
    pub fn read_token(&self, token: &str, uses: &[Use]) -> Result<SubscriptionId, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(token.trim()).map_err(|_| Error::Token)?;
        let (used, rest) = bytes.split_first().ok_or(Error::Token)?;
        let (id, given) = rest.split_at_checked(ID_BYTES).ok_or(Error::Token)?;
        if given.len() != MAC_BYTES || !uses.iter().any(|allowed| allowed.byte() == *used) {
            return Err(Error::Token);
        }
        keyed(&self.token, &[&[*used], id])?
            .verify_truncated_left(given)
            .map_err(|_| Error::Token)?;
        Ok(Uuid::from_slice(id).map_err(|_| Error::Token)?.into())
    }
}

fn derive(secret: &[u8], purpose: &[u8]) -> Result<[u8; 32], Error> {
    mac(secret, &[b"yangguang notification ", purpose])
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Result<[u8; 32], Error> {
    Ok(keyed(key, parts)?.finalize().into_bytes().into())
}

fn keyed(key: &[u8], parts: &[&[u8]]) -> Result<Hmac<Sha256>, Error> {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key)
        .map_err(|_| Error::Sealed("a key has the wrong length"))?;
    for part in parts {
        mac.update(part);
    }
    Ok(mac)
}

/// Reads the secret of the data folder, making it, readable by its owner only, when missing.
fn kept_secret(data: &Path) -> anyhow::Result<Vec<u8>> {
    let path = data.join(KEY_FILE);
    if !path.exists() {
        fs::create_dir_all(data).with_context(|| format!("cannot make {}", data.display()))?;
        let mut secret = [0; 32];
        rand::rng().fill_bytes(&mut secret);
        // Written beside and renamed: a start cut off here leaves no half a key behind.
        let fresh = data.join(format!("{KEY_FILE}.{}", std::process::id()));
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)
            .with_context(|| format!("cannot write {}", fresh.display()))?;
        file.write_all(hex::encode(secret).as_bytes())?;
        file.sync_all()?;
        // A hard link fails where another replica was first, whose key then holds.
        let linked = fs::hard_link(&fresh, &path);
        fs::remove_file(&fresh)?;
        if let Err(error) = linked
            && error.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(error).with_context(|| format!("cannot write {}", path.display()));
        }
        fs::File::open(data)?.sync_all()?;
    }
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    hex::decode(text.trim()).with_context(|| format!("{} is not a key", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(secret: u8) -> Vault {
        Vault::new(&[secret; 32]).unwrap()
    }

    #[test]
    fn an_address_opens_only_in_its_own_row_and_with_its_own_key() {
        let email: Email = "wang@example.org".parse().unwrap();
        let ours = vault(1);
        let id = ours.subscriber_id(&email).unwrap();
        let sealed = ours.seal(&id, &email).unwrap();
        assert!(!sealed.windows(4).any(|w| w == b"wang"));
        assert_eq!(ours.unseal(&id, &sealed).unwrap(), email);
        assert!(ours.unseal("other", &sealed).is_err());
        assert!(vault(2).unseal(&id, &sealed).is_err());
        assert_ne!(ours.seal(&id, &email).unwrap(), sealed);
    }

    #[test]
    fn every_spelling_of_a_mailbox_is_one_subscriber() {
        let of = |text: &str| vault(1).subscriber_id(&text.parse().unwrap()).unwrap();
        assert_eq!(of("Wang@Example.org"), of("wang@example.org"));
        assert_ne!(of("wang@example.org"), of("li@example.org"));
    }

    #[test]
    fn a_token_allows_what_it_was_made_for_and_cannot_be_forged() {
        let id = SubscriptionId::from(Uuid::from_u128(7));
        let ours = vault(1);
        let leave = ours.token(Use::Leave, id).unwrap();
        assert_eq!(ours.read_token(&leave, &[Use::Confirm, Use::Leave]).unwrap(), id);
        assert!(ours.read_token(&leave, &[Use::Confirm]).is_err());
        assert!(vault(2).read_token(&leave, &[Use::Leave]).is_err());
        let mut forged = leave.clone();
        forged.replace_range(3..4, if &leave[3..4] == "A" { "B" } else { "A" });
        assert!(ours.read_token(&forged, &[Use::Leave]).is_err());
        for junk in ["", "x", "%%%", &leave[..20]] {
            assert!(ours.read_token(junk, &[Use::Leave]).is_err());
        }
    }

    #[test]
    fn the_made_secret_is_kept_and_private() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        let email: Email = "wang@example.org".parse().unwrap();
        let first = Vault::open("", data.path()).unwrap().subscriber_id(&email).unwrap();
        assert_eq!(Vault::open("", data.path()).unwrap().subscriber_id(&email).unwrap(), first);
        let mode = fs::metadata(data.path().join(KEY_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1);
    }
}
