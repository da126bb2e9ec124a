//! The replicas of a service: found by address or by name, and used in turn.
//!
//! A replica that cannot be reached rests for a while, and the next one is asked instead. A call
//! whose connection was never made did not happen, so this holds for calls that change something,
//! too.

use std::{
    collections::HashSet,
    error::Error as StdError,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError, RwLock, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::Uri;
use tokio::{
    net::lookup_host,
    sync::Notify,
    time::{Instant, timeout},
};
use tonic::{
    ConnectError,
    transport::{Channel, Endpoint},
};

use crate::{Error, Result};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How often a name is looked up again, to find replicas that came and went.
const RESOLVE: Duration = Duration::from_secs(10);
/// How often a name is looked up while it is not known.
const RESOLVE_UNKNOWN: Duration = Duration::from_secs(1);
/// How long a replica that could not be reached is left out.
const REST: Duration = Duration::from_secs(2);

/// All replicas of one service; cheap to clone.
#[derive(Debug, Clone)]
pub struct Replicas(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    replicas: RwLock<Vec<Arc<Replica>>>,
    next: AtomicUsize,
    found: Notify,
}

/// One replica.
#[derive(Debug)]
pub(super) struct Replica {
    address: SocketAddr,
    channel: Channel,
    rests_until: Mutex<Option<Instant>>,
}

impl Replica {
    fn new(address: SocketAddr) -> Result<Self> {
        let endpoint = Endpoint::from_shared(format!("http://{address}"))
            .map_err(|_| Error::Address(address.to_string()))?;
        let channel = tuned(endpoint).connect_lazy();
        Ok(Self { address, channel, rests_until: Mutex::default() })
    }

    /// The way to it.
    pub fn channel(&self) -> Channel {
        self.channel.clone()
    }

    /// Leaves it out for a while.
    pub fn rest(&self) {
        *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Instant::now() + REST);
    }

    fn rests(&self) -> bool {
        let until = *self.rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }
}

impl Replicas {
    /// The replicas at `http://host:port`, several separated by commas; a name stands for all the
    /// addresses that it has, and is looked up again and again. Needs a runtime around it.
    pub fn of(places: &str) -> Result<Self> {
        let inner = Arc::new(Inner::default());
        let (mut fixed, mut names) = (Vec::new(), Vec::new());
        for place in places.split(',').map(str::trim) {
            match Place::parse(place)? {
                Place::Address(address) => fixed.push(address),
                Place::Name(host, port) => names.push((host, port)),
            }
        }
        inner.keep(&fixed.iter().copied().collect())?;
        if !names.is_empty() {
            tokio::spawn(follow(names, fixed, Arc::downgrade(&inner)));
        }
        Ok(Self(inner))
    }

    /// The next replica that was not tried yet: one that rests only where no other is left.
    ///
    /// Waits a while where none is known, as in the first moments of a name.
    pub(super) async fn next(&self, tried: &[Arc<Replica>]) -> Option<Arc<Replica>> {
        let found = self.0.found.notified();
        if self.0.is_empty() {
            timeout(CONNECT, found).await.ok()?;
        }
        self.0.next(tried)
    }
}

impl Inner {
    fn is_empty(&self) -> bool {
        self.replicas.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn next(&self, tried: &[Arc<Replica>]) -> Option<Arc<Replica>> {
        let replicas = self.replicas.read().unwrap_or_else(PoisonError::into_inner);
        let start = match replicas.len() {
            0 => return None,
            count => self.next.fetch_add(1, Ordering::Relaxed) % count,
        };
        let in_turn = || {
            let from_start = replicas.iter().skip(start).chain(replicas.iter().take(start));
            from_start.filter(|one| tried.iter().all(|t| t.address != one.address))
        };
        in_turn().find(|replica| !replica.rests()).or_else(|| in_turn().next()).cloned()
    }

    /// Makes these addresses the replicas; those that stay keep their connections.
    fn keep(&self, addresses: &HashSet<SocketAddr>) -> Result<()> {
        let mut replicas = self.replicas.write().unwrap_or_else(PoisonError::into_inner);
        replicas.retain(|replica| addresses.contains(&replica.address));
        let mut new: Vec<&SocketAddr> = addresses
            .iter()
            .filter(|address| replicas.iter().all(|replica| replica.address != **address))
            .collect();
        new.sort();
        for address in new {
            replicas.push(Arc::new(Replica::new(*address)?));
        }
        if !replicas.is_empty() {
            self.found.notify_waiters();
        }
        Ok(())
    }
}

/// Where one or more replicas answer.
enum Place {
    Address(SocketAddr),
    Name(String, u16),
}

impl Place {
    fn parse(text: &str) -> Result<Self> {
        let unreadable = || Error::Address(text.to_owned());
        let uri: Uri = text.parse().map_err(|_| unreadable())?;
        let host = uri.host().ok_or_else(unreadable)?;
        let port = uri.port_u16().unwrap_or(80);
        match host.trim_matches(['[', ']']).parse() {
            Ok(address) => Ok(Self::Address(SocketAddr::new(address, port))),
            Err(_) => Ok(Self::Name(host.to_owned(), port)),
        }
    }
}

/// Follows the addresses of names until nobody uses them any more.
async fn follow(names: Vec<(String, u16)>, fixed: Vec<SocketAddr>, replicas: Weak<Inner>) {
    let mut known: Vec<HashSet<SocketAddr>> = vec![HashSet::new(); names.len()];
    loop {
        for ((host, port), known) in names.iter().zip(&mut known) {
            match lookup_host((host.as_str(), *port)).await {
                Ok(found) => *known = found.collect(),
                // Names fail now and then; what is known goes on.
                Err(error) => tracing::warn!(host, %error, "the name of a service is not found"),
            }
        }
        let Some(replicas) = replicas.upgrade() else { return };
        let all = known.iter().flatten().chain(&fixed).copied().collect();
        if let Err(error) = replicas.keep(&all) {
            tracing::warn!(error = crate::error::chain(&error), "a replica cannot be called");
        }
        let unknown = known.iter().any(HashSet::is_empty);
        drop(replicas);
        tokio::time::sleep(if unknown { RESOLVE_UNKNOWN } else { RESOLVE }).await;
    }
}

fn tuned(endpoint: Endpoint) -> Endpoint {
    endpoint
        .connect_timeout(CONNECT)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(5))
        .keep_alive_while_idle(true)
        .http2_adaptive_window(true)
}

/// Whether a call failed because no connection could be made, so that it was never sent.
pub(super) fn was_not_sent(error: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<ConnectError>() {
            return true;
        }
        cause = error.source();
    }
    false
}
