//! From the outbox over JetStream into the index.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use async_nats::{
    HeaderMap,
    jetstream::{
        self, Context,
        consumer::{AckPolicy, pull},
        stream::{Config, StorageType},
    },
};
use contracts::documents::CreatePolicyRequest;
use futures::StreamExt as _;
use prost::Message as _;
use tokio::{sync::Notify, time::timeout};

use super::{Index, Store};

const STREAM: &str = "floor";
const SUBJECT: &str = "floor.published";
const BATCH: usize = 512;
const IDLE: Duration = Duration::from_millis(150);

/// The stream between relay and consumer.
#[derive(Clone)]
pub struct Stream {
    jetstream: Context,
    stream: jetstream::stream::Stream,
}

impl Stream {
    /// Connects and declares the stream.
    pub async fn open(url: &str) -> Result<Self> {
        let jetstream = jetstream::new(async_nats::connect(url).await?);
        let config = Config {
            name: STREAM.to_owned(),
            subjects: vec![SUBJECT.to_owned()],
            storage: StorageType::File,
            ..Config::default()
        };
        let stream = jetstream.create_stream(config).await?;
        Ok(Self { jetstream, stream })
    }

    /// Publishes what waits, awaits the acknowledgements, marks.
    pub async fn relay(self, store: Arc<Store>, appended: Arc<Notify>) -> Result<()> {
        loop {
            let waiting = store.waiting(BATCH as u64).await?;
            if waiting.is_empty() {
                let _ = timeout(IDLE, appended.notified()).await;
                continue;
            }
            let mut acks = Vec::with_capacity(waiting.len());
            for event in &waiting {
                let mut headers = HeaderMap::new();
                headers.insert("Nats-Msg-Id", event.id.as_str());
                let payload = event.payload.clone().into();
                acks.push(self.jetstream.publish_with_headers(SUBJECT, headers, payload).await?);
            }
            for ack in acks {
                ack.await?;
            }
            store.mark(&waiting).await?;
        }
    }

    /// Takes everything that is ready into one commit.
    pub async fn consume(self, index: Arc<Index>) -> Result<()> {
        let config = pull::Config {
            durable_name: Some(STREAM.to_owned()),
            ack_policy: AckPolicy::Explicit,
            ..pull::Config::default()
        };
        let consumer = self.stream.create_consumer(config).await?;
        let messages = consumer.stream().max_messages_per_batch(BATCH).messages().await?;
        let mut chunks = messages.ready_chunks(BATCH);
        while let Some(chunk) = chunks.next().await {
            let mut messages = Vec::with_capacity(chunk.len());
            let mut documents = Vec::with_capacity(chunk.len());
            for message in chunk {
                let message = message?;
                documents.push(CreatePolicyRequest::decode(&*message.payload)?);
                messages.push(message);
            }
            let index = Arc::clone(&index);
            tokio::task::spawn_blocking(move || index.apply(&documents)).await??;
            for message in messages {
                message.ack().await.map_err(|error| anyhow::anyhow!("{error}"))?;
            }
        }
        Ok(())
    }
}
