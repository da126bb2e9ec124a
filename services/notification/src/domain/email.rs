//! E-mail addresses, which no log may ever show.

use std::{fmt, str::FromStr};

/// Most bytes of an address (RFC 5321).
const MAX_BYTES: usize = 254;

/// An address that mail can be sent to.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(lettre::Address);

/// What was given is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnAddress;

impl Email {
    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// The address for the envelope.
    pub fn address(&self) -> &lettre::Address {
        &self.0
    }

    /// The same for every spelling of one mailbox.
    pub fn canonical(&self) -> String {
        self.as_str().to_lowercase()
    }

    /// Enough to recognise one's own, too little to write to: `w***@example.org`.
    pub fn masked(&self) -> String {
        let first: String = self.0.user().chars().take(1).collect();
        format!("{first}***@{}", self.0.domain())
    }
}

impl FromStr for Email {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let text = text.trim();
        if text.len() > MAX_BYTES || !text.is_ascii() {
            return Err(NotAnAddress);
        }
        let address: lettre::Address = text.parse().map_err(|_| NotAnAddress)?;
        // A literal host (`[127.0.0.1]`) or a name without a dot would reach into our own network.
        let public = address.domain().contains('.') && !address.domain().starts_with('[');
        if public { Ok(Self(address)) } else { Err(NotAnAddress) }
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_masked() {
        let email: Email = " Wang.Fang@Example.org ".parse().unwrap();
        assert_eq!(email.as_str(), "Wang.Fang@Example.org");
        assert_eq!(email.canonical(), "wang.fang@example.org");
        assert_eq!(format!("{email:?}"), "W***@Example.org");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in [
            "",
            "wang",
            "wang@",
            "@example.org",
            "a b@example.org",
            "a@localhost",
            "a@[127.0.0.1]",
            "a@example.org\r\nBcc: b@example.org",
            "王@example.org",
        ] {
            assert_eq!(bad.parse::<Email>(), Err(NotAnAddress), "{bad}");
        }
        let long = format!("{}@example.org", "a".repeat(250));
        assert!(long.parse::<Email>().is_err());
    }
}
