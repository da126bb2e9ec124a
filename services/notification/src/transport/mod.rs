//! How messages leave: into a folder, or to a mail server.

mod folder;
mod smtp;

use std::path::Path;

pub use folder::Folder;
pub use smtp::Smtp;

use crate::{
    config::{Config, TransportKind},
    domain::delivery::Outcome,
    error::Error,
    letters::Letter,
};

/// Where messages go.
pub enum Transport {
    Folder(Folder),
    Smtp(Smtp),
}

impl Transport {
    /// The transport that the configuration names.
    pub fn from_config(config: &Config, data: &Path) -> anyhow::Result<Self> {
        Ok(match config.transport {
            TransportKind::Folder => Self::Folder(Folder::open(data.join("outbox"))?),
            TransportKind::Smtp => Self::Smtp(Smtp::new(&config.smtp, &config.message_domain)?),
        })
    }

    /// Sends a message and tells what is known of it.
    pub async fn send(&self, letter: &Letter) -> Outcome {
        match self {
            Self::Folder(folder) => folder.send(letter).await,
            Self::Smtp(smtp) => smtp.send(letter).await,
        }
    }

    /// Whether sending a message twice is the same as sending it once.
    pub fn is_exactly_once(&self) -> bool {
        matches!(self, Self::Folder(_))
    }

    /// The message of a delivery, where the transport keeps it.
    pub async fn kept(&self, delivery_id: &str) -> Result<Option<String>, Error> {
        match self {
            Self::Folder(folder) => Ok(folder.read(delivery_id).await?),
            Self::Smtp(_) => Ok(None),
        }
    }
}
