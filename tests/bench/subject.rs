//! What is measured in turn, seen alike.

use anyhow::{Context as _, Result};
use futures::{StreamExt as _, TryStreamExt as _};

use crate::{
    corpus::Document,
    floor::Floor,
    product::{Desk, Product},
};

/// Drafts that are prepared at once.
const PREPARED_AT_ONCE: usize = 16;

/// A document that is ready to be published.
pub struct Item {
    /// Finds it and nothing else.
    pub word: String,
    title: String,
    text: String,
    draft: Option<(String, String)>,
}

/// The product or the floor.
#[derive(Clone, Copy)]
pub enum Subject<'a> {
    /// The platform, by two people.
    Product(&'a Product, &'a Desk),
    /// The bare path.
    Floor(&'a Floor),
}

impl Subject<'_> {
    /// Its processes.
    pub fn pids(&self) -> Vec<u32> {
        match self {
            Self::Product(product, _) => product.pids(),
            Self::Floor(floor) => floor.pids(),
        }
    }

    /// Items that one word finds together.
    pub async fn prepare(&self, batch: &str, documents: &[Document]) -> Result<Vec<Item>> {
        let ready = documents.iter().enumerate().map(async |(serial, document)| {
            let word = format!("{batch}n{serial:04}");
            let title = format!("{} {batch} {word}", document.title);
            let text = document.text().to_owned();
            let draft = match self {
                Self::Product(_, desk) => Some(desk.approved(&title, &text).await?),
                Self::Floor(_) => None,
            };
            Ok(Item { word, title, text, draft })
        });
        futures::stream::iter(ready).buffer_unordered(PREPARED_AT_ONCE).try_collect().await
    }

    /// Publishes an item.
    pub async fn publish(&self, item: &Item) -> Result<()> {
        match self {
            Self::Product(_, desk) => {
                let (id, etag) = item.draft.as_ref().context("a draft")?;
                desk.publish(id, etag).await
            }
            Self::Floor(floor) => floor.publish(&item.word, &item.title, &item.text).await,
        }
    }

    /// How many documents a word finds.
    pub async fn count(&self, word: &str) -> Result<u64> {
        match self {
            Self::Product(product, _) => product.count(word).await,
            Self::Floor(floor) => floor.count(word).await,
        }
    }
}
