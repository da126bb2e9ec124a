//! Addresses of lists: a path and the parameters that narrow it.

use std::fmt;

/// A path with parameters, of which none is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    path: String,
    parameters: Vec<(&'static str, String)>,
}

impl Address {
    /// A path without parameters.
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), parameters: Vec::new() }
    }

    /// The address with this parameter, instead of any other value of it; empty takes it away.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parameters.retain(|(known, _)| *known != name);
        let value = value.into();
        if !value.is_empty() {
            self.parameters.push((name, value));
        }
        self
    }

    /// The address without this parameter.
    #[must_use]
    pub fn without(self, name: &'static str) -> Self {
        self.with(name, "")
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        for (place, (name, value)) in self.parameters.iter().enumerate() {
            let mark = if place == 0 { '?' } else { '&' };
            write!(f, "{mark}{name}={}", encoded(value))?;
        }
        Ok(())
    }
}

/// The text as it may stand within an address.
pub fn encoded(text: &str) -> String {
    use fmt::Write as _;
    let mut safe = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_replaced_taken_away_and_encoded() {
        let list = Address::new("/policies").with("category", "政府规章").with("year", "2024");
        assert_eq!(
            list.to_string(),
            "/policies?category=%E6%94%BF%E5%BA%9C%E8%A7%84%E7%AB%A0&year=2024"
        );
        let other = list.without("category").with("year", "2023").with("q", "a&b=c d");
        assert_eq!(other.to_string(), "/policies?year=2023&q=a%26b%3Dc%20d");
        assert_eq!(Address::new("/policies").with("q", "").to_string(), "/policies");
    }
}
