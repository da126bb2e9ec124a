//! The messages: what a subscriber reads, and the headers that programs read.

use std::{sync::Arc, time::SystemTime};

use anyhow::Context;
use askama::Template;
use chrono::{DateTime, Utc};
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use crate::{
    config::Config,
    domain::{
        email::Email,
        interest::Interest,
        news::{Notice, Occasion},
        subscription::SubscriptionId,
    },
    error::Error,
    vault::{Use, Vault},
};

/// What a message is about.
#[derive(Debug, Clone)]
pub enum Content {
    Announcement(Notice),
    Digest { notices: Vec<Notice>, total: usize },
    Confirmation,
}

/// Everything that a message is made of.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub delivery_id: String,
    pub email: Email,
    pub subscription: SubscriptionId,
    pub interest: Interest,
    pub content: Content,
}

/// A message ready to leave.
pub struct Letter {
    pub delivery_id: String,
    pub envelope: Envelope,
    pub bytes: Vec<u8>,
}

/// Builds messages.
pub struct Letters {
    public_url: String,
    site_name: String,
    sender: Mailbox,
    message_domain: String,
    vault: Arc<Vault>,
}

#[derive(Template)]
#[template(path = "announcement.txt")]
struct AnnouncementText<'a>(&'a Page<'a>, &'a Entry<'a>);

#[derive(Template)]
#[template(path = "announcement.html")]
struct AnnouncementHtml<'a>(&'a Page<'a>, &'a Entry<'a>);

#[derive(Template)]
#[template(path = "digest.txt")]
struct DigestText<'a>(&'a Page<'a>, &'a [Entry<'a>], usize);

#[derive(Template)]
#[template(path = "digest.html")]
struct DigestHtml<'a>(&'a Page<'a>, &'a [Entry<'a>], usize);

#[derive(Template)]
#[template(path = "confirmation.txt")]
struct ConfirmationText<'a>(&'a Page<'a>, &'a str);

#[derive(Template)]
#[template(path = "confirmation.html")]
struct ConfirmationHtml<'a>(&'a Page<'a>, &'a str);

/// What stands in every message.
struct Page<'a> {
    site_name: &'a str,
    interest: String,
    leave: String,
}

/// A notice with its link.
struct Entry<'a> {
    notice: &'a Notice,
    link: String,
}

impl Entry<'_> {
    fn is_withdrawn(&self) -> bool {
        self.notice.occasion == Occasion::Withdrawn
    }

    fn opening(&self) -> &'static str {
        match self.notice.occasion {
            Occasion::Published => "您订阅的内容有新的政策文件发布：",
            Occasion::Corrected => "您订阅的政策文件已更正，请以更正后的内容为准：",
            Occasion::Withdrawn => "您订阅的政策文件已撤下，不再公开：",
            Occasion::Amended => "您订阅的政策文件已被修改：",
            Occasion::Repealed => "您订阅的政策文件已被废止，不再执行：",
            Occasion::Lapsed => "您订阅的政策文件有效期已届满，不再执行：",
        }
    }

    fn reason_label(&self) -> &'static str {
        if self.is_withdrawn() { "撤下原因" } else { "更正原因" }
    }
}

impl Letters {
    /// Takes sender and links from the configuration.
    pub fn new(config: &Config, vault: Arc<Vault>) -> anyhow::Result<Self> {
        let address: Address = config.sender.parse().context("notification.sender")?;
        Ok(Self {
            public_url: config.public_url.trim_end_matches('/').to_owned(),
            site_name: config.site_name.clone(),
            sender: Mailbox::new(Some(config.site_name.clone()), address),
            message_domain: config.message_domain.clone(),
            vault,
        })
    }

    /// Builds the message of a delivery; its Message-ID is the same whenever it is built.
    pub fn write(&self, parcel: &Parcel, now: DateTime<Utc>) -> Result<Letter, Error> {
        let leave = self.leave_link(parcel.subscription)?;
        let page = Page {
            site_name: &self.site_name,
            interest: parcel.interest.in_words(),
            leave: leave.clone(),
        };
        let (subject, plain, html) = self.words(parcel, &page)?;
        let message = Message::builder()
            .from(self.sender.clone())
            .to(Mailbox::new(None, parcel.email.address().clone()))
            .subject(subject)
            .date(SystemTime::from(now))
            .message_id(Some(message_id(&parcel.delivery_id, &self.message_domain)))
            .raw_header(raw("List-Unsubscribe", format!("<{leave}>"))?)
            .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())?)
            .raw_header(raw("Auto-Submitted", "auto-generated".to_owned())?)
            .multipart(MultiPart::alternative_plain_html(plain, html))
            .map_err(|error| Error::Letter(error.into()))?;
        Ok(Letter {
            delivery_id: parcel.delivery_id.clone(),
            envelope: message.envelope().clone(),
            bytes: message.formatted(),
        })
    }

    /// Subject, plain text and HTML.
    fn words(&self, parcel: &Parcel, page: &Page<'_>) -> Result<(String, String, String), Error> {
        Ok(match &parcel.content {
            Content::Announcement(notice) => {
                let entry = self.entry(notice);
                let plain = render(&AnnouncementText(page, &entry))?;
                (notice.subject(), plain, render(&AnnouncementHtml(page, &entry))?)
            }
            Content::Digest { notices, total } => {
                let entries: Vec<Entry<'_>> = notices.iter().map(|n| self.entry(n)).collect();
                let subject = format!("【每日摘要】{total} 件政策文件有变化");
                let plain = render(&DigestText(page, &entries, *total))?;
                (subject, plain, render(&DigestHtml(page, &entries, *total))?)
            }
            Content::Confirmation => {
                let token = self.vault.token(Use::Confirm, parcel.subscription)?;
                let link = format!("{}/subscribe/confirm?token={token}", self.public_url);
                let plain = render(&ConfirmationText(page, &link))?;
                let subject = format!("请确认您在{}的订阅", self.site_name);
                (subject, plain, render(&ConfirmationHtml(page, &link))?)
            }
        })
    }

    fn entry<'a>(&self, notice: &'a Notice) -> Entry<'a> {
        Entry { notice, link: format!("{}/policies/{}", self.public_url, notice.policy_id) }
    }

    fn leave_link(&self, subscription: SubscriptionId) -> Result<String, Error> {
        let token = self.vault.token(Use::Leave, subscription)?;
        Ok(format!("{}/unsubscribe?token={token}", self.public_url))
    }
}

/// The Message-ID of a delivery.
pub fn message_id(delivery_id: &str, domain: &str) -> String {
    format!("<{delivery_id}@{domain}>")
}

fn render(template: &impl Template) -> Result<String, Error> {
    template.render().map_err(|error| Error::Letter(error.into()))
}

/// A header of plain ASCII that must stand in one line, as RFC 8058 asks.
fn raw(name: &str, value: String) -> Result<HeaderValue, Error> {
    let name =
        HeaderName::new_from_ascii(name.to_owned()).map_err(|error| Error::Letter(error.into()))?;
    Ok(HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value))
}
