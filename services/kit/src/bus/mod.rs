//! The bus: one JetStream stream a service, declared in code and reconciled.
//!
//! A stream is a cache of its owner's log, and mirrors it exactly: the message at stream sequence
//! `n` is the event at log position `n`. The relay holds this by publishing each event with the
//! sequence it expects; so the stream itself says how far it has come, and no cursor can disagree
//! with it. Readers keep their own marks in the same numbers.

mod envelope;
pub mod rights;

use std::time::Duration;

use async_nats::jetstream::{
    self, Message,
    consumer::{AckPolicy, Consumer, DeliverPolicy, pull},
    context::GetStreamErrorKind,
    stream::{Compression, Config, Info, RetentionPolicy, StorageType},
};
use futures::{FutureExt as _, Stream, StreamExt as _, stream::BoxStream};

use crate::{Error, Result, outbox::LogState};

pub use envelope::Heard;
pub(crate) use envelope::headers;

/// Most messages that are heard at once.
const AT_ONCE: usize = 512;
/// How long those wait for more to do together for whom nobody waits.
pub(crate) const GATHER: Duration = Duration::from_millis(40);
/// The oldest server that does not silently ignore what the platform asks of it.
const OLDEST_SERVER: (u32, u32) = (2, 12);

/// A connection to NATS, and how streams are kept there.
#[derive(Debug, Clone)]
pub struct Bus {
    client: async_nats::Client,
    jetstream: jetstream::Context,
    replicas: usize,
}

/// How to reach NATS.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusConfig {
    /// `nats://host:4222`, several separated by commas; empty: start a server of our own.
    pub url: String,
    /// Token that the server asks for; empty: none.
    pub token: String,
    /// User as whom this process logs in; empty: as none.
    pub user: String,
    /// The user's password.
    pub password: String,
    /// Copies of each stream: 1 on one server, 3 in a cluster.
    pub replicas: usize,
    /// The server's program, for a server of our own.
    pub server: String,
}

/// How a process proves to the server that it may come in.
#[derive(Clone, Copy)]
pub enum Login<'a> {
    /// Not at all.
    Nobody,
    /// By a word that all know who may.
    Token(&'a str),
    /// As a user with rights of its own, see [`rights`].
    User {
        /// Its name.
        name: &'a str,
        /// Its password.
        password: &'a str,
    },
}

impl BusConfig {
    /// How to log in at a server that is not our own.
    pub fn login(&self) -> Login<'_> {
        match (self.user.as_str(), self.token.as_str()) {
            ("", "") => Login::Nobody,
            ("", token) => Login::Token(token),
            (name, _) => Login::User { name, password: &self.password },
        }
    }
}

impl Bus {
    /// Connects; goes on trying while no server answers.
    pub async fn connect(url: &str, login: Login<'_>, replicas: usize, name: &str) -> Result<Self> {
        let mut options = async_nats::ConnectOptions::new()
            .name(name)
            .retry_on_initial_connect()
            .ping_interval(Duration::from_secs(5))
            .connection_timeout(Duration::from_secs(3))
            .reconnect_delay_callback(|attempt| {
                Duration::from_millis(u64::try_from(attempt).unwrap_or(40).min(40) * 50)
            });
        options = match login {
            Login::Nobody => options,
            Login::Token(token) => options.token(token.to_owned()),
            // Answers to one user must not be heard by another.
            Login::User { name, password } => options
                .user_and_password(name.to_owned(), password.to_owned())
                .custom_inbox_prefix(inbox(name)),
        };
        let client = options.connect(url).await.map_err(Error::bus)?;
        let mut jetstream = jetstream::new(client.clone());
        jetstream.set_timeout(Duration::from_secs(5));
        Ok(Self { client, jetstream, replicas: replicas.max(1) })
    }

    /// Waits for the server's answer and refuses one that is too old.
    pub async fn verify(&self) -> Result<()> {
        self.client.flush().await.map_err(Error::bus)?;
        self.refuse_too_old()
    }

    /// Refuses a server that would silently ignore part of what it is asked; one that is away may
    /// come back as any.
    fn refuse_too_old(&self) -> Result<()> {
        if !self.is_connected() {
            return Ok(());
        }
        let version = self.client.server_info().version;
        let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        if found < OLDEST_SERVER {
            return Err(Error::ServerTooOld { found: version });
        }
        Ok(())
    }

    /// Whether the connection stands at this moment.
    pub fn is_connected(&self) -> bool {
        self.client.connection_state() == async_nats::connection::State::Connected
    }

    pub(crate) fn jetstream(&self) -> &jetstream::Context {
        &self.jetstream
    }

    /// How often the connection was made: a change says that the bus was away.
    pub(crate) fn connections(&self) -> u64 {
        self.client.statistics().connects.load(std::sync::atomic::Ordering::Relaxed)
    }

    fn declared(&self, service: &str, log: LogState) -> Config {
        Config {
            name: stream_name(service),
            description: Some(format!("events of {service}; refilled from its event table")),
            subjects: vec![
                format!("yangguang.{service}.>"),
                format!("yangguang.platform.*.*.{service}"),
            ],
            retention: RetentionPolicy::Limits,
            storage: StorageType::File,
            num_replicas: self.replicas,
            compression: Some(Compression::S2),
            duplicate_window: Duration::from_secs(120),
            max_message_size: 512 * 1024,
            allow_direct: true,
            metadata: [
                (EPOCH.to_owned(), log.epoch.to_string()),
                (EPOCH_START.to_owned(), log.epoch_start.to_string()),
            ]
            .into(),
            ..Config::default()
        }
    }

    /// Creates the stream of a service, or brings it to what is declared here.
    pub(crate) async fn reconcile(&self, service: &str, log: LogState) -> Result<()> {
        let declared = self.declared(service, log);
        let Some(info) = self.stream(service).await? else {
            self.jetstream.create_stream(declared).await.map_err(Error::bus)?;
            return Ok(());
        };
        let found = &info.config;
        if found.subjects != declared.subjects
            || found.num_replicas != declared.num_replicas
            || found.max_message_size != declared.max_message_size
        {
            self.jetstream.update_stream(&declared).await.map_err(Error::bus)?;
        }
        Ok(())
    }

    /// The stream of a service as it stands; `None` where it does not exist (yet).
    pub(crate) async fn stream(&self, service: &str) -> Result<Option<Info>> {
        self.refuse_too_old()?;
        match self.jetstream.get_stream(stream_name(service)).await {
            Ok(stream) => Ok(Some(stream.get_info().await.map_err(Error::bus)?)),
            Err(e) if is_missing(&e.kind()) => Ok(None),
            Err(e) => Err(Error::bus(e)),
        }
    }

    /// Deletes the stream of a service, to be refilled.
    pub(crate) async fn delete_stream(&self, service: &str) -> Result<()> {
        match self.jetstream.delete_stream(stream_name(service)).await {
            Ok(_) => Ok(()),
            Err(e) if e.to_string().contains("not found") => Ok(()),
            Err(e) => Err(Error::bus(e)),
        }
    }

    /// Id of the event at a position, as the stream has it.
    pub(crate) async fn event_id_at(&self, service: &str, position: u64) -> Result<Option<String>> {
        let stream =
            self.jetstream.get_stream_no_info(stream_name(service)).await.map_err(Error::bus)?;
        match stream.get_raw_message(position).await {
            Ok(message) => Ok(message.headers.get("ce-id").map(ToString::to_string)),
            Err(_) => Ok(None),
        }
    }

    /// How many messages a consumer has yet to deliver or to have acknowledged; `None` where there
    /// is no such consumer.
    pub(crate) async fn pending(&self, producer: &str, consumer: &str) -> Result<Option<u64>> {
        let stream =
            self.jetstream.get_stream_no_info(stream_name(producer)).await.map_err(Error::bus)?;
        match stream.consumer_info(consumer).await {
            Ok(info) => {
                let unanswered = u64::try_from(info.num_ack_pending).unwrap_or(u64::MAX);
                Ok(Some(info.num_pending.saturating_add(unanswered)))
            }
            Err(e) if e.to_string().contains("not found") => Ok(None),
            Err(e) => Err(Error::bus(e)),
        }
    }

    /// A fresh durable consumer that starts behind `position` of the stream of `epoch`; `None`
    /// where the relay is just refilling the stream, whose positions mean something else then.
    ///
    /// The reader's own mark is the truth; a consumer that remembers something else, from before
    /// a restore of the bus or of the reader, would be wrong. So it is made anew at every start.
    async fn consumer(
        &self,
        declared: &Declared,
        position: u64,
        epoch: Epoch,
    ) -> Result<Option<Consumer<pull::Config>>> {
        let stream = self
            .jetstream
            .get_stream_no_info(stream_name(declared.producer))
            .await
            .map_err(Error::bus)?;
        if let Err(e) = stream.delete_consumer(&declared.name).await
            && !e.to_string().contains("not found")
        {
            return Err(Error::bus(e));
        }
        let consumer = stream
            .create_consumer(pull::Config {
                durable_name: Some(declared.name.clone()),
                filter_subjects: declared.subjects.clone(),
                deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: position + 1 },
                ack_policy: AckPolicy::Explicit,
                ack_wait: Duration::from_secs(300),
                max_ack_pending: 8_192,
                inactive_threshold: declared.inactive,
                ..pull::Config::default()
            })
            .await
            .map_err(Error::bus)?;
        let now = self.stream(declared.producer).await?.as_ref().and_then(epoch_of);
        Ok((now == Some(epoch)).then_some(consumer))
    }

    /// What is said behind `position`, as much at a time as has come; `None` as for the consumer.
    pub(crate) async fn hear(
        &self,
        declared: &Declared,
        position: u64,
        epoch: Epoch,
    ) -> Result<Option<BoxStream<'static, Result<Vec<Message>>>>> {
        let Some(consumer) = self.consumer(declared, position, epoch).await? else {
            return Ok(None);
        };
        let messages = consumer
            .stream()
            .max_messages_per_batch(AT_ONCE)
            .expires(Duration::from_secs(20))
            .heartbeat(Duration::from_secs(5))
            .messages()
            .await
            .map_err(Error::bus)?;
        let all = |some: Vec<_>| some.into_iter().collect::<Result<_, _>>().map_err(Error::bus);
        Ok(Some(together(messages, declared.gather).map(all).boxed()))
    }
}

/// What has come by the time that it is taken, or, if it is to be gathered, within [`GATHER`] of the
/// first; at most [`AT_ONCE`] messages together.
fn together<T: Send + 'static>(
    messages: impl Stream<Item = T> + Send + 'static,
    gather: bool,
) -> impl Stream<Item = Vec<T>> + Send {
    let messages = Box::pin(messages.fuse());
    futures::stream::unfold(messages, move |mut messages| async move {
        let mut some = vec![messages.next().await?];
        if gather {
            tokio::time::sleep(GATHER).await;
        }
        while some.len() < AT_ONCE
            && let Some(Some(next)) = messages.next().now_or_never()
        {
            some.push(next);
        }
        Some((some, messages))
    })
}

/// Says that messages need not come again.
pub(crate) async fn acknowledge(messages: Vec<Message>) -> Result<()> {
    for message in messages {
        message.ack().await.map_err(|e| Error::bus(std::io::Error::other(e.to_string())))?;
    }
    Ok(())
}

/// A consumer as the code declares it.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub producer: &'static str,
    pub name: String,
    pub subjects: Vec<String>,
    /// Whether it waits for more behind a first message: each time costs a commit.
    pub gather: bool,
    /// After how long without a reader the server removes it; zero: never.
    pub inactive: Duration,
}

/// Metadata keys under which a stream keeps the epoch of the log that fills it.
const EPOCH: &str = "yangguang-epoch";
const EPOCH_START: &str = "yangguang-epoch-start";

/// An epoch of a log: a new one begins when the log was restored, or its stream is refilled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Epoch {
    pub number: u64,
    /// What readers hold from here on, of older epochs, is void.
    pub start: u64,
}

/// Epoch of the log that filled a stream.
pub(crate) fn epoch_of(info: &Info) -> Option<Epoch> {
    let number = |key: &str| info.config.metadata.get(key)?.parse().ok();
    Some(Epoch { number: number(EPOCH)?, start: number(EPOCH_START)? })
}

/// What begins the subjects of answers to a user.
fn inbox(user: &str) -> String {
    format!("_INBOX_{user}")
}

/// Name of a service's stream.
pub fn stream_name(service: &str) -> String {
    format!("yangguang-{service}")
}

/// Subject of an event: its type; for types that every service publishes, the service behind it.
pub fn subject(service: &str, event_type: &str) -> String {
    let own = format!("yangguang.{service}.");
    if event_type.starts_with(&own) {
        event_type.to_owned()
    } else {
        format!("{event_type}.{service}")
    }
}

fn is_missing(kind: &GetStreamErrorKind) -> bool {
    matches!(kind, GetStreamErrorKind::JetStream(e)
        if e.error_code() == jetstream::ErrorCode::STREAM_NOT_FOUND)
}

#[cfg(test)]
mod tests {
    use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
    use tokio::time::Instant;

    use super::*;

    type Channel = (UnboundedSender<u8>, UnboundedReceiver<u8>);

    #[tokio::test(start_paused = true)]
    async fn what_somebody_waits_for_is_heard_at_once() {
        let (sender, messages): Channel = unbounded();
        let mut heard = Box::pin(together(messages, false));
        let started = Instant::now();
        sender.unbounded_send(1).unwrap();
        assert_eq!(heard.next().await.unwrap(), [1]);
        sender.unbounded_send(2).unwrap();
        sender.unbounded_send(3).unwrap();
        drop(sender);
        assert_eq!(heard.next().await.unwrap(), [2, 3]);
        assert_eq!(heard.next().await, None);
        assert_eq!(started.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_waits_for_is_gathered() {
        let (sender, messages): Channel = unbounded();
        let mut heard = Box::pin(together(messages, true));
        sender.unbounded_send(1).unwrap();
        let first = tokio::spawn(async move { heard.next().await });
        tokio::time::sleep(GATHER / 2).await;
        sender.unbounded_send(2).unwrap();
        assert_eq!(first.await.unwrap().unwrap(), [1, 2]);
    }
}
