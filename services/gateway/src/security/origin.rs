//! Forms that another site sends in a visitor's name.

use http::{HeaderMap, Method, Request, header};

use crate::error::Error;

/// Refuses a form whose browser says that it comes from elsewhere.
///
/// The REST interface takes no cookies for what changes anything, so it needs none of this. Mail
/// providers end subscriptions for their users and send no origin.
pub(super) fn check<B>(request: &Request<B>, public_url: &str) -> Result<(), Error> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || request.uri().path().starts_with("/api/") {
        return Ok(());
    }
    let headers = request.headers();
    let ours = match text(headers, header::ORIGIN) {
        Some("null") => false,
        Some(origin) => origin == public_url || is_host(origin, text(headers, header::HOST)),
        None => text(headers, "sec-fetch-site").is_none_or(|site| site != "cross-site"),
    };
    if ours { Ok(()) } else { Err(Error::ForeignOrigin) }
}

fn text(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether `https://host:port` is the host that was asked.
fn is_host(origin: &str, host: Option<&str>) -> bool {
    let place = origin.split_once("://").map(|(_, place)| place);
    place.is_some() && place == host
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(path: &str, headers: &[(&str, &str)]) -> Result<(), Error> {
        let mut request = Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        check(&request.body(()).unwrap(), "https://zhengce.example")
    }

    #[test]
    fn our_own_forms_are_taken() {
        let host = ("host", "10.0.0.7:8080");
        assert!(post("/subscribe", &[host, ("origin", "http://10.0.0.7:8080")]).is_ok());
        assert!(post("/subscribe", &[host, ("origin", "https://zhengce.example")]).is_ok());
        assert!(post("/unsubscribe/t", &[host]).is_ok());
    }

    #[test]
    fn forms_of_other_sites_are_refused() {
        let host = ("host", "zhengce.example");
        assert!(post("/subscribe", &[host, ("origin", "https://evil.example")]).is_err());
        assert!(post("/subscribe", &[host, ("origin", "null")]).is_err());
        assert!(post("/subscribe", &[host, ("sec-fetch-site", "cross-site")]).is_err());
        assert!(post("/api/v1/policies", &[host, ("origin", "https://evil.example")]).is_ok());
    }
}
