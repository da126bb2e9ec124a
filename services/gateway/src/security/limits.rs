//! How often one address may ask.

use std::{fmt, net::IpAddr};

use http::{Method, Request};
use tower_governor::{
    governor::GovernorConfigBuilder,
    key_extractor::{KeyExtractor as _, PeerIpKeyExtractor, SmartIpKeyExtractor},
};

use crate::{config, error::Error};

/// Where passwords are tried.
const SIGN_IN: [&str; 2] = ["/console/sign-in", "/api/v1/tokens"];
/// Where mails are set off.
const SUBSCRIBE: [&str; 2] = ["/subscribe", "/api/v1/subscriptions"];

/// One limit, counted for each address apart.
struct Limit {
    take: Box<dyn Fn(IpAddr) -> bool + Send + Sync>,
    sweep: Box<dyn Fn() + Send + Sync>,
}

impl Limit {
    /// `burst` at once, and over time one each `milliseconds`.
    fn new(milliseconds: u64, burst: u32) -> Self {
        let mut builder = GovernorConfigBuilder::default();
        builder.per_millisecond(milliseconds.max(1)).burst_size(burst.max(1));
        // It is none only for a period or burst of zero.
        let limiter = builder.finish().unwrap_or_default().limiter().clone();
        let swept = limiter.clone();
        Self {
            take: Box::new(move |address| limiter.check_key(&address).is_ok()),
            sweep: Box::new(move || swept.retain_recent()),
        }
    }

    fn per_minute(count: u32) -> Self {
        Self::new(60_000 / u64::from(count.max(1)), count)
    }
}

/// The limits of this replica.
pub struct Limits {
    behind_proxy: bool,
    all: Limit,
    sign_in: Limit,
    subscribe: Limit,
}

impl Limits {
    /// `behind_proxy`: whether a trusted proxy names the address.
    pub fn new(config: &config::Limits, behind_proxy: bool) -> Self {
        let config::Limits { requests_per_second, request_burst, .. } = *config;
        Self {
            behind_proxy,
            all: Limit::new(1000 / u64::from(requests_per_second.max(1)), request_burst),
            sign_in: Limit::per_minute(config.sign_ins_per_minute),
            subscribe: Limit::per_minute(config.subscriptions_per_minute),
        }
    }

    /// Counts a request, and refuses it when there were too many.
    pub fn admit<B>(&self, request: &Request<B>) -> Result<(), Error> {
        let path = request.uri().path();
        // Style sheet and script come with each first page, from every office behind one address.
        if path.starts_with("/static/") {
            return Ok(());
        }
        let Some(address) = self.address(request) else { return Ok(()) };
        let is_post_to =
            |paths: [&str; 2]| *request.method() == Method::POST && paths.contains(&path);
        let admitted = (self.all.take)(address)
            && (!is_post_to(SIGN_IN) || (self.sign_in.take)(address))
            && (!is_post_to(SUBSCRIBE) || (self.subscribe.take)(address));
        if admitted { Ok(()) } else { Err(Error::TooManyRequests) }
    }

    /// Forgets addresses that have not asked for a while.
    pub fn sweep(&self) {
        for limit in [&self.all, &self.sign_in, &self.subscribe] {
            (limit.sweep)();
        }
    }

    /// The address that asks; none in a test without a connection.
    fn address<B>(&self, request: &Request<B>) -> Option<IpAddr> {
        if self.behind_proxy {
            return SmartIpKeyExtractor.extract(request).ok();
        }
        PeerIpKeyExtractor.extract(request).ok()
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits").field("behind_proxy", &self.behind_proxy).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::extract::ConnectInfo;

    use super::*;

    fn limits() -> Limits {
        let config = config::Limits {
            requests_per_second: 50,
            request_burst: 20,
            sign_ins_per_minute: 3,
            subscriptions_per_minute: 3,
            body_bytes: 1 << 20,
            upload_bytes: 1 << 20,
        };
        Limits::new(&config, false)
    }

    fn from(address: [u8; 4], request: http::request::Builder) -> Request<()> {
        let mut request = request.body(()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from((address, 1))));
        request
    }

    #[test]
    fn passwords_cannot_be_tried_without_end() {
        let limits = limits();
        let attempt = || from([10, 0, 0, 1], Request::post("/console/sign-in"));
        assert_eq!((0..10).filter(|_| limits.admit(&attempt()).is_ok()).count(), 3);
        // Others, and other pages, are not locked out with it.
        assert!(limits.admit(&from([10, 0, 0, 2], Request::post("/console/sign-in"))).is_ok());
        assert!(limits.admit(&from([10, 0, 0, 1], Request::get("/console/sign-in"))).is_ok());
    }

    #[test]
    fn one_address_cannot_ask_for_everything_at_once() {
        let limits = limits();
        let ask = || from([10, 0, 0, 1], Request::get("/policies"));
        let admitted = (0..200).filter(|_| limits.admit(&ask()).is_ok()).count();
        assert!((20..40).contains(&admitted), "{admitted}");
        assert!(limits.admit(&from([10, 0, 0, 1], Request::get("/static/mark.svg"))).is_ok());
    }

    #[test]
    fn the_rate_is_what_is_written() {
        let limit = Limit::new(20, 1);
        assert!((limit.take)(IpAddr::from([10, 0, 0, 1])));
        std::thread::sleep(std::time::Duration::from_millis(60));
        assert!((limit.take)(IpAddr::from([10, 0, 0, 1])));
    }
}
