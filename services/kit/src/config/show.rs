//! Values as they may be shown to anyone.

use serde_json::Value;

/// A value as TOML, without what it keeps secret.
pub(super) fn masked(name: &str, value: &Value) -> String {
    const SECRETS: [&str; 5] = ["password", "secret", "token", "private_key", "access_key"];
    match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(_) if SECRETS.iter().any(|end| name.ends_with(end)) => {
            "\"******\"".to_owned()
        }
        Value::String(text) => Value::String(without_password(text)).to_string(),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| masked(name, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(table) => {
            let pair = |(key, value): (&String, &Value)| format!("{key} = {}", masked(key, value));
            format!("{{ {} }}", table.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        // Texts, numbers and truths read the same in JSON and in TOML.
        other => other.to_string(),
    }
}

/// An address without the password that it may hold.
fn without_password(text: &str) -> String {
    let parts = text.split_once("://").and_then(|(scheme, rest)| {
        let (login, host) = rest.rsplit_once('@')?;
        let (user, _) = login.split_once(':')?;
        Some(format!("{scheme}://{user}:******@{host}"))
    });
    parts.unwrap_or_else(|| text.to_owned())
}
